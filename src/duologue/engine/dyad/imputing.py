"""Set-points and levels of many pairs drawn at once, given their couplings; compiled.

The filter of ``filtering``, walked pair by pair for several couplings of each, and kept
after every session, so that levels can be drawn backwards. A level is carried as three
numbers (m, and its derivative by u, a row of A), a covariance as three (client, both,
therapist). Pairs stand on the last axis of what comes in and goes out.
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

Two = tuple[float, float]
Three = tuple[float, float, float]
Four = tuple[float, float, float, float]
Told = tuple[float, float, float, float, float, float, float]

_SMALL = 1e-100
"""A product of shares is turned into its log before it vanishes."""


@compiled
def walk(
    ratings: Floats, present: Floats, b: Floats, starts: Floats, common: Floats
) -> tuple[Floats, Floats, Floats]:
    """Run the filter of all pairs over all sessions, for one or more rows of couplings.

    Parameters
    ----------
    ratings, present : ndarray, shape (n_ratings, 2, n_sessions, n_pairs)
        Ratings, and 1 or 0 for whether there is one.
    b : ndarray, shape (n_rows, 4, n_pairs)
        Couplings.
    starts : ndarray, shape (n_rows, 4)
        bm and delta of each row.
    common : ndarray, shape (n_numbers,)
        One draw, as ``packing.packed`` has it; its bm and delta are not looked at.

    Returns
    -------
    log_likelihood : ndarray, shape (n_rows, n_pairs)
        Up to a constant that is the same for all rows.
    kept : ndarray, shape (n_rows, n_pairs, n_sessions, 9)
        After each session: m and A of the client, of the therapist, and P.
    ended : ndarray, shape (n_rows, n_pairs, 5)
        S, the precision of u at the end, and r, that times its mean.
    """
    n_rows, n_pairs, n_sessions = b.shape[0], b.shape[2], ratings.shape[2]
    log_likelihood = np.empty((n_rows, n_pairs))
    kept = np.empty((n_rows, n_pairs, n_sessions, 9))
    ended = np.empty((n_rows, n_pairs, 5))
    said = np.empty((n_sessions, 2, 2))
    nu, lam, R = _of_ratings(common)
    for pair in range(n_pairs):
        _hear(ratings, present, pair, nu, lam, R, said)
        for row in range(n_rows):
            couplings = (
                b[row, 0, pair], b[row, 1, pair], b[row, 2, pair], b[row, 3, pair],
            )  # fmt: skip
            log_likelihood[row, pair] = _filter(
                said, couplings, starts[row], common, kept[row, pair], ended[row, pair]
            )
    return log_likelihood, kept, ended


@compiled
def _of_ratings(common: Floats) -> tuple[Floats, Floats, Floats]:
    """Take nu, lam and R out of the line, shape (2, n_ratings) each."""
    n_ratings = (common.size - 9) // 6
    n_later = n_ratings - 1
    shape = (2, n_ratings)
    nu, lam, R = np.empty(shape), np.empty(shape), np.empty(shape)
    for seat in range(2):
        nu[seat, 0], lam[seat, 0] = 0.0, 1.0
        for k in range(1, n_ratings):
            later = AT_RATINGS + seat * n_later + k - 1
            nu[seat, k], lam[seat, k] = common[later], common[later + 2 * n_later]
        for k in range(n_ratings):
            R[seat, k] = common[AT_RATINGS + 4 * n_later + seat * n_ratings + k]
    return nu, lam, R


@compiled
def _hear(
    ratings: Floats,
    present: Floats,
    pair: int,
    nu: Floats,
    lam: Floats,
    R: Floats,
    said: Floats,
) -> None:
    """Weigh the ratings of each form into one: value and variance, 0 where blank."""
    for session in range(said.shape[0]):
        for seat in range(2):
            precision, weighted = 0.0, 0.0
            for k in range(ratings.shape[0]):
                if present[k, seat, session, pair] > 0:
                    weight = lam[seat, k] / R[seat, k]
                    precision += weight * lam[seat, k]
                    weighted += weight * (ratings[k, seat, session, pair] - nu[seat, k])
            there = precision > 0
            said[session, seat, 0] = weighted / precision if there else 0.0
            said[session, seat, 1] = 1 / precision if there else 0.0


@compiled
def _filter(
    said: Floats, b: Four, start: Floats, common: Floats, kept: Floats, ended: Floats
) -> float:
    """Walk one pair with one row of couplings; its log likelihood, up to a constant."""
    client = (start[AT_BM] + start[AT_DELTA], 1.0, 0.0)
    therapist = (start[AT_BM + 1] + start[AT_DELTA + 1], 0.0, 1.0)
    P = (common[AT_P1], common[AT_P1 + 1], common[AT_P1 + 2])
    S, det_Sm = _inverse((common[AT_SM], common[AT_SM + 1], common[AT_SM + 2]))
    told = (S[0], S[1], S[2], 0.0, 0.0, 0.0, 1.0)
    log_shares = 0.0
    for session in range(said.shape[0]):
        if session > 0:
            client, therapist, P = _stepped(client, therapist, P, b, start, common)
        if said[session, 0, 1] > 0:
            client, therapist, P, told = _met(
                client, therapist, P, told, said[session, 0, 0], said[session, 0, 1]
            )
        if said[session, 1, 1] > 0:
            therapist, client, turned, told = _met(
                therapist, client, (P[2], P[1], P[0]), told,
                said[session, 1, 0], said[session, 1, 1],
            )  # fmt: skip
            P = (turned[2], turned[1], turned[0])
        if told[6] < _SMALL:
            log_shares += math.log(told[6])
            told = (told[0], told[1], told[2], told[3], told[4], told[5], 1.0)
        for i in range(3):
            kept[session, i], kept[session, 3 + i] = client[i], therapist[i]
            kept[session, 6 + i] = P[i]
    for i in range(5):
        ended[i] = told[i]
    return 0.5 * (log_shares - math.log(det_Sm)) + _log_density(told)


@compiled
def _inverse(matrix: Three) -> tuple[Three, float]:
    """Invert a symmetric matrix of two, and tell its determinant."""
    det = matrix[0] * matrix[2] - matrix[1] * matrix[1]
    return (matrix[2] / det, -matrix[1] / det, matrix[0] / det), det


@compiled
def _stepped(
    client: Three, therapist: Three, P: Three, b: Four, start: Floats, common: Floats
) -> tuple[Three, Three, Three]:
    """M <- C bm + B m, A <- C + B A, P <- B P B' + Q."""
    cc, ct, tc, tt = b
    c, t = client[0] - start[AT_BM], therapist[0] - start[AT_BM + 1]
    A_cc, A_ct, A_tc, A_tt = client[1] - 1, client[2], therapist[1], therapist[2] - 1
    BP_cc, BP_ct = cc * P[0] + ct * P[1], cc * P[1] + ct * P[2]
    BP_tc, BP_tt = tc * P[0] + tt * P[1], tc * P[1] + tt * P[2]
    return (
        (
            start[AT_BM] + cc * c + ct * t,
            1 + cc * A_cc + ct * A_tc,
            cc * A_ct + ct * A_tt,
        ),
        (
            start[AT_BM + 1] + tc * c + tt * t,
            tc * A_cc + tt * A_tc,
            1 + tc * A_ct + tt * A_tt,
        ),
        (
            BP_cc * cc + BP_ct * ct + common[AT_Q],
            BP_cc * tc + BP_ct * tt + common[AT_Q + 1],
            BP_tc * tc + BP_tt * tt + common[AT_Q + 2],
        ),
    )


