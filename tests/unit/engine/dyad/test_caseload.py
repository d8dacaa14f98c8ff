"""Many pairs read at once: each gets what it gets alone."""

import csv
import importlib.util

import numpy as np
import pytest

from duologue.engine.dyad import caseload as module
from duologue.engine.dyad import reading
from duologue.engine.dyad.caseload import balances, read_caseload
from duologue.engine.dyad.likelihood import filtered, filtered_together
from duologue.engine.dyad.model import of_draws
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.reasons import Reason
from duologue.engine.dyad.simulate import recovery_population
from duologue.errors import ParameterError
from worked_draws import assert_alike, certain, simulated, uncertain
from worked_dyads import random_couplings, random_draw, random_ratings, stacked

COMPILED = pytest.param(
    True,
    marks=pytest.mark.skipif(
        importlib.util.find_spec("numba") is None,
        reason="numba is not installed (the extra corpus)",
    ),
)


def caseload(rng, n_pairs=6, n_sessions=9):
    """Pairs with blanks of every kind; one short, one one-sided, one silent."""
    ratings = np.stack([random_ratings(rng, n_sessions) for _ in range(n_pairs)])
    ratings[1, 4:] = np.nan
    ratings[1, 3] = 5.0
    ratings[2, :, 1] = np.nan
    ratings[3] = np.nan
    return ratings


@pytest.mark.parametrize("compiled", [False, COMPILED])
def test_each_pair_is_told_what_it_is_told_alone(monkeypatch, compiled):
    population, ratings = uncertain(3, spread=0.3), caseload(np.random.default_rng(70))
    monkeypatch.setattr(reading, "N_LEVEL_POINTS", module.N_LEVEL_POINTS)
    lengths = [9, 4, 9, 1, 9, 9]

    found = read_caseload(
        ratings,
        population,
        n_sessions=lengths,
        n_points=64,
        enough=20,
        compiled=compiled,
    )

    for pair, length, state in zip(ratings, lengths, found, strict=True):
        alone = read_pair(pair[:length], population, n_points=64, enough=20)
        assert_alike(state, alone, atol=1e-7, but=("repair",))
        np.testing.assert_allclose(state.repair, alone.repair, atol=0.01)


def test_a_course_ends_with_its_last_answer_unless_it_is_said_when():
    population, ratings = uncertain(2), caseload(np.random.default_rng(71))
    ratings[0, 7:] = np.nan
    ratings[0, 6, 1] = 5.0
    ratings[4:, 8, 0] = 5.0
    ratings[2, 8, 0] = 5.0

    found = read_caseload(ratings, population, n_points=64, enough=0)

    assert [len(state.level) for state in found] == [7, 4, 9, 1, 9, 9]
    assert found[3].why_not == (Reason.NO_ANSWER, Reason.NO_ANSWER)


def test_the_order_of_pairs_changes_nothing():
    population, ratings = uncertain(2), caseload(np.random.default_rng(72))

    one = read_caseload(ratings, population, n_points=64)
    other = read_caseload(ratings[::-1], population, n_points=64)

    for first, second in zip(one, reversed(other), strict=True):
        assert_alike(first, second, atol=1e-9)


def test_balances_alone_are_those_of_the_whole_reading():
    population, ratings = uncertain(3, spread=0.25), simulated(5, 24, seed=73).ratings
    ratings[2, :, 0] = np.nan

    found = balances(ratings, population, n_points=64, enough=20)

    whole = read_caseload(ratings, population, n_points=64, enough=20)
    for own, state in zip(found, whole, strict=True):
        np.testing.assert_allclose(own.couplings_ends, state.balance.couplings_ends)
        np.testing.assert_allclose(own.chances, state.balance.chances)
        assert own.outcome is state.balance.outcome
        assert own.reasons == state.balance.reasons


def test_a_quarter_of_the_points_tells_the_same():
    population, ratings = uncertain(), simulated(6, 20, seed=74).ratings

    few = balances(ratings, population)
    many = balances(ratings, population, n_points=4096, enough=200)

    for own, better in zip(few, many, strict=True):
        np.testing.assert_allclose(own.couplings, better.couplings, atol=0.012)
        np.testing.assert_allclose(
            own.couplings_ends, better.couplings_ends, atol=0.045
        )
        assert own.standardised == pytest.approx(better.standardised, abs=0.015)
        assert own.n_effective[1] >= 1000


