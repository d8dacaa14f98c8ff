"""A person's own usual: worked examples, and what is refused."""

import math

import numpy as np
import pytest
from scipy.stats import norm, t

from duologue.engine.usual import quieter, steps_down, t_of, t_quantile, usual
from duologue.errors import ParameterError

NAN = float("nan")


def test_a_band_from_four_earlier_answers_worked_by_hand():
    # Earlier 60, 62, 58, 60: mean 60, deviations 0, 2, -2, 0, squares sum to 8.
    # s = sqrt(8 / 3) = 1.63299; t(.99, 3) = 4.54070; sqrt(1 + 1/4) = 1.11803.
    # half = 4.54070 * 1.63299 * 1.11803 = 8.29015.
    band = usual([60, 62, 58, 60, 51])

    assert band.n_earlier.tolist() == [0, 1, 2, 3, 4]
    assert band.centre[4] == pytest.approx(60)
    assert band.lower[4] == pytest.approx(60 - 8.29015, abs=1e-4)
    assert band.upper[4] == pytest.approx(60 + 8.29015, abs=1e-4)
    assert band.below.tolist() == [False, False, False, False, True]
    assert not band.above.any()


def test_there_is_no_band_before_four_answers():
    band = usual([10, 20, 30, 90])

    assert np.isnan(band.lower).all()
    assert np.isnan(band.centre).all()
    assert not band.below.any()
    assert not band.above.any()


def test_a_rise_is_followed_so_that_a_dip_on_the_way_up_is_seen():
    # Eight answers exactly on 40 + 2 x, then 50 where the line promises 56. Residuals
    # are 0, so the half-width is the smallest departure, 5: below 51 is a dip.
    # The mean of the eight is 47: held against it, 50 would not be low at all.
    values = [40, 42, 44, 46, 48, 50, 52, 54, 50]

    followed = usual(values)
    kept = usual(values, follow_rise=False)

    assert followed.rising.tolist() == [False] * 8 + [True]
    assert followed.centre[8] == pytest.approx(56)
    assert followed.lower[8] == pytest.approx(51)
    assert followed.below[8]
    assert kept.centre[8] == pytest.approx(47)
    assert not kept.rising.any()
    assert not kept.below[8]


def test_a_band_round_a_line_worked_by_hand():
    # x = 0..7, y = 40 + 2 x with +1, -1 in turn. Sxx = 42; Sxy = 84 + sum of x * (+-1)
    # = 84 - 4 = 80; slope = 80 / 42 = 1.90476; mean y = 47. Residual squares:
    # Syy - slope^2 Sxx. With y = 41 41 45 45 49 49 53 53: deviations -6 -6 -2 -2 2 2 6 6,
    # Syy = 160; 160 - 80^2 / 42 = 7.61905; s_r = sqrt(7.61905 / 6) = 1.12687.
    # At x = 8: 47 + 1.90476 * 4.5 = 55.57143; t(.99, 6) = 3.14267;
    # half = 3.14267 * 1.12687 * sqrt(1 + 1/8 + 4.5^2 / 42) = 4.48953.
    band = usual([41, 41, 45, 45, 49, 49, 53, 53, 50], smallest_departure=0.0)

    assert band.rising[8]
    assert band.centre[8] == pytest.approx(55.57143, abs=1e-5)
    assert band.lower[8] == pytest.approx(55.57143 - 4.48953, abs=1e-4)
    assert band.below[8]


def test_a_fall_is_never_taken_out():
    band = usual([80, 78, 76, 74, 72, 70, 68, 66, 64, 62])

    assert not band.rising.any()
    assert band.centre[9] == pytest.approx(72)


def test_a_line_promises_no_more_than_the_scale_holds():
    band = usual([60, 65, 70, 75, 80, 85, 90, 95, 100, 100])

    assert band.rising[9]
    assert band.centre[9] == 100
    assert band.lower[9] <= 95


@pytest.mark.parametrize("value", [0.1, 10.1, 33.3, 50.0, 97.7])
def test_an_unchanging_series_has_a_band_of_no_width_and_nothing_outside_it(value):
    # 10.1 forty times over once gave a "rise" and dips, from the digits that squares
    # swallow.
    band = usual(np.full(42, value), smallest_departure=0.0)

    assert (band.lower[4:] == value).all()
    assert (band.upper[4:] == value).all()
    assert not (band.below | band.above | band.rising).any()


def test_the_smallest_departure_is_the_nearest_that_a_limit_comes():
    band = usual([50, 50, 50, 50, 45, 44.9])

    assert (band.lower[4], band.upper[4]) == (45, 55)
    assert not band.below[4]


def test_a_blank_takes_up_time_and_is_not_counted():
    band = usual([60, NAN, 62, 58, NAN, 60, NAN, 51])

    assert band.n_earlier.tolist() == [0, 1, 1, 2, 3, 3, 4, 4]
    assert band.lower[7] == pytest.approx(60 - 8.29015, abs=1e-4)
    assert band.below.tolist() == [False] * 7 + [True]
    assert not np.isnan(band.lower[6])


def test_every_column_is_a_person_of_their_own():
    values = np.array([[60, 62, 58, 60, 51], [1, 2, 3, 4, 5]]).T

    both = usual(values)

    for column in range(2):
        alone = usual(values[:, column])
        np.testing.assert_array_equal(both.lower[:, column], alone.lower)
        np.testing.assert_array_equal(both.below[:, column], alone.below)


