"""Holding the frame: who may, what really became of a session, and its place in time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Seat, Status, Tag, edges_moved
from duologue.store.actions.cards import cards_kept
from duologue.store.actions.changing import Change, changing
from duologue.store.models import Dyad, Person, Session
from duologue.store.models.agreed import lengths_in
from duologue.store.models.event import What

NEAR = timedelta(hours=12)
"""So far from its planned start a session may really begin, and so long it may last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the therapist notes of a session; what is blank is not known.

    ``by`` is whose doing it was that a session was not held.
    """

    status: Status = Status.HELD
    by: Seat | None = None
    started: datetime | None = None
    ended: datetime | None = None
    tag: Tag | None = None


def note_frame(
    person: Person, ref: str, number: int, noted: Noted, *, now: datetime
) -> None:
    """Note what really became of a session: its times, or that it was not held.

    Nothing that anybody has written goes by it, and nothing of what comes of it depends
    on whether somebody has. A word on an edge is kept only where an edge has moved.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat, or there is no such session.
    NotNowError
        If the times cannot be, or the session has not begun and they are given.
    """
    with (
        changing(person, ref, What.SESSION_NOTED, now=now, sessions=[]) as change,
        holding(change),
    ):
        session = change.dyad.sessions.filter(number=number).first()
        if session is None:
            raise NotYoursError("there is no such session.")
        change.about = number
        _check(session, noted, now)
        before = _frame_of(session)
        held = noted.status is Status.HELD
        session.status = noted.status
        session.by = "" if held or noted.by is None else noted.by
        session.started = noted.started if held else None
        session.ended = noted.ended if held else None
        length = lengths_in(change.dyad.pk).on(session.planned_start)
        moved = edges_moved(session.as_record(), length_min=length)
        session.tag = noted.tag if moved and noted.tag is not None else ""
        change.ours = _frame_of(session) != before
        session.save()


@contextmanager
def holding(change: Change) -> Iterator[None]:
    """Let the frame change, or refuse whoever does not sit in the therapist's seat."""
    if change.seat is not Seat.THERAPIST:
        raise NotYoursError("the frame is the therapist's to hold.")
    with cards_kept(change):
        yield


def number_in_order(change: Change, new: Iterable[Session] = ()) -> None:
    """Let the numbers of the sessions to come follow time, new ones among them.

    Nobody can have written about those: the ones that stand behind a higher number, or
    behind a new one, are given new numbers, and those that they had are not given again.
    """
    of_pair, fresh = change.dyad.sessions, list(new)
    begun = of_pair.filter(planned_start__lte=change.now).aggregate(n=Max("number"))
    to_come = of_pair.filter(planned_start__gt=change.now).order_by("number")
    highest, late = begun["n"] or 0, list[Session]()
    for session in sorted([*to_come, *fresh], key=lambda one: one.planned_start):
        if late or session in fresh or session.number < highest:
            late.append(session)
        else:
            highest = session.number
    stored = [session.pk for session in late if session not in fresh]
    of_pair.filter(pk__in=stored).delete()
    last = Dyad.objects.values_list("last_number", flat=True).get(pk=change.dyad.pk)
    for number, session in enumerate(late, start=last + 1):
        session.number = number
        session.save(force_insert=True)  # by the id that it had, if it had one


def _check(session: Session, noted: Noted, now: datetime) -> None:
    begun = session.planned_start <= now
    if not begun and (noted.started or noted.ended or noted.status is Status.NO_SHOW):
        raise NotNowError("that can be noted once the session has begun.")
    if noted.ended is not None and noted.started is None:
        raise NotNowError("an end is noted beside a beginning.")
    if noted.started is None:
        return
    ended = noted.ended or noted.started
    if max(noted.started, ended) > now:
        raise NotNowError("a time that is still to come cannot be noted.")
    if (
        abs(noted.started - session.planned_start) > NEAR
        or not timedelta(0) <= ended - noted.started <= NEAR
    ):
        raise NotNowError("a session ends after it began, near its planned time.")


def _frame_of(session: Session) -> tuple[object, ...]:
    return (session.status, session.by, session.started, session.ended, session.tag)
