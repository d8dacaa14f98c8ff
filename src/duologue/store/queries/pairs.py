"""Which pairs a person sits in, and what they may know of each before reading it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet

from duologue.errors import NotYoursError
from duologue.records import Kind, Seat, Status
from duologue.store.models import Dyad, Person, Session
from duologue.store.models.reflection import findable


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair as one of its two people knows it: an allow-list, nothing of the other's.

    Only :func:`find_pair` and :func:`pairs_of` make one, for a person who sits in it.
    Whoever holds one may ask what this person, in this seat, may see, and no more:
    every other query takes it as the one who asks.

    Attributes
    ----------
    practice : int
        Where they meet: it says which forms there are.
    ref, code : str
        Its name in addresses, and on screen.
    kind, seat : Kind, Seat
        What they meet for, and where the person who asks sits.
    person, other : str
        The codes of the person who asks and of the one across.
    made_up : bool
        Whether it belongs to a demonstration.
    shares_unsaid : bool
        The asker's own switch.
    revision : (int, int)
        Changes so far of what the asker alone sees, and of what both see.
    """

    id: int = field(repr=False)
    practice: int = field(repr=False)
    ref: str
    code: str
    kind: Kind
    seat: Seat
    person: str
    other: str
    made_up: bool
    shares_unsaid: bool
    revision: tuple[int, int]

    @property
    def other_called(self) -> str:
        """What the person across is called in this pair."""
        return self.seat.other.called(self.kind)


def find_pair(person: Person, ref: str) -> Pair:
    """Return one pair of a person's.

    Raises
    ------
    NotYoursError
        If there is none of this name in which the person sits: absent and somebody
        else's are told in the same words.
    """
    for row in _of(person).filter(ref=findable(ref)).values(*_COLUMNS):
        return _pair(person, **row)
    raise NotYoursError("there is no such pair.")


def pairs_of(person: Person) -> tuple[Pair, ...]:
    """Return every pair of a person, by its code: nobody's doing moves one.

    They are ordered here: a database orders words by the language that it is set to.
    """
    rows = _of(person).values(*_COLUMNS)
    in_order = sorted(rows, key=lambda row: (row["code"], row["id"]))
    return tuple(_pair(person, **row) for row in in_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Planned start of the last session that began, and of the next, if there are any."""

    previous: datetime | None
    upcoming: datetime | None


def times_of(pairs: Sequence[Pair], *, now: datetime) -> list[Times]:
    """Return when the two of each pair met last and meet next; both of them know."""
    ids = [pair.id for pair in pairs]
    held = Session.objects.filter(dyad__in=ids, status=Status.HELD).order_by()
    rows = held.values_list("dyad").annotate(
        previous=Max("planned_start", filter=Q(planned_start__lte=now)),
        upcoming=Min("planned_start", filter=Q(planned_start__gt=now)),
    )
    found = {i: Times(previous=last, upcoming=following) for i, last, following in rows}
    return [found.get(i, Times(previous=None, upcoming=None)) for i in ids]


def _of(person: Person) -> QuerySet[Dyad]:
    return Dyad.objects.filter(Q(client=person) | Q(therapist=person))


_COLUMNS = (
    *("id", "ref", "code", "kind", "client_id", "ours_revision", "practice_id"),
    *("client_code", "therapist_code", "practice__made_up"),
    *("client_shares_unsaid", "therapist_shares_unsaid"),
    *("client_revision", "therapist_revision"),
)


def _pair(
    person: Person,
    *,
    kind: str,
    client_id: int,
    client_code: str,
    therapist_code: str,
    practice_id: int,
    practice__made_up: bool,
    client_shares_unsaid: bool,
    therapist_shares_unsaid: bool,
    client_revision: int,
    therapist_revision: int,
    ours_revision: int,
    **row: object,
) -> Pair:
    """Keep of a row what the person in one seat may know, and drop the other's."""
    if client_id == person.pk:
        seat, codes = Seat.CLIENT, (client_code, therapist_code)
        shares, revision = client_shares_unsaid, client_revision
    else:
        seat, codes = Seat.THERAPIST, (therapist_code, client_code)
        shares, revision = therapist_shares_unsaid, therapist_revision
    return Pair(
        **row,  # type: ignore[arg-type]
        practice=practice_id,
        kind=Kind(kind),
        seat=seat,
        person=codes[0],
        other=codes[1],
        made_up=practice__made_up,
        shares_unsaid=shares,
        revision=(revision, ours_revision),
    )
