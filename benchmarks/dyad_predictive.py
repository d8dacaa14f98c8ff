"""Whether caseloads that the learned population would bring forth look like this one."""

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.model import of_draws
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.simulate import TrueValues, World, simulate

Array = NDArray[np.float64]

LOOKED_AT = (
    "lag one, client",
    "lag one, therapist",
    "client's next on therapist's",
    "therapist's next on client's",
    "joint drops",
    "share in the highest value",
)
N_EACH = 5
"""Caseloads brought forth by each draw."""


def predictive(
    ratings: Array, population: Population, *, seed: list[int]
) -> dict[str, float]:
    """Tell the share of caseloads brought forth that lie above this one.

    Parameters
    ----------
    ratings : ndarray, shape (n_pairs, n_sessions, 2, n_ratings)
        The caseload; those brought forth have the same blanks.
    population : duologue.engine.dyad.population.Population
        Population from it.
    seed : list of int
        Where chance comes from.

    Returns
    -------
    dict of str to float
        Of each number of ``LOOKED_AT``; near 0 or 1 the model does not bring forth what
        was seen. Ties count half.
    """
    seen = np.array(looked_at(ratings))
    rng = np.random.default_rng(seed)
    above = []
    for draw in range(len(population.mean_b)):
        drawn = TrueValues(
            common=of_draws(population.nuisance, draw),
            bB=population.mean_b[draw],
            sB=np.full(4, population.spread),
        )
        for _ in range(N_EACH):
            made = simulate(
                drawn, *ratings.shape[:2], rng=rng, world=World(missing=0.0)
            )
            found = np.array(
                looked_at(np.where(np.isnan(ratings), np.nan, made.ratings))
            )
            above.append((found > seen) + 0.5 * (found == seen))
    shares = np.mean(above, axis=0).tolist()
    return dict(zip(LOOKED_AT, shares, strict=True))


def looked_at(ratings: Array) -> list[float]:
    """Numbers of a caseload by its first ratings, each pair around its own mean.

    The highest value is compared in tenths of a point, so that ratings which were never
    rounded have few ties.
    """
    y = ratings[..., 0]
    away = y - np.nanmean(y, axis=1, keepdims=True)
    before, after = away[:, :-1], away[:, 1:]
    step = after - before
    sd = np.nanstd(step, axis=(0, 1))
    drops = (step < -sd).all(axis=-1)
    known = ~np.isnan(step).any(axis=-1)
    at_top = np.round(y, 1) >= np.round(np.nanmax(y, axis=(0, 1)), 1)
    return [
        correlation(before[..., 0], after[..., 0]),
        correlation(before[..., 1], after[..., 1]),
        correlation(before[..., 1], after[..., 0]),
        correlation(before[..., 0], after[..., 1]),
        float(drops[known].mean()),
        float(at_top.sum() / (~np.isnan(y)).sum()),
    ]


def correlation(one: Array, other: Array) -> float:
    """Correlate where both are there."""
    there = ~(np.isnan(one) | np.isnan(other))
    return float(np.corrcoef(one[there], other[there])[0, 1])
