"""What was left unsaid, counted: worked examples, and what is refused."""

import math

import pytest

from duologue.engine.unsaid import count_last, together
from duologue.errors import ParameterError

NAN = float("nan")


def test_the_last_answers_are_counted_and_not_the_last_sessions():
    assert count_last([1, 1, 0, 1, NAN, 0, 0, 1, NAN]) == (3, 6)
    assert count_last([1, NAN, 0, 1], n_last=2) == (1, 2)
    assert count_last([]) == (0, 0)
    assert count_last([NAN, NAN]) == (0, 0)


def test_the_two_by_two_worked_by_hand():
    # 8 sessions; the client held back in 4, the therapist in 3, both in 3.
    # Expected both: 4 * 3 / 8 = 1.5. Chance of 3 or more of 3: C(4,3) C(4,0) / C(8,3)
    # = 4 / 56 = 0.0714286.
    found = together([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0])

    assert (found.n, found.both) == (8, 3)
    assert (found.client_only, found.therapist_only, found.neither) == (1, 0, 4)
    assert found.both_expected == 1.5
    assert found.both_by_chance == pytest.approx(4 / 56)


def test_next_sessions_are_counted_both_ways():
    # The client held back in 1 and 3, and the therapist did in 2 and not in 4. The
    # therapist held back in 2 and 5: in 3 the client did, in 6 not.
    found = together([1, 0, 1, 0, 0, 0], [0, 1, 0, 0, 1, 0])

    assert found.therapist_after_client == (1, 2)
    assert found.client_after_therapist == (1, 2)


def test_across_a_blank_there_is_no_next_session():
    found = together([1, NAN, 0], [0, 1, 1])

    assert found.n == 2
    assert found.therapist_after_client == (0, 0)


def test_a_session_that_one_has_not_opened_tells_nothing():
    found = together([1, 1, NAN], [NAN, 1, 1])

    assert (found.n, found.both) == (1, 1)
    assert found.both_by_chance == 1


def test_without_sessions_the_chance_is_blank():
    found = together([1, NAN], [NAN, 1])

    assert (found.n, found.both) == (0, 0)
    assert math.isnan(found.both_expected)
    assert math.isnan(found.both_by_chance)
    assert together([], []).n == 0


@pytest.mark.parametrize("values", [[0, 2], [0.5], [-1], [math.inf], [[0, 1]], 1])
def test_anything_but_0_1_and_a_blank_is_refused(values):
    with pytest.raises(ParameterError, match="one axis of 0, 1 or nan"):
        count_last(values)
    with pytest.raises(ParameterError, match="one axis of 0, 1 or nan"):
        together(values, values)


def test_unequal_lengths_are_refused():
    with pytest.raises(ParameterError, match="the same length"):
        together([0, 1], [0])


@pytest.mark.parametrize("n_last", [0, -1])
def test_a_count_of_no_answers_is_refused(n_last):
    with pytest.raises(ParameterError, match="n_last must be 1 or more"):
        count_last([0, 1, 1], n_last=n_last)
