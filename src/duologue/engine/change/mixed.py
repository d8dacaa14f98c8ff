r"""A line for each course, and how lines differ: a mixed model by REML.

Course i has scores :math:`y_{ij} = z_{ij}' (b + u_i) + e_{ij}` with :math:`z = (1, x)`,
:math:`u_i \sim N(0, G)` and :math:`e_{ij} \sim N(0, \sigma^2)`: lme4's
``y ~ x + (x | id)``. Everything that a course tells of b and G is its own
least-squares line :math:`c_i`, its :math:`S_i = Z_i' Z_i` and what lies round the line,
so that no matrix is larger than 2 x 2 and the cost grows with the number of courses.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from duologue.engine.change.codes import Reason

Array = NDArray[np.float64]

MIN_COURSES = 3
"""Fewest courses from which three numbers of their spread are learned (our choice)."""

NOTHING = 1e-9
"""A share of spread that is no spread, but digits."""


STARTS = ((1.0, 0.0, 1.0), (0.1, 0.0, 0.1))
"""Cholesky factors of K where the search begins; the first is lme4's."""

FLAT = 1e-6
"""A slope of the deviance, a score, that counts as 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What each course tells of its line.

    Attributes
    ----------
    S : ndarray, shape (n_courses, 2, 2)
        Z'Z, the sums of 1, x and x squared.
    det : ndarray, shape (n_courses,)
        Determinant of S; 0 where x does not vary.
    c : ndarray, shape (n_courses, 2)
        Least-squares intercept and slope; mean and 0 where x does not vary.
    rest : float
        Squares round these lines, summed over courses.
    n_scores : ndarray of int, shape (n_courses,)
        Scores of each.
    """

    S: Array
    det: Array
    c: Array
    rest: float
    n_scores: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedModel:
    """A line for all, and the spread of lines round it.

    Attributes
    ----------
    fixed : ndarray, shape (2,)
        b: intercept and slope of the mean line.
    fixed_covariance : ndarray, shape (2, 2)
        Of their error.
    G : ndarray, shape (2, 2)
        Covariance of intercepts and slopes over courses.
    residual : float
        Variance of scores round their own line.
    log_likelihood : float
        Restricted, at its maximum.
    n_scores, n_courses : int
        What it was learned from.
    """

    fixed: Array
    fixed_covariance: Array
    G: Array
    residual: float
    log_likelihood: float
    n_scores: int
    n_courses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """The model at one K = G / residual."""

    inverse: Array
    b: Array
    residual: float
    deviance: float
    over_K: Array


def lines(y: Array, x: Array) -> Lines:
    """Fit a least-squares line to each course.

    Parameters
    ----------
    y : ndarray, shape (n_courses, n_sessions)
        Scores; ``nan`` where blank (left out).
    x : ndarray, shape (n_sessions,) or (n_courses, n_sessions)
        When they were given; finite wherever there is a score.

    Returns
    -------
    Lines
        A course without a score has S = 0.
    """
    there = ~np.isnan(y)
    n = there.sum(axis=1)
    at = np.where(there, x, 0.0)
    divisor = np.maximum(n, 1)
    mean_x = at.sum(axis=1) / divisor
    first = y[np.arange(len(y)), there.argmax(axis=1)] if y.shape[1] else n * np.nan
    first = np.where(n > 0, first, 0.0)
    dy = np.where(there, y - first[:, None], 0.0)
    mean_dy = dy.sum(axis=1) / divisor
    dx = np.where(there, at - mean_x[:, None], 0.0)
    dy = np.where(there, dy - mean_dy[:, None], 0.0)
    s_xx = (dx * dx).sum(axis=1)
    varies = s_xx > NOTHING * np.maximum((at * at).sum(axis=1), np.finfo(float).tiny)
    s_xx = np.where(varies, s_xx, 0.0)
    slope = np.where(varies, (dx * dy).sum(axis=1) / np.where(varies, s_xx, 1.0), 0.0)
    off = dy - slope[:, None] * dx
    S = np.empty((len(y), 2, 2))
    S[:, 0, 0], S[:, 1, 1] = n, s_xx + n * mean_x**2
    S[:, 0, 1] = S[:, 1, 0] = n * mean_x
    c = np.stack([first + mean_dy - slope * mean_x, slope], axis=1)
    return Lines(
        S=S,
        det=n * s_xx,
        c=c,
        rest=float((off * off).sum()),
        n_scores=n.astype(np.int64),
    )


