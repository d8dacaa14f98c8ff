"""Findings on what is asked now and then: rotating scales, and needs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duologue.records import SEATS, Item, ItemType, Rotation, Seat
from duologue.relationship.arrays import Arrays, is_recent, plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.lines import title_of
from duologue.relationship.wording import Voice, Words, counted


def own_rotating(arrays: Arrays, seat: Seat, voice: Voice) -> Iterator[Finding]:
    """Yield one person's own answers to what is asked in turn."""
    for item in _rotating_items(arrays):
        if item.is_number:
            yield from _own_scale(arrays, item, seat, voice)
        elif item.type is ItemType.CHIPS:
            yield from _own_need(arrays, item, seat, voice)


def shared_rotating(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield what both opened of what is asked in turn; a need only while it is news."""
    for item in _rotating_items(arrays):
        if item.is_number:
            yield from _shared_scale(arrays, item, voice)
        elif item.type is ItemType.CHIPS:
            yield from _both_need(arrays, item, voice)


def _rotating_items(arrays: Arrays) -> Iterator[Item]:
    items = arrays.course.prompts.items
    return (item for item in items if item.rotation is Rotation.ROTATING)


def _shared_scale(arrays: Arrays, item: Item, voice: Voice) -> Iterator[Finding]:
    values = arrays.numbers(item.id).copy()
    if item.flip is not None:
        # The low end means the answerer in both seats: turn one before comparing.
        column = SEATS.index(item.flip)
        values[:, column] = item.low + item.high - values[:, column]
    rows = np.flatnonzero(~np.isnan(values).all(axis=1))
    if not rows.size:
        return
    words = voice.say("rotating", reached=Level.COUNT, n=counted(rows.size, "session"))
    yield _points(
        arrays,
        item,
        rows,
        words,
        whose=Whose.OURS,
        title=title_of(item),
        ends=_ends(item, voice),
        series=tuple(
            Series(label=voice.called(seat), seat=seat, values=plain(values[:, i]))
            for i, seat in enumerate(SEATS)
        ),
    )


def _own_scale(
    arrays: Arrays, item: Item, seat: Seat, voice: Voice
) -> Iterator[Finding]:
    values = arrays.numbers(item.id)[:, SEATS.index(seat)]
    rows = np.flatnonzero(~np.isnan(values))
    if not rows.size:
        return
    n = counted(rows.size, "session")
    yield _points(
        arrays,
        item,
        rows,
        voice.say("rotating.mine", reached=Level.COUNT, n=n),
        whose=Whose.MINE,
        title=item.text.get(seat, title_of(item)),
        ends=item.ends.get(seat, ("", "")),
        series=(Series(label="you", seat=seat, values=plain(values)),),
    )


def _points(
    arrays: Arrays,
    item: Item,
    rows: NDArray[np.int64],
    words: Words,
    *,
    whose: Whose,
    title: str,
    ends: tuple[str, str],
    series: tuple[Series, ...],
) -> Finding:
    """Show answers that are too far apart for a line: points, and their number."""
    return Finding(
        id=f"{whose}.{item.id}",
        strand=Strand.ROTATING,
        whose=whose,
        item=item.id,
        title=title,
        sessions=tuple(arrays.session_numbers[i] for i in rows),
        unit="points of 100",
        count=(int(rows.size), len(arrays.session_numbers)),
        chart=Chart(
            picture=Picture.LINES,
            title=title,
            unit="points of 100",
            sessions=arrays.session_numbers,
            series=series,
            low=0,
            high=100,
            ends=ends,
            joined=False,
        ),
        **words.as_fields(),
    )


def _ends(item: Item, voice: Voice) -> tuple[str, str]:
    if item.flip is not None:
        called = voice.called(Seat.CLIENT), voice.called(Seat.THERAPIST)
        return (f"mostly the {called[0]}", f"mostly the {called[1]}")
    return item.ends.get(Seat.CLIENT, ("", ""))


def _labels(item: Item, seat: Seat, value: object) -> str:
    chosen = value if isinstance(value, tuple) else ()
    labels = [o.label for o in item.options.get(seat, ()) if o.id in chosen]
    return ", ".join(f"\u201c{label}\u201d" for label in labels)


def _own_need(
    arrays: Arrays, item: Item, seat: Seat, voice: Voice
) -> Iterator[Finding]:
    own = {n: v for (n, s), v in arrays.choices(item.id).items() if s is seat and v}
    if not own:
        return
    newest = max(own)
    if not is_recent(newest, arrays.session_numbers):
        return
    words = voice.say(
        "need.mine",
        reached=Level.COUNT,
        session=newest,
        mine=_labels(item, seat, own[newest]),
    )
    yield Finding(
        id=f"mine.{item.id}",
        strand=Strand.NEED,
        whose=Whose.MINE,
        item=item.id,
        title=item.text.get(seat, title_of(item)),
        sessions=(newest,),
        **words.as_fields(),
    )


def _both_need(arrays: Arrays, item: Item, voice: Voice) -> Iterator[Finding]:
    found = arrays.choices(item.id)
    said_by = {
        seat: {n for (n, s), v in found.items() if s is seat and v} for seat in SEATS
    }
    both = said_by[Seat.CLIENT] & said_by[Seat.THERAPIST]
    if not both:
        return
    newest = max(both)
    if not is_recent(newest, arrays.session_numbers):
        return
    said = {
        seat: f"the {voice.called(seat)} said "
        f"{_labels(item, seat, found[newest, seat])}"
        for seat in SEATS
    }
    words = voice.say(
        "need.ours",
        reached=Level.COUNT,
        session=newest,
        client=said[Seat.CLIENT],
        therapist=said[Seat.THERAPIST],
    )
    yield Finding(
        id=f"ours.{item.id}",
        strand=Strand.NEED,
        whose=Whose.OURS,
        item=item.id,
        title=title_of(item),
        sessions=(newest,),
        **words.as_fields(),
    )
