"""How two groups of sessions differ in a figure, and what is left without their length."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

N_DRAWS = 2_000
FEWEST = 8
"""Sessions of either kind that have the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One figure, high against low quality.

    ``g`` is Hedges' g, above 0 where it is larger in high quality, with a 95 % percentile
    interval of sessions drawn anew; ``without_length`` is g of what a line in the logarithm
    of words leaves; ``auc`` is how often a high one lies above a low one, and ``p`` that of
    Mann and Whitney.
    """

    n_high: int
    n_low: int
    g: float
    lower: float
    upper: float
    without_length: float
    auc: float
    p: float


def effect(
    values: Floats, high: Bools, log_words: Floats, *, seed: int
) -> Effect | None:
    """Compare the two kinds of session, or say nothing with too few of them."""
    told = ~np.isnan(values)
    one, other = values[told & high], values[told & ~high]
    if min(one.size, other.size) < FEWEST or np.ptp(values[told]) == 0:
        return None
    line = np.polyfit(log_words[told], values[told], 1)
    rest = values - np.polyval(line, log_words)
    test = stats.mannwhitneyu(one, other)
    drawn = _drawn(one, other, np.random.default_rng(seed))
    lower, upper = np.nanpercentile(drawn, [2.5, 97.5])
    return Effect(
        n_high=one.size,
        n_low=other.size,
        g=hedges_g(one, other),
        lower=float(lower),
        upper=float(upper),
        without_length=hedges_g(rest[told & high], rest[told & ~high]),
        auc=float(test.statistic) / one.size / other.size,
        p=float(test.pvalue),
    )


def hedges_g(one: Floats, other: Floats) -> float:
    """Return by how many pooled standard deviations one group lies above another.

    With the usual correction for small groups; ``nan`` where nothing varies.
    """
    n, m = one.size, other.size
    squares = (n - 1) * one.var(ddof=1) + (m - 1) * other.var(ddof=1)
    pooled = np.sqrt(squares / (n + m - 2))
    if not pooled > 0:
        return float("nan")
    return float((one.mean() - other.mean()) / pooled * (1 - 3 / (4 * (n + m) - 9)))


def _drawn(one: Floats, other: Floats, rng: np.random.Generator) -> Floats:
    """Return g of each of many drawings of the two groups."""
    return np.array(
        [
            hedges_g(rng.choice(one, one.size), rng.choice(other, other.size))
            for _ in range(N_DRAWS)
        ]
    )
