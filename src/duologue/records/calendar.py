"""What a calendar says of sessions: times, and never a title."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from duologue.errors import RecordError

LONGEST = timedelta(hours=8)
"""What lasts longer is no session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One event of a calendar: when it is, and whether it was cancelled.

    Attributes
    ----------
    recurrence : str
        Which one of a series that repeats, by the time for which it was first planned;
        blank for an event that stands alone. It stays when the event is moved.
    start, end : datetime
        With their zones.
    cancelled : bool
        Whether the calendar says so.
    sequence : int
        Rises with each change; what has the higher one holds.
    """

    recurrence: str = ""
    start: datetime
    end: datetime
    cancelled: bool = False
    sequence: int = 0

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise RecordError("an event of a calendar must have a time zone.")
        if not timedelta(0) < self.end - self.start <= LONGEST:
            raise RecordError("an event of a calendar must last 1 minute to 8 hours.")
        if self.sequence < 0:
            raise RecordError("the sequence of an event must be 0 or more.")

    @property
    def minutes(self) -> int:
        """How long it is planned to last; at least 1."""
        return max(1, round((self.end - self.start).total_seconds() / 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSeries:
    """The events of a calendar that belong together by their identifier.

    ``uid`` may hold an address: it is not shown, and it is not stored. ``whole`` says
    that the calendar names every event of it, so that one it no longer names is off.
    Of the recurrences in ``unsaid`` it says something that is no time of a session (a
    whole day, or a zone that nobody knows): nothing follows from that.
    """

    uid: str = field(repr=False)
    events: tuple[CalendarEvent, ...] = ()
    whole: bool = False
    unsaid: tuple[str, ...] = ()