def test_pairs_are_filtered_together_as_each_alone():
    rng = np.random.default_rng(75)
    ratings, b = caseload(rng), random_couplings(rng, (6, 2, 3))
    each_row = of_draws(
        stacked([random_draw(rng), random_draw(rng)]), (slice(None), None)
    )

    found = filtered_together(ratings, b, each_row)

    for pair in range(6):
        alone = filtered(ratings[pair], b[pair], each_row)
        for name in ("log_likelihood", "mean", "cov", "slope", "u_mean", "u_cov"):
            np.testing.assert_allclose(
                getattr(found, name)[pair], getattr(alone, name), atol=1e-10
            )


@pytest.mark.parametrize("shape", [(3, 0, 2, 2), (3, 5, 2, 3), (5, 2, 2)])
def test_ratings_of_another_shape_are_refused(shape):
    with pytest.raises(ParameterError, match="ratings must have shape"):
        read_caseload(np.zeros(shape), uncertain(2))


@pytest.mark.parametrize("lengths", [[1, 2], [0, 1, 1], [1, 6, 1], [1.0, 1.0, 1.0]])
def test_lengths_that_do_not_fit_are_refused(lengths):
    with pytest.raises(ParameterError, match="n_sessions must be a whole number"):
        read_caseload(np.zeros((3, 5, 2, 2)), uncertain(2), n_sessions=lengths)


def test_a_population_of_couplings_that_cannot_be_is_refused():
    with pytest.raises(ParameterError, match="population must allow stable couplings"):
        balances(np.zeros((3, 5, 2, 2)), certain(b=(3.0, 0, 0, 3.0)))


def test_points_for_other_pairs_are_refused():
    with pytest.raises(ParameterError, match="b must have shape"):
        filtered_together(
            np.zeros((3, 5, 2, 2)), np.zeros((2, 1, 4, 4)), uncertain(1).nuisance
        )


def table(path, columns):
    """Columns of a file of numbers, shape (n_rows, n_columns); blanks are nan."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row[name] or "nan") for name in columns] for row in rows])


RATINGS = ("client_1", "client_2", "therapist_1", "therapist_2")


@pytest.mark.shared
def test_intervals_hold_the_truth_as_often_as_they_say(shared):
    # The population is known here, so that only the reading is on trial. Standard
    # errors: couplings and balance .04, levels about .01, next ratings .02.
    folder = shared / "data/dyads"
    ratings = table(folder / "sim_50x16_ratings.csv", RATINGS).reshape(50, 16, 2, 2)
    names = ("mu_client", "mu_therapist", "B_cc", "B_ct", "B_tc", "B_tt")
    truth = table(folder / "sim_50x16_truth_dyads.csv", names)
    levels = table(folder / "sim_50x16_truth_states.csv", ("x_client", "x_therapist"))
    after = table(folder / "sim_50x16_truth_next.csv", RATINGS).reshape(50, 2, 2)
    population = certain(recovery_population().common, recovery_population().bB, 0.15)

    states = read_caseload(ratings, population, n_points=1024, enough=200)

    def share(true, name):
        ends = np.array([name(state) for state in states])
        inside = (ends[..., 0] <= true) & (true <= ends[..., 1])
        return np.nanmean(np.where(np.isnan(true), np.nan, inside), axis=0)

    assert ratings.shape[1] == len(states[0].level) == 16
    of_levels = share(levels.reshape(50, 17, 2)[:, :16], lambda s: s.level_ends)
    of_couplings = share(truth[:, 2:], lambda s: s.balance.couplings_ends)
    balance = truth[:, 4] - truth[:, 3]
    assert of_levels.mean() == pytest.approx(0.9, abs=0.03)
    assert of_couplings == pytest.approx([0.9] * 4, abs=0.1)
    assert share(balance, lambda s: s.balance.raw_ends) == pytest.approx(0.9, abs=0.1)
    of_set_points = share(truth[:, :2], lambda s: s.set_point_ends)
    assert of_set_points == pytest.approx([0.9] * 2, abs=0.1)
    of_ratings = share(after, lambda s: s.next_rating_ends)
    assert of_ratings.mean() == pytest.approx(0.9, abs=0.06)
