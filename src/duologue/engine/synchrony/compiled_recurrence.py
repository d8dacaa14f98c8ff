"""Recurrence counted row by row, compiled: never more than a few rows are held.

What is compiled is kept by this file, so everything that is called stands in it.
"""

import math
from typing import NamedTuple

import numpy as np

from duologue.engine.compiling import compiled
from duologue.engine.synchrony.windows import Floats, Ints

EUCLIDEAN, MAXIMUM, MANHATTAN = 0, 1, 2
N_BINS = 4096


@compiled
def _distance(x: Floats, y: Floats, i: int, j: int, metric: int) -> float:
    """Return the distance of two vectors; of the Euclidean its square."""
    total = 0.0
    for k in range(x.shape[1]):
        d = abs(x[i, k] - y[j, k])
        if metric == EUCLIDEAN:
            total += d * d
        elif metric == MAXIMUM:
            total = max(total, d)
        else:
            total += d
    return total


class Rule(NamedTuple):
    """When two states recur, and of how many diagonals to either side points are counted.

    ``limit`` is the radius, for the Euclidean metric squared; where ``is_open`` a point at
    the very limit does not count.
    """

    limit: float
    metric: int
    is_open: bool
    n_diagonals: int


@compiled
def _recurs(x: Floats, y: Floats, i: int, j: int, rule: Rule) -> bool:
    d = _distance(x, y, i, j, rule.metric)
    return d < rule.limit or (d == rule.limit and not rule.is_open)


@compiled
def _end(lines: Ints, length: int) -> None:
    """Note that a line of this length has ended, if there was one."""
    if length > 0:
        lines[length] += 1


@compiled
def count(x: Floats, y: Floats, rule: Rule) -> tuple[Ints, Ints, Ints, Ints]:
    """Count lines of each length, and points near the main diagonal.

    Parameters
    ----------
    x, y : ndarray, shape (n, d)
        States of the first series, and of the second.
    rule : Rule
        When they recur.

    Returns
    -------
    (ndarray, ndarray, ndarray, ndarray)
        Numbers of lines by their length: diagonal; along the second series at one moment
        of the first; along the first at one moment of the second. And points on each
        diagonal j - i from ``-n_diagonals`` on.
    """
    n, m = x.shape[0], y.shape[0]
    diagonal = np.zeros(max(n, m) + 2, dtype=np.int64)
    along_second, along_first = np.zeros_like(diagonal), np.zeros_like(diagonal)
    near = np.zeros(2 * rule.n_diagonals + 1, dtype=np.int64)
    run, up = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64)
    for i in range(n):
        side = 0
        before = 0  # the run on the diagonal behind, which this row has written over
        for j in range(m):
            came, before = before, run[j]
            if _recurs(x, y, i, j, rule):
                run[j] = came + 1
                side += 1
                up[j] += 1
                if abs(j - i) <= rule.n_diagonals:
                    near[j - i + rule.n_diagonals] += 1
            else:
                _end(diagonal, came)
                _end(along_second, side)
                _end(along_first, up[j])
                run[j] = side = up[j] = 0
        _end(along_second, side)
        _end(diagonal, before)  # leaves at the last column
    for j in range(m):
        _end(along_first, up[j])
        _end(diagonal, run[j])
    return diagonal, along_second, along_first, near


@compiled
def spread(
    x: Floats, y: Floats, low: float, high: float, metric: int
) -> tuple[int, Ints]:
    """Count distances at or below ``low``, and those above it in bins up to ``high``."""
    below = 0
    bins = np.zeros(N_BINS, dtype=np.int64)
    width = (high - low) / N_BINS
    for i in range(x.shape[0]):
        for j in range(y.shape[0]):
            d = _distance(x, y, i, j, metric)
            if d <= low:
                below += 1
            elif d <= high:
                k = math.ceil((d - low) / width) - 1
                bins[min(max(k, 0), N_BINS - 1)] += 1
    return below, bins


@compiled
def largest(x: Floats, y: Floats, metric: int) -> float:
    """Return the largest distance."""
    found = 0.0
    for i in range(x.shape[0]):
        for j in range(y.shape[0]):
            found = max(found, _distance(x, y, i, j, metric))
    return found
