"""One session against chance: the same two recordings, slid against each other.

Two people who have nothing to do with each other do not give 0: series that are slow, or
bursty, go together now and then. So one of the two is shifted around the end of the
session by a minute or more, many times over: each keeps how it moves, and what they share
in time is gone. Whatever is told of a session stands beside what that gives.

The statistic is the peak of the mean lag profile. It is taken over all lags in every
surrogate alike, which pays for having looked at all of them.

Where something is missing a shifted recording has fewer samples that are present in both
than the session itself, and its mean is noisier. So each surrogate is held against the
session with as few: what the shift leaves out there is left out here.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.bands import bands_of, compared_in, p_of, p_of_peak
from duologue.engine.synchrony.gaps import sums_of_pairs
from duologue.engine.synchrony.lagged import MIN_PRESENT
from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.summing import NO_SHIFT, sums_for
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows
from duologue.errors import ParameterError

N_SHIFTS = 500
"""Shifts that are drawn; each is done to the one series, and to the other."""

MIN_SHIFTS = 100

APART = 2
"""The least shift, in windows; in any case a window and the largest lag, or what the two
share in time would be among the surrogates."""

LONG_ENOUGH = 8
"""A session must last so many of the least shift, or few shifts are independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstShifts:
    """What chance gives on the same two recordings.

    Attributes
    ----------
    n_surrogates : int
        Two for each shift; 0 where the session is too short for any, and all below is
        ``nan``.
    least_shift : int
        In samples.
    compared : ndarray of bool, shape (2 * lag + 1,)
        The lags over which the peak is taken: those that are present in the session and
        in every surrogate, so that both look at the same ones.
    p_peak, p_grand_mean, p_grand_mean_abs, p_lag_zero : float
        How often chance gives as much or more, of (1 + b) / (1 + n), never 0; blank where
        it cannot be said of the session and of every surrogate.
    p_asymmetry : float
        The same to both sides: how often as much leading of either.
    mean, low, high : ndarray, shape (2 * lag + 1,)
        Mean of the surrogates' profiles, and between which values 90 of 100 of them lie
        at each lag by itself; blank where a lag is not compared.
    band : ndarray, shape (2 * lag + 1,)
        Above it only 1 profile of 20 comes anywhere, by chance; blank in the same places.
    beyond : ndarray of bool, shape (2 * lag + 1,)
        Where the session's own profile lies above the band.
    """

    n_surrogates: int
    least_shift: int
    compared: Bools
    p_peak: float
    p_grand_mean: float
    p_grand_mean_abs: float
    p_lag_zero: float
    p_asymmetry: float
    mean: Floats
    low: Floats
    high: Floats
    band: Floats
    beyond: Bools


def against_shifts(
    first: ArrayLike,
    second: ArrayLike,
    windows: Windows,
    *,
    n_shifts: int = N_SHIFTS,
    seed: int = 0,
    min_present: float = MIN_PRESENT,
) -> AgainstShifts:
    """Say how a session's synchrony compares with that of shifted recordings.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate, cut to the shorter; ``nan`` where one is missing.
    windows : Windows
        Windows and lags.
    n_shifts : int
        100 or more. The second series is shifted by each, and the first by the same:
        exchanged seats give the same answer.
    seed : int
        Beside it the recordings themselves decide which shifts are drawn: the order of
        sessions, and how many are worked on at once, changes nothing.
    min_present : float
        As for `lagged.lagged`.

    Returns
    -------
    AgainstShifts
        Without any p where the session lasts less than 8 times the least shift.

    Raises
    ------
    ParameterError
        If there are too few shifts, or the series too short for one window.

    References
    ----------
    Moulder, R. G., Boker, S. M., Ramseyer, F., & Tschacher, W. (2018). Determining
    synchrony between behavioral time series. Psychological Methods, 23(4), 757-773.
    https://doi.org/10.1037/met0000172
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero.
    Statistical Applications in Genetics and Molecular Biology, 9(1), 39.
    """
    check_shifts(n_shifts)
    one, other = as_pair(first, second)
    windows.count(one.size)
    least = least_shift(windows)
    if one.size < LONG_ENOUGH * least:
        return _nothing(windows, least)
    shifts = drawn_shifts(one, other, windows, n_shifts=n_shifts, seed=seed)
    own = sums_for(one, other, windows, NO_SHIFT, min_present)
    if np.isnan(one).any() or np.isnan(other).any():
        like, later = sums_of_pairs(one, other, windows, shifts, min_present)
        turned, earlier = sums_of_pairs(other, one, windows, shifts, min_present)
        beside = like.beside(turned.mirrored())
    else:
        later = sums_for(one, other, windows, shifts, min_present)
        earlier = sums_for(other, one, windows, shifts, min_present)
        beside = own
    return _compared(own, beside, later.beside(earlier.mirrored()), windows, least)


