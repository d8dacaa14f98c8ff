"""Looking back after a session, in private."""
