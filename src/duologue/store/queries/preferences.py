"""How the client would like to work, as far as the person who asks may see it."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from duologue.records import Item, Seat
from duologue.sharing.preferences import PREFERENCES, may_see_preferences
from duologue.store.models import Preferences
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesSeen:
    """The preferences that are there, in their order, and the client's own switch."""

    shared: bool
    values: tuple[tuple[Item, float], ...]


def preferences(pair: Pair) -> PreferencesSeen:
    """Return the client's preferences, blank to whoever may not see them.

    To the therapist a form that is blank, one that is kept back and one that was never
    looked at are the same, and cost the same: none of them is loaded.
    """
    filled = reduce(or_, (Q(**{f"{i.id}__isnull": False}) for i in PREFERENCES))
    rows = Preferences.objects.filter(dyad=pair.id)
    if pair.seat is Seat.THERAPIST:
        rows = rows.filter(filled, shared=True)
    row = rows.first()
    shared = row is not None and row.shared
    if row is None or not may_see_preferences(pair.kind, pair.seat, shared=shared):
        return PreferencesSeen(shared=False, values=())
    found = ((item, getattr(row, item.id)) for item in PREFERENCES)
    return PreferencesSeen(
        shared=shared,
        values=tuple((item, value) for item, value in found if value is not None),
    )
