"""Findings that are facts and counts: the frame, goals, measures, what was said."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from duologue import instruments
from duologue.engine import frame as engine_frame
from duologue.engine.turns import TalkSummary, summarise
from duologue.engine.words import asks, count_words, ends_asking, is_acknowledgement
from duologue.records import Course, Goal, Measure, Seat, Session, Status, Tag, Turns
from duologue.relationship.arrays import SEATS, plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.templates import PHRASES
from duologue.relationship.wording import Voice, Words, counted

OFF = (Status.CANCELLED, Status.MOVED, Status.NO_SHOW)


def facts(course: Course, voice: Voice) -> Iterator[Finding]:
    """Yield the frame, the goals, the measures and the transcripts of both."""
    yield from _goals(course, voice)
    yield from measures(course, voice, whose=Whose.OURS)
    yield from _frame(course, voice)
    for turns in course.turns:
        yield _turns(turns, voice)


# The frame ---------------------------------------------------------------------


def _frame(course: Course, voice: Voice) -> Iterator[Finding]:
    dated = tuple(s for s in course.sessions if s.planned_start is not None)
    if not dated:
        return
    minutes = engine_frame.departures(
        _minutes(dated, [s.planned_start for s in dated]),
        _minutes(dated, [s.started for s in dated]),
        _minutes(dated, [s.ended for s in dated]),
        length_min=course.dyad.agreement.length_min,
    )
    held = sum(s.held for s in dated)
    words = voice.say(
        "frame.count",
        reached=Level.COUNT,
        held=held,
        n=counted(len(dated), "session"),
        off=_off(dated, voice),
        late=minutes.n_late,
        over=minutes.n_over,
        short=minutes.n_short,
        tags=_tags(course),
    )
    yield Finding(
        id="ours.frame",
        strand=Strand.FRAME,
        whose=Whose.OURS,
        title="The frame",
        sessions=tuple(s.number for s in dated),
        unit="minutes",
        count=(held, len(dated)),
        chart=Chart(
            picture=Picture.STRIP,
            title="The frame",
            unit="minutes",
            sessions=tuple(s.number for s in dated),
            series=(
                Series(label="began late", seat=None, values=plain(minutes.late)),
                Series(label="ran over", seat=None, values=plain(minutes.over)),
            ),
            low=-30,
            high=30,
            spans=tuple((s.number, None) for s in dated if not s.held),
        ),
        **words.as_fields(),
    )


def _minutes(
    dated: tuple[Session, ...], times: list[datetime | None]
) -> NDArray[np.float64]:
    """Return minutes from the session's own planned start; ``nan`` where unknown."""
    return np.array(
        [
            np.nan
            if time is None or s.planned_start is None
            else (time - s.planned_start).total_seconds() / 60
            for s, time in zip(dated, times, strict=True)
        ]
    )


def _off(dated: tuple[Session, ...], voice: Voice) -> str:
    parts = []
    for status in OFF:
        word = PHRASES[f"frame.{status.value}"]
        for seat in (*SEATS, None):
            n = sum(s.status is status and s.by is seat for s in dated)
            if n:
                by = "" if seat is None else f" by the {voice.called(seat)}"
                parts.append(f"{n} {word}{by}")
    return PHRASES["frame.off"].format(parts=", ".join(parts)) if parts else ""


def _tags(course: Course) -> str:
    meant, drifted = (
        sum(e.tag is tag for e in course.frame) for tag in (Tag.MEANT, Tag.DRIFTED)
    )
    if not meant and not drifted:
        return ""
    return PHRASES["frame.tags"].format(meant=meant, drifted=drifted)


# What I came for -----------------------------------------------------------------


def _goals(course: Course, voice: Voice) -> Iterator[Finding]:
    for goal in course.goals:
        words = _goal_words(goal, voice)
        yield Finding(
            id=f"ours.goal.{goal.code}",
            strand=Strand.GOALS,
            whose=Whose.OURS,
            title=f"\u201c{goal.words}\u201d",
            sessions=tuple(session for session, _ in goal.ratings),
            estimate=goal.ratings[-1][1] if goal.ratings else None,
            unit="0 to 10",
            chart=_points(
                "Goal", voice, goal.ratings, high=10, unit="0 to 10", joined=True
            ),
            **words.as_fields(),
        )


def _goal_words(goal: Goal, voice: Voice) -> Words:
    if not goal.ratings:
        return voice.say("goals.unrated", reached=Level.TOO_EARLY)
    (from_, first), (to, last) = goal.ratings[0], goal.ratings[-1]
    if len(goal.ratings) == 1:
        return voice.say("goals.one", reached=Level.TOO_EARLY, last=f"{last:g}", to=to)
    return voice.say(
        "goals.count",
        reached=Level.COUNT,
        first=f"{first:g}",
        last=f"{last:g}",
        from_=from_,
        to=to,
    )


def measures(course: Course, voice: Voice, *, whose: Whose) -> Iterator[Finding]:
    """Yield each instrument's totals with their wobble, and unaltered answers."""
    names = dict.fromkeys(m.instrument for m in course.measures)
    for name in names:
        filled = [m for m in course.measures if m.instrument == name]
        filled.sort(key=lambda m: m.session)
        instrument = instruments.load(name)
        scored = [
            (m.session, total)
            for m in filled
            if (total := instruments.score(instrument, dict(m.answers)).total)
            is not None
        ]
        words = _outcome_words(scored, instrument, voice)
        yield Finding(
            id=f"{whose}.outcome.{name}",
            strand=Strand.OUTCOME,
            whose=whose,
            item=name,
            title=instrument.name,
            sessions=tuple(session for session, _ in scored),
            estimate=scored[-1][1] if scored else None,
            unit=f"{instrument.range[0]:g} to {instrument.range[1]:g}",
            chart=_points(
                instrument.name,
                voice,
                tuple(scored),
                high=instrument.range[1],
                unit="total",
                joined=len(scored) > 1,
            ),
            **words.as_fields(),
        )
        yield from _unaltered(instrument, filled[-1], voice, whose)


