"""Made-up recordings: both said yes before each session, and one of them added it after."""

from datetime import datetime, timedelta

from django.utils import timezone

from duologue.errors import ParameterError
from duologue.records import SEATS, Course, Recorded
from duologue.sharing.consent import FOR_A_RECORDING
from duologue.store import actions
from duologue.store.models import Dyad

DAY = timedelta(days=1)


def first_asked(course: Course) -> datetime:
    """Return when the two were first asked: the day before the first recorded session.

    Raises
    ------
    ParameterError
        If a session that was recorded has no time.
    """
    return min(_start(course, each) for each in course.recorded) - DAY


def keep_recordings(dyad: Dyad, course: Course) -> None:
    """Keep a pair's recordings and what was found in them, one session after another.

    Each of the two says yes the day before, the client first, and the client and the
    therapist add one in turn, the day after.

    Parameters
    ----------
    dyad : Dyad
        The pair, with its sessions.
    course : Course
        The same pair, with what is found in each recording (``synchrony``).

    Raises
    ------
    ParameterError
        If a session that was recorded has no time.
    """
    both = zip(course.recorded, course.synchrony, strict=True)
    in_time = sorted(both, key=lambda each: _start(course, each[0]))
    for i, (recorded, found) in enumerate(in_time):
        start = _start(course, recorded)
        for seat in SEATS:
            for purpose in sorted(FOR_A_RECORDING):
                actions.say_yes(
                    *(dyad.person_of(seat), dyad.ref, purpose),
                    sessions=(recorded.session,),
                    now=start - DAY,
                )
        person = dyad.person_of(SEATS[i % len(SEATS)])
        actions.keep_recording(person, dyad.ref, recorded, found, now=start + DAY)


def _start(course: Course, recorded: Recorded) -> datetime:
    (session,) = (s for s in course.sessions if s.number == recorded.session)
    if session.planned_start is None:
        raise ParameterError("a session that was recorded must have a time.")
    return timezone.make_aware(session.planned_start)
