"""What was said in a session, for the two of them."""
