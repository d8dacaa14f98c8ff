"""Notes by mail: one's own, and which are due. No answer is looked at, of anybody."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from duologue.records import Status
from duologue.sharing.reminding import Window, window_of
from duologue.store.models import Person, Reminder, Session
from duologue.store.models.agreed import lengths_of
from duologue.store.models.reminder import DueReminder

A_DAY = timedelta(hours=25)
"""The longest day there is: on it the clocks go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReminder:
    """Where somebody has their notes sent, and at what hour; ``None`` for soon after."""

    address: str = field(repr=False)
    hour: int | None


def own_reminder(person: Person) -> OwnReminder | None:
    """Return what a person has asked for, ``None`` if nothing."""
    for row in Reminder.objects.filter(person=person):
        return OwnReminder(address=row.address, hour=row.hour)
    return None


def has_reminder(person: Person) -> bool:
    """Whether a person has asked for notes by mail."""
    return Reminder.objects.filter(person=person).exists()


def reminders_due(*, now: datetime) -> tuple[DueReminder, ...]:
    """Return the notes that may be sent now, one a person at most, in their order.

    They depend on the planned times of sessions, on what became of those, and on what
    their reader asked for: on nothing that anybody has answered or chosen.
    """
    lately, found = _lately(now), []
    for row in Reminder.objects.order_by("pk"):
        for session in lately[row.person_id]:
            window = session.window(row.hour)
            if session.start >= row.since and window.opens <= now < window.closes:
                due = DueReminder(
                    id=row.pk,
                    since=row.since,
                    closes=window.closes,
                    day_ends=window.day_ends,
                )
                found.append(due)
                break
    return tuple(found)


class _Session(NamedTuple):
    start: datetime
    minutes: int | None

    def window(self, hour: int | None) -> Window:
        start = timezone.localtime(self.start)
        return window_of(start, minutes=self.minutes, hour=hour)


def _lately(now: datetime) -> dict[int, list[_Session]]:
    """Return the sessions of the last day that count, for each person in either seat."""
    begun = Session.objects.filter(
        status=Status.HELD, planned_start__gt=now - A_DAY, planned_start__lte=now
    )
    rows = begun.order_by("planned_start", "pk").select_related("dyad")
    lengths = lengths_of({row.dyad_id for row in rows})
    found = defaultdict[int, list[_Session]](list)
    for row in rows:
        start, dyad = row.planned_start, row.dyad
        minutes = row.planned_minutes or lengths[dyad.pk].on(start)
        for person in (dyad.client_id, dyad.therapist_id):
            found[person].append(_Session(start, minutes))
    return found
