"""The agreement in plain words: what is proposed to begin with, and what it says.

The words of a first proposal are ours, for a therapist in private practice in the United
Kingdom, and meant to be changed. They are no legal advice.
"""

from dataclasses import asdict, dataclass, fields, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from duologue.records import (
    Item,
    Kind,
    Prompts,
    Seat,
    Supervision,
    Terms,
)
from duologue.sharing import has_own_switch, may_open

_FRAME = """\
We meet at the same time each week, in the room or online as we have arranged. A session \
begins and ends on time, also when one of us is late.
If either of us cannot come, we say so at least 48 hours before. Breaks are said well \
ahead.
Between sessions we write to each other about times and places only.
Either of us may end the work. We try to say so in time for a last session."""

_CONFIDENTIALITY = """\
What is said between us stays between us, with these exceptions:
- if the therapist believes that somebody is at risk of serious harm, they may tell those \
who can help, and whenever they can they talk with the client about it first;
- if a child or an adult who needs protecting may be in danger, the therapist may have to \
tell those whose duty it is to protect them (safeguarding);
- if a court orders it, or the law leaves no choice;
- the therapist talks about the work with a supervisor, who is bound in the same way. The \
client has a code there and not a name.
Notes, and what we write here, may be asked for by a court. Either of us may ask to see \
what is kept about them."""

_SUPERVISION_FRAME = """\
We meet at the same time each month, in the room or online as we have arranged.
If either of us cannot come, we say so at least 48 hours before, and find another time in \
the same month.
The hour is for your work, for what you learn, and for how you are."""

_SUPERVISION_LIMITS = """\
What is said between us stays between us, with these exceptions:
- if the supervisor believes that somebody is at risk of serious harm and that it is not \
being looked after, they may have to act, and whenever they can they talk about it first;
- if a court orders it, or the law leaves no choice;
- the supervisor talks about the supervision with a supervisor of their own, under a code.
Clients have codes here and not names."""

_FIRST = {
    Kind.THERAPY: Terms(
        length_min=50,
        rhythm="weekly",
        frame=_FRAME,
        confidentiality=_CONFIDENTIALITY,
        supervision=Supervision.THEMES,
        keep_free_text_days=90,
        keep_numbers_years=7,
    ),
    Kind.SUPERVISION: Terms(
        length_min=90,
        rhythm="monthly",
        frame=_SUPERVISION_FRAME,
        confidentiality=_SUPERVISION_LIMITS,
        supervision=Supervision.THEMES,
        keep_free_text_days=90,
        keep_numbers_years=7,
    ),
}


def default_terms(kind: Kind = Kind.THERAPY) -> Terms:
    """Return what is put to somebody who proposes for the first time, to be changed."""
    return _FIRST[kind]


def filled(terms: Terms, kind: Kind, *, own: Terms | None = None) -> Terms:
    """Return terms with the points that nobody has agreed on yet filled in to begin with.

    Parameters
    ----------
    terms : Terms
        What two have agreed.
    kind : Kind
        Of the pair.
    own : Terms, optional
        The words of whoever proposes, from before; by default ours.
    """
    first = default_terms(kind) if own is None else own
    if terms == Terms():
        return first
    return replace(first, **_said_of(terms))


def is_whole(terms: Terms) -> bool:
    """Whether something is agreed on each point."""
    return len(_said_of(terms)) == len(fields(Terms))


def _said_of(terms: Terms) -> dict[str, Any]:
    return {name: said for name, said in asdict(terms).items() if said is not None}


class Mark(StrEnum):
    """What becomes of a line of an agreement by a proposal."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of an agreement in plain words, line by line, each as it is marked."""

    title: str
    lines: tuple[tuple[Mark, str], ...]

    @property
    def changes(self) -> bool:
        """Whether anything of it is new or gone."""
        return any(mark is not Mark.SAME for mark, _ in self.lines)


def points(
    terms: Terms, kind: Kind, *, before: Terms | None = None
) -> tuple[Point, ...]:
    """Return an agreement point by point.

    Parameters
    ----------
    terms : Terms
        What it says.
    kind : Kind
        Of the pair.
    before : Terms, optional
        What it would replace: lines that are new or gone are marked.
    """
    after = _said(terms, kind)
    earlier = after if before is None else _said(before, kind)
    return tuple(
        Point(title=title, lines=_marked(was, words))
        for (title, words), (_, was) in zip(after, earlier, strict=True)
    )


def _marked(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """Return the lines of two texts in one order, those of the earlier one first."""
    was, now = before.splitlines(), after.splitlines()
    found: list[tuple[Mark, str]] = []
    for what, i, j, k, m in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if what == "equal":
            found += ((Mark.SAME, line) for line in now[k:m])
        else:
            found += ((Mark.GONE, line) for line in was[i:j])
            found += ((Mark.NEW, line) for line in now[k:m])
    return tuple(found)


def _said(terms: Terms, kind: Kind) -> tuple[tuple[str, str], ...]:
    return (
        (
            "How long, and how often",
            _together(
                None if terms.length_min is None else f"{terms.length_min} minutes",
                terms.rhythm,
            ),
        ),
        ("The frame", terms.frame or UNSAID),
        ("What stays between us, and what may not", terms.confidentiality or UNSAID),
        ("What supervision may hear", heard(terms.supervision, kind)),
        ("What is kept, and how long", kept(terms)),
    )


UNSAID = "Nothing is agreed on this yet."
"""What stands where two people have agreed on nothing."""


def _together(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part) or UNSAID


def heard(supervision: Supervision, kind: Kind) -> str:
    """Say in plain words what supervision may hear."""
    match supervision:
        case Supervision.NOTHING:
            return "Nothing of the work of the two of us."
        case Supervision.THEMES:
            return (
                f"What the {Seat.THERAPIST.called(kind)} says of their own part in the "
                "work, under a code. Nothing that either of us wrote here."
            )
        case Supervision.OPENED:
            return (
                f"What the {Seat.THERAPIST.called(kind)} says of their own part in the "
                "work, and what has opened to us both, under a code. To the second each "
                "of us also says yes, or not, alone."
            )


def kept(terms: Terms) -> str:
    """Say in plain words how long things are kept, and from when that counts."""
    if terms.keep_free_text_days is None or terms.keep_numbers_years is None:
        return UNSAID
    return (
        f"While we work, all of it. After the ending: words for "
        f"{_count(terms.keep_free_text_days, 'day')}, numbers for "
        f"{_count(terms.keep_numbers_years, 'year')}. Both clocks start at the ending of "
        "the work and not before. Each of us may delete their own at any time."
    )


def _count(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Some of what a person is asked, and who sees the answers."""

    who: str
    asked: tuple[str, ...]


def who_sees(prompts: Prompts, seat: Seat) -> tuple[Visible, ...]:
    """Return who sees the answers to which question: by the rules that open them.

    Parameters
    ----------
    prompts : Prompts
        What the two are asked.
    seat : Seat
        Whose wording is used.
    """
    groups: dict[str, list[str]] = {}
    for item in prompts.items:
        if seat in item.text:
            groups.setdefault(_who(item), []).append(item.text[seat])
    return tuple(Visible(who=who, asked=tuple(asked)) for who, asked in groups.items())


def _who(item: Item) -> str:
    if not may_open(item):
        return "Whoever answers it, and nobody else"
    if has_own_switch(item):
        return "Both, only where both switched that on, answered and are willing"
    return "Both, only where both answered and are willing for that session"
