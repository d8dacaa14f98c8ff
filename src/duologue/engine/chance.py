"""What chance alone would do to a caseload: what tests by permutation have in common."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.errors import ParameterError

COMPARABLE = 1.5
"""Courses count as of comparable length within this factor (our judgement)."""

LARGEST_GROUP = 500
"""Partners are shuffled among no more pairs than these, since all pairings are kept."""

MIN_PERMUTATIONS = 99
"""Fewest permutations of a kind."""

ROUNDING = 1e-9
"""Nearer than this, two scores are the same."""

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def check_permutations(n_permutations: int) -> None:
    """Refuse fewer than ``MIN_PERMUTATIONS`` permutations, with a ParameterError."""
    if n_permutations < MIN_PERMUTATIONS:
        raise ParameterError(
            f"n_permutations must be {MIN_PERMUTATIONS} or more, got {n_permutations}."
        )


def as_high(drawn: Array, score: float) -> float:
    """Return how often chance scores as high or higher.

    Parameters
    ----------
    drawn : ndarray, shape (n_permutations,)
        Scores of shuffled caseloads.
    score : float
        That of the caseload itself.

    Returns
    -------
    float in (0, 1]
        (b + 1) / (n + 1), never 0.

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero.
    Statistical Applications in Genetics and Molecular Biology, 9(1), 39.
    """
    return float(((drawn >= score - ROUNDING).sum() + 1) / (drawn.size + 1))


def lengths_of(one: Array, other: Array) -> Codes:
    """Return the sessions of each course, up to the last answer in either series.

    Parameters
    ----------
    one, other : ndarray, shape (n_courses, n_sessions)
        ``nan`` where blank.

    Returns
    -------
    ndarray of int, shape (n_courses,)
        0 for a course without any answer.
    """
    answered = ~np.isnan(one) | ~np.isnan(other)
    last = np.where(answered, np.arange(1, one.shape[1] + 1), 0)
    out: Codes = last.max(axis=1, initial=0)
    return out


def comparable(lengths: ArrayLike) -> list[NDArray[np.int64]]:
    """Group courses of comparable length: 1, up to 1.5, up to 2.25 sessions, and so on.

    Parameters
    ----------
    lengths : array_like of int, shape (n_pairs,)
        Sessions of each course, 1 or more.

    Returns
    -------
    list of ndarray of int
        Indices of the pairs of each group, the shortest courses first. The borders do
        not depend on the caseload. A group of more than 500 pairs is parted, as they
        stand.
    """
    n = np.asarray(lengths, dtype=float)
    step = np.floor(np.log(np.maximum(n, 1)) / np.log(COMPARABLE) + ROUNDING)
    groups = [np.flatnonzero(step == value) for value in np.unique(step)]
    return [
        part
        for group in groups
        for part in np.array_split(group, -(-group.size // LARGEST_GROUP))
    ]