@compiled
def _met(
    own: Three, other: Three, P: Three, told: Told, value: float, variance: float
) -> tuple[Three, Three, Three, Told]:
    """Meet what one person said of their own level; P begins with theirs.

    What is told: S, r, squared errors over their variances, and the product of the
    shares of the variances that were error.
    """
    inverse = 1 / (P[0] + variance)
    e, share = value - own[0], variance * inverse
    gain, across = P[0] * inverse, P[1] * inverse
    h_c, h_t = own[1], own[2]
    e_s, h_c_s, h_t_s = e * inverse, h_c * inverse, h_t * inverse
    return (
        (own[0] + gain * e, share * h_c, share * h_t),
        (other[0] + across * e, other[1] - across * h_c, other[2] - across * h_t),
        (share * P[0], share * P[1], P[2] - across * P[1]),
        (
            told[0] + h_c * h_c_s, told[1] + h_c * h_t_s, told[2] + h_t * h_t_s,
            told[3] + h_c * e_s, told[4] + h_t * e_s,
            told[5] + e * e_s, told[6] * share,
        ),
    )  # fmt: skip


@compiled
def _log_density(told: Told) -> float:
    """Log density of all that was met, u integrated: (r' S^-1 r - log det S ...) / 2."""
    (V_c, V_ct, V_t), det = _inverse((told[0], told[1], told[2]))
    r_c, r_t = told[3], told[4]
    of_u = V_c * r_c * r_c + 2 * V_ct * r_c * r_t + V_t * r_t * r_t
    return 0.5 * (of_u - told[5] + math.log(told[6] / det))


