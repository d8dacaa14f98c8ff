"""The next answer: chances, scores, and the scale that foretells best."""

import numpy as np
import pytest
from scipy.stats import norm

from duologue.engine.dyad.answers import log_slope, scale, shrunk, stretched
from duologue.engine.dyad.caseload import read_caseload
from duologue.engine.dyad.choosing import chosen
from duologue.engine.dyad.couplings import first_laid, weighed
from duologue.engine.dyad.forecasts import (
    answer_chances,
    answer_quantiles,
    answer_values,
    expected_answer,
    one_step_ahead,
)
from duologue.engine.dyad.levels import levels
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import of_draws
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.simulate import World, recovery_population, simulate
from duologue.errors import ParameterError
from worked_draws import assert_alike, certain, mirrored_population, uncertain
from worked_dyads import B, example

KINDS = ["continuous", "bounded", "categories", "logit"]
MEAN = np.array([[5.0, 9.0], [2.0, 12.0]])
SD = np.array([[1.0, 2.0], [0.5, 1.5]])
FIVE = {"low": 2.0, "high": 6.0, "n_answers": 5}


def in_five(n_pairs, n_sessions, *, seed, n_ratings=1):
    """A world of five categories, one answer in five the highest, and its scale."""
    world = World(n_categories=5, share_at_ceiling=0.2)
    known = recovery_population(n_ratings=n_ratings)
    drawn = simulate(
        known, n_pairs, n_sessions, rng=np.random.default_rng(seed), world=world
    )
    high = np.nanmax(drawn.ratings, axis=(0, 1))
    return drawn, {"low": high - 4, "high": high, "n_answers": 5}


@pytest.mark.parametrize("kind", KINDS[1:])
def test_chances_of_all_answers_sum_to_one(kind):
    chances = answer_chances(MEAN, SD, scale(kind))

    assert chances.shape == (2, 2, 101)
    np.testing.assert_allclose(chances.sum(axis=-1), 1, atol=1e-12)
    assert (chances >= 0).all()


def test_a_continuous_scale_gives_no_answer_what_lies_beyond():
    chances = answer_chances(MEAN, SD, scale())

    inside = norm.cdf(10.05, MEAN, SD) - norm.cdf(-0.05, MEAN, SD)
    np.testing.assert_allclose(chances.sum(axis=-1), inside, atol=1e-12)


def test_the_highest_answer_takes_all_beyond_it():
    chances = answer_chances(MEAN, SD, scale("categories", **FIVE))

    np.testing.assert_allclose(chances[..., -1], norm.sf(5.5, MEAN, SD), atol=1e-12)
    np.testing.assert_allclose(chances[..., 0], norm.cdf(2.5, MEAN, SD), atol=1e-12)
    np.testing.assert_allclose(
        chances[..., 2], norm.cdf(4.5, MEAN, SD) - norm.cdf(3.5, MEAN, SD), atol=1e-12
    )


def test_stretched_chances_are_densities_with_the_slope_times_the_step():
    slider = scale("logit", n_answers=1001)

    chances = answer_chances(MEAN, SD, slider)[..., 1:-1]

    y = answer_values(slider)[1:-1]
    density = norm.pdf(stretched(y, slider), MEAN[..., None], SD[..., None])
    expected = density * np.exp(log_slope(y, slider)) * slider.step
    np.testing.assert_allclose(chances, expected, atol=1e-6, rtol=2e-3)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_quantiles_are_answers_that_hold_the_share_asked_for(kind):
    on = scale(kind, **FIVE)

    found = answer_quantiles(MEAN, SD, on, [0.05, 0.5, 0.95])

    up_to = np.cumsum(answer_chances(MEAN, SD, on), axis=-1)
    place = np.round((found - on.low) / on.step).astype(int)
    reached = np.take_along_axis(up_to, place, axis=-1)
    short = np.take_along_axis(up_to, np.maximum(place - 1, 0), axis=-1)
    assert (reached >= np.array([0.05, 0.5, 0.95]) - 1e-12).all()
    assert ((short < [0.05, 0.5, 0.95]) | (place == 0)).all()


