"""The card that says there is something one would like to get to."""

from datetime import datetime

from django.utils import timezone

from duologue.sharing import reaches_on
from duologue.store.actions.changing import changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Card, Person
from duologue.store.models.event import What
from duologue.store.models.session import session_days
from duologue.store.models.withdrawal import Withdrawn


def send_card(person: Person, ref: str, *, now: datetime) -> None:
    """Send the card; it reaches the other on the day of the next session after today.

    Sending it again before then changes nothing; afterwards it is sent anew.
    """
    with changing(person, ref, What.CARD_SENT, now=now, sessions=[]) as change:
        must_be_kept(change)
        today = timezone.localdate(now)
        card, made = Card.objects.get_or_create(
            dyad=change.dyad, seat=change.seat, defaults={"sent_on": today}
        )
        reached = reaches_on(card.sent_on, session_days(ref))
        if not made and reached is not None and reached < today:
            card.sent_on = today
            card.save()


def withdraw_card(person: Person, ref: str, *, now: datetime) -> None:
    """Withdraw the card, before it has reached the other or after; nothing stays."""
    with changing(person, ref, What.CARD_WITHDRAWN, now=now, sessions=[]) as change:
        if Card.objects.filter(dyad=change.dyad, seat=change.seat).delete()[0]:
            change.withdrawn(Withdrawn.CARD)
