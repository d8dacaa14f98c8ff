"""What a sampler of a population of pairs is given, and where it stands."""

import math
from dataclasses import dataclass

from duologue.engine.dyad.model import Bools, Floats, Ints, Nuisance
from duologue.engine.dyad.packing import unpacked

LEAST_LOG_SHARE = math.log(1e-3)
"""Means with a smaller share of stable couplings are ruled out; further off the share
has few digits."""

SMALLEST = 1e-8
"""A variance does not fall below this share of the variance of a seat's ratings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is held of the population before any answer.

    Standard deviations of levels and errors have half-t priors of 2 degrees of freedom
    on the scale of the ratings.

    Attributes
    ----------
    spread : float
        Standard deviation of each coupling over pairs; never learned.
    variance : ndarray, shape (2,)
        Variance of each seat's first rating, the scale of the half-t priors.
    mean_b, sd_b : ndarray, shape (4,)
        Mean couplings are normal, each by itself, but none of which fewer than one in a
        thousand around them would be stable.
    bm_mean, bm_precision : ndarray, shape (2,)
        Mean set-points are normal; flat where the precision is 0.
    delta_precision : ndarray, shape (2,)
        Starts are normal around 0; flat where the precision is 0.
    nu_variance, lam_variance : float
        Intercepts and loadings of later ratings are normal around 0 and 1.
    """

    spread: float
    variance: Floats
    mean_b: Floats
    sd_b: Floats
    bm_mean: Floats
    bm_precision: Floats
    delta_precision: Floats
    nu_variance: float
    lam_variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Ratings of which only two points are known that they lie between.

    Attributes
    ----------
    at : ndarray of int, shape (4, n)
        Where they stand in ``Answers.ratings``.
    lower, upper : ndarray, shape (n,)
        The points, which may be infinite.
    """

    at: Ints
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All ratings, pairs on the last axis.

    Attributes
    ----------
    ratings, present : ndarray, shape (n_ratings, 2, n_sessions, n_pairs)
        Ratings, 0 where blank, and 1 or 0 for whether there is one.
    steps : ndarray of bool, shape (n_sessions - 1, n_pairs)
        Whether a step ends no later than the pair's last answered session.
    between : Between or None
        Ratings that are drawn anew after each sweep; ``None`` where all are known.
    """

    ratings: Floats
    present: Floats
    steps: Bools
    between: Between | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a chain stands.

    Attributes
    ----------
    mean_b : ndarray, shape (4,)
        Mean couplings, bB.
    log_share : float
        Log of the share of couplings around them that is stable.
    b : ndarray, shape (4, n_pairs)
        Couplings of every pair, stable.
    common : ndarray, shape (n_numbers,)
        Everything else that pairs have in common, as ``packing.packed`` has it.
    scales : ndarray, shape (6 + 2 n_ratings,)
        Mixing numbers of the half-t priors: two each of Sm, P1 and Q, then those of R,
        in the order of ``common``.
    """

    mean_b: Floats
    log_share: float
    b: Floats
    common: Floats
    scales: Floats

    @property
    def nuisance(self) -> Nuisance:
        """What pairs have in common, as the rest of the engine takes it."""
        return unpacked(self.common)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputed:
    """What a sweep filled in, and sums of it over the steps; z = x - mu.

    Attributes
    ----------
    mu : ndarray, shape (2, n_pairs)
        Set-points.
    x : ndarray, shape (n_sessions, 2, n_pairs)
        Levels.
    moments : ndarray, shape (3, n_pairs)
        Sums of z_j z_j': cc, ct, tt.
    cross : ndarray, shape (2, 2, n_pairs)
        Sums of z_{j+1} z_j'.
    """

    mu: Floats
    x: Floats
    moments: Floats
    cross: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How mean couplings, set-points and starts are proposed, for all pairs to follow.

    Attributes
    ----------
    centre : ndarray, shape (8,)
        Where bB, bm and delta are proposed around when ``held`` is ``typical``.
    slope : ndarray, shape (8, n_held)
        How the centre moves with ``held``.
    typical : ndarray, shape (n_held,)
        Mean of that while the chain warmed up.
    root : ndarray, shape (8, 8)
        Lower triangle of the covariance.
    walking : bool
        Whether to propose around the old ones instead.
    pull : ndarray, shape (4,)
        How far below the pairs' mean their constants Z draw bB, for the move of bB
        alone.
    """

    centre: Floats
    slope: Floats
    typical: Floats
    root: Floats
    walking: bool
    pull: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a chain needs; it can be sent to another process."""

    answers: Answers
    prior: Prior
    seed: int
    chain: int
    n_sweeps: int
    n_burn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a chain kept.

    Attributes
    ----------
    mean_b : ndarray, shape (n_sweeps - n_burn, 4)
        Mean couplings.
    common : ndarray, shape (n_sweeps - n_burn, n_numbers)
        The rest, as ``packing.packed`` has it.
    accepted : ndarray, shape (2,)
        Share of sweeps in which mean couplings moved together with all pairs, and by
        themselves.
    """

    mean_b: Floats
    common: Floats
    accepted: Floats
