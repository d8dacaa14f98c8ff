"""A person's own usual: what their earlier answers foretell of the next one."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from duologue.errors import ParameterError

MIN_EARLIER = 4
"""Fewest earlier answers from which a band is drawn (simulated with this number)."""

MIN_FOR_TREND = 8
"""Fewest earlier answers from which a rise may be told from noise (our judgement)."""

SMALLEST_DEPARTURE = 5.0
"""A slider is set by thumb: nearer than this, in points of 100, is the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The band of a person's own usual, session by session.

    Attributes
    ----------
    n_earlier : ndarray of int, shape (n_sessions, ...)
        Number of answers before each session.
    centre, lower, upper : ndarray, shape (n_sessions, ...)
        What earlier answers foretell, and its one-sided limits; ``nan`` where there
        are fewer than ``MIN_EARLIER`` of them.
    rising : ndarray of bool, shape (n_sessions, ...)
        Whether the centre follows a rising line instead of a mean.
    below, above : ndarray of bool, shape (n_sessions, ...)
        Whether the answer lies outside; ``False`` where it is blank.
    """

    n_earlier: NDArray[np.int64]
    centre: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    rising: NDArray[np.bool_]
    below: NDArray[np.bool_]
    above: NDArray[np.bool_]


def usual(
    values: ArrayLike,
    *,
    level: float = 0.99,
    smallest_departure: float = SMALLEST_DEPARTURE,
    follow_rise: bool = True,
) -> Usual:
    r"""One-sided prediction limits for each answer from the answers before it.

    With k earlier answers of mean m and standard deviation s,

    .. math:: m \pm t_{level}(k-1) \, s \sqrt{1 + 1/k}.

    Where the earlier answers clearly rise (slope beyond its one-sided 99 % limit,
    8 answers or more), a mean would hide a dip: then the limits are those of the
    least-squares line, :math:`\hat y \pm t(k-2) s_r \sqrt{1 + 1/k + (x-\bar x)^2 /
    S_{xx}}`. A fall is never taken out: growing quieter must not become the usual.

    Parameters
    ----------
    values : array_like, shape (n_sessions, ...)
        Answers in the order of the sessions, in points of 0 to 100; ``nan`` where
        there is none. Blanks take up time but are not counted.
    level : float in (0.5, 1)
        One-sided level of each limit.
    smallest_departure : float >= 0
        The limits are never nearer to the centre than this.
    follow_rise : bool
        Whether a rise is followed (above), or the mean is kept throughout.

    Returns
    -------
    Usual
        Arrays of the shape of ``values``.

    Raises
    ------
    ParameterError
        If ``level`` or ``smallest_departure`` is out of range, or a value infinite.

    Notes
    -----
    Chance: in an unchanging series about ``1 - level`` of answers fall below; with
    autocorrelation .3 it is .0135 at level .99 (docs/validation.md).

    References
    ----------
    Hahn, G. J., & Meeker, W. Q. (1991). Statistical Intervals. Wiley: prediction
    interval for one future observation.
    """
    y = np.asarray(values, dtype=float)
    _check(y, level=level, smallest_departure=smallest_departure)
    first = _first_answer(y)
    n, centre, half = _around_mean(y, first, level=level)
    rising = np.zeros(y.shape, dtype=bool)
    if follow_rise:
        rising, line, half_line = _around_line(y, first, level=level)
        centre = np.where(rising, line, centre)
        half = np.where(rising, half_line, half)
    half = np.maximum(half, smallest_departure)
    lower, upper = centre - half, centre + half
    with np.errstate(invalid="ignore"):
        below, above = y < lower, y > upper
    return Usual(
        n_earlier=n,
        centre=centre,
        lower=lower,
        upper=upper,
        rising=rising,
        below=below,
        above=above,
    )


def quieter(
    values: ArrayLike, *, n_last: int = 3, min_earlier: int = 9, level: float = 0.99
) -> NDArray[np.bool_]:
    r"""Whether the mean of a person's last answers lies below their own usual.

    The mean of the last m answers is held against the k before them:
    below :math:`\bar y - t_{level}(k-1) \, s_d \sqrt{1/m + 1/k}`, where
    :math:`s_d^2 = \sum (y_{i+1} - y_i)^2 / 2 (k - 1)` comes from the steps between
    earlier answers. A slow slide widens the ordinary standard deviation and so hides
    itself; it leaves the steps as they are.

    Parameters
    ----------
    values : array_like, shape (n_sessions, ...)
        Answers in points of 0 to 100; ``nan`` where blank (left out, not counted).
    n_last, min_earlier : int
        m, 1 or more, and the fewest k, 2 or more.
    level : float in (0.5, 1)
        One-sided level.

    Returns
    -------
    ndarray of bool, shape (...)
        ``False`` where there are fewer than ``n_last + min_earlier`` answers.

    Raises
    ------
    ParameterError
        If ``level``, ``n_last`` or ``min_earlier`` is out of range, or a value
        infinite.

    Notes
    -----
    Chance, for both of two people at once, with autocorrelation .3 within and
    correlation .45 between them: .010 (docs/validation.md).

    References
    ----------
    von Neumann, J., et al. (1941). The mean square successive difference. Annals of
    Mathematical Statistics, 12(2), 153-162. https://doi.org/10.1214/aoms/1177731746
    """
    y = np.asarray(values, dtype=float)
    _check(y, level=level, smallest_departure=0.0)
    _check_last(n_last)
    if min_earlier < 2:
        raise ParameterError(f"min_earlier must be 2 or more, got {min_earlier}.")
    flat = y.reshape(y.shape[0], math.prod(y.shape[1:])).T
    found = np.zeros(flat.shape[0], dtype=bool)
    there = ~np.isnan(flat)
    n_kept = there.sum(axis=1)
    for n in np.unique(n_kept[n_kept >= n_last + min_earlier]):
        rows = np.flatnonzero(n_kept == n)
        kept = flat[rows][there[rows]].reshape(rows.size, n)
        found[rows] = _are_quieter(kept, n_last=n_last, level=level)
    return found.reshape(y.shape[1:])


def _are_quieter(
    kept: NDArray[np.float64], *, n_last: int, level: float
) -> NDArray[np.bool_]:
    """Ask it of courses without a blank, one a row."""
    k = kept.shape[1] - n_last
    earlier, last = kept[:, :k], kept[:, k:]
    s_d = np.sqrt((np.diff(earlier) ** 2).mean(axis=1) / 2)
    half = t_of(level, k - 1) * s_d * np.sqrt(1 / n_last + 1 / k)
    half = np.maximum(half, SMALLEST_DEPARTURE)
    fell: NDArray[np.bool_] = last.mean(axis=1) < earlier.mean(axis=1) - half
    return fell


def steps_down(values: ArrayLike, *, n_last: int = 5) -> tuple[int, int]:
    """Count how many of the last steps between answers went down.

    Parameters
    ----------
    values : array_like, shape (n_sessions,)
        Answers; ``nan`` where blank. A step joins an answer to the one before it,
        whatever lies between.
    n_last : int
        How many of the newest steps to look at, 1 or more.

    Returns
    -------
    n_down, n_steps : int
        With nothing but chance at work about half of the steps go down.

    Raises
    ------
    ParameterError
        If there is more than one axis, a value is infinite, or ``n_last`` is below 1.
    """
    y = np.asarray(values, dtype=float)
    if y.ndim != 1 or np.isinf(y).any():
        raise ParameterError("values must be one axis of finite numbers or nan.")
    _check_last(n_last)
    steps = np.diff(y[~np.isnan(y)])[-n_last:]
    return int((steps < 0).sum()), int(steps.size)


@lru_cache(maxsize=8)
def t_quantile(level: float, largest_df: int = 2000) -> NDArray[np.float64]:
    """Quantiles of the t distribution by degrees of freedom; entry 0 is infinite."""
    table = np.empty(largest_df + 1)
    table[0] = np.inf
    table[1:] = stdtrit(np.arange(1, largest_df + 1), level)
    table.setflags(write=False)
    return table


def t_of(level: float, df: ArrayLike) -> NDArray[np.float64]:
    """Quantile of the t distribution, for any number of degrees of freedom from 1 on.

    Beyond the end of the table its last entry stands: at 2,000 it is within 0.005 of
    the normal one for every level up to .999.
    """
    table = t_quantile(level)
    found: NDArray[np.float64] = table[np.clip(df, 1, table.size - 1)]
    return found


def _check_last(n_last: int) -> None:
    if n_last < 1:
        raise ParameterError(f"n_last must be 1 or more, got {n_last}.")


def _check(y: NDArray[np.float64], *, level: float, smallest_departure: float) -> None:
    if y.ndim == 0:
        raise ParameterError("values must have an axis of sessions, got a number.")
    if np.isinf(y).any():
        raise ParameterError("values must be finite or nan, got an infinite one.")
    if not 0.5 < level < 1:
        raise ParameterError(f"level must lie in (0.5, 1), got {level}.")
    if not smallest_departure >= 0:
        raise ParameterError(
            f"smallest_departure must be 0 or more, got {smallest_departure}."
        )


def _before(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift running sums by one, so that each session sees only those before it."""
    out = np.zeros_like(sums)
    out[1:] = np.cumsum(sums[:-1], axis=0)
    return out


