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
    """A card that was shown, of which pair (its place), and from which Monday on."""

    place: int
    card: Card
    week: date


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return MONDAY + timedelta(weeks=(day - MONDAY).days // 7)


def wonder_over(
    caseload: Sequence[Sequence[Card]], *, as_of: date | None = None
) -> list[Shown]:
    """Return the cards of a caseload that were shown, the oldest first.

    Of those of a week, and of those that wait, the one that is furthest from its usual
    is shown; what has waited two weeks lapses.

    Parameters
    ----------
    caseload : sequence of sequence of Card
        The cards of each pair (``relationship.wonder.wonders``), as its therapist may
        see them. Their order decides between equal cards of pairs that were both never
        shown.
    as_of : date, optional
        Leave out every card of a later day: those before it stay as they are.

    Returns
    -------
    list of Shown
        One a week at most.

    Raises
    ------
    ParameterError
        If a card's session has no day.
    """
    cards = [
        (place, card)
        for place, own in enumerate(caseload)
        for card in own
        if as_of is None or _day(card) <= as_of
    ]
    weeks = [(week_of(_day(card)) - MONDAY).days // 7 for _, card in cards]
    places = [place for place, _ in cards]
    shown = cap(places, weeks, [card.strength for _, card in cards])
    found = [
        Shown(place=place, card=card, week=MONDAY + timedelta(weeks=int(week)))
        for (place, card), week in zip(cards, shown, strict=True)
        if week >= 0
    ]
    last = None if as_of is None else week_of(as_of)
    in_time = [each for each in found if last is None or each.week <= last]
    return sorted(in_time, key=lambda each: each.week)


def _day(card: Card) -> date:
    if card.day is None:
        raise ParameterError("a card a week needs a date for every session.")
    return card.day
