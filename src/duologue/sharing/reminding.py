"""When a note by mail follows a session: by the frame, which both see, and nothing else."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

HOURS = (17, 18, 19, 20, 21)
"""Hours of the evening at which somebody may want it instead."""

AFTER = timedelta(hours=1)
"""How long after the planned end it is due."""

USUAL_MIN = 60
"""Minutes that a session is taken to last where no length was agreed or planned."""

AT_MOST_LATE = timedelta(hours=3)
"""So long it is tried again: a machine that was off does not send yesterday's."""


class Window(NamedTuple):
    """From when a note may be sent, until when; and when the day of its session ends.

    Where it would be due on another day, the window is empty.
    """

    opens: datetime
    closes: datetime
    day_ends: datetime


def window_of(start: datetime, *, minutes: int | None, hour: int | None) -> Window:
    """Return when the note after a session may be sent.

    It is due an hour after the planned end, or at the hour of that day that its reader
    chose, if that is later. It is sent on the day of the session or not at all: so there
    is at most one a day, and none for the same session on the day after.

    Parameters
    ----------
    start : datetime
        The planned start, in the zone of the practice: days and hours are that zone's.
    minutes : int or None
        For how long it was planned; ``None`` where nobody said.
    hour : int or None
        One of `HOURS`.

    Examples
    --------
    >>> start = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    >>> window_of(start, minutes=50, hour=None).opens.time()
    datetime.time(15, 50)
    >>> window_of(start, minutes=50, hour=20).opens.time()
    datetime.time(20, 0)
    """
    # Within one zone Python compares what clocks show; elsewhere, moments.
    at = start.astimezone(UTC) + timedelta(minutes=minutes or USUAL_MIN) + AFTER
    if hour is not None:
        at = max(at, _on_day(start, 0, time(hour)))
    midnight = _on_day(start, 1, time.min)
    return Window(at, min(at + AT_MOST_LATE, midnight), midnight)


def _on_day(start: datetime, days: int, at: time) -> datetime:
    """Return a time of the day on which something starts, or of a later one."""
    day = start.date() + timedelta(days=days)
    return datetime.combine(day, at, tzinfo=start.tzinfo).astimezone(UTC)
