"""My people: one line a pair, so that somebody can remember *us* in two minutes."""

from datetime import datetime

from duologue.relationship import Finding, Reading, Strand, Whose

ORDER = (
    (Strand.NEED, Whose.OURS),
    (Strand.NEED, Whose.MINE),
    (Strand.APART, Whose.OURS),
)
"""What is worth a line, the first that there is: what both said they need next time,
what the reader said for themselves, the last time apart and back. Never a card."""


def place_of(upcoming: datetime | None, *, tomorrow: datetime) -> tuple[bool, float]:
    """Return where a pair stands in the list: today's sessions first, in their order.

    It rests on the frame, which both people see, and on nothing that either of them
    does; pairs of the same place keep their order.

    Parameters
    ----------
    upcoming : datetime or None
        When the two meet next.
    tomorrow : datetime
        Where today ends.
    """
    if upcoming is None or upcoming >= tomorrow:
        return (True, 0.0)
    return (False, upcoming.timestamp())


def said_of(reading: Reading) -> Finding | None:
    """Return the finding whose sentence stands beside a pair in a list, if there is any.

    Parameters
    ----------
    reading : Reading
        Of one pair, as the one who keeps the list may see it.
    """
    each = (newest(reading, strand, whose) for strand, whose in ORDER)
    return next((found for found in each if found is not None), None)


def newest(reading: Reading, strand: Strand, whose: Whose) -> Finding | None:
    """Return the last finding of a strand, ``None`` where there is none."""
    found = [f for f in reading.findings if f.strand is strand and f.whose is whose]
    return found[-1] if found else None
