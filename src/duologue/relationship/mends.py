"""Findings on pulling apart and coming back."""

from collections.abc import Iterator
from dataclasses import dataclass

from duologue.engine.mending import Mark, Seam, seams
from duologue.records import SEATS, Item, Seat
from duologue.relationship.arrays import Arrays, is_recent
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
from duologue.relationship.wording import Voice, Words, counted

MARKS = {
    "no": Mark.NO,
    "came_back": Mark.CAME_BACK,
    "back": Mark.CAME_BACK,
    "still_there": Mark.STILL_THERE,
    "still": Mark.STILL_THERE,
    "not_sure": Mark.NOT_SURE,
    "unsure": Mark.NOT_SURE,
}
"""Option ids of ``apart`` and of its parallel in supervision."""


def own_apart(arrays: Arrays, seat: Seat, voice: Voice) -> Iterator[Finding]:
    """Yield the count of one person's own marks."""
    for item in _items(arrays):
        yield from _own_apart(arrays, item, seat, voice)


def shared_apart(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield each time apart that has opened to both, with its mend."""
    for item in _items(arrays):
        marks = _opened_marks(arrays, item)
        if marks.opened:
            yield from _seams(marks, voice)


@dataclass(frozen=True, kw_only=True)
class _Marks:
    item: Item
    session_numbers: tuple[int, ...]
    opened: tuple[int, ...]
    seams: tuple[Seam, ...]

    def span(self, seam: Seam) -> tuple[int, int | None]:
        """Return the session numbers from apart to back."""
        numbers = self.session_numbers
        back = None if seam.mended is None else numbers[seam.mended]
        return numbers[seam.start], back

    def is_recent(self, back: int | None) -> bool:
        """Whether the mend, or the newest answer of a seam still open, is recent."""
        newest = self.opened[-1] if back is None else back
        return is_recent(newest, self.session_numbers)


def _items(arrays: Arrays) -> Iterator[Item]:
    return (i for i in arrays.course.prompts.items if i.id in ("apart", "sup_apart"))


def _opened_marks(arrays: Arrays, item: Item) -> _Marks:
    found = arrays.choices(item.id)
    columns: list[list[Mark | None]] = [
        [
            None if (value := found.get((number, seat))) is None else MARKS[str(value)]
            for number in arrays.session_numbers
        ]
        for seat in SEATS
    ]
    return _Marks(
        item=item,
        session_numbers=arrays.session_numbers,
        opened=tuple(sorted({number for number, _ in found})),
        seams=seams(*columns),
    )


def _own_apart(
    arrays: Arrays, item: Item, seat: Seat, voice: Voice
) -> Iterator[Finding]:
    own = {n: v for (n, s), v in arrays.choices(item.id).items() if s is seat}
    if not own:
        return
    apart = [
        n
        for n, value in own.items()
        if MARKS[str(value)] in (Mark.CAME_BACK, Mark.STILL_THERE)
    ]
    words = voice.say(
        "apart.mine", reached=Level.COUNT, k=len(apart), n=counted(len(own), "session")
    )
    yield Finding(
        id=f"mine.{item.id}",
        strand=Strand.APART,
        whose=Whose.MINE,
        item=item.id,
        title=item.text.get(seat, STRAND_TITLES[item.id]),
        sessions=tuple(sorted(own)),
        count=(len(apart), len(own)),
        **words.as_fields(),
    )


def _seams(marks: _Marks, voice: Voice) -> Iterator[Finding]:
    if not marks.seams:
        n = counted(len(marks.opened), "session")
        words = voice.say("apart.none", reached=Level.COUNT, n=n)
        yield _finding(marks, words, marks.opened, count=(0, len(marks.opened)))
    for place, seam in enumerate(marks.seams):
        start, back = marks.span(seam)
        last = marks.session_numbers[-1] if back is None else back
        yield _finding(
            marks,
            _seam_words(marks, seam, voice),
            tuple(n for n in marks.opened if start <= n <= last),
            count=((seam.client is not None) + (seam.therapist is not None), 2),
            card=seam.by_both and marks.is_recent(back),
            place=place,
        )


def _seam_words(marks: _Marks, seam: Seam, voice: Voice) -> Words:
    start, back = marks.span(seam)
    if back is None:
        then = PHRASES["back.not_yet"]
    elif back == start:
        then = PHRASES["back.at_once"]
    else:
        then = PHRASES["back.later"].format(session=back)
    if seam.by_both:
        return voice.say("apart.both", reached=Level.REPEATED, session=start, back=then)
    numbers = marks.session_numbers
    first = {
        seat: numbers[index]
        for seat, index in zip(SEATS, (seam.client, seam.therapist), strict=True)
        if index is not None
    }
    if len(first) == len(SEATS):
        one, other = sorted(first, key=lambda seat: first[seat])
        return voice.say(
            "apart.each",
            reached=Level.COUNT,
            one=voice.called(one),
            one_session=first[one],
            other=voice.called(other),
            other_session=first[other],
            back=then,
        )
    (seat,) = first
    return voice.say(
        "apart.one",
        reached=Level.COUNT,
        session=start,
        seat=voice.called(seat),
        back=then,
    )


def _finding(
    marks: _Marks,
    words: Words,
    sessions: tuple[int, ...],
    *,
    count: tuple[int, int],
    card: bool = False,
    place: int = 0,
) -> Finding:
    name = STRAND_TITLES[marks.item.id]
    return Finding(
        id=f"ours.{marks.item.id}"
        if place == 0
        else f"ours.{marks.item.id}.{place + 1}",
        strand=Strand.APART,
        whose=Whose.OURS,
        item=marks.item.id,
        title=name,
        sessions=sessions,
        count=count,
        card=card,
        chart=_seam_chart(marks, name) if place == 0 else None,
        **words.as_fields(),
    )


def _seam_chart(marks: _Marks, name: str) -> Chart:
    """Draw the whole course once, with every seam on it."""
    return Chart(
        picture=Picture.SEAM,
        title=name,
        unit="sessions",
        sessions=marks.session_numbers,
        series=(
            Series(
                label="answered",
                seat=None,
                values=tuple(
                    1.0 if n in marks.opened else None for n in marks.session_numbers
                ),
            ),
        ),
        low=0,
        high=1,
        spans=tuple(marks.span(seam) for seam in marks.seams),
    )
