"""What is asked of the couplings of many pairs, compiled: means, quantiles and chances.

The same numbers as ``balance.figures_of``, for whoever reads a caseload. Most pairs share
their points, and with them what sorts the points; every pair has weights of its own.
"""

import math

import numba
import numpy as np

from duologue.engine.compiling import compiled, shared_among_threads
from duologue.engine.dyad.balance import (
    ENDS,
    SPREADS,
    Figures,
    Measures,
    measures_of,
    unless_one_holds_none,
)
from duologue.engine.dyad.couplings import Laid, Points
from duologue.engine.dyad.model import Floats, Ints
from duologue.engine.dyad.population import Population

Asked = tuple[Floats, Floats, Floats, Ints, Floats]
Found = tuple[Floats, Floats, Floats, Floats]


def figures(
    points: list[Points], population: Population, laid: Laid, measures: Measures
) -> list[Figures]:
    """Tell of every pair what ``balance.figures_of`` tells of one.

    Parameters
    ----------
    points : list of Points
        Of each pair.
    population : Population
        The population that they were weighed with.
    laid, measures : Laid, Measures
        The points that were laid first, which pairs share whose points were not laid
        anew, and what is asked of them.

    Returns
    -------
    list of Figures
    """
    which = np.zeros(len(points), dtype=np.int64)
    sets = [_asked(laid, measures, population)]
    for pair in np.flatnonzero([own.n_rounds.any() for own in points]):
        which[pair] = len(sets)
        own = points[pair]
        sets.append(_asked(own, measures_of(own.b, population), population))
    n, n_rows = len(points), 1 + len(SPREADS)
    found = (
        np.empty((n, 6)),
        np.empty((n, 6, n_rows, 2)),
        np.empty((n, n_rows, 4)),
        np.empty((n, n_rows)),
    )
    weights = np.stack([own.weights for own in points])
    log_likelihood = np.stack([own.log_likelihood for own in points])
    log_laid, squares, columns, orders, events = zip(*sets, strict=True)
    asked = (
        np.stack(log_laid),
        np.stack(squares),
        np.stack(columns),
        np.stack(orders),
        np.stack(events),
    )
    with shared_among_threads(weights.size // 64):
        _all_pairs(
            (which, weights, log_likelihood),
            asked,
            (np.array(SPREADS), np.array(ENDS)),
            found,
        )
    return [_figures(*parts) for parts in zip(*found, strict=True)]


def _figures(
    means: Floats, ends: Floats, chances: Floats, n_effective: Floats
) -> Figures:
    """Leave what is told: the first row is the pair's own, the others the spreads'."""
    told = unless_one_holds_none(chances[1:], ends[1:3, 1:])
    return Figures(means, ends[:, 0], told, n_effective[1:])


def _asked(points: Points | Laid, told: Measures, population: Population) -> Asked:
    """Gather what is asked of points, and what they are weighed anew with."""
    away = points.b - population.mean_b[:, np.newaxis]
    squares = (away * away).sum(axis=-1)
    return points.log_laid, squares, told.columns, told.orders, told.events


@compiled
def _weigh(
    log_likelihood: Floats,
    log_laid: Floats,
    squares: Floats,
    spread: float,
    weights: Floats,
) -> float:
    """Fill in the weights of one spread; tell how many points all draws are worth."""
    n_draws, n_points = log_likelihood.shape
    inverse, least = 0.0, math.inf
    for draw in range(n_draws):
        own = weights[draw * n_points : (draw + 1) * n_points]
        highest, total, total_squares = -math.inf, 0.0, 0.0
        for k in range(n_points):
            own[k] = log_likelihood[draw, k] - log_laid[draw, k]
            own[k] -= 0.5 * squares[draw, k] / spread**2
            highest = max(highest, own[k])
        for k in range(n_points):
            own[k] = math.exp(own[k] - highest) if highest > -math.inf else 0.0
            total += own[k]
            total_squares += own[k] * own[k]
        effective = total * total / total_squares if total > 0 else 0.0
        least = min(least, effective)
        inverse += 1 / effective if effective > 0 else 0.0
        for k in range(n_points):
            own[k] /= (total if total > 0 else 1.0) * n_draws
    return n_draws * n_draws / inverse if least > 0 else 0.0


@compiled
def _quantiles(
    values: Floats, order: Ints, weights: Floats, shares: Floats, found: Floats
) -> None:
    """Fill in ascending quantiles, as ``couplings.quantiles`` has them."""
    found[:] = math.nan
    total, carried, wanted = weights.sum(), 0.0, 0
    at, before = math.nan, math.nan
    for k in order:
        if wanted == shares.size:
            break
        if weights[k] > 0:
            middle = carried + 0.5 * weights[k]
            while wanted < shares.size and middle >= shares[wanted] * total:
                share = (shares[wanted] * total - at) / (middle - at)
                first = math.isnan(at)
                step = values[k] - before
                found[wanted] = values[k] if first else before + share * step
                wanted += 1
            carried, at, before = carried + weights[k], middle, values[k]
    found[wanted:] = before


@compiled
def _sums(weights: Floats, asked: Floats, found: Floats) -> None:
    """Fill in weighted sums of every row; they wait for memory, not for each other."""
    found[:] = 0.0
    for k in range(weights.size):
        for row in range(asked.shape[0]):
            found[row] += weights[k] * asked[row, k]


@compiled
def _of_pair(
    pair: int,
    weighed: tuple[Ints, Floats, Floats],
    sets: Asked,
    asked: tuple[Floats, Floats],
    found: Found,
) -> None:
    """One pair; the first row of weights is its own, the others those of spreads."""
    which, weights, log_likelihood = weighed
    log_laid, squares, columns, orders, events = sets
    spreads, shares = asked
    means, ends, chances, n_effective = found
    own, n_rows = which[pair], 1 + spreads.size
    rows = np.empty((n_rows, weights[pair].size))
    rows[0] = weights[pair].ravel() / weights.shape[1]
    for row in range(1, n_rows):
        n_effective[pair, row] = _weigh(
            log_likelihood[pair],
            log_laid[own],
            squares[own],
            spreads[row - 1],
            rows[row],
        )
        _sums(rows[row], events[own], chances[pair, row])
    _sums(rows[0], columns[own], means[pair])
    for i in range(columns.shape[1]):
        values, order = columns[own, i], orders[own, i]
        # Both influences need an interval at every spread, the others at their own only.
        for row in range(n_rows if 1 <= i <= 2 else 1):
            _quantiles(values, order, rows[row], shares, ends[pair, i, row])


def _every_pair(
    weighed: tuple[Ints, Floats, Floats],
    sets: Asked,
    asked: tuple[Floats, Floats],
    found: Found,
) -> None:
    """Every pair by itself, in any order."""
    for pair in numba.prange(weighed[0].size):
        _of_pair(pair, weighed, sets, asked, found)


_all_pairs = compiled(_every_pair, parallel=True)