def _first_answer(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each column's first answer, 0 where it has none.

    Sums of squares are taken from it: they swallow few digits, an unchanging series
    has a spread of exactly 0, and later answers leave earlier bands as they were.
    """
    there = ~np.isnan(y)
    is_first = there & (np.cumsum(there, axis=0) == 1)
    first: NDArray[np.float64] = np.where(is_first, y, 0.0).sum(axis=0)
    return first


def _around_mean(
    y: NDArray[np.float64], first: NDArray[np.float64], *, level: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    there = ~np.isnan(y)
    z = np.where(there, y - first, 0.0)
    n = _before(there.astype(float)).astype(np.int64)
    enough = n >= MIN_EARLIER
    k = np.where(enough, n, MIN_EARLIER).astype(float)
    mean = _before(z) / k
    variance = np.maximum(_before(z * z) - k * mean**2, 0.0) / (k - 1)
    half = t_of(level, n - 1) * np.sqrt(variance * (1 + 1 / k))
    return (
        n,
        np.where(enough, mean + first, np.nan),
        np.where(enough, half, np.nan),
    )


def _around_line(
    y: NDArray[np.float64], first: NDArray[np.float64], *, level: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    there = ~np.isnan(y)
    x_all = np.arange(y.shape[0], dtype=float).reshape((-1,) + (1,) * (y.ndim - 1))
    x_all = np.broadcast_to(x_all, y.shape)
    x, z = np.where(there, x_all, 0.0), np.where(there, y - first, 0.0)
    n = _before(there.astype(float)).astype(np.int64)
    enough = n >= MIN_FOR_TREND
    k = np.where(enough, n, MIN_FOR_TREND).astype(float)
    mean_x, mean_z = _before(x) / k, _before(z) / k
    s_xx = np.where(enough, _before(x * x) - k * mean_x**2, 1.0)
    slope = (_before(x * z) - k * mean_x * mean_z) / s_xx
    rest = np.maximum(_before(z * z) - k * mean_z**2 - slope**2 * s_xx, 0.0)
    s_r = np.sqrt(rest / (k - 2))
    t = t_of(level, n - 2)
    rising = enough & (slope > 0) & (slope * np.sqrt(s_xx) > t_of(0.99, n - 2) * s_r)
    line = first + mean_z + slope * (x_all - mean_x)
    half = t * s_r * np.sqrt(1 + 1 / k + (x_all - mean_x) ** 2 / s_xx)
    # A line must not promise more than the scale holds.
    return rising, np.minimum(line, 100.0), half
