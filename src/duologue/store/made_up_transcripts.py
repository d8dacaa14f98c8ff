"""A made-up transcript: both said yes before its session, and one of them added it after."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from duologue.errors import ParameterError
from duologue.records import SEATS, Course, Noticed, Seat, Spoken, Turns
from duologue.sharing.consent import FOR_A_RECORDING
from duologue.simulate import SCENARIOS
from duologue.simulate.mended import mended_talk
from duologue.store import actions
from duologue.store.models import Dyad
from duologue.store.models.consent import may_hold_recordings_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OF_PAIR = f"pair-{SCENARIOS['rupture-and-mend'].initial}"
SESSION = 19
"""The pair, and its session, that is held word for word: the one in which it was mended."""


def first_asked_of_talk(course: Course) -> datetime:
    """Return when the two were asked: the day before that session.

    Raises
    ------
    ParameterError
        If it has no time.
    """
    return _start(course) - DAY


def keep_talk(dyad: Dyad, course: Course, count: Callable[[Turns], Spoken]) -> None:
    """Keep what was said in one session, two days after it; some of it is marked.

    Of the therapist's turns with here-and-now wording all but the last are marked as here
    and now, and the last is not.

    Parameters
    ----------
    dyad, course : Dyad, Course
        The pair, with its sessions, and the same as a record.
    count : callable
        Returns what is counted in a transcript.

    Raises
    ------
    ParameterError
        If that session has no time.
    """
    start = _start(course)
    if SESSION not in may_hold_recordings_of(dyad.pk, Seat.CLIENT):
        for seat in SEATS:
            for purpose in sorted(FOR_A_RECORDING):
                actions.say_yes(
                    *(dyad.person_of(seat), dyad.ref, purpose),
                    sessions=(SESSION,),
                    now=start - DAY,
                )
    turns = mended_talk(SESSION)
    spoken, later = count(turns), start + 2 * DAY
    actions.keep_transcript(dyad.client, dyad.ref, turns, spoken, now=later)
    places = [
        each.stretch
        for each in spoken.passages
        if each.kind is Noticed.HERE_AND_NOW and each.seat is Seat.THERAPIST
    ]
    marks = {place: place != places[-1] for place in places}
    actions.mark_here_and_now(
        dyad.therapist, dyad.ref, SESSION, marks, now=later + HOUR
    )


def _start(course: Course) -> datetime:
    (session,) = (s for s in course.sessions if s.number == SESSION)
    if session.planned_start is None:
        raise ParameterError("a session that was recorded must have a time.")
    return timezone.make_aware(session.planned_start)
