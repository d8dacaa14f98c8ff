"""Which assumed draws a pair's own ratings speak for."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from dense_dyads import Dense
from duologue.engine.dyad import reading as module
from duologue.engine.dyad.answers import scale
from duologue.engine.dyad.model import is_stable, mirrored_couplings, of_draws
from duologue.engine.dyad.own import (
    N_OWN,
    has_more,
    own_draws,
    own_points,
    weighed_draws,
)
from duologue.engine.dyad.population import assumed
from duologue.engine.dyad.reading import read_balance, read_pair
from duologue.engine.dyad.reasons import Reason
from duologue.engine.dyad.shipped import shipped
from duologue.engine.dyad.simulate import TrueValues, simulate
from duologue.errors import ParameterError
from worked_draws import assert_alike, simulated, uncertain


def scattered(sd, *, n_sessions=20, seed=1):
    """Answers around 6 that scatter by so much, and do nothing else."""
    rng = np.random.default_rng(seed)
    return 6 + sd * rng.standard_normal((n_sessions, 2, 1))


def errors_of(population):
    return np.sqrt(population.nuisance.R[..., 0])


def test_each_draw_counts_by_how_well_it_foretells_the_ratings():
    ratings, population = scattered(0.8, n_sessions=4), shipped()

    first = weighed_draws(ratings, population)

    for draw in (0, 100, 511):
        common = of_draws(population.nuisance, draw)
        for i, b in enumerate(first.b[draw]):
            dense = Dense(ratings, b, common)
            exact = multivariate_normal(dense.y_mean, dense.y_cov).logpdf(dense.y)
            weight = first.weights[draw, i] / first.weights[3, 0]
            other = Dense(ratings, first.b[3, 0], of_draws(population.nuisance, 3))
            base = multivariate_normal(other.y_mean, other.y_cov).logpdf(other.y)
            assert weight == pytest.approx(np.exp(exact - base), rel=1e-8)
    assert first.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("sd", [0.3, 1.5])
def test_how_far_answers_scatter_is_learned_from_the_pair(sd):
    population = shipped()

    own = own_draws(population, weighed_draws(scattered(sd, n_sessions=40), population))

    assert len(own.mean_b) == N_OWN
    assert errors_of(own).mean() == pytest.approx(sd, rel=0.35)
    assert not 0.6 < errors_of(population).mean() / sd < 1.6


def test_a_person_may_scatter_and_the_other_not():
    ratings = scattered(1.0)
    ratings[:, 1] = 6 + 0.2 * (ratings[:, 1] - 6)

    state = read_pair(ratings, shipped(), whole=False)

    width = np.diff(state.level_ends, axis=-1).mean(axis=0)[:, 0]
    assert width[0] > 2 * width[1]


def test_learned_draws_and_a_few_assumed_ones_count_alike():
    ratings = simulated(seed=4).ratings[0]
    few = uncertain(6)

    first = weighed_draws(ratings, few)

    assert not has_more(few)
    assert not has_more(replace(shipped(2), made="fitted"))
    np.testing.assert_allclose(first.weights.sum(axis=1), 1 / 6)


def test_without_ratings_all_draws_count_alike():
    first = weighed_draws(np.full((5, 2, 1), np.nan), shipped())

    stable = is_stable(first.b)
    np.testing.assert_allclose(first.weights[stable], 1 / stable.sum())


def test_what_is_laid_for_one_seat_is_laid_for_the_other():
    ratings = scattered(0.8)
    ratings[3, 0] = np.nan

    one, other = (weighed_draws(y, shipped()) for y in (ratings, ratings[:, ::-1]))

    half = len(one.b) // 2
    turned = np.roll(mirrored_couplings(other.b), half, axis=0)
    both = [np.sort(b.reshape(len(b), -1), axis=1) for b in (one.b, turned)]
    np.testing.assert_allclose(*both)
    np.testing.assert_allclose(
        np.sort(one.weights.ravel()), np.sort(other.weights.ravel()), rtol=1e-9
    )


def test_levels_are_the_same_with_and_without_the_balance():
    ratings = np.clip(scattered(1.2), 0, 10)
    slider = scale("bounded")

    whole = read_pair(ratings, shipped(), scale=slider, n_points=64, enough=10)
    levels = read_pair(ratings, shipped(), scale=slider, whole=False)

    assert levels.balance.reasons == (Reason.NOT_ASKED,)
    assert levels.n_effective.size == 0
    assert np.isfinite(whole.balance.standardised)
    left_out = {
        name: getattr(levels, name) for name in ("balance", "n_effective", "repair")
    }
    assert_alike(replace(whole, **left_out), levels)


def test_the_balance_alone_is_that_of_the_whole_reading():
    how = {"scale": scale("bounded"), "n_points": 64, "enough": 10}

    for n_ratings, population in ((1, shipped()), (2, uncertain())):
        ratings = np.clip(scattered(1.2), 0, 10).repeat(n_ratings, axis=-1)
        whole = read_pair(ratings, population, **how)
        alone = read_balance(ratings, population, **how)

        assert_alike(replace(whole, balance=alone), whole)


def test_against_a_learned_population_levels_alone_are_as_good_as_the_same():
    ratings = simulated(seed=4).ratings[0]

    whole = read_pair(ratings, uncertain())
    levels = read_pair(ratings, uncertain(), whole=False)

    np.testing.assert_allclose(levels.level, whole.level, atol=0.03)
    np.testing.assert_allclose(levels.level_ends, whole.level_ends, atol=0.05)


def test_few_points_stand_for_all(monkeypatch):
    ratings = np.clip(scattered(1.0), 0, 10)
    few = read_pair(ratings, shipped(), whole=False)
    monkeypatch.setattr(module, "N_LEVEL_POINTS", 2000)

    many = read_pair(ratings, shipped(), whole=False)

    # A third of a point of 100, with intervals of sixteen.
    assert np.abs(few.level - many.level).mean() < 0.03
    assert np.abs(few.level_ends - many.level_ends).mean() < 0.04


def test_pairs_that_are_as_was_assumed_have_their_levels_in_nine_of_ten_intervals():
    population, rng = shipped(), np.random.default_rng(8)
    inside = []
    for draw in rng.integers(len(population.mean_b), size=60):
        true = TrueValues(
            common=of_draws(population.nuisance, draw),
            bB=population.mean_b[draw],
            sB=np.full(4, population.spread),
        )
        made = simulate(true, 1, 10, rng=rng)
        state = read_pair(made.ratings[0], population, whole=False)
        ends, level = state.level_ends, made.levels[0, :-1]
        inside.append((ends[..., 0] <= level) & (level <= ends[..., 1]))

    # 60 pairs, whose ten levels share an error: a standard error of .015 or so.
    assert np.mean(inside) == pytest.approx(0.9, abs=0.05)


def test_points_are_taken_from_the_heaviest_on():
    population = shipped()
    first = weighed_draws(scattered(0.8), population)

    b, nuisance = own_points(population, first, 8)

    assert b.shape == (8, 1, 4)
    assert nuisance.bm.shape == (8, 1, 2)
    laid = first.b.reshape(-1, 4)
    places = [int(np.flatnonzero((laid == own).all(axis=1))[0]) for own in b[:, 0]]
    taken = first.weights.ravel()[places]
    assert (np.diff(taken) <= 0).all()
    errors = population.nuisance.R[np.array(places) // first.b.shape[1]]
    np.testing.assert_array_equal(nuisance.R[:, 0], errors)


def test_a_population_without_stable_couplings_is_refused():
    draws = shipped()
    unstable = assumed(np.full((512, 4), 3.0), draws.nuisance, spread=0.01)

    with pytest.raises(ParameterError, match="population must allow couplings"):
        weighed_draws(scattered(1.0), unstable)