def fit_mixed(y: Array, x: Array) -> tuple[MixedModel | None, Reason]:
    r"""Learn a line for all and the spread of lines, by restricted likelihood (REML).

    With :math:`K = G / \sigma^2` and :math:`A_i = Z_i' V_i^{-1} Z_i = (S_i + |S_i| adj
    K) / (1 + tr K S_i + |K| |S_i|)`, minus twice the log-likelihood is

    .. math:: \sum \log |V_i| + \log |\sum A_i| + (n - 2)(1 + \log 2 \pi \sigma^2),
              \qquad (n - 2) \sigma^2 = rest + \sum (c_i - b)' A_i (c_i - b)

    at the b that makes the last sum least. It is minimised over the Cholesky factor of
    K, with its exact slope. x is first scaled to mean 0 and spread 1, and y to spread
    1, so that the answer does not hang on units.

    Parameters
    ----------
    y, x : ndarray
        As for `lines`. Courses without a score are left out.

    Returns
    -------
    model : MixedModel or None
        ``None`` where it cannot be learned.
    reason : Reason
        Why: fewer than 3 courses (`Reason.FEW_PEOPLE`), no more scores than lines have
        numbers (``FEW_SCORES``), x without spread, or all scores exactly on their
        lines (``NO_SPREAD``), or no maximum (``NOT_FOUND``).

    References
    ----------
    Bates, D., et al. (2015). Fitting linear mixed-effects models using lme4. Journal
    of Statistical Software, 67(1). https://doi.org/10.18637/jss.v067.i01
    """
    some = ~np.isnan(y).all(axis=1) if y.shape[1] else np.zeros(len(y), dtype=bool)
    y = y[some]
    x = np.broadcast_to(x, some.shape + x.shape[-1:])[some]
    if len(y) < MIN_COURSES:
        return None, Reason.FEW_PEOPLE
    there = ~np.isnan(y)
    if there.sum() <= 2 * len(y):
        return None, Reason.FEW_SCORES
    of_x, of_y = _scale(x[there]), _scale(y[there])
    if of_x[1] == 0 or of_y[1] == 0:
        return None, Reason.NO_SPREAD
    at = np.where(there, x, of_x[0])
    scaled = lines((y - of_y[0]) / of_y[1], (at - of_x[0]) / of_x[1])
    if scaled.rest <= NOTHING * there.sum() or not scaled.det.any():
        return None, Reason.NO_SPREAD
    factor, sound = _maximum(scaled)
    if not sound:
        return None, Reason.NOT_FOUND
    return _as_given(scaled, factor, of_x, of_y), Reason.NONE


def effects(model: MixedModel, y: Array, x: Array) -> tuple[Array, Array]:
    r"""Tell how each course's line differs from the mean line, given its scores.

    .. math:: u = K A (c - b), \qquad cov = \sigma^2 (K + |K| adj S) / (1 + tr K S +
              |K| |S|)

    Parameters
    ----------
    model : MixedModel
        Learned from these courses or from others.
    y, x : ndarray
        As for `lines`.

    Returns
    -------
    u : ndarray, shape (n_courses, 2)
        Intercept and slope beyond the mean line; 0 for a course without a score.
    covariance : ndarray, shape (n_courses, 2, 2)
        Of their error, the model taken as known; G for a course without a score.
    """
    found = lines(y, x)
    K = model.G / model.residual
    det_K = _det(K)
    divisor = 1 + np.einsum("ij,nij->n", K, found.S) + det_K * found.det
    A = (found.S + found.det[:, None, None] * _adjugate(K)) / divisor[:, None, None]
    u = np.einsum("ij,njk,nk->ni", K, A, found.c - model.fixed)
    rest = (K + det_K * _adjugate(found.S)) / divisor[:, None, None]
    return u, model.residual * rest


