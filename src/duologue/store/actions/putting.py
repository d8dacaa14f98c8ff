"""What was put to a therapist to wonder about: noted once a week, and forgotten again."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from duologue.errors import NotYoursError
from duologue.records import Seat
from duologue.store.models import Dyad, Person, PutCard


def note_put(
    person: Person, ref: str, session: int, item: str, *, week: date, seen_at: int
) -> None:
    """Note that a card was put to this person in the week from a Monday on.

    The first of a week counts: noted again, or another, it changes nothing.

    Parameters
    ----------
    person, ref : Person, str
        To whom, and of which of their pairs.
    session, item : int, str
        By which answer the card is found.
    week : datetime.date
        Its Monday.
    seen_at : int
        The revision of what both saw of the pair when it was found. If that has changed
        since, it is not noted: the answer may have closed.

    Raises
    ------
    NotYoursError
        If this person is not the therapist of such a pair.
    """
    with transaction.atomic():
        dyad = Dyad.objects.select_for_update().filter(ref=ref).first()
        if dyad is None or dyad.seat_of(person) is not Seat.THERAPIST:
            raise NotYoursError("there is no such pair.")
        if dyad.ours_revision != seen_at:
            return
        PutCard.objects.get_or_create(
            person=person,
            week=week,
            defaults={"dyad": dyad, "session": session, "item": item},
        )


def forget_put(dyad: Dyad, closed: Iterable[tuple[int, str]]) -> None:
    """Forget which cards of a pair were put that rest on an answer that has closed.

    Each rests on all answers to its own item, up to its own session. That something was
    put in that week stays.

    Parameters
    ----------
    dyad : Dyad
        The pair.
    closed : iterable of (int, str)
        The session and item of each answer that has closed.
    """
    since: dict[str, int] = {}
    for number, item in closed:
        since[item] = min(number, since.get(item, number))
    rests_on = Q(pk__in=())
    for item, number in since.items():
        rests_on |= Q(item=item, session__gte=number)
    blank(PutCard.objects.filter(rests_on, dyad=dyad))


def blank(rows: QuerySet[PutCard]) -> None:
    """Keep of these only that something was put in that week, and to whom."""
    rows.update(dyad=None, session=None, item="")
