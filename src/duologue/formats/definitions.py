"""What the formats of instruments share: ids, plain words, and what is said or not.

A file of somebody else is material to judge. Its words are taken as plain words or not
at all, its formulas are never run, and what it does not say is asked for, not guessed.
"""

import re
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from duologue.errors import InstrumentError
from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import Better, Instrument, Method, Tier
from duologue.instruments.tables import TomlTable
from duologue.instruments.written import plain
from duologue.records import Seat

MOST_CHARACTERS = 5_000
"""Of one text of a form."""

MOST_ITEMS = 500
"""Questions of one form."""

ITEM_ID = re.compile("[A-Za-z0-9._/-]{1,64}")
"""What the id of an item may look like, so that any file can hold it."""

NOT_STATED = "not stated in the file"

_MARKUP = re.compile(r"<[/!?a-zA-Z]|&#?\w+;")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOINC_CODE = re.compile("[0-9]{1,7}-[0-9]")
_NO_ID = re.compile("[^a-z0-9]+")

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What whoever brings an instrument in says of it, where its file does not.

    Attributes
    ----------
    better : Better or None
        Which way a score moves when things get better.
    method : Method or None
        How answers become a score.
    answered_by : tuple of Seat
        The seats that fill it in; empty where it is left to the file.
    reversed : tuple of str
        Ids of the items that count the other way round; empty where it is left to the
        file, and where there are none.
    """

    better: Better | None = None
    method: Method | None = None
    answered_by: tuple[Seat, ...] = ()
    reversed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One scored question as a file holds it; ``None`` where it has no words.

    ``answers`` are pairs of worth and label, in the order of the form; there are none
    where any number between ``low`` and ``high`` is an answer.
    """

    id: str
    low: float
    high: float
    text: str | None = None
    answers: tuple[tuple[float, str | None], ...] = ()
    loinc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How a file scores: what is counted, turned and made a part of."""

    method: Method
    better: Better
    reversed: tuple[str, ...] = ()
    max_missing: int = 0
    subscales: Mapping[str, Sequence[str]] = field(default_factory=dict)


def words_in(table: TomlTable, key: str, default: str | None = None) -> str:
    """Return plain words on one line; refuse markup and what cannot be seen.

    Runs of white space become one space.

    Raises
    ------
    InstrumentError
        If there are none and there is no default, if they hold an HTML tag or entity,
        a control character or half a character, or if they are too long.
    """
    text = " ".join(table.text(key, default).split())
    if _MARKUP.search(text):
        raise table.refusal(key, "must be plain words, without HTML.")
    if _UNSEEN.search(text):
        raise table.refusal(key, "must be plain words, without control characters.")
    if len(text) > MOST_CHARACTERS:
        raise table.refusal(key, f"must have at most {MOST_CHARACTERS} characters.")
    return text


def id_in(table: TomlTable, key: str) -> str:
    """Return the id of an item, or refuse what no other file could hold."""
    found = table.text(key)
    if not ITEM_ID.fullmatch(found):
        raise table.refusal(
            key, "must be 1 to 64 of the letters A to Z, a to z, digits and . _ / -"
        )
    return found


def loinc_in(table: TomlTable, key: str) -> str:
    """Return a LOINC code, or refuse what does not look like one."""
    found = table.text(key)
    if not _LOINC_CODE.fullmatch(found):
        raise table.refusal(key, "must be a LOINC code, such as 44261-6.")
    return found


def check_ids(instrument: Instrument) -> None:
    """Refuse to write an instrument of which an id fits in no file of others.

    Raises
    ------
    InstrumentError
        If the id of the instrument, an item or a part has other signs than letters,
        digits and ``. _ / -``, or more than 64 of them.
    """
    parts = (part.id for part in instrument.subscales)
    for found in (instrument.id, *instrument.item_ids, *parts):
        if not ITEM_ID.fullmatch(found):
            raise InstrumentError(
                f"{instrument.id}: an id must be 1 to 64 letters, digits or . _ / - to "
                "stand in a file of others."
            )


def id_from(table: TomlTable, key: str, name: str) -> str:
    """Make an instrument's id of a name: small letters, digits and ``_``."""
    found = _NO_ID.sub("_", name.lower()).strip("_")
    if not found or len(found) > 64:
        raise table.refusal(key, "must hold a letter or digit, and at most 64 of them.")
    return found


