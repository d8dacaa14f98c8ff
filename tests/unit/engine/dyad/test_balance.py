"""Who influences whom: the four outcomes, and every reason to say nothing."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from duologue.engine.dyad.balance import (
    OUTCOMES,
    SPREADS,
    Outcome,
    balance_of,
    figures_of,
    measures_of,
)
from duologue.engine.dyad.couplings import Laid, points_of, weighed
from duologue.engine.dyad.model import balance
from duologue.engine.dyad.reasons import Reason
from worked_draws import mirrored_population, simulated, uncertain, unsound

EVEN = np.array([[0.2, 0.0], [0.0, 0.2]])
"""Innovations of which neither seat has more: then both balances are alike."""


def known_couplings(mean, sd, *, n_draws=1, seed=1):
    """Points as ratings would leave them that tell couplings with this error."""
    population = uncertain(n_draws)
    population = replace(
        population,
        nuisance=replace(population.nuisance, Q=np.tile(EVEN, (n_draws, 1, 1))),
    )
    error = multivariate_normal(mean, sd**2 * np.eye(4))
    b = error.rvs((n_draws, 4000), random_state=seed).reshape(n_draws, 4000, 4)
    log_density = error.logpdf(b).reshape(n_draws, 4000)
    laid = Laid(b=b, log_laid=log_density, round_=0)
    return weighed(laid, log_density, population), population


def raw_of(points, population):
    """Let outcomes go by the raw balance."""
    told = measures_of(points.b, population, standardised=False)
    return figures_of(points, population, told)


@pytest.mark.parametrize(
    ("ct", "tc", "expected"),
    [
        (0.0, 0.3, Outcome.CLIENT_LEADS),
        (0.3, 0.0, Outcome.THERAPIST_LEADS),
        (0.25, 0.25, Outcome.EQUALS),
        (-0.25, -0.25, Outcome.EQUALS),
        (0.0, 0.0, Outcome.NO_INFLUENCE),
        (0.0, 0.1, Outcome.CANNOT_TELL),
        (0.05, 0.17, Outcome.CANNOT_TELL),
    ],
)
def test_what_is_said_where_couplings_are_known_well(ct, tc, expected):
    points, population = known_couplings((0.4, ct, tc, 0.4), 0.02)

    said = balance_of(points, population, n_both=20)

    assert said.outcome is expected
    assert (said.reasons == ()) == (expected is not Outcome.CANNOT_TELL)


def test_chances_are_those_of_the_normal_that_couplings_follow():
    # Prior N(.1 and .2, .15^2) and error .1: precisions 44.4 and 100, posterior sd
    # 1 / sqrt(144.4) = .0832 each; the difference has sqrt(2) times that.
    points, population = known_couplings((0.5, 0.1, 0.3, 0.5), 0.1, n_draws=20)
    sd = 1 / np.sqrt(1 / 0.15**2 + 1 / 0.1**2)
    ct = sd**2 * (population.mean_b[:, 1] / 0.15**2 + 0.1 / 0.1**2)
    tc = sd**2 * (population.mean_b[:, 2] / 0.15**2 + 0.3 / 0.1**2)

    said = balance_of(points, population, n_both=20, figures=raw_of(points, population))

    at = SPREADS.index(0.15)
    leads = norm.sf(0.1, tc - ct, sd * np.sqrt(2)).mean()
    assert said.chances[at, 0] == pytest.approx(leads, abs=0.01)
    assert said.raw == pytest.approx((tc - ct).mean(), abs=0.005)
    np.testing.assert_allclose(said.couplings[1:3], [ct.mean(), tc.mean()], atol=0.004)
    spread_of_mean = np.std(tc)
    half = 1.645 * np.hypot(sd, spread_of_mean)
    np.testing.assert_allclose(
        said.couplings_ends[2], [tc.mean() - half, tc.mean() + half], atol=0.01
    )


def test_equals_need_both_couplings_to_be_told_from_none():
    # Their difference is surely small, but each might be 0.
    points, population = known_couplings((0.4, 0.02, 0.14, 0.4), 0.02)
    alike, _ = known_couplings((0.4, 0.02, 0.04, 0.4), 0.02)

    said = balance_of(alike, population, n_both=20, figures=raw_of(alike, population))

    assert said.chances[1, 2] == 0
    assert (np.abs(alike.b[..., 2] - alike.b[..., 1]) < 0.1).mean() > 0.9
    assert said.outcome is Outcome.NO_INFLUENCE
    assert balance_of(points, population, n_both=20).outcome is Outcome.CANNOT_TELL


@pytest.mark.parametrize(("n_both", "said"), [(15, False), (16, True)])
def test_fifteen_sessions_answered_by_both_are_too_few(n_both, said):
    points, population = known_couplings((0.4, 0.0, 0.3, 0.4), 0.02)

    found = balance_of(points, population, n_both=n_both)

    assert (found.outcome is Outcome.CLIENT_LEADS) == said
    assert found.reasons == (() if said else (Reason.FEW_SESSIONS,))
    assert np.isfinite(found.standardised_ends).all()


def test_an_outcome_that_hangs_on_the_spread_is_not_said():
    # The population says .1 and the ratings .45: a narrow spread believes the former.
    points, population = known_couplings((0.4, 0.0, 0.45, 0.4), 0.11, n_draws=20)

    found = balance_of(
        points, population, n_both=20, figures=raw_of(points, population)
    )

    assert found.chances[0, 0] < 0.9 < found.chances[2, 0]
    assert found.outcome is Outcome.CANNOT_TELL
    assert found.reasons == (Reason.HANGS_ON_SPREAD,)


def test_an_unsound_population_says_nothing_of_couplings():
    points, population = known_couplings((0.4, 0.0, 0.3, 0.4), 0.02)

    found = balance_of(points, unsound(population), n_both=20)

    assert found.outcome is Outcome.CANNOT_TELL
    assert found.reasons == (Reason.POPULATION,)
    assert np.isnan(found.couplings).all()


def test_too_few_points_say_nothing_of_couplings():
    points, population = known_couplings((0.4, 0.0, 0.3, 0.4), 0.02)
    poor = replace(points, effective=np.array([199.0]))

    found = balance_of(poor, population, n_both=20)

    assert found.reasons == (Reason.FEW_POINTS,)
    assert np.isnan(found.standardised)


def test_a_spread_that_the_points_do_not_reach_says_nothing():
    points, population = known_couplings((0.4, 0.0, 0.3, 0.4), 0.02)
    population = replace(population, spread=0.15)
    far = replace(points, log_likelihood=points.log_likelihood + 500 * points.b[..., 0])

    found = balance_of(far, population, n_both=20)

    assert found.n_effective.min() < 200
    assert Reason.FEW_POINTS in found.reasons


def test_exchanging_the_two_people_exchanges_who_leads():
    population, ratings = uncertain(6), simulated(seed=21).ratings[0]
    other_population = mirrored_population(population)

    one = balance_of(points_of(ratings, population), population, n_both=20)
    other = balance_of(
        points_of(ratings[:, ::-1], other_population), other_population, n_both=20
    )

    assert other.raw == pytest.approx(-one.raw, abs=1e-9)
    assert other.standardised == pytest.approx(-one.standardised, abs=1e-9)
    np.testing.assert_allclose(
        -other.standardised_ends[::-1], one.standardised_ends, atol=1e-7
    )
    np.testing.assert_allclose(other.couplings[::-1], one.couplings, atol=1e-9)
    np.testing.assert_allclose(
        other.couplings_ends[::-1], one.couplings_ends, atol=1e-7
    )
    np.testing.assert_allclose(other.chances[:, [1, 0, 2, 3]], one.chances, atol=1e-9)


def test_the_standardised_balance_is_the_one_of_each_point():
    points, population = known_couplings((0.4, 0.1, 0.3, 0.2), 0.02, n_draws=2)

    found = balance_of(points, population, n_both=20)

    each = balance(points.b, population.nuisance.Q[:, None], standardised=True)
    assert found.standardised == pytest.approx((points.weights * each).sum() / 2)
    assert found.standardised != pytest.approx(found.raw, abs=0.001)


def test_every_outcome_but_not_telling_has_a_chance():
    assert set(OUTCOMES) == set(Outcome) - {Outcome.CANNOT_TELL}
