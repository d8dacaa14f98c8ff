"""What surrogates give at each lag or frequency, and how often as much as the session."""

import math

import numpy as np

from duologue.engine.chance import as_high
from duologue.engine.synchrony.windows import Bools, Floats

LOW, HIGH, SURE = 0.05, 0.95, 0.95
"""The pointwise band, and how sure the band for all lags at once is."""


def bands_of(profiles: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what surrogates give at each place, and a band for all places at once.

    Parameters
    ----------
    profiles : ndarray, shape (n_surrogates, n)
        A row is what one surrogate gives at every lag, or at every frequency. A place at
        which one of them is blank is blank in all that is returned.

    Returns
    -------
    (ndarray, ndarray, ndarray, ndarray), each of shape (n,)
        The mean; between which two values 90 of 100 surrogates lie at each place by
        itself; and above which 1 of 20 comes anywhere.
    """
    found = np.full((4, profiles.shape[1]), np.nan)
    is_there = ~np.isnan(profiles).any(axis=0)
    if is_there.any():
        kept = profiles[:, is_there]
        mean, sd = kept.mean(axis=0), kept.std(axis=0, ddof=1)
        furthest = np.sort(_beside_others(kept, mean, sd).max(axis=1))
        # The session is one more of as many: as p does, so that both say the same.
        rank = min(math.ceil(SURE * (len(kept) + 1)), len(kept))
        band = mean + furthest[rank - 1] * sd
        found[:, is_there] = [mean, *np.quantile(kept, [LOW, HIGH], axis=0), band]
    return found[0], found[1], found[2], found[3]


def _beside_others(kept: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return how many standard deviations each surrogate lies from all others.

    The session is held against surrogates without itself, so each of them is as well:
    among its own, a surrogate looks nearer than it is, and the band would be too low.
    """
    n = len(kept)
    off = kept - mean
    squares = (n - 1) * sd**2 - off**2 * n / (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        away = off * n / (n - 1) / np.sqrt(squares / (n - 2))
    return np.where((sd > 0) & (squares > 0), away, 0.0)


def compared_in(own: Floats, profiles: Floats) -> tuple[Bools, Floats]:
    """Return which places are in all of both, and the profiles blank in the others.

    ``own`` and ``profiles``, shape (n, n_places), hold what the session gives, once or once
    for each surrogate, and what the surrogates give.
    """
    blank = np.isnan(np.concatenate([own, profiles])).any(axis=0)
    compared = np.logical_not(blank)
    return compared, np.where(compared, profiles, np.nan)


def p_of_peak(profiles: Floats, own: Floats) -> float:
    """Return how often chance has as high a peak; blank where no place is compared.

    ``own`` has one row, or one for each of ``profiles``; as for `p_of`.
    """
    if not own.size:
        return float("nan")
    return p_of(profiles.max(axis=1), own.max(axis=1))


def p_of(drawn: Floats, own: Floats | float) -> float:
    """Return how often chance gives as much.

    Parameters
    ----------
    drawn : ndarray, shape (n_surrogates,)
        What the surrogates give.
    own : ndarray, shape (1,) or (n_surrogates,), or float
        What the session gives: one value for all surrogates, or what each of them is
        held against.

    Returns
    -------
    float in (0, 1]
        (b + 1) / (n + 1); ``nan`` where something is blank.
    """
    beyond = drawn - own
    return float("nan") if np.isnan(beyond).any() else as_high(beyond, 0.0)
