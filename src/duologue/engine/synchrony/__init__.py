"""Moving in step: how far two series of movement, voice or physiology go together."""
