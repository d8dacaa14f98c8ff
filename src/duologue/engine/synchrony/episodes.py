"""Moments in which two people moved together beyond chance: most sessions have none.

In short windows a map of correlations by time and lag is made. Stretches of high cells that
touch are clusters; how much lies in one, against the largest cluster of each of many
shifted recordings, says whether chance alone makes one like it anywhere in the session.

References
----------
Maris, E., & Oostenveld, R. (2007). Nonparametric statistical testing of EEG- and MEG-data.
Journal of Neuroscience Methods, 164(1), 177-190.
https://doi.org/10.1016/j.jneumeth.2007.03.024
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage

from duologue.engine.chance import as_high
from duologue.engine.synchrony.gaps import in_both
from duologue.engine.synchrony.lagged import MIN_PRESENT, fisher, lagged
from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.shifts import drawn_shifts
from duologue.engine.synchrony.windows import MIN_WINDOW, Floats, Windows, windows_of
from duologue.errors import ParameterError

WINDOW_S, STEP_S, LAG_S = 10.0, 1.0, 5.0
N_SHIFTS = 100
MIN_SHIFTS = 50
HIGH = 0.9
"""Cells above this quantile of all that chance gives form clusters."""

SURE = 0.05
"""Only clusters with a p at or below it are told."""

LEAST_S = 600.0
"""In shorter sessions too few shifts are independent: none is told."""

TOGETHER_S = 0.2
"""Within this lag nobody is said to be first."""

CLEAR = 0.8
"""So much of a moment must lie on one side for somebody to be first."""

BINS = np.linspace(-10.0, 10.0, 200_001)
PER_Z = (BINS.size - 1) / (BINS[-1] - BINS[0])
TOUCHING = np.ones((3, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A stretch in which the two went together beyond chance.

    Attributes
    ----------
    start_s, end_s : float
        From the start of its first window to the end of its last.
    lag_s : float
        At which lag, on average; positive where the first led.
    peak_z, mass : float
        Its highest cell, and how much lies above the threshold.
    p : float
        How often chance makes as large a one anywhere in the session.
    leader : int
        1 for the first, -1 for the second; 0 where less than four fifths of its mass lie
        on one side of a fifth of a second, and it cannot be told.
    """

    start_s: float
    end_s: float
    lag_s: float
    peak_z: float
    mass: float
    p: float
    leader: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """What stood out from chance in a session: usually nothing.

    ``found`` are in the order of time; ``threshold`` is the z above which cells form
    clusters, ``n_surrogates`` how many shifted recordings were tried, 0 where the session
    is too short for any.
    """

    found: tuple[Episode, ...]
    threshold: float
    n_surrogates: int


def episodes(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    window_s: float = WINDOW_S,
    step_s: float = STEP_S,
    lag_s: float = LAG_S,
    n_shifts: int = N_SHIFTS,
    seed: int = 0,
    min_present: float = MIN_PRESENT,
) -> Episodes:
    """Look for moments in which two people went together beyond chance.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series, cut to the shorter; ``nan`` where a sample is missing.
    rate : float
        Samples a second.
    window_s, step_s, lag_s : float
        Seconds of a window, of a step, and of the largest lag.
    n_shifts : int
        50 or more; each is done to the one series and to the other.
    seed : int
        Beside it the recordings decide which shifts are drawn.
    min_present : float
        As for `lagged.lagged`.

    Returns
    -------
    Episodes
        None is told of a session under ten minutes.

    Raises
    ------
    ParameterError
        If there are too few shifts, or too few samples a second for the windows.
    """
    if n_shifts < MIN_SHIFTS:
        raise ParameterError(f"n_shifts must be {MIN_SHIFTS} or more, got {n_shifts}.")
    one, other = in_both(*as_pair(first, second))
    windows = _windows(rate, window_s=window_s, step_s=step_s, lag_s=lag_s)
    if one.size < LEAST_S * rate:
        return Episodes(found=(), threshold=float("nan"), n_surrogates=0)
    windows.count(one.size)
    shifts = drawn_shifts(one, other, windows, n_shifts=n_shifts, seed=seed)

    def maps() -> Iterator[Floats]:
        """Make the map of each shifted recording, one at a time."""
        for shift in shifts:
            yield _map(one, np.roll(other, shift), windows, min_present)
            yield _map(np.roll(one, shift), other, windows, min_present)

    counts = np.zeros(BINS.size - 1, dtype=np.int64)
    for each in maps():
        # As a histogram does, but many times as quick where bins are even.
        at = (each[~np.isnan(each)] - BINS[0]) * PER_Z
        counts += np.bincount(
            np.minimum(at.astype(np.int64), counts.size - 1), minlength=counts.size
        )
    if not counts.any():
        return Episodes(found=(), threshold=float("nan"), n_surrogates=2 * n_shifts)
    reached = np.searchsorted(np.cumsum(counts), HIGH * counts.sum())
    threshold = float(BINS[reached + 1])
    largest = np.array(
        [_masses(each, threshold)[1].max(initial=0.0) for each in maps()]
    )
    own = _map(one, other, windows, min_present)
    labels, masses = _masses(own, threshold)
    found = [
        _episode(own, labels == k + 1, threshold, windows, p=p)
        for k, mass in enumerate(masses)
        if (p := as_high(largest, mass)) <= SURE
    ]
    return Episodes(
        found=_parted(found),
        threshold=threshold,
        n_surrogates=largest.size,
    )


