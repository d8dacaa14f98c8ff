"""Series before they are compared: smoothed, scaled, artefacts flagged; blanks stay blank.

Two sets of rules: our own, and those of rMEA 1.3.0, bug for bug, for whoever compares with
earlier work. They are never mixed.
"""

import math
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.synchrony.windows import Floats
from duologue.errors import ParameterError

SMOOTH_S = 0.5
"""Seconds over which motion energy is smoothed."""

OUTLIER_SD = 10.0
"""Samples above so many standard deviations are flagged."""


class Compat(StrEnum):
    """Whose rules are followed."""

    NONE = "none"
    RMEA = "rmea"


Word = TypeVar("Word", bound=StrEnum)


def chosen(words: type[Word], value: str, name: str) -> Word:
    """Return one of a few words, also where it came as plain text.

    Raises
    ------
    ParameterError
        If it is none of them.
    """
    try:
        return words(value)
    except ValueError:
        raise ParameterError(f"{name} must be one of {', '.join(words)}.") from None


def as_series(values: ArrayLike, name: str) -> Floats:
    """Return a series as floats; a blank is ``nan``.

    Raises
    ------
    ParameterError
        If it is not one row of numbers, or holds an infinite one.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1:
        raise ParameterError(f"{name} must be one row of numbers, got {found.ndim}.")
    if np.isinf(found).any():
        raise ParameterError(f"{name} must be finite or blank; it holds an infinity.")
    return found


def as_pair(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Return two series as floats, cut to the shorter; errors as for `as_series`."""
    one, other = as_series(first, "first"), as_series(second, "second")
    size = min(one.size, other.size)
    return one[:size], other[:size]


def smooth(
    values: ArrayLike,
    rate: float,
    *,
    seconds: float = SMOOTH_S,
    compat: Compat = Compat.NONE,
) -> Floats:
    """Return the moving mean of a series.

    Parameters
    ----------
    values : array_like, shape (n,)
        The series; ``nan`` where a sample is missing.
    rate : float
        Samples a second.
    seconds : float
        Over how long. By our rule half of it, in whole samples, to each side.
    compat : Compat
        Whose rules.

    Returns
    -------
    ndarray, shape (n,)
        By our rule the mean of the samples that are present within half the span and
        within the series; a missing sample stays missing. By rMEA's the window is not
        centred, the sum is divided by ``seconds * rate`` whatever it holds, the last
        samples are 0, and so is every sample with a missing one in its window.

    Raises
    ------
    ParameterError
        If ``seconds`` is negative.
    """
    found = as_series(values, "values")
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ParameterError(f"seconds must be 0 or more, got {seconds:g}.")
    if chosen(Compat, compat, "compat") is Compat.RMEA:
        return _as_rmea(found, seconds * rate)
    half = math.floor(0.5 * seconds * rate)
    return _moving_mean(found, half)


def _moving_mean(values: Floats, half: int) -> Floats:
    """Average each sample with the ``half`` before and after it that are present."""
    if half == 0 or not values.size:
        return values.copy()
    present = ~np.isnan(values)
    width = min(2 * half + 1, 2 * values.size + 1)
    half = (width - 1) // 2
    padded = np.pad(np.where(present, values, 0.0), half)
    count = np.convolve(np.pad(present.astype(float), half), np.ones(width), "valid")
    # Summed window by window: a running sum would carry the rounding of loud stretches
    # into quiet ones.
    total = np.lib.stride_tricks.sliding_window_view(padded, width).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(present, total / np.maximum(count, 1.0), np.nan)


def _as_rmea(values: Floats, n: float) -> Floats:
    """Smooth as rMEA's MEAsmooth does, with indices that are cut to whole numbers."""
    if n < 1 or not values.size:
        return values.copy()
    missing = np.isnan(values)
    at = np.arange(1, values.size + 1)
    low = np.maximum(1.0, at - (n - 1) / 2)
    n_taken = np.floor(at + (n - 1) / 2 - low + 1e-10).astype(np.int64) + 1
    first = np.floor(low).astype(np.int64) - 1
    last = np.floor(low + n_taken - 1).astype(np.int64)
    is_inside = last <= values.size
    total = _sums(np.where(missing, 0.0, values), first, last, is_inside)
    blank = _sums(missing.astype(np.float64), first, last, is_inside) > 0
    found = np.where(is_inside & ~blank, total / n, 0.0)
    found[missing] = np.nan
    return found


def _sums(
    values: Floats,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    is_inside: NDArray[np.bool_],
) -> Floats:
    """Return the sum from ``first`` up to ``last`` for each sample; 0 where outside."""
    found = np.zeros(values.size)
    widths = last - first
    for width in np.unique(widths[is_inside]):
        here = np.flatnonzero(is_inside & (widths == width))
        windows = np.lib.stride_tricks.sliding_window_view(values, width)
        found[here] = windows[first[here]].sum(axis=1)
    return found


def scale(values: ArrayLike, *, compat: Compat = Compat.NONE) -> Floats:
    """Return a series in standard deviations.

    Correlations need none of this; pictures and recurrence do.

    Parameters
    ----------
    values : array_like, shape (n,)
        The series; blanks stay blank.
    compat : Compat
        By our rule the mean is 0 and the population's standard deviation 1. By rMEA's
        the series is divided by the sample's standard deviation, and keeps its mean.

    Raises
    ------
    ParameterError
        If it does not vary.
    """
    found = as_series(values, "values")
    as_rmea = chosen(Compat, compat, "compat") is Compat.RMEA
    sd = float(np.nanstd(found, ddof=int(as_rmea))) if _n(found) > 1 else 0.0
    if not sd > 0:
        raise ParameterError("values must vary, and hold two samples or more.")
    return found / sd if as_rmea else (found - np.nanmean(found)) / sd


def outliers(
    first: ArrayLike, second: ArrayLike, *, sd: float = OUTLIER_SD
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], float]:
    """Flag samples that are far above all others of the two people together.

    Returns
    -------
    (ndarray of bool, ndarray of bool, float)
        Which samples of each, and the threshold: so many standard deviations (n - 1) of
        both series put end to end; ``nan`` where fewer than two samples are present.
    """
    one, other = as_series(first, "first"), as_series(second, "second")
    both = np.concatenate([one, other])
    threshold = sd * float(np.nanstd(both, ddof=1)) if _n(both) > 1 else math.nan
    with np.errstate(invalid="ignore"):
        return one > threshold, other > threshold, threshold


def _n(values: Floats) -> int:
    return int(np.count_nonzero(~np.isnan(values)))
