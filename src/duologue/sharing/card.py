"""When the card that says there is something reaches the other person."""

from collections.abc import Iterable
from datetime import date, timedelta


def reaches_on(sent_on: date, session_days: Iterable[date]) -> date | None:
    """Return the day on which the card reaches the other: one day, known to both.

    It is the day of the first session after the day on which the card was sent,
    whenever on that day it was sent and from wherever; so the hour at which it
    appears says nothing. ``None`` while no such session is planned.

    Parameters
    ----------
    sent_on : datetime.date
        When it was sent.
    session_days : iterable of datetime.date
        Days of the sessions of the pair that were held or are planned.

    Examples
    --------
    >>> reaches_on(date(2026, 3, 2), [date(2026, 3, 2), date(2026, 3, 9)])
    datetime.date(2026, 3, 9)
    """
    return min((day for day in session_days if day > sent_on), default=None)


def sent_in(today: date, session_days: Iterable[date]) -> tuple[date, date] | None:
    """Return the first and last day on which a card was sent that reaches the other today.

    The same rule as :func:`reaches_on`, the other way round: so that whoever asks for
    today's card need not look at any other. ``None`` where no card can come today.

    Examples
    --------
    >>> sent_in(date(2026, 3, 9), [date(2026, 3, 2), date(2026, 3, 9)])
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 8))
    """
    days = sorted(session_days)
    if today not in days:
        return None
    before = [day for day in days if day < today]
    return (before[-1] if before else date.min), today - timedelta(days=1)
