"""From the records of a course to the arrays that the engine takes."""

import math
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.reasons import Reason
from duologue.engine.usual import Usual, usual
from duologue.records import (
    SEATS,
    Answer,
    Course,
    Item,
    ItemType,
    Rotation,
    Seat,
    Session,
    Value,
)
from duologue.relationship.levels import likely_levels

RECENT = 5
"""What lies further back than so many held sessions is no longer news."""


@dataclass(frozen=True)
class Arrays:
    """The answers of a course, a row for each session that was held.

    A session that was not held has a row only if somebody answered for it. ``drawn``
    is whether charts are wanted, whose levels take most of the time.
    """

    course: Course
    drawn: bool = True

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions of the rows."""
        answered = {r.session for r in self.course.reflections}
        return tuple(s for s in self.course.sessions if s.held or s.number in answered)

    @cached_property
    def session_numbers(self) -> tuple[int, ...]:
        """The numbers of those sessions."""
        return tuple(s.number for s in self.sessions)

    @cached_property
    def core_scales(self) -> tuple[Item, ...]:
        """The scales that are asked after every session."""
        return tuple(
            item
            for item in self.course.prompts.items
            if item.type is ItemType.SCALE and item.rotation is Rotation.CORE
        )

    def answers(self, item_id: str) -> dict[tuple[int, Seat], Answer]:
        """Return the answers to an item by (session number, seat)."""
        return self._answers.get(item_id, {})

    def choices(self, item_id: str) -> dict[tuple[int, Seat], Value]:
        """Return the values to an item that were not left blank."""
        return {
            key: answer.value
            for key, answer in self.answers(item_id).items()
            if answer.value is not None
        }

    def numbers(self, item_id: str) -> NDArray[np.float64]:
        """Return the answers to a scale, shape (n_sessions, 2); ``nan`` is blank."""
        if item_id not in self._numbers:
            out = np.full((len(self.sessions), 2), np.nan)
            for (number, seat), answer in self.answers(item_id).items():
                if isinstance(answer.value, float):
                    out[self._row[number], SEATS.index(seat)] = answer.value
            out.setflags(write=False)
            self._numbers[item_id] = out
        return self._numbers[item_id]

    def usual(self, item: Item) -> Usual:
        """Return the bands of a core scale, arrays of shape (n_sessions, 2)."""
        place = self.core_scales.index(item)
        whole = self._core_usual
        parts = {f.name: getattr(whole, f.name)[:, :, place] for f in fields(Usual)}
        return Usual(**parts)

    def levels(self, item_id: str, *, whole: bool = False) -> PairState:
        """Return what the dyad model tells of the levels behind a scale.

        Whoever needs the whole, with who influences whom, asks first: others then get
        the same without another reading.

        Answers beyond those of ``course`` play no part in it: the population is the one
        that the program brings along.
        """
        found = self._levels.get(item_id)
        if found is None or (whole and Reason.NOT_ASKED in found.balance.reasons):
            found = likely_levels(self.numbers(item_id), whole=whole)
            self._levels[item_id] = found
        return found

    def n_asked(self, item_id: str) -> int:
        """Count the held sessions in which the item was put to both."""
        if item_id not in self._n_asked:
            asked = self.course.prompts.asked
            self._n_asked[item_id] = sum(
                s.held and asked(item_id, s.number) for s in self.sessions
            )
        return self._n_asked[item_id]

    @cached_property
    def _numbers(self) -> dict[str, NDArray[np.float64]]:
        return {}

    @cached_property
    def _levels(self) -> dict[str, PairState]:
        return {}

    @cached_property
    def _n_asked(self) -> dict[str, int]:
        return {}

    @cached_property
    def _row(self) -> dict[int, int]:
        return {number: row for row, number in enumerate(self.session_numbers)}

    @cached_property
    def _answers(self) -> dict[str, dict[tuple[int, Seat], Answer]]:
        found: dict[str, dict[tuple[int, Seat], Answer]] = {}
        for reflection in self.course.reflections:
            key = (reflection.session, reflection.seat)
            for answer in reflection.answers:
                found.setdefault(answer.item, {})[key] = answer
        return found

    @cached_property
    def _core_usual(self) -> Usual:
        """One pass of the engine over all core scales of both seats."""
        return usual(
            np.stack([self.numbers(item.id) for item in self.core_scales], axis=-1)
        )


def is_recent(session: int, session_numbers: tuple[int, ...]) -> bool:
    """Whether a session is among the last few: an older one makes no card."""
    return session in session_numbers[-RECENT:]


def plain(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Turn an array into plain numbers of six decimals, ``nan`` into ``None``."""
    rounded = np.round(values, 6).tolist()
    return tuple(None if math.isnan(v) else v for v in rounded)
