"""Findings on what was left unsaid, by each person's own word."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duologue.engine import unsaid as engine_unsaid
from duologue.records import SEATS, Item, Seat
from duologue.relationship.arrays import Arrays, plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.templates import PHRASES, STRAND_TITLES
from duologue.relationship.wording import (
    Voice,
    counted,
    level_of,
)

HELD_BACK = ("a_little", "matters")


def own_unsaid(arrays: Arrays, seat: Seat, voice: Voice) -> Iterator[Finding]:
    """Yield the count of one person's own answers."""
    for item in _items(arrays):
        yield _own(arrays, item, seat, voice)


def shared_unsaid(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield the 2 x 2 of both people, where both opened it in 5 sessions or more."""
    for item in _items(arrays):
        yield from _both(arrays, item, voice)


def _items(arrays: Arrays) -> Iterator[Item]:
    return (i for i in arrays.course.prompts.items if i.id in ("unsaid", "sup_unsaid"))


def _held_back(arrays: Arrays, item: Item) -> NDArray[np.float64]:
    """Return 1 held back, 0 not, nan no answer; shape (n_sessions, 2)."""
    found = arrays.choices(item.id)
    rows = [
        [
            np.nan
            if (value := found.get((number, seat))) is None or value in item.declines
            else float(value in HELD_BACK)
            for seat in SEATS
        ]
        for number in arrays.session_numbers
    ]
    return np.array(rows, dtype=float).reshape(-1, 2)


def _own(arrays: Arrays, item: Item, seat: Seat, voice: Voice) -> Finding:
    held = _held_back(arrays, item)[:, SEATS.index(seat)]
    k, n = engine_unsaid.count_last(held)
    rows = np.flatnonzero(~np.isnan(held))
    level = level_of(n_answers=rows.size, n_asked=arrays.n_asked(item.id))
    enough = level is not Level.TOO_EARLY
    words = (
        voice.say("unsaid.mine", reached=level, k=k, n=n)
        if enough
        else voice.say("unsaid.mine.too_early", reached=level)
    )
    return Finding(
        id=f"mine.{item.id}",
        strand=Strand.UNSAID,
        whose=Whose.MINE,
        item=item.id,
        title=item.text.get(seat, "Left unsaid"),
        sessions=tuple(arrays.session_numbers[i] for i in rows),
        count=(k, n) if enough else None,
        on_request=True,
        chart=_dots(arrays, "Left unsaid", {"you": (seat, held)})
        if rows.size
        else None,
        **words.as_fields(),
    )


def _both(arrays: Arrays, item: Item, voice: Voice) -> Iterator[Finding]:
    held = _held_back(arrays, item)
    found = engine_unsaid.together(held[:, 0], held[:, 1])
    level = level_of(n_answers=found.n, n_asked=arrays.n_asked(item.id))
    if level is Level.TOO_EARLY:
        return
    words = voice.say(
        "unsaid.ours",
        reached=level,
        n=counted(found.n, "session"),
        both=found.both,
        client=found.client_only,
        therapist=found.therapist_only,
        neither=found.neither,
        expected=f"{found.both_expected:.1f}",
        after=_after(found, voice),
    )
    opened = ~np.isnan(held[:, 0]) & ~np.isnan(held[:, 1])
    shown = np.where(opened[:, None], held, np.nan)
    yield Finding(
        id=f"ours.{item.id}",
        strand=Strand.UNSAID,
        whose=Whose.OURS,
        item=item.id,
        title=STRAND_TITLES[item.id],
        sessions=tuple(arrays.session_numbers[i] for i in np.flatnonzero(opened)),
        estimate=round(found.both_expected, 6),
        unit="sessions expected to be both, if unrelated",
        count=(found.both, found.n),
        chart=_dots(
            arrays,
            "Left unsaid",
            {voice.called(s): (s, shown[:, i]) for i, s in enumerate(SEATS)},
        ),
        **words.as_fields(),
    )


def _after(found: engine_unsaid.UnsaidTogether, voice: Voice) -> str:
    """Say what came next, where there was a next session that both opened."""
    client, therapist = (voice.called(seat) for seat in SEATS)
    return "".join(
        PHRASES["unsaid.after"].format(first=first, second=second, k=k, n=n)
        for first, second, (k, n) in (
            (client, therapist, found.therapist_after_client),
            (therapist, client, found.client_after_therapist),
        )
        if n
    )


def _dots(
    arrays: Arrays,
    title: str,
    lines: dict[str, tuple[Seat, NDArray[np.float64]]],
) -> Chart:
    return Chart(
        picture=Picture.DOTS,
        title=title,
        unit="1 held something back, 0 did not",
        sessions=arrays.session_numbers,
        series=tuple(
            Series(label=label, seat=seat, values=plain(values))
            for label, (seat, values) in lines.items()
        ),
        low=0,
        high=1,
        joined=False,
    )
