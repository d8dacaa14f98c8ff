"""Change in percent and by what matters: limits that count, and starts without a share."""

import numpy as np
import pytest

from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.percent import matters, percent_change
from duologue.errors import ParameterError

NAN = float("nan")
CASES = {
    "das": Better.HIGHER,
    "hamd": Better.LOWER,
    "synthetic_lower": Better.LOWER,
    "synthetic_higher": Better.HIGHER,
}


def names(codes):
    return [Category(code).name.lower() for code in codes]


def test_a_share_of_exactly_the_limit_counts():
    found = percent_change(
        [20, 20, 20, 20, 20], [15, 16, 25, 24, 20], better=Better.LOWER, improved=0.25
    )

    assert found.values.tolist() == [-0.25, -0.2, 0.25, 0.2, 0.0]
    assert names(found.category) == [
        "improved",
        "unchanged",
        "deteriorated",
        "unchanged",
        "unchanged",
    ]


def test_getting_worse_may_have_a_limit_of_its_own():
    found = percent_change(
        [20, 20], [22, 14], better=Better.LOWER, improved=0.5, deteriorated=0.1
    )

    assert names(found.category) == ["deteriorated", "unchanged"]


@pytest.mark.parametrize("better", Better)
@pytest.mark.parametrize("post", [0, 4, NAN])
def test_a_start_on_the_floor_has_no_share(better, post):
    # A published program says improved and deteriorated at once.
    found = percent_change([0, -2], [post, post], better=better)

    assert np.isnan(found.values).all()
    assert names(found.category) == ["undefined"] * 2
    why = Reason.BLANK if np.isnan(post) else Reason.NO_RATIO
    assert found.reason.tolist() == [why] * 2


def test_shares_are_counted_from_the_floor_of_the_scale():
    # Twelve items of 1 to 5 begin at 12: from 24 to 18 is half the way to the floor.
    found = percent_change([24, 12], [18, 14], better=Better.LOWER, floor=12)

    assert found.values[0] == -0.5
    assert names(found.category) == ["improved", "undefined"]


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("percent", [25, 50])
def test_categories_are_those_of_the_reference(reference, numbers, case, percent):
    scores = reference(f"change/{case}.csv")
    pre, post = numbers(scores, "pre", "post")

    found = percent_change(pre, post, better=CASES[case], improved=percent / 100)

    expected = numbers(scores, "percent_change")
    finite = np.isfinite(expected)
    np.testing.assert_allclose(found.values[finite], expected[finite], rtol=1e-11)
    assert np.isnan(found.values[~finite]).all()
    assert names(found.category) == scores[f"percent_{percent}"]


def test_a_difference_that_just_matters_counts():
    found = matters(
        [10, 10, 10, 10, NAN], [5, 6, 15, 14, 3], better=Better.LOWER, difference=5
    )

    assert names(found.category) == [
        "improved",
        "unchanged",
        "deteriorated",
        "unchanged",
        "undefined",
    ]
    assert found.reason.tolist() == [0, 0, 0, 0, Reason.BLANK]


def test_a_scale_turned_round_matters_as_much():
    pre, post = np.array([[20, 30, 3], [5, 36, 4]])

    found = matters(pre, post, better=Better.LOWER, difference=5)
    turned = matters(40 - pre, 40 - post, better=Better.HIGHER, difference=5)

    assert turned.category.tolist() == found.category.tolist()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"improved": 0}, "improved must be above 0, got 0"),
        ({"deteriorated": NAN}, "deteriorated must be above 0, got nan"),
        ({"floor": np.inf}, "floor must be a finite number, got inf"),
    ],
)
def test_limits_that_say_nothing_are_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        percent_change(1, 2, better=Better.LOWER, **options)


def test_a_difference_of_nothing_is_refused():
    with pytest.raises(ParameterError, match="difference must be above 0, got 0"):
        matters(1, 2, better=Better.LOWER, difference=0)
