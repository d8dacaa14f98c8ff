"""Findings on what the work is for: goals, and published measures with their wobble."""

from collections.abc import Iterator
from datetime import date

from duologue import instruments
from duologue.instruments import Instrument, Known
from duologue.records import Course, Goal, Item, Measure, Seat
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
from duologue.relationship.wording import MIN_ANSWERS, Voice, Words

AS_ANSWERED = "as answered"
"""The unit of an answer that is shown as it was given, never only within a sum."""


def goals(course: Course, voice: Voice, *, whose: Whose) -> Iterator[Finding]:
    """Yield each goal with its ratings, in the client's own words."""
    for goal in course.goals:
        words = _goal_words(goal, voice)
        yield Finding(
            id=f"{whose}.goal.{goal.code}",
            strand=Strand.GOALS,
            whose=whose,
            title=f"\u201c{goal.words}\u201d",
            sessions=tuple(session for session, _ in goal.ratings),
            estimate=goal.ratings[-1][1] if goal.ratings else None,
            unit="0 to 10",
            chart=_points("Goal", Seat.CLIENT, goal.ratings, voice, span=(0.0, 10.0)),
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


def measures(
    course: Course, voice: Voice, known: Known, *, whose: Whose
) -> Iterator[Finding]:
    """Yield each person's totals on each instrument, and their unaltered answers.

    Two people's forms of the same instrument are two findings, never one.
    """
    forms: dict[tuple[str, Seat], list[Measure]] = {}
    for form in sorted(course.measures, key=_in_time):
        forms.setdefault((form.instrument, form.seat), []).append(form)
    for (name, seat), filled in sorted(forms.items()):
        instrument = known.load(name)
        found = f"{whose}.outcome.{name}"
        if whose is Whose.OURS and seat is Seat.THERAPIST:
            found += f".{seat.value}"
        yield _totals(found, instrument, filled, voice, whose)
        yield from _unaltered(found, instrument, filled, voice, whose)


def _in_time(form: Measure) -> tuple[int, date]:
    return form.session, form.day or date.min


def _totals(
    found: str,
    instrument: Instrument,
    filled: list[Measure],
    voice: Voice,
    whose: Whose,
) -> Finding:
    totals = {  # of several that follow one session the last that has a total counts
        form.session: total
        for form in filled
        if (total := instruments.score(instrument, dict(form.answers)).total)
        is not None
    }
    scored = tuple(totals.items())
    words = _total_words(scored, instrument, voice)
    return Finding(
        id=found,
        strand=Strand.OUTCOME,
        whose=whose,
        item=instrument.id,
        title=instrument.name,
        sessions=tuple(session for session, _ in scored),
        estimate=scored[-1][1] if scored else None,
        unit=f"{instrument.range[0]:g} to {instrument.range[1]:g}",
        credit=instrument.credit,
        chart=_points(
            instrument.name, filled[0].seat, scored, voice, span=instrument.range
        ),
        **words.as_fields(),
    )


def _total_words(
    scored: tuple[tuple[int, float], ...], instrument: Instrument, voice: Voice
) -> Words:
    if not scored:
        return voice.say("outcome.no_score", reached=Level.TOO_EARLY)
    (from_, first), (to, last) = scored[0], scored[-1]
    if len(scored) == 1:
        return voice.say(
            "outcome.one", reached=Level.TOO_EARLY, last=f"{last:g}", to=to
        )
    values = {
        "first": f"{first:g}",
        "last": f"{last:g}",
        "from_": from_,
        "to": to,
        "recall": instrument.recall or PHRASES["recall.unknown"],
    }
    wobble = instrument.reliable_change
    if wobble is None:
        return voice.say("outcome.no_wobble", reached=Level.COUNT, **values)
    within = abs(last - first) < wobble.points
    return voice.say(
        "outcome.wobble",
        reached=Level.COUNT,
        points=f"{wobble.points:g}",
        within=PHRASES["wobble.within" if within else "wobble.beyond"],
        seen=PHRASES["wobble.seen" if wobble.verified else "wobble.quoted"],
        **values,
    )


def _unaltered(
    found: str,
    instrument: Instrument,
    filled: list[Measure],
    voice: Voice,
    whose: Whose,
) -> Iterator[Finding]:
    """Show each answer that must never disappear in a sum, in the form's own words.

    The newest form's stands out; an earlier one stays to be seen, whatever came after.
    """
    for item in instrument.items:
        if item.id not in instrument.shown_unaltered:
            continue
        # A blank is no answer: it takes nothing back. A real 0 later does.
        answered = [
            (form, value)
            for form in filled
            if (value := dict(form.answers).get(item.id)) is not None
        ]
        for form, value in reversed(answered):
            if item.is_above_least(value):
                yield Finding(
                    id=f"{found}.{item.id}.{_called(form, filled)}",
                    strand=Strand.OUTCOME,
                    whose=whose,
                    item=instrument.id,
                    title=_as_answered(item, form, value),
                    sessions=(form.session,),
                    estimate=value,
                    unit=AS_ANSWERED,
                    credit=instrument.credit,
                    card=form is answered[-1][0],
                    **voice.say(
                        "outcome.unaltered", reached=Level.COUNT, session=form.session
                    ).as_fields(),
                )


def _called(form: Measure, filled: list[Measure]) -> str:
    """Name a form by its session, and by its day where others follow the same one."""
    alone = sum(each.session == form.session for each in filled) == 1
    return f"{form.session}" if alone else f"{form.session}.{form.day}"


def _as_answered(item: Item, form: Measure, value: float) -> str:
    options = item.options.get(form.seat, ())
    label = next((o.label for o in options if o.value == value), f"{value:g}")
    return f"\u201c{item.text.get(form.seat, item.id)}\u201d: {label}"


def _points(
    title: str,
    seat: Seat,
    points: tuple[tuple[int, float], ...],
    voice: Voice,
    *,
    span: tuple[float, float],
) -> Chart | None:
    if not points:
        return None
    return Chart(
        picture=Picture.LINES,
        title=title,
        unit=f"{span[0]:g} to {span[1]:g}",
        sessions=tuple(session for session, _ in points),
        series=(
            Series(
                label=voice.called(seat),
                seat=seat,
                values=tuple(value for _, value in points),
            ),
        ),
        low=span[0],
        high=span[1],
        joined=len(points) >= MIN_ANSWERS,
    )
