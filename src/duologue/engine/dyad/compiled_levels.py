"""Levels, chances and repairs of many pairs, compiled.

The same numbers as ``pair_state.told_of``, for whoever reads a caseload: what
``filtering``, ``levels`` and ``repair`` do with arrays of points is done here point by
point, and only sums over points are kept. Means are summed as they lie above the first
draw's ``bm``, so that squares of them have few digits to lose. Pairs are shared among
threads, each pair as a whole: the same numbers come out whatever their number.

A state X (2, 3) holds two means less bm and their derivatives by u less the unit matrix,
as ``filtering.Filter`` does; a covariance is three numbers (client, both, therapist).
"""

import math

import numba
import numpy as np

from duologue.engine.compiling import compiled, shared_among_threads
from duologue.engine.dyad.compiled import common_of
from duologue.engine.dyad.levels import Levels
from duologue.engine.dyad.model import Bools, Floats, Nuisance, stationary_covariance
from duologue.engine.dyad.pair_state import LIKELY_DIP, Told
from duologue.engine.dyad.repair import NEAR, WITHIN, normals
from duologue.engine.dyad.said import Said

Five = tuple[float, float, float, float, float]
Three = tuple[float, float, float]
Kept = tuple[Floats, Floats, Floats, Floats, Floats]
Back = tuple[Floats, Floats, Floats]
Totals = tuple[Floats, Floats, Floats, Floats, Floats, Floats]
Values = tuple[Floats, Floats, Floats, Floats]

# Good to 1e-12, absolutely: the integrand is even, so half of sixteen nodes will do.
_NODES, _SHARES = (half[8:].copy() for half in np.polynomial.legendre.leggauss(16))
_ROOT_2 = math.sqrt(2)


def told_together(heard: Said, b: Floats, nuisance: Nuisance) -> Told:
    """Tell of every pair what ``pair_state.told_of`` tells of one.

    Parameters
    ----------
    heard : Said
        What each pair said, ``WITHIN`` empty sessions at the end: ``seen`` (n_pairs, 1,
        n_sessions, 2), ``value`` and ``variance`` (n_pairs, n_draws, n_sessions, 2).
    b : ndarray, shape (n_pairs, n_draws, n_points, 4)
        Points of equal weight, each pair's own.
    nuisance : Nuisance
        A stack of n draws.

    Returns
    -------
    Told
        With the pairs on the first axis of every array.
    """
    n_pairs, _, all_sessions, _ = heard.value.shape
    n, n_ratings = all_sessions - WITHIN, nuisance.nu.shape[-1]
    V = stationary_covariance(b, nuisance.Q[:, np.newaxis])
    sd = np.sqrt(np.stack([V[..., 0, 0], V[..., 1, 1]], axis=-1)).mean(axis=(1, 2))
    said = np.stack([heard.value, heard.variance], axis=-1)
    ratings = np.stack([nuisance.nu, nuisance.lam, nuisance.R], axis=-1)
    totals = (
        np.zeros((n_pairs, n, 5)),
        np.zeros((n_pairs, n, 5)),
        np.zeros((n_pairs, n - 1, 5)),
        np.zeros((n_pairs, 2, 5)),
        np.zeros((n_pairs, n, 2)),
        np.zeros((n_pairs, n - 1, 3)),
    )
    of_ratings = np.zeros((n_pairs, 2, n_ratings, 2))
    repair = np.full((n_pairs, n - 1, 2), np.nan)
    with shared_among_threads(said.shape[0] * said.shape[1]):
        _all_pairs(
            (np.ascontiguousarray(heard.seen[:, 0]), said, b),
            (common_of(nuisance), ratings, normals(), NEAR * sd),
            totals,
            of_ratings,
            repair,
        )
    n_points = b.shape[1] * b.shape[2]
    return _told(
        [total / n_points for total in (*totals, of_ratings)], nuisance, repair
    )