@pytest.mark.parametrize("shape", [(0,), (0, 2), (3, 0)])
def test_nothing_gives_nothing(shape):
    assert usual(np.zeros(shape)).lower.shape == shape
    assert quieter(np.zeros(shape)).shape == shape[1:]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"level": 0.5}, r"level must lie in \(0.5, 1\), got 0.5"),
        ({"level": 1.0}, r"level must lie in \(0.5, 1\), got 1.0"),
        ({"level": NAN}, r"level must lie in"),
        ({"smallest_departure": -1}, r"smallest_departure must be 0 or more, got -1"),
        ({"smallest_departure": NAN}, r"smallest_departure must be 0 or more"),
    ],
)
def test_what_is_out_of_range_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        usual([50, 60], **options)


@pytest.mark.parametrize("function", [usual, quieter])
def test_a_number_alone_and_an_infinite_answer_are_refused(function):
    with pytest.raises(ParameterError, match="must have an axis of sessions"):
        function(50.0)
    with pytest.raises(ParameterError, match="must be finite or nan"):
        function([50, math.inf])


def test_quieter_worked_by_hand():
    # Nine answers of 60 and 62 in turn, then 50, 50, 50. Earlier mean 548 / 9 = 60.88889
    # (five 60 and four 62); every step is 2 or -2: s_d = sqrt(4 / 2) = 1.41421.
    # t(.99, 8) = 2.89646; sqrt(1/3 + 1/9) = 0.66667; half = 2.73081, less than the
    # smallest departure of 5, so the line is 55.88889. The last three lie on 50.
    values = [60, 62, 60, 62, 60, 62, 60, 62, 60]

    assert quieter([*values, 50, 50, 50])
    assert quieter([*values, 55, 56, 56])
    assert not quieter([*values, 56, 56, 56])


def test_quieter_is_wider_where_the_steps_are():
    # Steps of 20: s_d = sqrt(400 / 2) = 14.14214, half = 2.89646 * 14.14214 * 0.66667
    # = 27.30812; earlier mean 620 / 9 = 68.88889; the line is 41.58077.
    values = [60, 80, 60, 80, 60, 80, 60, 80, 60]

    assert quieter([*values, 41, 42, 41])
    assert not quieter([*values, 41, 42, 42])


def test_quieter_needs_twelve_answers_and_leaves_blanks_out():
    values = [60, 62, 60, 62, 60, 62, 60, 62, 20, 20, 20]

    assert not quieter(values)
    assert quieter([60, NAN, *values, NAN])


def test_quieter_hides_no_slow_slide_from_itself():
    # 4 points a session down, 12 sessions: the ordinary SD of the nine before is 10.95,
    # and t * SD * 0.667 = 21.15, above the true difference of 24 by little; the steps
    # give s_d = sqrt(16 / 2) = 2.83 and a half-width of 5.46.
    slide = 80.0 - 4 * np.arange(12)
    s_d = math.sqrt(16 / 2)
    half = t.ppf(0.99, 8) * s_d * math.sqrt(1 / 3 + 1 / 9)

    assert half == pytest.approx(5.4616, abs=1e-3)
    assert quieter(slide)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"n_last": 0}, "n_last must be 1 or more, got 0"),
        ({"min_earlier": 1}, "min_earlier must be 2 or more, got 1"),
        ({"level": 0.4}, "level must lie in"),
    ],
)
def test_quieter_refuses_what_it_cannot_ask(options, match):
    with pytest.raises(ParameterError, match=match):
        quieter(np.full(20, 50.0), **options)


def test_steps_down_are_counted_from_answer_to_answer():
    # 50, 40, 45, 30, 30: down, up, down, level.
    assert steps_down([50, 40, NAN, 45, 30, NAN, 30]) == (2, 4)
    assert steps_down([50, 40, 45, 30, 30], n_last=2) == (1, 2)
    assert steps_down([9, 8, 7, 6, 5, 4, 3, 2]) == (5, 5)


@pytest.mark.parametrize("values", [[], [50], [NAN, 50, NAN]])
def test_without_two_answers_there_is_no_step(values):
    assert steps_down(values) == (0, 0)


def test_steps_down_refuses_what_is_no_line_of_answers():
    with pytest.raises(ParameterError, match="n_last must be 1 or more, got 0"):
        steps_down([50, 40], n_last=0)
    with pytest.raises(ParameterError, match="one axis of finite numbers or nan"):
        steps_down([[50, 40], [30, 20]])
    with pytest.raises(ParameterError, match="one axis of finite numbers or nan"):
        steps_down([50, math.inf])


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99, 0.995])
def test_the_table_of_quantiles_is_that_of_the_t_distribution(level):
    df = np.array([1, 2, 3, 10, 41, 1000, 2000])

    np.testing.assert_allclose(t_of(level, df), t.ppf(level, df), rtol=1e-9)
    assert t_quantile(level)[0] == np.inf
    assert t_of(level, 10**6) == pytest.approx(norm.ppf(level), abs=0.005)


def test_more_answers_than_the_table_has_rows_are_no_trouble():
    values = np.tile([40.0, 60.0], 1500)

    assert not quieter(values)
    assert usual(values).upper[-1] == pytest.approx(
        50 + norm.ppf(0.99) * 10.0, abs=0.05
    )
