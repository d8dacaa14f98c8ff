"""Levels, forecasts and innovations against one large normal distribution."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from dense_dyads import Dense, exact_cases, rescaled
from duologue.engine.dyad.levels import Levels, levels, pooled
from duologue.engine.dyad.model import mirrored, mirrored_couplings, of_draws
from duologue.engine.dyad.normal import both_below
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
NAMES = tuple(field.name for field in fields(Levels))


def expected_levels(dense):
    """Every field of ``Levels``, session by session, from the large distribution."""
    sessions, steps = range(dense.n_sessions), range(dense.n_sessions - 1)
    level = [dense.level(j) for j in sessions]
    innovation = [dense.innovation(j) for j in steps]
    set_point, after, rating = (
        dense.set_point(),
        dense.next_level(),
        dense.next_ratings(),
    )
    return {
        "set_point_mean": set_point[0],
        "set_point_cov": set_point[1],
        "mean": np.array([m for m, _ in level]),
        "cov": np.array([c for _, c in level]),
        "next_mean": after[0],
        "next_cov": after[1],
        "next_rating_mean": rating[0],
        "next_rating_sd": rating[1],
        "innovation_mean": np.array([m for m, _ in innovation]).reshape(-1, 2),
        "innovation_cov": np.array([c for _, c in innovation]).reshape(-1, 2, 2),
    }


def assert_equal_to_dense(found, dense, *, atol=1e-10):
    for name, value in expected_levels(dense).items():
        np.testing.assert_allclose(
            getattr(found, name), value, atol=atol, rtol=1e-10, err_msg=name
        )


@given(seed=SEEDS, n_sessions=st.integers(1, 7), n_ratings=st.integers(1, 3))
def test_everything_is_what_all_ratings_at_once_tell(seed, n_sessions, n_ratings):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng, n_ratings), random_couplings(rng)
    ratings = random_ratings(rng, n_sessions, n_ratings)

    found = levels(ratings, b, draw)

    assert_equal_to_dense(found, Dense(ratings, b, draw))


@pytest.mark.parametrize("silent", [0, 1, "both", "at first"])
def test_whoever_is_silent_has_a_level_too(silent):
    rng = np.random.default_rng(14)
    draw, ratings = random_draw(rng), random_ratings(rng, 5, share_blank=0.0)
    where = {"both": np.s_[:], "at first": np.s_[:3]}.get(silent, np.s_[:, silent])
    ratings[where] = np.nan

    assert_equal_to_dense(levels(ratings, B, draw), Dense(ratings, B, draw))


def test_over_uneven_gaps_everything_is_exact_too():
    rng = np.random.default_rng(15)
    draw, ratings, gaps = example(), random_ratings(rng, 5), [0.5, 2.0, 1.3, 1.0]

    found = levels(ratings, B, draw, gaps=gaps, next_gap=2.5)

    assert_equal_to_dense(found, Dense(ratings, B, draw, gaps=gaps, next_gap=2.5))
    limit = -np.sqrt(Dense(ratings, B, draw, gaps=gaps).steps[1][1][0, 0])
    z = (limit - found.innovation_mean[1, 0]) / np.sqrt(found.innovation_cov[1, 0, 0])
    assert found.p_low[1, 0] == pytest.approx(ndtr(z), abs=1e-12)


def test_the_level_at_a_session_by_then_is_the_last_one_of_a_shorter_course():
    rng = np.random.default_rng(16)
    draw, b, ratings = random_case(rng, 6, 3)

    found = levels(ratings, b, draw)

    for n_sessions in range(1, 7):
        shorter = levels(ratings[:n_sessions], b, draw)
        j = n_sessions - 1
        np.testing.assert_allclose(
            found.filtered_mean[:, j], shorter.mean[:, -1], atol=1e-11
        )
        np.testing.assert_allclose(
            found.filtered_cov[:, j], shorter.cov[:, -1], atol=1e-11
        )


def test_the_chances_are_those_of_the_innovations():
    rng = np.random.default_rng(17)
    draw, b, ratings = random_case(rng, 6)

    found = levels(ratings, b, draw)

    sd = np.sqrt(np.diagonal(found.innovation_cov, axis1=-2, axis2=-1))
    z = (-np.sqrt(np.diag(draw.Q)) - found.innovation_mean) / sd
    rho = found.innovation_cov[:, 0, 1] / sd.prod(axis=-1)
    np.testing.assert_allclose(found.p_low, ndtr(z), atol=1e-12)
    np.testing.assert_allclose(
        found.p_both_low, both_below(z[:, 0], z[:, 1], rho), atol=1e-12
    )
    assert (found.p_both_low <= found.p_low.min(axis=-1) + 1e-12).all()


@given(seed=SEEDS, n_empty=st.integers(1, 4))
def test_empty_sessions_at_the_end_change_no_level(seed, n_empty):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 5)
    longer = np.concatenate([ratings, np.full((n_empty, 2, 2), np.nan)])

    found, plain = levels(longer, b, draw), levels(ratings, b, draw)

    for name in ("mean", "cov", "filtered_mean", "filtered_cov"):
        kept = getattr(found, name)[:5]
        np.testing.assert_allclose(kept, getattr(plain, name), atol=1e-10, err_msg=name)
    for name in ("innovation_mean", "innovation_cov", "p_low", "p_both_low"):
        kept = getattr(found, name)[:4]
        np.testing.assert_allclose(kept, getattr(plain, name), atol=1e-10, err_msg=name)
    np.testing.assert_allclose(found.mean[5], plain.next_mean, atol=1e-10)
    np.testing.assert_allclose(found.set_point_mean, plain.set_point_mean, atol=1e-10)


@given(seed=SEEDS)
def test_exchanging_the_seats_mirrors_everything(seed):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 5)

    there = levels(ratings, b, draw)
    back = levels(ratings[:, ::-1], mirrored_couplings(b), mirrored(draw))

    for name in NAMES:
        value = getattr(back, name)
        if name.startswith("next_rating"):
            value = value[..., ::-1, :]
        elif name.endswith("cov"):
            value = value[..., ::-1, ::-1]
        elif name != "p_both_low":
            value = value[..., ::-1]
        np.testing.assert_allclose(
            value, getattr(there, name), atol=1e-10, rtol=1e-10, err_msg=name
        )


@given(seed=SEEDS, factor=st.floats(0.1, 10), shift=st.floats(-20, 20))
def test_levels_follow_another_scale_of_all_ratings(seed, factor, shift):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 5)

    plain = levels(ratings, b, draw)
    found = levels(shift + factor * ratings, b, rescaled(draw, factor, shift))

    moved = {
        "set_point_mean": shift + factor * plain.set_point_mean,
        "mean": shift + factor * plain.mean,
        "next_rating_mean": shift + factor * plain.next_rating_mean,
        "next_rating_sd": factor * plain.next_rating_sd,
        "cov": factor**2 * plain.cov,
        "innovation_mean": factor * plain.innovation_mean,
        "p_both_low": plain.p_both_low,
    }
    for name, value in moved.items():
        np.testing.assert_allclose(getattr(found, name), value, atol=1e-8, err_msg=name)


def test_points_and_draws_are_inferred_together_as_each_alone():
    rng = np.random.default_rng(22)
    draws = [random_draw(rng) for _ in range(2)]
    b, ratings = random_couplings(rng, (2, 3)), random_ratings(rng, 4)
    gaps = [1.0, 2.0, 3.0]

    found = levels(
        ratings, b, of_draws(stacked(draws), (slice(None), None)), gaps=gaps, next_gap=2
    )

    for i, j in np.ndindex(2, 3):
        alone = levels(ratings, b[i, j], draws[i], gaps=gaps, next_gap=2)
        for name in NAMES:
            np.testing.assert_allclose(
                getattr(found, name)[i, j], getattr(alone, name), atol=1e-12
            )


def test_one_session_has_no_innovation():
    found = levels(random_ratings(np.random.default_rng(18), 1), [B, B], example())

    assert found.mean.shape == (2, 1, 2)
    assert found.innovation_mean.shape == found.p_low.shape == (2, 0, 2)
    assert found.innovation_cov.shape == (2, 0, 2, 2)
    assert found.p_both_low.shape == (2, 0)


def test_a_mixture_has_the_spread_within_and_between_its_points():
    rng = np.random.default_rng(19)
    draw, b, ratings = random_case(rng, 4, 3)
    each, weights = levels(ratings, b, draw), np.array([1.0, 0.0, 3.0])

    mixed = pooled(each, weights)

    share = weights / 4
    mean = np.einsum("p,pjs->js", share, each.mean)
    second = each.cov + np.einsum("pja,pjb->pjab", each.mean, each.mean)
    cov = np.einsum("p,pjab->jab", share, second) - np.einsum("ja,jb->jab", mean, mean)
    np.testing.assert_allclose(mixed.mean, mean, atol=1e-12)
    np.testing.assert_allclose(mixed.cov, cov, atol=1e-12)
    p_low = np.einsum("p,pjs->js", share, each.p_low)
    np.testing.assert_allclose(mixed.p_low, p_low, atol=1e-12)
    rating_mean = np.einsum("p,psk->sk", share, each.next_rating_mean)
    rating_second = each.next_rating_sd**2 + each.next_rating_mean**2
    rating_var = np.einsum("p,psk->sk", share, rating_second) - rating_mean**2
    np.testing.assert_allclose(mixed.next_rating_sd, np.sqrt(rating_var), atol=1e-12)


def test_a_mixture_of_one_point_many_times_is_that_point():
    rng = np.random.default_rng(20)
    draw, b, ratings = random_case(rng, 4)
    one = levels(ratings, b, draw)

    mixed = pooled(levels(ratings, np.tile(b, (2, 3, 1)), draw), np.ones((2, 3)))

    for name in NAMES:
        np.testing.assert_allclose(
            getattr(mixed, name), getattr(one, name), atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, 1.0], r"weights must have shape \(3,\), got \(2,\)"),
        ([1.0, -1.0, 1.0], "weights must be 0 or more"),
        ([0.0, 0.0, 0.0], "weights must be 0 or more, and one of them positive"),
        ([1.0, np.nan, 1.0], "weights must be 0 or more"),
    ],
)
def test_weights_are_a_share_for_each_point(weights, message):
    each = levels(random_ratings(np.random.default_rng(21), 2), [B] * 3, example())

    with pytest.raises(ParameterError, match=message):
        pooled(each, weights)


@pytest.mark.shared
def test_every_number_of_the_exact_cases():
    n_compared = 0

    for case, ratings, draw in exact_cases():
        found, told = levels(ratings, case["B"], draw), case["expected"]
        numbers = {
            "set_point_mean": found.set_point_mean,
            "set_point_cov": found.set_point_cov,
            "level_mean": found.mean,
            "level_sd": np.sqrt(np.diagonal(found.cov, axis1=-2, axis2=-1)),
            "next_level_mean": found.next_mean,
            "next_level_cov": found.next_cov,
            "next_rating_mean": found.next_rating_mean,
            "next_rating_sd": found.next_rating_sd,
            "innovation_mean": found.innovation_mean,
            "p_both_client_therapist_low": np.concatenate(
                [found.p_both_low[:, None], found.p_low], axis=-1
            ),
        }
        assert set(told) - set(numbers) == {"loglik"}
        for name, value in numbers.items():
            expected = np.array(told[name]).reshape(value.shape)
            np.testing.assert_allclose(
                value, expected, atol=1e-9, rtol=0, err_msg=f"{case['name']}: {name}"
            )
            n_compared += value.size
    assert n_compared > 300
