"""Seconds that become samples, and how many windows there are."""

import pytest

from duologue.engine.synchrony.windows import Windows, samples_of, windows_of
from duologue.errors import ParameterError


@pytest.mark.parametrize(
    ("seconds", "rate", "samples"),
    [(0.5, 25.0, 13), (30, 30000 / 1001, 899), (1.5, 1 / 60, 0), (90, 1 / 60, 2)],
)
def test_halves_of_a_sample_are_rounded_up(seconds, rate, samples):
    assert samples_of(seconds, rate) == samples


def test_a_session_of_ten_minutes_has_the_windows_of_the_field():
    windows = windows_of(25.0)

    assert windows.count(15_000) == 57
    assert windows.starts(15_000)[-1] == 14_000
    assert (windows.lags[0], windows.lags.size) == (-125, 251)


def test_the_seconds_that_are_really_used_are_told():
    windows = windows_of(30000 / 1001)

    assert windows.window_s == pytest.approx(29.99663, abs=1e-5)
    assert windows.lag_s == pytest.approx(5.005, abs=1e-9)
    assert windows.step_s == pytest.approx(10.01, abs=1e-9)


def test_one_window_needs_the_largest_lag_too():
    windows = windows_of(25.0)

    assert windows.count(875) == 1
    with pytest.raises(ParameterError, match=r"must last 35 s or more .* got 34.96 s"):
        windows.count(874)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rate": 0.0}, "rate must be above 0 Hz"),
        ({"rate": float("nan")}, "rate must be above 0 Hz"),
        ({"rate": 25.0, "lag_s": -1}, "lag_s must be 0 s or more"),
        ({"rate": 25.0, "window_s": float("inf")}, "window_s must be 0 s or more"),
        ({"rate": 25.0, "window_s": 0.05}, "window must be 3 samples or more, got 1"),
        ({"rate": 1.0, "step_s": 0.4}, "step must be 1 samples or more, got 0"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given, says):
    with pytest.raises(ParameterError, match=says):
        windows_of(**given)


def test_samples_can_be_given_as_they_are():
    assert Windows(rate=25.0, window=750, step=250, lag=125) == windows_of(25.0)


def test_samples_that_are_not_whole_are_refused_where_lags_are_named_by_seconds():
    with pytest.raises(ParameterError, match=r"rMEA's rules window_s .* 899\.10 at"):
        windows_of(30000 / 1001, is_whole=True)
    with pytest.raises(
        ParameterError, match=r"lag_s .* got 0\.5 s, which are 12\.50 at"
    ):
        windows_of(25.0, lag_s=0.5, is_whole=True)


def test_a_rate_from_rounded_time_stamps_is_whole_all_the_same():
    assert windows_of(25.000_000_1, is_whole=True).lag == 125
