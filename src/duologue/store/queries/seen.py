"""From rows to what a person may see: loaded for the one who asks, then redacted.

What the other keeps back is not even loaded: of the other's answers only those that
have once opened leave the database. ``sharing`` then decides, as everywhere else.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from django.db.models import Q

from duologue.records import (
    Answer,
    Course,
    EdgeKind,
    FrameEvent,
    Prompts,
    Reflection,
    Seat,
    Session,
    Spoken,
    Synchrony,
    Tag,
    edges_moved,
)
from duologue.sharing import Seen, seen_by
from duologue.store.actions.changing import is_shared
from duologue.store.keys.records import open_text
from duologue.store.known import asked_of, known_at
from duologue.store.models import Answer as AnswerRow
from duologue.store.models import Dyad
from duologue.store.models import Session as SessionRow
from duologue.store.models.agreed import Lengths, lengths_of
from duologue.store.models.reflection import VALUES, as_value, words_place
from duologue.store.models.sealed import Sealed
from duologue.store.queries.came_for import CameFor, came_for_of
from duologue.store.queries.pairs import Pair
from duologue.store.queries.recordings import synchrony_of
from duologue.store.queries.transcripts import spoken_of

_COLUMNS = (
    *("reflection__session__dyad_id", "reflection__session__number"),
    *("reflection__seat", "reflection__willing", "shares", "taken_back"),
    *("reflection_id", "item", *VALUES),
)
Sides: TypeAlias = dict[tuple[int, Seat], list[Answer]]


def seen(pair: Pair, *, number: int | None = None) -> Seen:
    """Return what the person who asks may see of their pair.

    Parameters
    ----------
    pair : Pair
        The pair, as the one who asks holds it.
    number : int, optional
        One session only, without goals, forms, recordings and what was said, which no page
        of one session shows; every session by default.
    """
    return _redacted([pair], number)[0]


def shown_to_other(pair: Pair) -> Seen:
    """Return what the person across may see of the two, made as it is made for them.

    What is the other's alone is neither loaded nor returned: nobody is shown that, nor
    how much of it there is.
    """
    across = replace(pair, seat=pair.seat.other, person=pair.other, other=pair.person)
    return _redacted([across], None, with_own=False)[0].together()


def seen_of_all(pairs: Sequence[Pair]) -> tuple[Seen, ...]:
    """Return what a person may see of several pairs, in as many queries as of one.

    Without what recordings and transcripts showed: no list tells of it.
    """
    return tuple(_redacted(pairs, None, with_recordings=False))


def _redacted(
    pairs: Sequence[Pair],
    number: int | None,
    *,
    with_own: bool = True,
    with_recordings: bool = True,
) -> list[Seen]:
    ids = [pair.id for pair in pairs]
    whole = Dyad.objects.select_related("practice", "agreement")
    dyads = whole.in_bulk(ids)
    sessions, lengths = _sessions(ids, number), lengths_of(ids)
    sides = _sides(_loadable(pairs, with_own=with_own), number, dyads)
    known = known_at({pair.practice for pair in pairs})
    came_for = came_for_of(dyads, known) if number is None else {}
    recorded = with_recordings and number is None
    synchrony = synchrony_of(dyads) if recorded else {}
    spoken = spoken_of(dyads) if recorded else {}
    return [
        seen_by(
            _course(
                dyads[i],
                sessions[i],
                lengths[i],
                sides=sides[i],
                came_for=came_for.get(i, CameFor()),
                synchrony=synchrony.get(i, ()),
                spoken=spoken.get(i, ()),
                prompts=asked_of(pair.kind, known[pair.practice]),
            ),
            pair.person,
        )
        for i, pair in zip(ids, pairs, strict=True)
    ]


def _course(
    dyad: Dyad,
    rows: list[SessionRow],
    lengths: Lengths,
    *,
    sides: Sides,
    came_for: CameFor,
    synchrony: tuple[Synchrony, ...],
    spoken: tuple[Spoken, ...],
    prompts: Prompts,
) -> Course:
    pair = dyad.as_record()
    sessions = [_session(row, lengths, pair.agreement.length_min) for row in rows]
    known = {session.number for session in sessions}
    return Course(
        dyad=pair,
        prompts=prompts,
        sessions=tuple(sessions),
        reflections=tuple(
            Reflection(session=session, seat=seat, answers=tuple(answers))
            for (session, seat), answers in sorted(sides.items())
        ),
        frame=tuple(_frame(rows, sessions, pair.agreement.length_min)),
        goals=came_for.goals_at(known),
        measures=came_for.measures_at(known),
        synchrony=synchrony,
        spoken=spoken,
        made_up=dyad.practice.made_up,
    )


def _session(row: SessionRow, lengths: Lengths, now_min: int | None) -> Session:
    """Return a session as a record, with the length of its time where that was another."""
    session, length = row.as_record(), lengths.on(row.planned_start)
    if session.planned_minutes is None and length != now_min:
        return replace(session, planned_minutes=length)
    return session


def _frame(
    rows: list[SessionRow], sessions: list[Session], length_min: int | None
) -> Iterator[FrameEvent]:
    """Yield the edges that the therapist has put a word to, one for each session."""
    for row, session in zip(rows, sessions, strict=True):
        moved = edges_moved(session, length_min=length_min)
        if row.tag:
            kind = moved[0] if moved else EdgeKind.OTHER
            yield FrameEvent(session=row.number, kind=kind, tag=Tag(row.tag))


def _sessions(ids: list[int], number: int | None) -> defaultdict[int, list[SessionRow]]:
    rows = SessionRow.objects.filter(dyad__in=ids)
    if number is not None:
        rows = rows.filter(number=number)
    found: defaultdict[int, list[SessionRow]] = defaultdict(list)
    for row in rows:
        found[row.dyad_id].append(row)
    return found


def _sides(
    loadable: Q, number: int | None, dyads: Mapping[int, Dyad]
) -> defaultdict[int, Sides]:
    rows = AnswerRow.objects.filter(loadable)
    if number is not None:
        rows = rows.filter(reflection__session__number=number)
    found: defaultdict[int, Sides] = defaultdict(dict)
    for (
        dyad_id,
        session,
        seat,
        willing,
        shares,
        taken_back,
        reflection_id,
        item,
        *plain,
        words,
    ) in rows.values_list(*_COLUMNS):
        place = words_place(reflection_id, item)
        value = (*plain, _opened(words, dyads[dyad_id], place))
        answer = Answer(
            item,
            as_value(*value),
            is_shared(willing=willing, shares=shares, taken_back=taken_back),
        )
        found[dyad_id].setdefault((session, Seat(seat)), []).append(answer)
    return found


def _opened(words: Sealed | None, dyad: Dyad, place: str) -> str | None:
    return None if words is None else open_text(words, dyad.place(place))


def _loadable(pairs: Sequence[Pair], *, with_own: bool) -> Q:
    """Return the condition on answers: such as have once opened, and the asker's own."""
    condition = Q(pk__in=())
    for seat in Seat:
        held = [pair.id for pair in pairs if pair.seat is seat]
        if held:
            opened = Q(opened_at__isnull=False)
            wanted = opened | Q(reflection__seat=seat) if with_own else opened
            condition |= Q(reflection__session__dyad__in=held) & wanted
    return condition
