"""From a course to the store: what a folder holds, kept as if it had been written here."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from duologue import instruments, records
from duologue.errors import InstrumentError, ParameterError
from duologue.records import Course, Item, Seat, Terms, Value, edges_moved
from duologue.sharing import has_own_switch, is_blank, items_open, may_open
from duologue.sharing.outcomes import came_for_something
from duologue.store import chain
from duologue.store.actions.agreeing import keep_agreed
from duologue.store.actions.goals import keep_goal
from duologue.store.models import (
    Answer,
    Dyad,
    FilledForm,
    GoalRating,
    Person,
    Practice,
    Reflection,
    Session,
)
from duologue.store.models.agreement import LONGEST_RHYTHM, LONGEST_TEXT
from duologue.store.models.dyad import LONGEST_CODE
from duologue.store.models.event import What
from duologue.store.models.goal import LONGEST_GOAL
from duologue.store.models.reflection import LONGEST_WORDS, as_columns, can_be_kept

LARGEST_NUMBER = 10**6
"""The last number that a session may have; every database can count so far."""


@transaction.atomic
def import_course(
    course: Course,
    *,
    practice: Practice,
    client: Person,
    therapist: Person,
    now: datetime,
) -> Dyad:
    """Keep a course as a new pair: its frame and its answers, all or nothing.

    What is willing there is willing here, and what is open there has opened at the
    end of its session. What it says was agreed is the first version of the agreement,
    accepted by both on the day on which the course is kept. A word on an edge that moved
    is kept with its session. So are the client's goals, as accepted by both on the day of
    the first session, their ratings, and the client's forms. Transcripts and
    recordings are not kept: to those both people say yes here first.

    Parameters
    ----------
    course : Course
        Each of its sessions must have a time; those without an offset are taken as
        local to the practice.
    practice, client, therapist : Practice, Person, Person
        Whose pair it becomes.
    now : datetime
        When, for the chain of events.

    Returns
    -------
    Dyad
        The new pair.

    Raises
    ------
    ParameterError
        If a session has no time, or is numbered 0 or beyond `LARGEST_NUMBER`; if a text
        is too long to be kept, or holds the character NUL; or if an answer is none that
        its item takes.
    """
    _check_texts(course.dyad)
    dyad = Dyad.objects.create(
        code=course.dyad.code,
        kind=course.dyad.kind,
        practice=practice,
        client=client,
        therapist=therapist,
        client_code=course.dyad.client,
        therapist_code=course.dyad.therapist,
        client_shares_unsaid=_shares_unsaid(course, Seat.CLIENT),
        therapist_shares_unsaid=_shares_unsaid(course, Seat.THERAPIST),
    )
    terms = _terms(course.dyad.agreement)
    if terms != Terms():
        keep_agreed(dyad, terms, day=timezone.localdate(now))
    sessions = Session.objects.bulk_create(
        [_session(dyad, session, _tag(course, session)) for session in course.sessions]
    )
    by_number = {session.number: session for session in sessions}
    sides = Reflection.objects.bulk_create(
        [
            Reflection(
                session=by_number[reflection.session],
                seat=reflection.seat,
                willing=_willing(course, reflection),
                finished=True,
            )
            for reflection in course.reflections
        ]
    )
    opened = _opened(course)
    Answer.objects.bulk_create(
        [
            answer
            for reflection, side in zip(course.reflections, sides, strict=True)
            for answer in _answers(course, reflection, side, opened)
        ]
    )
    if came_for_something(course.dyad.kind):
        _keep_goals(course, dyad, by_number, now)
        _keep_forms(course, dyad, by_number)
    chain.append(What.IMPORTED, at=now, dyad=dyad.pk)
    return dyad


def _keep_goals(
    course: Course, dyad: Dyad, by_number: dict[int, Session], now: datetime
) -> None:
    first = min((s.planned_start for s in by_number.values()), default=now)
    day = timezone.localdate(first)
    for number, goal in enumerate(course.goals, start=1):
        if not 0 < len(goal.words) <= LONGEST_GOAL or not can_be_kept(goal.words):
            raise ParameterError(
                f"the goals of course take 1 to {LONGEST_GOAL} characters each."
            )
        kept = keep_goal(dyad, number, goal.words, day=day, proposed_by=Seat.CLIENT)
        GoalRating.objects.bulk_create(
            GoalRating(goal=kept, session=by_number[session], rating=rating)
            for session, rating in goal.ratings
        )


def _keep_forms(course: Course, dyad: Dyad, by_number: dict[int, Session]) -> None:
    made = []
    for form in course.measures:
        if form.seat is Seat.CLIENT and form.instrument in course.prompts.outcomes:
            answers = {i: value for i, value in form.answers if value is not None}
            _check_form(form.instrument, answers)
            session = by_number[form.session]
            made.append(
                FilledForm(
                    dyad=dyad,
                    session=session,
                    instrument=form.instrument,
                    day=form.day or timezone.localdate(session.planned_start),
                    answers=answers,
                )
            )
    if len({(form.instrument, form.day) for form in made}) < len(made):
        raise ParameterError(
            "a course must hold a form of each kind once a day at most."
        )
    FilledForm.objects.bulk_create(made)


def _check_form(instrument: str, answers: dict[str, float]) -> None:
    try:
        for item, value in answers.items():
            instruments.check_answer(instrument, Seat.CLIENT, item, value)
    except InstrumentError:
        raise ParameterError(
            "each answer of a form of course must be one that is asked for."
        ) from None


def _check_texts(dyad: records.Dyad) -> None:
    """Refuse a text that not every database would keep, or would keep whole."""
    agreed = dyad.agreement
    for name, words, longest in (
        ("code", dyad.code, LONGEST_CODE),
        ("client", dyad.client, LONGEST_CODE),
        ("therapist", dyad.therapist, LONGEST_CODE),
        ("rhythm", agreed.rhythm or "", LONGEST_RHYTHM),
        ("frame", agreed.frame or "", LONGEST_TEXT),
    ):
        if len(words) > longest:
            raise ParameterError(f"the {name} of course takes {longest} characters.")
        if not can_be_kept(words):
            raise ParameterError(
                f"the {name} of course must not hold the character NUL."
            )


def _terms(agreed: records.Agreement) -> Terms:
    return Terms(
        length_min=agreed.length_min,
        rhythm=(agreed.rhythm or "").strip() or None,
        frame=(agreed.frame or "").strip() or None,
    )


def _tag(course: Course, session: records.Session) -> str:
    """Return the word on the edges of a session that moved; blank where none did."""
    if not edges_moved(session, length_min=course.dyad.agreement.length_min):
        return ""
    tags = (e.tag for e in course.frame if e.session == session.number and e.tag)
    return next(tags, "")


def _session(dyad: Dyad, session: records.Session, tag: str) -> Session:
    planned = session.planned_start or session.started
    if planned is None:
        raise ParameterError("each session of course must have a time.")
    if not 1 <= session.number <= LARGEST_NUMBER:
        raise ParameterError(
            f"the sessions of course must be numbered from 1 on, to {LARGEST_NUMBER}."
        )
    return Session(
        dyad=dyad,
        number=session.number,
        planned_start=_aware(planned),
        started=session.started and _aware(session.started),
        ended=session.ended and _aware(session.ended),
        mode=session.mode or "",
        status=session.status,
        by=session.by or "",
        planned_minutes=session.planned_minutes,
        tag=tag,
    )


def _aware(time: datetime) -> datetime:
    return timezone.make_aware(time) if time.tzinfo is None else time


def _willing(course: Course, reflection: records.Reflection) -> bool:
    """Whether anything of it is shared that the other could ever see."""
    return any(
        a.shared and may_open(course.prompts.item(a.item)) for a in reflection.answers
    )


def _shares_unsaid(course: Course, seat: Seat) -> bool:
    """Whether the newest answer to such an item was shared."""
    newest = [
        answer.shared
        for reflection in sorted(course.reflections, key=lambda r: r.session)
        for answer in reflection.answers
        if reflection.seat is seat and has_own_switch(course.prompts.item(answer.item))
    ]
    return bool(newest) and newest[-1]


def _opened(course: Course) -> dict[int, frozenset[str]]:
    pairs: dict[int, dict[Seat, records.Reflection | None]] = {}
    for reflection in course.reflections:
        pairs.setdefault(reflection.session, {})[reflection.seat] = reflection
    return {
        number: frozenset(items_open(course.prompts, pair))
        for number, pair in pairs.items()
    }


def _answers(
    course: Course,
    reflection: records.Reflection,
    side: Reflection,
    opened: dict[int, frozenset[str]],
) -> list[Answer]:
    made = []
    session = side.session
    for answer in reflection.answers:
        item = course.prompts.item(answer.item)
        if item is None or answer.value is None or is_blank(answer.value):
            continue
        if not item.takes(reflection.seat, answer.value) or not _fits(answer.value):
            raise ParameterError("each answer of course must be one that is asked for.")
        is_open = answer.item in opened[reflection.session]
        made.append(
            Answer(
                reflection=side,
                item=answer.item,
                **as_columns(item, answer.value),
                private=not may_open(item),
                shares=_shares(item, answer, willing=side.willing),
                opened_at=(session.ended or session.planned_start) if is_open else None,
            )
        )
    return made


def _fits(value: Value) -> bool:
    words = value if isinstance(value, str) else ""
    return can_be_kept(value) and len(words) <= LONGEST_WORDS


def _shares(item: Item, answer: records.Answer, *, willing: bool) -> bool:
    """Keep one answer back where the others of its form are shared, as it was there."""
    return answer.shared or not (willing or has_own_switch(item))
