"""A pair's couplings by weighted points, against quadrature and far more points."""

import numpy as np
import pytest

from duologue.engine.dyad import couplings as module
from duologue.engine.dyad.couplings import (
    effective_number,
    points_of,
    pooled_effective_number,
    quantiles,
    weights_at,
)
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import is_stable, of_draws
from duologue.errors import ParameterError
from worked_draws import certain, mirrored_population, simulated, uncertain
from worked_dyads import example, random_ratings


def moments(b, weights):
    """Mean and standard deviation of weighted points (n, 4)."""
    share = weights / weights.sum()
    mean = share @ b
    return mean, np.sqrt(share @ (b - mean) ** 2)


def test_couplings_agree_with_quadrature_over_all_four():
    # Far from the border of stability, so that Gauss and Hermite's rule is exact.
    bB, spread, draw = np.array([0.3, 0.1, 0.05, 0.25]), 0.1, example()
    ratings = simulated(seed=3).ratings[0]
    nodes, weights = np.polynomial.hermite_e.hermegauss(11)
    grid = np.stack(np.meshgrid(*[nodes] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    prior = np.prod(np.meshgrid(*[weights] * 4, indexing="ij"), axis=0).ravel()
    log_density = log_likelihood(ratings, bB + spread * grid, draw)
    expected = moments(
        bB + spread * grid, prior * np.exp(log_density - log_density.max())
    )

    points = points_of(ratings, certain(draw, bB, spread), n_points=8192)

    found = moments(points.b[0], points.weights[0])
    np.testing.assert_allclose(found, expected, atol=0.001)
    few = points_of(ratings, certain(draw, bB, spread))
    np.testing.assert_allclose(moments(few.b[0], few.weights[0]), expected, atol=0.006)


def test_at_the_border_of_stability_they_agree_with_a_very_large_run():
    population = certain(b=(0.75, 0.2, 0.15, 0.7), spread=0.15)
    ratings = simulated(seed=4).ratings[0]
    large = population.mean_b + population.spread * np.random.default_rng(9).normal(
        size=(200_000, 4)
    )
    log_density = log_likelihood(ratings, large, of_draws(population.nuisance, 0))
    log_density[~is_stable(large)] = -np.inf
    expected = moments(large, np.exp(log_density - log_density.max()))

    points = points_of(ratings, population)

    found = moments(points.b[0], points.weights[0])
    np.testing.assert_allclose(found, expected, atol=0.012)
    assert is_stable(points.b[points.weights > 0]).all()


def test_a_pair_that_says_much_is_laid_anew_until_enough_points_carry_it():
    # 64 sessions, errors small: next to the prior, the ratings tell a lot.
    population = uncertain(4, spread=0.3)
    ratings = simulated(n_sessions=64, seed=6).ratings[0]
    few = points_of(ratings, population, enough=0)
    expected = points_of(ratings, population, n_points=2**14)

    points = points_of(ratings, population)

    assert few.effective.min() < 60
    assert (points.n_rounds > 0).any()
    assert points.effective.min() >= 200
    for draw in range(4):
        np.testing.assert_allclose(
            moments(points.b[draw], points.weights[draw]),
            moments(expected.b[draw], expected.weights[draw]),
            atol=0.012,
        )


def test_points_laid_anew_are_weighed_by_the_density_they_were_laid_with():
    # Weighed by 1 over their density alone, they must fill a box with its volume.
    population = uncertain(1)
    first = points_of(
        simulated(seed=8).ratings[0], population, n_points=2**15, enough=0
    )

    laid = module.laid_anew(first.b, first.weights, population, 1)

    mean, sd = moments(first.b[0], first.weights[0])
    inside = (np.abs(laid.b[0] - mean) < sd).all(axis=-1)
    volume = (inside * np.exp(-laid.log_laid[0])).mean()
    assert volume == pytest.approx(np.prod(2 * sd), rel=0.03)


def test_without_ratings_couplings_are_as_the_population_has_them():
    population = certain(b=(0.3, 0.1, 0.1, 0.3), spread=0.1)

    points = points_of(np.full((6, 2, 2), np.nan), population)

    mean, sd = moments(points.b[0], points.weights[0])
    np.testing.assert_allclose(mean, (0.3, 0.1, 0.1, 0.3), atol=0.004)
    np.testing.assert_allclose(sd, 0.1, atol=0.004)


def test_another_spread_needs_no_other_points():
    population, ratings = uncertain(3), simulated(seed=10).ratings[0]
    points = points_of(ratings, population)
    narrow = uncertain(3, spread=0.1)
    expected = points_of(ratings, narrow, n_points=8192)

    weights = weights_at(points, population, 0.1)

    np.testing.assert_allclose(weights_at(points, population, 0.15), points.weights)
    for draw in range(3):
        np.testing.assert_allclose(
            moments(points.b[draw], weights[draw]),
            moments(expected.b[draw], expected.weights[draw]),
            atol=0.008,
        )


@pytest.mark.parametrize(("n_sessions", "spread"), [(20, 0.15), (40, 0.3)])
def test_exchanging_the_two_people_mirrors_every_weight(n_sessions, spread):
    population = uncertain(3, spread=spread)
    ratings = simulated(n_sessions=n_sessions, seed=11).ratings[0]

    one = points_of(ratings, population)
    other = points_of(ratings[:, ::-1], mirrored_population(population))

    half = one.b.shape[1] // 2
    np.testing.assert_array_equal(one.n_rounds, other.n_rounds)
    np.testing.assert_allclose(
        np.roll(other.b, half, axis=1)[..., ::-1], one.b, atol=1e-9
    )
    np.testing.assert_allclose(
        np.roll(other.weights, half, axis=1), one.weights, atol=1e-10
    )


def test_the_same_ratings_give_the_same_bytes():
    population, ratings = uncertain(3, spread=0.3), simulated(seed=12).ratings[0]

    one, other = points_of(ratings, population), points_of(ratings.copy(), population)

    assert one.weights.tobytes() == other.weights.tobytes()
    assert one.b.tobytes() == other.b.tobytes()


def test_empty_sessions_at_the_end_change_no_weight():
    population, ratings = uncertain(2), random_ratings(np.random.default_rng(13), 9)
    longer = np.concatenate([ratings, np.full((4, 2, 2), np.nan)])

    one, other = points_of(ratings, population), points_of(longer, population)

    np.testing.assert_allclose(one.weights, other.weights, atol=1e-14)


def test_a_population_without_stable_couplings_has_no_points():
    points = points_of(simulated().ratings[0], certain(b=(3.0, 0.0, 0.0, 3.0)))

    assert points.effective.tolist() == [0.0]
    assert (points.weights == 0).all()


def test_uneven_gaps_leave_out_couplings_that_have_no_such_step():
    population = certain(b=(0.1, 0.2, 0.2, 0.1), spread=0.15)

    points = points_of(
        random_ratings(np.random.default_rng(14), 4), population, gaps=[1.5, 1.0, 0.5]
    )

    assert 0 < (points.weights == 0).mean() < 1
    assert points.weights.sum() == pytest.approx(1)


def test_effective_points_worked_by_hand():
    assert effective_number(np.array([0.5, 0.5, 0.0])) == pytest.approx(2)
    assert effective_number(np.zeros(3)) == 0
    # Two draws of weight 1/2: 1 / (.25 / 4 + .25 / 1) = 3.2.
    assert pooled_effective_number(np.array([4.0, 1.0])) == pytest.approx(3.2)
    assert pooled_effective_number(np.array([4.0, 0.0])) == 0


def test_quantiles_of_equal_weights_worked_by_hand():
    # Middles of the weights of 1, 2, 4 stand at 1/6, 1/2 and 5/6.
    found = quantiles(
        np.array([4.0, 1.0, 2.0]), np.full(3, 1 / 3), [0.0, 0.5, 2 / 3, 1.0]
    )

    np.testing.assert_allclose(found, [1, 2, 3, 4])


def test_points_of_no_weight_have_no_part_in_a_quantile():
    weights = np.array([[0.5, 0.0, 0.5], [0.0, 0.0, 0.0]])

    found = quantiles(np.array([1.0, 50.0, 2.0]), weights, [0.5])

    assert found[0, 0] == pytest.approx(1.5)
    assert np.isnan(found[1, 0])


@pytest.mark.parametrize("n_points", [0, 8, 1001])
def test_a_number_of_points_that_is_odd_or_too_small_is_refused(n_points):
    with pytest.raises(
        ParameterError, match="n_points must be an even number of 16 or more"
    ):
        points_of(simulated().ratings[0], uncertain(1), n_points=n_points)
