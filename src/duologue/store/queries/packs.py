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
    """A pack, when it was added, and whether its licence allows its use there.

    ``pack`` is ``None`` where this version of the program does not read it.
    """

    ref: str
    pack: Pack | None
    added_on: date
    may_be_used: bool


def own_packs(person: Person) -> tuple[PackSeen, ...]:
    """Return the packs of the practice at which a person works, the oldest first."""
    practice = Practice.objects.filter(people=person).first()
    if practice is None:
        return ()
    rows = practice.form_packs.filter(removed_on=None)
    return tuple(
        PackSeen(
            ref=ref,
            pack=pack,
            added_on=added_on,
            may_be_used=pack is not None and is_allowed(pack, practice.use),
        )
        for ref, sha256, added_on in rows.values_list("ref", "sha256", "added_on")
        for pack in (opened(sha256),)
    )


def known(pair: Pair) -> Known:
    """Return the instruments that are known to a pair."""
    return known_at([pair.practice])[pair.practice]
