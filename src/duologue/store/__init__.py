"""What is kept, and the only ways in and out of it: actions write, queries read."""
