"""Dips from one session to the next, slow declines, and whether either was mended.

For research, the timeline and comparison: what a page says of a dip goes by
`duologue.engine.usual`. Most falls between sessions are ordinary.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Better, Reason
from duologue.engine.change.courses import courses
from duologue.errors import ParameterError

Array = NDArray[np.float64]

WITHIN = 5
"""Sessions in which a dip may be mended."""

LONGEST = 6
"""Most steps of a slow decline: the longest that Gumz and others (2012) saw."""

TO_SD = 1.4826
"""A median absolute deviation times this is the standard deviation of a normal."""

TO_LIMITS = 2.66
"""Three standard deviations in mean moving ranges, 3 / 1.128."""


class Spread(StrEnum):
    """How the spread of a person's own steps is taken."""

    SD = "sd"
    """Standard deviation (n - 1). A dip widens it, and so hides itself."""

    MAD = "mad"
    """1.4826 times the median absolute deviation: a dip hardly widens it."""

    LEFT_OUT = "left_out"
    """Standard deviation of all other steps, a new one for each step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dips:
    """Dips and slow declines of many courses.

    Attributes
    ----------
    threshold : ndarray, shape (n_courses, n_sessions)
        Points that the step to each session must fall by to be a dip; ``nan`` where
        there is no such step, or where undefined.
    dip : ndarray of bool, shape (n_courses, n_sessions)
        Whether the step to this session is one.
    dip_mended_at : ndarray of int, shape (n_courses, n_sessions)
        Column in which it was mended; -1 where not, or where there is no dip.
    decline : ndarray of bool, shape (n_courses, n_sessions)
        Whether a slow decline reaches the threshold in this session.
    declined_from : ndarray of int, shape (n_courses, n_sessions)
        Column from which it fell; -1 where there is none.
    decline_mended_at : ndarray of int, shape (n_courses, n_sessions)
        Column in which it was mended; -1 where not, or where there is none.
    reason : ndarray of int8, shape (n_courses,)
        Why nothing is said of a course: a `Reason`.
    """

    threshold: Array
    dip: NDArray[np.bool_]
    dip_mended_at: NDArray[np.int64]
    decline: NDArray[np.bool_]
    declined_from: NDArray[np.int64]
    decline_mended_at: NDArray[np.int64]
    reason: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart:
    """Limits of a chart of single values: centre and +-2.66 mean moving ranges.

    Attributes
    ----------
    centre, lower, upper : ndarray, shape (n_courses,)
        ``nan`` without a step.
    below, above : ndarray of bool, shape (n_courses, n_sessions)
        Scores outside; ``False`` where blank.
    """

    centre: Array
    lower: Array
    upper: Array
    below: NDArray[np.bool_]
    above: NDArray[np.bool_]


def dips(
    scores: ArrayLike,
    *,
    sd_group: float,
    strength: float = 1.0,
    better: Better = Better.HIGHER,
    spread: Spread = Spread.SD,
    within: int = WITHIN,
    instrument: ArrayLike | None = None,
) -> Dips:
    r"""Find dips and slow declines, and the session in which each was mended.

    With higher better and :math:`d_t = y_t - y_{t-1}`, both present,

    .. math:: dip: \; d_t \le -h, \qquad h = k \max(SD_{self}(d), SD_{group}(d)),

    mended in the first session after it, within five, with :math:`y_s \ge y_{t-1} - h
    / 2`. A blank takes up time, and makes no step.

    A **slow decline** is our own choice, since no paper that we know fixes it: falling
    steps in a row, no blank between and none of them a dip, of which the last six at
    most reach h together. It is marked once, in the session where it first does, and
    mended as a dip is, from where it fell. There h goes by all of the person's steps.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        ``nan`` where blank.
    sd_group : float >= 0
        Standard deviation of steps in the group (`sd_of_steps`); 0 leaves the person
        alone to decide.
    strength : float > 0
        k: 1 mild, 2 strong.
    better : Better
        Which way is better.
    spread : Spread
        How the person's own is taken.
    within : int >= 1
        In how many sessions it may be mended.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        As for `courses.courses`.

    Returns
    -------
    Dips
        Undefined with fewer than two steps, three for ``LEFT_OUT``
        (`Reason.FEW_SCORES`), and where neither the person's steps nor the group's
        have spread (``NO_SPREAD``).

    Raises
    ------
    ParameterError
        If ``sd_group``, ``strength`` or ``within`` is out of range, or a score is
        infinite.

    References
    ----------
    Gumz, A., et al. (2012). BMC Medical Research Methodology, 12:10: the larger of
    the two spreads, at one and at two standard deviations.
    """
    _check(sd_group=sd_group, strength=strength, within=within)
    found = courses(scores, instrument=instrument)
    y = better * found.scores
    steps = np.full(y.shape, np.nan)
    steps[:, 1:] = np.diff(y, axis=1)
    threshold, for_run = _thresholds(
        steps, spread=spread, sd_group=sd_group, strength=strength
    )
    few = (~np.isnan(steps)).sum(axis=1) < (3 if spread is Spread.LEFT_OUT else 2)
    judged = ~np.isnan(steps) & ~few[:, None] & (threshold > 0)
    threshold = np.where(judged, threshold, np.nan)
    reason = np.select(
        [found.reason != Reason.NONE, few, ~judged.any(axis=1)],
        [found.reason, Reason.FEW_SCORES, Reason.NO_SPREAD],
        Reason.NONE,
    ).astype(np.int8)
    dip = steps <= -threshold
    for_run = np.where(reason == Reason.NONE, for_run, np.nan)
    decline, declined_from = _declines(steps, dip, for_run)
    before = np.full(y.shape, np.nan)
    before[:, 1:] = y[:, :-1]
    high = np.take_along_axis(y, np.maximum(declined_from, 0), axis=1)
    return Dips(
        threshold=threshold,
        dip=dip,
        dip_mended_at=_mended(y, dip, before - threshold / 2, within),
        decline=decline,
        declined_from=declined_from,
        decline_mended_at=_mended(y, decline, high - for_run[:, None] / 2, within),
        reason=reason,
    )


def sd_of_steps(scores: ArrayLike) -> float:
    """Take the standard deviation (n - 1) of all steps of a group, of all its courses.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        ``nan`` where blank; a step needs both its scores.

    Returns
    -------
    float
        ``nan`` with fewer than two steps.

    Raises
    ------
    ParameterError
        If there are not two axes, or a score is infinite.
    """
    steps = np.diff(courses(scores).scores, axis=1).reshape(1, -1)
    return float(_own(steps, Spread.SD)[0])


def control_chart(
    scores: ArrayLike, *, instrument: ArrayLike | None = None
) -> ControlChart:
    r"""Draw the limits of a person's own scores from how far they usually move.

    .. math:: \bar y \pm 2.66 \, \overline{|d|}

    with d the steps between neighbouring sessions (Lipner and others 2022).

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        ``nan`` where blank.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        As for `courses.courses`.

    Returns
    -------
    ControlChart
        Without limits where a course has no step.

    Raises
    ------
    ParameterError
        If there are not two axes, or a score is infinite.
    """
    y = courses(scores, instrument=instrument).scores
    centre = _mean(y)
    half = TO_LIMITS * _mean(np.abs(np.diff(y, axis=1)))
    centre = np.where(np.isnan(half), np.nan, centre)
    lower, upper = centre - half, centre + half
    return ControlChart(
        centre=centre,
        lower=lower,
        upper=upper,
        below=y < lower[:, None],
        above=y > upper[:, None],
    )


def _check(*, sd_group: float, strength: float, within: int) -> None:
    if not 0 <= sd_group < np.inf:
        raise ParameterError(f"sd_group must be 0 or more, got {sd_group}.")
    if not 0 < strength < np.inf:
        raise ParameterError(f"strength must be above 0, got {strength}.")
    if within < 1:
        raise ParameterError(f"within must be 1 or more, got {within}.")


def _thresholds(
    steps: Array, *, spread: Spread, sd_group: float, strength: float
) -> tuple[Array, Array]:
    """Set what a step must fall by, and what a run of a course must."""
    ordinary = _own(steps, Spread.SD if spread is Spread.LEFT_OUT else spread)
    own = _left_out(steps) if spread is Spread.LEFT_OUT else ordinary[:, None]
    # A blank stays one: np.maximum keeps nan.
    return strength * np.maximum(own, sd_group), strength * np.maximum(
        ordinary, sd_group
    )


def _mean(rows: Array) -> Array:
    """Mean of what is there in each row, exact where all are equal."""
    there = ~np.isnan(rows)
    n = there.sum(axis=1)
    first = _first(rows, there)
    total = np.where(there, rows - first[:, None], 0.0).sum(axis=1)
    return np.where(n > 0, first + total / np.maximum(n, 1), np.nan)


def _first(rows: Array, there: NDArray[np.bool_]) -> Array:
    if not rows.shape[1]:
        return np.zeros(len(rows))
    first = rows[np.arange(len(rows)), there.argmax(axis=1)]
    return np.where(np.isnan(first), 0.0, first)


def _own(steps: Array, spread: Spread) -> Array:
    """Spread of each row's steps; ``nan`` with fewer than two."""
    there = ~np.isnan(steps)
    n = there.sum(axis=1)
    if spread is Spread.MAD:
        centre = _median(steps)
        values = TO_SD * _median(np.abs(steps - centre[:, None]))
    else:
        off = np.where(there, steps - _mean(steps)[:, None], 0.0)
        values = np.sqrt((off * off).sum(axis=1) / np.maximum(n - 1, 1))
    return np.where(n > 1, values, np.nan)


