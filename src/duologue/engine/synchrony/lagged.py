"""Windowed lagged cross-correlation of two series, by rules that are stated.

In each window of one series the other is slid against it, lag by lag, and the two are
correlated; a positive lag means that the first series leads. What cannot be said is blank,
never 0: see `Rules`.

References
----------
Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). Windowed cross-correlation and
peak picking for the analysis of variability in the association between behavioral time
series. Psychological Methods, 7(3), 338-355. https://doi.org/10.1037/1082-989X.7.3.338
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.synchrony.preparing import Compat, as_pair, chosen
from duologue.engine.synchrony.windows import Floats, Windows
from duologue.errors import ParameterError

MOST_Z = 10.0
"""Fisher's z is cut at this: two proportional series have r = 1."""

MIN_PRESENT = 0.5
"""The share of a window that must be present in both series."""

STILL = 1e-9
"""A series that varies less than this, of its largest value, does not vary."""

ALIKE = 1.0 - 1e-9
"""Only where r is above it can two stretches be the same, sample by sample."""

QUIET = 0.01
"""A stretch with less than this of its surroundings' variation is centred by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagged:
    """Correlations of two series in windows and at lags.

    Attributes
    ----------
    z : ndarray, shape (n_windows, 2 * lag + 1)
        Fisher's z, cut at +-10; ``nan`` where nothing can be said.
    windows : Windows
        What it was made with; ``windows.lags`` are the columns' lags in samples.
    stopped : ndarray of bool, shape (n_windows,)
        By rMEA's rules: windows at which it would have ended with an error. Their cells
        are blank.
    """

    z: Floats
    windows: Windows
    stopped: NDArray[np.bool_]

    @property
    def coverage(self) -> float:
        """The share of cells that could be said."""
        return float(np.mean(~np.isnan(self.z)))


def lagged(
    first: ArrayLike,
    second: ArrayLike,
    windows: Windows,
    *,
    min_present: float = MIN_PRESENT,
    compat: Compat = Compat.NONE,
) -> Lagged:
    """Correlate two series in windows, at every lag.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate, cut to the shorter; ``nan`` where a sample is
        missing. Neither offset nor scale matters.
    windows : Windows
        Windows and lags.
    min_present : float
        The share of a window that must be present in both series, above 0 to 1.
    compat : Compat
        By our rules a cell is blank if fewer than ``max(3, min_present * window)``
        samples are present in both, if fewer than two of those differ between the two
        series, or if one does not vary (by a billionth of its largest value). By rMEA's
        if more than half of the window and the largest lag is missing in either, if
        fewer than two samples differ, or if a standard deviation is exactly 0.

    Returns
    -------
    Lagged
        ``z[w, L]`` compares what the first does in window w with what the second does
        L samples later. Swapping the series mirrors the lags.

    Raises
    ------
    ParameterError
        If the series are too short for one window, or ``min_present`` out of its range.
    """
    one, other = as_pair(first, second)
    if not 0 < min_present <= 1:
        raise ParameterError(
            f"min_present must be above 0, at most 1, got {min_present:g}."
        )
    starts = windows.starts(one.size)
    rules = _Rules(
        least=max(3, math.ceil(min_present * windows.window)),
        still=(_still(one), _still(other)),
        as_rmea=chosen(Compat, compat, "compat") is Compat.RMEA,
    )
    if np.isnan(one).any() or np.isnan(other).any():
        r, stopped = _with_blanks(one, other, windows, starts, rules)
    else:
        r = _whole(one, other, windows, starts, rules)
        stopped = np.zeros(starts.size, dtype=bool)
    return Lagged(z=fisher(r), windows=windows, stopped=stopped)


def fisher(r: Floats) -> Floats:
    """Return Fisher's z of correlations, cut at +-10; blanks stay blank."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.arctanh(np.clip(r, -1.0, 1.0)), -MOST_Z, MOST_Z)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """When a cell is blank: samples that must be present, and what counts as still."""

    least: int
    still: tuple[float, float]
    as_rmea: bool


def _still(values: Floats) -> float:
    """Return the squared deviation a sample at which a series counts as still."""
    largest = float(np.nanmax(np.abs(values))) if not np.isnan(values).all() else 0.0
    return (STILL * largest) ** 2


