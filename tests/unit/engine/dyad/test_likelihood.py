"""The likelihood against one large normal distribution, and what must not change it."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dense_dyads import Dense, exact_cases, rescaled
from duologue.engine.dyad.likelihood import filtered, log_likelihood
from duologue.engine.dyad.model import (
    Nuisance,
    mirrored,
    mirrored_couplings,
    of_draws,
)
from duologue.errors import ParameterError
from worked_dyads import (
    B,
    example,
    random_case,
    random_couplings,
    random_draw,
    random_ratings,
    stacked,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(seed=SEEDS, n_sessions=st.integers(1, 9), n_ratings=st.integers(1, 3))
def test_the_density_is_that_of_all_ratings_at_once(seed, n_sessions, n_ratings):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng, n_ratings), random_couplings(rng, 2)
    ratings = random_ratings(rng, n_sessions, n_ratings)

    found = log_likelihood(ratings, b, draw)

    expected = [Dense(ratings, point, draw).log_likelihood() for point in b]
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-10)


@pytest.mark.parametrize("blank", ["client", "therapist", "both", "middle"])
def test_whoever_is_silent_is_left_out_exactly(blank):
    rng = np.random.default_rng(6)
    draw, ratings = random_draw(rng), random_ratings(rng, 6, share_blank=0.0)
    where = {
        "client": np.s_[:, 0],
        "therapist": np.s_[:, 1],
        "both": np.s_[:],
        "middle": np.s_[2:4],
    }
    ratings[where[blank]] = np.nan

    found = log_likelihood(ratings, B, draw)

    assert found == pytest.approx(Dense(ratings, B, draw).log_likelihood(), abs=1e-10)
    if blank == "both":
        assert found == pytest.approx(0.0, abs=1e-14)


def test_couplings_that_are_not_stable_have_their_density_too():
    rng = np.random.default_rng(7)
    draw, ratings, b = random_draw(rng), random_ratings(rng, 8), (1.05, 0.1, 0.2, 0.9)

    found = log_likelihood(ratings, b, draw)

    assert found == pytest.approx(Dense(ratings, b, draw).log_likelihood(), abs=1e-9)


@given(seed=SEEDS, n_sessions=st.integers(2, 7))
def test_over_uneven_gaps_the_density_is_exact_too(seed, n_sessions):
    rng = np.random.default_rng(seed)
    draw = example()
    b = rng.uniform([0.3, 0.0, 0.0, 0.3], [0.6, 0.2, 0.2, 0.6])
    gaps = rng.choice([0.5, 1.0, 1.7, 3.0], size=n_sessions - 1)
    ratings = random_ratings(rng, n_sessions)

    found = log_likelihood(ratings, b, draw, gaps=gaps)

    expected = Dense(ratings, b, draw, gaps=gaps).log_likelihood()
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-10)


def test_gaps_of_one_change_nothing_and_a_gap_of_two_is_an_empty_session():
    rng = np.random.default_rng(8)
    draw, b = random_draw(rng), random_couplings(rng, 20)
    ratings = random_ratings(rng, 5)
    with_empty = np.insert(ratings, 3, np.nan, axis=0)

    plain = log_likelihood(ratings, b, draw)

    np.testing.assert_array_equal(log_likelihood(ratings, b, draw, gaps=[1] * 4), plain)
    np.testing.assert_allclose(
        log_likelihood(ratings, b, draw, gaps=[1, 1, 2, 1]),
        log_likelihood(with_empty, b, draw),
        atol=1e-11,
    )


def test_couplings_of_no_course_in_time_cannot_be_over_uneven_gaps():
    b = np.array([B, (-0.5, 0.0, 0.0, 0.5)])
    ratings = random_ratings(np.random.default_rng(9), 3)

    found = log_likelihood(ratings, b, example(), gaps=[1, 1.5])

    assert np.isfinite(found[0])
    assert found[1] == -np.inf
    with pytest.raises(ParameterError, match="b must be couplings that have every gap"):
        filtered(ratings, b, example(), gaps=[1, 1.5])


@given(seed=SEEDS, n_empty=st.integers(1, 5))
def test_empty_sessions_at_the_end_change_nothing(seed, n_empty):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 6)
    longer = np.concatenate([ratings, np.full((n_empty, 2, 2), np.nan)])

    found = log_likelihood(longer, b, draw)

    assert found == pytest.approx(log_likelihood(ratings, b, draw), abs=1e-10)


@given(seed=SEEDS)
def test_the_order_of_ratings_within_a_session_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng, 3), random_couplings(rng)
    ratings, order = random_ratings(rng, 6, 3), rng.permutation(3)
    parts = {name: getattr(draw, name) for name in Nuisance.__dataclass_fields__}
    for name in ("nu", "lam", "R"):
        parts[name] = parts[name][:, order]

    found = log_likelihood(ratings[..., order], b, Nuisance(**parts))

    assert found == pytest.approx(log_likelihood(ratings, b, draw), abs=1e-10)


@given(seed=SEEDS)
def test_exchanging_the_seats_everywhere_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 6)

    found = log_likelihood(ratings[:, ::-1], mirrored_couplings(b), mirrored(draw))

    assert found == pytest.approx(log_likelihood(ratings, b, draw), abs=1e-10)


@given(seed=SEEDS, factor=st.floats(0.1, 10), shift=st.floats(-20, 20))
def test_another_scale_of_all_ratings_only_changes_the_unit(seed, factor, shift):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 6)
    n_seen = (~np.isnan(ratings)).sum()

    found = log_likelihood(shift + factor * ratings, b, rescaled(draw, factor, shift))

    expected = log_likelihood(ratings, b, draw) - n_seen * np.log(factor)
    assert found == pytest.approx(expected, abs=1e-8)


def test_points_and_draws_are_computed_together_as_each_alone():
    rng = np.random.default_rng(10)
    draws = [random_draw(rng) for _ in range(3)]
    b, ratings = random_couplings(rng, (3, 5)), random_ratings(rng, 7)
    stack = of_draws(stacked(draws), (slice(None), None))

    found = log_likelihood(ratings, b, stack)

    assert found.shape == (3, 5)
    expected = [
        [log_likelihood(ratings, point, draw) for point in row]
        for row, draw in zip(b, draws, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_draw_for_each_point():
    rng = np.random.default_rng(11)
    draws = [random_draw(rng) for _ in range(4)]
    b, ratings = random_couplings(rng, 4), random_ratings(rng, 5)

    found = log_likelihood(ratings, b, stacked(draws))

    expected = [
        log_likelihood(ratings, point, draw)
        for point, draw in zip(b, draws, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_many_sessions_neither_overflow_nor_vanish():
    rng = np.random.default_rng(12)
    ratings = random_ratings(rng, 400, share_blank=0.1)

    for factor in (1e-8, 1.0, 1e8):
        found = log_likelihood(factor * ratings, B, rescaled(example(), factor, 0.0))
        n_seen = (~np.isnan(ratings)).sum()
        expected = log_likelihood(ratings, B, example()) - n_seen * np.log(factor)
        assert found == pytest.approx(expected, rel=1e-9)


def test_the_filter_kept_says_what_the_filter_says():
    rng = np.random.default_rng(13)
    draw, b, ratings = random_case(rng, 5, 6)

    kept = filtered(ratings, b, draw)

    np.testing.assert_allclose(kept.log_likelihood, log_likelihood(ratings, b, draw))
    assert kept.mean.shape == kept.u_mean.shape == (6, 5, 2)
    assert kept.cov.shape == kept.slope_before.shape == (6, 5, 2, 2)


@pytest.mark.shared
def test_the_density_agrees_with_the_exact_cases():
    cases = exact_cases()

    for case, ratings, draw in cases:
        found = log_likelihood(ratings, case["B"], draw)
        assert found == pytest.approx(case["expected"]["loglik"], abs=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"ratings": np.zeros((3, 2, 1))},
            "ratings must have shape (..., n_sessions, 2",
        ),
        (
            {"ratings": np.zeros((0, 2, 2))},
            "ratings must have shape (..., n_sessions, 2",
        ),
        ({"ratings": np.full((3, 2, 2), np.inf)}, "ratings must be finite or nan"),
        ({"ratings": np.zeros((2, 3, 2, 2))}, "ratings must be those of one pair"),
        ({"b": np.zeros((5, 3))}, "b must have shape (..., 4), got (5, 3)"),
        ({"gaps": [1.0]}, "gaps must have shape (2,), got (1,)"),
        ({"gaps": [1.0, 0.0]}, "gaps must be positive numbers"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    given = {"ratings": np.zeros((3, 2, 2)), "b": B, "gaps": None} | change

    with pytest.raises(ParameterError, match=re.escape(message)):
        log_likelihood(given["ratings"], given["b"], example(), gaps=given["gaps"])


def test_draws_and_points_that_do_not_fit_are_refused():
    draws = stacked([example()] * 3)

    with pytest.raises(
        ParameterError, match=r"leading axes that fit \(3,\), got \(5,\)"
    ):
        log_likelihood(np.zeros((3, 2, 2)), np.zeros((5, 4)), draws)
