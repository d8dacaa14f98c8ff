"""Who influences whom in a caseload on the whole.

One pair's couplings stay nearly unknown; their mean over some hundred pairs does not.
The same rule as for one pair is applied to it: an outcome is said where it has nine in
ten, and where it is the same when couplings are taken to differ less or more over pairs,
each time with the population learned anew.
"""

from collections.abc import Sequence

import numpy as np

from duologue.engine.dyad.balance import (
    ENDS,
    SPREADS,
    Balance,
    chances_of,
    measures_of,
    outcome_of,
    told_of,
)
from duologue.engine.dyad.couplings import quantiles
from duologue.engine.dyad.model import Floats
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reasons import Reason
from duologue.errors import ParameterError

MIN_DRAWS = 200
"""Fewest draws of a population from which a probability of nine in ten is told."""


def in_common(populations: Sequence[Population]) -> Balance:
    """Tell who influences whom on the whole, as far as it can be told.

    Parameters
    ----------
    populations : sequence of Population
        Of the same pairs, learned with each of ``balance.SPREADS`` in this order, with
        200 draws or more (``fit(..., n_draws=1000)``): the twenty that a pair is read
        against tell no probability.

    Returns
    -------
    Balance
        Of the middle spread. The rule is that of ``balance.balance_of``, without its number of sessions.

    Raises
    ------
    ParameterError
        If the spreads are others.
    """
    spreads = tuple(population.spread for population in populations)
    if spreads != SPREADS:
        raise ParameterError(f"populations must have spreads {SPREADS}, got {spreads}.")
    each = [_one(population) for population in populations]
    chances = np.stack([own for own, _, _ in each])
    outcome, undecided = outcome_of(chances)
    reasons = list(undecided)
    if any(len(population.mean_b) < MIN_DRAWS for population in populations):
        reasons.append(Reason.FEW_POINTS)
    if not all(population.sound for population in populations):
        reasons.append(Reason.POPULATION)
    _, means, ends = each[SPREADS.index(0.15)]
    return told_of(
        outcome,
        reasons,
        means=means,
        ends=ends,
        chances=chances,
        n_effective=np.array([float(len(p.mean_b)) for p in populations]),
    )


def _one(population: Population) -> tuple[Floats, Floats, Floats]:
    """Chances of the outcomes, means, and ends of intervals at one spread."""
    measures = measures_of(population.mean_b[:, None], population)
    n_draws = measures.columns.shape[1]
    weights = np.full((1, n_draws), 1 / n_draws)
    columns, orders = measures.columns, measures.orders
    ends = np.stack(
        [
            quantiles(column, weights, ENDS, order=order)
            for column, order in zip(columns, orders, strict=True)
        ]
    )
    chances = chances_of(measures, weights, ends[1:3])[0]
    return chances, columns.mean(axis=1), ends[:, 0]
