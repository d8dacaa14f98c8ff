"""What is there for a person today: the newest session, and cards."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from duologue.records import Status
from duologue.sharing import reaches_on, sent_in
from duologue.store.models import Card, Reflection
from duologue.store.models import Session as SessionRow
from duologue.store.models.card import ON_ITS_WAY
from duologue.store.models.session import session_days
from duologue.store.queries.pairs import Pair

LONG = timedelta(hours=2)
"""When a session whose end nobody has noted is taken to be over."""

LATELY = 8
"""So many sessions hold the last two days of sessions, even if several share a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What a person may do, and what lies there for them.

    Attributes
    ----------
    number, start : int or None, datetime or None
        The newest session that was held; ``None`` before the first.
    finished, ask_again : bool
        Whether this person is done with it, and wants their own question back.
    card : bool
        Whether the other's card lies here: on its one day, and on no other.
    """

    number: int | None
    start: datetime | None
    finished: bool
    ask_again: bool
    card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSession:
    """The session that two people can look back on side by side."""

    number: int
    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """A card that one has sent, and the day on which it reaches the other, if planned.

    ``here`` is there while that is today, ``earlier`` while one that was sent before it
    lies there today.
    """

    reaches: date | None
    here: bool = False
    earlier: bool = False


def today(pair: Pair, *, now: datetime) -> Today:
    """Return what is there for the person who asks."""
    lately = _lately(pair, now)
    newest = next((session for session in lately if session.start <= now), None)
    finished, ask_again = (False, False) if newest is None else _own(pair, newest)
    return Today(
        number=newest and newest.number,
        start=newest and newest.start,
        finished=finished,
        ask_again=ask_again,
        card=_card_from_other(pair, lately, timezone.localdate(now)),
    )


def last_session(pair: Pair, *, now: datetime) -> LastSession | None:
    """Return the newest session that is over, ``None`` before the first.

    The one that is just beginning is not it: nobody has looked back on that.
    """
    for session in _lately(pair, now):
        if (session.ended or session.start + LONG) <= now:
            return LastSession(number=session.number, start=session.start)
    return None


def own_card(pair: Pair, *, now: datetime) -> OwnCard | None:
    """Return the card that the person who asks has sent and whose day is not over."""
    card = Card.objects.filter(dyad=pair.id, seat=pair.seat).first()
    if card is None:
        return None
    day = timezone.localdate(now)
    reaches = card.lies_on
    if card.is_on_its_way:
        reaches = reaches_on(card.sent_on, session_days(pair.ref))
    if reaches is not None and reaches < day:
        return None
    earlier = card.is_on_its_way and card.lies_on == day
    return OwnCard(reaches=reaches, here=reaches == day, earlier=earlier)


def end_of_day(now: datetime) -> datetime:
    """Return the midnight at which today ends."""
    day = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


class _Session(NamedTuple):
    id: int
    number: int
    start: datetime
    ended: datetime | None


def _lately(pair: Pair, now: datetime) -> list[_Session]:
    """Return the last sessions held or planned for today, the newest first."""
    rows = SessionRow.objects.filter(
        dyad=pair.id, status=Status.HELD, planned_start__lt=end_of_day(now)
    )
    found = rows.order_by("-planned_start", "-number").values_list(
        "id", "number", "planned_start", "ended"
    )
    return [_Session(*row) for row in found[:LATELY]]


def _own(pair: Pair, newest: _Session) -> tuple[bool, bool]:
    own = Reflection.objects.filter(session=newest.id, seat=pair.seat)
    return own.values_list("finished", "ask_again").first() or (False, False)


def _card_from_other(pair: Pair, lately: list[_Session], day: date) -> bool:
    there = Q(lies_on=day)
    days = sent_in(day, [timezone.localdate(session.start) for session in lately])
    if days is not None:
        there |= ON_ITS_WAY & Q(sent_on__range=days)
    cards = Card.objects.filter(dyad=pair.id, seat=pair.seat.other)
    return cards.filter(there).exists()
