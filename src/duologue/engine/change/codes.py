"""Codes of what was found and why something was not; others have the words for them."""

from enum import IntEnum


class Better(IntEnum):
    """Which way is better on an instrument; the number is the papers' d."""

    LOWER = -1
    HIGHER = 1


class Category(IntEnum):
    """What became of somebody between two scores."""

    UNDEFINED = 0
    """It cannot be said; a `Reason` stands beside it."""

    RECOVERED = 1
    """Improved, from the clinical to the functional side of the cut-off."""

    IMPROVED = 2
    """Changed for the better by more than chance."""

    UNCHANGED = 3
    """Not changed by more than chance; it does not say that nothing changed."""

    DETERIORATED = 4
    """Changed for the worse by more than chance."""

    HARMED = 5
    """Deteriorated, from the functional to the clinical side of the cut-off."""


class Reason(IntEnum):
    """Why something is undefined."""

    NONE = 0
    """It is defined."""

    BLANK = 1
    """A score that it needs is blank."""

    FEW_SCORES = 2
    """The course has too few scores."""

    TWO_INSTRUMENTS = 3
    """The instrument changed within the course: its scores are not comparable."""

    NO_SPREAD = 4
    """What it is measured in has no spread: all are equal, or move alike."""

    NEEDS_SAMPLE = 5
    """It needs numbers of a sample, and they are not known."""

    NOT_RELIABLE = 6
    """By the numbers given, the true scores would have no variance."""

    NO_RATIO = 7
    """The start is not above the floor of the scale, so that it has no parts."""

    FEW_PEOPLE = 8
    """Too few courses to learn from."""

    NOT_FOUND = 9
    """The search for the most likely model came to no end."""
