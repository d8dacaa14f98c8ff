"""The likelihood of many pairs at many couplings, compiled.

The same numbers as ``likelihood``, for whoever reads a caseload. Needs numba, which one
pair does not: nothing but ``pairs`` imports this module, and only when it is asked to.

Points go through the sessions in blocks. A block's state is one array, a row of
``BLOCK`` numbers for each part of it, and the loop over points is the innermost one, so
that the compiler takes several points in one instruction. What differs from pair to
pair (who answered when) is asked outside that loop. There is no fast mathematics (it
may assume that nothing is blank), no random number, and no sum over threads: the same
numbers come out whatever their number.
"""

import math

import numba
import numpy as np

from duologue.engine.compiling import compiled, shared_among_threads
from duologue.engine.dyad.model import Bools, Floats, Nuisance, determinant
from duologue.engine.dyad.said import LOG_2_PI, Said

BLOCK = 64
"""Points taken together: their state (11 kB) stays in the nearest memory."""

_LOG_EVERY = 16  # updates: their variances may lie between 1e-17 and 1e17 each

# Where each part of the state begins; a row is BLOCK numbers.
_M = 0  # 2 rows: mean of each level given u = 0
_A = 2 * BLOCK  # 4: its derivative by u, row by row
_P = 6 * BLOCK  # 3: covariance of the levels given u: client, both, therapist
_S = 9 * BLOCK  # 3: precision of u
_R = 12 * BLOCK  # 2: precision of u times its mean
_SQUARES = 14 * BLOCK  # sum of squared errors over their variances
_PRODUCT = 15 * BLOCK  # product of inverse variances since the last log
_LOG = 16 * BLOCK  # half the logs so far
_B = 17 * BLOCK  # 4: couplings
_SIZE = 21 * BLOCK


