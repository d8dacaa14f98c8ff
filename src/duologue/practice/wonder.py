"""Something to wonder about over a caseload: one card a week at most, and never a rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duologue.engine.wonder import cap
from duologue.errors import ParameterError
from duologue.relationship.wonder import Card, wonders
from duologue.sharing import Seen

MONDAY = date(1970, 1, 5)
"""Weeks are counted from this Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card that was shown, in which pair, and from the Monday of which week on."""

    pair: str
    card: Card
    week: date


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return MONDAY + timedelta(weeks=(day - MONDAY).days // 7)


def wonder_over(
    caseload: Sequence[Seen],
    *,
    declared: str = "",
    further: tuple[str, ...] = (),
    as_of: date | None = None,
) -> list[Shown]:
    """Return the cards of a caseload that were shown, the oldest first.

    Of those of a week, and of those that wait, the one that is furthest from its usual
    is shown; what has waited two weeks lapses.

    Parameters
    ----------
    caseload : sequence of Seen
        Each pair as its therapist may see it. Their order decides between equal cards
        of pairs that were both never shown.
    declared, further : str, tuple of str
        The series, as for ``relationship.wonder.wonders``; the same for all pairs.
    as_of : date, optional
        Leave out every card of a later day: those before it stay as they are.

    Returns
    -------
    list of Shown
        One a week at most.

    Raises
    ------
    ParameterError
        If a card's session has no day, and as for ``wonders``.
    """
    cards = [
        (number, card)
        for number, seen in enumerate(caseload)
        for card in wonders(seen, declared=declared, further=further)
        if as_of is None or _day(card) <= as_of
    ]
    weeks = [(week_of(_day(card)) - MONDAY).days // 7 for _, card in cards]
    pairs = [number for number, _ in cards]
    shown = cap(pairs, weeks, [card.strength for _, card in cards])
    found = [
        Shown(
            pair=caseload[number].ours.dyad.code,
            card=card,
            week=MONDAY + timedelta(weeks=int(week)),
        )
        for (number, card), week in zip(cards, shown, strict=True)
        if week >= 0
    ]
    last = None if as_of is None else week_of(as_of)
    in_time = [each for each in found if last is None or each.week <= last]
    return sorted(in_time, key=lambda each: each.week)


def _day(card: Card) -> date:
    if card.day is None:
        raise ParameterError("a card a week needs a date for every session.")
    return card.day