def said(
    table: TomlTable, key: str, kind: type[_E], *, stated: _E | None, found: _E | None
) -> _E:
    """Return what the file says or, where it does not, what was stated beside it.

    Raises
    ------
    InstrumentError
        If neither says it, or the two contradict one another.
    """
    result = stated if found is None else found
    if result is None:
        raise table.refusal(
            key, f"is not said in the file: state one of {', '.join(kind)}."
        )
    if stated not in (None, result):
        raise table.refusal(key, f"is {result.value!r} in the file; nothing else goes.")
    return result


def all_said(
    table: TomlTable, key: str, stated: tuple[_T, ...], found: tuple[_T, ...]
) -> tuple[_T, ...]:
    """Return a list that the file or whoever brings it in gives: as `said` does.

    Either may be empty, and both.
    """
    if stated and found and set(stated) != set(found):
        listed = ", ".join(map(str, found))
        raise table.refusal(key, f"is {listed} in the file; nothing else goes.")
    return stated or found


def check_number(table: TomlTable, questions: Sized) -> None:
    """Refuse a form without questions, or with too many.

    Raises
    ------
    InstrumentError
        If there are not 1 to `MOST_ITEMS` of them.
    """
    if not 0 < len(questions) <= MOST_ITEMS:
        raise InstrumentError(
            f"{table.where}: must hold 1 to {MOST_ITEMS} questions whose answers have "
            "a score."
        )


def listed(what: Mapping[str, Sequence[str]]) -> str:
    """Return a note of what a file held and a definition does not, empty if nothing.

    Examples
    --------
    >>> listed({"Left out": ["a", "b"], "Not read": []})
    'Left out: a, b.'
    """
    return " ".join(f"{name}: {', '.join(x)}." for name, x in what.items() if x)


def build(
    table: TomlTable,
    facts: Mapping[str, object],
    questions: Sequence[Question],
    scored: Scored,
) -> Instrument:
    """Make an instrument of what a file holds, checked as any definition is.

    Parameters
    ----------
    table : TomlTable
        The file, to be named where it contradicts itself.
    facts : mapping
        Keys and values of a definition, but for its items and scoring. Words are kept
        only where every question has them and the tier is not C.
    questions, scored : sequence of Question, Scored
        What is asked, and how it is scored.

    Raises
    ------
    InstrumentError
        If nobody is said to fill it in, if only some questions have words, or if the
        whole is no sound definition.
    """
    if not facts.get("answered_by"):
        raise table.refusal(
            "answered_by", "is not said in the file: it must be stated."
        )
    with_words = [question.text is not None for question in questions]
    shipped = all(with_words) and facts.get("tier") != Tier.UNSHIPPED.value
    if any(with_words) and not all(with_words):
        lacking = questions[with_words.index(False)].id
        raise InstrumentError(
            f"{table.where}: question {lacking} has no words and others have."
        )
    kept = {key: value for key, value in facts.items() if value}
    definition = {
        **kept,
        "text": "shipped" if shipped else "not shipped",
        "range": [plain(questions[0].low), plain(questions[0].high)],
        "items": [_item(question, shipped=shipped) for question in questions],
        "scoring": _scoring(questions, scored),
    }
    return instrument_from(TomlTable(table.where, "definition.", definition))


def _item(question: Question, *, shipped: bool) -> dict[str, object]:
    item: dict[str, object] = {
        "id": question.id,
        "range": [plain(question.low), plain(question.high)],
        "answers": [
            {"value": plain(worth)}
            | ({"label": label} if shipped and label is not None else {})
            for worth, label in question.answers
        ],
    }
    if shipped and question.text is not None:
        item["text"] = question.text
    if question.loinc is not None:
        item["loinc"] = question.loinc
    return item


def _scoring(questions: Sequence[Question], scored: Scored) -> dict[str, object]:
    by_id = {question.id: question for question in questions}
    return {
        "method": scored.method.value,
        "better": scored.better.value,
        "range": _range(questions, scored.method),
        "reversed": list(scored.reversed),
        "max_missing": scored.max_missing,
        "prorate": scored.max_missing > 0,
        "subscales": [
            {
                "id": part,
                "items": list(items),
                "range": _range([by_id[x] for x in items if x in by_id], scored.method),
            }
            for part, items in scored.subscales.items()
        ],
    }


def _range(questions: Sequence[Question], method: Method) -> list[float]:
    share = 1 if method is Method.SUM else max(len(questions), 1)
    return [
        plain(sum(question.low for question in questions) / share),
        plain(sum(question.high for question in questions) / share),
    ]
