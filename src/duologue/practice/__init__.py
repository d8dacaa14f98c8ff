"""One therapist over many pairs: what may be said of each in a line, and agreements."""

from duologue.practice.agreement import default_terms
from duologue.practice.people import place_of, said_of, stands_unaltered

__all__ = ["default_terms", "place_of", "said_of", "stands_unaltered"]
