"""What pairs have in common as one line of numbers, each with a name."""

import numpy as np

from duologue.engine.dyad.model import Floats, Nuisance

_SEATS = ("c", "t")
_COVARIANCES = ("Sm", "P1", "Q")

AT_BM, AT_DELTA, AT_SM, AT_P1, AT_Q, AT_RATINGS = 0, 2, 4, 7, 10, 13
"""Where each part begins in the line of one draw; compiled functions hold these too."""

COUPLINGS = ("bB_cc", "bB_ct", "bB_tc", "bB_tt")
"""Names of the mean couplings."""


def names(n_ratings: int) -> tuple[str, ...]:
    """Names of the numbers of ``packed``: ``bm_c``, ``Q_ct``, ``lam_t2`` and so on."""
    means = [f"{part}_{seat}" for part in ("bm", "delta") for seat in _SEATS]
    covariances = [
        f"{part}_{end}" for part in _COVARIANCES for end in ("cc", "ct", "tt")
    ]
    later = [
        f"{part}_{seat}{k + 1}"
        for part in ("nu", "lam")
        for seat in _SEATS
        for k in range(1, n_ratings)
    ]
    errors = [f"R_{seat}{k + 1}" for seat in _SEATS for k in range(n_ratings)]
    return (*means, *covariances, *later, *errors)


def packed(nuisance: Nuisance) -> Floats:
    """All that is free in a draw, shape (..., n_numbers); ``nu`` and ``lam`` from 2 on."""
    leading = nuisance.bm.shape[:-1]
    covariances = [getattr(nuisance, name) for name in _COVARIANCES]
    parts = [
        nuisance.bm,
        nuisance.delta,
        *(part[..., [0, 0, 1], [0, 1, 1]] for part in covariances),
        *(part[..., 1:].reshape(*leading, -1) for part in (nuisance.nu, nuisance.lam)),
        nuisance.R.reshape(*leading, -1),
    ]
    return np.concatenate(parts, axis=-1)


def unpacked(numbers: Floats) -> Nuisance:
    """Make a draw of what ``packed`` made of it, shape (..., n_numbers)."""
    leading = numbers.shape[:-1]
    n_ratings = (numbers.shape[-1] - 9) // 6
    ends = np.cumsum([2, 2, 3, 3, 3, 2 * n_ratings - 2, 2 * n_ratings - 2])
    bm, delta, Sm, P1, Q, nu, lam, R = np.split(numbers, ends, axis=-1)
    return Nuisance(
        bm=bm,
        delta=delta,
        Sm=_covariance(Sm),
        P1=_covariance(P1),
        Q=_covariance(Q),
        nu=_with_first(nu.reshape(*leading, 2, n_ratings - 1), 0.0),
        lam=_with_first(lam.reshape(*leading, 2, n_ratings - 1), 1.0),
        R=R.reshape(*leading, 2, n_ratings),
    )


def _covariance(three: Floats) -> Floats:
    return three[..., [0, 1, 1, 2]].reshape(*three.shape[:-1], 2, 2)


def _with_first(later: Floats, first: float) -> Floats:
    return np.concatenate(
        [np.full_like(later[..., :1], first, shape=(*later.shape[:-1], 1)), later],
        axis=-1,
    )
