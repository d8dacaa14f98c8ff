"""Something to wonder about over a caseload: one card a week at most, and never a rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duologue.engine.wonder import cap
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


def _week(day: date) -> int:
    return (day - MONDAY).days // 7


def _day(card: Card) -> date:
    if card.day is None:
        raise ParameterError("a card a week needs a date for every session.")
    return card.day
