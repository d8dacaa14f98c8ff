"""Ratings in one CSV file, as researchers keep them, read as a course of one pair.

Three layouts are told apart by the header:

long
    session, seat, item, value, and perhaps pair and shared.
wide by person
    session, seat, perhaps pair, and one column an item.
wide by seat
    session, perhaps pair, and columns such as ``client_open`` and ``therapist_open``.

In the wide layouts columns that nobody asked for are passed over.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from duologue.errors import ParameterError
from duologue.formats.answers import (
    SHARED,
    AnswerKey,
    ReadCell,
    allowed_values,
    gather,
    value_reader,
)
from duologue.formats.table import (
    Table,
    listed,
    read_any_table,
    read_number,
    read_session,
    write_number,
)
from duologue.records import (
    SEATS,
    Answer,
    Course,
    Dyad,
    Item,
    ItemType,
    Prompts,
    Rotation,
    Seat,
    Session,
)

_USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "session": ("session",),
    "pair": ("pair", "dyad"),
    "seat": ("seat",),
    "item": ("item",),
    "value": ("value",),
    "shared": ("shared",),
}

ROLES = tuple(_USUAL_NAMES)
"""What a column may be, for whoever calls it otherwise."""

_Entry: TypeAlias = tuple[int, str, int, str, str, str]
"""Line, session, place of the seat, item's name in the file, value, shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the caller said of the file, checked and turned the way it is used."""

    prompts: Prompts
    named: bool  # whether the caller named the items
    items: Mapping[str, Item]  # by their names in the file
    low: float
    high: float
    labels: Mapping[str, int]  # place of the seat by what the file calls it


def read_ratings(
    path: Path,
    *,
    prompts: Prompts,
    pair: str | None = None,
    items: Mapping[str, str] | None = None,
    value_range: tuple[float, float] = (0, 100),
    columns: Mapping[str, str] | None = None,
    client: Sequence[str] = ("client",),
    therapist: Sequence[str] = ("therapist",),
    whole: bool = True,
) -> Course:
    """Read the ratings of one pair from a CSV file.

    Parameters
    ----------
    path : pathlib.Path
        The file; its layout is told from its header (see the module).
    prompts : Prompts
        The items that are known. An item that is not among them becomes a scale.
    pair : str, optional
        Which pair to read, where the file holds several.
    items : mapping of str to str, optional
        From our item's id to its name in the file; other items are passed over.
        ``None`` reads the items that the file calls by their ids in ``prompts``.
    value_range : (float, float)
        Lowest and highest number that the file may hold; mapped to the item's own
        range, which is 0 to 100.
    columns : mapping of str to str, optional
        From a role (session, pair, seat, item, value, shared) to the column's name in
        the file, where it is not the usual one.
    client, therapist : sequence of str
        What the file calls each seat, in cells and in the names of columns.
    whole : bool
        Whether both seats must have answered, and every item in ``items`` must occur,
        as research needs it. A reading for one person, or for the two, must not depend
        on what the other kept back, not even in being refused: then ``False``.

    Returns
    -------
    Course
        Its sessions are inferred from the rows of the file. A blank is ``None``;
        nothing is shared unless the file says so. The pair's code is the one in the
        file, or else the file's name.

    Raises
    ------
    FileError
        If the file cannot be read as one of the layouts, holds several pairs of which
        none was chosen, lacks the pair, the answers of one seat, or a column, holds an
        answer twice or outside what is allowed. No message holds an answer.
    ParameterError
        If ``value_range`` is no range, ``items`` is empty or gives two items the same
        name, ``columns`` has an unknown role, or the seats share a name.
    """
    plan = _make_plan(prompts, items, value_range, client, therapist)
    table = read_any_table(path)
    places = _find_roles(table, columns or {})
    code, rows = _choose_pair(table, places.get("pair"), pair)
    entries = _entries(table, places, rows, plan)
    numbers = _session_numbers(table, places["session"], rows)
    found = _read_answers(table, entries, plan, numbers)
    if whole:
        _check_both_answer(table, found)
        _check_all_occur(table, plan, {answer.item for answer in found.values()})
    course_prompts = _used_prompts(plan)
    return Course(
        dyad=Dyad(code=code or path.stem, client="client", therapist="therapist"),
        prompts=course_prompts,
        sessions=tuple(
            Session(number=number) for number in sorted({*numbers.values()})
        ),
        reflections=gather(found),
        sessions_inferred=True,
    )


