"""Something to wonder about: when one answer, or the last few, are unlike a person's own.

The rule has two parts, and each needs eleven earlier answers: one answer far below what
they foretell, or the mean of the last five below it. What may not be seen must be left
out before; nothing here knows whose answers these are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.usual import MIN_EARLIER, SMALLEST_DEPARTURE, t_of, usual
from duologue.errors import ParameterError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Kind = TypeVar("Kind", np.float64, np.int64, np.bool_)

MOST_ALIKE = 0.8
"""Neighbouring answers are never taken to be more alike than this (correlation)."""

TOP = 100.0
"""Where the scale ends."""

N_WAIT = 2
"""So many weeks a card waits before it lapses."""

SHARED = 1.5
"""A series that may make half of the cards gets the tail of its limits times half to this
power: where answers are alike, halving a tail takes off less than half of the cards."""


class Part(IntEnum):
    """The part of the rule that made a card."""

    NONE = 0
    ONE = 1
    FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule and its numbers, tuned by simulation (docs/validation-wonder.md).

    Attributes
    ----------
    version : str
        Changes whenever a number does.
    min_earlier : int
        Fewest earlier answers, 4 or more: with 11 of them one answer may make a card
        from the twelfth on, and the last five from the sixteenth on.
    n_few : int
        How many answers "the last few" are, 2 or more.
    one, few : float in (0.5, 1)
        One-sided levels of the limits for one answer and for the mean of the last few.
    one_near_top, few_near_top : float in (0.5, 1)
        The same for a person near the top of the scale: answers are cut off there, what
        spread is left lies on the low side, and the ordinary limits find too much.
    smallest_near_top : float >= 0
        Points of 100: for such a person the limit for one answer is never nearer to the
        centre than this. From ten answers of 100 nobody knows what a rare 90 means.
    room : float >= 0
        Near the top is whose mean so far lies within so many standard deviations of it,
        or within ``smallest_departure``.
    alike : float in [0, 1)
        Correlation of neighbouring answers that is assumed at first.
    weight : float >= 0
        How many answers' worth that assumption is, beside those of the person.
    n_rest : int
        Answers after a card during which there is no other, 0 or more, so that the
        same fall is seldom told twice.
    declared_share : float in (0, 1]
        Where there are further series, the declared one's share of the cards that
        chance may make; the others have equal parts of the rest.
    smallest_departure : float >= 0
        Points of 100: a limit is never nearer to the centre than this.
    """

    version: str = "1"
    min_earlier: int = 11
    n_few: int = 5
    one: float = 0.999
    few: float = 0.981
    one_near_top: float = 0.9999
    few_near_top: float = 0.996
    smallest_near_top: float = 20.0
    room: float = 1.3
    alike: float = 0.3
    weight: float = 20.0
    n_rest: int = 8
    declared_share: float = 0.75
    smallest_departure: float = SMALLEST_DEPARTURE


RULE = Rule()
"""The rule in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Shares of ordinary sessions that look like this by chance, nothing changing.

    Measured by simulation with autocorrelation .3, from the first answer on after which
    the part is asked, whether the pair rested or not (docs/validation-wonder.md). They
    hold for the rule in use.

    Attributes
    ----------
    one : float
        One answer below its limit.
    few : float
        The mean of the last few below its limit.
    """

    one: float
    few: float


ORDINARY = Chance(one=0.002, few=0.025)
NEAR_TOP = Chance(one=0.006, few=0.02)
"""For who is near the top of the scale; both hold with further series or without."""


def chance(part: int, *, near_top: bool) -> float:
    """Return the share of ordinary sessions that look like a card by chance.

    Parameters
    ----------
    part : Part or int
        The part of the rule that made it, ``ONE`` or ``FEW``.
    near_top : bool
        `Wonder.near_top` of the card.

    Raises
    ------
    ParameterError
        If the part is ``NONE``: where there is no card there is nothing to state.
    """
    if part == Part.NONE:
        raise ParameterError("part must be ONE or FEW, got NONE.")
    stated = NEAR_TOP if near_top else ORDINARY
    return stated.one if part == Part.ONE else stated.few


