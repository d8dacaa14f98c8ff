r"""Couplings are normal over pairs, but only as far as they are stable.

The prior of one pair's couplings is N(bB, spread^2 I) cut down to the stable ones, so
its density holds 1 / Z(bB), the share of the normal that is stable. This module gives
Z, and a way to move all pairs along with bB that never leaves the stable ones.
"""

import math
from functools import cache

import numpy as np
from scipy.special import i0e, ndtr, ndtri

from duologue.engine.dyad.model import Floats

_N_ACROSS, _N_APART, _N_TURNING = 16, 24, 14
"""Nodes of the three sums in ``log_share_stable``; see there for what they give."""

_BEYOND = 6.0
"""In standard deviations, how far out a sum goes: about 1e-9 lies further."""

LONGEST = 5.0
"""In spreads, the longest move that ``moved_along`` makes to nine digits: further on,
both ends of a stretch may lie where the normal distribution is 1 in all digits."""

_SMALLEST_SHARE = 1e-300
"""For means so far off that no share is left; no chain stays there."""


def log_share_stable(b: Floats, spread: float) -> float:
    r"""Log of the share of N(b, spread^2 I) that is stable, a smooth function of b.

    In units of wide = sqrt(2) spread, the sum t of B_cc and B_tt, their difference d, the
    sum q of B_ct and B_tc and their difference r are independent with variance 1. With
    D = d^2 + q^2 - r^2 and e = 2 / wide, stability is

    .. math:: |t| < e - \sqrt{D} \; (D \ge 0), \quad |t| < \sqrt{e^2 + D} \; (D < 0).

    The probability over t is known, and so is the density of :math:`\rho^2 = d^2 + q^2`,
    a noncentral chi-square of two degrees of freedom. What is left are sums over r, and
    over :math:`\sqrt{D}` where D is positive, over :math:`\rho` where it is negative: in these everything is smooth, so that few nodes are enough.

    Parameters
    ----------
    b : ndarray, shape (4,)
        Mean couplings.
    spread : float > 0
        Standard deviation of each.

    Returns
    -------
    float
        At most 0. Within 2e-5 of the truth (1e-7 on average) for mean couplings of 0
        to .8, spreads of .1 to .2 and shares of a thousandth or more, measured against
        sums of 25 times as many nodes, which agree with a mean over 2^20 points within
        what that is good for (2e-4). Within 1e-3 for spreads of .03 to .3; wider ones
        may be off by a hundredth.
    """
    wide = spread * math.sqrt(2)
    middle, end = float(b[0] + b[3]) / wide, 2 / wide
    centre = math.hypot(b[0] - b[3], b[1] + b[2]) / wide  # of rho
    (z, of_z), (share, of_share), (turn, of_turn) = _nodes()
    r = (float(b[1] - b[2]) / wide + z)[:, None]
    top = min(end, centre + _BEYOND)
    y = top * share
    apart = _density(np.sqrt(y * y + r * r), centre) @ (
        top * y * of_share * _within(end - y, middle)
    )
    low = np.sqrt(np.maximum(r * r - end * end, max(centre - _BEYOND, 0.0) ** 2))
    length = np.maximum(np.minimum(abs(r), centre + _BEYOND) - low, 0.0)
    rho = low + length * turn
    ends = np.sqrt(np.maximum(end * end - r * r + rho * rho, 0.0))
    turning = (length * rho * _density(rho, centre) * _within(ends, middle)) @ of_turn
    found = float(of_z @ (apart + turning))
    return math.log(min(max(found, _SMALLEST_SHARE), 1.0))


def _within(end: Floats, middle: float) -> Floats:
    """Probability that a normal around the middle lies between -end and end."""
    return np.asarray(ndtr(end - middle) - ndtr(-end - middle))


def _density(rho: Floats, centre: float) -> Floats:
    """Density of the length of two standard normals around a centre, over the length."""
    return np.asarray(np.exp(-0.5 * (rho - centre) ** 2) * i0e(rho * centre))


@cache
def _nodes() -> list[tuple[Floats, Floats]]:
    """Nodes and weights: of a standard normal, and twice of the stretch from 0 to 1."""
    z, of_z = np.polynomial.hermite_e.hermegauss(_N_ACROSS)
    found = [(z, of_z / of_z.sum())]
    for n_nodes in (_N_APART, _N_TURNING):
        node, weight = np.polynomial.legendre.leggauss(n_nodes)
        found.append(((1 + node) / 2, weight / 2))
    return found


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
    curve = np.array([[-d2], [d2], [d2]])
    slope = np.stack([-d1, d1 - t1, d1 + t1])
    height = np.stack([1 - d0, 1 + d0 - t0, 1 + d0 + t0])
    ends = np.concatenate(_roots(curve, slope, height))
    lower = np.where(ends < 0, ends, -np.inf).max(axis=0)
    upper = np.where(ends > 0, ends, np.inf).min(axis=0)
    return lower, upper


def _roots(a: Floats, b: Floats, c: Floats) -> tuple[Floats, Floats]:
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
    at = along @ (b - old[:, None]) / spread
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
