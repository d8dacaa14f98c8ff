"""How people can be reached, for those who may see it."""

from dataclasses import dataclass

from django.db.models import Q

from duologue.records import Seat
from duologue.store.models import Contact, Person, Reachable
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A person's own details, as they gave them; ``None`` where they gave none."""

    name: str | None
    email: str | None
    phone: str | None
    safely: str | None


def own_reach(person: Person) -> Reach | None:
    """Return what a person has filled in themselves."""
    return _first(Q(person=person))


def reach_of_other(pair: Pair) -> Reach | None:
    """Return how the other can be reached, if they let the asker see it.

    Not let, not filled in and switched off are one: the database returns no row.
    """
    return _shared_by(pair, pair.seat.other)


def reach_shown_to_other(pair: Pair) -> Reach | None:
    """Return what the other can see of the asker's details: made as it is made for them."""
    return _shared_by(pair, pair.seat)


def shares_reach(pair: Pair) -> bool:
    """Whether the asker lets the other of this pair see how to reach them."""
    return Reachable.objects.filter(dyad=pair.id, seat=pair.seat).exists()


def shown_reach_in(person: Person) -> frozenset[str]:
    """Return the names of the pairs in which a person lets the other see it."""
    own = Q(pk__in=())
    for seat in Seat:
        own |= Q(seat=seat, **{f"dyad__{seat}": person})
    rows = Reachable.objects.filter(own)
    return frozenset(rows.values_list("dyad__ref", flat=True))


def _shared_by(pair: Pair, seat: Seat) -> Reach | None:
    of_pair = f"person__as_{seat}"
    return _first(
        Q(**{of_pair: pair.id, f"{of_pair}__reachable__seat": seat}),
    )


def _first(condition: Q) -> Reach | None:
    for card in Contact.objects.filter(condition):
        return Reach(
            name=card.name, email=card.email, phone=card.phone, safely=card.safely
        )
    return None
