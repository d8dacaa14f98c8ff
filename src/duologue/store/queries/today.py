"""What is there for a person today: the newest session, and cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from duologue.records import Seat, Status
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
    held : tuple of int
        Numbers of the last sessions that were held, the newest first.
    finished, ask_again : bool
        Whether this person is done with it, and wants their own question back.
    card : bool
        Whether the other's card lies here: on its one day, and on no other.
    """

    number: int | None
    start: datetime | None
    held: tuple[int, ...]
    finished: bool
    ask_again: bool
    card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForToday:
    """What lies in a pair on the day of its session, for a list of several pairs.

    Attributes
    ----------
    card : bool
        Whether the other's card lies there, as `Today` says it.
    asked_again : int or None
        The session whose question this person wanted back before next time: on the day
        of that next time, until it begins.
    meets : bool
        Whether a session is still to come today.
    """

    card: bool
    asked_again: int | None
    meets: bool


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
    held = [session for session in lately if session.start <= now]
    newest = held[0] if held else None
    finished, ask_again = (False, False) if newest is None else _own(pair, newest)
    return Today(
        number=newest and newest.number,
        start=newest and newest.start,
        held=tuple(session.number for session in held),
        finished=finished,
        ask_again=ask_again,
        card=_card_from_other(pair, lately, timezone.localdate(now)),
    )


def for_today(pairs: Sequence[Pair], *, now: datetime) -> list[ForToday]:
    """Return what lies in each pair today, in as many queries however many there are.

    By the frame, which both of them see, and by what lies on each pair's own page.
    """
    days = _days_of(pairs, now)
    cards = _cards_to(pairs, days, now)
    again = _asked_again([p for p in pairs if p.id in days and days[p.id].to_come], now)
    return [
        ForToday(
            card=pair.id in cards,
            asked_again=again.get(pair.id),
            meets=pair.id in days and days[pair.id].to_come,
        )
        for pair in pairs
    ]


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
    return _midnight(timezone.localdate(now) + timedelta(days=1))


def _midnight(day: date) -> datetime:
    """Return when a day begins where the practice is."""
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
    cards = Card.objects.filter(dyad=pair.id, seat=pair.seat.other)
    days = [timezone.localdate(session.start) for session in lately]
    return cards.filter(_lies(day, days)).exists()


def _lies(day: date, session_days: Iterable[date]) -> Q:
    """Return the condition that a card lies there on a day, no other being loaded."""
    there, sent = Q(lies_on=day), sent_in(day, session_days)
    if sent is not None:
        there |= ON_ITS_WAY & Q(sent_on__range=sent)
    return there


class _Day(NamedTuple):
    """The day before on which a pair met, if it did; whether today's is still to come."""

    before: date | None
    to_come: bool


def _days_of(pairs: Sequence[Pair], now: datetime) -> dict[int, _Day]:
    """Return the pairs that meet today, by their ids."""
    today = _midnight(timezone.localdate(now))
    held = SessionRow.objects.filter(
        dyad__in=[pair.id for pair in pairs],
        status=Status.HELD,
        planned_start__lt=end_of_day(now),
    )
    rows = (
        held.order_by()
        .values_list("dyad")
        .annotate(
            last=Max("planned_start"),
            before=Max("planned_start", filter=Q(planned_start__lt=today)),
        )
    )
    return {
        dyad: _Day(before and timezone.localdate(before), last > now)
        for dyad, last, before in rows
        if last >= today
    }


def _cards_to(
    pairs: Sequence[Pair], days: Mapping[int, _Day], now: datetime
) -> set[int]:
    """Return the pairs in which the other's card lies today; no other card is loaded."""
    condition, day = Q(pk__in=()), timezone.localdate(now)
    # Of most pairs the same is asked, since most do not meet today: together, once a seat.
    for seat in Seat:
        there = [p.id for p in pairs if p.seat is seat and p.id not in days]
        condition |= Q(dyad__in=there, seat=seat.other) & _lies(day, [])
    for pair in pairs:
        if pair.id in days:
            met = [each for each in (days[pair.id].before, day) if each]
            condition |= Q(dyad=pair.id, seat=pair.seat.other) & _lies(day, met)
    return set(Card.objects.filter(condition).values_list("dyad", flat=True))


def _asked_again(pairs: Sequence[Pair], now: datetime) -> dict[int, int]:
    """Return the newest session of each pair whose question this person wanted back."""
    condition = Q(pk__in=())
    for seat in Seat:
        sat_in = [pair.id for pair in pairs if pair.seat is seat]
        condition |= Q(session__dyad__in=sat_in, seat=seat)
    held = SessionRow.objects.filter(
        dyad=OuterRef("session__dyad"), status=Status.HELD, planned_start__lte=now
    )
    newest = held.order_by("-planned_start", "-number").values("pk")[:1]
    own = Reflection.objects.filter(
        condition, finished=True, ask_again=True, session=Subquery(newest)
    )
    return dict(own.values_list("session__dyad", "session__number"))