def _median(rows: Array) -> Array:
    """Median of what is there in each row: blanks sort to the end."""
    n = (~np.isnan(rows)).sum(axis=1)
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    ordered, row = np.sort(rows, axis=1), np.arange(len(rows))
    last = np.maximum(n - 1, 0)
    middle: Array = ordered[row, last // 2] + ordered[row, (last + 1) // 2]
    return middle / 2


def _left_out(steps: Array) -> Array:
    """Take the standard deviation (n - 1) of all other steps, for each step."""
    there = ~np.isnan(steps)
    n = there.sum(axis=1, keepdims=True)
    off = np.where(there, steps - _mean(steps)[:, None], 0.0)
    squares = (off * off).sum(axis=1, keepdims=True)
    # Without a step at distance off from the mean, squares fall by off^2 n / (n - 1).
    rest = squares - off**2 * n / np.maximum(n - 1, 1)
    rest = np.where(rest > 1e-12 * squares, rest, 0.0)
    return np.where(there & (n > 2), np.sqrt(rest / np.maximum(n - 2, 1)), np.nan)


def _declines(
    steps: Array, dip: NDArray[np.bool_], threshold: Array
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Walk through the sessions with the falling steps in a row so far.

    Returns where a decline first reaches the threshold, and the column from which it
    fell (-1 elsewhere).
    """
    n_courses, n_sessions = steps.shape
    decline = np.zeros(steps.shape, dtype=bool)
    start = np.full(steps.shape, -1)
    length, told = np.zeros(n_courses, dtype=int), np.zeros(n_courses, dtype=bool)
    falls = np.where((steps < 0) & ~dip, -steps, 0.0)
    for t in range(n_sessions):
        falling = falls[:, t] > 0
        length = np.where(falling, length + 1, 0)
        told &= falling
        # One step alone is a dip or nothing.
        total = sum(
            np.where(length > back, falls[:, t - back], 0.0)
            for back in range(min(LONGEST, t + 1))
        )
        decline[:, t] = ~told & (length >= 2) & (threshold > 0) & (total >= threshold)
        told |= decline[:, t]
        start[:, t] = np.where(decline[:, t], t - np.minimum(length, LONGEST), -1)
    return decline, start


def _mended(
    y: Array, fallen: NDArray[np.bool_], target: Array, within: int
) -> NDArray[np.int64]:
    """Find the first column after a fall, within so many, that reaches its target."""
    at = np.full(y.shape, -1)
    columns = np.arange(y.shape[1])
    for lag in range(1, min(within, y.shape[1] - 1) + 1):
        reached = np.zeros(y.shape, dtype=bool)
        reached[:, :-lag] = y[:, lag:] >= target[:, :-lag]
        at = np.where(fallen & reached & (at < 0), columns + lag, at)
    return at
