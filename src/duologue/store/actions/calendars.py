"""Reading a calendar into the sessions of a pair."""

from collections.abc import Sequence
from datetime import datetime

from duologue.records import CalendarSeries, Status
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.frame import holding, number_in_order
from duologue.store.calendars import Known, Naming, Plan, Said, plan
from duologue.store.keys.calendar import Names
from duologue.store.models import Dyad, Person, Session
from duologue.store.models.agreed import lengths_in
from duologue.store.models.event import What
from duologue.store.models.sealed import key_of


def import_calendar(
    person: Person, ref: str, chosen: Sequence[CalendarSeries], *, now: datetime
) -> Plan:
    """Let the sessions of a pair follow the chosen series of a calendar.

    Nothing is removed, a session that has begun stays as it is, and the same calendar
    again changes nothing. Only times and a keyed hash of each identifier are kept.

    Raises
    ------
    NotYoursError
        If the person does not sit in the therapist's seat.
    """
    with (
        changing(person, ref, What.CALENDAR_IMPORTED, now=now, sessions=[]) as change,
        holding(change),
    ):
        found = plan_of(change.dyad, chosen, now=now)
        minutes = _Minutes(lengths_in(change.dyad.pk).on(now), found.usual_min)
        touched = {*found.linked, *found.cancelled}
        rows = {r.number: r for r in change.dyad.sessions.filter(number__in=touched)}
        for number, one in found.linked.items():
            _follow(rows[number], one)
        for number, one in found.moved.items():
            rows[number].planned_start = one.event.start
            rows[number].planned_minutes = minutes.of(one)
        for number in found.restored:
            rows[number].status, rows[number].by = Status.HELD, ""
        for number in found.cancelled:
            rows[number].status, rows[number].calendar_off = Status.CANCELLED, True
        Session.objects.bulk_update(rows.values(), _FIELDS)
        number_in_order(change, _made(change, found, minutes))
        change.ours = found.changes
    return found


def plan_of(dyad: Dyad, chosen: Sequence[CalendarSeries], *, now: datetime) -> Plan:
    """Return what these series would do to the sessions of a pair."""
    names = Names(dyad.ref, key_of(dyad))
    known = (
        Known(
            number=row.number,
            start=row.planned_start,
            held=row.status == Status.HELD,
            name=row.calendar,
            said_start=row.calendar_start,
            said_sequence=row.calendar_sequence or 0,
            said_off=row.calendar_off,
        )
        for row in Session.objects.filter(dyad=dyad)
    )
    return plan(known, chosen, Naming(names.series, names.event), now=now)


_FIELDS = (
    *("planned_start", "planned_minutes", "status", "by"),
    *("calendar", "calendar_start", "calendar_sequence", "calendar_off"),
)


class _Minutes:
    """For how long a session is planned, where that is not what the two agreed.

    A diary often keeps an hour for fifty minutes: where the two agreed a length, only an
    event that is longer or shorter than the others says something.
    """

    def __init__(self, agreed: int | None, usual: int | None) -> None:
        self.agreed, self.usual = agreed, usual

    def of(self, one: Said) -> int | None:
        minutes = one.event.minutes
        agreed = self.agreed is not None and minutes in {self.usual, self.agreed}
        return None if agreed else minutes


def _follow(session: Session, one: Said) -> None:
    """Know a session again by what the calendar says of it."""
    session.calendar = one.name
    session.calendar_start = one.event.start
    session.calendar_sequence = one.event.sequence
    session.calendar_off = False


def _made(change: Change, found: Plan, minutes: _Minutes) -> list[Session]:
    """Return the new sessions, without a number and not stored yet."""
    made = [
        Session(
            dyad=change.dyad,
            planned_start=one.event.start,
            planned_minutes=minutes.of(one),
        )
        for one in found.new
    ]
    for session, one in zip(made, found.new, strict=True):
        _follow(session, one)
    return made
