"""Scales: what may be answered, and what an answer stands for."""

import numpy as np
import pytest

from duologue.engine.dyad.answers import (
    Kind,
    checked_answers,
    intervals,
    log_slope,
    scale,
    shrunk,
    stretched,
)
from duologue.errors import ParameterError


def test_a_slider_of_a_hundred_steps_is_what_there_is_unless_told():
    slider = scale()

    assert (slider.kind, slider.low, slider.high) == (Kind.CONTINUOUS, 0.0, 10.0)
    assert slider.step == pytest.approx(0.1)


def test_a_category_stands_for_half_a_step_around_and_the_outer_ones_for_all_beyond():
    five = scale("categories", low=1, high=5, n_answers=5)

    lower, upper = intervals([1.0, 2.0, 5.0, np.nan], five)

    np.testing.assert_array_equal(lower, [-np.inf, 1.5, 4.5, np.nan])
    np.testing.assert_array_equal(upper, [1.5, 2.5, np.inf, np.nan])


def test_on_a_bounded_slider_only_an_end_stands_for_more_than_itself():
    lower, upper = intervals([0.0, 3.2, 9.9, 10.0, np.nan], scale("bounded"))

    np.testing.assert_array_equal(lower, [-np.inf, 3.2, 9.9, 9.95, np.nan])
    np.testing.assert_array_equal(upper, [0.05, 3.2, 9.9, np.inf, np.nan])


def test_every_rating_may_have_ends_of_its_own():
    high = np.array([[5.0, 6.0], [7.0, 8.0]])
    each = scale("categories", low=high - 4, high=high, n_answers=5)

    lower, upper = intervals(high, each)

    np.testing.assert_array_equal(lower, high - 0.5)
    assert np.isposinf(upper).all()


def test_stretching_has_slope_one_in_the_middle_and_can_be_undone():
    slider, y = scale("logit", shift=0.3), np.linspace(0, 10, 41)

    ratings = stretched(y, slider)

    np.testing.assert_allclose(shrunk(ratings, slider), y, atol=1e-12)
    assert stretched(5.0, slider) == pytest.approx(5.0)
    assert log_slope(5.0, slider) == pytest.approx(0.0, abs=1e-12)
    slopes = np.gradient(ratings, y)[1:-1]
    np.testing.assert_allclose(np.exp(log_slope(y, slider))[8:-8], slopes[7:-7], rtol=0.02)  # fmt: skip
    assert ratings[0] == pytest.approx(10 - ratings[-1])


def test_beyond_the_scale_stretched_ratings_come_back_to_the_ends():
    slider = scale("logit")

    np.testing.assert_array_equal(shrunk([-100.0, 100.0], slider), [0.0, 10.0])
    np.testing.assert_array_equal(stretched([-1.0, 11.0], slider), [-np.inf, np.inf])
    assert np.isnan(stretched(np.nan, slider))


@pytest.mark.parametrize("kind", ["bounded", "categories", "logit"])
@pytest.mark.parametrize("answer", [-0.1, 10.1])
def test_no_answer_lies_beyond_the_ends(kind, answer):
    with pytest.raises(ParameterError, match="ratings must lie on the scale"):
        checked_answers([5.0, answer, np.nan], scale(kind))


def test_no_answer_lies_between_categories():
    with pytest.raises(ParameterError, match="ratings must be categories"):
        checked_answers([4.0, 4.3], scale("categories", n_answers=11))


def test_a_continuous_scale_has_every_number():
    np.testing.assert_array_equal(checked_answers([-5.0, 4.32], scale()), [-5.0, 4.32])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "ordinal"}, "kind must be one of continuous, bounded, categories"),
        ({"low": 10.0}, "low must be a number below high"),
        ({"low": -np.inf}, "low must be a number below high"),
        ({"high": np.full((2, 1), np.nan)}, "low must be a number below high"),
        ({"low": np.zeros(2)}, r"low must have shape \(\) or \(2, n_ratings\)"),
        ({"n_answers": 1}, "n_answers must be 2 or more, got 1"),
        ({"shift": 0.0}, "shift must be a positive number, got 0"),
    ],
)
def test_a_scale_that_could_not_be_is_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        scale(**options)