def _whole(
    one: Floats,
    other: Floats,
    windows: Windows,
    starts: NDArray[np.int64],
    rules: _Rules,
) -> Floats:
    """Correlate series without a blank, window by window.

    The window that stays is centred, so that whatever the other's offset is drops out of
    the products; the other, over its reach, is centred for the sums of squares.
    """
    n, m = windows.window, windows.lag
    found = np.full((starts.size, 2 * m + 1), np.nan)
    for w, a in enumerate(starts):
        for stays, moves, still, to in (
            (one, other, rules.still, found[w, m:]),
            (other, one, rules.still[::-1], found[w, m::-1]),
        ):
            p, reach = stays[a : a + n], moves[a : a + n + m]
            to[:] = _slid(p, reach, n, still, as_rmea=rules.as_rmea)
    return found


def _slid(
    p: Floats, reach: Floats, n: int, still: tuple[float, float], *, as_rmea: bool
) -> Floats:
    """Correlate a window with each stretch of another series over its reach.

    Squares come from running sums. A stretch that is quiet beside the rest would keep few
    of its digits: it is centred by itself.
    """
    centred = p - p.mean()
    centred -= centred.mean()
    one = float(centred @ centred)
    rest = reach - reach.mean()
    products = np.correlate(rest, centred, "valid")
    sums, squares = np.zeros(rest.size + 1), np.zeros(rest.size + 1)
    np.cumsum(rest, out=sums[1:])
    np.cumsum(rest * rest, out=squares[1:])
    total = sums[n:] - sums[:-n]
    others = squares[n:] - squares[:-n] - total * total / n
    quiet = np.flatnonzero(others <= QUIET * squares[-1])
    if quiet.size:
        own = np.lib.stride_tricks.sliding_window_view(reach, n)[quiet]
        own = own - own.mean(axis=1, keepdims=True)
        own -= own.mean(axis=1, keepdims=True)
        others[quiet], products[quiet] = (own * own).sum(axis=1), own @ centred
    limits = (0.0, 0.0) if as_rmea else (n * still[0], n * still[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        r: Floats = products / np.sqrt(one * others)
    r[others <= limits[1]] = np.nan
    if one <= limits[0]:
        r[:] = np.nan
    for k in np.flatnonzero(r > ALIKE):
        if np.count_nonzero(p != reach[k : k + n]) < 2:
            r[k] = np.nan
    return r


def _with_blanks(
    one: Floats,
    other: Floats,
    windows: Windows,
    starts: NDArray[np.int64],
    rules: _Rules,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Correlate what is present in both, cell by cell of each window at once."""
    n, m = windows.window, windows.lag
    found = np.full((starts.size, 2 * m + 1), np.nan)
    stopped = np.zeros(starts.size, dtype=bool)
    for w, a in enumerate(starts):
        if rules.as_rmea:
            spans = (one[a : a + n + m], other[a : a + n + m])
            stopped[w] = any(2 * np.isnan(s).sum() > s.size for s in spans)
            if stopped[w]:
                continue
        for stays, moves, still, to in (
            (one, other, rules.still, found[w, m:]),
            (other, one, rules.still[::-1], found[w, m::-1]),
        ):
            p, reach = stays[a : a + n], moves[a : a + n + m]
            to[:] = _slid_with_blanks(p, reach, n, still, rules)
    return found, stopped


def _slid_with_blanks(
    p: Floats, reach: Floats, n: int, still: tuple[float, float], rules: _Rules
) -> Floats:
    """Correlate a window with each stretch of another, by what is present in both."""
    stretches = np.lib.stride_tricks.sliding_window_view(reach, n)
    both = ~(np.isnan(p) | np.isnan(stretches))
    count = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        dp = np.where(both, p, 0.0)
        dq = np.where(both, stretches, 0.0)
        differ = ((dp != dq) & both).sum(axis=1)
        dp = np.where(both, dp - (dp.sum(axis=1) / count)[:, np.newaxis], 0.0)
        dq = np.where(both, dq - (dq.sum(axis=1) / count)[:, np.newaxis], 0.0)
        sp, sq = (dp * dp).sum(axis=1), (dq * dq).sum(axis=1)
        r: Floats = (dp * dq).sum(axis=1) / np.sqrt(sp * sq)
    if rules.as_rmea:
        r[(differ < 2) | (sp == 0) | (sq == 0)] = np.nan
    else:
        too_still = (sp <= count * still[0]) | (sq <= count * still[1])
        r[(count < rules.least) | (differ < 2) | too_still] = np.nan
    return r
