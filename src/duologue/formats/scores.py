"""Scores of many courses in one CSV file, as clinics and researchers keep them.

Three layouts are told apart by the header:

totals
    course, session, score.
long
    course, session, item, value.
wide
    course, session, and a column an item: its id, or the instrument's id, ``_`` and that.

Each may have a column ``instrument``, an id beside each row. In the wide layout columns
that nobody asked for are passed over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from duologue.formats.table import (
    Table,
    listed,
    read_any_table,
    read_number,
    read_session,
    write_number,
)
from duologue.instruments import Instrument, score
from duologue.instruments.answers import fits
from duologue.instruments.items import worths
from duologue.instruments.written import options_of
from duologue.records import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCourse:
    """The scores of one course.

    Attributes
    ----------
    code : str
        As the file has it.
    scores : tuple of (int, float or None, str)
        Session, total and instrument, in the order of the sessions; the total is
        ``None`` where too much is blank, the instrument blank where the file has none.
    """

    code: str
    scores: tuple[tuple[int, float | None, str], ...]


def read_scores(path: Path, *, instrument: Instrument | None) -> list[ScoredCourse]:
    """Read the scores of many courses.

    Parameters
    ----------
    path : pathlib.Path
        The file; its layout is told from its header (see the module).
    instrument : Instrument, optional
        What the scores are of. Needed where the file holds answers; totals are then
        held to its range.

    Returns
    -------
    list of ScoredCourse
        In the order in which the file first names them. A blank is ``None``.

    Raises
    ------
    FileError
        If the file is none of the layouts, a course, a session, an item or a number is
        none, or a score stands twice. No message holds a score or a code.
    """
    table = read_any_table(path)
    for name in ("course", "session"):
        if name not in table.columns:
            raise table.error(f"the column {name} is missing.", 1)
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    names: dict[tuple[str, int], str] = {}
    for line, key, given, name in _entries(table, instrument):
        held = found.setdefault(key, {})
        if held.keys() & given.keys():
            raise table.error(
                "a score or an answer of this session stands twice.", line
            )
        if names.setdefault(key, name) != name:
            raise table.error("a session has answers to one instrument only.", line)
        held.update(given)
    courses: defaultdict[str, list[tuple[int, float | None, str]]] = defaultdict(list)
    for (code, session), held in found.items():
        total = _total(held, instrument)
        courses[code].append((session, total, names[code, session]))
    if not courses:
        raise table.error("there is no row below the header.")
    return [
        ScoredCourse(code=code, scores=tuple(sorted(rows, key=lambda row: row[0])))
        for code, rows in courses.items()
    ]


FARTHEST = 1e9
"""No instrument has scores beyond, in either direction."""

_TOTAL = "score"
_Key: TypeAlias = tuple[str, int]
_Given: TypeAlias = Mapping[str, float | None]
_Row: TypeAlias = Callable[[int, Sequence[str]], _Given]
"""Reads what one row holds, given its line and its cells."""


def _entries(
    table: Table, instrument: Instrument | None
) -> Iterator[tuple[int, _Key, _Given, str]]:
    """Yield the line, the course and session, what it holds, and of which instrument."""
    place = {name: i for i, name in enumerate(table.columns)}
    read, named = _layout(table, place, instrument), place.get("instrument")
    for line, cells in table.rows:
        code = cells[place["course"]].strip()
        if not code:
            raise table.error("course must not be blank.", line)
        session = read_session(table, line, cells[place["session"]])
        name = "" if named is None else cells[named].strip()
        if instrument is not None and name not in ("", instrument.id):
            problem = f"instrument must be {instrument.id}, as --instrument has it."
            raise table.error(problem, line)
        yield line, (code, session), read(line, cells), name


def _layout(
    table: Table, place: Mapping[str, int], instrument: Instrument | None
) -> _Row:
    """Choose by the header how a row is read."""
    if _TOTAL in place:
        return lambda line, cells: {
            _TOTAL: _score(table, line, cells[place[_TOTAL]], instrument)
        }
    if instrument is None:
        raise table.error(_LAYOUTS, 1)
    if {"item", "value"} <= place.keys():
        return lambda line, cells: _long(
            table, line, (cells[place["item"]], cells[place["value"]]), instrument
        )
    items = [
        (item, place[name])
        for item in instrument.items
        for name in (item.id, f"{instrument.id}_{item.id}")
        if name in place
    ]
    if not items:
        raise table.error(_LAYOUTS, 1)
    if len({item.id for item, _ in items}) < len(items):
        raise table.error("an item has two columns.", 1)
    return lambda line, cells: {
        item.id: _answer(table, line, item, cells[at]) for item, at in items
    }


_LAYOUTS = (
    "this takes course, session, score; or, with --instrument, course, session, item, "
    "value, or course, session and a column an item."
)


def _score(
    table: Table, line: int, cell: str, instrument: Instrument | None
) -> float | None:
    if not cell.strip():
        return None
    number = read_number(cell.strip())
    if number is None:
        raise table.error("score must be a number or blank.", line)
    low, high = (-FARTHEST, FARTHEST) if instrument is None else instrument.range
    if not low <= number <= high:
        ends = f"{write_number(low)} to {write_number(high)}"
        raise table.error(f"score must lie in {ends}, or be blank.", line)
    return number


def _long(
    table: Table, line: int, cells: tuple[str, str], instrument: Instrument
) -> _Given:
    item = instrument.item(cells[0].strip())
    if item is None:
        raise table.error(f"item must be one of {listed(instrument.item_ids)}.", line)
    return {item.id: _answer(table, line, item, cells[1])}


def _answer(table: Table, line: int, item: Item, cell: str) -> float | None:
    if not cell.strip():
        return None
    number = read_number(cell.strip())
    if number is None or not fits(item, number):
        raise table.error(f"item {item.id} takes {_taken(item)}, or a blank.", line)
    return number


def _taken(item: Item) -> str:
    allowed = worths(options_of(item))
    if allowed:
        return listed(map(write_number, sorted(set(allowed))))
    return f"{write_number(item.low)} to {write_number(item.high)}"


def _total(held: _Given, instrument: Instrument | None) -> float | None:
    if _TOTAL in held or instrument is None:
        return held.get(_TOTAL)
    return score(instrument, held).total
