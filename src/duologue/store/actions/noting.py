"""Noting that what one person has opened was shown to the other."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from duologue.errors import NotYoursError
from duologue.store import chain
from duologue.store.models import Dyad, Event, Person
from duologue.store.models.event import What


def note_shown(person: Person, ref: str, *, now: datetime) -> None:
    """Note that this person was shown what the other has opened, once a day.

    The day is kept, not the time: the other may learn on which days somebody looked at
    what they had opened, and nothing finer.

    Raises
    ------
    NotYoursError
        If there is no such pair, or the person sits in neither of its seats.
    """
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        dyad = Dyad.objects.select_for_update().filter(ref=ref).first()
        if dyad is None or dyad.seat_of(person) is None:
            raise NotYoursError("there is no such pair.")
        noted = Event.objects.filter(
            dyad=dyad.pk, what=What.SHOWN, at=day, who=person.pk
        )
        if not noted.exists():
            chain.append(What.SHOWN, at=day, who=person.pk, dyad=dyad.pk)
