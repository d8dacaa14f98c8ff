"""The ledger of consent: saying yes, saying no, withdrawing."""

from collections.abc import Iterable
from datetime import datetime

from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.sharing.consent import (
    FOR_A_RECORDING,
    PER_SESSION,
    Key,
    Purpose,
    Said,
    newest,
    shown,
    standing,
)
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.forgetting import forget_all_of
from duologue.store.actions.recordings import delete_recordings_of
from duologue.store.models import Consent, Person
from duologue.store.models.consent import said_by, shown_to
from duologue.store.models.event import What
from duologue.store.models.session import sessions_asked_about
from duologue.store.models.withdrawal import Withdrawn


def say_yes(
    person: Person,
    ref: str,
    purpose: Purpose,
    *,
    sessions: Iterable[int] = (),
    now: datetime,
) -> None:
    """Say yes to one purpose; said twice, it stands once.

    Parameters
    ----------
    person, ref, purpose : Person, str, Purpose
        Who says it, in which pair, to what.
    sessions : iterable of int
        For what is asked for each session, which ones.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If a session is not one that can be asked about now; or if the therapist is not
        asked, because no yes of the client's stands.
    """
    with changing(person, ref, What.CONSENT_SAID, now=now, sessions=[]) as change:
        mine, theirs = _said(change)
        keys = _keys(purpose, sessions)
        if purpose in PER_SESSION:
            keys = _askable(change, keys, mine, theirs)
        own = standing(mine)
        for key in keys:
            stands = own.get(key)
            asked_by = shown(change.seat, mine, theirs).get(key)
            if stands is None or _is_older(change.seat, stands, asked_by):
                _add(change, key, given=True)


def say_no(
    person: Person,
    ref: str,
    purpose: Purpose,
    *,
    sessions: Iterable[int] | None = None,
    now: datetime,
) -> None:
    """Say no, or withdraw a yes: nobody is told which, nor that anything was said.

    To withdraw keeping deletes all that this person has written (see `forget_all_of`). To
    withdraw a yes to recording a session, or to reading it by machine, deletes for both
    what was kept of its recordings, and its transcript.

    Parameters
    ----------
    person, ref, purpose : Person, str, Purpose
        Who says it, in which pair, to what.
    sessions : iterable of int, optional
        For what is asked for each session, which ones; by default whichever yes stands.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    """
    if purpose is Purpose.KEEPING:
        forget_all_of(person, ref, now=now)
        return
    with changing(person, ref, What.CONSENT_SAID, now=now, sessions=[]) as change:
        mine, theirs = _said(change)
        own, words = standing(mine), newest(mine)
        keys = [key for key in own if key[0] is purpose]
        if sessions is not None or purpose not in PER_SESSION:
            keys = _keys(purpose, sessions or ())
        for key in keys:
            if key in own:
                _add(change, key, given=False)
                change.withdrawn(Withdrawn.CONSENT, session=key[1], item=purpose)
                if purpose in FOR_A_RECORDING and key[1] is not None:
                    change.ours |= delete_recordings_of(change.dyad, key[1])
            elif key not in words and _is_asked(change, key, mine, theirs):
                _add(change, key, given=False)


def _said(change: Change) -> tuple[list[Said], list[Said]]:
    """Return what this person has said, and which yeses of the other they may see."""
    mine = said_by(change.dyad.pk, change.seat)
    return mine, shown_to(change.dyad.pk, change.seat, mine)


def _keys(purpose: Purpose, sessions: Iterable[int]) -> list[Key]:
    if purpose in PER_SESSION:
        return [(purpose, number) for number in sessions]
    return [(purpose, None)]


def _askable(
    change: Change, keys: list[Key], mine: list[Said], theirs: list[Said]
) -> list[Key]:
    """Keep what this person can be asked about now, or refuse if that is nothing."""
    found = [key for key in keys if _is_asked(change, key, mine, theirs)]
    if not found:
        raise NotNowError(
            "this is not asked of you at present. The page shows what is."
        )
    return found


def _is_asked(change: Change, key: Key, mine: list[Said], theirs: list[Said]) -> bool:
    """Whether it is asked of this person: a session to come, and the client's yes."""
    purpose, number = key
    if purpose not in PER_SESSION:
        return True
    in_reach = number in sessions_asked_about(change.dyad.pk, now=change.now)
    if change.seat is Seat.CLIENT:
        return in_reach
    return in_reach and key in shown(Seat.THERAPIST, mine, theirs)


def _is_older(seat: Seat, stands: Said, asked_by: Said | None) -> bool:
    """Whether a yes of the therapist's answered an earlier yes of the client's."""
    return (
        seat is Seat.THERAPIST
        and stands.purpose in PER_SESSION
        and asked_by is not None
        and stands.order < asked_by.order
    )


def _add(change: Change, key: Key, *, given: bool) -> None:
    purpose, number = key
    change.about = number
    Consent.objects.create(
        dyad=change.dyad,
        seat=change.seat,
        purpose=purpose,
        session=number,
        given=given,
        at=change.now,
    )
