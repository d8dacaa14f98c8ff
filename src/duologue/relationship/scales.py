"""Findings on the scales: one's own usual, and both people's lines."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from duologue.engine.usual import steps_down
from duologue.records import SEATS, Item, Seat
from duologue.relationship.arrays import Arrays
from duologue.relationship.estimates import estimates
from duologue.relationship.finding import Finding, Level, Strand, Whose
from duologue.relationship.influence import influence
from duologue.relationship.lines import (
    Line,
    answered_sessions,
    band_of,
    line_of,
    lines_chart,
    title_of,
)
from duologue.relationship.quieter import both_quieter
from duologue.relationship.templates import TEMPLATES
from duologue.relationship.two_views import views_of
from duologue.relationship.wording import Voice, Words, one_in

Said: TypeAlias = tuple[Words, tuple[int, int] | None, float | None]
"""The words, the count they rest on, and how often chance alone makes them."""

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
"""Scales whose dip on an open day has another reading (openness can make an hour feel harder)."""


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
            title=item.text.get(seat, title_of(item)),
            sessions=tuple(line.session_numbers[i] for i in line.rows),
            estimate=float(line.values[line.rows[-1]]) if line.rows.size else None,
            interval=band_of(line),
            unit="points of 100",
            count=count,
            chance_rate=chance,
            card=words.level >= Level.UNUSUAL and line.is_recent,
            chart=lines_chart(arrays, item, (line,), labels=("you",)),
            **words.as_fields(),
        )


def shared_scales(arrays: Arrays, voice: Voice) -> Iterator[Finding]:
    """Yield, for each core scale, both people's lines and their two views."""
    if not any(arrays.answers(item.id) for item in arrays.core_scales):
        if not arrays.course.reflections:
            yield _nothing_open(voice)
        return
    for item in arrays.core_scales:
        lines = (
            line_of(arrays, item, Seat.CLIENT),
            line_of(arrays, item, Seat.THERAPIST),
        )
        openness = item.id in OPENNESS
        # It asks the most of the model, so it comes first; told it is last.
        leading = tuple(influence(arrays, *lines, voice)) if openness else ()
        quiet = tuple(both_quieter(arrays, *lines, voice)) if openness else ()
        yield _both(arrays, item, lines, voice, quiet=bool(quiet))
        yield from views_of(*lines, voice)
        yield from estimates(arrays, *lines, voice)
        yield from (*quiet, *leading)


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


def openness_of(arrays: Arrays) -> Item | None:
    """Return the scale of openness, where it is asked."""
    return next((item for item in arrays.core_scales if item.id in OPENNESS), None)


def _openness(arrays: Arrays, seat: Seat) -> Line | None:
    item = openness_of(arrays)
    return None if item is None else line_of(arrays, item, seat)


def _eased(line: Line, openness: Line | None) -> bool:
    """Whether a dip fell on one of the same person's most open days."""
    return (
        openness is not None
        and line.item.id in EASED_BY_OPENNESS
        and bool(openness.rows.size)
        and openness.newest == line.newest
        and openness.is_high
    )


def _own_words(line: Line, voice: Voice) -> Said:
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
            chance=one_in(line.chances.one),
        )
        return words, None, line.chances.one
    chance = line.chances.twice
    words = voice.say(
        "mine.repeated",
        reached=level,
        session=line.newest,
        k=line.outside,
        chance=one_in(chance),
    )
    return words, (line.outside, 3), chance


def _both(
    arrays: Arrays, item: Item, lines: tuple[Line, ...], voice: Voice, *, quiet: bool
) -> Finding:
    words, count, chance = _both_words(lines, voice, quiet=quiet)
    if words.level >= Level.UNUSUAL:
        eased = [
            line
            for line in lines
            if line.outside and _eased(line, _openness(arrays, line.seat))
        ]
        if eased:
            words = words.read_as(_open_day(eased, voice))
    labels = tuple(voice.called(line.seat) for line in lines)
    return Finding(
        id=f"ours.{item.id}",
        strand=STRANDS.get(item.id, Strand.RATING),
        whose=Whose.OURS,
        item=item.id,
        title=title_of(item),
        sessions=answered_sessions(lines),
        unit="points of 100",
        count=count,
        chance_rate=chance,
        card=words.level >= Level.UNUSUAL and any(line.is_recent for line in lines),
        chart=lines_chart(arrays, item, lines, labels=labels),
        **words.as_fields(),
    )


def _open_day(eased: list[Line], voice: Voice) -> str:
    """Say whose open day it was, and name both where it was so for both."""
    if len(eased) == len(SEATS):
        return TEMPLATES["open_day.both"].another_reading
    seat = voice.called(eased[0].seat)
    return TEMPLATES["open_day.ours"].another_reading.format(seat=seat)


def _both_words(lines: tuple[Line, ...], voice: Voice, *, quiet: bool) -> Said:
    """Say what lines of both are like; ``quiet`` if both are said to be quieter."""
    if not any(line.rows.size for line in lines):
        return voice.say("ours.nothing_open", reached=Level.TOO_EARLY), None, None
    lowest = min(line.level for line in lines)
    if lowest is Level.TOO_EARLY:
        return voice.say("ours.too_early", reached=lowest), None, None
    if any(line.level is Level.EARLY for line in lines):
        k, n = _steps_down_together(lines)
        return voice.say("ours.early", reached=Level.EARLY, k=k, n=n), (k, n), 0.25
    newest = max(line.newest for line in lines)
    here = [line for line in lines if line.newest == newest]
    if len(here) == 1:
        return _alone(here[0], voice)
    out = [line for line in here if line.outside]
    if not out:
        within = "ours.within.quieter" if quiet else "ours.within"
        return voice.say(within, reached=lowest, session=newest), None, None
    return _both_outside(lines, out, voice, newest)


def _alone(line: Line, voice: Voice) -> Said:
    """Say what one answered where the other did not: met in research only.

    What has opened to both is there for both.
    """
    called = voice.called(line.seat)
    if not line.outside:
        words = voice.say(
            "ours.alone.within", reached=Level.COUNT, session=line.newest, seat=called
        )
        return words, None, None
    words = voice.say(
        "ours.alone.unusual",
        reached=line.level,
        session=line.newest,
        seat=called,
        chance=one_in(line.chances.one),
    )
    return words, None, line.chances.one


def _both_outside(
    lines: tuple[Line, ...], out: list[Line], voice: Voice, newest: int
) -> Said:
    """Say that one or both were lower than usual; "either" doubles the chance."""
    either = sum(line.chances.one for line in lines)
    twice = max(out, key=lambda line: line.outside)
    reached = max(line.level for line in out)
    if len(out) == len(lines):
        most = max(line.chances.one for line in lines)
        words = voice.say(
            "ours.unusual.both",
            reached=reached,
            session=newest,
            chance=one_in(most),
        )
        return words, None, most
    if twice.outside >= 2:
        again = sum(line.chances.twice for line in lines)
        words = voice.say(
            "ours.repeated",
            reached=reached,
            session=newest,
            seat=voice.called(twice.seat),
            k=twice.outside,
            chance=one_in(again),
        )
        return words, (twice.outside, 3), again
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
