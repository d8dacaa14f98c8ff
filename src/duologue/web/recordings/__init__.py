"""What recordings showed of the two."""
