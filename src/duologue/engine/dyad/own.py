r"""What a pair's own ratings say of a population: which of its draws hold for them.

Where values were assumed, nobody knows how far the answers of a pair scatter, or where
it tends to, until they have answered. So every draw counts by how well it foretells
their ratings, as Bayes has it: with couplings b drawn from the prior of each draw,

.. math:: w \propto p(y | b, \text{draw}), \quad b \sim N(bB, sB^2).

Draws and couplings that are not stable together are left out. Draws that were learned
hold what many pairs told already, and all of them count alike; so do a few assumed ones,
as whoever reads against them has chosen them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from duologue.engine.dyad.answers import Scale
from duologue.engine.dyad.couplings import shares, spaced
from duologue.engine.dyad.lattice import evenly
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import Floats, Nuisance, is_stable, of_draws
from duologue.engine.dyad.population import Population, some_draws
from duologue.errors import ParameterError

N_OWN = 32
"""Draws that are carried on with a pair, where more were assumed."""

N_FIRST = 4
"""Couplings at each of many draws: what matters is what all of them say together."""

N_OF_FEW = 16
"""Couplings at each of few draws, twice as many at most as are carried on."""


def has_more(population: Population) -> bool:
    """Whether more draws were assumed than are carried on with a pair."""
    return population.made == "assumed" and len(population.mean_b) > N_OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Couplings as each draw's prior has them, weighed by a pair's ratings.

    Attributes
    ----------
    b : ndarray, shape (n_draws, n, 4)
        Couplings.
    weights : ndarray, shape (n_draws, n)
        They sum to 1; where all draws count alike, those of each to its equal share.
    """

    b: Floats
    weights: Floats


def weighed_draws(
    ratings: ArrayLike,
    population: Population,
    *,
    gaps: ArrayLike | None = None,
    scale: Scale | None = None,
) -> First:
    """Weigh a few couplings of every draw by how well they foretell a pair's ratings.

    Parameters
    ----------
    ratings, gaps, scale
        As for ``likelihood.log_likelihood``.
    population : Population
        The population.

    Returns
    -------
    First

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite or not on the scale, a gap is not
        positive, or the population allows no couplings that have these gaps.
    """
    n_draws = len(population.mean_b)
    b = _prior_points(population, N_FIRST if n_draws > 2 * N_OWN else N_OF_FEW)
    each_row = of_draws(population.nuisance, (slice(None), np.newaxis))
    log_density = log_likelihood(ratings, b, each_row, gaps=gaps, scale=scale)
    possible = is_stable(b) & ~np.isnan(log_density)
    log_weights = np.where(possible, log_density, -np.inf)
    if has_more(population):
        weights = shares(log_weights.ravel()).reshape(log_weights.shape)
    else:
        weights = shares(log_weights) / n_draws
    if not weights.any():
        raise ParameterError(
            "population must allow couplings that are stable and have every gap, got none."
        )
    return First(b=b, weights=weights)


def own_draws(population: Population, first: First) -> Population:
    """Take the draws that a pair's own ratings speak for.

    Parameters
    ----------
    population : Population
        The population.
    first : First
        Its draws, weighed.

    Returns
    -------
    Population
        ``N_OWN`` draws of equal weight, one of them several times if it counts for much.
    """
    return some_draws(population, spaced(first.weights.sum(axis=1), N_OWN))


def own_points(
    population: Population, first: First, n_points: int
) -> tuple[Floats, Nuisance]:
    """Take draws and couplings together, a few that stand for all.

    Parameters
    ----------
    population : Population
        The population.
    first : First
        Its draws, weighed.
    n_points : int >= 1
        How many.

    Returns
    -------
    b : ndarray, shape (n_points, 1, 4)
        Couplings, of equal weight.
    nuisance : Nuisance
        Of leading shape (n_points, 1).
    """
    places = spaced(first.weights.ravel(), n_points)
    index = places // first.b.shape[1]
    nuisance = of_draws(population.nuisance, (index, np.newaxis))
    return first.b.reshape(-1, 1, 4)[places], nuisance


def _prior_points(population: Population, n_points: int) -> Floats:
    """Couplings as the prior has them, mirror images among them, for each draw others.

    Where the second half of the draws mirrors the first, so do their couplings.
    """
    n_draws = len(population.mean_b)
    n_sets = n_draws // 2 if n_draws % 2 == 0 else n_draws
    z = ndtri(evenly(n_sets * n_points // 2, 4)).reshape(n_sets, n_points // 2, 4)
    both = np.concatenate([z, z[..., ::-1]], axis=1)
    all_sets = np.concatenate([both] * (n_draws // n_sets))
    return np.asarray(population.mean_b[:, np.newaxis] + population.spread * all_sets)
