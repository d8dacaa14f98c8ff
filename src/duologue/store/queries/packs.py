"""Packs of forms, as whoever works at a practice sees them, and what a pair knows."""

from dataclasses import dataclass
from datetime import date

from duologue.instruments import Known
from duologue.instruments.packs import Pack
from duologue.store.known import is_allowed, known_at, opened
from duologue.store.models import Person, Practice
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSeen:
    """A pack, when it was added, and whether its licence allows its use there."""

    ref: str
    pack: Pack
    added_on: date
    may_be_used: bool


def own_packs(person: Person) -> tuple[PackSeen, ...]:
    """Return the packs of the practice at which a person works, the oldest first."""
    practice = Practice.objects.filter(people=person).first()
    if practice is None:
        return ()
    rows = practice.form_packs.values_list("ref", "sha256", "added_on")
    return tuple(
        PackSeen(
            ref=ref,
            pack=opened(sha256),
            added_on=added_on,
            may_be_used=is_allowed(opened(sha256), practice.use),
        )
        for ref, sha256, added_on in rows
    )


def known(pair: Pair) -> Known:
    """Return the instruments that are known to a pair."""
    return known_at([pair.practice])[pair.practice]
