"""What a calendar would do to the sessions of a pair."""

from collections.abc import Sequence
from datetime import datetime

from duologue.errors import NotYoursError
from duologue.records import CalendarSeries, Seat
from duologue.store.actions.calendars import plan_of
from duologue.store.calendars import Plan
from duologue.store.models import Dyad
from duologue.store.queries.pairs import Pair


def calendar_plan(
    pair: Pair, chosen: Sequence[CalendarSeries], *, now: datetime
) -> Plan:
    """Return what these series of a calendar would do, for whoever holds the frame.

    Raises
    ------
    NotYoursError
        If the one who asks does not sit in the therapist's seat.
    """
    if pair.seat is not Seat.THERAPIST:
        raise NotYoursError("the frame is the therapist's to hold.")
    return plan_of(Dyad.objects.get(pk=pair.id), chosen, now=now)
