"""Two views of the same session: worked examples, and what is refused."""

import math

import numpy as np
import pytest

from duologue.engine.views import two_views
from duologue.errors import ParameterError

NAN = float("nan")


def test_the_usual_gap_and_its_interval_worked_by_hand():
    # Gaps 10, 14, 6, 10: mean 10, squares 0 + 16 + 16 + 0 = 32, s = sqrt(32 / 3)
    # = 3.26599. t(.95, 3) = 2.35336; half = 2.35336 * 3.26599 / 2 = 3.84303.
    views = two_views([50, 50, 60, 70], [60, 64, 66, 80])

    assert views.gap.tolist() == [10, 14, 6, 10]
    assert views.usual_gap == 10
    assert views.interval == pytest.approx((6.15697, 13.84303), abs=1e-4)
    assert (views.n_both, views.n_client_higher, views.n_therapist_higher) == (4, 0, 4)


def test_the_chance_of_a_split_worked_by_hand():
    # The therapist higher in 5 of 6, no ties: (C(6,0) + C(6,1)) / 2^6 = 7 / 64 on one
    # side, 14 / 64 on both.
    views = two_views([50, 50, 50, 50, 50, 50], [60, 60, 60, 60, 60, 40])

    assert views.uneven_by_chance == pytest.approx(14 / 64)


def test_a_tie_is_on_neither_side():
    views = two_views([50, 50, 50], [50, 60, 40])

    assert (views.n_client_higher, views.n_therapist_higher) == (1, 1)
    assert views.n_both == 3
    assert views.uneven_by_chance == 1


def test_moving_together_is_counted_on_steps_where_both_moved():
    # Steps of the client: +10, -5, 0, +5; of the therapist: +1, +5, -5, +5.
    # The same way in the first and the last; the third is no step of the client.
    views = two_views([50, 60, 55, 55, 60], [70, 71, 76, 71, 76])

    assert (views.n_together, views.n_steps) == (2, 3)


def test_a_step_joins_the_sessions_that_both_answered():
    views = two_views([50, NAN, 60], [70, 20, 80])

    assert (views.n_together, views.n_steps) == (1, 1)
    assert np.isnan(views.gap[1])


def test_two_series_that_only_rise_are_not_called_matched_by_their_level():
    rising = np.arange(20.0)
    zigzag = rising + np.tile([0.0, 3.0], 10)
    other = rising + np.tile([3.0, 0.0], 10)

    views = two_views(zigzag, other)

    assert (views.n_together, views.n_steps) == (0, 19)


def test_a_departure_is_ten_points_from_the_usual_gap_at_least():
    # Gaps of 5 each time: no spread, so the smallest departure of 10 stands.
    client = np.full(6, 50.0)
    therapist = np.array([55, 55, 55, 55, 65, 65.1])

    departures = two_views(client, therapist).departures

    assert (departures.lower[4], departures.upper[4]) == (-5, 15)
    assert not departures.above[4]
    assert not departures.rising.any()


def test_a_growing_gap_is_never_taken_out():
    views = two_views(np.full(10, 40.0), 42 + 4 * np.arange(10.0))

    assert not views.departures.rising.any()


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_answers_leave_blanks_and_no_zeros(n):
    views = two_views(np.full(n, 50.0), np.full(n, 60.0))

    assert math.isnan(views.interval[0])
    assert math.isnan(views.usual_gap) is (n == 0)
    assert math.isnan(views.uneven_by_chance) is (n == 0)
    assert (views.n_together, views.n_steps) == (0, 0)


def test_more_answers_than_the_table_has_rows_are_no_trouble():
    gap = np.tile([9.0, 11.0], 1500)

    views = two_views(np.full(3000, 50.0), 50 + gap)

    assert views.interval == pytest.approx((10 - 0.03, 10 + 0.03), abs=0.001)


@pytest.mark.parametrize(
    ("client", "therapist"), [([1, 2], [1]), ([[1, 2]], [[1, 2]]), (1, 1)]
)
def test_two_lines_of_unequal_length_or_another_shape_are_refused(client, therapist):
    with pytest.raises(ParameterError, match="one axis of equal length"):
        two_views(client, therapist)


@pytest.mark.parametrize("other", [50, math.inf, -math.inf, NAN])
def test_an_infinite_answer_is_refused_and_never_a_blank(other):
    with pytest.raises(ParameterError, match="must be finite or nan"):
        two_views([50, math.inf], [50, other])
