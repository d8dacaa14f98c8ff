"""Findings on the scales: one's own usual, both people's, and the two views."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.usual import quieter, steps_down
from duologue.engine.views import TwoViews, two_views
from duologue.records import Item, Seat
from duologue.relationship.arrays import SEATS, Arrays, plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.templates import STRAND_TITLES, TEMPLATES
from duologue.relationship.wording import Voice, Words, level_of, one_in, share_of

CHANCE_ONE = 0.0135
"""Of ordinary sessions, the share below one person's own band (docs/validation.md)."""

CHANCE_TWICE = 0.0008
"""The same, for two or more of three with the newest among them."""

CHANCE_QUIETER = 0.01
"""Of ordinary stretches of three, the share in which both are called quieter."""

CHANCE_GAP = 0.012
"""Of ordinary sessions, the share whose gap lies outside the pair's own band."""

CHANCE_GAP_TWICE = 0.0004
"""The same, for two or more of three with the newest among them."""

STRANDS = {
    "open": Strand.OPENNESS,
    "sup_open": Strand.OPENNESS,
    "understood": Strand.UNDERSTANDING,
    "sup_heard": Strand.UNDERSTANDING,
    "safe": Strand.TRUST,
    "here": Strand.PRESENCE,
    "deep": Strand.DEPTH,
}
OPENNESS = ("open", "sup_open")
EASED_BY_OPENNESS = ("safe", "understood", "here", "sup_heard", "sup_focus")
"""Scales whose dip on an open day has another reading (essay, section 4)."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person's answers to one scale, with the band of their own usual."""

    item: Item
    seat: Seat
    session_numbers: tuple[int, ...]
    values: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    below: NDArray[np.bool_]
    n_asked: int

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows with an answer, oldest first."""
        return np.flatnonzero(~np.isnan(self.values))

    @property
    def outside(self) -> int:
        """How many of the last three answers lie below; 0 if the newest does not."""
        last = self.below[self.rows[-3:]]
        return int(last.sum()) if last.size and last[-1] else 0

    @property
    def level(self) -> Level:
        """How much may be said of this line."""
        return level_of(
            n_answers=self.rows.size, n_asked=self.n_asked, outside=self.outside
        )

    @property
    def newest(self) -> int:
        """Number of the newest session with an answer."""
        return self.session_numbers[int(self.rows[-1])]

    @property
    def is_high(self) -> bool:
        """Whether the newest answer is in the upper third of the person's own."""
        own = self.values[self.rows]
        return own.size >= 6 and bool(own[-1] >= np.quantile(own, 2 / 3))

    def series(self, label: str) -> Series:
        """Return the line as a face draws it."""
        band = self.rows.size >= 5
        return Series(
            label=label,
            seat=self.seat,
            values=plain(self.values),
            lower=plain(np.clip(self.lower, 0, 100)) if band else (),
            upper=plain(np.clip(self.upper, 0, 100)) if band else (),
            marks=tuple(
                self.session_numbers[i]
                for i in np.flatnonzero(self.below)
                if (~np.isnan(self.values[: i + 1])).sum() >= 12
            ),
        )


def line_of(arrays: Arrays, item: Item, seat: Seat) -> Line:
    """Take one person's line out of the arrays."""
    column = SEATS.index(seat)
    band = arrays.usual(item)
    return Line(
        item=item,
        seat=seat,
        session_numbers=arrays.session_numbers,
        values=arrays.numbers(item.id)[:, column],
        lower=band.lower[:, column],
        upper=band.upper[:, column],
        below=band.below[:, column],
        n_asked=arrays.n_asked(item.id),
    )


