"""What is asked of couplings, compiled: the same numbers as pair by pair."""

import numpy as np
import pytest

from duologue.engine.dyad import compiled_balance
from duologue.engine.dyad.balance import figures_of, measures_of
from duologue.engine.dyad.couplings import first_laid, points_of, quantiles
from uncompiled import uncompile
from worked_draws import mirrored_population, simulated, uncertain


def read(population, ratings, n_points=64, enough=12.0):
    """Points of each pair, some of them laid anew."""
    options = {"n_points": n_points, "enough": enough}
    return [points_of(pair, population, **options) for pair in ratings]


def told_together(points, population, n_points=64):
    laid = first_laid(population, n_points)
    return compiled_balance.figures(
        points, population, laid, measures_of(laid.b, population)
    )


@pytest.fixture(params=["compiled", "plain"])
def functions(request, monkeypatch):
    """The module as it runs, and as the Python that it is made of."""
    if request.param == "plain":
        uncompile(monkeypatch, compiled_balance)


@pytest.fixture(scope="module")
def pairs():
    population = uncertain(2, spread=0.3)
    return population, read(population, simulated(6, 25, seed=80).ratings)


def test_each_pair_is_told_what_it_is_told_alone(functions, pairs):
    population, points = pairs

    found = told_together(points, population)

    anew = [own.n_rounds.any() for own in points]
    assert any(anew)
    assert not all(anew)
    for own, together in zip(points, found, strict=True):
        alone = figures_of(own, population, measures_of(own.b, population))
        for one, other in zip(together, alone, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-11)


def test_exchanging_the_seats_mirrors_what_is_told():
    population, ratings = uncertain(2, spread=0.2), simulated(3, 12, seed=81).ratings
    mirrored = mirrored_population(population)

    here = told_together(read(population, ratings), population)
    there = told_together(read(mirrored, ratings[:, :, ::-1]), mirrored)

    for one, other in zip(here, there, strict=True):
        np.testing.assert_allclose(one.means[:4], other.means[3::-1], atol=1e-9)
        np.testing.assert_allclose(one.means[4:], -other.means[4:], atol=1e-9)
        np.testing.assert_allclose(one.ends[4:], -other.ends[4:, ::-1], atol=1e-9)
        np.testing.assert_allclose(one.chances, other.chances[:, [1, 0, 2, 3]])
        np.testing.assert_allclose(one.n_effective, other.n_effective)


def test_quantiles_stop_at_the_outermost_points(functions):
    rng = np.random.default_rng(82)
    values, found = rng.normal(size=9), np.empty(4)
    weights = rng.random(9) * (rng.random(9) < 0.6)
    shares = np.array([0.0, 0.05, 0.5, 1.0])
    order = np.argsort(values)

    compiled_balance._quantiles(values, order, weights, shares, found)

    np.testing.assert_allclose(found, quantiles(values, weights, shares), atol=1e-12)


def test_draws_without_a_stable_point_are_worth_nothing(functions):
    rng, weights = np.random.default_rng(83), np.empty(12)
    log_likelihood = rng.normal(size=(2, 6))
    log_likelihood[1] = -np.inf

    worth = compiled_balance._weigh(
        log_likelihood, np.zeros((2, 6)), np.ones((2, 6)), 0.1, weights
    )

    assert worth == 0
    assert weights[:6].sum() == pytest.approx(0.5)
    assert not weights[6:].any()
