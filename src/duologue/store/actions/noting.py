"""Noting that what one person lets the other see was shown to them."""

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
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
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