def log_likelihoods(heard: Said, b: Floats, nuisance: Nuisance) -> Floats:
    """Log density of every pair's ratings at each of its points, under each draw.

    Parameters
    ----------
    heard : Said
        What each pair said: ``seen`` (n_pairs, 1, n_sessions, 2), ``value`` and
        ``variance`` (n_pairs, n_draws, n_sessions, 2), ``constant`` (n_pairs, n_draws).
    b : ndarray, shape (n_pairs or 1, n_draws, n_points, 4)
        Couplings, each pair's own or the same for all.
    nuisance : Nuisance
        A stack of n draws.

    Returns
    -------
    ndarray, shape (n_pairs, n_draws, n_points)
    """
    seen = np.ascontiguousarray(heard.seen[:, 0])
    found = np.empty((seen.shape[0], b.shape[1], b.shape[2]))
    arrays = (
        seen,
        np.stack([heard.value, heard.variance], axis=-1),
        np.ascontiguousarray(np.swapaxes(b, -1, -2)),
        common_of(nuisance),
        found,
    )
    n_blocks = -(-found.shape[2] // BLOCK)
    with shared_among_threads(found.shape[0] * found.shape[1] * n_blocks):
        _all_pairs(*arrays)
    n_seen = seen.sum(axis=(-1, -2))
    found += (heard.constant.sum(axis=-1) - 0.5 * LOG_2_PI * n_seen[:, None])[..., None]
    return found


def common_of(nuisance: Nuisance) -> Floats:
    """Gather what a block needs of each draw, shape (n_draws, 14).

    bm (columns 0, 1), bm + delta (2, 3), P1 (4 to 6), Q (7 to 9), the inverse of Sm
    (10 to 12) and half the log of its determinant.
    """
    det = determinant(nuisance.Sm)
    start = nuisance.bm + nuisance.delta
    columns = [
        *np.moveaxis(nuisance.bm, -1, 0),
        *np.moveaxis(start, -1, 0),
        *_three(nuisance.P1),
        *_three(nuisance.Q),
        nuisance.Sm[..., 1, 1] / det,
        -nuisance.Sm[..., 0, 1] / det,
        nuisance.Sm[..., 0, 0] / det,
        0.5 * np.log(det),
    ]
    return np.ascontiguousarray(np.stack(columns, axis=-1))


def _three(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    return matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 1]


def _start_of_block(s: Floats, n: int, points: Floats, common: Floats) -> None:
    for j in range(4):
        for p in range(n):
            s[_B + j * BLOCK + p] = points[j, p]
            s[_A + j * BLOCK + p] = 1.0 if j % 3 == 0 else 0.0
    for j in range(2):
        for p in range(n):
            s[_M + j * BLOCK + p] = common[2 + j]
            s[_R + j * BLOCK + p] = 0.0
    for j in range(3):
        for p in range(n):
            s[_P + j * BLOCK + p] = common[4 + j]
            s[_S + j * BLOCK + p] = common[10 + j]
    for p in range(n):
        s[_SQUARES + p] = 0.0
        s[_PRODUCT + p] = 1.0
        s[_LOG + p] = 0.0


def _step_of_block(s: Floats, n: int, common: Floats) -> None:
    """M <- C bm + B m, A <- C + B A, P <- B P B' + Q."""
    bm_c, bm_t = common[0], common[1]
    Q_cc, Q_ct, Q_tt = common[7], common[8], common[9]
    for p in range(n):
        cc, ct = s[_B + p], s[_B + BLOCK + p]
        tc, tt = s[_B + 2 * BLOCK + p], s[_B + 3 * BLOCK + p]
        c, t = s[_M + p] - bm_c, s[_M + BLOCK + p] - bm_t
        s[_M + p] = bm_c + cc * c + ct * t
        s[_M + BLOCK + p] = bm_t + tc * c + tt * t
        A_cc, A_ct = s[_A + p] - 1.0, s[_A + BLOCK + p]
        A_tc, A_tt = s[_A + 2 * BLOCK + p], s[_A + 3 * BLOCK + p] - 1.0
        s[_A + p] = 1.0 + cc * A_cc + ct * A_tc
        s[_A + BLOCK + p] = cc * A_ct + ct * A_tt
        s[_A + 2 * BLOCK + p] = tc * A_cc + tt * A_tc
        s[_A + 3 * BLOCK + p] = 1.0 + tc * A_ct + tt * A_tt
        P_cc, P_ct, P_tt = s[_P + p], s[_P + BLOCK + p], s[_P + 2 * BLOCK + p]
        BP_cc, BP_ct = cc * P_cc + ct * P_ct, cc * P_ct + ct * P_tt
        BP_tc, BP_tt = tc * P_cc + tt * P_ct, tc * P_ct + tt * P_tt
        s[_P + p] = BP_cc * cc + BP_ct * ct + Q_cc
        s[_P + BLOCK + p] = BP_cc * tc + BP_ct * tt + Q_ct
        s[_P + 2 * BLOCK + p] = BP_tc * tc + BP_tt * tt + Q_tt


def _update_of_block(
    s: Floats, n: int, seat: int, value: float, variance: float
) -> None:
    """Meet what the person in one seat (i, the other o) said of their level."""
    m_i, m_o = _M + seat * BLOCK, _M + (1 - seat) * BLOCK
    A_i, A_o = _A + 2 * seat * BLOCK, _A + 2 * (1 - seat) * BLOCK
    P_ii, P_oo = _P + 2 * seat * BLOCK, _P + 2 * (1 - seat) * BLOCK
    P_io = _P + BLOCK
    for p in range(n):
        own, shared = s[P_ii + p], s[P_io + p]
        h_c, h_t = s[A_i + p], s[A_i + BLOCK + p]
        e = value - s[m_i + p]
        inverse = 1.0 / (own + variance)
        gain, kept = shared * inverse, variance * inverse
        e_s, h_c_s, h_t_s = e * inverse, h_c * inverse, h_t * inverse
        s[_S + p] += h_c * h_c_s
        s[_S + BLOCK + p] += h_c * h_t_s
        s[_S + 2 * BLOCK + p] += h_t * h_t_s
        s[_R + p] += h_c * e_s
        s[_R + BLOCK + p] += h_t * e_s
        s[_SQUARES + p] += e * e_s
        s[_PRODUCT + p] *= inverse
        s[m_i + p] += own * e_s
        s[m_o + p] += gain * e
        s[A_i + p] = kept * h_c
        s[A_i + BLOCK + p] = kept * h_t
        s[A_o + p] -= gain * h_c
        s[A_o + BLOCK + p] -= gain * h_t
        s[P_ii + p] = kept * own
        s[P_io + p] = kept * shared
        s[P_oo + p] -= gain * shared


def _log_of_block(s: Floats, n: int) -> None:
    for p in range(n):
        s[_LOG + p] += 0.5 * math.log(s[_PRODUCT + p])
        s[_PRODUCT + p] = 1.0


def _end_of_block(s: Floats, n: int, common: Floats, found: Floats) -> None:
    for p in range(n):
        S_c, S_ct, S_t = s[_S + p], s[_S + BLOCK + p], s[_S + 2 * BLOCK + p]
        r_c, r_t = s[_R + p], s[_R + BLOCK + p]
        det = S_c * S_t - S_ct * S_ct
        told = (S_t * r_c * r_c - 2.0 * S_ct * r_c * r_t + S_c * r_t * r_t) / det
        half = 0.5 * (math.log(s[_PRODUCT + p] / det) + told - s[_SQUARES + p])
        found[p] = s[_LOG + p] + half - common[13]


_start = compiled(_start_of_block, forceinline=True)
_step = compiled(_step_of_block, forceinline=True)
_update = compiled(_update_of_block, forceinline=True)
_take_log = compiled(_log_of_block, forceinline=True)
_end = compiled(_end_of_block, forceinline=True)


def _filter_block(
    seen: Bools, said: Floats, points: Floats, common: Floats, found: Floats
) -> None:
    """One pair, one draw, up to ``BLOCK`` points."""
    n, n_waiting = found.shape[0], 0
    s = np.empty(_SIZE)
    _start(s, n, points, common)
    for session in range(seen.shape[0]):
        if session > 0:
            _step(s, n, common)
        if seen[session, 0]:
            _update(s, n, 0, said[session, 0, 0], said[session, 0, 1])
            n_waiting += 1
        if seen[session, 1]:
            _update(s, n, 1, said[session, 1, 0], said[session, 1, 1])
            n_waiting += 1
        if n_waiting >= _LOG_EVERY:
            _take_log(s, n)
            n_waiting = 0
    _end(s, n, common, found)


_block = compiled(_filter_block)


def _filter_all(
    seen: Bools, said: Floats, points: Floats, common: Floats, found: Floats
) -> None:
    """Every pair, draw and block, in any order."""
    n_pairs, n_draws, n_points = found.shape
    n_blocks = (n_points + BLOCK - 1) // BLOCK
    for task in numba.prange(n_pairs * n_draws * n_blocks):
        pair = task // (n_draws * n_blocks)
        draw = (task // n_blocks) % n_draws
        first = (task % n_blocks) * BLOCK
        end = min(first + BLOCK, n_points)
        own = pair if points.shape[0] > 1 else 0
        _block(
            seen[pair],
            said[pair, draw],
            points[own, draw, :, first:end],
            common[draw],
            found[pair, draw, first:end],
        )


_all_pairs = compiled(_filter_all, parallel=True)
