"""The two of you: what has opened, and what may be closed."""
