"""How one can be reached: filled in, shown to the other of a pair, taken away."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.store import chain
from duologue.store.actions.changing import changing, list_withdrawn
from duologue.store.keys import ring
from duologue.store.models import Contact, Person, Reachable, Withdrawal
from duologue.store.models.contact import DETAILS
from duologue.store.models.event import What
from duologue.store.models.reflection import can_be_kept
from duologue.store.models.withdrawal import Withdrawn


@transaction.atomic
def keep_contact(person: Person, details: Mapping[str, str], *, now: datetime) -> None:
    """Keep how a person can be reached, all of it by choice; what is blank is not kept.

    A card on which nothing is left is gone, and its key with it.

    Parameters
    ----------
    person : Person
        Whose card it is.
    details : mapping of str to str
        By the names of `DETAILS`; what is not mentioned is blank.
    now : datetime
        When.

    Raises
    ------
    NotNowError
        If one of them is too long.
    """
    given = {field: _fitting(details.get(field, ""), field) for field in DETAILS}
    if not any(given.values()):
        delete_contact(person, now=now)
        return
    card = Contact.objects.select_for_update().filter(person=person).first()
    card = card or Contact(person=person)
    for field, words in given.items():
        if getattr(card, field) != words:
            setattr(card, field, words)
    card.save()
    list_withdrawn()
    chain.append(What.CONTACT_KEPT, at=now, who=person.pk)


@transaction.atomic
def delete_contact(person: Person, *, now: datetime) -> None:
    """Delete how a person can be reached: the key goes, and nobody is shown it any more.

    Whoever is filled in again later is shown to nobody until their owner says so anew.
    Once it is gone, doing so again changes nothing.
    """
    for switch in _switches(person):
        _switch_off(switch.dyad.ref, switch.seat)
    for card in Contact.objects.select_for_update().filter(person=person):
        card.delete()
        transaction.on_commit(partial(ring.current().forget_holder, card.holder))
    list_withdrawn()
    chain.append(What.CONTACT_DELETED, at=now, who=person.pk)


def share_reach(person: Person, ref: str, *, on: bool, now: datetime) -> None:
    """Let the other of a pair see how to reach one, or no longer.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    """
    what = What.REACH_SHARED if on else What.REACH_KEPT
    with changing(person, ref, what, now=now, sessions=[]) as change:
        if on:
            Reachable.objects.get_or_create(dyad=change.dyad, seat=change.seat)
        else:
            _switch_off(change.dyad.ref, change.seat)
            list_withdrawn()


def _switches(person: Person) -> list[Reachable]:
    """Return where this person lets the other see how to reach them."""
    own = Q(pk__in=())
    for seat in Seat:
        own |= Q(seat=seat, **{f"dyad__{seat}": person})
    return list(Reachable.objects.filter(own).select_related("dyad"))


def _switch_off(ref: str, seat: str) -> None:
    """Take the switch away, and list it: after a restore it is taken away again."""
    if Reachable.objects.filter(dyad__ref=ref, seat=seat).delete()[0]:
        Withdrawal.objects.create(what=Withdrawn.REACH, dyad=ref, seat=seat)


def _fitting(words: str, field: str) -> str | None:
    """Return a detail as it is kept, in one line, or refuse."""
    words = " ".join(words.split())
    if len(words) > DETAILS[field] or not can_be_kept(words):
        raise NotNowError(f"this takes up to {DETAILS[field]} characters.")
    return words or None
