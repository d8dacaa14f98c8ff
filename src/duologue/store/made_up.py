"""A made-up practice for the demonstration: one therapist, six clients, a supervisor."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from duologue import instruments
from duologue.errors import ParameterError
from duologue.records import (
    Agreement,
    Course,
    Kind,
    Mode,
    Seat,
    Session,
    Spoken,
    Terms,
    Turns,
)
from duologue.simulate import SCENARIOS, Scenario, course, practice, written
from duologue.store.actions import import_course
from duologue.store.actions.agreeing import keep_agreed
from duologue.store.made_up_recordings import first_asked, keep_recordings
from duologue.store.made_up_transcripts import (
    OF_PAIR,
    first_asked_of_talk,
    keep_talk,
)
from duologue.store.models import Dyad, Person, Practice, Preferences, PrivatePage
from duologue.store.models import Session as SessionRow
from duologue.store.models.private import PageKind, own_kind

WEEK = timedelta(weeks=1)
MONTH = 4 * WEEK
ENDED = "an-ending"
"""The pair that has ended has no next session."""

TELLING = (
    "This practice is made up, and so is this text.\n"
    "What you tell stays between the two of you, and reaches supervision under a code. "
    "Thinking about dying, and saying so, leads to talking about it together: by itself "
    "to nobody else. Only where somebody is in danger now would we ask for help from "
    "outside, and we would tell you first."
)

SUPERVISION = Scenario(
    name="supervision",
    title="supervision",
    initial="S",
    n_sessions=9,
    first_day=date(2026, 3, 5),
    start=(5.2, 6.0),
    set_point=(6.6, 6.8),
    missing=(0.0, 0.1),
    willing=(1.0, 1.0),
)


@transaction.atomic
def make_practice(
    *,
    seed: int,
    now: datetime,
    tell: Callable[[str], None] = lambda _: None,
    compare: Callable[[Course], Course] | None = None,
    count: Callable[[Turns], Spoken] | None = None,
) -> None:
    """Fill an empty store with made-up people, so that each has a session to look back on.

    Parameters
    ----------
    seed : int
        The same seed gives the same answers.
    now : datetime
        Sessions are moved by whole weeks, so that each pair met in the last seven days
        and nobody has written about that session yet.
    tell : callable
        Is told what has been made, a line at a time.
    compare : callable, optional
        Returns a course with what is found in its recordings, which are kept then; without
        it there are none.
    count : callable, optional
        Returns what is counted in a transcript, of which one is kept then.

    Raises
    ------
    ParameterError
        If the store holds a practice that is not made up: a folder may name a database
        that another folder names too.
    """
    if Practice.objects.filter(made_up=False).exists():
        raise ParameterError("made-up people are not put among those of a practice.")
    place = Practice.objects.create(
        name="A made-up practice",
        crisis=(
            "This practice is made up: nobody answers here. The lines below are real."
        ),
        telling=TELLING,
        supervisor="The made-up supervisor S. has no telephone.",
        wellbeing="Made up: a practice would name a line for its own people here.",
        made_up=True,
    )
    courses = [
        _moved_to(now, made, every=WEEK)
        for made in practice(instruments.prompts(Kind.THERAPY), seed=seed)
    ]
    compared = [compare(made) for made in courses if compare and made.recorded]
    # Events stand in the order of their times: what is kept of recordings comes after.
    said = [made for made in courses if count and made.dyad.code == OF_PAIR]
    asked = [*map(first_asked, compared), *map(first_asked_of_talk, said)]
    begun = min([now, *asked])
    kept = {}
    for made in courses:
        dyad = kept[made.dyad.code] = _keep(made, place, now=now, begun=begun)
        tell(f"{dyad.code}: {len(made.sessions)} sessions")
    supervision = _moved_to(now, _supervision(seed), every=MONTH)
    dyad = _keep(supervision, place, now=now, begun=begun)
    tell(f"{dyad.code}: supervision")
    for made in compared:
        keep_recordings(kept[made.dyad.code], made)
        tell(f"{made.dyad.code}: {len(made.recorded)} recordings")
    if count:
        for made in said:
            keep_talk(kept[made.dyad.code], made, count)
            tell(f"{made.dyad.code}: a transcript")


def _supervision(seed: int) -> Course:
    """Make the pair in which the therapist is the supervisee."""
    prompts = instruments.prompts(Kind.SUPERVISION)
    made = course(SUPERVISION, prompts, seed=seed)
    return replace(
        made,
        dyad=replace(
            made.dyad,
            kind=Kind.SUPERVISION,
            client=made.dyad.therapist,
            therapist="supervisor-S",
        ),
        sessions=tuple(
            _moved(session, MONTH * i - WEEK * i)
            for i, session in enumerate(made.sessions)
        ),
        measures=(),
        goals=(),
        frame=(),
    )


def _moved_to(now: datetime, made: Course, *, every: timedelta) -> Course:
    """Move a course so that one unwritten session lies within the last days."""
    since_last = _local(now) - _start(made.sessions[-1]) - every
    weeks = since_last // WEEK * WEEK
    terms = written.AGREED[made.dyad.kind]
    return replace(
        made,
        dyad=replace(made.dyad, agreement=Agreement()),  # it is in `AGREED`, whole
        sessions=tuple(
            replace(_moved(s, weeks), planned_minutes=terms.length_min)
            for s in made.sessions
        ),
    )


def _keep(moved: Course, place: Practice, *, now: datetime, begun: datetime) -> Dyad:
    """Keep a course from a moment on, and add the sessions that follow it."""
    works_at = place if moved.dyad.kind is Kind.SUPERVISION else None
    dyad = import_course(
        moved,
        practice=place,
        client=_person(moved.dyad.client, works_at=works_at),
        therapist=_person(moved.dyad.therapist, works_at=place),
        now=begun,
    )
    _keep_agreed(dyad, written.AGREED[moved.dyad.kind], moved)
    _keep_what_is_private(dyad, moved)
    ended = moved.dyad.code == f"pair-{SCENARIOS[ENDED].initial}"
    every = WEEK if moved.dyad.kind is Kind.THERAPY else MONTH
    later = (every,) if ended else (every, every + every)
    last = moved.sessions[-1]
    for i, after in enumerate(later, start=1):
        _add(dyad, last.number + i, _start(last) + after, _local(now))
    return dyad


def _local(now: datetime) -> datetime:
    return timezone.localtime(now).replace(tzinfo=None)


def _keep_agreed(dyad: Dyad, terms: Terms, made: Course) -> None:
    """Let the two have agreed on each point at their first session."""
    first, last = (_start(made.sessions[i]).date() for i in (0, -1))
    keep_agreed(dyad, terms, day=first, proposed_by=Seat.THERAPIST)
    frame = written.CHANGED.get(dyad.code)
    if frame is not None:
        terms = replace(terms, frame=frame)
        keep_agreed(dyad, terms, day=last - MONTH, proposed_by=Seat.CLIENT)


def _keep_what_is_private(dyad: Dyad, made: Course) -> None:
    """Let the two have written for themselves, and the client say how they would like it."""
    kind = made.dyad.kind
    for page in written.PAGES.get(dyad.code, ()):
        session = made.sessions[-1 - page.before_last]
        PrivatePage.objects.create(
            person=dyad.person_of(page.seat),
            dyad=dyad,
            kind=own_kind(kind, page.seat),
            session=session.number,
            day=_start(session).date(),
            words=page.words,
        )
    line = written.TEACHING.get(dyad.code)
    if line is not None:
        PrivatePage.objects.create(
            person=dyad.therapist,
            dyad=dyad,
            kind=PageKind.TEACHING,
            day=_start(made.sessions[-1]).date(),
            words=line,
        )
    values = written.PREFERRED.get(dyad.code)
    if values is not None:
        Preferences.objects.create(dyad=dyad, shared=True, **values)


def _add(dyad: Dyad, number: int, start: datetime, local_now: datetime) -> None:
    """Add a session that nobody has written about, met or still to come."""
    begun = timezone.make_aware(start) if start <= local_now else None
    SessionRow.objects.create(
        dyad=dyad,
        number=number,
        planned_start=timezone.make_aware(start),
        started=begun,
        ended=begun and begun + timedelta(minutes=50),
        mode=Mode.ROOM,
    )


def _start(session: Session) -> datetime:
    if session.planned_start is None:
        raise ValueError("a made-up session has a time.")
    return session.planned_start


def _moved(session: Session, by: timedelta) -> Session:
    def move(time: datetime | None) -> datetime | None:
        return None if time is None else time + by

    return replace(
        session,
        planned_start=move(session.planned_start),
        started=move(session.started),
        ended=move(session.ended),
    )


def _person(code: str, *, works_at: Practice | None) -> Person:
    person = Person.objects.filter(code=code).first()
    if person is None:
        person = Person(code=code, practice=works_at, made_up=True)
        person.set_unusable_password()
        person.save()
    return person
