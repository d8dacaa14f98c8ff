"""A note by mail after a session, for whoever asks for it."""
