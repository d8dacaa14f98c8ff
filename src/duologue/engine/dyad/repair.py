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

from duologue.engine.dyad.components import (
    at_end,
    course_at_end,
    course_in_front,
    flipped,
    in_front,
    product,
    unit_matrix,
)
from duologue.engine.dyad.lattice import evenly
from duologue.engine.dyad.levels import Smoothed
from duologue.engine.dyad.likelihood import Filtered
from duologue.engine.dyad.model import Floats, Nuisance

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
    mean = course_in_front(kept.mean_before, 1)
    slope = course_in_front(kept.slope_before, 2)
    u_mean = course_in_front(kept.u_mean, 1)
    found = mean.copy()
    found[:, 1:] += product(slope[:, :, 1:], u_mean[:, :-1])
    return course_at_end(found, 1)


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
    z = normals()
    mended = np.zeros((*mean.shape[:-1], _N_DRAWS), dtype=bool)
    for later in range(1, WITHIN + 1):
        level = root[..., later, :1] * z[0]
        for i in range(1, later + 1):
            level += root[..., later, i : i + 1] * z[i]
        mended |= level >= (mark - mean[..., later])[..., None]
    limit = -np.sqrt(kept.Q[step][..., seat, seat])
    dips = root[..., 0, :1] * z[0] < (limit - mean[..., 0])[..., None]
    n_dips = np.count_nonzero(dips)
    return np.count_nonzero(dips & mended) / n_dips if n_dips else float("nan")


def _around(
    kept: Filtered, back: Smoothed, nuisance: Nuisance, step: int, seat: int
) -> tuple[Floats, Floats]:
    """Joint normal of the innovation and the person's next three levels, (..., 4).

    Given u, the innovation is a mean, a covariance with itself and one with each of
    the levels; what u adds to all four are their slopes.
    """
    n_leading = back.mean.ndim - 2
    mean, slope = course_in_front(back.mean, 1), course_in_front(back.slope, 2)
    B = in_front(kept.B[step], 2, n_leading)[seat]
    bm = in_front(nuisance.bm, 1, n_leading)[:, None]
    here = np.s_[step : step + 2]
    away, later = mean[:, here] - bm, np.s_[step + 2 : step + WITHIN + 2]
    # What is foretold leaves (I - B) mu, mu = bm + u, of the set-point.
    from_mu = slope[:, :, here] - unit_matrix(n_leading + 1)
    w, w_slope = away[seat, 1] - _row(B, away[:, 0]), from_mu[seat, :, 1]
    centre = np.concatenate([w[None], mean[seat, later]])
    F = np.stack(
        [w_slope - _row(B, from_mu[:, :, 0]), *slope[seat, :, later].swapaxes(0, 1)]
    )
    u_mean = course_in_front(kept.u_mean, 1)[:, -1]
    V = course_in_front(kept.u_cov, 2)[:, :, -1]
    cov = _given_u(back, B, step, seat) + product(product(F, V), flipped(F))
    return at_end(centre + product(F, u_mean), 1), at_end(cov, 2)


def _given_u(back: Smoothed, B: Floats, step: int, seat: int) -> Floats:
    """Covariance of the four given u, shape (4, 4, ...); B is the person's own row."""
    cov, J = course_in_front(back.cov, 2), course_in_front(back.J, 2)
    found = np.empty((WITHIN + 1, WITHIN + 1, *cov.shape[3:]))
    dip = cov[seat, :, step + 1]
    found[0, 0] = dip[seat] + _row(B, product(cov[:, :, step], B))
    found[0, 0] -= 2 * _row(B, product(J[:, :, step], dip))
    for k in range(1, WITHIN + 1):
        with_it = cov[seat, :, step + 1 + k]
        found[k, k] = with_it[seat]
        for before in range(k - 1, -1, -1):
            with_it = product(J[:, :, step + 1 + before], with_it)
            found[k, before] = found[before, k] = with_it[seat]
        less = _row(B, product(J[:, :, step], with_it))
        found[k, 0] = found[0, k] = with_it[seat] - less
    return found


def _row(B: Floats, of: Floats) -> Floats:
    """One row of B times a vector or a matrix."""
    return np.asarray(B[0] * of[0] + B[1] * of[1])


@lru_cache(maxsize=1)
def normals() -> Floats:
    """Give the fixed draws of four normals, shape (4, 256)."""
    found: Floats = ndtri(evenly(_N_DRAWS, WITHIN + 1)).T.copy()
    found.setflags(write=False)
    return found
