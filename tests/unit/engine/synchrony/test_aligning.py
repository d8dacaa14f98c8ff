"""Two recordings brought to one rate, and to one start."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony.aligning import (
    at_one_rate,
    offset_of,
    slower,
    started_together,
)
from duologue.errors import ParameterError

NAN = float("nan")


@given(
    st.lists(st.one_of(st.just(NAN), st.floats(-1e3, 1e3)), min_size=1, max_size=40),
    st.sampled_from([1.0, 2.0, 3.0, 2.5, 29.97 / 4]),
)
def test_a_bin_is_the_mean_of_what_lies_around_its_moment(values, ratio):
    found = slower(values, ratio * 4.0, 4.0)

    for k, mean in enumerate(found):
        near = [
            v for i, v in enumerate(values) if math.floor(i / ratio + 0.5 + 1e-9) == k
        ]
        there = [v for v in near if not math.isnan(v)]
        if len(there) < 0.5 * len(near) or not there:
            assert math.isnan(mean)
        else:
            expected = math.fsum(there) / len(there)
            assert mean == pytest.approx(expected, abs=1e-9)
    assert len(found) == math.floor((len(values) - 1) / ratio + 0.5 + 1e-9) + 1


def test_nothing_is_moved_in_time_whichever_is_the_faster():
    slow_times, fast_times = np.arange(60) / 2, np.arange(300) / 10
    slow, fast = np.sin(slow_times), np.sin(fast_times)

    one, other, rate = at_one_rate(slow, 2.0, fast, 10.0)
    back, there, same = at_one_rate(fast, 10.0, slow, 2.0)

    assert rate == same == 2.0
    np.testing.assert_array_equal(one, there)
    np.testing.assert_array_equal(other, back)
    # The mean of a sine over half a second is .99 of it, and at its own moment; at
    # either end half of a bin is not there.
    shrunk = np.mean(np.cos(np.arange(-2, 3) / 10))
    np.testing.assert_allclose(other[1:-1], shrunk * one[1:-1], atol=1e-12)


@pytest.mark.parametrize(
    ("rates", "says"),
    [
        ((2.0, 4.0), "to_rate must not be above rate, got 4 and 2 Hz"),
        ((0.0, 4.0), "rate must be above 0 Hz"),
        ((4.0, NAN), "to_rate must be above 0 Hz"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(rates, says):
    with pytest.raises(ParameterError, match=says):
        slower([1, 2], *rates)


@pytest.mark.parametrize("late", [0, 17, -23])
def test_a_late_start_is_found_and_taken_back(late):
    rng = np.random.default_rng(1)
    whole = np.convolve(rng.normal(size=830), np.ones(5), "valid")
    noise = rng.normal(size=(2, 700))
    first = whole[max(0, -late) :][:700] + noise[0]
    second = whole[max(0, late) :][:700] + noise[1]
    first[100:130] = NAN

    found = offset_of(first, second, 10.0, most_s=5)

    assert found.offset_s == late / 10
    assert found.n == 700 - abs(late) - 30
    one, other = started_together(first, second, 10.0, found.offset_s)
    assert one.size == other.size == 700 - abs(late)
    r = np.corrcoef(*np.array([one, other])[:, ~np.isnan(one)])[0, 1]
    assert found.r == pytest.approx(r, abs=1e-9)
    back = offset_of(second, first, 10.0, most_s=5)
    assert (back.offset_s, back.n) == (-found.offset_s, found.n)


def test_what_never_moves_has_no_offset():
    found = offset_of(np.ones(50), np.arange(50), 1.0, most_s=5)

    assert math.isnan(found.offset_s)
    assert found.n == 0
    assert math.isnan(offset_of(np.full(50, NAN), np.arange(50), 1.0, most_s=5).r)


def test_half_of_the_session_must_overlap():
    first, second = np.random.default_rng(2).normal(size=(2, 100))

    assert abs(offset_of(first, second, 1.0, most_s=1e6).offset_s) <= 50


@pytest.mark.parametrize("offset_s", [NAN, 10.0, -11.0])
def test_an_offset_must_leave_something(offset_s):
    with pytest.raises(ParameterError, match="offset_s must"):
        started_together(np.ones(10), np.ones(10), 1.0, offset_s)


def test_how_far_is_looked_must_be_finite():
    with pytest.raises(ParameterError, match="most_s must be 0 s or more, got -1 s"):
        offset_of(np.ones(10), np.ones(10), 1.0, most_s=-1)
