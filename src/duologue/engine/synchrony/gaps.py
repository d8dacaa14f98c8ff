"""Where something is missing: comparing a session with chance on as many samples.

A shift of one series brings its gaps to other places. Two people then have fewer samples
in common than in the session, and a mean over fewer is noisier: chance would look larger
than it is, and what is there would be missed. So of the series that is shifted only those
samples are kept that are present both where they were and where they come to, and the
session is compared once more with no others than these.
"""

import numpy as np

from duologue.engine.synchrony.summing import NO_SHIFT, sums_for
from duologue.engine.synchrony.sums import Sums, joined
from duologue.engine.synchrony.windows import Floats, Ints, Windows


def in_both(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Leave only samples that are present in both.

    A shift would else bring together stretches in which each is missing alone, and a mean
    over more windows is quieter: chance would look smaller than it is.
    """
    missing = np.isnan(one) | np.isnan(other)
    return np.where(missing, np.nan, one), np.where(missing, np.nan, other)


def sums_of_pairs(
    stays: Floats, moves: Floats, windows: Windows, shifts: Ints, min_present: float
) -> tuple[Sums, Sums]:
    """Compare a session and its shifted recordings on the same samples, shift by shift.

    Parameters
    ----------
    stays, moves : ndarray, shape (n,)
        Two series of one length; ``nan`` where a sample of one is missing.
    windows : Windows
        Windows and lags.
    shifts : ndarray of int, shape (n_shifts,)
        By so many samples what moves is later, around the end.
    min_present : float
        As for `lagged.lagged`.

    Returns
    -------
    (Sums, Sums), each of n_shifts rows
        The session, and the shifted recording, both with what moves blank wherever it or
        its shifted self is: every cell of the two rests on the same moments of both.
    """
    own: list[Sums] = []
    moved: list[Sums] = []
    for shift in shifts:
        later = np.roll(moves, shift)
        blank = np.isnan(moves) | np.isnan(later)
        for found, series in ((own, moves), (moved, later)):
            kept = np.where(blank, np.nan, series)
            found.append(sums_for(stays, kept, windows, NO_SHIFT, min_present))
    return joined(own), joined(moved)
