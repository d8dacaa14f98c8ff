"""Courses of one instrument: ends, blanks, a change midway, and totals."""

import numpy as np
import pytest

from duologue.engine.change.codes import Reason
from duologue.engine.change.courses import courses, ends, totals
from duologue.errors import ParameterError

NAN = float("nan")
SCORES = np.array([[20, NAN, 14, 9], [NAN, 11, NAN, NAN], [NAN] * 4, [3, 5, 5, NAN]])


def test_ends_are_the_first_and_the_last_score_whatever_is_blank():
    found = ends(SCORES)

    np.testing.assert_array_equal(found.pre, [20, NAN, NAN, 3])
    np.testing.assert_array_equal(found.post, [9, NAN, NAN, 5])
    assert found.reason.tolist() == [0, Reason.FEW_SCORES, Reason.BLANK, 0]


def test_a_course_in_which_the_instrument_changed_is_blank_and_says_so():
    instrument = np.array([[1, 2, 1, 1], [7, 1, 7, 7], [0] * 4, [1, 1, 2, 2]])

    found = courses(SCORES, instrument=instrument)

    assert found.reason.tolist() == [0, 0, Reason.BLANK, Reason.TWO_INSTRUMENTS]
    np.testing.assert_array_equal(found.scores[:3], SCORES[:3])
    assert np.isnan(found.scores[3]).all()
    assert ends(SCORES, instrument=instrument).reason[3] == Reason.TWO_INSTRUMENTS


def test_courses_of_different_instruments_are_refused():
    instrument = np.repeat([[1], [2], [1], [1]], 4, axis=1)

    with pytest.raises(ParameterError, match="the same for all courses"):
        courses(SCORES, instrument=instrument)


def test_what_was_given_is_left_as_it_is():
    given = SCORES.copy()

    courses(given, instrument=np.array([[1, 1, 1, 1]] * 3 + [[1, 2, 2, 2]]))

    np.testing.assert_array_equal(given, SCORES)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0), (2, 1)])
def test_nothing_and_one_session_have_no_ends(shape):
    found = ends(np.zeros(shape), instrument=np.zeros(shape, dtype=int))

    assert found.pre.shape == found.reason.shape == shape[:1]
    assert np.isnan(found.pre).all()
    assert (found.reason != Reason.NONE).all()


@pytest.mark.parametrize(
    ("scores", "instrument", "match"),
    [
        ([1, 2], None, "two axes, courses and sessions, got 1"),
        ([[1, np.inf]], None, "finite or nan"),
        ([[1, 2]], [[1]], r"whole numbers of the shape of scores, \(1, 2\)"),
        ([[1, 2]], [[1.0, 1.0]], "got float64"),
    ],
)
def test_what_is_no_table_of_courses_is_refused(scores, instrument, match):
    with pytest.raises(ParameterError, match=match):
        courses(scores, instrument=instrument)


def test_totals_turn_items_and_make_up_only_as_many_blanks_as_allowed():
    answers = [[1, 2, 3], [1, NAN, 3], [NAN, NAN, 3], [NAN, NAN, NAN]]
    options = {"lowest": 0, "highest": 3, "turned": [2]}

    np.testing.assert_array_equal(totals(answers, **options), [3, NAN, NAN, NAN])
    np.testing.assert_array_equal(
        totals(answers, **options, max_blank=1), [3, 1.5, NAN, NAN]
    )
    np.testing.assert_array_equal(
        totals(answers, **options, max_blank=3), [3, 1.5, 0, NAN]
    )
    assert totals([1, 2, 3], **options) == 3
    assert totals([1, 2, 3], lowest=0, highest=3) == 6
    assert totals(np.ones((0, 3)), **options).shape == (0,)


@pytest.mark.parametrize(
    ("answers", "options", "match"),
    [
        ([1], {"lowest": 3, "highest": 3}, "lowest must be below highest, got 3, 3"),
        ([1], {"max_blank": -1}, "max_blank must be 0 or more, got -1"),
        ([], {}, "must have an axis of items"),
        (1, {}, "must have an axis of items"),
        ([4], {}, "answers must lie in 0 to 3, or be nan"),
    ],
)
def test_answers_that_no_form_has_are_refused(answers, options, match):
    with pytest.raises(ParameterError, match=match):
        totals(answers, **{"lowest": 0, "highest": 3, **options})
