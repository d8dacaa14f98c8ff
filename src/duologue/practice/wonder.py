"""Something to wonder about over a caseload: one card a week at most, and never a rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duologue.engine.wonder import cap, next_card
from duologue.errors import ParameterError
from duologue.relationship.wonder import Card

MONDAY = date(1970, 1, 5)
"""Weeks are counted from this Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card that was put, of which pair (its place), and from which Monday on."""

    place: int
    card: Card
    week: date


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return MONDAY + timedelta(weeks=_week(day))


def wonder_over(
    caseload: Sequence[Sequence[Card]], *, as_of: date | None = None
) -> list[Shown]:
    """Return the cards of a caseload that were put to its therapist, the oldest first.

    When a week has ended, one of its cards and of those that wait is put, from the next
    Monday on and for a week: that which is furthest from its usual. So what is put does
    not change within a week. What has waited two weeks lapses.

    Parameters
    ----------
    caseload : sequence of sequence of Card
        The cards of each pair (``relationship.wonder.wonders``), as its therapist may
        see them. Their order decides between equal cards of pairs that were both never
        shown.
    as_of : date, optional
        What was put up to this day; by default to the end.

    Returns
    -------
    list of Shown
        One a week at most.

    Raises
    ------
    ParameterError
        If a card's session has no day.
    """
    now = None if as_of is None else week_of(as_of)
    cards = [
        (place, card)
        for place, own in enumerate(caseload)
        for card in own
        if now is None or _day(card) < now
    ]
    weeks = [_week(_day(card)) for _, card in cards]
    places = [place for place, _ in cards]
    chosen = cap(places, weeks, [card.strength for _, card in cards])
    found = [
        Shown(place=place, card=card, week=MONDAY + timedelta(weeks=int(week) + 1))
        for (place, card), week in zip(cards, chosen, strict=True)
        if week >= 0
    ]
    in_time = [each for each in found if now is None or each.week <= now]
    return sorted(in_time, key=lambda each: each.week)


def this_week(
    caseload: Sequence[Sequence[Card]],
    put: Mapping[date, tuple[int, Card] | None],
    *,
    as_of: date,
) -> Shown | None:
    """Return the card to put in the week of a day, as `wonder_over` chooses it.

    But what was put before is known: what nobody looked at in its week waits as well.

    Parameters
    ----------
    caseload : sequence of sequence of Card
        The cards of each pair, as for `wonder_over`.
    put : mapping of date to (int, Card) or None
        What was put in which week, by its Monday: of which pair (its place) which card;
        ``None`` where that is not there any more.
    as_of : date
        The day.

    Raises
    ------
    ParameterError
        If a card's session has no day.
    """
    ended = _week(as_of) - 1
    was_put = [each for each in put.values() if each is not None]
    cards = [
        (place, card)
        for place, own in enumerate(caseload)
        for card in own
        if (place, card) not in was_put
    ]
    found = next_card(
        [place for place, _ in cards],
        [_week(_day(card)) for _, card in cards],
        [card.strength for _, card in cards],
        week=ended,
        last={
            each[0]: _week(monday) - 1
            for monday, each in sorted(put.items())
            if each is not None
        },
    )
    if found is None:
        return None
    place, card = cards[found]
    return Shown(place=place, card=card, week=week_of(as_of))


def _week(day: date) -> int:
    return (day - MONDAY).days // 7


def _day(card: Card) -> date:
    if card.day is None:
        raise ParameterError("a card a week needs a date for every session.")
    return card.day
