"""Smoothing, scaling and outliers: ours, and rMEA's bug for bug."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony.preparing import Compat, outliers, scale, smooth
from duologue.errors import ParameterError
from motion_files import UIDS, fixture, records, session, table

NAN = float("nan")


def slowly(values, half):
    """Smooth by the definition, sample by sample."""
    found = []
    for t, value in enumerate(values):
        near = [u for u in values[max(0, t - half) : t + half + 1] if not math.isnan(u)]
        found.append(NAN if math.isnan(value) else math.fsum(near) / len(near))
    return found


@given(
    st.lists(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), min_size=1, max_size=40),
    st.floats(0, 3),
)
def test_smoothing_is_the_mean_of_what_is_present_and_a_blank_stays(values, seconds):
    half = math.floor(0.5 * seconds * 10)

    found = smooth(values, 10.0, seconds=seconds)

    np.testing.assert_allclose(found, slowly(values, half), rtol=1e-12, atol=1e-9)


def test_a_loud_stretch_leaves_nothing_in_a_quiet_one():
    values = np.concatenate([np.full(50, 1e9), np.full(50, 1e-9)])

    assert smooth(values, 25.0)[80] == pytest.approx(1e-9, rel=1e-12)


@pytest.mark.parametrize("name", ["constant", "nan_light"])
def test_it_is_smoothed_as_by_the_slow_definition(shared, name):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    first, second, rate = fixture(shared, name)
    slow = table(folder / f"default_{name}_smoothed_series.csv.gz").T

    for series, expected in zip((first, second), slow, strict=True):
        np.testing.assert_allclose(smooth(series, rate), expected, atol=1e-12)


@pytest.mark.parametrize("name", ["constant", "nan_light"])
def test_it_is_smoothed_as_by_rmea_blanks_and_all(shared, name):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    first, second, rate = fixture(shared, name)
    slow = table(folder / f"rmea_{name}_smoothed_series.csv.gz").T

    for series, expected in zip((first, second), slow[-2:], strict=True):
        found = smooth(series, rate, compat=Compat.RMEA)
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("uid", ["normal_200_1", "dropout_100_1"])
def test_a_session_is_smoothed_and_scaled_as_by_rmea(shared, uid):
    series = table(shared / "reference" / "mirroring" / "rmea" / f"series_{uid}.csv.gz")

    for raw, smoothed, scaled in zip(
        *(series[:, i : i + 2].T for i in (0, 2, 4)), strict=True
    ):
        found = smooth(raw, 25.0, compat=Compat.RMEA)
        np.testing.assert_allclose(found, smoothed, rtol=1e-14, atol=1e-9)
        again = scale(found, compat=Compat.RMEA)
        np.testing.assert_allclose(again, scaled, rtol=1e-13, atol=1e-12)


def test_outliers_are_those_of_rmea(shared):
    listed = records(shared / "reference" / "mirroring" / "rmea" / "preprocessing.csv")
    for uid in UIDS:
        first, second, threshold = outliers(*session(shared, uid))
        rows = [row for row in listed if row["uid"] == uid]

        for flagged, row in zip((first, second), rows, strict=True):
            assert threshold == pytest.approx(
                float(row["outlier_threshold"]), rel=1e-12
            )
            assert flagged.sum() == int(row["outliers_set_missing"])


def test_by_rmeas_rule_the_last_samples_are_nothing_and_a_blank_spreads():
    values = np.ones(60)
    values[30] = NAN

    found = smooth(values, 25.0, compat=Compat.RMEA)

    assert (found[-5:] == 0).all()
    assert np.isnan(found[30])
    assert (found[[26, 29, 31, 35]] == 0).all()
    assert found[20] == pytest.approx(12 / 12.5)


def test_scaled_by_our_rule_the_mean_is_0_and_the_spread_1():
    found = scale([1.0, NAN, 3.0, 8.0])

    assert np.nanmean(found) == pytest.approx(0)
    assert np.nanstd(found) == pytest.approx(1)
    assert np.isnan(found[1])


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0], [NAN, NAN]])
def test_what_does_not_vary_is_not_scaled(values):
    with pytest.raises(ParameterError, match="must vary"):
        scale(values)


def test_of_one_sample_no_outlier_is_told():
    first, second, threshold = outliers([1.0], [NAN])

    assert not first.any()
    assert not second.any()
    assert math.isnan(threshold)


@pytest.mark.parametrize(
    ("values", "says"),
    [([[1.0, 2.0]], "one row of numbers, got 2"), ([float("inf")], "an infinity")],
)
def test_what_is_no_series_is_refused(values, says):
    with pytest.raises(ParameterError, match=says):
        smooth(values, 25.0)


def test_a_span_below_0_is_refused():
    with pytest.raises(ParameterError, match="seconds must be 0 or more, got -1"):
        smooth([1.0], 25.0, seconds=-1)


def test_rules_may_be_given_as_a_plain_word_and_no_other(shared):
    client, _ = session(shared, UIDS[0])

    as_word = smooth(client, 25.0, compat="rmea")

    np.testing.assert_array_equal(as_word, smooth(client, 25.0, compat=Compat.RMEA))
    with pytest.raises(ParameterError, match="compat must be one of none, rmea"):
        smooth(client, 25.0, compat="rMEA")
