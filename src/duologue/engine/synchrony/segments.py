"""Segment shuffles: a session cut into pieces that are put in another order.

For comparison with earlier work: rMEA's ``shuffle_segments`` permutes the segments of both
series, each by itself, so that some pairs survive; Moulder and others permute those of one,
none staying in its place. **For slow signals both tell too many sessions from chance** (up
to 16 of 100 where it should be 5), since a segment of half a minute holds few swings, and
joints are not in the recording. Shifts do not: our own answers come from `shifts`.

References
----------
Moulder, R. G., Boker, S. M., Ramseyer, F., & Tschacher, W. (2018). Determining synchrony
between behavioral time series. Psychological Methods, 23(4), 757-773.
https://doi.org/10.1037/met0000172
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.bands import bands_of, compared_in, p_of, p_of_peak
from duologue.engine.synchrony.orders import Shuffle, drawn_orders, sums_of_orders
from duologue.engine.synchrony.preparing import Compat, as_pair
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Bools, Floats, Windows, samples_of
from duologue.errors import ParameterError

SEGMENT_S = 30.0
N_SHUFFLES, MIN_SHUFFLES = 1000, 100
FEWEST = 4
"""Segments: three can be put in few orders only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstSegments:
    """What a session gives after its segments were put in other orders.

    Attributes
    ----------
    n_surrogates, n_segments, n_left_out : int
        Surrogates, whole segments of a series, and the samples at the end that make no
        whole segment: they are left out of the session and of its surrogates.
    grand_mean, grand_mean_abs : float
        Of the session without what is left out.
    surrogate_grand_mean, surrogate_grand_mean_abs : ndarray, shape (n_surrogates,)
        The same of each surrogate; ``nan`` where nothing can be said of it.
    mean, low, high : ndarray, shape (2 * lag + 1,)
        Mean of the surrogates' lag profiles, and between which values 90 of 100 lie.
    band : ndarray, shape (2 * lag + 1,)
        Above it only 1 profile of 20 comes anywhere.
    compared : ndarray of bool, shape (2 * lag + 1,)
        The lags over which peaks are taken, as for `shifts.AgainstShifts`.
    p_peak, p_grand_mean, p_grand_mean_abs : float
        How often a surrogate gives as much or more. **Too small for slow signals**, see
        the module; of use only beside what others have published.
    """

    n_surrogates: int
    n_segments: int
    n_left_out: int
    grand_mean: float
    grand_mean_abs: float
    surrogate_grand_mean: Floats
    surrogate_grand_mean_abs: Floats
    mean: Floats
    low: Floats
    high: Floats
    band: Floats
    compared: Bools
    p_peak: float
    p_grand_mean: float
    p_grand_mean_abs: float


def against_segments(
    first: ArrayLike,
    second: ArrayLike,
    windows: Windows,
    *,
    segment_s: float = SEGMENT_S,
    shuffle: Shuffle = Shuffle.BOTH,
    n_shuffles: int = N_SHUFFLES,
    seed: int = 0,
    compat: Compat = Compat.NONE,
) -> AgainstSegments:
    """Say how a session's synchrony compares with that of its shuffled segments.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate, cut to the shorter; ``nan`` where a sample is missing,
        which goes along with its segment.
    windows : Windows
        Windows and lags.
    segment_s : float
        Seconds of a segment. A rest that is no whole segment is left out (rMEA stops).
    shuffle : Shuffle
        Whose segments are put in another order.
    n_shuffles : int
        100 or more, rounded up to an even number: each order of one series is used for
        the other as well, so exchanged seats give the same answer.
    seed : int
        Beside it the recordings decide which orders are drawn.
    compat : Compat
        By whose rules a cell is blank.

    Raises
    ------
    ParameterError
        If there are too few shuffles or segments, or not one window.
    """
    if n_shuffles < MIN_SHUFFLES:
        raise ParameterError(
            f"n_shuffles must be {MIN_SHUFFLES} or more, got {n_shuffles}."
        )
    one, other, segment = _in_segments(first, second, windows.rate, segment_s)
    n_left_out = min(np.size(first), np.size(second)) - one.size
    orders = drawn_orders(
        one, other, one.size // segment, shuffle, n_shuffles=n_shuffles, seed=seed
    )
    in_place = np.broadcast_to(np.arange(one.size // segment), (1, *orders.shape[1:]))
    own = sums_of_orders(one, other, windows, in_place, segment, compat=compat)
    chance = sums_of_orders(one, other, windows, orders, segment, compat=compat)
    return _compared(own, chance, orders.shape[2], n_left_out)


def _in_segments(
    first: ArrayLike, second: ArrayLike, rate: float, segment_s: float
) -> tuple[Floats, Floats, int]:
    """Return what makes whole segments of both series, and the samples of one."""
    one, other = as_pair(first, second)
    segment = samples_of(segment_s, rate) if 0 < segment_s < np.inf else 0
    if segment < 1:
        raise ParameterError(
            f"segment_s must be above 0 s, and a sample or more, got {segment_s:g} s."
        )
    n = one.size // segment
    if n < FEWEST:
        raise ParameterError(
            f"the series must hold {FEWEST} segments of {segment / rate:g} s or more, "
            f"got {n}."
        )
    return one[: n * segment], other[: n * segment], segment


def _compared(
    own: Sums, chance: Sums, n_segments: int, n_left_out: int
) -> AgainstSegments:
    compared, profiles = compared_in(own.profile, chance.profile)
    mean, low, high, band = bands_of(profiles)
    return AgainstSegments(
        n_surrogates=len(profiles),
        n_segments=n_segments,
        n_left_out=n_left_out,
        grand_mean=float(own.grand_mean[0]),
        grand_mean_abs=float(own.grand_mean_abs[0]),
        surrogate_grand_mean=chance.grand_mean,
        surrogate_grand_mean_abs=chance.grand_mean_abs,
        mean=mean,
        low=low,
        high=high,
        band=band,
        compared=compared,
        p_peak=p_of_peak(profiles[:, compared], own.profile[:, compared]),
        p_grand_mean=p_of(chance.grand_mean, own.grand_mean),
        p_grand_mean_abs=p_of(chance.grand_mean_abs, own.grand_mean_abs),
    )
