"""Session, window and lag values, as rMEA has them."""

import numpy as np
import pytest

from duologue.engine.synchrony.lagged import Lagged, lagged
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.summaries import summarise
from duologue.engine.synchrony.windows import Windows, windows_of
from motion_files import UIDS, records, session, table

NAMES = {
    "grand_mean": "grandAver",
    "lag_zero": "lag_zero",
    "first_leads": "s1_lead",
    "second_leads": "s2_lead",
    "first_leads_0": "s1_lead_0",
    "second_leads_0": "s2_lead_0",
}


@pytest.mark.parametrize("uid", UIDS)
def test_a_session_has_the_values_of_rmea(shared, uid):
    first, second = (
        scale(smooth(values, 25.0, compat=Compat.RMEA), compat=Compat.RMEA)
        for values in session(shared, uid)
    )
    found = summarise(lagged(first, second, windows_of(25.0), compat=Compat.RMEA))
    folder = shared / "reference" / "mirroring" / "rmea"
    row = next(r for r in records(folder / "sessions_z.csv") if r["uid"] == uid)

    for ours, theirs in NAMES.items():
        assert getattr(found, ours) == pytest.approx(float(row[theirs]), abs=1e-13)
    best = found.window_best_lag_s.mean()
    assert best == pytest.approx(float(row["bestLag"]), abs=1e-12)
    assert found.coverage == 1
    assert found.asymmetry == found.first_leads - found.second_leads


def of(z, lag=1):
    z = np.array(z, dtype=float)
    windows = Windows(rate=2.0, window=10, step=5, lag=lag)
    return summarise(Lagged(z=z, windows=windows, stopped=np.zeros(len(z), dtype=bool)))


def test_a_blank_counts_for_nothing():
    nan = np.nan
    found = of([[0.1, nan, 0.3], [nan, nan, 0.5], [nan, nan, nan]])

    np.testing.assert_allclose(found.lag_profile, [0.1, nan, 0.4])
    np.testing.assert_allclose(found.window_mean, [0.2, 0.5, nan])
    np.testing.assert_allclose(found.window_best_lag_s, [0.5, 0.5, nan])
    assert found.grand_mean == pytest.approx(0.3)
    assert np.isnan(found.lag_zero)
    assert (found.peak, found.peak_lag_s) == (0.4, 0.5)
    assert found.coverage == pytest.approx(3 / 9)


def test_of_equal_peaks_the_first_from_the_second_leading_on_counts():
    found = of([[0.2, 0.1, 0.2]])

    assert found.peak_lag_s == -0.5
    assert found.window_best_lag_s[0] == -0.5


def test_without_lags_nobody_leads():
    found = of([[0.2], [-0.4]], lag=0)

    assert np.isnan([found.first_leads, found.second_leads, found.asymmetry]).all()
    assert found.lag_zero == pytest.approx(-0.1)
    assert found.grand_mean_abs == pytest.approx(0.3)


def test_where_nothing_can_be_said_all_is_blank():
    found = of([[np.nan, np.nan, np.nan]])

    values = [found.grand_mean, found.peak, found.peak_lag_s, found.asymmetry]
    assert np.isnan(values).all()
    assert found.coverage == 0


def test_a_profile_is_that_of_rmea(shared):
    folder = shared / "reference" / "mirroring" / "rmea"
    z = table(folder / "ccf_z_normal_200_1.csv.gz")
    stopped = np.zeros(len(z), dtype=bool)
    found = summarise(Lagged(z=z, windows=windows_of(25.0), stopped=stopped))
    listed = records(folder / "lagprofile_z.csv.gz")
    key = next(k for k in listed[0] if k not in ("uid", "lag", "lag_s", "group"))
    profile = [float(r[key]) for r in listed if r["uid"] == "normal_200_1"]

    np.testing.assert_allclose(found.lag_profile, profile, atol=1e-13)