def test_what_is_expected_lies_on_the_scale():
    bounded = expected_answer(MEAN, SD, scale("bounded"))

    # The mean of a normal cut off at 10, by its known formula.
    z = (10 - MEAN) / SD
    cut = MEAN * norm.cdf(z) - SD * norm.pdf(z) + 10 * norm.sf(z)
    np.testing.assert_allclose(bounded[:, 1], cut[:, 1], atol=1e-3)
    np.testing.assert_allclose(bounded[:, 0], MEAN[:, 0], atol=1e-3)
    np.testing.assert_array_equal(expected_answer(MEAN, SD, scale()), MEAN)


def test_what_is_not_foretold_stays_blank():
    blank = np.full((2, 1), np.nan)

    for kind in KINDS:
        on = scale(kind)
        assert np.isnan(answer_chances(blank, blank, on)).all()
        assert np.isnan(expected_answer(blank, blank, on)).all()
        assert np.isnan(answer_quantiles(blank, blank, on, [0.5])).all()


def test_shares_outside_are_refused():
    with pytest.raises(ParameterError, match=r"shares must lie in \(0, 1\)"):
        answer_quantiles(MEAN, SD, scale(), [0.5, 1.0])


def test_each_session_is_foretold_by_those_before_it_alone():
    y = np.round(np.random.default_rng(80).normal(6, 1.5, (6, 2, 2)), 1)
    y[2, 0], y[3, 1, 1] = np.nan, np.nan
    slider = scale()

    scores = one_step_ahead(y, certain(), scale=slider, n_points=16)

    for session in range(1, 6):
        told = levels(y[:session], B, example())
        mean, sd = told.next_rating_mean, told.next_rating_sd
        edges = y[session] - 0.05, y[session] + 0.05
        chance = norm.cdf(edges[1], mean, sd) - norm.cdf(edges[0], mean, sd)
        np.testing.assert_allclose(scores.log_score[session], np.log(chance), atol=1e-6)
    changed = y.copy()
    changed[4:] = 1.0
    later = one_step_ahead(changed, certain(), scale=slider, n_points=16)
    np.testing.assert_array_equal(later.log_score[:4], scores.log_score[:4])


def test_the_crps_is_that_of_the_normal_where_steps_are_fine():
    y = np.random.default_rng(81).normal(5, 1, (4, 2, 2))
    slider = scale(n_answers=2001)

    scores = one_step_ahead(y, certain(), scale=slider, n_points=16)

    for session in range(1, 4):
        told = levels(y[:session], B, example())
        sd = told.next_rating_sd
        z = (y[session] - told.next_rating_mean) / sd
        known = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
        np.testing.assert_allclose(scores.crps[session], known, atol=0.003)


@pytest.mark.parametrize(
    ("kind", "n_answers", "n_densities"),
    [("categories", 5, 0), ("bounded", 4001, 2), ("logit", 4001, 3)],
)
def test_scores_of_answers_each_given_those_before_add_up_to_their_likelihood(
    kind, n_answers, n_densities
):
    on, population = scale(kind, **FIVE | {"n_answers": n_answers}), uncertain(3)
    y = np.full((4, 2, 2), np.nan)
    y[0, 0, 0], y[3, 0, 1] = 3.0, 5.0
    y[1, 1, 1] = 4.0 if kind == "logit" else 6.0
    laid = first_laid(population, 16)
    prior = weighed(laid, np.zeros(laid.b.shape[:-1]), population).weights

    for draw in range(3):  # draws count alike at every session, so one by one
        scores = one_step_ahead(y, only(population, draw), scale=on, n_points=16)

        nuisance = of_draws(population.nuisance, draw)
        told = log_likelihood(y, laid.b[draw], nuisance, scale=on)
        total = np.log(prior[draw] @ np.exp(told)) + n_densities * np.log(on.step)
        assert np.nansum(scores.log_score) == pytest.approx(total, abs=1e-4)
        assert np.isnan(scores.log_score).sum() == 13


