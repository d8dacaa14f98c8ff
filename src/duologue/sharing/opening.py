"""When an answer opens to both people, and what may still be done with it (law 3).

One item of one session stands in one of three places, alike for both seats:

    sealed --both answered, both willing--> open --one takes theirs back--> closed
                                              ^                               |
                                              +----- both willing again ------+

Only a sealed answer may be changed. What has been open once stays as it was given:
it may be taken back, which closes it for both, and it may be opened again, unchanged.
"""

from collections.abc import Mapping
from enum import StrEnum

from duologue.records import (
    Answer,
    Item,
    Prompts,
    Reflection,
    Seat,
    Value,
    Visibility,
)


class Standing(StrEnum):
    """Where one item of one session stands."""

    SEALED = "sealed"  # its author's alone, and may be changed
    OPEN = "open"  # both see both answers
    CLOSED = "closed"  # was open; taken back, and may not be changed


def standing(*, is_open: bool, was_open: bool) -> Standing:
    """Say where an item stands.

    Parameters
    ----------
    is_open : bool
        Whether both people may see both answers now.
    was_open : bool
        Whether they ever could.
    """
    if is_open:
        return Standing.OPEN
    return Standing.CLOSED if was_open else Standing.SEALED


def may_open(item: Item | None) -> bool:
    """Whether answers to this item can ever be seen by the other person.

    An item that the prompts do not know never opens: unknown means closed.
    """
    return item is not None and item.visibility is not Visibility.AUTHOR_ONLY


def has_own_switch(item: Item | None) -> bool:
    """Whether opening an item takes a switch of its own, beside being willing."""
    return item is not None and item.visibility is Visibility.AUTHOR_ONLY_UNLESS_BOTH


def is_blank(value: Value) -> bool:
    """Whether nothing is said: no words, no chips."""
    return value == () or (isinstance(value, str) and not value.strip())


def items_open(
    prompts: Prompts, pair: Mapping[Seat, Reflection | None]
) -> tuple[str, ...]:
    """Name the items of one session that are open: answered by both, both willing.

    Parameters
    ----------
    prompts : Prompts
        What was asked; an unknown item and one that is its author's alone never open.
    pair : mapping of Seat to Reflection or None
        What each of the two answered, ``None`` where there is nothing.

    Returns
    -------
    tuple of str
        In the order of the prompts. The same, whichever seat asks.
    """
    willing = [
        set()
        if (reflection := pair.get(seat)) is None
        else {a.item for a in reflection.answers if _willing(prompts.item(a.item), a)}
        for seat in Seat
    ]
    both = set.intersection(*willing)
    return tuple(item.id for item in prompts.items if item.id in both)


def _willing(item: Item | None, answer: Answer) -> bool:
    """Whether one person's side of an item is open: an answer, and a yes to sharing."""
    if item is None or not may_open(item):
        return False
    return answer.shared and is_answered(item, answer)


def is_answered(item: Item, answer: Answer) -> bool:
    """Whether there is an answer at all; "I would rather not answer" is none."""
    value = answer.value
    return value is not None and value not in item.declines and not is_blank(value)