@dataclass(frozen=True, slots=True, kw_only=True)
class Wonder:
    """Which sessions carry a card, and what it was held against.

    Attributes
    ----------
    card : ndarray of bool, shape (n_sessions, ...)
        Sessions with a card; one a pair, whichever of its series made it.
    part : ndarray of int, shape (n_sessions, ...)
        The `Part` that made it, ``NONE`` where there is none.
    series : ndarray of int, shape (n_sessions, ...)
        The series that made it, 0 being the declared one; -1 where there is none.
    value, centre, limit : ndarray, shape (n_sessions, ...)
        The answer or the mean of the last few, what the earlier answers foretold, and
        the limit that it lies below; ``nan`` where there is no card.
    n_earlier : ndarray of int, shape (n_sessions, ...)
        How many earlier answers it was held against; 0 where there is no card.
    near_top : ndarray of bool, shape (n_sessions, ...)
        Whether the limit was that for a person near the top of the scale.
    strength : ndarray, shape (n_sessions, ...)
        How far below the centre it lies, in distances of the limit from the centre:
        above 1 for a card (infinite where the limit is the centre), ``nan`` where there
        is none.
    one, few : ndarray of bool, shape (n_sessions, n_series, ...)
        Where each part of the rule found something, whether the pair rested or not.
    """

    card: Bools
    part: Ints
    series: Ints
    value: Floats
    centre: Floats
    limit: Floats
    n_earlier: Ints
    near_top: Bools
    strength: Floats
    one: Bools
    few: Bools


def wonder(values: ArrayLike, *, rule: Rule = RULE) -> Wonder:
    r"""Find the sessions with something to wonder about.

    *One*: the answer lies below the prediction limit of `usual.usual` for one answer,
    at the rule's level. *Few*: with the last m answers and the k before them,

    .. math:: \bar y_m < \bar y_k - t_{level}(k + m - 2) \; s
              \sqrt{(V_k + V_m - 2 C) / b}

    where s is the pooled standard deviation of the two stretches. V and C are the
    variances and the covariance of their means, and b the mean of the square of s, all
    for a spread of 1 and neighbouring answers correlated by

    .. math:: \hat\rho = \frac{(k + 4) r + 1 + w \rho_0}{k + w}

    within [0, ``MOST_ALIKE``]: r is the autocorrelation of the k earlier answers, freed
    of its bias to first order, and the assumed one counts as w answers.

    Parameters
    ----------
    values : array_like, shape (n_sessions, n_series, ...)
        Answers in the order of the sessions, in points of 0 to 100; ``nan`` where there
        is none. The first series is the declared one. Further axes are pairs. A blank
        takes no part: with it or without it everything else is the same.
    rule : Rule
        The rule's numbers.

    Returns
    -------
    Wonder
        A later answer never changes an earlier card.

    Raises
    ------
    ParameterError
        If there are no axes of sessions and series, a value is infinite, or a number of
        the rule is out of range.

    References
    ----------
    Zwiers, F. W., & von Storch, H. (1995). Taking serial correlation into account in
    tests of the mean. Journal of Climate, 8(2), 336-351.
    Kendall, M. G. (1954). Note on bias in the estimation of autocorrelation.
    Biometrika, 41(3-4), 403-404.
    """
    y = np.asarray(values, dtype=float)
    _check_values(y)
    _check_rule(rule)
    asked = [
        each
        for place, share in enumerate(_shares(y.shape[1], rule))
        for each in _both_parts(y[:, place], share=share, rule=rule)
    ]
    strengths = np.stack([_strength(each) for each in asked])
    card = _rested(strengths, ~np.isnan(y), n_rest=rule.n_rest)
    return _told(asked, strengths, card)


