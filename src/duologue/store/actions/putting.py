"""What was put to a therapist to wonder about: noted once a week, and forgotten again."""

from datetime import date

from django.db import transaction

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


def forget_put(dyad: Dyad, *, since: int) -> None:
    """Forget which cards of a pair were put that rest on an answer of this session.

    Each rests on all answers up to its own. That something was put in that week stays.
    """
    rows = PutCard.objects.filter(dyad=dyad, session__gte=since)
    rows.update(dyad=None, session=None, item="")