def only(population, draw):
    """One of the draws as a population of its own."""
    return type(population)(
        **{n: getattr(population, n) for n in population.__dataclass_fields__}
        | {
            "mean_b": population.mean_b[[draw]],
            "nuisance": of_draws(population.nuisance, [draw]),
        }
    )


def deviation(scores):
    """How far the transforms of all answers lie from uniform, at worst."""
    lower, upper = (np.concatenate([part[~np.isnan(part)] for part in ends]) for ends in zip(*scores, strict=True))  # fmt: skip
    u = np.linspace(0, 1, 101)[:, None]
    shares = np.clip((u - lower) / (upper - lower), 0, 1).mean(axis=1)
    return np.abs(shares - u[:, 0]).max()


def test_what_is_foretold_comes_as_often_as_is_said():
    drawn, ends = in_five(100, 8, seed=87)
    on, population = options(ends)["categories"]

    each = [one_step_ahead(y, population, scale=on) for y in drawn.ratings]

    # 1,360 answers: beyond .055 with a chance of less than 1 in 1,000 if they were
    # independent and exactly foretold.
    assert deviation([(scores.lower, scores.upper) for scores in each]) < 0.055
    told = ~np.isnan(each[0].lower)
    chance = np.exp(each[0].log_score) - (each[0].upper - each[0].lower)
    np.testing.assert_allclose(chance[told], 0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_exchanging_the_seats_exchanges_the_scores(kind):
    on, population = scale(kind, **FIVE), uncertain(3)
    rng = np.random.default_rng(82)
    y = rng.choice([2.0, 3.0, 4.0, 5.0, 6.0, np.nan], size=(5, 2, 2))

    one = one_step_ahead(y, population, scale=on, n_points=16)

    turned = mirrored_population(population)
    other = one_step_ahead(y[:, ::-1], turned, scale=on, n_points=16)
    np.testing.assert_allclose(one.log_score, other.log_score[:, ::-1], atol=1e-8)
    np.testing.assert_allclose(one.crps, other.crps[:, ::-1], atol=1e-8)


def test_over_uneven_gaps_too_the_next_answer_is_foretold():
    y, gaps = np.full((4, 2, 2), 5.0), [0.5, 2.0, 1.3]

    scores = one_step_ahead(y, uncertain(3), scale=scale("bounded"), gaps=gaps)

    assert np.isfinite(scores.log_score).all()
    assert (scores.crps > 0).all()


def test_a_population_without_possible_couplings_is_refused():
    hopeless = certain(b=(3.0, 0.0, 0.0, 3.0))

    with pytest.raises(ParameterError, match="population must allow couplings"):
        one_step_ahead(np.full((2, 2, 2), 5.0), hopeless, scale=scale())


def options(ends):
    """The recovery population, read in four ways."""
    known = recovery_population(n_ratings=1)
    population = certain(known.common, known.bB, spread=0.13)
    return {kind: (scale(kind, **ends), population) for kind in KINDS}


def test_categories_are_chosen_where_answers_are_categories():
    drawn, ends = in_five(20, 8, seed=83)

    choice = chosen(drawn.ratings, options(ends), n_points=16)

    assert choice.name == "categories"
    assert choice.gain["categories"] > 2 * choice.gain_error["categories"]
    assert choice.crps["categories"] < choice.crps["continuous"]
    assert (choice.gain["continuous"], choice.gain_error["continuous"]) == (0.0, 0.0)
    assert choice.n_answers == (~np.isnan(drawn.ratings)).sum()


def test_the_default_stays_where_no_answer_meets_an_end():
    known = recovery_population(n_ratings=1)
    drawn = simulate(known, 12, 6, rng=np.random.default_rng(84))
    y = np.concatenate([np.round(drawn.ratings, 1), np.full((1, 6, 2, 1), np.nan)])
    wide = {"low": -10.0, "high": 20.0, "n_answers": 301}

    choice = chosen(y, options(wide), n_points=16)

    assert choice.name == "continuous"
    assert choice.n_pairs == 12
    assert abs(choice.gain["bounded"]) < 1e-6
    assert abs(choice.gain["categories"]) < 1.0


def test_what_cannot_be_chosen_from_is_refused():
    y, of = np.full((12, 3, 2, 1), 4.0), options(FIVE)
    other = {"fine": (scale(), of["logit"][1])}

    with pytest.raises(ParameterError, match="default must be one of the options"):
        chosen(y, of, default="none")
    with pytest.raises(ParameterError, match="options must have the same answers"):
        chosen(y, of | other)
    with pytest.raises(ParameterError, match="10 pairs or more, got 2"):
        chosen(y[:2], of)
    with pytest.raises(ParameterError, match=r"ratings must have shape \(n_pairs"):
        chosen(y[0], of)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_pair_is_read_on_its_scale(kind):
    y = np.full((6, 2, 2), 5.0)
    y[1:, 0] = 6.0
    on = scale(kind, **FIVE)

    state = read_pair(y, uncertain(4), scale=on, n_points=64)

    plain = read_pair(y, uncertain(4), n_points=64)
    assert (state.next_rating <= 6.0).all()
    lower, upper = np.moveaxis(state.next_rating_ends, -1, 0)
    assert (lower <= state.next_rating).all()
    assert (state.next_rating <= upper).all()
    assert set(state.next_rating_ends.ravel()) <= {2.0, 3.0, 4.0, 5.0, 6.0}
    width = np.diff(state.level_ends, axis=-1), np.diff(plain.level_ends, axis=-1)
    if kind != "logit":
        assert (width[0][1:, 0] > width[1][1:, 0]).all()
        assert (state.level[2:, 0] > plain.level[2:, 0]).all()
    else:
        assert (shrunk(state.level, on) <= 6.0).all()


def test_read_on_a_continuous_scale_nothing_changes():
    y = np.random.default_rng(85).normal(5, 1, (6, 2, 2))

    state = read_pair(y, uncertain(4), scale=scale(), n_points=64)

    plain = read_pair(y, uncertain(4), n_points=64)
    np.testing.assert_array_equal(state.level, plain.level)
    np.testing.assert_array_equal(state.next_rating, plain.next_rating)


def test_a_caseload_is_read_on_its_scale_pair_by_pair():
    y = np.full((2, 6, 2, 2), 5.0)
    y[1, 4:], y[:, 1, 0] = np.nan, 6.0
    on, population = scale("categories", **FIVE), uncertain(4)

    one, other = read_caseload(y, population, scale=on, n_points=64)

    alone = read_pair(y[1, :4], population, scale=on, n_points=64, enough=50.0)
    assert_alike(other, alone)
    assert len(one.level) == 6
    assert_alike(
        read_caseload(y, population, scale=scale(), n_points=64)[0],
        read_caseload(y, population, n_points=64)[0],
    )


def coverage(drawn, on, population):
    """Share of true levels inside their 90 % intervals."""
    inside = []
    for y, truth in zip(drawn.ratings, drawn.levels, strict=True):
        state = read_pair(y, population, scale=on, n_points=16, enough=0)
        lower, upper = np.moveaxis(state.level_ends, -1, 0)
        inside.append((lower <= truth[:-1]) & (truth[:-1] <= upper))
    return np.mean(inside)


def test_levels_are_covered_though_one_answer_in_five_is_the_highest():
    drawn, ends = in_five(40, 10, seed=86)
    population = options(ends)["categories"][1]

    by_categories = coverage(drawn, scale("categories", **ends), population)

    assert 0.85 < by_categories < 0.95
