"""One therapist over many pairs: what may be said of each in a line."""

from duologue.practice.people import place_of, said_of

__all__ = ["place_of", "said_of"]
