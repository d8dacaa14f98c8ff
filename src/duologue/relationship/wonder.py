"""Something to wonder about: what is unlike a client's own usual, for the therapist.

It rests on what the client has let open and on nothing else. A card is a question; that
there is none says nothing.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from duologue.engine.wonder import Part, Wonder, chance, wonder
from duologue.errors import ParameterError
from duologue.records import SEATS, Item, Seat
from duologue.relationship.arrays import Arrays
from duologue.relationship.finding import Finding, Level, Strand, Whose
from duologue.relationship.lines import is_high, title_of
from duologue.relationship.scales import EASED_BY_OPENNESS, openness_of
from duologue.relationship.templates import TEMPLATES
from duologue.relationship.wording import Voice, counted, one_in
from duologue.sharing import Scope, Seen

DECLARED = ("safe", "sup_heard")
"""The series that is declared for a pair, by its kind: trust, or being heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something to wonder about.

    Attributes
    ----------
    finding : Finding
        What was seen, how sure that is, another reading, and a question.
    session, day : int, date or None
        The session that made it, and its day.
    strength : float
        How far it is from the usual: 1 at the limit.
    """

    finding: Finding
    session: int
    day: date | None
    strength: float


def wonders(
    seen: Seen, *, declared: str = "", further: tuple[str, ...] = ()
) -> list[Card]:
    """Return everything to wonder about in a course, the oldest first.

    Parameters
    ----------
    seen : Seen
        What the therapist may see, or the two together: it rests on what both may.
    declared : str
        The scale that was declared for this pair; trust by default. It was chosen
        before anybody looked.
    further : tuple of str
        Further scales, which share with it what chance may find.

    Returns
    -------
    list of Card
        A later answer changes none of them.

    Raises
    ------
    ParameterError
        If a scale is none of those that are asked after each session, or stands twice;
        or if the client asks alone: a card is put to the therapist, or looked at by both.
    """
    if seen.scope is Scope.CLIENT:
        raise ParameterError("scope must be therapist, ours or research, got client.")
    arrays = Arrays(seen.ours, drawn=False)
    items = _items(arrays, declared, further)
    if not items or not arrays.sessions:
        return []
    client = SEATS.index(Seat.CLIENT)
    series = [arrays.numbers(item.id)[:, client] for item in items]
    found = wonder(np.stack(series, axis=-1))
    voice = Voice(seen.ours.dyad.kind, research=seen.scope is Scope.RESEARCH)
    return [
        Card(
            finding=_finding(arrays, items[found.series[row]], found, row, voice),
            session=arrays.session_numbers[row],
            day=arrays.sessions[row].day,
            strength=float(found.strength[row]),
        )
        for row in np.flatnonzero(found.card).tolist()
    ]


def _items(arrays: Arrays, declared: str, further: tuple[str, ...]) -> list[Item]:
    known = {item.id: item for item in arrays.core_scales}
    if not declared:
        declared = next((name for name in DECLARED if name in known), "")
    names = [name for name in (declared, *further) if name]
    if len(set(names)) < len(names) or not set(names) <= set(known):
        allowed = ", ".join(known) or "none"
        raise ParameterError(f"each series must be another one of {allowed}.")
    return [known[name] for name in names]


def _finding(
    arrays: Arrays, item: Item, found: Wonder, row: int, voice: Voice
) -> Finding:
    part = Part(int(found.part[row]))
    rate = chance(part, near_top=bool(found.near_top[row]))
    name = "wonder.one" if part is Part.ONE else "wonder.few"
    words = voice.say(
        name,
        reached=Level.UNUSUAL,
        session=arrays.session_numbers[row],
        whom=voice.called(Seat.CLIENT),
        scale=title_of(item).lower(),
        earlier=counted(int(found.n_earlier[row]), "earlier answer"),
        chance=one_in(rate),
    )
    if part is Part.ONE and _was_open(arrays, item, row):
        template = TEMPLATES["open_day.ours"].another_reading
        words = words.read_as(template.format(seat=voice.called(Seat.CLIENT)))
    return Finding(
        id=f"ours.wonder.{item.id}.{arrays.session_numbers[row]}",
        strand=Strand.WONDER,
        whose=Whose.OURS,
        item=item.id,
        title=title_of(item),
        sessions=(arrays.session_numbers[row],),
        estimate=float(found.value[row]),
        unit="points of 100",
        chance_rate=rate,
        card=True,
        **words.as_fields(),
    )


def _was_open(arrays: Arrays, item: Item, row: int) -> bool:
    """Whether that session was one of the client's most open ones so far."""
    openness = openness_of(arrays)
    if openness is None or item.id not in EASED_BY_OPENNESS:
        return False
    own = arrays.numbers(openness.id)[: row + 1, SEATS.index(Seat.CLIENT)]
    there = ~np.isnan(own)
    return bool(there[-1]) and is_high(own[there])
