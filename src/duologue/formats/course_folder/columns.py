"""The columns of each file of a course, once for reading and writing."""

from enum import StrEnum
from typing import TypeAlias, TypeVar

from duologue.formats.table import Table, listed

Row: TypeAlias = tuple[str, ...]
Numbers: TypeAlias = dict[str, int]
"""Every session's number, under the way or ways in which files write it."""
TIME_COLUMNS = ("planned_start", "started", "ended")
SESSION_COLUMNS = ("session", *TIME_COLUMNS, "mode", "status", "by")
PLANNED_COLUMN = "planned_minutes"
"""Beside them where a session was planned for longer or shorter than was agreed."""
REFLECTION_COLUMNS = ("session", "seat", "item", "value", "shared")
MEASURE_COLUMNS = ("session", "seat", "instrument", "item", "value")
GOAL_COLUMNS = ("goal", "words", "session", "rating")
FRAME_COLUMNS = ("session", "kind", "by", "tag")
AGREEMENT_KEYS = ("length_min", "rhythm", "frame", "crisis")
Word = TypeVar("Word", bound=StrEnum)


def word(
    table: Table, line: int, column: str, words: type[Word], cell: str
) -> Word | None:
    """Return the word of a cell, ``None`` for a blank; refuse any other with its line."""
    if not cell:
        return None
    try:
        return words(cell)
    except ValueError:
        problem = f"{column} must be one of {listed(words)}, or blank."
        raise table.error(problem, line) from None
