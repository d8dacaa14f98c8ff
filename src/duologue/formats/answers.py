"""The cells that hold answers: read by the type of their item, gathered by session.

No message quotes a cell.
"""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias, assert_never

from duologue.formats.table import listed, read_number, write_number
from duologue.records import SEATS, Answer, Item, ItemType, Reflection, Seat, Value

SHARED: Mapping[str, bool] = {"yes": True, "no": False, "": False}
"""What a cell of the column ``shared`` may hold."""

AnswerKey: TypeAlias = tuple[int, int, int]
"""Number of the session, place of the seat in `SEATS`, place of the item."""

ReadCell: TypeAlias = Callable[[str], Value | None]
"""Turns a cell that is not blank into a value; ``None`` where it is not allowed."""


def value_reader(item: Item, seat: Seat) -> ReadCell:
    """Return the function that reads an answer of this seat to this item.

    Parameters
    ----------
    item : Item
        Its type says what an answer looks like.
    seat : Seat
        The seat that answers: each has options of its own.

    Returns
    -------
    callable
        From a cell that is not blank to the value, ``None`` where it is not allowed.
    """
    return partial(_value, item, seat, _PARSERS[item.type])


def allowed_values(item: Item, seat: Seat) -> str:
    """Say for a message what this seat may answer to this item."""
    return f"{item.id} of the {seat} takes {_allowed(item, seat)}, or a blank."


def _allowed(item: Item, seat: Seat) -> str:
    match item.type:
        case ItemType.SCALE | ItemType.BIPOLAR:
            return f"a number in {write_number(item.low)} to {write_number(item.high)}"
        case ItemType.CHOICE:
            return f"one of {listed(item.option_ids(seat))}"
        case ItemType.CHIPS:
            return f"any of {listed(item.option_ids(seat))}, each once, joined by |"
        case ItemType.TEXT:
            return f"at most {item.max_characters} characters"
    assert_never(item.type)


def _value(
    item: Item, seat: Seat, parse: Callable[[str], Value | None], cell: str
) -> Value | None:
    value = parse(cell)
    return value if value is not None and item.takes(seat, value) else None


def _as_it_is(cell: str) -> str:
    return cell


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|"))


_PARSERS: Mapping[ItemType, Callable[[str], Value | None]] = {
    ItemType.SCALE: read_number,
    ItemType.BIPOLAR: read_number,
    ItemType.CHOICE: _as_it_is,
    ItemType.CHIPS: _split,
    ItemType.TEXT: _as_it_is,
}


def gather(found: Mapping[AnswerKey, Answer]) -> tuple[Reflection, ...]:
    """Make reflections of single answers.

    Parameters
    ----------
    found : mapping of (session, seat, item) to Answer
        The answers in any order; seats and items by their places.

    Returns
    -------
    tuple of Reflection
        In the order of the sessions, the client's before the therapist's, their
        answers in the order of the items.
    """
    return tuple(
        Reflection(
            session=session,
            seat=SEATS[seat],
            answers=tuple([found[key] for key in keys]),
        )
        for (session, seat), keys in groupby(sorted(found), key=itemgetter(0, 1))
    )