def _outcome_words(
    scored: list[tuple[int, float]], instrument: instruments.Instrument, voice: Voice
) -> Words:
    if not scored:
        return voice.say("outcome.no_score", reached=Level.TOO_EARLY)
    (from_, first), (to, last) = scored[0], scored[-1]
    if len(scored) == 1:
        return voice.say(
            "outcome.one", reached=Level.TOO_EARLY, last=f"{last:g}", to=to
        )
    values = {"first": f"{first:g}", "last": f"{last:g}", "from_": from_, "to": to}
    if instrument.reliable_change is None:
        return voice.say("outcome.no_wobble", reached=Level.COUNT, **values)
    points = instrument.reliable_change.points
    within = PHRASES["wobble.within" if abs(last - first) < points else "wobble.beyond"]
    return voice.say(
        "outcome.wobble",
        reached=Level.COUNT,
        points=f"{points:g}",
        within=within,
        **values,
    )


def _unaltered(
    instrument: instruments.Instrument, newest: Measure, voice: Voice, whose: Whose
) -> Iterator[Finding]:
    """Show an answer that must never disappear in a sum, in the form's own words."""
    answers = dict(newest.answers)
    for item in instrument.items:
        value = answers.get(item.id)
        if item.id not in instrument.shown_unaltered or not value:
            continue
        options = item.options.get(newest.seat, ())
        label = next((o.label for o in options if o.value == value), f"{value:g}")
        words = voice.say("outcome.unaltered", reached=Level.COUNT)
        yield Finding(
            id=f"{whose}.outcome.{instrument.id}.{item.id}",
            strand=Strand.OUTCOME,
            whose=whose,
            item=instrument.id,
            title=f"\u201c{item.text.get(newest.seat, item.id)}\u201d: {label}",
            sessions=(newest.session,),
            estimate=value,
            unit="as answered",
            card=True,
            **words.as_fields(),
        )


def _points(
    title: str,
    voice: Voice,
    points: tuple[tuple[int, float], ...],
    *,
    high: float,
    unit: str,
    joined: bool,
) -> Chart | None:
    if not points:
        return None
    return Chart(
        picture=Picture.LINES,
        title=title,
        unit=unit,
        sessions=tuple(session for session, _ in points),
        series=(
            Series(
                label=voice.called(Seat.CLIENT),
                seat=Seat.CLIENT,
                values=tuple(value for _, value in points),
            ),
        ),
        low=0,
        high=high,
        joined=joined,
    )


# What was said ---------------------------------------------------------------------


def _turns(turns: Turns, voice: Voice) -> Finding:
    talk = _summary(turns)
    share = talk.talk_share_words
    if 0 in talk.n_words:
        words = voice.say(
            "turns.one_voice", reached=Level.TOO_EARLY, session=turns.session
        )
        return _turns_finding(turns, words, None)
    client = round(100 * share[0])
    words = voice.say(
        "turns.one",
        reached=Level.COUNT,
        session=turns.session,
        client=client,
        therapist=100 - client,
        turns=sum(talk.n_turns),
        client_asks=talk.n_question_turns[0],
        therapist_asks=talk.n_question_turns[1],
    )
    return _turns_finding(turns, words, _talk_chart(turns, talk, voice))


def _turns_finding(turns: Turns, words: Words, chart: Chart | None) -> Finding:
    return Finding(
        id=f"ours.turns.{turns.session}",
        strand=Strand.TURNS,
        whose=Whose.OURS,
        title=f"What was said in session {turns.session}",
        sessions=(turns.session,),
        chart=chart,
        **words.as_fields(),
    )


def _summary(turns: Turns) -> TalkSummary:
    seats = {seat: column for column, seat in enumerate(SEATS)}
    texts = [s.text for s in turns.segments]
    return summarise(
        np.array([-1 if s.seat is None else seats[s.seat] for s in turns.segments]),
        np.array([np.nan if s.start_s is None else s.start_s for s in turns.segments]),
        np.array([np.nan if s.end_s is None else s.end_s for s in turns.segments]),
        np.array([count_words(t) for t in texts]),
        np.array([asks(t) for t in texts]),
        np.array([is_acknowledgement(t) for t in texts]),
        ends_asking=np.array([ends_asking(t) for t in texts]),
    )


def _talk_chart(turns: Turns, talk: TalkSummary, voice: Voice) -> Chart:
    rows = {
        "share of the words, %": [100 * v for v in talk.talk_share_words],
        "share of the time, %": [100 * v for v in talk.talk_share_time],
        "turns": talk.n_turns,
        "words a turn": talk.words_per_turn,
        "turns with a question": talk.n_question_turns,
    }
    return Chart(
        picture=Picture.BARS,
        title=f"What was said in session {turns.session}",
        unit="",
        rows=tuple(rows),
        sessions=(turns.session,),
        series=tuple(
            Series(
                label=voice.called(seat),
                seat=seat,
                values=plain(np.array([row[i] for row in rows.values()], dtype=float)),
            )
            for i, seat in enumerate(SEATS)
        ),
        low=0,
        high=100,
    )
