"""The frame: when the two meet, and what became of it."""
