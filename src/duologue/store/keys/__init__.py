"""Keys: what seals, where keys are held while a practice is open, and how it is opened."""
