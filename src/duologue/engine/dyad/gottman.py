"""Gottman and Murray's equations of two people who influence each other.

    W(t+1) = I_HW(H_t) + r1 W_t + a
    H(t+1) = I_WH(W_t+1 or W_t) + r2 H_t + b

In their own form the second person answers the first one's new score (sequential); in
the other both answer the last turn (simultaneous), as in the dyad model, whose mean is
the simultaneous form with linear influence. The bridge between the two vocabularies:
r is B_ii, the slope of the influence is B_ij, and (a, b) is (I - B) mu.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.model import Floats
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How much one person's score adds to the other's: two lines that meet.

    ``below (x - threshold)`` for x up to the threshold, ``above (x - threshold)``
    beyond it; linear where the two slopes are one.

    Attributes
    ----------
    below, above : float
        Slopes for scores up to the threshold and beyond it.
    threshold : float
        Where the two lines meet, at no influence.
    """

    below: float
    above: float
    threshold: float = 0.0

    def slope(self, score: float) -> float:
        """Tell the slope at a score."""
        return self.below if score <= self.threshold else self.above

    def __call__(self, score: float) -> float:
        """Tell what a score adds to the other person's next one."""
        return self.slope(score) * (score - self.threshold)


def linear(slope: float) -> Influence:
    """Influence of one slope throughout."""
    return Influence(below=slope, above=slope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """The equations of two people; the first is W, the second H.

    Attributes
    ----------
    inertia : (float, float)
        r1 and r2: how much of the last score each keeps.
    constants : (float, float)
        a and b: what each brings.
    influences : (Influence, Influence)
        On the first person (by the second's score), and on the second.
    sequential : bool
        Whether the second person answers the first one's new score.
    """

    inertia: tuple[float, float]
    constants: tuple[float, float]
    influences: tuple[Influence, Influence]
    sequential: bool = True


def next_step(equations: Equations, scores: ArrayLike) -> Floats:
    """Work out the two scores one turn later, shape (2,)."""
    first, second = _two(scores)
    on_first, on_second = equations.influences
    r1, r2 = equations.inertia
    a, b = equations.constants
    new_first = on_first(second) + r1 * first + a
    heard = new_first if equations.sequential else first
    return np.array([new_first, on_second(heard) + r2 * second + b])


def path(equations: Equations, scores: ArrayLike, n_steps: int) -> Floats:
    """Scores of n turns after the given ones.

    Parameters
    ----------
    equations : Equations
        The two people.
    scores : array_like, shape (2,)
        Where they begin.
    n_steps : int >= 1
        How many turns.

    Returns
    -------
    ndarray, shape (n_steps, 2)

    Raises
    ------
    ParameterError
        If ``n_steps`` is below 1, or ``scores`` are not two finite numbers.
    """
    if n_steps < 1:
        raise ParameterError(f"n_steps must be 1 or more, got {n_steps}.")
    steps = [next_step(equations, scores)]
    for _ in range(n_steps - 1):
        steps.append(next_step(equations, steps[-1]))
    return np.array(steps)


def matrix_at(equations: Equations, scores: ArrayLike) -> Floats:
    """Work out what a small change becomes one turn later: a matrix, shape (2, 2).

    A fixed point holds the two (is stable) where both of its eigenvalues lie inside
    the unit circle.

    Raises
    ------
    ParameterError
        If ``scores`` are not two finite numbers.
    """
    first, second = _two(scores)
    r1, r2 = equations.inertia
    by_second = equations.influences[0].slope(second)
    heard = next_step(equations, scores)[0] if equations.sequential else first
    by_first = equations.influences[1].slope(heard)
    if equations.sequential:
        return np.array([[r1, by_second], [by_first * r1, r2 + by_first * by_second]])
    return np.array([[r1, by_second], [by_first, r2]])


def fixed_points(equations: Equations) -> Floats:
    """Where the two come to rest, or are balanced: nothing changes from turn to turn.

    With two lines an influence there are four pairs of lines; each has one fixed point,
    which counts if it lies where its lines hold. The order of answering moves none.

    Parameters
    ----------
    equations : Equations
        The two people.

    Returns
    -------
    ndarray, shape (n_points, 2)
        From the highest first score down; four at the most, or none.
    """
    on_first, on_second = equations.influences
    found: set[tuple[float, float]] = set()
    for by_second in (on_first.below, on_first.above):
        for by_first in (on_second.below, on_second.above):
            point = _fixed_point(equations, by_second=by_second, by_first=by_first)
            if point is None:
                continue
            first, second = point
            if (
                on_first.slope(second) == by_second
                and on_second.slope(first) == by_first
            ):
                found.add(point)
    return np.array(sorted(found, reverse=True)).reshape(-1, 2)


def _fixed_point(
    equations: Equations, *, by_second: float, by_first: float
) -> tuple[float, float] | None:
    """Rest of two linear influences; None where the lines are parallel."""
    r1, r2 = equations.inertia
    on_first, on_second = equations.influences
    a = equations.constants[0] - by_second * on_first.threshold
    b = equations.constants[1] - by_first * on_second.threshold
    determinant = (1 - r1) * (1 - r2) - by_second * by_first
    if determinant == 0:
        return None
    first = ((1 - r2) * a + by_second * b) / determinant
    second = ((1 - r1) * b + by_first * a) / determinant
    return first, second


def _two(scores: ArrayLike) -> tuple[float, float]:
    array = np.asarray(scores, dtype=float)
    if array.shape != (2,) or not np.isfinite(array).all():
        raise ParameterError("scores must be two finite numbers, got others.")
    return float(array[0]), float(array[1])