def marks_sharing(path: Path, *, columns: Mapping[str, str] | None = None) -> bool:
    """Whether the file has a column that says what is shared; by its header alone.

    Raises
    ------
    FileError
        If the file is no table.
    """
    return "shared" in _find_roles(read_any_table(path), columns or {})


# What the caller said


def _make_plan(
    prompts: Prompts,
    items: Mapping[str, str] | None,
    value_range: tuple[float, float],
    client: Sequence[str],
    therapist: Sequence[str],
) -> _Plan:
    low, high = value_range
    if not (low < high and math.isfinite(high - low)):
        raise ParameterError(f"value_range must rise, got {low} to {high}.")
    labels = dict.fromkeys(client, 0) | dict.fromkeys(therapist, 1)
    if not client or not therapist or set(client) & set(therapist):
        raise ParameterError("client and therapist must have names, and not the same.")
    return _Plan(
        prompts=prompts,
        named=items is not None,
        items=_items_by_name(prompts, items),
        low=low,
        high=high,
        labels=labels,
    )


def _items_by_name(
    prompts: Prompts, items: Mapping[str, str] | None
) -> Mapping[str, Item]:
    if items is None:
        return {item.id: item for item in prompts.items}
    ids, names = set(items), set(items.values())
    if not items or len(names) != len(items) or "" in ids | names:
        raise ParameterError("items must name one item or more, each its own way.")
    return {
        name: prompts.item(item_id) or Item(id=item_id, type=ItemType.SCALE)
        for item_id, name in items.items()
    }


# The file's columns and pairs


def _find_roles(table: Table, columns: Mapping[str, str]) -> dict[str, int]:
    if not columns.keys() <= _USUAL_NAMES.keys():
        raise ParameterError(f"columns takes the roles {listed(_USUAL_NAMES)}.")
    places: dict[str, int] = {}
    for role, usual in _USUAL_NAMES.items():
        names = (columns[role],) if role in columns else usual
        found = [name for name in names if name in table.columns]
        if found:
            places[role] = table.columns.index(found[0])
        elif role in columns:
            problem = f"there is no column {columns[role]!r} to take as the {role}."
            raise table.error(problem, 1)
    if "session" not in places:
        raise table.error("the column session is missing.", 1)
    return places


def _choose_pair(
    table: Table, place: int | None, pair: str | None
) -> tuple[str | None, list[tuple[int, Sequence[str]]]]:
    if place is None:
        if pair is not None:
            raise table.error("there is no column pair to choose a pair from.", 1)
        return None, table.rows
    codes = {cells[place]: line for line, cells in table.rows}
    if "" in codes:
        raise table.error("pair must not be blank.", codes[""])
    if pair is None:
        if len(codes) > 1:
            problem = (
                f"this file holds {len(codes)} pairs: choose one with --pair CODE."
            )
            raise table.error(problem)
        return next(iter(codes), None), table.rows
    if pair not in codes:
        raise table.error("this file does not hold the pair that was asked for.")
    return pair, [row for row in table.rows if row[1][place] == pair]


def _session_numbers(
    table: Table, place: int, rows: Iterable[tuple[int, Sequence[str]]]
) -> dict[str, int]:
    """Return every session's number by the cell, or cells, that hold it."""
    lines = {cells[place]: line for line, cells in rows}
    return {cell: read_session(table, line, cell) for cell, line in lines.items()}


# The three layouts


def _entries(
    table: Table,
    places: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[str]]],
    plan: _Plan,
) -> Iterator[_Entry]:
    if {"seat", "item", "value"} <= places.keys():
        return _long_entries(table, places, rows, plan)
    if "seat" in places:
        taken = set(places.values())
        by_person = [
            (place, name)
            for place, name in enumerate(table.columns)
            if name in plan.items and place not in taken
        ]
        _check_columns(table, plan, [name for _, name in by_person])
        return _person_entries(table, places, rows, plan, by_person)
    by_seat = [
        (table.columns.index(column), seat, name)
        for label, seat in plan.labels.items()
        for name in plan.items
        if (column := f"{label}_{name}") in table.columns
    ]
    _check_columns(table, plan, [name for _, _, name in by_seat])
    return _seat_entries(places, rows, by_seat)


def _check_columns(table: Table, plan: _Plan, found: Sequence[str]) -> None:
    if not found:
        problem = (
            "no column holds an item that is known: this takes session, seat, item, "
            "value; or session, seat and a column an item; or session and columns such "
            "as client_open, therapist_open. Other names need --items."
        )
        raise table.error(problem, 1)
    for name, item in plan.items.items():
        if plan.named and name not in found:
            raise table.error(f"there is no column for the item {item.id}.", 1)


