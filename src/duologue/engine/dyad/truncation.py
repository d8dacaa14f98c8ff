r"""Couplings are normal over pairs, but only as far as they are stable.

The prior of one pair's couplings is N(bB, spread^2 I) cut down to the stable ones, so
its density holds 1 / Z(bB), the share of the normal that is stable. This module gives
Z, and a way to move all pairs along with bB that never leaves the stable ones.
"""

import math
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from duologue.engine.dyad.model import Floats

_LOG_2_POINTS = 13
"""The share is a mean over 2^13 points; see ``log_share_stable`` for its accuracy."""

LONGEST = 5.0
"""In spreads, the longest move that ``moved_along`` makes to nine digits: further on,
both ends of a stretch may lie where the normal distribution is 1 in all digits."""

_SMALLEST_SHARE = 1e-300
"""For means so far off that no share is left; no chain stays there."""


def log_share_stable(b: Floats, spread: float) -> float:
    r"""Log of the share of N(b, spread^2 I) that is stable, a smooth function of b.

    With t the sum of B_cc and B_tt, d their difference (independent of t) and
    D = d^2 + 4 B_ct B_tc, the eigenvalues are half of t +- sqrt(D), and stability is

    .. math:: |t| < 2 - \sqrt{D} \; (D \ge 0), \quad |t| < \sqrt{4 + D} \; (D < 0),

    whose probability over t is known. It is averaged over fixed Sobol points in the
    other three dimensions.

    Parameters
    ----------
    b : ndarray, shape (4,)
        Mean couplings.
    spread : float > 0
        Standard deviation of each.

    Returns
    -------
    float
        At most 0. Within 1e-4 of the truth for mean couplings of 0 to .8 and spreads
        of .1 to .2, measured against 2^20 points.
    """
    z, wide = _points(), spread * math.sqrt(2)
    across = (b[1] + spread * z[0]) * (b[2] + spread * z[1])
    apart = (b[0] - b[3] + wide * z[2]) ** 2 + 4 * across
    turning = np.sqrt(np.maximum(4 + apart, 0.0))
    farthest = np.where(apart < 0, turning, 2 - np.sqrt(np.maximum(apart, 0.0)))
    ends = np.maximum(farthest, 0.0)
    middle = b[0] + b[3]
    share = ndtr((ends - middle) / wide) - ndtr((-ends - middle) / wide)
    return float(np.log(max(share.mean(), _SMALLEST_SHARE)))


@lru_cache(maxsize=1)
def _points() -> Floats:
    """Make the fixed Sobol points, as normals, shape (3, 2^13)."""
    sobol = qmc.Sobol(3, scramble=True, rng=np.random.default_rng(20_261_127))
    points: Floats = ndtri(sobol.random_base2(_LOG_2_POINTS)).T.copy()
    points.setflags(write=False)
    return points


def stable_stretch(b: Floats, along: Floats) -> tuple[Floats, Floats]:
    """How far couplings can go back and forth along a line and stay stable.

    Parameters
    ----------
    b : ndarray, shape (4, n_pairs)
        Stable couplings.
    along : ndarray, shape (4,)
        Direction of the line.

    Returns
    -------
    lower, upper : ndarray, shape (n_pairs,)
        ``b + s along`` is stable for all s between them; lower < 0 < upper, infinite
        where there is no end. Each border of stability is a quadratic in s.
    """
    cc, ct, tc, tt = b
    d0 = cc * tt - ct * tc
    d1 = cc * along[3] + tt * along[0] - ct * along[2] - tc * along[1]
    d2 = along[0] * along[3] - along[1] * along[2]
    t0, t1 = cc + tt, along[0] + along[3]
    ends = [
        *_roots(-d2, -d1, 1 - d0),
        *_roots(d2, d1 - t1, 1 + d0 - t0),
        *_roots(d2, d1 + t1, 1 + d0 + t0),
    ]
    lower = np.max([np.where(end < 0, end, -np.inf) for end in ends], axis=0)
    upper = np.min([np.where(end > 0, end, np.inf) for end in ends], axis=0)
    return lower, upper


def _roots(a: float, b: Floats, c: Floats) -> tuple[Floats, Floats]:
    """Both roots of a s^2 + b s + c, with c > 0; ``nan`` where there are none.

    As 2 c over a sum, which holds for a = 0 too: then one of them is infinite.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(b * b - 4 * a * c)
        return 2 * c / (root - b), -2 * c / (root + b)


def moved_along(
    b: Floats, old: Floats, new: Floats, spread: float
) -> tuple[Floats, float]:
    r"""Move all pairs with their mean, each keeping its rank among the stable ones.

    On the line through a pair's couplings in the direction of ``new - old`` the prior
    is a normal cut at the ends of the stable stretch. Each pair goes to where its new
    distribution function has the value that its old one had: far from the border that
    is a shift by ``new - old``, near it a shorter step, and never one across.
    The way back is the same rule with old and new exchanged.

    Parameters
    ----------
    b : ndarray, shape (4, n_pairs)
        Stable couplings.
    old, new : ndarray, shape (4,)
        Mean couplings before and after, no more than ``LONGEST`` spreads apart.
    spread : float > 0
        Standard deviation of each coupling around its mean.

    Returns
    -------
    moved : ndarray, shape (4, n_pairs)
        Stable couplings; not finite where the means lie too far apart for digits.
    log_ratio : float
        Log of the prior's density of all pairs after the move over that before,
        without their constants Z, times the volume by which the move stretches space:
        the sum of log (F_upper - F_lower) after less that before.
    """
    step = new - old
    length = float(np.sqrt(step @ step))
    along = step / length
    lower, upper = stable_stretch(b, along)
    at: Floats = sum(part * (b[i] - old[i]) for i, part in enumerate(along / spread))
    # The lower tail keeps its digits, so that pairs above the mean are looked at from
    # the other side.
    side = np.where(at > 0, -1.0, 1.0)
    ends = np.sort([side * (at + lower / spread), side * (at + upper / spread)], axis=0)
    shift = side * (length / spread)
    below, beyond = ndtr(ends)
    below_after, beyond_after = ndtr(ends - shift)
    range_before, range_after = beyond - below, beyond_after - below_after
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (ndtr(side * at) - below) / range_before
        at_after = side * ndtri(below_after + share * range_after)
        goes = (at_after - at) * spread + length
        log_ratio = float(np.log(range_after / range_before).sum())
        return b + along[:, None] * goes, log_ratio