def _told(means: list[Floats], nuisance: Nuisance, repair: Floats) -> Told:
    """Make records of means over points."""
    level, filtered, w, ends, foretold, chances, ratings = means
    bm = nuisance.bm[0]
    mean, cov = _mixed(level)
    filtered_mean, filtered_cov = _mixed(filtered)
    innovation_mean, innovation_cov = _mixed(w)
    (set_point, next_mean), (set_point_cov, next_cov) = (
        np.moveaxis(part, 1, 0) for part in _mixed(ends)
    )
    above = ratings[..., 0]
    levels = Levels(
        set_point_mean=bm + set_point,
        set_point_cov=set_point_cov,
        mean=bm + mean,
        cov=cov,
        filtered_mean=bm + filtered_mean,
        filtered_cov=filtered_cov,
        next_mean=bm + next_mean,
        next_cov=next_cov,
        next_rating_mean=nuisance.nu[0] + nuisance.lam[0] * bm[:, np.newaxis] + above,
        next_rating_sd=np.sqrt(ratings[..., 1] - above**2),
        innovation_mean=innovation_mean,
        innovation_cov=innovation_cov,
        p_low=chances[..., :2],
        p_both_low=chances[..., 2],
    )
    return Told(levels=levels, foretold=bm + foretold, repair=repair)