def own_scales(arrays: Arrays, seat: Seat, voice: Voice) -> Iterator[Finding]:
    """Yield one finding for each core scale, from one person's own answers."""
    openness = _openness(arrays, seat)
    for item in arrays.core_scales:
        line = line_of(arrays, item, seat)
        words, count, chance = _own_words(line, voice)
        if words.level >= Level.UNUSUAL and _eased(line, openness):
            words = words.read_as(TEMPLATES["open_day.mine"].another_reading)
        yield Finding(
            id=f"mine.{item.id}",
            strand=STRANDS.get(item.id, Strand.RATING),
            whose=Whose.MINE,
            item=item.id,
            title=item.text.get(seat, _title(item)),
            sessions=tuple(line.session_numbers[i] for i in line.rows),
            estimate=float(line.values[line.rows[-1]]) if line.rows.size else None,
            interval=_band(line),
            unit="points of 100",
            count=count,
            chance_rate=chance,
            card=words.level >= Level.UNUSUAL,
            chart=_lines(arrays, item, (line,), labels=("you",)),
            **words.as_fields(),
        )


def shared_scales(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield, for each core scale, both people's lines and their two views."""
    if not any(arrays.answers(item.id) for item in arrays.core_scales):
        yield _nothing_open(voice)
        return
    for item in arrays.core_scales:
        lines = tuple(line_of(arrays, item, seat) for seat in SEATS)
        yield _both(arrays, item, lines, voice)
        views = two_views(lines[0].values, lines[1].values)
        if views.n_both >= 5:
            yield _views(arrays, item, views, voice)
    yield from _quieter(arrays, voice)


def _nothing_open(voice: Voice) -> Finding:
    words = voice.say("ours.nothing_open", reached=Level.TOO_EARLY)
    return Finding(
        id="ours.nothing_open",
        strand=Strand.OPENED,
        whose=Whose.OURS,
        title="Nothing has opened yet",
        sessions=(),
        **words.as_fields(),
    )


def _title(item: Item) -> str:
    return STRAND_TITLES.get(item.id, item.id.replace("_", " "))


def _openness(arrays: Arrays, seat: Seat) -> Line | None:
    for item in arrays.core_scales:
        if item.id in OPENNESS:
            return line_of(arrays, item, seat)
    return None


def _eased(line: Line, openness: Line | None) -> bool:
    """Whether a dip fell on one of the same person's most open days."""
    return (
        openness is not None
        and line.item.id in EASED_BY_OPENNESS
        and bool(openness.rows.size)
        and openness.newest == line.newest
        and openness.is_high
    )


def _own_words(
    line: Line, voice: Voice
) -> tuple[Words, tuple[int, int] | None, float | None]:
    level = line.level
    if level is Level.TOO_EARLY:
        return voice.say("mine.too_early", reached=level), None, None
    if level is Level.EARLY:
        k, n = steps_down(line.values)
        were = "was" if k == 1 else "were"
        return voice.say("mine.early", reached=level, k=k, n=n, were=were), (k, n), 0.5
    if level is Level.COUNT:
        words = voice.say("mine.within", reached=level, session=line.newest)
        return words, None, None
    if level is Level.UNUSUAL:
        words = voice.say(
            "mine.unusual",
            reached=level,
            session=line.newest,
            chance=one_in(CHANCE_ONE),
        )
        return words, None, CHANCE_ONE
    words = voice.say(
        "mine.repeated", reached=level, k=line.outside, chance=one_in(CHANCE_TWICE)
    )
    return words, (line.outside, 3), CHANCE_TWICE


def _both(arrays: Arrays, item: Item, lines: tuple[Line, ...], voice: Voice) -> Finding:
    words, count, chance = _both_words(lines, voice)
    if words.level >= Level.UNUSUAL:
        for line in lines:
            if line.outside and _eased(line, _openness(arrays, line.seat)):
                words = words.read_as(
                    TEMPLATES["open_day.ours"].another_reading.format(
                        seat=voice.called(line.seat)
                    )
                )
    labels = tuple(voice.called(line.seat) for line in lines)
    answered = sorted({i for line in lines for i in line.rows.tolist()})
    return Finding(
        id=f"ours.{item.id}",
        strand=STRANDS.get(item.id, Strand.RATING),
        whose=Whose.OURS,
        item=item.id,
        title=_title(item),
        sessions=tuple(arrays.session_numbers[i] for i in answered),
        unit="points of 100",
        count=count,
        chance_rate=chance,
        card=words.level >= Level.UNUSUAL,
        chart=_lines(arrays, item, lines, labels=labels),
        **words.as_fields(),
    )


def _both_words(
    lines: tuple[Line, ...], voice: Voice
) -> tuple[Words, tuple[int, int] | None, float | None]:
    if not any(line.rows.size for line in lines):
        return voice.say("ours.nothing_open", reached=Level.TOO_EARLY), None, None
    lowest = min(line.level for line in lines)
    if lowest is Level.TOO_EARLY:
        return voice.say("ours.too_early", reached=lowest), None, None
    if any(line.level is Level.EARLY for line in lines):
        k, n = _steps_down_together(lines)
        return voice.say("ours.early", reached=Level.EARLY, k=k, n=n), (k, n), 0.25
    out = [line for line in lines if line.outside]
    newest = max(line.newest for line in lines)
    out = [line for line in out if line.newest == newest]
    if not out:
        return voice.say("ours.within", reached=lowest, session=newest), None, None
    return _both_outside(lines, out, voice, newest)


def _both_outside(
    lines: tuple[Line, ...], out: list[Line], voice: Voice, newest: int
) -> tuple[Words, tuple[int, int] | None, float | None]:
    """Say that one or both were lower than usual; "either" doubles the chance."""
    either = 2 * CHANCE_ONE
    twice = max(out, key=lambda line: line.outside)
    reached = max(line.level for line in out)
    if len(out) == len(lines):
        words = voice.say(
            "ours.unusual.both",
            reached=reached,
            session=newest,
            chance=one_in(CHANCE_ONE),
        )
        return words, None, CHANCE_ONE
    if twice.outside >= 2:
        words = voice.say(
            "ours.repeated",
            reached=reached,
            seat=voice.called(twice.seat),
            k=twice.outside,
            chance=one_in(2 * CHANCE_TWICE),
        )
        return words, (twice.outside, 3), 2 * CHANCE_TWICE
    words = voice.say(
        "ours.unusual.one",
        reached=reached,
        session=newest,
        seat=voice.called(out[0].seat),
        other=voice.called(out[0].seat.other),
        chance=one_in(either),
    )
    return words, None, either


def _steps_down_together(lines: tuple[Line, ...]) -> tuple[int, int]:
    values = np.stack([line.values for line in lines])
    steps = np.diff(values[:, ~np.isnan(values).any(axis=0)], axis=1)[:, -5:]
    return int((steps < 0).all(axis=0).sum()), int(steps.shape[1])


def _views(arrays: Arrays, item: Item, views: TwoViews, voice: Voice) -> Finding:
    rows = np.flatnonzero(~np.isnan(views.gap))
    out = views.departures.below | views.departures.above
    last = out[rows[-3:]]
    outside = int(last.sum()) if last[-1] else 0
    level = level_of(
        n_answers=views.n_both, n_asked=arrays.n_asked(item.id), outside=outside
    )
    # A count of opened answers is description, allowed from 5 on.
    reached = max(level, Level.COUNT)
    words, chance = _views_words(arrays, views, voice, reached, outside)
    return Finding(
        id=f"ours.two_views.{item.id}",
        strand=Strand.TWO_VIEWS,
        whose=Whose.OURS,
        item=item.id,
        title=f"Two views: {_title(item)[0].lower()}{_title(item)[1:]}",
        sessions=tuple(arrays.session_numbers[i] for i in rows),
        estimate=round(views.usual_gap, 6),
        interval=(round(views.interval[0], 6), round(views.interval[1], 6)),
        unit=f"points of 100, {voice.called(Seat.THERAPIST)} minus "
        f"{voice.called(Seat.CLIENT)}, 90 % interval",
        count=(views.n_client_higher, views.n_both),
        chance_rate=chance,
        card=words.level >= Level.UNUSUAL,
        chart=_gap(arrays, item, views, voice),
        **words.as_fields(),
    )


def _views_words(
    arrays: Arrays, views: TwoViews, voice: Voice, reached: Level, outside: int
) -> tuple[Words, float]:
    if reached < Level.UNUSUAL:
        chance = min(1.0, views.uneven_by_chance)
        words = voice.say(
            "two_views.count",
            reached=reached,
            client=views.n_client_higher,
            therapist=views.n_therapist_higher,
            n=views.n_both,
            together=views.n_together,
            steps=views.n_steps,
            chance=share_of(chance),
        )
        return words, chance
    row = int(np.flatnonzero(~np.isnan(views.gap))[-1])
    above = bool(views.departures.above[row])
    seats = (Seat.THERAPIST, Seat.CLIENT) if above else (Seat.CLIENT, Seat.THERAPIST)
    chance = CHANCE_GAP_TWICE if reached is Level.REPEATED else CHANCE_GAP
    words = voice.say(
        "two_views.repeated" if reached is Level.REPEATED else "two_views.unusual",
        reached=reached,
        session=arrays.session_numbers[row],
        higher=voice.called(seats[0]),
        lower=voice.called(seats[1]),
        k=outside,
        chance=one_in(chance),
    )
    return words, chance


def _quieter(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield a finding where both have lately been less open than was usual before."""
    for item in arrays.core_scales:
        if item.id not in OPENNESS:
            continue
        values = arrays.numbers(item.id)
        both = values[~np.isnan(values).any(axis=1)]
        rows = np.flatnonzero(~np.isnan(values).any(axis=1))
        if both.size and quieter(both).all():
            words = voice.say(
                "quieter.both", reached=Level.UNUSUAL, chance=one_in(CHANCE_QUIETER)
            )
            yield Finding(
                id="ours.quieter",
                strand=Strand.QUIETER,
                whose=Whose.OURS,
                item=item.id,
                title="Both quieter",
                sessions=tuple(arrays.session_numbers[i] for i in rows[-3:]),
                chance_rate=CHANCE_QUIETER,
                card=True,
                **words.as_fields(),
            )


def _band(line: Line) -> tuple[float, float] | None:
    """Return the band that the newest answer was held against, from 12 answers on."""
    if line.rows.size < 12 or line.level is Level.TOO_EARLY:
        return None
    row = line.rows[-1]
    low, high = np.clip((line.lower[row], line.upper[row]), 0, 100)
    return (round(float(low), 6), round(float(high), 6))


def _lines(
    arrays: Arrays, item: Item, lines: tuple[Line, ...], *, labels: tuple[str, ...]
) -> Chart | None:
    if not any(line.rows.size for line in lines):
        return None
    ends = item.ends.get(lines[0].seat, ("", ""))
    return Chart(
        picture=Picture.LINES,
        title=_title(item),
        unit="points of 100",
        sessions=arrays.session_numbers,
        series=tuple(
            line.series(label) for line, label in zip(lines, labels, strict=True)
        ),
        low=0,
        high=100,
        ends=ends,
        joined=all(line.level is not Level.TOO_EARLY for line in lines),
    )


def _gap(arrays: Arrays, item: Item, views: TwoViews, voice: Voice) -> Chart:
    return Chart(
        picture=Picture.GAP,
        title=f"Two views: {_title(item)}",
        unit="points of 100",
        sessions=arrays.session_numbers,
        series=(
            Series(
                label="gap",
                seat=None,
                values=plain(views.gap),
                lower=plain(views.departures.lower),
                upper=plain(views.departures.upper),
            ),
        ),
        low=-100,
        high=100,
        ends=(
            f"{voice.called(Seat.CLIENT)} higher",
            f"{voice.called(Seat.THERAPIST)} higher",
        ),
    )
