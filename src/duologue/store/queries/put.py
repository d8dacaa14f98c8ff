"""What was put to somebody to wonder about, week by week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from duologue.store.models import Person, PutCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """By which answer a card that was put is found again: of which pair, session and item.

    All three are blank once an answer on which it rested has closed.
    """

    ref: str
    session: int
    item: str


def put_to(person: Person) -> Mapping[date, Put]:
    """Return what was put to this person, by the Monday of its week, the newest first."""
    rows = PutCard.objects.filter(person=person).order_by("-week")
    return {
        week: Put(ref=ref or "", session=session or 0, item=item)
        for week, ref, session, item in rows.values_list(
            "week", "dyad__ref", "session", "item"
        )
    }