@compiled
def impute(
    kept: Floats,
    ended: Floats,
    b: Floats,
    common: Floats,
    steps: Bools,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats, Floats]:
    r"""Draw every pair's set-point given all its ratings, then its levels backwards.

    The set-point is bm + u, u ~ N(S^-1 r, S^-1). The last session's levels come from
    the filter, N(m + A u, P); before them, x_{j+1} is an observation of B x_j + C mu
    with covariance Q, so that x_j has precision P^-1 + B' Q^-1 B and, times its mean,
    P^-1 (m + A u) + B' Q^-1 (x_{j+1} - C mu).

    Parameters
    ----------
    kept, ended : ndarray, shape (n_pairs, n_sessions, 9) and (n_pairs, 5)
        One row of what ``walk`` left.
    b : ndarray, shape (4, n_pairs)
        Its couplings.
    common : ndarray, shape (n_numbers,)
        The draw that it was walked with, with the row's bm.
    steps : ndarray of bool, shape (n_sessions - 1, n_pairs)
        Which steps are summed.
    rng : numpy.random.Generator
        Where chance comes from: of each pair two normals for the set-point, then two
        for each session, from the last to the first.

    Returns
    -------
    mu, x, moments, cross : ndarray
        As the attributes of ``states.Imputed``.

    References
    ----------
    Carter, C. K., & Kohn, R. (1994). On Gibbs sampling for state space models.
    Biometrika, 81(3), 541-553. https://doi.org/10.1093/biomet/81.3.541
    """
    n_pairs, n_sessions = kept.shape[0], kept.shape[1]
    mu, x = np.empty((2, n_pairs)), np.empty((n_sessions, 2, n_pairs))
    moments, cross = np.zeros((3, n_pairs)), np.zeros((2, 2, n_pairs))
    inverse_Q, _ = _inverse((common[AT_Q], common[AT_Q + 1], common[AT_Q + 2]))
    for pair in range(n_pairs):
        S = (ended[pair, 0], ended[pair, 1], ended[pair, 2])
        u = _drawn(S, (ended[pair, 3], ended[pair, 4]), rng)
        mu[0, pair], mu[1, pair] = common[AT_BM] + u[0], common[AT_BM + 1] + u[1]
        _draw_levels(
            kept[pair], b[:, pair], mu[:, pair], u, inverse_Q, x[:, :, pair], rng
        )
        _sum_up(x, mu, steps, pair, moments, cross)
    return mu, x, moments, cross


@compiled
def _drawn(precision: Three, right: Two, rng: np.random.Generator) -> Two:
    """Draw two numbers of a precision and precision times mean.

    With the precision L L', solve L' x = L^-1 right + noise. ``conditionals.normal``
    does the same; why each file has its own, ``compiling`` says.
    """
    l_c = math.sqrt(precision[0])
    l_off = precision[1] / l_c
    l_t = math.sqrt(precision[2] - l_off * l_off)
    first = right[0] / l_c + rng.standard_normal()
    second = (right[1] - l_off * right[0] / l_c) / l_t + rng.standard_normal()
    x_t = second / l_t
    return (first - l_off * x_t) / l_c, x_t


@compiled
def _draw_levels(
    kept: Floats,
    b: Floats,
    mu: Floats,
    u: Two,
    q: Three,
    x: Floats,
    rng: np.random.Generator,
) -> None:
    """Draw one pair's levels into x, from the last session to the first."""
    cc, ct, tc, tt = b[0], b[1], b[2], b[3]
    g_cc, g_ct = cc * q[0] + tc * q[1], cc * q[1] + tc * q[2]  # B' Q^-1
    g_tc, g_tt = ct * q[0] + tt * q[1], ct * q[1] + tt * q[2]
    C_mu_c = mu[0] - cc * mu[0] - ct * mu[1]
    C_mu_t = mu[1] - tc * mu[0] - tt * mu[1]
    for j in range(kept.shape[0] - 1, -1, -1):
        m_c = kept[j, 0] + kept[j, 1] * u[0] + kept[j, 2] * u[1]
        m_t = kept[j, 3] + kept[j, 4] * u[0] + kept[j, 5] * u[1]
        (p_cc, p_ct, p_tt), _ = _inverse((kept[j, 6], kept[j, 7], kept[j, 8]))
        r_c, r_t = p_cc * m_c + p_ct * m_t, p_ct * m_c + p_tt * m_t
        if j + 1 < kept.shape[0]:
            later_c, later_t = x[j + 1, 0] - C_mu_c, x[j + 1, 1] - C_mu_t
            p_cc += g_cc * cc + g_ct * tc
            p_ct += g_cc * ct + g_ct * tt
            p_tt += g_tc * ct + g_tt * tt
            r_c += g_cc * later_c + g_ct * later_t
            r_t += g_tc * later_c + g_tt * later_t
        x[j, 0], x[j, 1] = _drawn((p_cc, p_ct, p_tt), (r_c, r_t), rng)


@compiled
def _sum_up(
    x: Floats, mu: Floats, steps: Bools, pair: int, moments: Floats, cross: Floats
) -> None:
    """Sum over one pair's steps z_j z_j' and z_{j+1} z_j'."""
    for j in range(steps.shape[0]):
        if steps[j, pair]:
            c, t = x[j, 0, pair] - mu[0, pair], x[j, 1, pair] - mu[1, pair]
            moments[0, pair] += c * c
            moments[1, pair] += c * t
            moments[2, pair] += t * t
            for i in range(2):
                after = x[j + 1, i, pair] - mu[i, pair]
                cross[i, 0, pair] += after * c
                cross[i, 1, pair] += after * t
