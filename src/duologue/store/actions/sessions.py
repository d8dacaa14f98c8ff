"""Sessions of a pair: the frame, which is the therapist's to hold and both people's to see."""

from datetime import datetime

from duologue.errors import NotNowError
from duologue.records import Mode, Status
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.frame import holding, number_in_order
from duologue.store.calendars import AHEAD
from duologue.store.models import Person, Session
from duologue.store.models.event import What


def add_session(
    person: Person, ref: str, planned_start: datetime, *, mode: Mode, now: datetime
) -> int:
    """Add a session and return its number, which is never given again.

    Sessions to come that it stands before are numbered anew: numbers follow time.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    NotNowError
        If the pair has a session at that time, or one that has begun since; or if it
        lies more than a year ahead.
    """
    with (
        changing(person, ref, What.SESSION_ADDED, now=now, sessions=[]) as change,
        holding(change),
    ):
        _check_place(change, planned_start)
        session = Session(dyad=change.dyad, planned_start=planned_start, mode=mode)
        number_in_order(change, [session])
        change.about, change.ours = session.number, True
    return session.number


def move_session(
    person: Person, ref: str, number: int, planned_start: datetime, *, now: datetime
) -> None:
    """Move a session to come to another time to come; it keeps its number.

    Only where it is moved past another one they are numbered anew.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    NotNowError
        If there is no such session to come, the time is not to come, or the pair has
        another session then.
    """
    with (
        changing(person, ref, What.SESSION_MOVED, now=now, sessions=[]) as change,
        holding(change),
    ):
        session = change.dyad.sessions.filter(
            number=number, planned_start__gt=now, status=Status.HELD
        ).first()
        if session is None or planned_start <= now:
            raise NotNowError("a session is moved before it begins, to a time to come.")
        change.about = number
        if session.planned_start != planned_start:
            _check_place(change, planned_start)
            session.planned_start = planned_start
            session.save(update_fields=["planned_start"])
            number_in_order(change)
            change.ours = True


def remove_session(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Remove a session that has not begun; its number is not given again.

    Once it is gone, doing so again changes nothing.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    """
    with (
        changing(person, ref, What.SESSION_REMOVED, now=now, sessions=[]) as change,
        holding(change),
    ):
        to_come = change.dyad.sessions.filter(number=number, planned_start__gt=now)
        change.ours = to_come.delete()[0] > 0
        change.about = number if change.ours else None


def _check_place(change: Change, planned_start: datetime) -> None:
    """Refuse a time that is no place for a session."""
    if planned_start > change.now + AHEAD:
        raise NotNowError("a session is planned a year ahead at most.")
    of_pair = change.dyad.sessions
    begun = of_pair.filter(planned_start__lte=change.now)
    if (
        begun.filter(planned_start__gte=planned_start).exists()
        or of_pair.filter(planned_start=planned_start).exists()
    ):
        raise NotNowError(
            "a new session comes after the ones that have begun, at a time of its own."
        )
