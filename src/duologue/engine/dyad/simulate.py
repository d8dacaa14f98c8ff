"""Caseloads with known truth: drawn from the model, or from a world that breaks it.

What an option touches is drawn from a stream of its own, so that two caseloads of one
seed which differ in one option have all the rest in common.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from duologue.engine.dyad.gaps import has_gap, over_gap
from duologue.engine.dyad.model import (
    Bools,
    Floats,
    Ints,
    Nuisance,
    checked,
    is_stable,
    n_ratings,
    stationary_covariance,
)
from duologue.errors import ParameterError

NO_SHOCK, JOINT_SHOCK, CLIENT_SHOCK = 0, 1, 2
"""What befell a session (``Simulated.shocks``)."""

_MOST_ROUNDS = 1000  # of drawing couplings anew: a share of 1 % would do with 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueValues:
    """The values that a caseload is drawn from.

    Attributes
    ----------
    common : Nuisance
        One draw of all that pairs have in common.
    bB, sB : ndarray, shape (4,)
        Mean and standard deviation of the couplings, before they are restricted to
        stable ones.
    """

    common: Nuisance
    bB: Floats
    sB: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How ratings come about; all but ``missing`` are ways to break the model.

    Attributes
    ----------
    missing : float in [0, 1]
        Share of forms that are missing, each person's whole form.
    withholding : float >= 0
        How much likelier a form is missing where its author is less open: the chance
        is ``2 missing Phi(-withholding z)``, z the level in standard deviations of the
        population. At 0 forms are missing at random; above it ``missing`` is at most
        one half.
    n_categories : int
        Ratings in so few categories; 0 leaves them as they are.
    category_width : float > 0
        Width of a category in points of the scale.
    share_at_ceiling : float in (0, 1)
        Share of each rating that lies in the highest category.
    trend : float
        By how much the set-points move from session to session.
    joint_shocks, client_shocks : float in [0, 1]
        Share of sessions, from the second on, in which both or the client alone are
        suddenly less open than foretold; together 1 at most.
    shock : float >= 0
        By how much.
    gaps : tuple of float > 0
        Lengths from which every gap is drawn, in usual gaps.
    """

    missing: float = 0.15
    withholding: float = 0.0
    n_categories: int = 0
    category_width: float = 1.0
    share_at_ceiling: float = 0.2
    trend: float = 0.0
    joint_shocks: float = 0.0
    client_shocks: float = 0.0
    shock: float = 1.2
    gaps: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A caseload and its truth.

    Attributes
    ----------
    ratings : ndarray, shape (n_pairs, n_sessions, 2, n_ratings)
        ``nan`` where a form is missing.
    next_ratings : ndarray, shape (n_pairs, 2, n_ratings)
        All ratings of the session after the last.
    levels : ndarray, shape (n_pairs, n_sessions + 1, 2)
        The true levels, of that session too.
    mu : ndarray, shape (n_pairs, 2)
        Set-points; with a trend, those of the first session.
    b : ndarray, shape (n_pairs, 4)
        Couplings.
    gaps : ndarray, shape (n_pairs, n_sessions)
        Length of each step, the last one to the session after the last.
    shocks : ndarray of int, shape (n_pairs, n_sessions + 1)
        ``NO_SHOCK``, ``JOINT_SHOCK`` or ``CLIENT_SHOCK``.
    """

    ratings: Floats
    next_ratings: Floats
    levels: Floats
    mu: Floats
    b: Floats
    gaps: Floats
    shocks: Ints


def recovery_population(
    *, n_ratings: int = 2, sB: ArrayLike = (0.15, 0.12, 0.12, 0.15)
) -> TrueValues:
    """Values with which recovery is tested: chosen, not learned from anybody.

    Parameters
    ----------
    n_ratings : int >= 1
        Ratings of each person; the first has intercept 0 and loading 1, others .2, .9.
    sB : array_like >= 0, shape () or (4,)
        Standard deviation of the couplings.

    Returns
    -------
    TrueValues

    Raises
    ------
    ParameterError
        If ``n_ratings`` is below 1 or ``sB`` negative.
    """
    if n_ratings < 1:
        raise ParameterError(f"n_ratings must be 1 or more, got {n_ratings}.")
    spread = np.asarray(sB, dtype=float)
    if (
        spread.shape not in {(), (4,)}
        or not (np.isfinite(spread) & (spread >= 0)).all()
    ):
        raise ParameterError("sB must be one or four numbers of 0 or more, got others.")
    others = n_ratings - 1
    common = checked(
        bm=[5.0, 5.2],
        Sm=[[0.49, 0.0], [0.0, 0.25]],
        delta=[-1.5, -1.0],
        P1=[[0.5, 0.2], [0.2, 0.4]],
        Q=[[0.25, 0.08], [0.08, 0.16]],
        nu=[[0.0, *[0.2] * others]] * 2,
        lam=[[1.0, *[0.9] * others]] * 2,
        R=np.full((2, n_ratings), 0.3),
    )
    bB = np.array([0.55, 0.20, 0.10, 0.60])
    return TrueValues(common=common, bB=bB, sB=np.broadcast_to(spread, (4,)))


def simulate(
    population: TrueValues,
    n_pairs: int,
    n_sessions: int,
    *,
    rng: np.random.Generator,
    world: World = World(),
) -> Simulated:
    """Draw a caseload: set-points, couplings, levels, ratings, and what is missing.

    Parameters
    ----------
    population : TrueValues
        What it is drawn from. Couplings that are not stable (or, with gaps that are
        not whole, have no such step) are drawn anew.
    n_pairs, n_sessions : int >= 1
        How many pairs, each of how many sessions.
    rng : numpy.random.Generator
        Moved on by the same amount whatever the options.
    world : World
        How ratings come about.

    Returns
    -------
    Simulated

    Raises
    ------
    ParameterError
        If a number is out of range, or stable couplings are too rare to be drawn.
    """
    _check(n_pairs, n_sessions, world)
    streams = [np.random.default_rng(seed) for seed in rng.integers(2**63, size=7)]
    of_mu, of_b, of_gaps, of_shocks, of_levels, of_ratings, of_missing = streams
    common = population.common
    mu = _normal(of_mu, common.bm, common.Sm, (n_pairs,))
    b = _couplings(of_b, population, n_pairs, world.gaps)
    gaps = of_gaps.choice(np.array(world.gaps), size=(n_pairs, n_sessions))
    shocks = _shocks(of_shocks, (n_pairs, n_sessions + 1), world)
    levels = _levels(
        of_levels, common, mu=mu, b=b, gaps=gaps, shocks=shocks, world=world
    )
    ratings = _ratings(of_ratings, common, levels)
    if world.n_categories:
        ratings = _in_categories(ratings, world)
    missing = _missing(of_missing, population, levels[:, :-1], world)
    seen = np.where(missing[..., None], np.nan, ratings[:, :-1])
    return Simulated(
        ratings=seen,
        next_ratings=ratings[:, -1],
        levels=levels,
        mu=mu,
        b=b,
        gaps=gaps,
        shocks=shocks,
    )


def _check(n_pairs: int, n_sessions: int, world: World) -> None:
    ranges = {
        "n_pairs": (n_pairs, 1, math.inf),
        "n_sessions": (n_sessions, 1, math.inf),
        "missing": (world.missing, 0, 0.5 if world.withholding else 1),
        "withholding": (world.withholding, 0, math.inf),
        "n_categories": (world.n_categories, 0, math.inf),
        "share_at_ceiling": (world.share_at_ceiling, 0, 1),
        "joint_shocks": (world.joint_shocks, 0, 1),
        "client_shocks": (world.client_shocks, 0, 1 - world.joint_shocks),
        "shock": (world.shock, 0, math.inf),
    }
    for name, (value, lowest, highest) in ranges.items():
        if not lowest <= value <= highest:
            raise ParameterError(
                f"{name} must lie between {lowest} and {highest}, got {value}."
            )
    if not world.category_width > 0:
        raise ParameterError(
            f"category_width must be positive, got {world.category_width}."
        )
    if not world.gaps or not all(0 < gap < math.inf for gap in world.gaps):
        raise ParameterError("gaps must be one or more positive numbers, got others.")


def _normal(
    rng: np.random.Generator, mean: Floats, cov: Floats, shape: tuple[int, ...]
) -> Floats:
    """Draw pairs of numbers; covariances may differ from pair to pair."""
    root = np.linalg.cholesky(cov)
    z = rng.standard_normal((*shape, 2))
    return np.asarray(mean + (root @ z[..., None])[..., 0])


def _couplings(
    rng: np.random.Generator,
    population: TrueValues,
    n_pairs: int,
    gaps: tuple[float, ...],
) -> Floats:
    """Draw couplings, again and again those that there cannot be."""
    b = np.empty((n_pairs, 4))
    wanted = np.ones(n_pairs, dtype=bool)
    for _ in range(_MOST_ROUNDS):
        z = rng.standard_normal((int(wanted.sum()), 4))
        b[wanted] = population.bB + population.sB * z
        wanted = ~is_stable(b)
        for gap in set(gaps):
            wanted |= ~has_gap(b, population.common.Q, gap)
        if not wanted.any():
            return b
    raise ParameterError("population must allow stable couplings, got one with few.")


def _shocks(rng: np.random.Generator, shape: tuple[int, int], world: World) -> Ints:
    chance = rng.random(shape)
    joint = chance < world.joint_shocks
    client = ~joint & (chance < world.joint_shocks + world.client_shocks)
    shocks = np.select([joint, client], [JOINT_SHOCK, CLIENT_SHOCK], NO_SHOCK)
    shocks[:, 0] = NO_SHOCK
    return shocks.astype(np.int64)


def _levels(
    rng: np.random.Generator,
    common: Nuisance,
    *,
    mu: Floats,
    b: Floats,
    gaps: Floats,
    shocks: Ints,
    world: World,
) -> Floats:
    n_pairs, n_steps = gaps.shape
    away = _normal(rng, common.delta, common.P1, (n_pairs,))
    levels = [mu + away]
    for step in range(n_steps):
        B, Q = _steps(b, common.Q, gaps[:, step])
        shock = shocks[:, step + 1]
        struck = np.stack([shock != NO_SHOCK, shock == JOINT_SHOCK], axis=-1)
        innovation = _normal(rng, np.zeros(2), Q, (n_pairs,)) - world.shock * struck
        away = (B @ away[..., None])[..., 0] + innovation
        levels.append(mu + world.trend * (step + 1) + away)
    return np.stack(levels, axis=1)


def _steps(b: Floats, Q: Floats, gaps: Floats) -> tuple[Floats, Floats]:
    """B(g) and Q(g) of one step, whose length differs from pair to pair."""
    B, Q_each = np.empty((len(b), 2, 2)), np.empty((len(b), 2, 2))
    for gap in np.unique(gaps):
        B[gaps == gap], Q_each[gaps == gap] = over_gap(b[gaps == gap], Q, float(gap))
    return B, Q_each


def _ratings(rng: np.random.Generator, common: Nuisance, levels: Floats) -> Floats:
    error = rng.standard_normal((*levels.shape, n_ratings(common)))
    return np.asarray(
        common.nu + common.lam * levels[..., None] + np.sqrt(common.R) * error
    )


def _in_categories(ratings: Floats, world: World) -> Floats:
    """Put each rating in the middle of its category; the outer two are open."""
    top_edge = np.quantile(ratings, 1 - world.share_at_ceiling, axis=(0, 1))
    from_top = np.ceil((top_edge - ratings) / world.category_width)
    from_top = np.clip(from_top, 0, world.n_categories - 1)
    return np.asarray(top_edge + world.category_width * (0.5 - from_top))


def _missing(
    rng: np.random.Generator, population: TrueValues, levels: Floats, world: World
) -> Bools:
    common = population.common
    V = stationary_covariance(population.bB, common.Q) if world.withholding else 0.0
    sd = np.sqrt(np.diagonal(common.Sm + V))
    z = (levels - common.bm) / sd
    chance = 2 * world.missing * ndtr(-world.withholding * z)
    return np.asarray(rng.random(levels.shape) < chance)
