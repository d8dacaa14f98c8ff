"""Inviting somebody to a seat or to work here, and taking the place one is invited to.

A code is used once. Whoever comes with it becomes the person that was kept for them, once
they have a way to sign in, or takes the seat as somebody whom they are already.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind, Mode, Seat, Status
from duologue.store import chain
from duologue.store.actions.sessions import add_session
from duologue.store.actions.ways import list_ended
from duologue.store.models import Dyad, Invitation, Person, Practice, Room, Session
from duologue.store.models.dyad import LONGEST_CODE
from duologue.store.models.event import What
from duologue.store.models.person import CODE_LETTERS
from duologue.store.models.reflection import can_be_kept, findable
from duologue.store.models.refs import new_ref
from duologue.store.ways import has_way_in, named

HOLDS = timedelta(days=14)
"""How long an invitation to a seat holds."""

HOLDS_TO_WORK = timedelta(days=1)
N_LETTERS, A_GROUP = 28, 4
"""Of a code: 138 random bits, written in groups."""

NOT_OPEN = (
    "this invitation is not open: it was used, or its time is over. Whoever invited you "
    "can make a new one."
)


def invite(
    person: Person,
    *,
    called: str,
    me: str,
    kind: Kind,
    seat: Seat,
    now: datetime,
    starts: datetime | None = None,
    mode: Mode = Mode.ROOM,
    ref: str | None = None,
) -> str:
    """Keep a seat across from this person free for somebody; return the pair.

    Its code is made when it is to be handed on (`invite_again`).

    Parameters
    ----------
    person : Person
        Who invites; must work at a practice that says what it must say (law 10).
    called, me : str
        What the two are to be called in the pair: codes, never names. Both see both.
    kind, seat : Kind, Seat
        What they meet for, and the seat that is kept free.
    now : datetime
        When.
    starts : datetime, optional
        When they meet first. It is planned where the frame is this person's to hold.
    mode : Mode
        Where they meet then.
    ref : str, optional
        The pair's name in addresses, if it is to have that one: where it is this person's
        already, nothing more is done.

    Returns
    -------
    str
        The pair's name in addresses.

    Raises
    ------
    NotYoursError
        If this person does not work at a practice.
    NotNowError
        If the practice has not said what it must say; or if a code is blank, too long,
        or the same as the other; or if there can be no session then.
    """
    practice = _place_of(person)
    called, me = called.strip(), me.strip()
    for words in (called, me):
        if not 0 < len(words) <= LONGEST_CODE or not can_be_kept(words):
            raise NotNowError(f"what each is called takes 1 to {LONGEST_CODE} letters.")
    if called == me:
        raise NotNowError("the two of you must not be called the same.")
    with transaction.atomic():
        # One at a time: else the same would be made twice.
        list(Practice.objects.select_for_update().filter(pk=practice.pk))
        if ref is not None and Dyad.objects.filter(ref=ref).exists():
            return ref
        kept_free = _somebody(practice)
        client, therapist = (
            (kept_free, person) if seat is Seat.CLIENT else (person, kept_free)
        )
        codes = (called, me) if seat is Seat.CLIENT else (me, called)
        dyad = Dyad.objects.create(
            ref=ref or new_ref(),
            code=called,
            kind=kind,
            practice=practice,
            client=client,
            therapist=therapist,
            client_code=codes[0],
            therapist_code=codes[1],
        )
        _keep(practice, kept_free, now, dyad=dyad, seat=seat)  # it is not open yet
        chain.append(What.INVITED, at=now, who=person.pk, dyad=dyad.pk)
        if starts is not None and seat is Seat.CLIENT:
            add_session(person, dyad.ref, starts, mode=mode, now=now)
    return dyad.ref


def invite_again(person: Person, ref: str, *, now: datetime) -> str:
    """Make a code for a seat that nobody has taken yet; the earlier one ends.

    With the earlier one ends whatever somebody has begun who came with it. The code is
    kept nowhere, and holds for `HOLDS`.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If the seat has been taken.
    """
    with transaction.atomic():
        invitation = _of_pair(person, ref)
        _end(invitation, now)
        code = _new_code()
        invitation.digest, invitation.ends_at = digest_of(code), now + HOLDS
        invitation.save()
        chain.append(What.INVITED, at=now, who=person.pk, dyad=invitation.dyad_id)
    return code


def end_invitation(person: Person, ref: str, *, now: datetime) -> bool:
    """Take an invitation back; return whether the pair went with it.

    It goes with what is planned where there is nothing else of it. Where somebody has
    written something in it, or said something, it stays, and its seat is free.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If the seat has been taken.
    """
    with transaction.atomic():
        invitation = _of_pair(person, ref)
        dyad, kept_free = invitation.dyad, invitation.person
        assert dyad is not None  # noqa: S101 - it was found by its pair
        chain.append(What.INVITATION_ENDED, at=now, who=person.pk, dyad=dyad.pk)
        _end(invitation, now)
        if _is_more_than_planned(dyad):
            invitation.digest, invitation.ends_at = digest_of(_new_code()), now
            invitation.save()
            return False
        dyad.delete()
        kept_free.delete()
        return True


def invite_to_work(practice: Practice, *, now: datetime) -> str:
    """Return a code by which somebody comes to work at a practice.

    Earlier ones end: there is one at a time. Whoever has a way in by then is here.
    """
    with transaction.atomic():
        settle(now=now)
        earlier = Invitation.objects.select_for_update(of=("self",))
        for invitation in earlier.filter(practice=practice, dyad=None):
            _end(invitation, now)
            invitation.person.delete()
        kept_free = _somebody(practice, works_here=True)
        code = _keep(practice, kept_free, now + HOLDS_TO_WORK)
        chain.append(What.INVITED, at=now)
    return code


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
        _end(invitation, now)
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


def end_codes(names: set[str]) -> None:
    """End again the codes that are listed by these names: nobody has the new one."""
    for invitation in Invitation.objects.all():
        if _name_of(invitation) in names:
            invitation.digest = digest_of(_new_code())
            invitation.save(update_fields=["digest"])


def digest_of(code: str) -> str:
    """Return what is kept of a code; groups, capitals and spaces make no difference."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def _open(digest: str, now: datetime) -> Invitation:
    """Return the invitation of a code while it is open, locked."""
    rows = Invitation.objects.select_for_update(of=("self",))
    rows = rows.select_related("dyad", "person")
    invitation = rows.filter(digest=findable(digest), ends_at__gt=now).first()
    if invitation is None or has_way_in(invitation.person):
        raise NotNowError(NOT_OPEN)
    return invitation


