"""Nearest neighbours: how those went on who began alike (for researchers)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Reason
from duologue.errors import ParameterError

Array = NDArray[np.float64]

DECIMALS = 12
"""Distances are rounded so: whole-number scores tie, and digits must not choose."""

AT_ONCE = 2_000_000
"""Distances held at one time, so that memory does not grow with the square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What the nearest came to.

    Attributes
    ----------
    expected, sd : ndarray, shape (n_people,)
        Mean and standard deviation (n - 1) of the neighbours' outcomes; ``nan`` where
        undefined.
    rows : ndarray of int, shape (n_people, k)
        Rows of the neighbours among all people, the nearest first; -1 where undefined.
    reason : ndarray of int8, shape (n_people,)
        Why it is undefined: a `Reason`.
    """

    expected: Array
    sd: Array
    rows: NDArray[np.int64]
    reason: NDArray[np.int8]


def nearest_neighbours(
    features: ArrayLike,
    outcomes: ArrayLike,
    *,
    k: int = 10,
    ids: ArrayLike | None = None,
) -> Neighbours:
    """Expect of each person what the k most similar others came to.

    Features are standardised over those who have all of them and an outcome; the
    distance is Euclidean, rounded to 12 decimals, and ties go to the lower id. Nobody
    is their own neighbour, so a finished case is foretold from the others.

    Parameters
    ----------
    features : array_like, shape (n_people, n_features)
        Intake values and early scores, each in its own unit; ``nan`` where blank.
    outcomes : array_like, shape (n_people,)
        The last score; ``nan`` where there is none yet. Such a person is nobody's
        neighbour, and has neighbours.
    k : int >= 2
        How many; 10 to 50 are usual.
    ids : array_like of int, shape (n_people,), optional
        Who comes first in a tie, each once; the order of rows where left out.

    Returns
    -------
    Neighbours
        Undefined where a feature is blank (`Reason.BLANK`), with fewer than k others
        (``FEW_PEOPLE``), or where a feature is the same in all
        (``NO_SPREAD``).

    Raises
    ------
    ParameterError
        If shapes do not fit, a value is infinite, ``k`` is below 2, or an id comes
        twice.

    References
    ----------
    Lutz, W., et al. (2006). The probability of treatment success, failure and
    duration. Clinical Psychology & Psychotherapy: neighbours chosen so foretold
    outcomes better than a rule that experts had agreed on.
    """
    x, y = np.asarray(features, dtype=float), np.asarray(outcomes, dtype=float)
    order = np.arange(len(y)) if ids is None else np.asarray(ids)
    _check(x, y, order, k=k)
    whole = ~np.isnan(x).any(axis=1)
    pool = np.flatnonzero(whole & ~np.isnan(y))
    pool = pool[np.argsort(order[pool], kind="stable")]
    z, spread = _standardised(x, pool)
    why = Reason.NONE if spread else Reason.NO_SPREAD
    n_others = pool.size - np.isin(np.arange(len(y)), pool)
    reason = np.select(
        [~whole, n_others < k], [Reason.BLANK, Reason.FEW_PEOPLE], why
    ).astype(np.int8)
    rows = np.full((len(y), k), -1)
    asked = np.flatnonzero(reason == Reason.NONE)
    n_parts = 1 + asked.size * pool.size // AT_ONCE
    for some in np.array_split(asked, n_parts) if asked.size else ():
        rows[some] = pool[_nearest(z, some, pool, k)]
    theirs = np.where(rows < 0, np.nan, y[rows])
    return Neighbours(
        expected=theirs.mean(axis=1),
        sd=theirs.std(axis=1, ddof=1),
        rows=rows,
        reason=reason,
    )


def _check(x: Array, y: Array, order: NDArray[np.int64], *, k: int) -> None:
    if x.ndim != 2 or y.shape != x.shape[:1] or order.shape != y.shape:
        raise ParameterError(
            "features must have two axes, and outcomes and ids one of as many people, got "
            f"{x.shape}, {y.shape}, {order.shape}."
        )
    if np.isinf(x).any() or np.isinf(y).any():
        raise ParameterError("features and outcomes must be finite or nan.")
    if not x.shape[1]:
        raise ParameterError("features must hold one feature or more, got none.")
    if k < 2:
        raise ParameterError(f"k must be 2 or more, got {k}.")
    if np.unique(order).size != order.size:
        raise ParameterError("ids must each come once.")


def _standardised(x: Array, pool: NDArray[np.int64]) -> tuple[Array, bool]:
    """Subtract the pool's means and divide by its standard deviations (n - 1)."""
    if pool.size < 2:
        return x, True
    off = x - x[pool[0]]
    mean, sd = off[pool].mean(axis=0), off[pool].std(axis=0, ddof=1)
    if not (sd > 0).all():
        return x, False
    return (off - mean) / sd, True


def _nearest(
    z: Array, some: NDArray[np.int64], pool: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Places in the pool, which lies in the order of ids, of the k nearest."""
    squares = np.zeros((some.size, pool.size))
    for feature in z.T:
        squares += (feature[some][:, None] - feature[pool]) ** 2
    distance = np.round(np.sqrt(squares), DECIMALS)
    distance[some[:, None] == pool] = np.inf
    return np.argsort(distance, axis=1, kind="stable")[:, :k]
