"""What one person answered after one session, in private."""

from dataclasses import dataclass
from typing import TypeAlias

from duologue.errors import RecordError
from duologue.records.seat import Seat

Value: TypeAlias = float | str | tuple[str, ...]
"""A number, the id of an option or own words, or the ids of several options."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. A blank is ``None``: not answered, never 0 and never the middle.

    ``shared`` says that the author is willing for the other to see it; it opens only
    where the other has answered the same item and is willing too.
    """

    item: str
    value: Value | None
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """The answers of one seat to one session, in the order in which they were asked."""

    session: int
    seat: Seat
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if len({answer.item for answer in self.answers}) != len(self.answers):
            raise RecordError("a reflection must hold each item once at most.")

    def answer(self, item: str) -> Answer | None:
        """Return the answer to this item, or ``None`` where there is none."""
        for answer in self.answers:
            if answer.item == item:
                return answer
        return None
