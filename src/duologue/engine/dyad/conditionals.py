"""Draws of one block of parameters given everything else, compiled.

Each is a known distribution: normal, inverse Wishart or inverse gamma. Pairs stand on
the last axis; a symmetric matrix of two is three numbers (client, both, therapist).
What pairs have in common is one line of numbers, as ``packing.packed`` has it, and
drawn in place.
"""

import math

import numpy as np

from duologue.engine.compiling import compiled
from duologue.engine.dyad.model import Bools, Floats
from duologue.engine.dyad.packing import (
    AT_BM,
    AT_DELTA,
    AT_P1,
    AT_Q,
    AT_RATINGS,
    AT_SM,
)
from duologue.engine.dyad.states import SMALLEST

Two = tuple[float, float]
Three = tuple[float, float, float]

MAX_TRIES = 30
"""Draws of a pair's couplings until stable ones come; after that the old ones stay."""


@compiled
def couplings(
    old: Floats,
    moments: Floats,
    cross: Floats,
    Q: Floats,
    bB: Floats,
    spread: float,
    rng: np.random.Generator,
) -> Floats:
    """Draw every pair's couplings given its levels, cut down to the stable ones.

    Parameters
    ----------
    old : ndarray, shape (4, n_pairs)
        Couplings from the last sweep, kept where no try is stable.
    moments, cross : ndarray, shape (3, n_pairs) and (2, 2, n_pairs)
        As in ``states.Imputed``.
    Q : ndarray, shape (3,)
        Covariance of the innovations.
    bB : ndarray, shape (4,)
        Mean couplings.
    spread : float
        Their standard deviation over pairs.
    rng : numpy.random.Generator
        Where chance comes from: of each pair four normals for each try.

    Returns
    -------
    ndarray, shape (4, n_pairs)
    """
    found, root, centre = old.copy(), np.empty((4, 4)), np.empty(4)
    tried, inverse_Q = np.empty(4), inverse((Q[0], Q[1], Q[2]))
    for pair in range(old.shape[1]):
        _regress(moments[:, pair], cross[:, :, pair], inverse_Q, root, centre)
        for i in range(4):
            root[i, i] += 1 / spread**2
            centre[i] += bB[i] / spread**2
        _take_root(root)
        _solve_down(root, centre)
        for _ in range(MAX_TRIES):
            for i in range(4):
                tried[i] = centre[i] + rng.standard_normal()
            _solve_up(root, tried)
            det, trace = tried[0] * tried[3] - tried[1] * tried[2], tried[0] + tried[3]
            if abs(det) < 1 and abs(trace) < 1 + det:
                for i in range(4):
                    found[i, pair] = tried[i]
                break
    return found


