"""Several signals at once: channels of two people, or of a group.

For two signals most of these say little more than one number that stands elsewhere; they
are here for comparison with the literature on groups. Unrelated signals do not give 0: each
number belongs beside that of shifted recordings.

References
----------
Hudson, D., Wiltshire, T. J., & Atzmueller, M. (2023). multiSyncPy: A Python package for
assessing multivariate coordination dynamics. Behavior Research Methods, 55, 932-962.
https://doi.org/10.3758/s13428-022-01855-y
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.preparing import as_series, scale
from duologue.engine.synchrony.recurrence import SelfRecurrence, with_itself
from duologue.engine.synchrony.spectra import Spectra, floor_of, summed, transforms
from duologue.engine.synchrony.windows import Floats, Ints, Windows
from duologue.errors import ParameterError

SEGMENT = 256
"""Samples of a segment, or a fourth of the signals where they are shorter than 4 of it."""

RADIUS = 0.5
"""In standard deviations of the signals."""


def as_signals(signals: ArrayLike, *, least: int = 2) -> Floats:
    """Return signals as rows of floats.

    Raises
    ------
    ParameterError
        If they are not two rows or more of so many numbers, or one is blank.
    """
    found = np.asarray(signals, dtype=np.float64)
    if found.ndim != 2 or len(found) < 2 or found.shape[1] < least:
        raise ParameterError(
            f"signals must be 2 rows or more of {least} numbers or more each."
        )
    for k, row in enumerate(found):
        if np.isnan(as_series(row, f"signal {k + 1}")).any():
            raise ParameterError(f"signal {k + 1} must hold no blank.")
    return found


def team_coherence(signals: ArrayLike) -> float:
    """Return Welch's coherence, averaged over all frequencies and all pairs of signals.

    Segments are of 256 samples, overlapping by half; of shorter signals 4 of them do not
    fit, and segments are a fourth of the length. ``nan`` where a signal does not change.

    Parameters
    ----------
    signals : array_like, shape (n_signals, n)
        16 samples or more.

    Raises
    ------
    ParameterError
        As for `as_signals`.
    """
    each = [np.abs(one.coherency) ** 2 for one in _pairs(signals)]
    return float(np.mean(each))


def normalised_cross_spectrum(signals: ArrayLike) -> float:
    r"""Return what signals share by what they have, averaged over all pairs of them.

    .. math:: \sum_f |S_{xy}|^2 / \sum_f S_{xx} S_{yy}

    Frequencies with much power count for more than in `team_coherence`. Parameters, blanks
    and errors as there.
    """
    each = []
    for one in _pairs(signals):
        # One-sided spectra: all but frequency 0 and half the rate stand for two.
        weight = np.full(one.first.size, 4.0)
        weight[0] = 1.0
        if _segment(np.asarray(signals).shape[1]) % 2 == 0:
            weight[-1] = 1.0
        each.append(
            weight @ np.abs(one.cross) ** 2 / (weight @ (one.first * one.second))
        )
    return float(np.mean(each))


def _segment(n: int) -> int:
    return SEGMENT if n >= 4 * SEGMENT else n // 4


def _pairs(signals: ArrayLike) -> list[Spectra]:
    found = as_signals(signals, least=16)
    size = _segment(found.shape[1])
    step = size - size // 2
    cut = [transforms(row, size, step) for row in found]
    floors = [floor_of(row, size) for row in found]
    return [
        summed(cut[i], cut[j], (floors[i], floors[j]))
        for i, j in combinations(range(len(found)), 2)
    ]


def symbolic_entropy(signals: ArrayLike) -> float:
    """Return how many patterns of low, middle and high the signals make, as entropy.

    Each signal is cut into its own thirds; the pattern of all of them is taken at each
    moment. Of K signals it is at most K ln 3, in nats, and the lower, the more they go
    together.

    Parameters
    ----------
    signals : array_like, shape (n_signals, n)
        At most 30 signals.

    Raises
    ------
    ParameterError
        As for `as_signals`, or if there are more of them.
    """
    found = as_signals(signals)
    if len(found) > 30:
        raise ParameterError(f"signals must be 30 or fewer, got {len(found)}.")
    third, two_thirds = np.quantile(found, [1 / 3, 2 / 3], axis=1)[..., np.newaxis]
    symbols = (found >= third).astype(np.int64) + (found >= two_thirds)
    codes = 3 ** np.arange(len(found)) @ symbols
    _, counts = np.unique(codes, return_counts=True)
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum())


def joint_recurrence(
    signals: ArrayLike, *, radius: float = RADIUS, is_open: bool = False
) -> SelfRecurrence:
    """Count when all signals together are in a state that they had before (mdRQA).

    Parameters
    ----------
    signals : array_like, shape (n_signals, n)
        Each is brought to a mean of 0 and a standard deviation of 1.
    radius : float
        Within which two states recur, by Euclid.
    is_open : bool
        As for `recurrence.recurrence`.

    Raises
    ------
    ParameterError
        As for `as_signals`, or if a signal does not vary.

    References
    ----------
    Wallot, S., Roepstorff, A., & Moenster, D. (2016). Multidimensional recurrence
    quantification analysis (MdRQA) for the analysis of multidimensional time-series.
    Frontiers in Psychology, 7, 1835. https://doi.org/10.3389/fpsyg.2016.01835
    """
    found = as_signals(signals)
    if (np.ptp(found, axis=1) == 0).any():
        raise ParameterError("each of the signals must vary.")
    scaled = np.array([scale(row) for row in found])
    return with_itself(scaled.T, radius=radius, is_open=is_open)


def windowed(
    measure: Callable[[Floats], float], signals: ArrayLike, windows: Windows
) -> tuple[Ints, Floats]:
    """Return a measure of several signals in each window.

    Parameters
    ----------
    measure : callable
        Takes signals of shape (n_signals, window) and returns a number, as
        `team_coherence` does.
    signals : array_like, shape (n_signals, n)
        The signals.
    windows : Windows
        As `windows.windows_of` gives them; without a lag.

    Returns
    -------
    (ndarray of int, ndarray), each of shape (n_windows,)
        The sample at which each window starts, and the measure there.

    Raises
    ------
    ParameterError
        As for `as_signals`, if no window fits, or the windows have a lag.
    """
    found = as_signals(signals)
    if windows.lag:
        raise ParameterError(f"windows must have no lag, got {windows.lag} samples.")
    starts = windows.starts(found.shape[1])
    values = [measure(found[:, a : a + windows.window]) for a in starts]
    return starts, np.array(values, dtype=np.float64)
