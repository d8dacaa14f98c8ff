"""Opening a practice, keeping copies of it, checking it, and changing its keys."""