def _mixed(five: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of means, and of covariances with the squares of means."""
    mean = five[..., :2]
    cov = five[..., [2, 3, 3, 4]].reshape(*five.shape[:-1], 2, 2)
    return mean, cov - mean[..., :, np.newaxis] * mean[..., np.newaxis, :]


# One point: forth and back


@compiled
def _carried(b: Floats, P: Floats) -> Three:
    """B P B'."""
    cc, ct = b[0] * P[0] + b[1] * P[1], b[0] * P[1] + b[1] * P[2]
    tc, tt = b[2] * P[0] + b[3] * P[1], b[2] * P[1] + b[3] * P[2]
    return cc * b[0] + ct * b[1], cc * b[2] + ct * b[3], tc * b[2] + tt * b[3]


@compiled
def _update(
    X: Floats, P: Floats, G: Floats, seat: int, said: tuple[float, float]
) -> None:
    """Meet what the person in one seat (i, the other o) said of their level, less bm."""
    i, o = seat, 1 - seat
    inverse = 1 / (P[2 * i] + said[1])
    kept, own, other = said[1] * inverse, P[2 * i] * inverse, P[1] * inverse
    e = said[0] - X[i, 0]
    h_c, h_t = X[i, 1] + (1 - i), X[i, 2] + i
    G[0] += h_c * e * inverse
    G[1] += h_t * e * inverse
    G[2] += h_c * h_c * inverse
    G[3] += h_c * h_t * inverse
    G[4] += h_t * h_t * inverse
    for k in range(3):
        rest = e if k == 0 else -h_c if k == 1 else -h_t
        X[i, k] += own * rest
        X[o, k] += other * rest
    P[2 * o] -= other * P[1]
    P[1] *= kept
    P[2 * i] *= kept


@compiled
def _of_u(G: Floats, common: Floats, u: Floats) -> None:
    """Fill in mean and covariance of u, given what was gathered."""
    S_c, S_ct, S_t = G[2] + common[10], G[3] + common[11], G[4] + common[12]
    det = S_c * S_t - S_ct * S_ct
    u[2], u[3], u[4] = S_t / det, -S_ct / det, S_c / det
    u[0], u[1] = u[2] * G[0] + u[3] * G[1], u[3] * G[0] + u[4] * G[1]


@compiled
def _forth(
    seen: Bools,
    said: Floats,
    b: Floats,
    common: Floats,
    kept: Kept,
) -> None:
    """Filter one point; keeps X and P before and after each session, and u after it."""
    X_before, P_before, X_after, P_after, u = kept
    X, P, G = np.zeros((2, 3)), common[4:7].copy(), np.zeros(5)
    X[0, 0], X[1, 0] = common[2] - common[0], common[3] - common[1]
    for j in range(seen.shape[0]):
        if j > 0:
            _multiply(b, X)
            P[0], P[1], P[2] = _carried(b, P)
            for i in range(3):
                P[i] += common[7 + i]
        X_before[j], P_before[j] = X, P
        for seat in range(2):
            if seen[j, seat]:
                value = said[j, seat, 0] - common[seat]
                _update(X, P, G, seat, (value, said[j, seat, 1]))
        X_after[j], P_after[j] = X, P
        _of_u(G, common, u[j])


@compiled
def _multiply(b: Floats, X: Floats) -> None:
    """X <- B X."""
    for k in range(3):
        x_c, x_t = X[0, k], X[1, k]
        X[0, k], X[1, k] = b[0] * x_c + b[1] * x_t, b[2] * x_c + b[3] * x_t


@compiled
def _back(b: Floats, kept: Kept, back: Back) -> None:
    """Go back from the last session; X, P and J of one point are filled in."""
    X_before, P_before, X_after, P_after, _ = kept
    X, P, J = back
    last = X.shape[0] - 1
    X[last], P[last] = X_after[last], P_after[last]
    wider = np.empty(3)
    for j in range(last - 1, -1, -1):
        by = J[j]
        _carrier(P_after[j], b, P_before[j + 1], by)
        for k in range(3):
            wider[k] = P[j + 1, k] - P_before[j + 1, k]
            d_c = X[j + 1, 0, k] - X_before[j + 1, 0, k]
            d_t = X[j + 1, 1, k] - X_before[j + 1, 1, k]
            X[j, 0, k] = X_after[j, 0, k] + by[0] * d_c + by[1] * d_t
            X[j, 1, k] = X_after[j, 1, k] + by[2] * d_c + by[3] * d_t
        more = _carried(by, wider)
        for i in range(3):
            P[j, i] = P_after[j, i] + more[i]


@compiled
def _carrier(P: Floats, b: Floats, later: Floats, J: Floats) -> None:
    """J = P B' later^-1."""
    det = later[0] * later[2] - later[1] * later[1]
    inv_c, inv_ct, inv_t = later[2] / det, -later[1] / det, later[0] / det
    for i in range(2):
        first = P[i] * b[0] + P[i + 1] * b[1]
        second = P[i] * b[2] + P[i + 1] * b[3]
        J[2 * i] = first * inv_c + second * inv_ct
        J[2 * i + 1] = first * inv_ct + second * inv_t


# One point: what is told of it, added up


@compiled
def _with_u(X: Floats, P: Floats, u: Floats) -> Five:
    """Mean, less bm, and covariance of levels with the set-point integrated."""
    cc, ct, tc, tt = X[0, 1] + 1, X[0, 2], X[1, 1], X[1, 2] + 1
    c_c, c_t = cc * u[2] + ct * u[3], cc * u[3] + ct * u[4]
    t_c, t_t = tc * u[2] + tt * u[3], tc * u[3] + tt * u[4]
    return (
        X[0, 0] + cc * u[0] + ct * u[1],
        X[1, 0] + tc * u[0] + tt * u[1],
        P[0] + c_c * cc + c_t * ct,
        P[1] + c_c * tc + c_t * tt,
        P[2] + t_c * tc + t_t * tt,
    )


@compiled
def _add(total: Floats, found: Five, d_c: float, d_t: float) -> None:
    """Add a mean, moved by d, and a covariance with the square of the mean."""
    c, t = found[0] + d_c, found[1] + d_t
    total[0] += c
    total[1] += t
    total[2] += found[2] + c * c
    total[3] += found[3] + c * t
    total[4] += found[4] + t * t


@compiled
def _innovation(b: Floats, back: Back, u: Floats, w: Floats, given_u: Floats) -> Five:
    """Mean and covariance of w = (x_j+1 - mu) - B (x_j - mu), given all ratings.

    Of two sessions; w (2, 3) and given_u (3) are written over.
    """
    X, P, J = back[0], back[1], back[2][0]
    later = P[1]
    for i in range(2):
        for k in range(3):
            w[i, k] = X[1, i, k] - b[2 * i] * X[0, 0, k] - b[2 * i + 1] * X[0, 1, k]
    # X holds slopes less the unit matrix, and so much of mu has gone from w.
    w[0, 1] -= 1.0
    w[1, 2] -= 1.0
    by = _carried(b, P[0])
    BJ_cc, BJ_ct = b[0] * J[0] + b[1] * J[2], b[0] * J[1] + b[1] * J[3]
    BJ_tc, BJ_tt = b[2] * J[0] + b[3] * J[2], b[2] * J[1] + b[3] * J[3]
    cc, tt = BJ_cc * later[0] + BJ_ct * later[1], BJ_tc * later[1] + BJ_tt * later[2]
    ct, tc = BJ_cc * later[1] + BJ_ct * later[2], BJ_tc * later[0] + BJ_tt * later[1]
    given_u[0] = later[0] + by[0] - 2 * cc
    given_u[1] = later[1] + by[1] - ct - tc
    given_u[2] = later[2] + by[2] - 2 * tt
    return _with_u(w, given_u, u)


@compiled
def _owens_t(h: float, g: float) -> float:
    """Owen's T(h, g / h), by the nodes of Gauss and Legendre.

    T(h, a) = 1/4 - (Phi(h) - 1/2) (Phi(a h) - 1/2) - T(a h, 1 / a) for h, a > 0.
    """
    one, other = abs(h), abs(g)
    turned = other > one
    if turned:
        one, other = other, one
    a, total = other / one, 0.0
    for node in range(_NODES.size):
        more = 1 + (a * _NODES[node]) ** 2
        total += _SHARES[node] * math.exp(-0.5 * one * one * more) / more
    found = total * a / (2 * math.pi)
    if turned:
        found = (
            0.25 - 0.25 * math.erf(one / _ROOT_2) * math.erf(other / _ROOT_2) - found
        )
    return -found if (h < 0) != (g < 0) else found


@compiled
def _low(w: Five, Q: Floats) -> Three:
    """Chances that each, and both, lie below minus one innovation standard deviation.

    As ``normal.both_below`` has it.
    """
    sd_c, sd_t = math.sqrt(w[2]), math.sqrt(w[4])
    h, k = (-math.sqrt(Q[0]) - w[0]) / sd_c, (-math.sqrt(Q[2]) - w[1]) / sd_t
    rho = min(max(w[3] / (sd_c * sd_t), -1 + 1e-12), 1 - 1e-12)
    p_c, p_t = 0.5 * math.erfc(-h / _ROOT_2), 0.5 * math.erfc(-k / _ROOT_2)
    if h == 0 and k == 0:
        return p_c, p_t, 0.25 + math.asin(rho) / (2 * math.pi)
    root = math.sqrt((1 - rho) * (1 + rho))
    both = 0.5 * (p_c + p_t) - (0.5 if (h < 0) != (k < 0) else 0.0)
    both -= _owens_t(h, (k - rho * h) / root) + _owens_t(k, (h - rho * k) / root)
    return p_c, p_t, min(max(both, 0.0), 1.0)


@compiled
def _note_point(
    b: Floats,
    draw: tuple[Floats, Floats],
    kept: Kept,
    back: Back,
    totals: Totals,
) -> None:
    """Add what is told at one point; ``draw`` holds its values, and bm less the first."""
    common, above = draw
    X_before, P_before, X_after, P_after, u = kept
    X, P, J = back
    level, filtered, w, ends, foretold, chances = totals
    n, last_u, d_c, d_t = level.shape[0], u[-1], above[0], above[1]
    of_two, given_u = np.empty((2, 3)), np.empty(3)
    for j in range(n):
        _add(level[j], _with_u(X[j], P[j], last_u), d_c, d_t)
        _add(filtered[j], _with_u(X_after[j], P_after[j], u[j]), d_c, d_t)
        before = X_before[j]
        for i in range(2):
            foretold[j, i] += before[i, 0] + above[i]
            if j > 0:
                foretold[j, i] += (
                    before[i, 1] * u[j - 1, 0] + before[i, 2] * u[j - 1, 1]
                )
                foretold[j, i] += u[j - 1, i]
    for j in range(n - 1):
        two = (X[j : j + 2], P[j : j + 2], J[j : j + 2])
        found = _innovation(b, two, last_u, of_two, given_u)
        _add(w[j], found, 0.0, 0.0)
        low = _low(found, common[7:10])
        for i in range(3):
            chances[j, i] += low[i]
    mu = (last_u[0], last_u[1], last_u[2], last_u[3], last_u[4])
    _add(ends[0], mu, d_c, d_t)
    _add(ends[1], _with_u(X_before[n], P_before[n], last_u), d_c, d_t)


@compiled
def _note_ratings(
    after: Five, above: Floats, ratings: Floats, first: Floats, totals: Floats
) -> None:
    """Add the next session's ratings, as they lie above those of the first draw's bm.

    ``ratings`` and ``first`` hold nu, lam and R of this draw and of the first one, and
    ``above`` its bm and bm less the first draw's.
    """
    for i in range(2):
        x = above[2 + i] + after[i]
        for k in range(ratings.shape[1]):
            nu, lam, R = ratings[i, k]
            less = first[i, k, 0] + first[i, k, 1] * (above[2 + i] - above[i])
            d = nu + lam * x - less
            totals[i, k, 0] += d
            totals[i, k, 1] += lam * lam * after[2 + 2 * i] + R + d * d


# Repairs


@compiled
def _times(J: Floats, v: Floats) -> None:
    """V <- J v."""
    v[0], v[1] = J[0] * v[0] + J[1] * v[1], J[2] * v[0] + J[3] * v[1]


@compiled
def _four(
    back: Back,
    b: Floats,
    u: Floats,
    seat: int,
    found: tuple[Floats, Floats],
) -> None:
    """Joint normal of an innovation and the person's next levels, as in ``repair``.

    ``back`` begins with the session before the dip; levels are told less bm.
    """
    X, P, J = back
    mean, cov = found
    B_c, B_t = b[2 * seat], b[2 * seat + 1]
    v, F = np.empty(2), np.empty((cov.shape[0], 2))
    v[0], v[1] = P[1, seat], P[1, seat + 1]
    _times(J[0], v)
    by = B_c * (P[0, 0] * B_c + 2 * P[0, 1] * B_t) + P[0, 2] * B_t * B_t
    cov[0, 0] = P[1, 2 * seat] + by - 2 * (B_c * v[0] + B_t * v[1])
    mean[0] = X[1, seat, 0] - B_c * X[0, 0, 0] - B_t * X[0, 1, 0]
    for i in range(2):
        F[0, i] = X[1, seat, 1 + i] - B_c * X[0, 0, 1 + i] - B_t * X[0, 1, 1 + i]
    for k in range(1, cov.shape[0]):
        mean[k], cov[k, k] = X[1 + k, seat, 0], P[1 + k, 2 * seat]
        F[k, 0], F[k, 1] = X[1 + k, seat, 1] + (1 - seat), X[1 + k, seat, 2] + seat
        v[0], v[1] = P[1 + k, seat], P[1 + k, seat + 1]
        for before in range(k - 1, -1, -1):
            _times(J[1 + before], v)
            cov[k, before] = v[seat]
        _times(J[0], v)
        cov[k, 0] -= B_c * v[0] + B_t * v[1]
    for k in range(cov.shape[0]):
        V_c, V_t = F[k, 0] * u[2] + F[k, 1] * u[3], F[k, 0] * u[3] + F[k, 1] * u[4]
        mean[k] += F[k, 0] * u[0] + F[k, 1] * u[1]
        for i in range(k + 1):
            cov[k, i] += V_c * F[i, 0] + V_t * F[i, 1]


@compiled
def _take_root(cov: Floats) -> None:
    """Lower triangle L of L L', in place, a little wider than cov, as in ``repair``."""
    for i in range(cov.shape[0]):
        for k in range(i + 1):
            rest = cov[i, k] * (1 + 1e-12) if i == k else cov[i, k]
            for inner in range(k):
                rest -= cov[i, inner] * cov[k, inner]
            cov[i, k] = math.sqrt(rest) if i == k else rest / cov[k, k]


@compiled
def _count(
    mean: Floats, root: Floats, limit: float, mark: float, z: Floats
) -> tuple[int, int]:
    """Count draws that dip, and those of them that are mended within three sessions.

    Written out, so that several draws are taken in one instruction.
    """
    n_dips, n_mended = 0, 0
    low = limit - mean[0]
    one, two, three = mark - mean[1], mark - mean[2], mark - mean[3]
    for d in range(z.shape[1]):
        w, a, b, c = z[0, d], z[1, d], z[2, d], z[3, d]
        first = root[1, 0] * w + root[1, 1] * a
        second = root[2, 0] * w + root[2, 1] * a + root[2, 2] * b
        third = root[3, 0] * w + root[3, 1] * a + root[3, 2] * b + root[3, 3] * c
        dips = root[0, 0] * w < low
        n_dips += dips
        n_mended += dips & ((first >= one) | (second >= two) | (third >= three))
    return n_dips, n_mended


@compiled
def _mended(
    back: Back, u: Floats, b: Floats, values: Values, place: tuple[int, int, float]
) -> float:
    """Chance that a dip was mended, given that it was one, over all points.

    ``place`` is the step that ends with the dip, whose it was, and the level that counts
    as back, less the first draw's bm.
    """
    common, _, z, _ = values
    X, P, J = back
    step, seat, mark = place
    mean, cov = np.empty(z.shape[0]), np.empty((z.shape[0], z.shape[0]))
    n_dips, n_mended = 0, 0
    for draw in range(b.shape[0]):
        own_mark = mark - (common[draw, seat] - common[0, seat])
        limit = -math.sqrt(common[draw, 7 + 2 * seat])
        for point in range(b.shape[1]):
            at = draw * b.shape[1] + point
            here = (X[at, step:], P[at, step:], J[at, step:])
            _four(here, b[draw, point], u[at], seat, (mean, cov))
            _take_root(cov)
            counted = _count(mean, cov, limit, own_mark, z)
            n_dips, n_mended = n_dips + counted[0], n_mended + counted[1]
    return n_mended / n_dips if n_dips > 0 else math.nan


# Pairs


@compiled
def _of_pair(
    heard: tuple[Bools, Floats, Floats],
    values: Values,
    near: Floats,
    totals: Totals,
    more: tuple[Floats, Floats],
) -> None:
    """Go forth and back at every point, and then over every likely dip."""
    seen, said, b = heard
    common, ratings = values[0], values[1]
    n_sessions, n_points = seen.shape[0], b.shape[0] * b.shape[1]
    two_three, three = (n_sessions, 2, 3), (n_sessions, 3)
    kept = (
        np.empty(two_three),
        np.empty(three),
        np.empty(two_three),
        np.empty(three),
        np.empty((n_sessions, 5)),
    )
    X, P = np.empty((n_points, n_sessions, 2, 3)), np.empty((n_points, n_sessions, 3))
    J, u = np.empty((n_points, n_sessions, 4)), np.empty((n_points, 5))
    above = np.empty(4)
    for draw in range(b.shape[0]):
        for i in range(2):
            above[i] = common[draw, i] - common[0, i]
            above[2 + i] = common[draw, i]
        for point in range(b.shape[1]):
            at, own = draw * b.shape[1] + point, b[draw, point]
            back = (X[at], P[at], J[at])
            _forth(seen, said[draw], own, common[draw], kept)
            _back(own, kept, back)
            _note_point(own, (common[draw], above), kept, back, totals)
            u[at] = kept[4][-1]
            n = totals[0].shape[0]
            after = _with_u(kept[0][n], kept[1][n], u[at])
            _note_ratings(after, above, ratings[draw], ratings[0], more[0])
    _note_repairs((X, P, J), (u, b, near), values, totals, more[1])


@compiled
def _note_repairs(
    back: Back,
    at_points: tuple[Floats, Floats, Floats],
    values: Values,
    totals: Totals,
    repair: Floats,
) -> None:
    """Fill in every dip that is likely."""
    u, b, near = at_points
    foretold, chances, n_points = totals[4], totals[5], u.shape[0]
    for step in range(repair.shape[0]):
        for seat in range(2):
            if chances[step, seat] / n_points >= LIKELY_DIP:
                mark = foretold[step + 1, seat] / n_points - near[seat]
                place = (step, seat, mark)
                repair[step, seat] = _mended(back, u, b, values, place)


def _every_pair(
    heard: tuple[Bools, Floats, Floats],
    values: Values,
    totals: Totals,
    of_ratings: Floats,
    repair: Floats,
) -> None:
    """Every pair by itself, in any order."""
    seen, said, b = heard
    for pair in numba.prange(seen.shape[0]):
        own = (
            totals[0][pair],
            totals[1][pair],
            totals[2][pair],
            totals[3][pair],
            totals[4][pair],
            totals[5][pair],
        )
        told = (seen[pair], said[pair], b[pair])
        more = (of_ratings[pair], repair[pair])
        _of_pair(told, values, values[3][pair], own, more)


_all_pairs = compiled(_every_pair, parallel=True)
