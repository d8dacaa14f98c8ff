"""How the client would like to work, as far as the person who asks may see it."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from duologue.records import Item, Kind, Seat
from duologue.sharing.preferences import PREFERENCES, may_see_preferences
from duologue.store.models import Preferences
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesSeen:
    """The preferences that are there, in their order, and the client's own switch."""

    shared: bool
    values: tuple[tuple[Item, float], ...]


def preferences(pair: Pair) -> PreferencesSeen:
    """Return the client's preferences, blank to whoever may not see them."""
    if pair.seat is Seat.THERAPIST:
        return shared_preferences(pair)
    return _seen(pair.kind, pair.seat, Preferences.objects.filter(dyad=pair.id))


def shared_preferences(pair: Pair) -> PreferencesSeen:
    """Return what the client shares: the same, and by the same steps, whoever asks.

    A form that is blank, one that is kept back and one that was never looked at are the
    same, and cost the same: none of them is loaded.
    """
    filled = reduce(or_, (Q(**{f"{i.id}__isnull": False}) for i in PREFERENCES))
    rows = Preferences.objects.filter(filled, dyad=pair.id, shared=True)
    return _seen(pair.kind, Seat.THERAPIST, rows)


def _seen(kind: Kind, seat: Seat, rows: QuerySet[Preferences]) -> PreferencesSeen:
    row = rows.first()
    if row is None or not may_see_preferences(kind, seat, shared=row.shared):
        return PreferencesSeen(shared=False, values=())
    found = ((item, getattr(row, item.id)) for item in PREFERENCES)
    return PreferencesSeen(
        shared=row.shared,
        values=tuple((item, value) for item, value in found if value is not None),
    )
