"""What the client came for: who is asked, for which forms, and how often (E1).

The client is asked and nobody else; both people see what comes of it, as the client is
told before each form. In supervision nobody is the other's client.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from duologue.records import Kind, Seat

USUAL_RHYTHM = {"phq4": 14, "phq9": 28, "gad7": 28}
"""Days after which the client is asked for a form again, where they said nothing else.

Never more often than the time that its questions speak of, which is two weeks.
"""

RHYTHMS = (14, 28, 84)
"""Days from which a client may choose; or not to be asked at all."""

CONTAINED = {"phq4": frozenset({"phq9", "gad7"})}
"""Forms whose every question stands in other ones."""


def came_for_something(kind: Kind) -> bool:
    """Whether a pair of this kind has goals and forms."""
    return kind is Kind.THERAPY


def rates(kind: Kind, seat: Seat) -> bool:
    """Whether whoever sits here rates goals and fills in forms."""
    return came_for_something(kind) and seat is Seat.CLIENT


def due(
    rhythm: Mapping[str, int | None], last: Mapping[str, date], *, today: date
) -> tuple[str, ...]:
    """Return the forms that the client is asked for today, in the order of the rhythm.

    Parameters
    ----------
    rhythm : mapping of str to int or None
        Days between two forms of an instrument; ``None`` where the client is not asked.
    last : mapping of str to datetime.date
        When each was filled in last; it need not be there.
    today : datetime.date
        The day.

    Returns
    -------
    tuple of str
        Without a form whose questions are all asked in others today, or were answered
        in others within its own rhythm.
    """

    def is_due(instrument: str, days: int | None) -> bool:
        return days is not None and not _within(days, last.get(instrument), today)

    asked = [name for name, days in rhythm.items() if is_due(name, days)]

    def is_covered(instrument: str) -> bool:
        days = rhythm[instrument] or 0
        others = CONTAINED.get(instrument, frozenset())
        return bool(others) and all(
            each in asked or _within(days, last.get(each), today) for each in others
        )

    return tuple(name for name in asked if not is_covered(name))


def _within(days: int, day: date | None, today: date) -> bool:
    return day is not None and today < day + timedelta(days=days)
