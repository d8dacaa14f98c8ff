"""Which of the values that are assumed a pair's own ratings speak for."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from dense_dyads import Dense
from duologue.engine.dyad import own as module
from duologue.engine.dyad.answers import scale
from duologue.engine.dyad.caseload import balances, read_caseload
from duologue.engine.dyad.model import of_draws
from duologue.engine.dyad.own import (
    ENOUGH_ROWS,
    N_OWN,
    N_ROWS,
    of_rows,
    own_draws,
    own_points,
    own_rows,
)
from duologue.engine.dyad.reading import read_balance, read_pair
from duologue.engine.dyad.reasons import Reason
from duologue.engine.dyad.shipped import shipped
from duologue.engine.dyad.simulate import TrueValues, simulate
from duologue.errors import ParameterError
from worked_draws import assert_alike, simulated, uncertain

SLIDER = scale("bounded")


def scattered(sd, *, n_sessions=20, seed=1):
    """Answers around 6 that scatter by so much, and do nothing else."""
    rng = np.random.default_rng(seed)
    return 6 + sd * rng.standard_normal((n_sessions, 2, 1))


def errors_of(population):
    return np.sqrt(population.nuisance.R[..., 0])


def test_each_row_counts_by_how_well_it_foretells_the_ratings():
    ratings, assumption = scattered(0.8, n_sessions=4), shipped()

    rows = own_rows(ratings, assumption)
    weights = rows.weights

    def exact(row):
        b, nuisance = of_rows(assumption, rows.z[[row]])
        dense = Dense(ratings, b[0, 0], of_draws(nuisance, (0, 0)))
        return multivariate_normal(dense.y_mean, dense.y_cov).logpdf(dense.y)

    # Laid once, as the assumption has them: nothing but the likelihood weighs them.
    assert rows.effective > ENOUGH_ROWS
    for row in (1, 400, N_ROWS - 1):
        ratio = np.exp(exact(row) - exact(0))
        assert weights[row] / weights[0] == pytest.approx(ratio, rel=1e-8)
    assert weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("sd", [0.3, 2.0])
def test_rows_that_are_laid_anew_tell_the_same_as_very_many_laid_once(sd, monkeypatch):
    ratings, assumption = scattered(sd, n_sessions=12), shipped()
    anew = own_rows(ratings, assumption)
    monkeypatch.setattr(module, "N_ROWS", 60_000)
    monkeypatch.setattr(module, "MOST_ROUNDS", 0)

    once = own_rows(ratings, assumption)

    assert len(anew.z) == N_ROWS
    assert not np.array_equal(anew.z, once.z[:N_ROWS])
    mean, sure = (rows.weights @ rows.z for rows in (anew, once))
    spread = np.sqrt(once.weights @ (once.z - sure) ** 2)
    error = np.sqrt(1 / anew.effective + 1 / once.effective)
    assert (np.abs(mean - sure) / spread).max() < 4 * error


@pytest.mark.parametrize("sd", [0.3, 1.5])
def test_how_far_answers_scatter_is_learned_from_the_pair(sd):
    assumption = shipped()

    own = own_draws(assumption, own_rows(scattered(sd, n_sessions=40), assumption))

    assert len(own.mean_b) == N_OWN
    assert errors_of(own).mean() == pytest.approx(sd, rel=0.35)


def test_a_person_may_scatter_and_the_other_not():
    ratings = scattered(1.0)
    ratings[:, 1] = 6 + 0.2 * (ratings[:, 1] - 6)

    state = read_pair(ratings, shipped(), whole=False)

    width = np.diff(state.level_ends, axis=-1).mean(axis=0)[:, 0]
    assert width[0] > 2 * width[1]


@pytest.mark.parametrize("sd", [0.2, 0.7, 2.5])
def test_rows_enough_are_left_however_far_answers_scatter(sd):
    state = read_pair(np.clip(scattered(sd), 0, 10), shipped(), whole=False)

    assert state.effective_rows > 60


def test_without_ratings_what_was_assumed_stays():
    rows = own_rows(np.full((5, 2, 1), np.nan), shipped())

    told = rows.weights[rows.weights > 0]
    np.testing.assert_allclose(told, 1 / len(told))
    assert len(told) > 0.9 * N_ROWS


@pytest.mark.parametrize("sd", [0.8, 0.2])
def test_what_is_laid_for_one_seat_is_laid_for_the_other(sd):
    ratings = scattered(sd)
    ratings[3, 0] = np.nan

    one, other = (own_rows(y, shipped()) for y in (ratings, ratings[:, ::-1]))

    exchanged = [*shipped().exchanged, 20, 19, 18, 17]
    half = np.roll(np.arange(N_ROWS), N_ROWS // 2)
    np.testing.assert_allclose(other.z[half][:, exchanged], one.z, atol=1e-7)
    np.testing.assert_allclose(other.weights[half], one.weights, rtol=1e-5, atol=1e-12)


def test_levels_are_the_same_whether_the_whole_is_asked_for_or_not():
    ratings = np.clip(scattered(1.2), 0, 10)

    whole = read_pair(ratings, shipped(), scale=SLIDER, n_points=64, enough=10)
    levels = read_pair(ratings, shipped(), scale=SLIDER, whole=False)

    assert levels.balance.reasons == (Reason.NOT_ASKED,)
    assert levels.n_effective.size == 0
    assert np.isfinite(whole.balance.standardised)
    left_out = {
        name: getattr(levels, name) for name in ("balance", "n_effective", "repair")
    }
    assert_alike(replace(whole, **left_out), levels)


def test_the_balance_alone_is_that_of_the_whole_reading():
    how = {"scale": SLIDER, "n_points": 64, "enough": 10}

    for n_ratings, population in ((1, shipped()), (2, uncertain())):
        ratings = np.clip(scattered(1.2), 0, 10).repeat(n_ratings, axis=-1)
        whole = read_pair(ratings, population, **how)
        alone = read_balance(ratings, population, **how)

        assert_alike(replace(whole, balance=alone), whole)


def test_a_caseload_is_read_against_an_assumption_pair_by_pair():
    ratings = np.stack([scattered(0.5, n_sessions=8), scattered(1.5, n_sessions=8)])
    ratings[1, 5:] = np.nan
    how = {"n_points": 32, "enough": 8}

    found = read_caseload(ratings, shipped(), **how)

    assert_alike(found[0], read_pair(ratings[0], shipped(), **how))
    assert_alike(found[1], read_pair(ratings[1, :5], shipped(), **how))
    for state, told in zip(found, balances(ratings, shipped(), **how), strict=True):
        assert told.outcome == state.balance.outcome


def test_against_a_learned_population_levels_alone_are_as_good_as_the_same():
    ratings = simulated(seed=4).ratings[0]

    whole = read_pair(ratings, uncertain())
    levels = read_pair(ratings, uncertain(), whole=False)

    assert np.isnan(levels.effective_rows)
    np.testing.assert_allclose(levels.level, whole.level, atol=0.06)
    np.testing.assert_allclose(levels.level_ends, whole.level_ends, atol=0.09)


def test_other_rows_tell_the_same(monkeypatch):
    ratings = np.clip(scattered(1.0), 0, 10)
    one = read_pair(ratings, shipped(), whole=False)
    normals = module._all_normals
    monkeypatch.setattr(
        module, "_all_normals", lambda n, exchanged, k: normals(n, exchanged, k + 50)
    )

    other = read_pair(ratings, shipped(), whole=False)

    # Half a point of 100, with intervals of sixteen.
    assert np.abs(one.level - other.level).mean() < 0.05
    assert np.abs(one.level_ends - other.level_ends).mean() < 0.06


def test_pairs_that_are_as_was_assumed_have_their_levels_in_nine_of_ten_intervals():
    assumption, rng = shipped(), np.random.default_rng(8)
    inside = []
    for z in rng.standard_normal((60, assumption.n_values)):
        drawn = assumption.draws(z[np.newaxis])
        true = TrueValues(
            common=of_draws(drawn.nuisance, 0),
            bB=drawn.mean_b[0],
            sB=np.full(4, assumption.spread),
        )
        made = simulate(true, 1, 10, rng=rng)
        state = read_pair(made.ratings[0], assumption, whole=False)
        ends, level = state.level_ends, made.levels[0, :-1]
        inside.append((ends[..., 0] <= level) & (level <= ends[..., 1]))

    # 60 pairs, whose ten levels share an error: a standard error of .015 or so.
    assert np.mean(inside) == pytest.approx(0.9, abs=0.05)


def test_points_are_taken_from_the_heaviest_on():
    assumption = shipped()
    rows = own_rows(scattered(0.8), assumption)

    b, nuisance = own_points(assumption, rows, 8)

    assert b.shape == (8, 1, 4)
    assert nuisance.bm.shape == (8, 1, 2)
    laid, _ = of_rows(assumption, rows.z)
    places = [
        int(np.flatnonzero((laid[:, 0] == each).all(axis=1))[0]) for each in b[:, 0]
    ]
    assert (np.diff(rows.weights[places]) <= 0).all()


def test_an_assumption_without_stable_couplings_is_refused():
    def unstable(z):
        mean_b, nuisance = shipped().values(z)
        return mean_b + 3, nuisance

    with pytest.raises(ParameterError, match="population must allow couplings"):
        own_rows(scattered(1.0), replace(shipped(), values=unstable))


def test_what_rows_are_laid_with_is_a_density():
    """Laid anew, rows with no likelihood weigh in on average what N(0, I) holds: 1."""
    rows = own_rows(scattered(0.3, n_sessions=30), shipped())
    normals = module._normals(shipped(), 3)

    z, log_laid = module._laid_anew(rows, normals)

    log_assumed = norm.logpdf(z).sum(axis=1)
    constant = z.shape[1] * 0.5 * np.log(2 * np.pi)
    ratio = np.exp(log_assumed - (log_laid - constant))
    assert ratio.mean() == pytest.approx(1, abs=0.15)
