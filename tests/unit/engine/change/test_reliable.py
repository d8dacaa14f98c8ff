"""Reliable change: published examples, reference values, and what is undefined."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.reliable import (
    Index,
    Reference,
    reference_of,
    reliable_change,
)
from duologue.errors import ParameterError

NAN = float("nan")
CASES = ["das", "hamd", "synthetic_lower", "synthetic_higher"]
IMPROVED, UNCHANGED, DETERIORATED = (
    Category.IMPROVED,
    Category.UNCHANGED,
    Category.DETERIORATED,
)
# First and second scores made up for these tests, lower better.
PRE = np.array([22.0, 20, 34, 15, 18, 27, 9, 25, 21, 30])
POST = np.array([21.0, 9, 17, 16, 6, 30, 4, 25, 12, 11])


def slow_indices(pre, post, r):
    """Six indices, score by score in plain Python, as the table of formulas has them."""
    n = len(pre)
    m1, m2 = sum(pre) / n, sum(post) / n
    s1 = math.sqrt(sum((x - m1) ** 2 for x in pre) / (n - 1))
    s2 = math.sqrt(sum((x - m2) ** 2 for x in post) / (n - 1))
    c = sum((a - m1) * (b - m2) for a, b in zip(pre, post, strict=True))
    c /= (n - 1) * s1 * s2
    sem = s1 * math.sqrt(1 - r)
    r1, r2 = 1 - sem**2 / s1**2, 1 - sem**2 / s2**2
    up = s1**2 * r1 + s2**2 * r2 - 2 * s1 * s2 * c
    rdd = up / (s1**2 + s2**2 - 2 * s1 * s2 * c)
    rows = []
    for x1, x2 in zip(pre, post, strict=True):
        rows.append(
            {
                "JT": (x2 - x1) / (sem * math.sqrt(2)),
                "GLN": ((x2 - m1) - r * (x1 - m1)) / (s1 * math.sqrt(1 - r**2)),
                "HLL": ((x2 - m2) - r * (x1 - m1)) / (s1 * math.sqrt(1 - r**2)),
                "EN": (x2 - (r * (x1 - m1) + m1)) / sem,
                "NK": (x2 - (r * (x1 - m1) + m1))
                / math.sqrt(r**2 * s1**2 * (1 - r) + s1**2 * (1 - r)),
                "HA": ((x2 - x1) * rdd + (m2 - m1) * (1 - rdd))
                / (math.sqrt(rdd) * math.sqrt(2) * sem),
            }
        )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def of_case(reference, numbers, case):
    """Scores, numbers and direction of a reference case."""
    columns = reference("change/parameters.csv")
    row = columns["case"].index(case)
    scores = reference(f"change/{case}.csv")
    pre, post = numbers(scores, "pre", "post")
    own = reference_of(pre, post, reliability=float(columns["reliability"][row]))
    better = Better[columns["better"][row].upper()]
    return scores, pre, post, own, better


def test_the_example_of_jacobson_and_truax():
    # s 7.5, r .80: SEM 3.3541, S_diff 4.7434; from 32.5 to 47.5 is 3.162.
    norms = Reference(sd=7.5, reliability=0.80)

    found = reliable_change(32.5, 47.5, reference=norms, better=Better.HIGHER)

    assert norms.sem == pytest.approx(3.3541, abs=5e-5)
    assert norms.sd_of_difference == pytest.approx(4.7434, abs=5e-5)
    assert found.values == pytest.approx(3.162, abs=5e-4)
    assert found.category == IMPROVED
    assert found.reason == Reason.NONE


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (Index.JT, -5.680532),
        (Index.GLN, -5.972837),
        (Index.EN, -8.013402),
        (Index.NK, -6.257415),
    ],
)
def test_one_person_against_published_numbers(index, expected):
    # The first of 40 on the Hamilton scale: 25 to 13, mean 24.85, SD 3.340121, r .80.
    norms = Reference(mean=24.85, sd=3.340121294, reliability=0.80)

    found = reliable_change(25, 13, reference=norms, better=Better.LOWER, index=index)

    assert found.values == pytest.approx(expected, abs=1e-6)
    assert found.category == IMPROVED


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("index", Index)
def test_indices_are_those_of_the_reference(reference, numbers, case, index):
    scores, pre, post, own, better = of_case(reference, numbers, case)

    found = reliable_change(pre, post, reference=own, better=better, index=index)

    expected = numbers(scores, f"rci_{index}")
    # The file has 12 digits.
    np.testing.assert_allclose(found.values, expected, rtol=1e-11, atol=1e-9)
    counts = reference("change/counts.csv")
    for category in (IMPROVED, UNCHANGED, DETERIORATED):
        (n,) = [
            int(counts["n"][row])
            for row in range(len(counts["n"]))
            if counts["case"][row] == case
            and counts["approach"][row] == "distribution"
            and counts["method"][row] == index
            and counts["category"][row] == category.name.lower()
        ]
        assert (found.category == category).sum() == n


@pytest.mark.parametrize("index", Index)
@pytest.mark.parametrize("r", [0.6, 0.89])
def test_indices_are_those_of_plain_python(index, r):
    own = reference_of(PRE, POST, reliability=r)

    found = reliable_change(PRE, POST, reference=own, better=Better.LOWER, index=index)

    expected = slow_indices(PRE.tolist(), POST.tolist(), r)[index]
    np.testing.assert_allclose(found.values, expected, rtol=1e-12)


@pytest.mark.shared
def test_points_of_reliable_change_are_those_of_the_reference(reference, numbers):
    file = reference("sudden_gains/criterion1_cutoff.csv")

    for sd, r, sem, difference, points in zip(
        *numbers(
            file,
            "sd",
            "reliability",
            "standard_error_measurement",
            "standard_error_difference",
            "reliable_change_value",
        ),
        strict=True,
    ):
        norms = Reference(sd=sd, reliability=r)
        assert norms.sem == pytest.approx(sem, rel=1e-12)
        assert norms.sd_of_difference == pytest.approx(difference, rel=1e-12)
        assert 1.96 * norms.sd_of_difference == pytest.approx(points, rel=1e-12)


def test_the_error_of_the_second_score_may_differ():
    # NK, s 10, r .8, r_post .9: sqrt(.64 * 100 * .2 + 100 * .1) = sqrt(22.8).
    norms = Reference(mean=50, sd=10, reliability=0.8, reliability_after=0.9)

    found = reliable_change(
        40, 60, reference=norms, better=Better.HIGHER, index=Index.NK
    )

    assert found.values == pytest.approx((60 - (0.8 * -10 + 50)) / math.sqrt(22.8))


def test_ha_asks_each_direction_for_itself():
    # With m1 = m2 the index is (x2 - x1) sqrt(R) / S_diff. s 10, r .8, c .6: SEM^2 20,
    # S_diff^2 40, variance of the change 100 + 100 - 120 = 80, of that true 40: R .5.
    sample = {
        "sd": 10,
        "sd_after": 10,
        "correlation": 0.6,
        "mean": 30,
        "mean_after": 30,
    }
    own = Reference(reliability=0.8, **sample)
    points = np.array([1.64, 1.65, -1.64, -1.65]) * math.sqrt(40 / 0.5)

    found = reliable_change(
        np.full(4, 30.0),
        30 + points,
        reference=own,
        better=Better.HIGHER,
        index=Index.HA,
    )

    np.testing.assert_allclose(found.values, [1.64, 1.65, -1.64, -1.65])
    assert found.category.tolist() == [UNCHANGED, IMPROVED, UNCHANGED, DETERIORATED]


def test_a_change_of_exactly_the_limit_is_no_change():
    norms = Reference(sd=math.sqrt(0.5), reliability=0.0)  # a difference has SD 1

    found = reliable_change(
        [0, 0, 0], [2, 2.001, -2.001], reference=norms, better=Better.HIGHER, z=2
    )

    assert found.category.tolist() == [UNCHANGED, IMPROVED, DETERIORATED]


@pytest.mark.parametrize("index", Index)
def test_a_blank_score_is_undefined(index):
    own = reference_of(PRE, POST, reliability=0.8)

    found = reliable_change(
        [20, NAN, NAN], [NAN, 20, NAN], reference=own, better=Better.LOWER, index=index
    )

    assert np.isnan(found.values).all()
    assert (found.category == Category.UNDEFINED).all()
    assert (found.reason == Reason.BLANK).all()


def test_one_person_without_a_sample_has_jt_and_en_but_not_hll_and_ha():
    norms = Reference(mean=19.7, sd=7.7, reliability=0.9)

    found = {
        index: reliable_change(20, 8, reference=norms, better=Better.LOWER, index=index)
        for index in Index
    }

    assert found[Index.JT].category == found[Index.EN].category == IMPROVED
    for index in (Index.HLL, Index.HA):
        assert found[index].reason == Reason.NEEDS_SAMPLE
        assert found[index].category == Category.UNDEFINED
        assert np.isnan(found[index].values)


def test_ha_needs_the_correlation_too():
    lacking = Reference(mean=20, sd=5, mean_after=12, sd_after=6, reliability=0.8)

    found = reliable_change(
        20, 8, reference=lacking, better=Better.LOWER, index=Index.HA
    )

    assert found.reason == Reason.NEEDS_SAMPLE
    # SEM^2 = 25 * .2 = 5; 1 - 5 / 36.
    assert lacking.true_after == pytest.approx(31 / 36)
    assert np.isnan(Reference(sd=5, reliability=0.8).true_after)


def test_a_sample_of_one_or_none_says_nothing_of_itself():
    for pre, post in (([20.0], [8.0]), ([NAN], [8.0]), ([], [])):
        own = reference_of(pre, post, reliability=0.9)

        found = reliable_change(20, 8, reference=own, better=Better.LOWER)

        assert found.reason == Reason.NEEDS_SAMPLE


@pytest.mark.parametrize("index", Index)
@pytest.mark.parametrize("value", [10.1, 12.0])
def test_a_sample_without_spread_has_no_index(index, value):
    own = reference_of(np.full(7, value), POST[:7], reliability=0.8)

    found = reliable_change(PRE, POST, reference=own, better=Better.LOWER, index=index)

    assert own.sd == 0
    assert (found.reason == Reason.NO_SPREAD).all()
    assert np.isnan(found.values).all()


def test_ha_is_undefined_where_all_change_alike_or_change_is_all_error():
    alike = reference_of(PRE, PRE - 4, reliability=0.8)
    level = reference_of(PRE, np.full(10, 4.0), reliability=0.8)
    # Changes of +1 and -1 alone: less than the error of a difference.
    error = reference_of(PRE, PRE + np.tile([1, -1], 5), reliability=0.5)

    reasons = [
        reliable_change(
            20, 8, reference=own, better=Better.LOWER, index=Index.HA
        ).reason
        for own in (alike, level, error)
    ]

    assert reasons == [Reason.NO_SPREAD, Reason.NO_SPREAD, Reason.NOT_RELIABLE]


@pytest.mark.parametrize("index", Index)
def test_the_order_of_people_does_not_matter(index):
    order = np.random.default_rng(1).permutation(10)

    found = reliable_change(
        PRE,
        POST,
        reference=reference_of(PRE, POST, reliability=0.8),
        better=Better.LOWER,
        index=index,
    )
    other = reliable_change(
        PRE[order],
        POST[order],
        reference=reference_of(PRE[order], POST[order], reliability=0.8),
        better=Better.LOWER,
        index=index,
    )

    np.testing.assert_allclose(other.values, found.values[order], rtol=1e-12)
    assert other.category.tolist() == found.category[order].tolist()


@given(
    scores=st.lists(
        st.tuples(*[st.integers(0, 40) | st.none()] * 2), min_size=1, max_size=12
    ),
    r=st.floats(0, 0.99),
    index=st.sampled_from(Index),
)
def test_nothing_is_infinite_and_a_category_goes_with_a_number(scores, r, index):
    pre, post = np.array(scores, dtype=float).T
    own = reference_of(pre, post, reliability=r)

    found = reliable_change(pre, post, reference=own, better=Better.LOWER, index=index)

    assert not np.isinf(found.values).any()
    undefined = np.isnan(found.values)
    assert (undefined == (found.category == Category.UNDEFINED)).all()
    assert (undefined == (found.reason != Reason.NONE)).all()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"sd": 5, "reliability": 1.0}, r"reliability must lie in \[0, 1\), got 1.0"),
        ({"sd": 5, "reliability": NAN}, "reliability must lie in"),
        ({"sd": -1, "reliability": 0.8}, "sd must be 0 or more, got -1"),
        (
            {"sd": 5, "reliability": 0.8, "reliability_after": 2},
            "reliability_after must lie in",
        ),
        ({"sd": 5, "reliability": 0.8, "sd_after": math.inf}, "sd_after must be 0 or"),
    ],
)
def test_numbers_that_no_instrument_has_are_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        Reference(**options)


def test_scores_that_do_not_fit_are_refused():
    norms = Reference(sd=5, reliability=0.8)

    with pytest.raises(ParameterError, match="must have the same shape"):
        reliable_change([1, 2], [1], reference=norms, better=Better.LOWER)
    with pytest.raises(ParameterError, match="must be finite or nan"):
        reliable_change(1, math.inf, reference=norms, better=Better.LOWER)
    with pytest.raises(ParameterError, match="z must be above 0, got 0"):
        reliable_change(1, 2, reference=norms, better=Better.LOWER, z=0)
    with pytest.raises(ParameterError, match="must have one axis, got 0"):
        reference_of(1, 2, reliability=0.8)
