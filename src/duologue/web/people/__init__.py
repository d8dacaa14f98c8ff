"""My people: one line a pair."""
