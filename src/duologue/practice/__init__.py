"""One therapist over many pairs: what may be said of each in a line, and agreements."""

from duologue.practice.agreement import default_terms
from duologue.practice.before import Before, before
from duologue.practice.people import place_of, said_of

__all__ = [
    "Before",
    "before",
    "default_terms",
    "place_of",
    "said_of",
]
