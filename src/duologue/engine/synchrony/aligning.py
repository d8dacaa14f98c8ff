"""Two recordings that are not of one clock: brought to one rate, and to one start."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import signal

from duologue.engine.synchrony.preparing import as_pair, as_series
from duologue.engine.synchrony.windows import Floats, samples_of
from duologue.errors import ParameterError

LEAST_SHARE = 0.5
"""So much of a bin must be present, and of the shorter series must overlap."""

EVEN = 1e-3
"""Overlaps that vary less than this share of the whole series' variance tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """By how many seconds the second recording seems to have started later.

    ``r`` is the correlation of both series there, ``n`` how many samples they share.
    ``offset_s`` and ``r`` are ``nan`` where nothing can be said.
    """

    offset_s: float
    r: float
    n: int


def slower(values: ArrayLike, rate: float, to_rate: float) -> Floats:
    """Bring a series to a lower rate by means over bins, never by taking each k-th.

    Parameters
    ----------
    values : array_like, shape (n,)
        The series; ``nan`` where a sample is missing.
    rate, to_rate : float
        Samples a second, now and then; the same rate leaves it as it is.

    Returns
    -------
    ndarray
        At each moment k / ``to_rate`` the mean of the samples that lie within half a step
        before it, or after it: so nothing is moved in time. Blank where fewer than half of
        them are present. At the start and the end a bin holds what there is of it.

    Raises
    ------
    ParameterError
        If a rate is not above 0, or the new one is higher.
    """
    found = as_series(values, "values")
    for name, each in (("rate", rate), ("to_rate", to_rate)):
        if not (math.isfinite(each) and each > 0):
            raise ParameterError(f"{name} must be above 0 Hz, got {each:g} Hz.")
    if to_rate > rate:
        raise ParameterError(
            f"to_rate must not be above rate, got {to_rate:g} and {rate:g} Hz."
        )
    if to_rate == rate or not found.size:
        return found.copy()
    places = np.floor(np.arange(found.size) * (to_rate / rate) + 0.5 + 1e-9)
    bins = places.astype(np.int64)
    is_there = ~np.isnan(found)
    count = np.bincount(bins)
    present = np.bincount(bins, weights=is_there)
    total = np.bincount(bins, weights=np.where(is_there, found, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(present >= LEAST_SHARE * count, total / present, np.nan)


def at_one_rate(
    first: ArrayLike, first_rate: float, second: ArrayLike, second_rate: float
) -> tuple[Floats, Floats, float]:
    """Bring the faster of two series to the rate of the slower; see `slower`.

    Returns
    -------
    (ndarray, ndarray, float)
        Both series, cut to the shorter, and their rate.
    """
    rate = min(first_rate, second_rate)
    one, other = slower(first, first_rate, rate), slower(second, second_rate, rate)
    size = min(one.size, other.size)
    return one[:size], other[:size], rate


def started_together(
    first: ArrayLike, second: ArrayLike, rate: float, offset_s: float
) -> tuple[Floats, Floats]:
    """Cut what one recording has before the other starts, and what it has after it ends.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate.
    rate : float
        Samples a second.
    offset_s : float
        By so many seconds the second started later; below 0 the first did.

    Raises
    ------
    ParameterError
        If it is not finite, or nothing is left.
    """
    one, other = as_series(first, "first"), as_series(second, "second")
    if not math.isfinite(offset_s):
        raise ParameterError(f"offset_s must be finite, got {offset_s:g}.")
    n = samples_of(abs(offset_s), rate)
    one, other = (one[n:], other) if offset_s > 0 else (one, other[n:])
    size = min(one.size, other.size)
    if not size:
        raise ParameterError(
            f"offset_s must leave some of both recordings, got {offset_s:g} s."
        )
    return one[:size], other[:size]


def offset_of(
    first: ArrayLike, second: ArrayLike, rate: float, *, most_s: float
) -> Offset:
    """Estimate which recording started later, from the whole of both series.

    The offset at which they correlate best. It cannot tell a late start from one person
    following the other, or from a rhythm: a hint to look into, never to apply unseen.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate, at least half of the shorter must overlap; ``nan``
        where a sample is missing.
    rate : float
        Samples a second.
    most_s : float
        Offsets up to so many seconds to either side.

    Raises
    ------
    ParameterError
        If ``most_s`` is not finite or below 0.
    """
    if not (math.isfinite(most_s) and most_s >= 0):
        raise ParameterError(f"most_s must be 0 s or more, got {most_s:g} s.")
    one, other = as_pair(first, second)
    most = min(samples_of(most_s, rate), int(LEAST_SHARE * one.size))
    r, n = _by_offset(_centred(one), _centred(other), most)
    if np.isnan(r).all():
        return Offset(offset_s=math.nan, r=math.nan, n=0)
    best = int(np.nanargmax(r))
    return Offset(offset_s=(best - most) / rate, r=float(r[best]), n=int(n[best]))


def _centred(values: Floats) -> Floats:
    present = values[~np.isnan(values)]
    return values - present.mean() if present.size else values


def _by_offset(one: Floats, other: Floats, most: int) -> tuple[Floats, Floats]:
    """Correlate what overlaps at each offset, by what is present in both."""
    has_1, has_2 = (~np.isnan(v) * 1.0 for v in (one, other))
    x, y = np.nan_to_num(one), np.nan_to_num(other)

    def summed(a: Floats, b: Floats) -> Floats:
        """Sum a[t + k] * b[t] for each offset k."""
        whole = signal.correlate(a, b, "full", method="fft")
        middle = b.size - 1
        found: Floats = whole[middle - most : middle + most + 1]
        return found

    n = np.round(summed(has_1, has_2))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = summed(x, has_2) / n, summed(has_1, y) / n
        ss_x = summed(x * x, has_2) / n - mean_x**2
        ss_y = summed(has_1, y * y) / n - mean_y**2
        r = (summed(x, y) / n - mean_x * mean_y) / np.sqrt(ss_x * ss_y)
    least = EVEN * np.array([(x * x).mean(), (y * y).mean()])
    too_little = n < LEAST_SHARE * min(has_1.sum(), has_2.sum())
    r[too_little | ~(ss_x > least[0]) | ~(ss_y > least[1])] = np.nan
    return r, n
