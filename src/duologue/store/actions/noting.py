"""Noting what nobody does to a pair: looks at what was opened, and ways to sign in."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from duologue.errors import NotYoursError
from duologue.store import chain
from duologue.store.models import Dyad, Event, Person
from duologue.store.models.event import What


def note_shown(
    person: Person, *refs: str, now: datetime, what: What = What.SHOWN
) -> None:
    """Note that this person was shown what the other of each pair has opened, once a day.

    The day is kept, not the time: the other may learn on which days somebody looked at
    what they had opened, and nothing finer. It is asked as often for many pairs as for
    one, but for those of which it is new today. ``what`` was shown is noted for itself:
    opened answers, or how to reach the other.

    Raises
    ------
    NotYoursError
        If there is no such pair, or the person sits in neither of its seats.
    """
    day = _day(now)
    with transaction.atomic():
        # Always in the same order, so that two who wait for each other never do for long.
        rows = Dyad.objects.select_for_update().filter(ref__in=refs).order_by("pk")
        dyads = list(rows)
        if len(dyads) < len(set(refs)) or not all(d.seat_of(person) for d in dyads):
            raise NotYoursError("there is no such pair.")
        noted = Event.objects.filter(
            dyad__in=[dyad.pk for dyad in dyads],
            what=what,
            at=day,
            who=person.pk,
        )
        before = set(noted.values_list("dyad", flat=True))
        for dyad in dyads:
            if dyad.pk not in before:
                chain.append(what, at=day, who=person.pk, dyad=dyad.pk)


def note_way_in(
    person: Person | None, what: What, *, now: datetime, once_a_day: bool = False
) -> None:
    """Note that somebody signed in, could not, or changed how they can.

    Parameters
    ----------
    person : Person or None
        Whose account it is; ``None`` if it is nobody's.
    what : What
        What was done.
    now : datetime
        When.
    once_a_day : bool
        Whether it is noted once a day, by the day: what strangers can cause at will must
        not fill the disk.
    """
    at = _day(now) if once_a_day else now
    who = None if person is None else person.pk
    with transaction.atomic():
        if once_a_day and Event.objects.filter(what=what, at=at, who=who).exists():
            return
        chain.append(what, at=at, who=who)


def _day(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
