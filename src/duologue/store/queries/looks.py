"""Who was shown what one has opened, and on which days."""

from datetime import date

from django.utils import timezone

from duologue.store.models import Dyad, Event
from duologue.store.models.event import What
from duologue.store.queries.pairs import Pair

NEWEST = 30
"""So many days are listed."""


def days_shown_to_other(pair: Pair, what: What = What.SHOWN) -> tuple[date, ...]:
    """Return the days on which the other was shown what the asker has opened, newest first.

    Only other people's looks at one's own opened answers, or at how to reach one: on what
    days the asker looked is the other's to see.
    """
    other = Dyad.objects.get(pk=pair.id).person_id_of(pair.seat.other)
    rows = Event.objects.filter(dyad=pair.id, what=what, who=other)
    times = rows.order_by("-at").values_list("at", flat=True)
    return tuple(timezone.localdate(at) for at in times[:NEWEST])
