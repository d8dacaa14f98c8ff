r"""Whether somebody who was less open than foretold came back within three sessions.

A dip of one person at session s is an innovation below minus one of its standard
deviations. It is mended where the person's level at one of the next three sessions is
no lower than half a stationary standard deviation below the level that the sessions
before s foretold for s. Both have to be inferred, so what is told is

.. math:: P(\text{mended} \mid \text{dip}, \text{all ratings}),

over the joint distribution of the levels around s. Where fewer than three sessions
have followed, those to come are counted as they are foretold.
"""

from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from duologue.engine.dyad.lattice import evenly
from duologue.engine.dyad.levels import Smoothed
from duologue.engine.dyad.likelihood import Filtered
from duologue.engine.dyad.model import Floats, Nuisance, times, turned

WITHIN = 3
"""Sessions after the dip in which it may be mended."""

NEAR = 0.5
"""How far below what was foretold is back, in stationary standard deviations."""

_N_DRAWS = 256


def foretold(kept: Filtered) -> Floats:
    """Tell what the sessions before each one foretold of both levels.

    Parameters
    ----------
    kept : Filtered
        What the filter kept.

    Returns
    -------
    ndarray, shape (..., n_sessions, 2)
        The first session's is what the population foretells.
    """
    start = np.zeros_like(kept.u_mean[..., :1, :])
    u_mean = np.concatenate([start, kept.u_mean[..., :-1, :]], axis=-2)
    return kept.mean_before + times(kept.slope_before, u_mean)


def chance_of_repair(
    kept: Filtered,
    back: Smoothed,
    nuisance: Nuisance,
    *,
    step: int,
    seat: int,
    mark: float,
) -> float:
    """Tell how likely one person's dip was mended, given that it was one.

    Parameters
    ----------
    kept, back : Filtered, Smoothed
        Of one pair at points of equal weight, with ``WITHIN`` sessions or more after
        the dip, empty ones where they are yet to come.
    nuisance : Nuisance
        What they were filtered with.
    step : int
        The step that ends with the dip: from session ``step`` to the next, from 0.
    seat : int
        Whose dip.
    mark : float
        The level that counts as back.

    Returns
    -------
    float in [0, 1]
        By 256 fixed draws of each point; ``nan`` if none of them dips.
    """
    mean, cov = _around(kept, back, nuisance, step, seat)
    # Rounding may leave a covariance that is all but flat a little less than flat.
    own = np.diagonal(cov, axis1=-2, axis2=-1)[..., None] * np.eye(WITHIN + 1)
    root = np.linalg.cholesky(cov + 1e-12 * own)
    drawn = mean[..., None, :] + _normals() @ np.swapaxes(root, -1, -2)
    limit = -np.sqrt(kept.Q[step][..., seat, seat])
    dips = drawn[..., 0] < np.broadcast_to(limit, mean.shape[:-1])[..., None]
    mended = (drawn[..., 1:] >= mark).any(axis=-1)
    n_dips = dips.sum()
    return float((dips & mended).sum() / n_dips) if n_dips else float("nan")


def _around(
    kept: Filtered, back: Smoothed, nuisance: Nuisance, step: int, seat: int
) -> tuple[Floats, Floats]:
    """Joint normal of the innovation and the person's next three levels, (..., 4)."""
    mean, slope, cov = _stretch(back, step, step + WITHIN + 2)
    B, shape = kept.B[step], mean.shape[:-1]
    rows = np.zeros((*shape, WITHIN + 1, mean.shape[-1] + 2))
    rows[..., 0, 0:2] = -B[..., seat, :]
    rows[..., 0, 2 + seat] = 1.0
    # What is foretold leaves (I - B) mu, mu = bm + u, of the set-point.
    rows[..., 0, -2:] = B[..., seat, :] - np.eye(2)[seat]
    for later in range(1, WITHIN + 1):
        rows[..., later, 2 + 2 * later + seat] = 1.0
    u_mean, u_cov = kept.u_mean[..., -1, :], kept.u_cov[..., -1, :, :]
    from_u = rows[..., :-2] @ slope + rows[..., -2:]
    centre = times(rows[..., :-2], mean) + times(from_u, u_mean)
    centre[..., 0] += (rows[..., 0, -2:] * nuisance.bm).sum(axis=-1)
    spread = rows[..., :-2] @ cov @ turned(rows[..., :-2])
    return centre, spread + from_u @ u_cov @ turned(from_u)


def _stretch(back: Smoothed, first: int, end: int) -> tuple[Floats, Floats, Floats]:
    """Levels of neighbouring sessions as one vector, given u: mean, slope, covariance."""
    n = end - first
    shape = back.mean.shape[:-2]
    cov = np.empty((*shape, 2 * n, 2 * n))
    for late in range(n):
        block = back.cov[..., first + late, :, :]
        for early in range(late, -1, -1):
            if early < late:
                block = back.J[..., first + early, :, :] @ block
            rows, columns = (
                np.s_[2 * early : 2 * early + 2],
                np.s_[2 * late : 2 * late + 2],
            )
            cov[..., rows, columns] = block
            cov[..., columns, rows] = turned(block)
    mean = back.mean[..., first:end, :].reshape(*shape, 2 * n)
    slope = back.slope[..., first:end, :, :].reshape(*shape, 2 * n, 2)
    return mean, slope, cov


@lru_cache(maxsize=1)
def _normals() -> Floats:
    normals: Floats = ndtri(evenly(_N_DRAWS, WITHIN + 1))
    normals.setflags(write=False)
    return normals
