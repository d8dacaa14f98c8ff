"""Learning from answers that tell only between which points a rating lies."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest, truncnorm

from duologue.engine.dyad.answers import scale, stretched
from duologue.engine.dyad.fitting import answers_of, fit
from duologue.engine.dyad.simulate import World, recovery_population, simulate
from duologue.engine.dyad.unrounding import between, drawn_between, with_drawn_ratings
from duologue.errors import ParameterError
from worked_dyads import example

FEW = {"n_chains": 2, "n_sweeps": 160, "n_burn": 80, "n_draws": 20}
BRIEF = {"n_chains": 2, "n_sweeps": 70, "n_burn": 50, "n_draws": 5}
FIVE = scale("categories", low=2.0, high=6.0, n_answers=5)


def caseload(n_pairs=40, n_sessions=8, *, seed=90, **of_world):
    """A caseload of the population that simulations use, one rating each."""
    rng, world = np.random.default_rng(seed), World(**of_world)
    known = recovery_population(n_ratings=1)
    return simulate(known, n_pairs, n_sessions, rng=rng, world=world).ratings


@pytest.mark.parametrize(
    ("alpha", "beta"),
    [(-1.0, 0.5), (0.5, np.inf), (-np.inf, -2.0), (6.0, 6.3), (9.0, np.inf)],
)
def test_what_is_drawn_between_two_ends_is_a_normal_cut_off_there(alpha, beta):
    ends = np.full(4000, alpha), np.full(4000, beta)

    drawn = drawn_between(*ends, np.random.default_rng(91))

    assert ((alpha <= drawn) & (drawn <= beta)).all()
    assert kstest(drawn, truncnorm(alpha, beta).cdf).pvalue > 0.001


def test_far_out_what_is_drawn_still_lies_between_the_ends():
    alpha, beta = np.array([50.0, -90.0, 39.0]), np.array([51.0, -89.9, np.inf])

    drawn = drawn_between(alpha, beta, np.random.default_rng(92))

    assert ((alpha <= drawn) & (drawn <= beta)).all()


def test_ratings_are_drawn_where_answers_leave_them_open_and_nowhere_else():
    y = np.full((1, 3, 2, 2), 9.0)
    y[0, 0, 0, 0], y[0, 2, 1, 1], y[0, 1, 1] = 10.0, 0.0, np.nan
    answers, slider = answers_of(y), scale("bounded")
    answers = replace(answers, between=between(y, slider))

    found = with_drawn_ratings(
        answers, example(), np.full((3, 2, 1), 9.0), np.random.default_rng(93)
    )

    changed = np.argwhere(found.ratings != answers.ratings).tolist()
    assert changed == [[0, 0, 0, 0], [1, 1, 2, 0]]
    assert found.ratings[0, 0, 0, 0] >= 9.95
    assert found.ratings[1, 1, 2, 0] <= 0.05


def test_where_every_rating_is_known_chance_is_not_asked():
    y, rng = np.full((1, 3, 2, 2), 5.0), np.random.default_rng(94)
    answers = answers_of(y)

    found = with_drawn_ratings(answers, example(), np.full((3, 2, 1), 5.0), rng)

    assert between(y, scale("bounded")) is None
    assert found is answers
    assert rng.random() == np.random.default_rng(94).random()


def test_a_population_learned_from_answers_cut_off_at_an_end_is_near_the_true_one():
    y = caseload(60, 10, missing=0.0)
    high = np.quantile(y, 0.7)
    cut = np.minimum(y, high)
    slider = scale("bounded", low=high - 10, high=high, n_answers=1001)

    by_bounded, by_plain = (fit(cut, scale=on, **FEW) for on in (slider, None))

    truth = recovery_population(n_ratings=1).common
    near = np.abs(by_bounded.nuisance.bm.mean(axis=0) - truth.bm)
    off = np.abs(by_plain.nuisance.bm.mean(axis=0) - truth.bm)
    assert (near < 0.35).all()
    assert (near < off).all()
    R = by_bounded.nuisance.R.mean(axis=0)
    assert np.abs(R - 0.3).max() < np.abs(by_plain.nuisance.R.mean(axis=0) - 0.3).max()


def test_an_end_that_nobody_meets_changes_no_byte_of_what_is_learned():
    y = caseload()

    one, other = (
        fit(y, **BRIEF),
        fit(y, scale=scale("bounded", low=-40, high=60), **BRIEF),
    )

    assert one.version == other.version


def test_on_a_logit_scale_what_is_learned_is_that_of_stretched_answers():
    y, slider = np.clip(caseload(), 0, 10), scale("logit")

    one, other = fit(y, scale=slider, **BRIEF), fit(stretched(y, slider), **BRIEF)

    assert one.version == other.version


def test_answers_that_are_not_on_the_scale_are_not_learned_from():
    with pytest.raises(ParameterError, match="ratings must be categories"):
        fit(np.clip(caseload(), 2, 6), scale=FIVE, **BRIEF)
    with pytest.raises(ParameterError, match="ratings must lie on the scale"):
        fit(caseload(), scale=scale("logit", low=4, high=6), **BRIEF)


@pytest.mark.parametrize("kind", ["bounded", "categories"])
def test_ratings_drawn_behind_their_own_answers_are_distributed_as_they_were(kind):
    rng, draw = np.random.default_rng(95), example()
    x = rng.normal(5, 1.5, size=(20, 2, 100))
    errors = np.sqrt(draw.R) * rng.standard_normal((100, 20, 2, 2))
    ratings = draw.nu + draw.lam * x.transpose(2, 0, 1)[..., None] + errors
    on = scale(kind, low=3.0, high=6.0, n_answers=4)
    y = np.clip(ratings, on.low, on.high)
    y = np.round(y) if kind == "categories" else y
    answers = replace(answers_of(y), between=between(y, on))

    found = with_drawn_ratings(answers, draw, x, rng)

    drawn = found.ratings.transpose(3, 2, 1, 0)
    z = (drawn - draw.nu - draw.lam * x.transpose(2, 0, 1)[..., None]) / draw.R**0.5
    for of_one in z.reshape(-1, 4).T:
        assert kstest(of_one, "norm").pvalue > 0.001
    # The same answers as before, and mostly other ratings.
    again = np.clip(drawn, on.low, on.high)
    again = np.round(again) if kind == "categories" else again
    at_ends = (y < on.low + 0.5) | (y > on.high - 0.5)
    assert ((again == y) | (at_ends & (np.abs(again - y) <= 0.5))).all()
    assert (np.abs(drawn - ratings)[y == on.high] > 1e-6).all()
