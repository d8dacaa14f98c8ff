"""Simulation-based calibration (Talts and others 2018, arXiv:1804.06788).

Everything is drawn from a proper prior, a caseload from that, and the population is
learned with the same prior. If every step is right, the truth's rank among the draws is
uniform for each number, over many fits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import invwishart

from duologue.engine.dyad.couplings import Points, points_of
from duologue.engine.dyad.fitting import fit
from duologue.engine.dyad.levels import levels
from duologue.engine.dyad.model import Nuisance, checked
from duologue.engine.dyad.pair_state import level_points
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.simulate import TrueValues, World, simulate
from duologue.engine.dyad.states import LEAST_LOG_SHARE, Prior
from duologue.engine.dyad.truncation import log_share_stable

Array = NDArray[np.float64]

N_DRAWS = 19
"""Draws that a truth is ranked among: twenty ranks."""

PRIOR = Prior(
    spread=0.15,
    variance=np.array([0.5, 0.4]),
    mean_b=np.array([0.5, 0.15, 0.15, 0.5]),
    sd_b=np.full(4, 0.15),
    bm_mean=np.array([5.0, 5.0]),
    bm_precision=np.array([1.0, 1.0]),
    delta_precision=np.array([1.0, 1.0]),
    nu_variance=0.25,
    lam_variance=0.04,
)


def calibrate(
    seed: list[int], *, n_pairs: int, n_sessions: int, n_sweeps: int, n_burn: int
) -> dict[str, Any]:
    """Rank one truth among the draws of one fit, for each number.

    Ranks are whole, 0 to 19; those of the first pair are shares of the posterior below
    the truth, times 20, rounded down.
    """
    rng = np.random.default_rng(seed)
    true = from_prior(rng)
    made = simulate(true, n_pairs, n_sessions, rng=rng, world=World(missing=0.15))
    population = fit(
        made.ratings,
        n_chains=2,
        n_sweeps=n_sweeps,
        n_burn=n_burn,
        n_draws=N_DRAWS,
        seed=int(rng.integers(2**31)),
        prior=PRIOR,
    )
    ranks = dict(zip(names(), of_population(population, true), strict=True))
    ranks |= of_first_pair(population, made.ratings[0], made)
    return {"ranks": ranks, "sound": population.sound}


def from_prior(rng: np.random.Generator) -> TrueValues:
    """Draw all that pairs have in common."""
    bB = rng.normal(PRIOR.mean_b, PRIOR.sd_b)
    while log_share_stable(bB, PRIOR.spread) < LEAST_LOG_SHARE:
        bB = rng.normal(PRIOR.mean_b, PRIOR.sd_b)
    scale = 1 / rng.gamma(0.5, PRIOR.variance[:, None], size=(2, 2))
    later = (2, 1)
    nu = rng.normal(0, PRIOR.nu_variance**0.5, size=later)
    lam = rng.normal(1, PRIOR.lam_variance**0.5, size=later)
    common = checked(
        bm=rng.normal(PRIOR.bm_mean, PRIOR.bm_precision**-0.5),
        Sm=half_t(rng),
        delta=rng.normal(0, PRIOR.delta_precision**-0.5),
        P1=half_t(rng),
        Q=half_t(rng),
        nu=np.concatenate([np.zeros(later), nu], axis=1),
        lam=np.concatenate([np.ones(later), lam], axis=1),
        R=2 / scale / rng.gamma(1.0, size=(2, 2)),
    )
    return TrueValues(common=common, bB=bB, sB=np.full(4, PRIOR.spread))


def half_t(rng: np.random.Generator) -> Array:
    """Draw a covariance whose standard deviations are half-t (Huang and Wand 2013)."""
    scale = 1 / rng.gamma(0.5, PRIOR.variance)
    drawn = invwishart(3, np.diag(4 / scale)).rvs(random_state=rng)
    return np.asarray(drawn)


def names() -> list[str]:
    """Name the numbers of the population that are ranked."""
    couplings = [f"bB_{end}" for end in ("cc", "ct", "tc", "tt")]
    means = [f"{part}_{seat}" for part in ("bm", "delta") for seat in ("c", "t")]
    return [*couplings, *means, "Q_cc", "Q_ct", "Q_tt", "R_c1", "R_t1"]


def of_population(population: Population, true: TrueValues) -> list[int]:
    """Rank the truth of what pairs have in common."""

    def numbers(b: Array, common: Nuisance) -> Array:
        Q, R = common.Q[..., [0, 0, 1], [0, 1, 1]], common.R[..., 0]
        return np.concatenate([b, common.bm, common.delta, Q, R], axis=-1)

    draws = numbers(population.mean_b, population.nuisance)
    below = (draws < numbers(true.bB, true.common)).sum(axis=0)
    return [int(rank) for rank in below]


def of_first_pair(population: Population, y: Array, made: Any) -> dict[str, int]:
    """Rank the truth of one pair: couplings, set-point and last level."""
    points = points_of(y, population)
    found = {
        name: of_points(points, i, made.b[0, i])
        for i, name in enumerate(("B_cc", "B_ct", "B_tc", "B_tt"))
    }
    b, nuisance = level_points(points, population, 320)
    told = levels(y, b, nuisance)
    for seat, end in enumerate("ct"):
        parts = {
            "mu": (told.set_point_mean, told.set_point_cov, made.mu[0]),
            "x": (told.mean[..., -1, :], told.cov[..., -1, :, :], made.levels[0, -2]),
        }
        for name, (mean, cov, truth) in parts.items():
            z = (truth[seat] - mean[..., seat]) / np.sqrt(cov[..., seat, seat])
            found[f"{name}_{end}"] = rank_of(float(ndtr(z).mean()))
    return found


def of_points(points: Points, i: int, truth: float) -> int:
    """Rank one coupling among weighted points, every draw with equal weight."""
    below = (points.weights * (points.b[..., i] < truth)).sum(axis=-1)
    return rank_of(float(below.mean()))


def rank_of(share: float) -> int:
    """Turn a share into one of twenty ranks."""
    return min(int(share * (N_DRAWS + 1)), N_DRAWS)
