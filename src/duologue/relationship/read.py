"""The sentence at the heart of the program: from what is seen to what is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from duologue.errors import ParameterError
from duologue.instruments import SHIPPED, Known
from duologue.records import Course, Seat
from duologue.relationship import levels
from duologue.relationship.arrays import Arrays
from duologue.relationship.chance import NEAR_TOP, ORDINARY, some_card
from duologue.relationship.finding import Finding, Reading, Strand, Whose
from duologue.relationship.frame import frame
from duologue.relationship.mends import own_apart, shared_apart
from duologue.relationship.moving import moving
from duologue.relationship.outcomes import goals, measures
from duologue.relationship.quieter import QUIET_ONCE
from duologue.relationship.rotating import own_rotating, shared_rotating
from duologue.relationship.scales import own_scales, shared_scales
from duologue.relationship.talk import talk
from duologue.relationship.templates import HELP_NOW, NOTES
from duologue.relationship.unsaid import own_unsaid, shared_unsaid
from duologue.relationship.wording import Voice, one_in
from duologue.sharing import Scope, Seen


def read(
    seen: Seen,
    *,
    as_of: date | None = None,
    whose: Whose | None = None,
    drawn: bool = True,
    known: Known = SHIPPED,
) -> Reading:
    """Read a course as far as its reader may see it.

    Parameters
    ----------
    seen : Seen
        What ``sharing`` lets this reader see; nothing else is looked at.
    as_of : date, optional
        Leave out every session after this day, as if read on its evening.
    whose : Whose, optional
        Read only what rests on the reader's own answers, or on what both see.
    drawn : bool
        Without it scales come without their charts, and what is only there to look at
        is left out. What stands out is the same, in a tenth of the time.
    known : Known
        The instruments of the forms; by default those that ship.

    Returns
    -------
    Reading
        Findings in words, each with how sure. Equal input gives an equal reading.

    Raises
    ------
    ParameterError
        If ``as_of`` is given and a session of the course has no date.
    InstrumentError
        If a form is of an instrument that is not known.
    """
    ours = until(seen.ours, as_of)
    mine = None if seen.mine is None else until(seen.mine, as_of)
    voice = Voice(ours.dyad.kind, research=seen.scope is Scope.RESEARCH)
    findings: tuple[Finding, ...] = ()
    if whose is not Whose.OURS:
        findings += (*_mine(seen.scope, mine, voice, known, drawn=drawn),)
    if whose is not Whose.MINE:
        findings += (*_ours(ours, voice, known, drawn=drawn),)
    rests = any(map(rests_on_assumed, findings))
    days = [day for s in ours.sessions if (day := s.day) is not None]
    return Reading(
        scope=seen.scope,
        pair=ours.dyad.code,
        kind=ours.dyad.kind,
        made_up=ours.made_up,
        as_of=as_of,
        n_sessions=len(ours.sessions),
        n_held=sum(s.held for s in ours.sessions),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        findings=findings,
        notes=_notes(seen.scope, ours, findings, assumed=rests),
        help_now=_help_now(ours),
        assumed=levels.version() if rests else None,
        prompts=ours.prompts.id,
        prompts_status=ours.prompts.status,
    )


def until(course: Course, as_of: date | None) -> Course:
    """Return a course as it was on the evening of a day; by default to its end.

    Raises
    ------
    ParameterError
        If a day is given and a session of the course has none.
    """
    if as_of is None:
        return course
    kept = set()
    for session in course.sessions:
        if session.day is None:
            raise ParameterError("as_of needs a date for every session of the course.")
        if session.day <= as_of:
            kept.add(session.number)
    return replace(
        course,
        sessions=tuple(s for s in course.sessions if s.number in kept),
        reflections=tuple(r for r in course.reflections if r.session in kept),
        measures=tuple(m for m in course.measures if m.session in kept),
        goals=tuple(
            replace(g, ratings=tuple(r for r in g.ratings if r[0] in kept))
            for g in course.goals
        ),
        frame=tuple(e for e in course.frame if e.session in kept),
        turns=tuple(t for t in course.turns if t.session in kept),
        spoken=tuple(s for s in course.spoken if s.session in kept),
        recorded=tuple(r for r in course.recorded if r.session in kept),
        synchrony=tuple(s for s in course.synchrony if s.session in kept),
    )


def _mine(
    scope: Scope, mine: Course | None, voice: Voice, known: Known, *, drawn: bool
) -> Iterator[Finding]:
    if mine is None:
        return
    seat = Seat(scope.value)
    arrays = Arrays(mine, drawn=drawn)
    if mine.reflections:
        yield from own_scales(arrays, seat, voice)
        yield from own_apart(arrays, seat, voice)
        yield from own_rotating(arrays, seat, voice)
        yield from own_unsaid(arrays, seat, voice)
    yield from goals(mine, voice, whose=Whose.MINE)
    yield from measures(mine, voice, known, whose=Whose.MINE)


def _ours(
    ours: Course, voice: Voice, known: Known, *, drawn: bool
) -> Iterator[Finding]:
    arrays = Arrays(ours, drawn=drawn)
    if ours.prompts.items:
        yield from shared_scales(arrays, voice)
        yield from shared_apart(arrays, voice)
        yield from shared_unsaid(arrays, voice)
        yield from shared_rotating(arrays, voice)
    yield from goals(ours, voice, whose=Whose.OURS)
    yield from measures(ours, voice, known, whose=Whose.OURS)
    yield from frame(ours, voice)
    yield from talk(ours, voice)
    if drawn:  # nothing of it ever stands out
        yield from moving(ours, voice)


def _notes(
    scope: Scope, course: Course, findings: tuple[Finding, ...], *, assumed: bool
) -> tuple[str, ...]:
    notes = []
    if course.made_up:
        notes.append(NOTES["made_up"])
    if scope is Scope.RESEARCH:
        notes.append(NOTES["research"])
    notes.append(NOTES["no_card"])
    scales = len(Arrays(course).core_scales)
    alone = scope in (Scope.CLIENT, Scope.THERAPIST)
    if scales > 1 and any(f.card and f.chance_rate is not None for f in findings):
        notes.append(
            NOTES["family"].format(
                chance=one_in(some_card(ORDINARY, scales, alone=alone)),
                near_top=one_in(some_card(NEAR_TOP, scales, alone=alone)),
            )
        )
    if assumed:
        notes.append(NOTES["levels"])
    for turns in course.turns:
        notes += [f"Transcript of session {turns.session}: {n}" for n in turns.notes]
    for each in course.synchrony:
        notes += [f"Recording of session {each.session}: {n}" for n in each.notes]
    if "unvalidated" in course.prompts.status:
        notes.append(NOTES["unvalidated"])
    return tuple(notes)


def rests_on_assumed(finding: Finding) -> bool:
    """Whether a finding rests on values that were assumed (see ``levels``)."""
    series = () if finding.chart is None else finding.chart.series
    return (
        finding.strand in (Strand.INFLUENCE, Strand.MODEL)
        or finding.id == QUIET_ONCE
        or any(s.track for s in series)
    )


def _help_now(course: Course) -> tuple[str, ...]:
    own = course.dyad.agreement.crisis
    return HELP_NOW if own is None else (own, *HELP_NOW)
