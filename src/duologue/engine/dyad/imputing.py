"""Set-points and levels of many pairs drawn at once, given their couplings.

Pairs stand on the last axis and every number is an array over them, so that numpy works
on all pairs at once. Pairs differ in what they left blank; a blank is met as a rating
with an error variance so large that nothing changes by it.
"""

from dataclasses import dataclass

import numpy as np

from duologue.engine.dyad.filtering import Filter, Pairs
from duologue.engine.dyad.model import Floats, Nuisance

BLANK = 1e20
"""Error variance of what was not said: it moves a level by less than a digit holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What each pair said of its levels, all ratings of a form weighed into one.

    Attributes
    ----------
    value, variance : ndarray, shape (n_sessions, 2, n_pairs)
        The weighted mean and its error variance; 0 and ``BLANK`` where blank.
    """

    value: Floats
    variance: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The filter of all pairs, kept after every session.

    The leading axis (...) is of rows: the filter is walked for several couplings of
    each pair at once.

    Attributes
    ----------
    log_likelihood : ndarray, shape (..., n_pairs)
        Up to a constant that is the same for all couplings.
    m : list of list of ndarray
        Session, seat: the mean of the level given u = 0.
    A, P : list of Pairs
        Session, seat, seat: its derivative by u, and the covariance given u.
    S, r : Pairs and list of ndarray
        The precision of u at the end, and that times its mean.
    """

    log_likelihood: Floats
    m: list[list[Floats]]
    A: list[Pairs]
    P: list[Pairs]
    S: Pairs
    r: list[Floats]


def heard(
    ratings: Floats, present: Floats, *, nu: Floats, lam: Floats, R: Floats
) -> Heard:
    """Weigh the ratings of each form into one.

    Parameters
    ----------
    ratings, present : ndarray, shape (n_ratings, 2, n_sessions, n_pairs)
        Ratings, 0 where blank, and 1 or 0 for whether there is one.
    nu, lam, R : ndarray, shape (2, n_ratings)
        Intercepts, loadings and error variances.

    Returns
    -------
    Heard
        The weighted mean of (y - nu) / lam with weights lam^2 / R.
    """
    shape = ratings.shape[1:]
    precision, weighted = np.zeros(shape), np.zeros(shape)
    for k in range(ratings.shape[0]):
        weight = (lam[:, k] / R[:, k])[:, None, None]
        precision += present[k] * (weight * lam[:, k, None, None])
        weighted += (ratings[k] - present[k] * nu[:, k, None, None]) * weight
    there = precision > 0
    variance = np.where(there, 1 / np.where(there, precision, 1.0), BLANK)
    value = np.where(there, weighted * variance, 0.0)
    return Heard(value=value.swapaxes(0, 1), variance=variance.swapaxes(0, 1))


def walk(said: Heard, b: Floats, nuisance: Nuisance) -> Walk:
    """Run the filter of all pairs over all sessions.

    Parameters
    ----------
    said : Heard
        What was said, pairs on the last axis.
    b : ndarray, shape (4, ..., n_pairs)
        Couplings; further axes are rows of other couplings for the same pairs.
    nuisance : Nuisance
        One draw.

    Returns
    -------
    Walk
    """
    B = np.moveaxis(b.reshape(2, 2, *b.shape[1:]), (0, 1), (-2, -1))
    filter_ = Filter(nuisance, b.shape[1:])
    m, A, P = [], [], []
    for session in range(said.value.shape[0]):
        if session:
            filter_.step(B, nuisance.Q)
        for seat in (0, 1):
            filter_.update(
                seat, said.value[session, seat], said.variance[session, seat]
            )
        m.append(filter_.m)
        A.append(filter_.A)
        P.append(filter_.P)
    return Walk(log_likelihood=filter_.end(), m=m, A=A, P=P, S=filter_.S, r=filter_.r)


def drawn_set_points(
    walked: Walk, row: int, bm: Floats, rng: np.random.Generator
) -> Floats:
    """Draw every pair's set-point given all its ratings, its levels integrated.

    Parameters
    ----------
    walked : Walk
        Of shape (n_rows, n_pairs).
    row : int
        Which couplings hold.
    bm : ndarray, shape (2,)
        Mean of the set-points.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (2, n_pairs)
        bm + u, u ~ N(S^-1 r, S^-1).
    """
    (S_cc, S_ct), (_, S_tt) = ([part[row] for part in line] for line in walked.S)
    right = walked.r[0][row], walked.r[1][row]
    noise = rng.standard_normal((2, S_cc.size))
    return np.stack(_drawn((S_cc, S_ct, S_tt), right, noise)) + bm[:, None]


def _drawn(
    precision: tuple[Floats, Floats, Floats],
    right: tuple[Floats, Floats],
    noise: Floats,
) -> tuple[Floats, Floats]:
    """Draw two numbers of a precision (cc, ct, tt) and precision times mean.

    With the precision L L', solve L' x = L^-1 right + noise.
    """
    l_c = np.sqrt(precision[0])
    l_off = precision[1] / l_c
    l_t = np.sqrt(precision[2] - l_off * l_off)
    first = right[0] / l_c
    x_t = ((right[1] - l_off * first) / l_t + noise[1]) / l_t
    x_c = (first + noise[0] - l_off * x_t) / l_c
    return x_c, x_t


def drawn_levels(
    walked: Walk,
    row: int,
    *,
    b: Floats,
    mu: Floats,
    nuisance: Nuisance,
    rng: np.random.Generator,
) -> Floats:
    r"""Draw every pair's levels given its set-point and all its ratings, backwards.

    The last session's levels come from the filter, N(m + A u, P); before them, x_{j+1}
    is an observation of B x_j + C mu with covariance Q, so that x_j has precision
    P^-1 + B' Q^-1 B and, times its mean, P^-1 (m + A u) + B' Q^-1 (x_{j+1} - C mu).

    Parameters
    ----------
    walked : Walk
        Of shape (n_rows, n_pairs).
    row : int
        Which of its couplings hold.
    b : ndarray, shape (4, n_pairs)
        Those couplings.
    mu : ndarray, shape (2, n_pairs)
        Set-points.
    nuisance : Nuisance
        The draw that the filter was run with.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (n_sessions, 2, n_pairs)

    References
    ----------
    Carter, C. K., & Kohn, R. (1994). On Gibbs sampling for state space models.
    Biometrika, 81(3), 541-553. https://doi.org/10.1093/biomet/81.3.541
    """
    p_cc, p_ct, p_tt, r_c, r_t = _after_each_session(walked, row, mu, nuisance.bm)
    noise = rng.standard_normal((*p_cc.shape[:1], 2, p_cc.shape[1]))
    x = np.empty_like(noise)
    x[-1] = _drawn((p_cc[-1], p_ct[-1], p_tt[-1]), (r_c[-1], r_t[-1]), noise[-1])
    (g_cc, g_ct, g_tc, g_tt), back = _backwards(b, mu, nuisance.Q)
    cc, ct, tt = p_cc + back[0], p_ct + back[1], p_tt + back[2]
    l_c = np.sqrt(cc)
    l_off = ct / l_c
    l_t = np.sqrt(tt - l_off * l_off)
    r_c, r_t = r_c - back[3], r_t - back[4]
    one_c, one_t, slope = 1 / l_c, 1 / l_t, l_off / l_c
    for j in range(x.shape[0] - 2, -1, -1):
        later_c, later_t = x[j + 1]
        first = r_c[j] + g_cc * later_c + g_ct * later_t
        second = r_t[j] + g_tc * later_c + g_tt * later_t - slope[j] * first
        x_t = (second * one_t[j] + noise[j, 1]) * one_t[j]
        x[j, 1] = x_t
        x[j, 0] = (first * one_c[j] + noise[j, 0] - l_off[j] * x_t) * one_c[j]
    return x


def _after_each_session(
    walked: Walk, row: int, mu: Floats, bm: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """P^-1 (three numbers) and P^-1 (m + A u) (two), each (n_sessions, n_pairs)."""
    u_c, u_t = mu - bm[:, None]
    m_c, m_t = (np.stack([m[i][row] for m in walked.m]) for i in (0, 1))
    (A_cc, A_ct), (A_tc, A_tt) = _stacked(walked.A, row)
    (P_cc, P_ct), (_, P_tt) = _stacked(walked.P, row)
    mean_c, mean_t = m_c + A_cc * u_c + A_ct * u_t, m_t + A_tc * u_c + A_tt * u_t
    det = P_cc * P_tt - P_ct * P_ct
    cc, ct, tt = P_tt / det, -P_ct / det, P_cc / det
    return cc, ct, tt, cc * mean_c + ct * mean_t, ct * mean_c + tt * mean_t


def _stacked(pairs: list[Pairs], row: int) -> list[list[Floats]]:
    return [
        [np.stack([pair[i][k][row] for pair in pairs]) for k in (0, 1)] for i in (0, 1)
    ]


def _backwards(
    b: Floats, mu: Floats, Q: Floats
) -> tuple[tuple[Floats, Floats, Floats, Floats], tuple[Floats, ...]]:
    """B' Q^-1 row by row; and B' Q^-1 B (three numbers) and B' Q^-1 C mu (two)."""
    cc, ct, tc, tt = b
    (q_cc, q_ct), (_, q_tt) = np.linalg.inv(Q)
    g_cc, g_ct = cc * q_cc + tc * q_ct, cc * q_ct + tc * q_tt
    g_tc, g_tt = ct * q_cc + tt * q_ct, ct * q_ct + tt * q_tt
    a_c = mu[0] - cc * mu[0] - ct * mu[1]
    a_t = mu[1] - tc * mu[0] - tt * mu[1]
    back = (
        g_cc * cc + g_ct * tc,
        g_cc * ct + g_ct * tt,
        g_tc * ct + g_tt * tt,
        g_cc * a_c + g_ct * a_t,
        g_tc * a_c + g_tt * a_t,
    )
    return (g_cc, g_ct, g_tc, g_tt), back
