"""The frame in minutes: worked examples, and what is refused."""

import numpy as np
import pytest

from duologue.engine.frame import departures
from duologue.errors import ParameterError

NAN = float("nan")


def test_minutes_late_over_and_short_worked_by_hand():
    # 50 minutes agreed. Started 0, 6, -2 minutes after the plan; lasted 50, 57, 44:
    # late 0, 6, -2; over 0, 7, -6.
    found = departures([0, 0, 0], [0, 6, -2], [50, 63, 42], length_min=50)

    assert found.late.tolist() == [0, 6, -2]
    assert found.over.tolist() == [0, 7, -6]
    assert (found.n_late, found.n_over, found.n_short) == (1, 1, 1)


def test_five_minutes_are_not_yet_more_than_a_few():
    found = departures([0, 0], [5, 5.1], [60, 45.1], length_min=50)

    assert (found.n_late, found.n_over, found.n_short) == (1, 0, 1)


def test_what_is_not_known_stays_blank_and_is_not_counted():
    found = departures([0, NAN, 0], [NAN, 30, 20], [90, 90, NAN], length_min=50)

    assert np.isnan(found.late).tolist() == [True, True, False]
    assert np.isnan(found.over).tolist() == [True, False, True]
    assert (found.n_late, found.n_over, found.n_short) == (1, 1, 0)


def test_without_an_agreed_length_nothing_runs_over():
    found = departures([0], [10], [200], length_min=None)

    assert np.isnan(found.over).all()
    assert (found.n_late, found.n_over, found.n_short) == (1, 0, 0)


def test_no_sessions_give_no_minutes():
    found = departures([], [], [], length_min=50)

    assert found.late.size == found.over.size == 0
    assert (found.n_late, found.n_over, found.n_short) == (0, 0, 0)


@pytest.mark.parametrize("length", [0, -50, NAN])
def test_a_length_that_is_none_is_refused(length):
    with pytest.raises(ParameterError, match="length_min must be positive"):
        departures([0], [0], [50], length_min=length)


def test_unequal_lengths_are_refused():
    with pytest.raises(ParameterError, match="the same length"):
        departures([0, 0], [0], [50], length_min=50)


def test_each_session_may_have_a_length_of_its_own():
    found = departures([0, 0, 0], [0, 0, 0], [50, 90, 50], length_min=[50, 80, NAN])

    assert found.over[:2].tolist() == [0, 10]
    assert np.isnan(found.over[2])
    assert (found.n_over, found.n_short) == (1, 0)
