"""Who signs in: by a code, and in a demo the made-up people by a link."""

from dataclasses import dataclass

from duologue.records import Kind, Seat
from duologue.store.models import Dyad, Person
from duologue.store.models.reflection import findable


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """A made-up person: their code, and what they are in which pairs."""

    code: str
    seats: tuple[str, ...]


def demo_people() -> tuple[DemoPerson, ...]:
    """Return the made-up people, the one with the most pairs first."""
    seats: dict[str, list[str]] = {}
    dyads = Dyad.objects.select_related("client", "therapist")
    for dyad in sorted(dyads, key=lambda dyad: (dyad.code, dyad.pk)):
        for seat in Seat:
            person = dyad.person_of(seat)
            if person.made_up:
                seats.setdefault(person.code, []).append(seat.called(Kind(dyad.kind)))
    people = [
        DemoPerson(code=code, seats=tuple(found)) for code, found in seats.items()
    ]
    return tuple(sorted(people, key=lambda p: (-len(p.seats), p.code)))


def demo_person(code: str) -> Person | None:
    """Return a made-up person, ``None`` if nobody made up has this code."""
    return Person.objects.filter(code=findable(code), made_up=True).first()


def person_signing_in(code: str) -> Person | None:
    """Return whoever signs in with this code, ``None`` if nobody does."""
    return Person.objects.filter(code=findable(code)).first()
