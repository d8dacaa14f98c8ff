"""From questions to a form, and from a form back to answers.

A form says what it was shown with (``was-...``), so that only what this person touched
is kept: a form left open on another device takes nothing back. A field that is not sent
was not touched; one that is sent empty was left blank on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from duologue.faces.answers import five_words
from duologue.records import (
    Item,
    ItemType,
    Prompts,
    Rotation,
    Seat,
    Value,
    Visibility,
)
from duologue.relationship.unsaid import HELD_BACK
from duologue.sharing import Standing, has_own_switch
from duologue.store.queries import ItemSeen, Pair, SessionSeen

FOLLOW_UPS = {"unsaid_why": "unsaid"}
"""Items that are offered with another, to whoever said that something was held back."""

STEPS = tuple(range(0, 101, 10))
"""Where a scale may be marked in a browser that runs no script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option as it stands in a form."""

    id: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item as it is put to one seat, with what they answered so far."""

    id: str
    text: str
    type: str
    ends: tuple[str, str] = ("", "")
    five: str = ""
    choices: tuple[Choice, ...] = ()
    was: str = ""
    steps: tuple[Choice, ...] = ()
    max_characters: int = 0
    locked: bool = False
    own_switch: bool = False
    alone: bool = False
    follow_up: "Question | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The form of one session: what is asked, and what may be answered besides."""

    asked: tuple[Question, ...]
    line: tuple[Question, ...]
    besides: tuple[Question, ...]


def questions_of(seen: SessionSeen, pair: Pair, prompts: Prompts) -> Questions:
    """Return the questions of a session, in the order of the prompts.

    Which are asked depends on the session's number alone (never on an answer).
    """
    number = seen.session.number
    found = {
        i.item.id: question_of(i, pair.seat, seen.items)
        for i in seen.items
        if i.item.id not in FOLLOW_UPS
    }
    asked = [item for item in prompts.items if prompts.asked(item.id, number)]
    line = [i for i in prompts.items if i.type is ItemType.TEXT and i.id in found]
    besides = [
        item
        for item in prompts.items
        if item.id in found and item not in asked and item not in line
    ]
    return Questions(
        asked=tuple(found[item.id] for item in sorted(asked, key=_core_first)),
        line=tuple(found[item.id] for item in line),
        besides=tuple(found[item.id] for item in besides),
    )


def _core_first(item: Item) -> bool:
    return item.rotation is not Rotation.CORE


def question_of(
    seen: ItemSeen, seat: Seat, items: tuple[ItemSeen, ...] = ()
) -> Question:
    """Return one item as it is put to a seat, with what is offered beside it."""
    item = seen.item
    chosen = seen.mine if isinstance(seen.mine, tuple) else (seen.mine,)
    follows = [i for i in items if FOLLOW_UPS.get(i.item.id) == item.id]
    return Question(
        id=item.id,
        text=item.text[seat],
        type="scale" if item.is_number else item.type.value,
        ends=item.ends.get(seat, ("", "")),
        five="|".join(five_words(item, seat)) if item.is_number else "",
        steps=_steps(item, seen.mine) if item.is_number else (),
        choices=tuple(
            Choice(id=option.id, label=option.label, chosen=option.id in chosen)
            for option in item.options.get(seat, ())
        ),
        was=_written(seen.mine),
        max_characters=item.max_characters or 0,
        locked=seen.standing is not Standing.SEALED,
        own_switch=has_own_switch(item),
        alone=item.visibility is Visibility.AUTHOR_ONLY,
        follow_up=question_of(follows[0], seat) if follows else None,
    )


def _steps(item: Item, value: Value | None) -> tuple[Choice, ...]:
    """Return the places of a scale for a browser without a script, the own among them."""
    places = {item.low + (item.high - item.low) * step / 100 for step in STEPS}
    own = {value} if isinstance(value, float) else set()
    return tuple(
        Choice(id=f"{place:g}", label="", chosen=place in own)
        for place in sorted(places | own)
    )


def _written(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "|".join(value)
        case float():
            return f"{value:g}"
        case _:
            return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form says: answers by item, what could not be read, and private choices."""

    answers: Mapping[str, Value | None] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    ask_again: bool | None = None
    signal: bool = False
    may_share: bool = False


def read_form(prompts: Prompts, seat: Seat, posted: QueryDict) -> Form:
    """Read what was posted; what no question asks for is passed over.

    Parameters
    ----------
    prompts, seat : Prompts, Seat
        What this person could have been asked.
    posted : QueryDict
        Fields by the ids of items, each with what it was before (``was-...``).
    """
    answers: dict[str, Value | None] = {}
    refused = []
    for item in prompts.items:
        if item.id not in posted:
            continue
        given = _given(item, posted)
        if given == _plain(posted.get(f"was-{item.id}", "")):
            continue
        value = _value(item, given)
        if given and (value is None or not item.takes(seat, value)):
            refused.append(item.id)
        else:
            answers[item.id] = value
    then, ask_again = posted.get("then", ""), None
    if _held_back(posted):
        ask_again = then == "ask_again" if then else None
    else:
        # Whoever says that nothing was held back has nothing to be asked again.
        then = ""
        for item_id, asked_with in FOLLOW_UPS.items():
            answers.pop(item_id, None)
            if asked_with in posted and posted.get(f"was-{item_id}"):
                answers[item_id] = None
        ask_again = False if any(i in posted for i in FOLLOW_UPS.values()) else None
    return Form(
        answers=answers,
        refused=tuple(refused),
        ask_again=ask_again,
        signal=then == "signal",
        may_share=posted.get("unsaid-may-open") == "yes",
    )


def _held_back(posted: QueryDict) -> bool:
    """Whether this person says, or said before, that they held something back."""
    return any(
        posted.get(item, posted.get(f"was-{item}", "")) in HELD_BACK
        for item in FOLLOW_UPS.values()
    )


def _given(item: Item, posted: QueryDict) -> str:
    if item.type is ItemType.CHIPS:
        return "|".join(filter(None, posted.getlist(item.id)))
    return _plain(posted.get(item.id, ""))


def _plain(words: str) -> str:
    return words.replace("\r\n", "\n").strip()


def _value(item: Item, given: str) -> Value | None:
    if not given:
        return None
    if item.is_number:
        try:
            return float(given)
        except ValueError:
            return None
    return tuple(given.split("|")) if item.type is ItemType.CHIPS else given
