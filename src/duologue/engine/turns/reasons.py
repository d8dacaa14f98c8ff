"""Codes for why nothing is said of timing; their words belong to whoever shows them."""

from enum import StrEnum


class Reason(StrEnum):
    """Why pauses, latencies and overlaps are blank."""

    NO_SPEECH = "no_speech"
    """Neither of the two speaks."""

    NO_ENDS = "no_ends"
    """A segment of the two lacks its start or its end."""

    COARSE = "coarse"
    """The times come in steps of more than 0.1 s, or it is not known in which."""

    INVENTED = "invented"
    """More than half of the changes of speaker have the offset 0, or one and the same:
    the ends are likely those of captions, not of speech."""