def least_shift(windows: Windows) -> int:
    """Return the least shift in samples."""
    return max(APART * windows.window, windows.window + windows.lag)


def drawn_shifts(
    one: Floats, other: Floats, windows: Windows, *, n_shifts: int, seed: int
) -> Ints:
    """Draw shifts of two windows or more to either side, by the recordings and a seed."""
    least = least_shift(windows)
    rng = np.random.default_rng([seed, *digest_of(one, other)])
    return rng.integers(least, one.size - least, size=n_shifts, endpoint=True)


def digest_of(one: Floats, other: Floats) -> list[int]:
    """Return numbers that two recordings decide, whoever sits where."""
    made = sorted(
        hashlib.blake2b(v.tobytes(), digest_size=8).digest() for v in (one, other)
    )
    return [int.from_bytes(each) for each in made]


def check_shifts(n_shifts: int) -> None:
    """Refuse fewer than ``MIN_SHIFTS`` shifts, with a ParameterError."""
    if n_shifts < MIN_SHIFTS:
        raise ParameterError(f"n_shifts must be {MIN_SHIFTS} or more, got {n_shifts}.")


def _compared(
    own: Sums, beside: Sums, chance: Sums, windows: Windows, least: int
) -> AgainstShifts:
    """Hold chance against the session: each surrogate beside its row, or all beside one."""
    profiles, likes, m = chance.profile, beside.profile, windows.lag
    is_there = ~np.isnan(own.profile[0])
    compared, profiles = compared_in(np.where(is_there, likes, np.nan), profiles)
    mean, low, high, band = bands_of(profiles)
    led, chance_led = beside.asymmetry(m), chance.asymmetry(m)
    to_first, to_second = p_of(chance_led, led), p_of(-chance_led, -led)
    return AgainstShifts(
        n_surrogates=len(profiles),
        least_shift=least,
        compared=compared,
        p_peak=p_of_peak(profiles[:, compared], likes[:, compared]),
        p_grand_mean=p_of(chance.grand_mean, beside.grand_mean),
        p_grand_mean_abs=p_of(chance.grand_mean_abs, beside.grand_mean_abs),
        p_lag_zero=p_of(profiles[:, m], likes[:, m]),
        p_asymmetry=float(np.minimum(1.0, 2 * np.minimum(to_first, to_second))),
        mean=mean,
        low=low,
        high=high,
        band=band,
        beyond=own.profile[0] > band,
    )


def _nothing(windows: Windows, least: int) -> AgainstShifts:
    nan, blank = float("nan"), np.full(2 * windows.lag + 1, np.nan)
    return AgainstShifts(
        n_surrogates=0,
        least_shift=least,
        compared=np.zeros(blank.shape, dtype=bool),
        p_peak=nan,
        p_grand_mean=nan,
        p_grand_mean_abs=nan,
        p_lag_zero=nan,
        p_asymmetry=nan,
        mean=blank,
        low=blank,
        high=blank,
        band=blank,
        beyond=np.zeros(blank.shape, dtype=bool),
    )
