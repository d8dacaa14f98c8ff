"""One pair read whole: what is told, what is not, and that neither seat is favoured."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from dense_dyads import exact_cases
from duologue.engine.dyad import reading as module
from duologue.engine.dyad.balance import Outcome
from duologue.engine.dyad.levels import levels
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.reasons import Reason
from duologue.errors import ParameterError
from worked_draws import (
    assert_alike,
    certain,
    mirrored_population,
    numbers_of,
    simulated,
    uncertain,
    unsound,
)
from worked_dyads import B, example, random_ratings

OF_SEATS = (
    "level", "level_ends", "foretold", "innovation", "innovation_sd", "p_low",
    "repair", "answered",
)  # fmt: skip
OF_PAIR = (
    "set_point", "set_point_ends", "next_level", "next_level_ends", "next_rating",
    "next_rating_ends", "n_answers",
)  # fmt: skip


def test_a_population_without_doubt_gives_the_exact_levels():
    ratings = random_ratings(np.random.default_rng(50), 7)

    state = read_pair(ratings, certain())

    exact = levels(ratings, B, example())
    sd = np.sqrt(np.diagonal(exact.cov, axis1=-2, axis2=-1))
    np.testing.assert_allclose(state.level, exact.mean, atol=1e-9)
    np.testing.assert_allclose(
        state.level_ends[..., 1] - state.level, 1.6448536 * sd, atol=1e-7
    )
    np.testing.assert_allclose(state.set_point, exact.set_point_mean, atol=1e-9)
    np.testing.assert_allclose(state.next_level, exact.next_mean, atol=1e-9)
    np.testing.assert_allclose(state.next_rating, exact.next_rating_mean, atol=1e-9)
    np.testing.assert_allclose(state.innovation, exact.innovation_mean, atol=1e-9)
    np.testing.assert_allclose(state.p_low, exact.p_low, atol=1e-9)
    np.testing.assert_allclose(state.p_both_low, exact.p_both_low, atol=1e-9)


def test_over_uneven_gaps_levels_are_exact_too():
    ratings, gaps = random_ratings(np.random.default_rng(51), 5), [0.5, 2.0, 1.3, 1.0]

    state = read_pair(ratings, certain(), gaps=gaps, next_gap=2.5)

    exact = levels(ratings, B, example(), gaps=gaps, next_gap=2.5)
    np.testing.assert_allclose(state.level, exact.mean, atol=1e-9)
    np.testing.assert_allclose(state.next_level, exact.next_mean, atol=1e-9)
    np.testing.assert_allclose(state.innovation, exact.innovation_mean, atol=1e-9)


def test_few_points_stand_for_all_of_them(monkeypatch):
    ratings, population = simulated(seed=52).ratings[0], uncertain()
    state = read_pair(ratings, population)
    monkeypatch.setattr(module, "N_LEVEL_POINTS", 4000)

    expected = read_pair(ratings, population)

    assert_alike(state, expected, atol=0.05, but=("repair",))
    np.testing.assert_allclose(state.level, expected.level, atol=0.02)
    np.testing.assert_allclose(state.repair, expected.repair, atol=0.05)


@pytest.mark.parametrize(("n_sessions", "spread"), [(20, 0.15), (33, 0.3)])
def test_exchanging_the_two_people_mirrors_the_whole_reading(n_sessions, spread):
    population = uncertain(6, spread=spread)
    ratings = simulated(n_sessions=n_sessions, seed=53).ratings[0]

    one = read_pair(ratings, population)
    other = read_pair(ratings[:, ::-1], mirrored_population(population))

    turned = {name: getattr(other, name)[:, ::-1] for name in OF_SEATS}
    turned |= {name: getattr(other, name)[::-1] for name in OF_PAIR}
    balance = replace(
        other.balance,
        couplings=other.balance.couplings[::-1],
        couplings_ends=other.balance.couplings_ends[::-1],
        raw=-other.balance.raw,
        raw_ends=-other.balance.raw_ends[::-1],
        standardised=-other.balance.standardised,
        standardised_ends=-other.balance.standardised_ends[::-1],
        chances=other.balance.chances[:, [1, 0, 2, 3]],
    )
    assert_alike(one, replace(other, **turned, balance=balance), atol=1e-7)
    assert np.isfinite(one.repair).any() or n_sessions == 20


def test_the_same_ratings_give_the_same_bytes():
    ratings, population = simulated(seed=54).ratings[0], uncertain(4)

    one, other = read_pair(ratings, population), read_pair(ratings.copy(), population)

    assert repr(numbers_of(one)) == repr(numbers_of(other))
    assert one.level_ends.tobytes() == other.level_ends.tobytes()


def test_empty_sessions_at_the_end_change_nothing_before_them():
    ratings, population = simulated(seed=55).ratings[0], uncertain(4)
    longer = np.concatenate([ratings, np.full((4, 2, 2), np.nan)])

    one, other = read_pair(ratings, population), read_pair(longer, population)

    cut = {name: getattr(other, name)[:20] for name in ("level", "level_ends")}
    cut |= {name: getattr(other, name)[:20] for name in ("answered", "foretold")}
    cut |= {
        name: getattr(other, name)[:19]
        for name in ("innovation", "innovation_sd", "p_low", "p_both_low", "repair")
    }
    assert_alike(
        one,
        replace(other, **cut),
        atol=1e-9,
        but=("next_level", "next_level_ends", "next_rating", "next_rating_ends"),
    )
    assert one.next_level == pytest.approx(other.level[20], abs=1e-9)


def test_as_of_a_session_later_ones_are_not_looked_at():
    ratings, population = simulated(seed=56).ratings[0], uncertain(4)
    other_future = ratings.copy()
    other_future[12:] = 0.0

    state = read_pair(other_future, population, as_of=12)

    assert_alike(state, read_pair(ratings[:12], population))
    assert len(state.level) == 12


def test_what_one_person_may_not_see_changes_nothing_once_it_is_left_out():
    ratings, population = simulated(seed=57).ratings[0], uncertain(4)
    other = ratings.copy()
    other[5:9, 1] += 3.0
    for each in (ratings, other):
        each[5:9, 1] = np.nan

    assert_alike(read_pair(ratings, population), read_pair(other, population))


def test_all_that_is_told_is_finite_where_both_answered():
    state = read_pair(simulated(seed=58).ratings[0], uncertain(4))

    for name, value in numbers_of(state).items():
        if isinstance(value, np.ndarray) and name != "repair":
            assert np.isfinite(value).all(), name
    assert state.why_not == (None, None)
    inside = (state.level_ends[..., 0] < state.level) & (
        state.level < state.level_ends[..., 1]
    )
    assert inside.all()


def test_a_person_who_answered_nothing_is_not_spoken_of():
    ratings = simulated(seed=59).ratings[0]
    ratings[:, 1] = np.nan

    state = read_pair(ratings, uncertain(4))

    assert state.why_not == (None, Reason.NO_ANSWER)
    for name in OF_SEATS[:-1]:
        assert np.isnan(getattr(state, name)[:, 1]).all(), name
        assert name == "repair" or np.isfinite(getattr(state, name)[:, 0]).all(), name
    for name in OF_PAIR[:-1]:
        assert np.isnan(getattr(state, name)[1]).all(), name
        assert np.isfinite(getattr(state, name)[0]).all(), name
    assert np.isnan(state.p_both_low).all()
    assert state.balance.outcome is Outcome.CANNOT_TELL
    assert state.balance.reasons == (Reason.NO_ANSWER,)
    assert np.isnan(state.balance.couplings).all()


def test_nobody_is_spoken_of_where_nobody_answered():
    state = read_pair(np.full((6, 2, 2), np.nan), uncertain(4))

    assert state.why_not == (Reason.NO_ANSWER, Reason.NO_ANSWER)
    assert np.isnan(state.level).all()
    assert np.isnan(state.next_rating).all()
    assert state.n_both == 0


@pytest.mark.parametrize(("n_answers", "reason"), [(4, Reason.FEW_ANSWERS), (5, None)])
def test_under_five_answers_no_line_is_drawn(n_answers, reason):
    ratings = random_ratings(np.random.default_rng(60), 12, share_blank=0.0)
    ratings[n_answers:, 0] = np.nan

    state = read_pair(ratings, uncertain(4))

    assert state.why_not == (reason, None)
    assert state.n_answers.tolist() == [n_answers, 12]
    assert state.n_both == n_answers
    assert np.isfinite(state.level).all()


def test_one_session_has_a_level_and_no_step():
    state = read_pair(
        random_ratings(np.random.default_rng(61), 1, share_blank=0), uncertain(4)
    )

    assert state.level.shape == (1, 2)
    assert state.p_low.shape == state.repair.shape == (0, 2)
    assert np.isfinite(state.next_rating).all()
    assert Reason.FEW_SESSIONS in state.balance.reasons


@pytest.mark.parametrize(
    "ratings",
    [
        np.full((20, 2, 2), 5.0),
        np.full((20, 2, 2), 10.0),
        np.full((20, 2, 2), 0.0),
        np.tile([0.0, 10.0], (10, 2, 2, 1)).reshape(20, 2, 2),
        np.random.default_rng(62).normal(5, 1, size=(300, 2, 2)),
    ],
    ids=["constant", "highest", "lowest", "swinging", "300 sessions"],
)
def test_strange_answers_make_no_warning_and_no_hole(ratings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = read_pair(ratings, uncertain(2), n_points=256)

    assert np.isfinite(state.level_ends).all()
    assert np.isfinite(state.p_both_low).all()
    told = np.isfinite(state.balance.couplings).all()
    assert told or state.balance.reasons == (Reason.FEW_POINTS,)


def test_dips_of_which_it_is_told_whether_they_were_mended_are_likely_ones():
    ratings = np.full((12, 2, 2), 5.0)
    ratings[5, 0] = 2.0

    state = read_pair(ratings, uncertain(4))

    np.testing.assert_array_equal(np.isfinite(state.repair), state.p_low >= 0.5)
    assert state.p_low[4, 0] > 0.5
    assert state.repair[4, 0] > 0.8


def test_an_unsound_population_still_tells_levels():
    ratings = simulated(seed=63).ratings[0]

    state = read_pair(ratings, unsound(uncertain(4)))

    assert state.balance.reasons == (Reason.POPULATION,)
    assert np.isfinite(state.level).all()


@pytest.mark.parametrize(
    "ratings", [np.zeros((0, 2, 2)), np.zeros((5, 2, 3)), np.zeros((5, 2)), 1.0]
)
def test_ratings_of_another_shape_are_refused(ratings):
    with pytest.raises(ParameterError, match="ratings must have shape"):
        read_pair(ratings, uncertain(2))


def test_an_infinite_rating_is_refused():
    ratings = np.full((4, 2, 2), np.inf)

    with pytest.raises(ParameterError, match="ratings must be finite or nan"):
        read_pair(ratings, uncertain(2))


@pytest.mark.parametrize("as_of", [0, 21, -1])
def test_a_session_that_there_is_not_is_refused(as_of):
    with pytest.raises(ParameterError, match=r"as_of must lie in \[1, 20\]"):
        read_pair(simulated().ratings[0], uncertain(2), as_of=as_of)


def test_gaps_that_are_none_are_refused():
    with pytest.raises(ParameterError, match="gaps must be positive"):
        read_pair(np.full((3, 2, 2), 5.0), uncertain(2), gaps=[1.0, 0.0])


def test_a_population_of_couplings_that_cannot_be_is_refused():
    with pytest.raises(ParameterError, match="population must allow couplings"):
        read_pair(simulated().ratings[0], certain(b=(3.0, 0, 0, 3.0)))


def test_the_exact_cases_read_through_a_population_without_doubt():
    for case, ratings, draw in exact_cases():
        state = read_pair(ratings, certain(draw, case["B"]))

        told = case["expected"]
        spoken = state.n_answers > 0
        expected = np.array(told["level_mean"])
        np.testing.assert_allclose(
            state.level[:, spoken], expected[:, spoken], atol=2e-9
        )
        rating = np.array(told["next_rating_mean"]).reshape(state.next_rating.shape)
        np.testing.assert_allclose(state.next_rating[spoken], rating[spoken], atol=2e-9)
        if spoken.all() and len(ratings) > 1:
            chances = np.array(told["p_both_client_therapist_low"])
            np.testing.assert_allclose(state.p_both_low, chances[:, 0], atol=2e-9)
            np.testing.assert_allclose(state.p_low, chances[:, 1:], atol=2e-9)
