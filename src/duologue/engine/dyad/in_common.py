"""Who influences whom in a caseload on the whole.

One pair's couplings stay nearly unknown; their mean over some hundred pairs does not.
The same rule as for one pair is applied to it: an outcome is said where it has nine in
ten, and where it is the same when couplings are taken to differ less or more over pairs,
each time with the population learned anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duologue.engine.dyad.balance import (
    ENDS,
    SPREADS,
    Outcome,
    chances_of,
    measures_of,
    outcome_of,
)
from duologue.engine.dyad.couplings import quantiles
from duologue.engine.dyad.model import Floats
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reasons import Reason
from duologue.errors import ParameterError

MIN_DRAWS = 200
"""Fewest draws of a population from which a probability of nine in ten is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InCommon:
    """The balance of influence in a caseload, and what it rests on.

    Couplings and balances are those of the mean over pairs, at the middle spread.

    Attributes
    ----------
    outcome : Outcome
        What may be said.
    reasons : tuple of Reason
        Why nothing may be; empty where an outcome is said.
    couplings, couplings_ends : ndarray, shape (4,), (4, 2)
        Mean and 90 % interval of each.
    raw, raw_ends : float; ndarray, shape (2,)
        Mean and 90 % interval of B_tc - B_ct: positive where the client leads.
    standardised, standardised_ends : float; ndarray, shape (2,)
        The same in standard deviations of each level (``model.balance``).
    chances : ndarray, shape (3, 4)
        Probability of each of ``balance.OUTCOMES`` under each of ``balance.SPREADS``.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    couplings: Floats
    couplings_ends: Floats
    raw: float
    raw_ends: Floats
    standardised: float
    standardised_ends: Floats
    chances: Floats


def in_common(populations: Sequence[Population]) -> InCommon:
    """Tell who influences whom on the whole, as far as it can be told.

    Parameters
    ----------
    populations : sequence of Population
        Of the same pairs, learned with each of ``balance.SPREADS`` in this order, with
        200 draws or more (``fit(..., n_draws=1000)``): the twenty that a pair is read
        against tell no probability.

    Returns
    -------
    InCommon
        The rule is that of ``balance.balance_of``, without its number of sessions.

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
    return InCommon(
        outcome=Outcome.CANNOT_TELL if reasons else outcome,
        reasons=tuple(reasons),
        couplings=means[:4],
        couplings_ends=ends[:4],
        raw=float(means[4]),
        raw_ends=ends[4],
        standardised=float(means[5]),
        standardised_ends=ends[5],
        chances=chances,
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
