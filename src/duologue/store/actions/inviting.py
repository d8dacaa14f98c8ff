"""Inviting somebody to a seat or to work here, and taking an invitation back."""

from datetime import datetime, timedelta

from django.db import transaction

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind, Mode, Seat, Status
from duologue.store import chain
from duologue.store.actions.codes import digest_of, end_code, new_code
from duologue.store.actions.joining import settle
from duologue.store.actions.sessions import add_session
from duologue.store.models import Dyad, Invitation, Person, Practice, Room, Session
from duologue.store.models.dyad import LONGEST_CODE
from duologue.store.models.event import What
from duologue.store.models.reflection import can_be_kept, findable
from duologue.store.models.refs import new_ref
from duologue.store.ways import has_way_in

HOLDS = timedelta(days=14)
"""How long an invitation to a seat holds."""

HOLDS_TO_WORK = timedelta(days=1)


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
        end_code(invitation, now)
        code = new_code()
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
        end_code(invitation, now)
        if _is_more_than_planned(dyad):
            invitation.digest, invitation.ends_at = digest_of(new_code()), now
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
            end_code(invitation, now)
            invitation.person.delete()
        kept_free = _somebody(practice, works_here=True)
        code = _keep(practice, kept_free, now + HOLDS_TO_WORK)
        chain.append(What.INVITED, at=now)
    return code


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
    code = new_code()
    Invitation.objects.create(
        practice=practice,
        dyad=dyad,
        seat=seat or "",
        person=person,
        digest=digest_of(code),
        ends_at=ends_at,
    )
    return code
