"""Sudden gains and losses between two sessions (Tang and DeRubeis 1999)."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from duologue.engine.change.codes import Better
from duologue.engine.change.courses import courses
from duologue.errors import ParameterError

Array = NDArray[np.float64]


class Way(StrEnum):
    """Which sudden change is looked for."""

    GAIN = "gain"
    LOSS = "loss"


class Met(IntEnum):
    """Whether a criterion is met."""

    UNKNOWN = -1
    NO = 0
    YES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SuddenChanges:
    """Sudden changes of many courses: interval by interval, and one by one.

    Attributes
    ----------
    first, second, third : ndarray of int8, shape (n_courses, n_sessions - 1)
        Whether each criterion is `Met` from session n to n + 1, in column n - 1:
        large, large for this person, steady. ``UNKNOWN`` where scores are missing.
    found : ndarray of int8, shape (n_courses, n_sessions - 1)
        Whether all are; ``UNKNOWN`` where any is, and at the first and last interval.
    course, interval : ndarray of int, shape (n_found,)
        Row and column of each sudden change, in the order of courses.
    size : ndarray, shape (n_found,)
        Points from n to n + 1, above 0.
    share : ndarray, shape (n_found,)
        ``size`` over the change in its direction from the first column to the last;
        ``nan`` where either is blank or they are equal, below 0 where the course went
        the other way.
    reversed_ : ndarray of bool, shape (n_found,)
        Whether a score from n + 2 on took back more than half of it.
    """

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    third: NDArray[np.int8]
    found: NDArray[np.int8]
    course: NDArray[np.int64]
    interval: NDArray[np.int64]
    size: Array
    share: Array
    reversed_: NDArray[np.bool_]


def sudden_changes(
    scores: ArrayLike,
    *,
    better: Better,
    cut: float,
    way: Way = Way.GAIN,
    share: float = 0.25,
    alpha: float = 0.05,
    adjusted: bool = True,
    instrument: ArrayLike | None = None,
    compat: bool = False,
) -> SuddenChanges:
    r"""Find sudden gains, or losses, from session n to n + 1.

    With lower better a gain is a fall that is

    1. large: :math:`y_n - y_{n+1} \ge cut`;
    2. large for this person: :math:`y_n - y_{n+1} \ge 0.25 \, y_n`;
    3. steady: the mean of the three scores up to n less that of the three from n + 1
       on is above :math:`t_{.975}(n_1 + n_2 - 2) \, s`, with s the pooled standard
       deviation (no :math:`\sqrt{1/n_1 + 1/n_2}`: it is not a test of two means).

    With higher better a gain is a rise, and all is mirrored; so is a loss. The second
    criterion always takes its share of the score before.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        In the instrument's own points, 0 or more; ``nan`` where blank. The first and
        the last interval are not judged: their windows are too short. With the intake
        score as the first column, session 1 to 2 is the first that is.
    better : Better
        Which way is better.
    cut : float > 0
        Points; the reliable change of the instrument (1.96 standard errors of a
        difference), or 7 on the Beck inventory.
    way : Way
        Gains or losses.
    share : float in (0, 1]
        Of the second criterion.
    alpha : float in (0, 1)
        Of the third, two-sided.
    adjusted : bool
        t follows the number of scores present (Lutz and others 2013): 2.776 for six,
        3.182 for five, 4.303 for four. ``False`` keeps that of six. Each side needs
        two scores.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        As for `courses.courses`: a course in which it changed has no sudden change.
    compat : bool
        For losses with lower better, the second criterion as suddengains 0.7.2 has it,
        :math:`y_n - y_{n+1} \le 0.25 \, y_n`, which nearly every step meets.

    Returns
    -------
    SuddenChanges
        Of two sessions or fewer, nothing is found.

    Raises
    ------
    ParameterError
        If ``cut``, ``share`` or ``alpha`` is out of range, a score is below 0 or
        infinite, or ``compat`` is asked where higher is better.

    References
    ----------
    Tang, T. Z., & DeRubeis, R. J. (1999). Journal of Consulting and Clinical
    Psychology, 67(6), 894-904. https://doi.org/10.1037/0022-006X.67.6.894

    Lutz, W., et al. (2013). Psychotherapy Research, 23(1), 14-24: t by the scores
    that are present. https://doi.org/10.1080/10503307.2012.693837
    """
    _check(better, cut=cut, share=share, alpha=alpha, compat=compat)
    y = courses(scores, instrument=instrument).scores
    if (y < 0).any():
        raise ParameterError("scores must be 0 or more: a share is taken of them.")
    sign = better if way is Way.GAIN else -better
    towards = sign * np.diff(y, axis=1)
    before = y[:, :-1]
    first = _met(towards >= cut, towards)
    second = _met(towards >= share * before, towards)
    if compat and way is Way.LOSS:
        second = _met(-towards <= share * before, towards)
    third = _steady(sign * y, alpha=alpha, adjusted=adjusted)
    all_three = np.stack([first, second, third])
    found = all_three.min(axis=0)
    found[:, :1] = found[:, -1:] = Met.UNKNOWN
    course, interval = np.nonzero(found == Met.YES)
    size = towards[course, interval]
    return SuddenChanges(
        first=first,
        second=second,
        third=third,
        found=found,
        course=course,
        interval=interval,
        size=size,
        share=_share(sign * y, course, size),
        reversed_=_reversed(sign * y, course, interval, size),
    )


def _check(
    better: Better, *, cut: float, share: float, alpha: float, compat: bool
) -> None:
    if not 0 < cut < np.inf:
        raise ParameterError(f"cut must be above 0, got {cut}.")
    if not 0 < share <= 1:
        raise ParameterError(f"share must lie in (0, 1], got {share}.")
    if not 0 < alpha < 1:
        raise ParameterError(f"alpha must lie in (0, 1), got {alpha}.")
    if compat and better is not Better.LOWER:
        raise ParameterError("compat must be False where higher is better.")


def _met(holds: NDArray[np.bool_], known: Array) -> NDArray[np.int8]:
    return np.where(np.isnan(known), Met.UNKNOWN, holds).astype(np.int8)


def _steady(y: Array, *, alpha: float, adjusted: bool) -> NDArray[np.int8]:
    """Hold the means of three sessions before and after against each other."""
    if y.shape[1] < 2:
        return np.zeros((len(y), 0), dtype=np.int8)
    n, mean, squares = _windows(y)
    (n1, mean1, ss1), (n2, mean2, ss2) = (
        (n[side], mean[side], squares[side]) for side in (slice(0, -3), slice(3, None))
    )
    enough = (n1 >= 2) & (n2 >= 2)
    df = np.where(enough, n1 + n2 - 2, 2)
    t_by_df = stdtrit(np.arange(5), 1 - alpha / 2)
    t = t_by_df[df] if adjusted else t_by_df[4]
    limit = t * np.sqrt((ss1 + ss2) / df)
    return np.where(enough, mean2 - mean1 > limit, Met.UNKNOWN).astype(np.int8).T


def _windows(y: Array) -> tuple[NDArray[np.int8], Array, Array]:
    """Count, mean and squares round the mean of every three sessions, clipped at ends.

    Sessions come first, since short rows are slow. The window in row k ends with
    session k (counted from 0) and may reach beyond the course. Squares come from the
    differences of pairs over n: exactly 0 where all are equal.
    """
    wide = np.full((y.shape[1] + 4, len(y)), np.nan)
    wide[2:-2] = y.T
    there = ~np.isnan(wide)
    z = np.where(there, wide, 0.0)
    present = there.astype(np.int8)
    n = present[:-2] + present[1:-1] + present[2:]
    divisor = np.maximum(n, 1)
    next_to, apart = (
        np.where(there[k:] & there[:-k], (z[k:] - z[:-k]) ** 2, 0.0) for k in (1, 2)
    )
    squares = (next_to[1:] + next_to[:-1] + apart) / divisor
    return n, (z[:-2] + z[1:-1] + z[2:]) / divisor, squares


def _share(y: Array, course: NDArray[np.int64], size: Array) -> Array:
    whole = (y[:, -1:] - y[:, :1])[course].ravel()
    out = np.full(size.shape, np.nan)
    np.divide(size, whole, out=out, where=~np.isnan(whole) & (whole != 0))
    return out


def _reversed(
    y: Array, course: NDArray[np.int64], interval: NDArray[np.int64], size: Array
) -> NDArray[np.bool_]:
    after = y[course, interval + 1]
    later = np.arange(y.shape[1]) >= interval[:, None] + 2
    back = y[course] < (after - size / 2)[:, None]
    return np.asarray((later & back).any(axis=1))