def _as_given(
    scaled: Lines, factor: Array, of_x: tuple[float, float], of_y: tuple[float, float]
) -> MixedModel:
    """Write the model in the units given, from the means and spreads of x and y."""
    (mean_x, sd_x), (mean_y, sd_y) = of_x, of_y
    point = _at(factor, scaled)
    n = int(scaled.n_scores.sum())
    # Lines b0 + b1 (x - mean) / sd, in spreads of y: b = T b_scaled + (mean_y, 0).
    T = sd_y * np.array([[1.0, -mean_x / sd_x], [0.0, 1 / sd_x]])
    log_units = (n - 2) * np.log(sd_y) + np.log(sd_x)
    return MixedModel(
        fixed=T @ point.b + [mean_y, 0.0],
        fixed_covariance=point.residual * T @ point.inverse @ T.T,
        G=point.residual * T @ factor @ factor.T @ T.T,
        residual=point.residual * sd_y**2,
        log_likelihood=-0.5 * point.deviance - float(log_units),
        n_scores=n,
        n_courses=len(scaled.c),
    )


def _scale(values: Array) -> tuple[float, float]:
    mean = float(values[0] + (values - values[0]).mean())
    sd = float(np.sqrt(((values - mean) ** 2).mean()))
    return mean, sd if sd > NOTHING * abs(mean) else 0.0


def _maximum(own: Lines) -> tuple[Array, bool]:
    """Find the factor of K where the deviance is least, and say whether it is.

    The factor has no bounds, not even that its diagonal be above 0: at such a bound the
    slope over the factor is always 0, and a search stays there. K may be on its edge
    all the same, where courses do not differ in some direction; then the deviance must
    rise in every direction of K that leaves it.
    """
    found = [_search(np.array(start), own) for start in STARTS]
    theta = min(found, key=lambda each: _deviance(each, own)[0])
    factor, n = _factor(theta), int(own.n_scores.sum())
    over_K = _at(factor, own).over_K / n
    level = np.abs(over_K @ factor).max() < FLAT
    return factor, bool(level and np.linalg.eigvalsh(over_K)[0] > -FLAT)


def _search(start: Array, own: Lines) -> Array:
    # BFGS of SciPy is its own Python; L-BFGS-B starts threads for three numbers.
    found = minimize(
        _deviance,
        start,
        args=(own,),
        jac=True,
        method="BFGS",
        options={"maxiter": 500, "gtol": 1e-9},
    )
    theta: Array = found.x
    return theta


def _deviance(theta: Array, own: Lines) -> tuple[float, Array]:
    """Deviance a score, and its slope over the three numbers of the factor."""
    n = int(own.n_scores.sum())
    factor = _factor(theta)
    point = _at(factor, own)
    slope = 2 * point.over_K @ factor
    return point.deviance / n, slope[[0, 1, 1], [0, 0, 1]] / n


def _factor(theta: Array) -> Array:
    return np.array([[theta[0], 0.0], [theta[1], theta[2]]])


def _at(factor: Array, own: Lines) -> _Point:
    """Deviance and its slope over K; see `fit_mixed`.

    The slope is sum(A - A P A - a a' / residual), with P the inverse of sum A
    and a = A (c - b), since b and the residual are at their best.
    """
    K = factor @ factor.T
    det_K = _det(K)
    det_V = 1 + np.einsum("ij,nij->n", K, own.S) + det_K * own.det
    A = (own.S + own.det[:, None, None] * _adjugate(K)) / det_V[:, None, None]
    total = A.sum(axis=0)
    inverse = _adjugate(total) / _det(total)
    b = inverse @ np.einsum("nij,nj->i", A, own.c)
    off = own.c - b
    a = np.einsum("nij,nj->ni", A, off)
    n = int(own.n_scores.sum())
    residual = (own.rest + float((off * a).sum())) / (n - 2)
    return _Point(
        inverse=inverse,
        b=b,
        residual=residual,
        deviance=float(np.log(det_V).sum())
        + float(np.log(_det(total)))
        + (n - 2) * (1 + float(np.log(2 * np.pi * residual))),
        over_K=total
        - np.einsum("nij,njk->ik", A @ inverse, A)
        - np.einsum("ni,nj->ij", a, a) / residual,
    )


def _adjugate(M: Array) -> Array:
    """Adjugate of each 2 x 2 matrix: its determinant times its inverse."""
    out = np.empty_like(M)
    out[..., 0, 0], out[..., 1, 1] = M[..., 1, 1], M[..., 0, 0]
    out[..., 0, 1], out[..., 1, 0] = -M[..., 0, 1], -M[..., 1, 0]
    return out


def _det(M: Array) -> float:
    """Return the determinant of one 2 x 2 matrix."""
    return float(M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0])