def _name_of(invitation: Invitation) -> str:
    """Return the name by which a code is listed once it has ended."""
    return named("invitation", invitation.digest)


def _use_up(invitation: Invitation, now: datetime) -> None:
    """Remove an invitation whose person has come."""
    if invitation.ends_at > now:
        list_ended([_name_of(invitation)])
    person, dyad = invitation.person_id, invitation.dyad_id
    invitation.delete()
    chain.append(What.JOINED, at=now, who=person, dyad=dyad)


def _end(invitation: Invitation, now: datetime) -> None:
    """End a code, and whatever somebody has begun who came with it and is nobody yet."""
    if invitation.ends_at > now:
        list_ended([_name_of(invitation)])
    kept_free = invitation.person
    for row in Authenticator.objects.filter(user=kept_free):
        row.delete()
    kept_free.set_unusable_password()  # another one: a visit ends with the one it knows
    kept_free.save(update_fields=["password"])


def _is_more_than_planned(dyad: Dyad) -> bool:
    """Whether there is anything of a pair but sessions that are planned."""
    for found in Dyad._meta.related_objects:  # noqa: SLF001 - documented
        rows = found.related_model._default_manager.filter(  # noqa: SLF001 - documented
            **{found.field.name: dyad}
        )
        if found.related_model is Session:
            rows = rows.exclude(
                started=None, status=Status.HELD, by="", reflections=None
            )
        if found.related_model not in (Invitation, Room) and rows.exists():
            return True
    return False


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


def _place_of(person: Person) -> Practice:
    practice = Practice.objects.filter(people=person).first()
    if practice is None:
        raise NotYoursError("only who works at a practice invites to it.")
    if practice.blanks:
        raise NotNowError(
            "before anybody is invited, the practice needs a name and its own words: for "
            "whoever needs someone now, for what happens if somebody tells, and whom you "
            "can turn to yourself."
        )
    return practice


def _of_pair(person: Person, ref: str) -> Invitation:
    """Return the invitation to a pair of this person's, locked, or refuse."""
    dyad = Dyad.objects.select_for_update().filter(ref=findable(ref)).first()
    if dyad is None or dyad.seat_of(person) is None:
        raise NotYoursError("there is no such pair.")
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(dyad=dyad)
    found = invitation.select_related("dyad", "person").exclude(person=person).first()
    if found is None or has_way_in(found.person):
        raise NotNowError("this seat has been taken.")
    return found


def _somebody(practice: Practice, *, works_here: bool = False) -> Person:
    """Store a person whom nobody is yet."""
    made = Person(practice=practice if works_here else None, made_up=practice.made_up)
    made.set_unusable_password()
    made.save()
    return made


def _keep(
    practice: Practice,
    person: Person,
    ends_at: datetime,
    *,
    dyad: Dyad | None = None,
    seat: Seat | None = None,
) -> str:
    code = _new_code()
    Invitation.objects.create(
        practice=practice,
        dyad=dyad,
        seat=seat or "",
        person=person,
        digest=digest_of(code),
        ends_at=ends_at,
    )
    return code


def _new_code() -> str:
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(N_LETTERS))
    return "-".join(drawn[i : i + A_GROUP] for i in range(0, N_LETTERS, A_GROUP))
