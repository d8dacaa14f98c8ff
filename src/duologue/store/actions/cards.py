"""The card that says there is something one would like to get to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from duologue.store.actions.changing import Change, changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Card, Person
from duologue.store.models.card import ON_ITS_WAY
from duologue.store.models.event import What
from duologue.store.models.session import session_days
from duologue.store.models.withdrawal import Withdrawn


def send_card(person: Person, ref: str, *, now: datetime) -> None:
    """Send the card; it reaches the other on the day of the next session after today.

    Sending it again before then changes nothing. From the day on which it lies there it
    is sent anew, and what lies there stays until that day is over.
    """
    with changing(person, ref, What.CARD_SENT, now=now, sessions=[]) as change:
        must_be_kept(change)
        today = timezone.localdate(now)
        _note_what_lies_there(_own(change), ref, today)
        card, _ = Card.objects.get_or_create(
            dyad=change.dyad, seat=change.seat, defaults={"sent_on": today}
        )
        if not card.is_on_its_way:
            card.sent_on = today
            card.save(update_fields=["sent_on"])


def withdraw_card(person: Person, ref: str, *, now: datetime) -> None:
    """Withdraw the card, before it has reached the other or after; nothing stays.

    Where one lies there today and another is on its way, the other one is withdrawn.
    """
    with changing(person, ref, What.CARD_WITHDRAWN, now=now, sessions=[]) as change:
        today = timezone.localdate(now)
        _note_what_lies_there(_own(change), ref, today)
        card = _own(change).first()
        if card is None:
            return
        if card.is_on_its_way and card.lies_on == today:
            card.sent_on = today - timedelta(days=1)
            card.save(update_fields=["sent_on"])
        else:
            card.delete()
        change.withdrawn(Withdrawn.CARD)


@contextmanager
def cards_kept(change: Change) -> Iterator[None]:
    """Let sessions change, and no card lose its day or have a second one.

    What lies there when they change has had its day, and what is on its way is not taken
    to have come on a day that is over. Asked alike whether or not there is a card.
    """
    today, ref = timezone.localdate(change.now), change.dyad.ref
    cards = Card.objects.filter(dyad=change.dyad)
    _note_what_lies_there(cards, ref, today)
    yield
    over = [day for day in session_days(ref) if day < today]
    last = max(over, default=date.min)
    cards.filter(ON_ITS_WAY, sent_on__lt=last).update(sent_on=last)


def _own(change: Change) -> QuerySet[Card]:
    return Card.objects.filter(dyad=change.dyad, seat=change.seat)


def _note_what_lies_there(cards: QuerySet[Card], ref: str, today: date) -> None:
    """Note which of these cards have come to lie there, today or before."""
    days = sorted({date.min, *(day for day in session_days(ref) if day <= today)})
    day, before = days[-1], days[max(0, len(days) - 2)]
    lies_on = Case(When(sent_on__lt=before, then=Value(before)), default=Value(day))
    cards.filter(ON_ITS_WAY, sent_on__lt=day).update(lies_on=lies_on)