def cap(
    pairs: ArrayLike, weeks: ArrayLike, strengths: ArrayLike, *, n_wait: int = N_WAIT
) -> Ints:
    """Say when each card of a caseload is shown: one a week at most.

    In each week the strongest card of that week and of those that wait is shown; of
    equal ones that of the pair whose last card was shown longest ago (or never), then
    the older card, then that of the lower pair number. A card waits for ``n_wait``
    weeks after its own and then lapses: nothing is queued for ever.

    Parameters
    ----------
    pairs : array_like of int, shape (n_cards,)
        Whose card it is.
    weeks : array_like of int, shape (n_cards,)
        The week of its session, counted from any day, 0 or more; in any order.
    strengths : array_like, shape (n_cards,)
        `Wonder.strength` of each card.
    n_wait : int
        0 or more.

    Returns
    -------
    numpy.ndarray of int, shape (n_cards,)
        The week in which it is shown, -1 where it never is. Cards of later weeks change
        nothing in earlier ones.

    Raises
    ------
    ParameterError
        If the lengths differ, a week is negative, a strength is ``nan`` or ``n_wait``
        is negative.
    """
    whose, when = np.asarray(pairs, dtype=np.int64), np.asarray(weeks, dtype=np.int64)
    strong = np.asarray(strengths, dtype=float)
    _check_cards(whose, when, strong, n_wait)
    shown = np.full(when.shape, -1, dtype=np.int64)
    last: dict[int, int] = {}
    for week in np.unique(when[:, None] + np.arange(n_wait + 1)).tolist():
        waits = np.flatnonzero((shown < 0) & _waits(when, week, n_wait))
        if waits.size:
            first = _first(waits, whose, when, strong, last)
            shown[first] = last[int(whose[first])] = week
    return shown


def next_card(
    pairs: ArrayLike,
    weeks: ArrayLike,
    strengths: ArrayLike,
    *,
    week: int,
    last: Mapping[int, int],
    n_wait: int = N_WAIT,
) -> int | None:
    """Say which card is shown after one week, where it is known what was shown before.

    As `cap`, but for one week, and with what was really shown in place of what would
    have been: a card that nobody looked at waits.

    Parameters
    ----------
    pairs, weeks, strengths : array_like, shape (n_cards,)
        As for `cap`, of the cards that were not shown.
    week : int
        The week that has ended.
    last : mapping of int to int
        By pair, the week after which its last card was shown; without one never.
    n_wait : int
        0 or more.

    Returns
    -------
    int or None
        The place of the card; ``None`` where none waits.

    Raises
    ------
    ParameterError
        As `cap` does.
    """
    whose, when = np.asarray(pairs, dtype=np.int64), np.asarray(weeks, dtype=np.int64)
    strong = np.asarray(strengths, dtype=float)
    _check_cards(whose, when, strong, n_wait)
    waits = np.flatnonzero(_waits(when, week, n_wait))
    return _first(waits, whose, when, strong, last) if waits.size else None


def _waits(when: Ints, week: int, n_wait: int) -> Bools:
    return (when <= week) & (week <= when + n_wait)


def _first(
    waits: Ints, whose: Ints, when: Ints, strong: Floats, last: Mapping[int, int]
) -> int:
    """Return the card that comes first of those that wait."""

    def order(i: int) -> tuple[float, int, int, int]:
        pair = int(whose[i])
        return (-float(strong[i]), last.get(pair, -1), int(when[i]), pair)

    places: list[int] = waits.tolist()
    return min(places, key=order)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One part of the rule, asked of one series after every session."""

    part: Part
    value: Floats
    centre: Floats
    limit: Floats
    n_earlier: Ints
    near_top: Bools


def _strength(asked: _Asked) -> Floats:
    """Departure in distances of the limit; 0 where the value is not below it."""
    below = asked.value < asked.limit
    away, edge = asked.centre - asked.value, asked.centre - asked.limit
    with np.errstate(divide="ignore"):
        return np.divide(away, edge, out=np.zeros_like(away), where=below)


def _shares(n_series: int, rule: Rule) -> list[float]:
    """Share out what chance may find, the declared series first."""
    if n_series == 1:
        return [1.0]
    other = (1.0 - rule.declared_share) / (n_series - 1)
    return [rule.declared_share] + [other] * (n_series - 1)


def _level(level: float, share: float) -> float:
    return 1.0 - float(share**SHARED) * (1.0 - level)


def _both_parts(y: Floats, *, share: float, rule: Rule) -> tuple[_Asked, _Asked]:
    """Ask both parts of one series, shape (n_sessions, ...), blanks left out."""
    order = np.argsort(np.isnan(y), axis=0, kind="stable")
    answers = np.take_along_axis(y, order, axis=0)
    one = _one(answers, share=share, rule=rule)
    few = _few(answers, share=share, rule=rule)
    return _put_back(one, order), _put_back(few, order)


def _put_back(asked: _Asked, order: NDArray[np.intp]) -> _Asked:
    """Return every answer's result to its session."""
    return _Asked(
        part=asked.part,
        value=_back(asked.value, order),
        centre=_back(asked.centre, order),
        limit=_back(asked.limit, order),
        n_earlier=_back(asked.n_earlier, order),
        near_top=_back(asked.near_top, order),
    )