def _windows(rate: float, *, window_s: float, step_s: float, lag_s: float) -> Windows:
    """Return the windows, or say what moments need in the rate that was given."""
    if window_s > 0 and step_s > 0:
        least = max((MIN_WINDOW - 0.5) / window_s, 0.5 / step_s)  # halves round up
        if 0 < rate < least:
            raise ParameterError(
                f"moments need {least:g} Hz or more, for windows of {window_s:g} s every "
                f"{step_s:g} s; got {rate:g} Hz."
            )
    return windows_of(rate, window_s=window_s, step_s=step_s, lag_s=lag_s)


def _map(first: Floats, second: Floats, windows: Windows, min_present: float) -> Floats:
    """Return Fisher's z by window and lag: compiled where numba is, else in plain numpy."""
    try:
        from duologue.engine.synchrony.compiled_lagged import matrix_of  # noqa: PLC0415
    except ImportError:
        return lagged(first, second, windows, min_present=min_present).z
    return fisher(matrix_of(first, second, windows, min_present=min_present))


def _masses(z: Floats, threshold: float) -> tuple[np.ndarray, Floats]:
    """Return which cluster each cell is of, from 1 on, and how much lies in each."""
    above = np.where(np.isnan(z), 0.0, np.maximum(z - threshold, 0.0))
    labels, n = ndimage.label(above > 0, TOUCHING)
    masses = ndimage.sum_labels(above, labels, np.arange(1, n + 1))
    return labels, np.asarray(masses, dtype=np.float64)


def _episode(
    z: Floats, cells: np.ndarray, threshold: float, windows: Windows, *, p: float
) -> Episode:
    at, lags = np.nonzero(cells)
    weights = z[cells] - threshold
    lags_s = (lags - windows.lag) / windows.rate
    lag_s = float(weights @ lags_s / weights.sum())
    to_first = weights[lags_s > TOGETHER_S].sum() / weights.sum()
    to_second = weights[lags_s < -TOGETHER_S].sum() / weights.sum()
    return Episode(
        start_s=float(at.min() * windows.step_s),
        end_s=float(at.max() * windows.step_s + windows.window_s),
        lag_s=lag_s,
        peak_z=float(z[cells].max()),
        mass=float(weights.sum()),
        p=p,
        leader=int(to_first >= CLEAR) - int(to_second >= CLEAR),
    )


def _parted(found: list[Episode]) -> tuple[Episode, ...]:
    """Make one of those that overlap in time: what moves in a rhythm has several lags."""
    parted: list[Episode] = []
    for each in sorted(found, key=lambda one: one.start_s):
        if not parted or each.start_s >= parted[-1].end_s:
            parted.append(each)
            continue
        last = parted[-1]
        larger = max(last, each, key=lambda one: one.mass)
        parted[-1] = replace(
            larger,
            start_s=min(last.start_s, each.start_s),
            end_s=max(last.end_s, each.end_s),
            leader=larger.leader if last.leader == each.leader else 0,
        )
    return tuple(parted)
