"""Sessions of a pair: the frame, which is the therapist's to hold and both people's to see."""

from datetime import datetime, timedelta

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Mode, Seat
from duologue.store.actions.changing import changing
from duologue.store.models import Person, Session
from duologue.store.models.event import What

AHEAD = timedelta(days=366)


def add_session(
    person: Person, ref: str, planned_start: datetime, *, mode: Mode, now: datetime
) -> int:
    """Add a session and return its number, which is never given again.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    NotNowError
        If the pair has a session at that time, or a later one: numbers follow time; or
        if it lies more than a year ahead.
    """
    if planned_start > now + AHEAD:
        raise NotNowError("a session is planned a year ahead at most.")
    with changing(person, ref, What.SESSION_ADDED, now=now, sessions=[]) as change:
        if change.seat is not Seat.THERAPIST:
            raise NotYoursError("the frame is the therapist's to hold.")
        if change.dyad.sessions.filter(planned_start__gte=planned_start).exists():
            raise NotNowError("a new session comes after the ones that there are.")
        number = change.dyad.last_number + 1
        Session.objects.create(
            dyad=change.dyad, number=number, planned_start=planned_start, mode=mode
        )
        change.about, change.ours = number, True
    return number


def remove_session(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Remove a session that has not begun; its number is not given again.

    Once it is gone, doing so again changes nothing.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    """
    with changing(person, ref, What.SESSION_REMOVED, now=now, sessions=[]) as change:
        if change.seat is not Seat.THERAPIST:
            raise NotYoursError("the frame is the therapist's to hold.")
        to_come = change.dyad.sessions.filter(number=number, planned_start__gt=now)
        change.ours = to_come.delete()[0] > 0
        change.about = number if change.ours else None