def _back(found: NDArray[Kind], order: NDArray[np.intp]) -> NDArray[Kind]:
    out = np.empty_like(found)
    np.put_along_axis(out, order, found, axis=0)
    return out


def _one(answers: Floats, *, share: float, rule: Rule) -> _Asked:
    """Hold each answer against the limit for one answer."""
    both = (
        (rule.one, rule.smallest_departure),
        (rule.one_near_top, rule.smallest_near_top),
    )
    bands = [
        usual(answers, level=_level(level, share), smallest_departure=smallest)
        for level, smallest in both
    ]
    near_top = np.zeros(answers.shape, dtype=bool)
    for row in range(rule.min_earlier, len(answers)):
        near_top[row] = _is_near_top(answers[:row], rule)
    limit = np.where(near_top, bands[1].lower, bands[0].lower)
    limit[: rule.min_earlier] = np.nan
    return _Asked(
        part=Part.ONE,
        value=answers,
        centre=bands[0].centre,
        limit=limit,
        n_earlier=bands[0].n_earlier,
        near_top=near_top,
    )


def _few(answers: Floats, *, share: float, rule: Rule) -> _Asked:
    """Hold the mean of the last few answers against those before them."""
    value, centre, limit = (np.full(answers.shape, np.nan) for _ in range(3))
    n_earlier = np.zeros(answers.shape, dtype=np.int64)
    near_top = np.zeros(answers.shape, dtype=bool)
    for k in range(rule.min_earlier, len(answers) - rule.n_few + 1):
        n = k + rule.n_few
        # From the first answer, so that an unchanging series has no spread at all.
        earlier, last = answers[:k] - answers[0], answers[k:n] - answers[0]
        ordinary = t_of(_level(rule.few, share), n - 2)
        strict = t_of(_level(rule.few_near_top, share), n - 2)
        near_top[n - 1] = _is_near_top(answers[:k], rule)
        t = np.where(near_top[n - 1], strict, ordinary)
        half = np.maximum(t * _sd_of_fall(earlier, last, rule), rule.smallest_departure)
        value[n - 1] = last.mean(axis=0) + answers[0]
        centre[n - 1] = earlier.mean(axis=0) + answers[0]
        limit[n - 1] = centre[n - 1] - half
        n_earlier[n - 1] = k
    return _Asked(
        part=Part.FEW,
        value=value,
        centre=centre,
        limit=limit,
        n_earlier=n_earlier,
        near_top=near_top,
    )


def _is_near_top(earlier: Floats, rule: Rule) -> Bools:
    """Whether the top of the scale lies close above a person's mean so far."""
    room = np.maximum(rule.room * earlier.std(axis=0, ddof=1), rule.smallest_departure)
    found: Bools = TOP - earlier.mean(axis=0) <= room
    return found


def _sd_of_fall(earlier: Floats, last: Floats, rule: Rule) -> Floats:
    """Estimate the standard deviation of the difference of two neighbouring means."""
    k, m = len(earlier), len(last)
    away = earlier - earlier.mean(axis=0)
    squares = (away**2).sum(axis=0)
    within = squares + ((last - last.mean(axis=0)) ** 2).sum(axis=0)
    products = (away[1:] * away[:-1]).sum(axis=0)
    r = np.divide(products, squares, out=np.zeros_like(squares), where=squares > 0)
    rho = ((k + 4) * r + 1 + rule.weight * rule.alike) / (k + rule.weight)
    rho = np.clip(rho, 0.0, MOST_ALIKE)
    v_k, v_m = _variance_of_mean(k, rho), _variance_of_mean(m, rho)
    c = rho * (1 - rho**k) * (1 - rho**m) / (k * m * (1 - rho) ** 2)
    b = (k * (1 - v_k) + m * (1 - v_m)) / (k + m - 2)
    found: Floats = np.sqrt(within / (k + m - 2) * (v_k + v_m - 2 * c) / b)
    return found


