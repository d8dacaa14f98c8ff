"""How the client would like to work."""
