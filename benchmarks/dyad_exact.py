"""Exactness: the filter against one dense normal, printed anchors, exchanged seats."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from duologue.engine.dyad.gottman import Equations, Influence, fixed_points, linear
from duologue.engine.dyad.levels import levels
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import (
    Nuisance,
    expected_path,
    is_stable,
    matrix_of,
    mirrored,
    mirrored_couplings,
    stationary_covariance,
    steady_state,
)
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.shipped import shipped
from duologue.engine.dyad.simulate import recovery_population, simulate

Array = NDArray[np.float64]

SEED = 20_261_127
B = (0.55, 0.20, 0.10, 0.60)


def exactness(*, full: bool) -> dict[str, dict[str, float]]:
    """Measure the largest differences, each with the number of cases it is over."""
    n = 200 if full else 10
    return {
        "log-likelihood against one dense normal": {
            "cases": n,
            "difference": max(difference(i)[0] for i in range(n)),
        },
        "levels given all sessions, against the same": {
            "cases": n,
            "difference": max(difference(i)[1] for i in range(n)),
        },
        "log-likelihood with the seats exchanged": {
            "cases": n,
            "difference": max(difference(i)[2] for i in range(n)),
        },
        "the whole reading of a pair with the seats exchanged": {
            "cases": n // 10,
            "difference": max(exchanged(i) for i in range(n // 10)),
        },
        "equilibria of the marriage equations, as printed": {
            "cases": 3,
            "difference": equilibria(),
        },
        "steady states, path and stationary covariance, as printed": {
            "cases": 4,
            "difference": steady(),
        },
    }


def difference(case: int) -> tuple[float, float, float]:
    """Compare one random course with dense algebra, and with itself exchanged."""
    rng = np.random.default_rng([SEED, 4, case])
    b = rng.normal(B, 0.15)
    while not is_stable(b):
        b = rng.normal(B, 0.15)
    common = recovery_population(n_ratings=int(rng.integers(1, 4))).common
    common = replace(common, Sm=spread_out(rng), Q=spread_out(rng), P1=spread_out(rng))
    shape = (int(rng.integers(1, 15)), 2, common.nu.shape[1])
    y = rng.normal(5, 1.5, size=shape)
    y[rng.random(shape) < 0.3] = np.nan
    mean, covariance = dense(common, b, shape[0])
    there = ~np.isnan(y)
    rows, seats, ratings = np.nonzero(there)
    loads = np.zeros((len(rows), mean.size))
    loads[np.arange(len(rows)), 2 * rows + seats] = common.lam[seats, ratings]
    centre = common.nu[seats, ratings] + loads @ mean
    spread = loads @ covariance @ loads.T + np.diag(common.R[seats, ratings])
    found = float(log_likelihood(y, b, common))
    told = levels(y, b, common).mean.ravel()
    if not len(rows):
        return abs(found), float(np.abs(told - mean).max()), 0.0
    exact = multivariate_normal(centre, spread).logpdf(y[there])
    gain = covariance @ loads.T @ np.linalg.inv(spread)
    level = mean + gain @ (y[there] - centre)
    other = log_likelihood(y[:, ::-1], mirrored_couplings(b), mirrored(common))
    return (
        abs(found - float(exact)),
        float(np.abs(told - level).max()),
        abs(found - float(other)),
    )


def spread_out(rng: np.random.Generator) -> Array:
    """Draw a covariance matrix."""
    root = rng.normal(size=(2, 2))
    return np.asarray(0.3 * root @ root.T + 0.05 * np.eye(2))


def dense(common: Nuisance, b: Array, n_sessions: int) -> tuple[Array, Array]:
    """Mean and covariance of all levels, by writing each as a sum of what made it."""
    matrix = matrix_of(b)
    mean = expected_path(common.bm, b, common.delta, n_sessions).ravel()
    # Rows: levels; columns: set-point, what the start brought, what each step brought.
    made = np.zeros((2 * n_sessions, 2 + 2 * n_sessions))
    for session in range(n_sessions):
        own = np.s_[2 * session : 2 * session + 2]
        made[own, :2] = np.eye(2)
        for source in range(session + 1):
            power = np.linalg.matrix_power(matrix, session - source)
            made[own, 2 + 2 * source : 4 + 2 * source] = power
    sources = np.zeros((made.shape[1], made.shape[1]))
    sources[:2, :2] = common.Sm
    for source in range(n_sessions):
        place = np.s_[2 + 2 * source : 4 + 2 * source]
        sources[place, place] = common.Q if source else common.P1
    return mean, made @ sources @ made.T


def exchanged(case: int) -> float:
    """Read a pair, and the same with its seats exchanged, against the shipped population."""
    rng = np.random.default_rng([SEED, 5, case])
    y = simulate(recovery_population(), 1, 12, rng=rng).ratings[0]
    population = shipped(2)
    one, other = read_pair(y, population), read_pair(y[:, ::-1], population)
    parts = ("level", "set_point", "next_level", "innovation", "p_low")
    apart = [
        np.nanmax(np.abs(getattr(one, part) - getattr(other, part)[..., ::-1]))
        for part in parts
    ]
    apart.append(np.abs(one.balance.couplings - other.balance.couplings[::-1]).max())
    apart.append(abs(one.balance.raw + other.balance.raw))
    return float(max(apart))


def equilibria() -> float:
    """Compare with fixed points that were worked beforehand."""
    plain = Equations(
        inertia=(0.55, 0.6), constants=(0.5, 0.5), influences=(linear(0.2), linear(0.1))
    )
    bent = Influence(below=0.8, above=0.3)
    two = Equations(inertia=(0.4, 0.4), constants=(0.3, 0.3), influences=(bent, bent))
    found = [
        fixed_points(plain),
        fixed_points(replace(plain, sequential=False)),
        fixed_points(two),
    ]
    printed = [[(1.875, 1.71875)]] * 2 + [[(1.0, 1.0), (-1.5, -1.5)]]
    pairs = zip(found, printed, strict=True)
    return float(max(np.abs(one - np.array(other)).max() for one, other in pairs))


def steady() -> float:
    """Compare with what was worked beforehand, to the digits that were printed."""
    common = recovery_population().common
    a = np.array([1.21, 1.58])
    pairs = (
        (steady_state(B, a), (5, 5.2), 12),
        (steady_state(B, a, influenced=False), (2.68888889, 3.95), 8),
        (
            expected_path(common.bm, B, common.delta, 6)[-1],
            (4.745101, 4.989055),
            6,
        ),
        (
            stationary_covariance(np.array(B), common.Q),
            ((0.44344291, 0.21549134), (0.21549134, 0.29733342)),
            8,
        ),
    )
    return float(
        max(
            np.abs(np.round(found, digits) - np.array(printed)).max()
            for found, printed, digits in pairs
        )
    )