def _variance_of_mean(n: int, rho: Floats) -> Floats:
    """Variance of the mean of n neighbours of spread 1, correlated by rho."""
    return (n * (1 - rho**2) - 2 * rho * (1 - rho**n)) / (n * (1 - rho)) ** 2


def _rested(strengths: Floats, there: Bools, *, n_rest: int) -> Bools:
    """Leave out what is found while a pair rests; blanks are no part of a rest."""
    card = np.zeros(strengths.shape[1:], dtype=bool)
    left = np.zeros(card.shape[1:], dtype=np.int64)
    for row in range(len(card)):
        card[row] = (left == 0) & (strengths[:, row] > 0).any(axis=0)
        left = np.maximum(left - there[row].any(axis=0), 0)
        left = np.where(card[row], n_rest, left)
    return card


def _told(asked: list[_Asked], strengths: Floats, card: Bools) -> Wonder:
    """Take from the strongest of what was found all that a card tells."""
    best = strengths.argmax(axis=0)
    parts = np.array([each.part for each in asked])
    return Wonder(
        card=card,
        part=np.where(card, parts[best], Part.NONE),
        series=np.where(card, best // 2, -1),
        value=_of_best([each.value for each in asked], best, card, np.nan),
        centre=_of_best([each.centre for each in asked], best, card, np.nan),
        limit=_of_best([each.limit for each in asked], best, card, np.nan),
        n_earlier=_of_best([each.n_earlier for each in asked], best, card, 0),
        near_top=_of_best([each.near_top for each in asked], best, card, False),
        strength=_of_best(list(strengths), best, card, np.nan),
        one=np.stack(list(strengths[0::2] > 0), axis=1),
        few=np.stack(list(strengths[1::2] > 0), axis=1),
    )


def _of_best(
    found: list[NDArray[Kind]], best: NDArray[np.intp], card: Bools, blank: float
) -> NDArray[Kind]:
    chosen: NDArray[Kind] = np.take_along_axis(np.stack(found), best[None], axis=0)[0]
    chosen[~card] = blank
    return chosen


def _check_values(y: Floats) -> None:
    if y.ndim < 2 or y.shape[1] < 1:
        raise ParameterError(
            f"values must have axes of sessions and series, got the shape {y.shape}."
        )
    if np.isinf(y).any():
        raise ParameterError("values must be finite or nan, got an infinite one.")


_AT_LEAST_0 = ("room", "weight", "n_rest", "smallest_departure", "smallest_near_top")


def _check_rule(rule: Rule) -> None:
    _check_levels(rule)
    _check_least("n_few", rule.n_few, 2)
    _check_least("min_earlier", rule.min_earlier, MIN_EARLIER)
    for name in _AT_LEAST_0:
        _check_least(name, getattr(rule, name), 0)


def _check_levels(rule: Rule) -> None:
    for name in ("one", "few", "one_near_top", "few_near_top"):
        level = getattr(rule, name)
        if not 0.5 < level < 1:
            raise ParameterError(f"{name} must lie in (0.5, 1), got {level}.")
    if not 0 <= rule.alike < 1:
        raise ParameterError(f"alike must lie in [0, 1), got {rule.alike}.")
    if not 0 < rule.declared_share <= 1:
        raise ParameterError(
            f"declared_share must lie in (0, 1], got {rule.declared_share}."
        )


def _check_least(name: str, value: float, least: float) -> None:
    if not value >= least:
        raise ParameterError(f"{name} must be {least} or more, got {value}.")


def _check_cards(whose: Ints, when: Ints, strong: Floats, n_wait: int) -> None:
    if when.ndim != 1 or not whose.shape == when.shape == strong.shape:
        raise ParameterError("pairs, weeks and strengths must be of one length.")
    if (when < 0).any():
        raise ParameterError(f"weeks must be 0 or more, got {when.min()}.")
    if np.isnan(strong).any():
        raise ParameterError("strengths must be numbers, got nan.")
    _check_least("n_wait", n_wait, 0)
