"""Opening together in the room: one shows a code, both tap, both look."""

import secrets
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Dyad, Person, Reflection, Room
from duologue.store.models.event import What
from duologue.store.models.reflection import findable

STAYS_OPEN = timedelta(minutes=20)
"""How long a code may be used, and the page of the two in the room looked at."""


def show_room(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Make a new code for looking at one session; an earlier one of one's own ends.

    Nothing of it reaches the other before they tap it.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session yet.
    """
    with changing(person, ref, What.ROOM_SHOWN, now=now, sessions=[]) as change:
        session = change.session(number)
        change.dyad.rooms.filter(closes_at__lte=now).delete()
        own = change.dyad.rooms.filter(shown_by=change.seat)
        _put_away(change, own)
        Room.objects.create(
            dyad=change.dyad,
            session=session,
            shown_by=change.seat,
            code=_new_code(own),
            closes_at=now + STAYS_OPEN,
        )


def tap(person: Person, ref: str, number: int, code: str, *, now: datetime) -> None:
    """Say yes, here and now. The second tap makes both willing, in the same moment.

    Until then nothing is stored of either person's willingness; a room that closes
    after one tap leaves nothing behind.

    Parameters
    ----------
    person, ref : Person, str
        Who taps, and in which pair.
    number : int
        The session that their page names: no other is opened.
    code : str
        The code that is shown.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If the pair has no open room of this code for this session, or this person has
        asked that nothing of theirs be kept.
    """
    with changing(person, ref, What.ROOM_TAPPED, now=now) as change:
        must_be_kept(change)
        change.about = number
        rooms = change.dyad.rooms.filter(
            code=findable(code), session__number=number, closes_at__gt=now
        )
        # Should both show the same code, which chance makes rare, it is the other's.
        room = rooms.filter(shown_by=change.seat.other).first() or rooms.first()
        if room is None:
            raise NotNowError(
                "that code is not open. A new one can be shown at any time."
            )
        setattr(room, f"{change.seat}_tapped", True)
        setattr(room, f"{change.seat}_away", False)
        if room.client_tapped and room.therapist_tapped and room.opened_at is None:
            room.opened_at = now
            of_pair = Dyad.objects.filter(pk=change.dyad.pk)
            of_pair.update(openings=F("openings") + 1)
            for seat in Seat:
                Reflection.objects.update_or_create(
                    session=room.session,
                    seat=seat,
                    defaults={"willing": True, "finished": True},
                )
        room.save()


def leave_room(person: Person, ref: str, *, now: datetime) -> None:
    """Put the room away, for oneself; the other is not told. What has opened stays open."""
    with changing(person, ref, What.ROOM_LEFT, now=now, sessions=[]) as change:
        _put_away(change, change.dyad.rooms.all())


def _put_away(change: Change, rooms: QuerySet[Room]) -> None:
    """Let this person no longer see these rooms; a tap that opened nothing is gone."""
    rooms.filter(opened_at=None).update(**{f"{change.seat}_tapped": False})
    rooms.update(**{f"{change.seat}_away": True})


def _new_code(own: QuerySet[Room]) -> str:
    """Return six digits that none of one's own open rooms has.

    The other's are not looked at: that there are any is theirs alone.
    """
    taken = set(own.values_list("code", flat=True))
    return next(code for code in iter(_six_digits, "") if code not in taken)


def _six_digits() -> str:
    return f"{secrets.randbelow(10**6):06d}"
