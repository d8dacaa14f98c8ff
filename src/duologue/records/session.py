"""A session: when it was planned, when it really was, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from duologue.errors import RecordError
from duologue.records.seat import Seat


class Mode(StrEnum):
    """Where the two met."""

    ROOM = "room"
    ONLINE = "online"
    PHONE = "phone"


class Status(StrEnum):
    """What became of the session."""

    HELD = "held"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session. Its number is fixed when it is made; whoever makes it never uses it again.

    ``by`` is the seat that cancelled, moved or did not come. Times are as the file
    gives them, with or without an offset; ``None`` where they are not known.
    ``planned_minutes`` is there where this session was planned for longer or shorter
    than the two agreed.
    """

    number: int
    planned_start: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    mode: Mode | None = None
    status: Status = Status.HELD
    by: Seat | None = None
    planned_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.number < 0:
            raise RecordError("a session number must be 0 or more.")
        times = [t for t in (self.planned_start, self.started, self.ended) if t]
        if len({time.tzinfo is None for time in times}) > 1:
            raise RecordError(
                "the times of a session must all carry a UTC offset, or none of them."
            )
        if self.started and self.ended and self.ended < self.started:
            raise RecordError("a session must not end before it starts.")
        if self.planned_minutes is not None and not 1 <= self.planned_minutes <= 480:
            raise RecordError("a session must be planned for 1 to 480 minutes.")

    @property
    def held(self) -> bool:
        """Whether the two met."""
        return self.status is Status.HELD

    @property
    def day(self) -> date | None:
        """The day on which the session was, or else was planned."""
        time = self.started or self.planned_start
        return None if time is None else time.date()