def _long_entries(
    table: Table,
    places: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[str]]],
    plan: _Plan,
) -> Iterator[_Entry]:
    session, item, value = places["session"], places["item"], places["value"]
    shared = places.get("shared")
    for line, cells in rows:
        if cells[item] in plan.items:
            seat = _seat(table, line, cells[places["seat"]], plan)
            willing = "" if shared is None else cells[shared]
            yield line, cells[session], seat, cells[item], cells[value], willing
        elif not plan.named:
            problem = f"unknown item: it must be one of {listed(plan.items)}."
            raise table.error(problem, line)


def _person_entries(
    table: Table,
    places: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[str]]],
    plan: _Plan,
    columns: Sequence[tuple[int, str]],
) -> Iterator[_Entry]:
    session = places["session"]
    for line, cells in rows:
        seat = _seat(table, line, cells[places["seat"]], plan)
        for place, name in columns:
            yield line, cells[session], seat, name, cells[place], ""


def _seat_entries(
    places: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Sequence[tuple[int, int, str]],
) -> Iterator[_Entry]:
    session = places["session"]
    for line, cells in rows:
        for place, seat, name in columns:
            yield line, cells[session], seat, name, cells[place], ""


def _seat(table: Table, line: int, cell: str, plan: _Plan) -> int:
    seat = plan.labels.get(cell)
    if seat is None:
        raise table.error(f"seat must be one of {listed(plan.labels)}.", line)
    return seat


# The answers


def _read_answers(
    table: Table,
    entries: Iterable[_Entry],
    plan: _Plan,
    numbers: Mapping[str, int],
) -> dict[AnswerKey, Answer]:
    names = _in_order(plan)
    order = {name: place for place, name in enumerate(names)}
    readers = {
        (seat, name): _reader(plan, item, SEATS[seat])
        for seat in range(len(SEATS))
        for name, item in plan.items.items()
    }
    found: dict[AnswerKey, Answer] = {}
    for line, session, seat, name, cell, shared in entries:
        value = readers[seat, name](cell) if cell else None
        if value is None and cell:
            raise table.error(_allowed(plan, plan.items[name], SEATS[seat]), line)
        key = (numbers[session], seat, order[name])
        if key in found:
            raise table.error("this seat's answer to this item stands twice.", line)
        if shared not in SHARED:
            raise table.error("shared must be yes, no or blank.", line)
        found[key] = Answer(plan.items[name].id, value, SHARED[shared])
    return found


def _in_order(plan: _Plan) -> list[str]:
    """Return the items' names in the order of the prompts, new items last."""
    known = [item.id for item in plan.prompts.items]
    places = {
        name: known.index(item.id) if item.id in known else len(known)
        for name, item in plan.items.items()
    }
    return sorted(places, key=places.__getitem__)


def _reader(plan: _Plan, item: Item, seat: Seat) -> ReadCell:
    if item.is_number:
        return partial(_mapped, plan.low, plan.high, item.low, item.high)
    return value_reader(item, seat)


def _mapped(
    low: float, high: float, to_low: float, to_high: float, cell: str
) -> float | None:
    number = read_number(cell)
    if number is None or not low <= number <= high:
        return None
    if (low, high) == (to_low, to_high):
        return number
    return min(to_low + (number - low) / (high - low) * (to_high - to_low), to_high)


def _allowed(plan: _Plan, item: Item, seat: Seat) -> str:
    if item.is_number:
        low, high = write_number(plan.low), write_number(plan.high)
        return f"{item.id} of the {seat} takes a number in {low} to {high}, or a blank."
    return allowed_values(item, seat)


def _check_both_answer(table: Table, found: Mapping[AnswerKey, Answer]) -> None:
    answering = {
        seat for (_, seat, _), answer in found.items() if answer.value is not None
    }
    for place, seat in enumerate(SEATS):
        if place not in answering:
            problem = f"a course needs both seats, but the {seat} never answers here."
            raise table.error(problem)


def _check_all_occur(table: Table, plan: _Plan, used: Collection[str]) -> None:
    for item in plan.items.values():
        if plan.named and item.id not in used:
            raise table.error(f"no row holds the item {item.id}.")


def _used_prompts(plan: _Plan) -> Prompts:
    items = tuple(plan.items[name] for name in _in_order(plan))
    rotates = any(item.rotation is Rotation.ROTATING for item in items)
    rotation = plan.prompts.rotation if rotates else ()
    if all(plan.prompts.item(item.id) for item in items):
        return replace(plan.prompts, items=items, rotation=rotation)
    return Prompts(id="ratings", version="1", items=items, rotation=rotation)
