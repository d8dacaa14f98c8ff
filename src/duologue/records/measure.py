"""What the client came for: goals in their own words, and published measures."""

from dataclasses import dataclass
from datetime import date

from duologue.errors import RecordError
from duologue.records.seat import Seat

GOAL_ENDS = (0, 10)
"""The least and the most that a goal is rated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One filled-in form of a published instrument.

    ``answers`` are pairs of item id and number, ``None`` for a blank. A client's form
    of an outcome measure is seen by both people, as the client is told before it
    (exception E1 of the laws); any other form stays with its author (E2). ``day`` tells
    forms apart that follow one session; it may be unknown.
    """

    instrument: str
    session: int
    seat: Seat
    answers: tuple[tuple[str, float | None], ...]
    day: date | None = None

    def __post_init__(self) -> None:
        if len({item for item, _ in self.answers}) != len(self.answers):
            raise RecordError("a measure must hold each item once at most.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal in the client's own words, rated 0 to 10 as often as the two like.

    ``ratings`` are pairs of session number and rating, in the order of the sessions.
    """

    code: str
    words: str
    ratings: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        sessions = [session for session, _ in self.ratings]
        if sessions != sorted(set(sessions)):
            raise RecordError("a goal is rated once a session, in their order.")
        low, high = GOAL_ENDS
        if any(not low <= rating <= high for _, rating in self.ratings):
            raise RecordError("a goal rating must lie in 0 to 10.")
