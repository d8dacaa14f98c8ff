"""Taking the place one is invited to, as somebody new or as somebody whom one is already.

A code is used once. Whoever comes with it becomes the person that was kept for them, once
they have a way to sign in, or takes the seat as somebody whom they are already.
"""

from datetime import datetime

from django.db import transaction

from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.store import chain
from duologue.store.actions.codes import end_code, name_of_code
from duologue.store.actions.ways import list_ended
from duologue.store.models import Invitation, Person
from duologue.store.models.event import What
from duologue.store.models.reflection import findable
from duologue.store.ways import has_way_in

NOT_OPEN = (
    "this invitation is not open: it was used, or its time is over. Whoever invited you "
    "can make a new one."
)


def take_seat(person: Person, digest: str, *, now: datetime) -> None:
    """Take a place as somebody who has been here before; the code is used up by that.

    Parameters
    ----------
    person : Person
        Who takes it.
    digest : str
        Of the code (`digest_of`).
    now : datetime
        When.

    Raises
    ------
    NotNowError
        If the invitation is not open, or is not for this person.
    """
    with transaction.atomic():
        invitation = _open(digest, now)
        if invitation.person_id == person.pk:
            raise NotNowError(NOT_OPEN)
        kept_free, dyad = invitation.person, invitation.dyad
        _move_in(invitation, person)
        end_code(invitation, now)
        invitation.delete()
        kept_free.delete()
        number = None if dyad is None else dyad.pk
        chain.append(What.JOINED, at=now, who=person.pk, dyad=number)


def kept_person(digest: str, *, now: datetime) -> Person:
    """Return the person who is kept for whoever comes with a code and is new here.

    Raises
    ------
    NotNowError
        If the invitation is not open.
    """
    with transaction.atomic():
        return _open(digest, now).person


def become(person: Person, *, now: datetime) -> None:
    """Note that somebody is now the person who was kept for them: they have a way in.

    Their code is used up by that. For anybody else nothing changes. It belongs into the
    change that makes the way in: what it refuses must not be kept.

    Parameters
    ----------
    person : Person
        Who, as they were when they began.
    now : datetime
        When.

    Raises
    ------
    NotNowError
        If their invitation has ended, or a newer code has ended theirs.
    """
    with transaction.atomic():
        invitation = still_kept(person, now=now)
        if invitation is not None:
            _use_up(invitation, now)


def still_kept(person: Person, *, now: datetime) -> Invitation | None:
    """Return the invitation with which somebody came, locked, or refuse if it has ended.

    ``None`` for whoever has been here before.

    Raises
    ------
    NotNowError
        As `become` does.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).filter(person=person)
    invitation = rows.first()
    # A newer code takes away the password, or that there is none: it is another nothing.
    same = Person.objects.select_for_update().filter(
        pk=person.pk, password=person.password
    )
    if not same or (invitation is not None and invitation.ends_at <= now):
        raise NotNowError(NOT_OPEN)
    return invitation


def settle(*, now: datetime, person: Person | None = None) -> None:
    """Use up what still stands of the invitations of those who have a way in.

    Parameters
    ----------
    now : datetime
        When.
    person : Person, optional
        Whose; everybody's if it is not given.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("person")
    if person is not None:
        rows = rows.filter(person=person)
    with transaction.atomic():
        for invitation in rows:
            if has_way_in(invitation.person):
                _use_up(invitation, now)


def choose_password(person: Person, password: str, *, now: datetime) -> None:
    """Let somebody have a password, as long as nothing of theirs has changed meanwhile.

    Raises
    ------
    NotNowError
        If the invitation with which they came has ended.
    """
    with transaction.atomic():
        still_kept(person, now=now)
        person.set_password(password)
        person.save(update_fields=["password"])


def _open(digest: str, now: datetime) -> Invitation:
    """Return the invitation of a code while it is open, locked."""
    rows = Invitation.objects.select_for_update(of=("self",))
    rows = rows.select_related("dyad", "person")
    invitation = rows.filter(digest=findable(digest), ends_at__gt=now).first()
    if invitation is None or has_way_in(invitation.person):
        raise NotNowError(NOT_OPEN)
    return invitation


def _use_up(invitation: Invitation, now: datetime) -> None:
    """Remove an invitation whose person has come."""
    if invitation.ends_at > now:
        list_ended([name_of_code(invitation)])
    person, dyad = invitation.person_id, invitation.dyad_id
    invitation.delete()
    chain.append(What.JOINED, at=now, who=person, dyad=dyad)


def _move_in(invitation: Invitation, person: Person) -> None:
    """Let somebody who has been here before take the place."""
    dyad = invitation.dyad
    if dyad is None:
        if person.practice_id is not None:
            raise NotNowError("you work here already.")
        person.practice = invitation.practice
        person.save(update_fields=["practice"])
        return
    seat = Seat(invitation.seat)
    if dyad.person_id_of(seat.other) == person.pk:
        raise NotNowError("this invitation is for the other seat of your own pair.")
    setattr(dyad, seat.value, person)
    dyad.save(update_fields=[seat.value])
