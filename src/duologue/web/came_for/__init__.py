"""What the client came for: goals, and published forms."""
