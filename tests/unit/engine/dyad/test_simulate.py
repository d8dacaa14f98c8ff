"""Simulated caseloads: what they follow, and what each broken world does to them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dense_dyads import Dense
from duologue.engine.dyad.levels import levels
from duologue.engine.dyad.model import is_stable
from duologue.engine.dyad.simulate import (
    CLIENT_SHOCK,
    JOINT_SHOCK,
    World,
    recovery_population,
    simulate,
)
from duologue.errors import ParameterError

ALIKE = recovery_population(sB=0.0)
"""Pairs of one and the same couplings: everything is normal, with known moments."""


def caseload(population=None, n_pairs=400, n_sessions=6, seed=1, **options):
    return simulate(
        population or recovery_population(),
        n_pairs,
        n_sessions,
        rng=np.random.default_rng(seed),
        world=World(**options),
    )


@pytest.mark.parametrize("gaps", [(1.0,), (0.5,), (2.0,)])
def test_ratings_have_the_mean_and_covariance_of_the_model(gaps):
    n_pairs = 20_000
    made = caseload(ALIKE, n_pairs, 3, missing=0.0, gaps=gaps)
    flat = made.ratings.reshape(n_pairs, -1)
    dense = Dense(made.ratings[0], ALIKE.bB, ALIKE.common, gaps=gaps * 2)

    # Five standard errors of a mean and of a covariance of normal variables.
    variance = np.diag(dense.y_cov)
    error = np.sqrt(np.outer(variance, variance) + dense.y_cov**2)
    assert (np.abs(flat.mean(0) - dense.y_mean) < 5 * np.sqrt(variance / n_pairs)).all()
    assert (np.abs(np.cov(flat.T) - dense.y_cov) < 5 * error / np.sqrt(n_pairs)).all()


def test_the_truth_lies_where_exact_inference_says():
    # Of two levels, (truth - mean)' cov^-1 (truth - mean) is chi-square with 2 degrees.
    population = recovery_population()
    made = caseload(population, 250, 8)
    squares = []
    for pair in range(250):
        told = levels(made.ratings[pair], made.b[pair], population.common)
        for away, cov in (
            (made.levels[pair, 3] - told.mean[3], told.cov[3]),
            (made.levels[pair, 8] - told.next_mean, told.next_cov),
            (made.mu[pair] - told.set_point_mean, told.set_point_cov),
        ):
            squares.append(away @ np.linalg.solve(cov, away))

    mean = np.mean(np.reshape(squares, (250, 3)), axis=0)
    assert (np.abs(mean - 2) < 4 * np.sqrt(4 / 250)).all()


def test_couplings_are_stable_and_spread_as_asked():
    made = caseload(n_pairs=5000, n_sessions=1)

    assert is_stable(made.b).all()
    # Restricting them takes a little off the mean and the spread.
    np.testing.assert_allclose(made.b.mean(0), [0.55, 0.2, 0.1, 0.6], atol=0.02)
    np.testing.assert_allclose(made.b.std(0), [0.15, 0.12, 0.12, 0.15], atol=0.012)


def test_the_same_seed_makes_the_same_caseload():
    one, other = caseload(seed=2), caseload(seed=2)

    np.testing.assert_array_equal(one.ratings, other.ratings)
    np.testing.assert_array_equal(one.b, other.b)
    assert not np.array_equal(one.b, caseload(seed=3).b)


def test_shapes_and_whole_forms():
    made = caseload(recovery_population(n_ratings=3), 50, 7, missing=0.4)

    assert made.ratings.shape == (50, 7, 2, 3)
    assert made.next_ratings.shape == (50, 2, 3)
    assert made.levels.shape == (50, 8, 2)
    blank = np.isnan(made.ratings)
    assert (blank.all(axis=-1) == blank.any(axis=-1)).all()
    assert np.isfinite(made.next_ratings).all()


def test_an_option_changes_only_what_it_touches():
    plain = caseload()
    full, stepped = caseload(missing=0.0), caseload(n_categories=5)
    struck, drifting = caseload(joint_shocks=0.1), caseload(trend=0.1)

    np.testing.assert_array_equal(full.levels, plain.levels)
    np.testing.assert_array_equal(stepped.levels, plain.levels)
    blank = np.isnan(plain.ratings)
    np.testing.assert_array_equal(full.ratings[~blank], plain.ratings[~blank])
    np.testing.assert_array_equal(np.isnan(stepped.ratings), blank)
    assert not np.array_equal(struck.levels, plain.levels)
    np.testing.assert_array_equal(struck.b, plain.b)
    risen = np.arange(7)[:, None] * 0.1
    np.testing.assert_allclose(drifting.levels - plain.levels, risen + 0 * plain.levels)


def test_forms_are_missing_as_often_as_asked():
    n_forms = 400 * 6 * 2
    share = np.isnan(caseload().ratings[..., 0]).mean()

    assert abs(share - 0.15) < 4 * np.sqrt(0.15 * 0.85 / n_forms)


def test_who_is_less_open_withholds_more_often():
    made = caseload(ALIKE, 3000, 12, missing=0.2, withholding=2.0)
    late = np.s_[:, 6:12]  # by then the low start is over
    blank, level = np.isnan(made.ratings[late][..., 0]), made.levels[late]

    assert abs(blank.mean() - 0.2) < 0.02
    for seat in (0, 1):
        mine, gone = level[..., seat], blank[..., seat]
        assert mine[gone].mean() < mine[~gone].mean() - 0.5


def test_few_categories_with_one_in_five_at_the_ceiling():
    made = caseload(n_pairs=1000, missing=0.0, n_categories=5, category_width=0.8)
    all_ratings = np.concatenate([made.ratings, made.next_ratings[:, None]], axis=1)

    for seat, rating in np.ndindex(2, 2):
        values, counts = np.unique(
            all_ratings[..., seat, rating].round(9), return_counts=True
        )
        assert len(values) == 5
        np.testing.assert_allclose(np.diff(values), 0.8)
        assert counts[-1] / counts.sum() == pytest.approx(0.2, abs=1e-3)


def test_a_rating_lies_within_half_a_category_of_its_own():
    plain = caseload(missing=0.0)
    stepped = caseload(missing=0.0, n_categories=1000, category_width=0.5)

    below = stepped.ratings < stepped.ratings.max(axis=(0, 1))
    assert (np.abs(stepped.ratings - plain.ratings)[below] <= 0.25 + 1e-9).all()


def test_shocks_come_as_often_as_asked_and_lower_who_they_strike():
    plain = caseload(n_pairs=2000)
    made = caseload(n_pairs=2000, joint_shocks=0.05, client_shocks=0.1, shock=1.2)

    assert (made.shocks[:, 0] == 0).all()
    shares = [(made.shocks[:, 1:] == kind).mean() for kind in (1, 2)]
    np.testing.assert_allclose(shares, [0.05, 0.1], atol=0.012)
    first = made.levels[:, 1] - plain.levels[:, 1]
    for kind, fallen in (
        (0, (0, 0)),
        (JOINT_SHOCK, (1.2, 1.2)),
        (CLIENT_SHOCK, (1.2, 0)),
    ):
        struck = first[made.shocks[:, 1] == kind]
        np.testing.assert_allclose(
            struck, np.tile(fallen, (len(struck), 1)) * -1, atol=1e-12
        )


def test_gaps_are_drawn_from_those_given_and_every_pair_has_such_steps():
    made = caseload(n_pairs=300, gaps=(0.5, 1.0, 2.5))

    assert set(np.unique(made.gaps)) == {0.5, 1.0, 2.5}
    assert np.isfinite(made.levels).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"missing": 1.2}, "missing must lie between 0 and 1, got 1.2"),
        ({"missing": 0.6, "withholding": 1.0}, "missing must lie between 0 and 0.5"),
        ({"withholding": -1.0}, "withholding must lie between 0 and inf"),
        ({"joint_shocks": 0.6, "client_shocks": 0.6}, "client_shocks must lie between"),
        ({"category_width": 0.0}, "category_width must be positive, got 0.0"),
        ({"gaps": ()}, "gaps must be one or more positive numbers"),
        ({"gaps": (1.0, -1.0)}, "gaps must be one or more positive numbers"),
        ({"n_pairs": 0}, "n_pairs must lie between 1 and inf, got 0"),
        ({"n_sessions": 0}, "n_sessions must lie between 1 and inf, got 0"),
    ],
)
def test_a_world_out_of_range_is_refused(options, message):
    with pytest.raises(ParameterError, match=re.escape(message)):
        caseload(**options)


def test_a_population_without_stable_couplings_is_refused():
    unstable = replace(ALIKE, bB=np.array([1.2, 0.0, 0.0, 0.5]))

    with pytest.raises(ParameterError, match="population must allow stable couplings"):
        caseload(unstable)


@pytest.mark.parametrize("sB", [-0.1, [0.1, 0.1], np.nan])
def test_a_spread_is_one_or_four_numbers(sB):
    with pytest.raises(ParameterError, match="sB must be one or four numbers"):
        recovery_population(sB=sB)
    with pytest.raises(ParameterError, match="n_ratings must be 1 or more, got 0"):
        recovery_population(n_ratings=0)