@compiled
def _regress(
    moments: Floats, cross: Floats, inverse_Q: Three, precision: Floats, right: Floats
) -> None:
    """Fill in the precision of B's rows, Q^-1 kron moments, and rows of Q^-1 cross."""
    for i in range(4):
        for k in range(i + 1):
            precision[i, k] = inverse_Q[i // 2 + k // 2] * moments[i % 2 + k % 2]
        right[i] = (
            inverse_Q[i // 2] * cross[0, i % 2]
            + inverse_Q[i // 2 + 1] * cross[1, i % 2]
        )


@compiled
def _take_root(matrix: Floats) -> None:
    """Lower triangle L of L L', in place; nothing above it is looked at."""
    for i in range(matrix.shape[0]):
        for k in range(i + 1):
            rest = matrix[i, k]
            for inner in range(k):
                rest -= matrix[i, inner] * matrix[k, inner]
            matrix[i, k] = math.sqrt(rest) if k == i else rest / matrix[k, k]


@compiled
def _solve_down(root: Floats, right: Floats) -> None:
    """L^-1 right, in place."""
    for i in range(right.size):
        for k in range(i):
            right[i] -= root[i, k] * right[k]
        right[i] /= root[i, i]


@compiled
def _solve_up(root: Floats, right: Floats) -> None:
    """L'^-1 right, in place."""
    for i in range(right.size - 1, -1, -1):
        for k in range(i + 1, right.size):
            right[i] -= root[k, i] * right[k]
        right[i] /= root[i, i]


@compiled
def inverse(matrix: Three) -> Three:
    """Invert a symmetric matrix of two."""
    det = matrix[0] * matrix[2] - matrix[1] * matrix[1]
    return matrix[2] / det, -matrix[1] / det, matrix[0] / det


@compiled
def normal(precision: Three, right: Two, rng: np.random.Generator) -> Two:
    """Draw two numbers of a precision matrix and precision times mean."""
    l_c = math.sqrt(precision[0])
    l_off = precision[1] / l_c
    l_t = math.sqrt(precision[2] - l_off * l_off)
    first = right[0] / l_c
    second = (right[1] - l_off * first) / l_t
    first += rng.standard_normal()
    x_t = (second + rng.standard_normal()) / l_t
    return (first - l_off * x_t) / l_c, x_t


@compiled
def inverse_wishart(df: float, scale: Three, rng: np.random.Generator) -> Three:
    """Draw an inverse Wishart matrix of two, mean scale / (df - 3).

    By Bartlett: with the scale L L' and T lower triangular, T T' Wishart of df degrees
    of freedom, it is L (T T')^-1 L'.
    """
    T_c = math.sqrt(2 * rng.standard_gamma(df / 2))
    T_t = math.sqrt(2 * rng.standard_gamma((df - 1) / 2))
    T_off = rng.standard_normal()
    L_c = math.sqrt(scale[0])
    L_off = scale[1] / L_c
    L_t = math.sqrt(scale[2] - L_off * L_off)
    cc, ct = L_c / T_c, L_off / T_c  # T^-1 L'
    tc, tt = -T_off * cc / T_t, (L_t - T_off * ct) / T_t
    return cc * cc + tc * tc, cc * ct + tc * tt, ct * ct + tt * tt


@compiled
def covariance(
    W: Three, n: int, scales: Floats, variance: Floats, rng: np.random.Generator
) -> Three:
    r"""Draw a covariance of two whose standard deviations have half-t(2) priors.

    With W the sum of r r' over n residuals r and a the mixing numbers,

    .. math:: \Sigma \sim IW(3 + n, W + 4 \, diag(1/a)), \quad
              a_k \sim IG(2, 2 (\Sigma^{-1})_{kk} + 1/A_k^2).

    Parameters
    ----------
    W : tuple of float
        Sums of squares and products of the residuals.
    n : int
        How many there are.
    scales : ndarray, shape (2,)
        a, from the last sweep; drawn anew in place.
    variance : ndarray, shape (2,)
        A^2, the variance of each seat's first rating.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    tuple of float
        Sigma, none of whose variances is less than ``SMALLEST`` of A^2.

    References
    ----------
    Huang, A., & Wand, M. P. (2013). Simple marginally noninformative prior
    distributions for covariance matrices. Bayesian Analysis, 8(2), 439-452.
    https://doi.org/10.1214/13-BA815
    """
    widened = (W[0] + 4 / scales[0], W[1], W[2] + 4 / scales[1])
    cc, ct, tt = inverse_wishart(3.0 + n, widened, rng)
    cc, tt = max(cc, SMALLEST * variance[0]), max(tt, SMALLEST * variance[1])
    of_c, _, of_t = inverse((cc, ct, tt))
    scales[0] = (2 * of_c + 1 / variance[0]) / rng.standard_gamma(2.0)
    scales[1] = (2 * of_t + 1 / variance[1]) / rng.standard_gamma(2.0)
    return cc, ct, tt


@compiled
def draw_levels_in_common(
    common: Floats,
    scales: Floats,
    mu: Floats,
    x: Floats,
    b: Floats,
    steps: Bools,
    variance: Floats,
    bm_mean: Floats,
    bm_precision: Floats,
    delta_precision: Floats,
    rng: np.random.Generator,
) -> None:
    """Draw Q, P1, Sm, delta and bm given set-points, levels and couplings, in place.

    Parameters
    ----------
    common, scales : ndarray
        As in ``states.State``.
    mu, x : ndarray, shape (2, n_pairs) and (n_sessions, 2, n_pairs)
        Set-points and levels.
    b : ndarray, shape (4, n_pairs)
        Couplings.
    steps : ndarray of bool, shape (n_sessions - 1, n_pairs)
        Which steps there are.
    variance, bm_mean, bm_precision, delta_precision : ndarray, shape (2,)
        As in ``states.Prior``.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    n_pairs, none, start = mu.shape[1], np.zeros(2), np.empty(mu.shape)
    for i in range(2):
        for p in range(n_pairs):
            start[i, p] = x[0, i, p] - mu[i, p]
    W, n_steps = _of_innovations(mu, x, b, steps)
    of_start, sum_start = _residuals(start, common[AT_DELTA : AT_DELTA + 2])
    of_mu, sum_mu = _residuals(mu, common[AT_BM : AT_BM + 2])
    Q = covariance(W, n_steps, scales[4:6], variance, rng)
    P1 = covariance(of_start, n_pairs, scales[2:4], variance, rng)
    Sm = covariance(of_mu, n_pairs, scales[0:2], variance, rng)
    delta = _mean(sum_start, n_pairs, P1, none, delta_precision, rng)
    bm = _mean(sum_mu, n_pairs, Sm, bm_mean, bm_precision, rng)
    for i in range(2):
        common[AT_BM + i], common[AT_DELTA + i] = bm[i], delta[i]
    for i in range(3):
        common[AT_SM + i], common[AT_P1 + i], common[AT_Q + i] = Sm[i], P1[i], Q[i]


@compiled
def _of_innovations(
    mu: Floats, x: Floats, b: Floats, steps: Bools
) -> tuple[Three, int]:
    """Sum w w' over all steps, w = z_{j+1} - B z_j, and count them."""
    cc, ct, tt, n_steps = 0.0, 0.0, 0.0, 0
    for j in range(steps.shape[0]):
        for p in range(mu.shape[1]):
            if steps[j, p]:
                c, t = x[j, 0, p] - mu[0, p], x[j, 1, p] - mu[1, p]
                w_c = x[j + 1, 0, p] - mu[0, p] - b[0, p] * c - b[1, p] * t
                w_t = x[j + 1, 1, p] - mu[1, p] - b[2, p] * c - b[3, p] * t
                cc, ct, tt = cc + w_c * w_c, ct + w_c * w_t, tt + w_t * w_t
                n_steps += 1
    return (cc, ct, tt), n_steps


@compiled
def _residuals(values: Floats, mean: Floats) -> tuple[Three, Two]:
    """Sum squares and products of values less their mean, and the values themselves."""
    cc, ct, tt, sum_c, sum_t = 0.0, 0.0, 0.0, 0.0, 0.0
    for p in range(values.shape[1]):
        c, t = values[0, p] - mean[0], values[1, p] - mean[1]
        cc, ct, tt = cc + c * c, ct + c * t, tt + t * t
        sum_c, sum_t = sum_c + values[0, p], sum_t + values[1, p]
    return (cc, ct, tt), (sum_c, sum_t)


@compiled
def _mean(
    total: Two,
    n: int,
    Sigma: Three,
    prior_mean: Floats,
    prior_precision: Floats,
    rng: np.random.Generator,
) -> Two:
    """Draw the mean of n values of known covariance and total."""
    cc, ct, tt = inverse(Sigma)
    precision = (n * cc + prior_precision[0], n * ct, n * tt + prior_precision[1])
    right = (
        cc * total[0] + ct * total[1] + prior_precision[0] * prior_mean[0],
        ct * total[0] + tt * total[1] + prior_precision[1] * prior_mean[1],
    )
    return normal(precision, right, rng)


@compiled
def draw_ratings_in_common(
    common: Floats,
    scales: Floats,
    x: Floats,
    ratings: Floats,
    present: Floats,
    variance: Floats,
    nu_variance: float,
    lam_variance: float,
    rng: np.random.Generator,
) -> None:
    """Draw nu, lam and R of every rating given the levels, in place.

    Parameters
    ----------
    common, scales : ndarray
        As in ``states.State``.
    x : ndarray, shape (n_sessions, 2, n_pairs)
        Levels.
    ratings, present : ndarray, shape (n_ratings, 2, n_sessions, n_pairs)
        As in ``states.Answers``.
    variance, nu_variance, lam_variance : ndarray, shape (2,), and float
        As in ``states.Prior``.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    n_ratings = ratings.shape[0]
    n_later = n_ratings - 1
    for seat in range(2):
        for k in range(n_ratings):
            nu, lam = 0.0, 1.0
            y, there = ratings[k, seat], present[k, seat]
            at = seat * n_ratings + k
            of_R = AT_RATINGS + 4 * n_later + at
            if k > 0:
                later = AT_RATINGS + seat * n_later + k - 1
                nu, lam = _line_through(
                    y, there, x[:, seat], common[of_R], nu_variance, lam_variance, rng
                )
                common[later], common[later + 2 * n_later] = nu, lam
            squares, n = _misfit(y, there, x[:, seat], nu, lam)
            common[of_R], scales[6 + at] = _error(
                squares, n, scales[6 + at], variance[seat], rng
            )


@compiled
def _line_through(
    y: Floats,
    there: Floats,
    x: Floats,
    R: float,
    nu_variance: float,
    lam_variance: float,
    rng: np.random.Generator,
) -> Two:
    """Draw the intercept and loading of a rating, the regression of it on the levels."""
    n, sum_x, sum_y, sum_xx, sum_xy = 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(y.shape[0]):
        for p in range(y.shape[1]):
            if there[j, p] > 0:
                n, sum_x, sum_y = n + 1, sum_x + x[j, p], sum_y + y[j, p]
                sum_xx, sum_xy = sum_xx + x[j, p] ** 2, sum_xy + x[j, p] * y[j, p]
    precision = n / R + 1 / nu_variance, sum_x / R, sum_xx / R + 1 / lam_variance
    return normal(precision, (sum_y / R, sum_xy / R + 1 / lam_variance), rng)


@compiled
def _misfit(
    y: Floats, there: Floats, x: Floats, nu: float, lam: float
) -> tuple[float, int]:
    """Sum squared errors of a rating, and count its answers."""
    squares, n = 0.0, 0
    for j in range(y.shape[0]):
        for p in range(y.shape[1]):
            if there[j, p] > 0:
                squares += (y[j, p] - nu - lam * x[j, p]) ** 2
                n += 1
    return squares, n


@compiled
def _error(
    squares: float, n: int, scale: float, variance: float, rng: np.random.Generator
) -> Two:
    """Draw the error variance of a rating, half-t(2) before, and its mixing number."""
    drawn = (squares / 2 + 2 / scale) / rng.standard_gamma(1 + n / 2)
    R = max(drawn, SMALLEST * variance)
    return R, (2 / R + 1 / variance) / rng.standard_gamma(1.5)
