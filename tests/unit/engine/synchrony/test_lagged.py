"""Windowed lagged correlation: against its definition, rMEA, and the laws of both."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony.lagged import MOST_Z, lagged
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import UIDS, fixture, session, table

SMALL = Windows(rate=5.0, window=20, step=7, lag=4)
NAN = float("nan")


def slow_cell(p, q, scales, min_present):
    """Correlate two stretches by the rules as they are written down."""
    ok = ~(np.isnan(p) | np.isnan(q))
    n = int(ok.sum())
    if n < max(3, math.ceil(min_present * len(p))):
        return NAN
    p, q = p[ok], q[ok]
    if int((p != q).sum()) < 2:
        return NAN
    dp, dq = p - math.fsum(p) / n, q - math.fsum(q) / n
    sp, sq = math.fsum(dp * dp), math.fsum(dq * dq)
    if any(s <= n * (1e-9 * m) ** 2 for s, m in zip((sp, sq), scales, strict=True)):
        return NAN
    r = math.fsum(dp * dq) / math.sqrt(sp * sq)
    if abs(r) >= 1:
        return math.copysign(MOST_Z, r)
    return min(MOST_Z, max(-MOST_Z, math.atanh(r)))


def slowly(x, y, windows, min_present=0.5):
    """Correlate cell by cell."""
    n, m = windows.window, windows.lag
    scales = [np.nanmax(np.abs(v)) if (~np.isnan(v)).any() else 0.0 for v in (x, y)]
    return np.array(
        [
            [
                slow_cell(
                    x[a + max(0, -lag) : a + max(0, -lag) + n],
                    y[a + max(0, lag) : a + max(0, lag) + n],
                    scales,
                    min_present,
                )
                for lag in range(-m, m + 1)
            ]
            for a in windows.starts(len(x))
        ]
    )


def close(found, expected, atol=1e-12):
    """Compare as correlations, since z near 10 magnifies the last digit of r."""
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(np.tanh(found), np.tanh(expected), rtol=0, atol=atol)
    low = np.abs(expected) < 3
    np.testing.assert_allclose(found[low], expected[low], rtol=0, atol=100 * atol)


series = st.lists(
    st.one_of(
        st.just(NAN), st.just(0.0), st.floats(-1e3, 1e3).map(lambda v: round(v, 3))
    ),
    min_size=30,
    max_size=60,
)


@given(series, series, st.sampled_from([0.1, 0.5, 1.0]))
def test_it_is_its_definition(first, second, min_present):
    size = min(len(first), len(second))
    x, y = np.array(first[:size]), np.array(second[:size])

    found = lagged(x, y, SMALL, min_present=min_present)

    close(found.z, slowly(x, y, SMALL, min_present), atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_blank_it_is_its_definition(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, 400)).cumsum(axis=1)
    x[100:180] = x[100]  # still for a while
    y[200:260] = 1e-7 * y[200:260] + 3.0  # and nearly still, far from the rest

    close(lagged(x, y, SMALL).z, slowly(x, y, SMALL))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("nan_light", kind) for kind in ("raw", "smooth")),
        *(("constant", kind) for kind in ("raw", "smooth")),
        ("nan_heavy", "raw"),
        ("rate_29_97", "raw"),
    ],
)
def test_it_is_the_slow_version_on_every_fixture(shared, name, kind):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    first, second, rate = fixture(shared, name)
    if kind == "smooth":
        first, second = smooth(first, rate), smooth(second, rate)

    found = lagged(first, second, windows_of(rate))

    close(found.z, table(folder / f"default_{name}_{kind}.csv.gz"))


@pytest.mark.parametrize("uid", UIDS)
def test_every_cell_of_a_real_session_is_rmeas(shared, uid):
    first, second = (
        scale(smooth(values, 25.0, compat=Compat.RMEA), compat=Compat.RMEA)
        for values in session(shared, uid)
    )

    found = lagged(first, second, windows_of(25.0), compat=Compat.RMEA)

    expected = table(
        shared / "reference" / "mirroring" / "rmea" / f"ccf_z_{uid}.csv.gz"
    )
    np.testing.assert_allclose(found.z, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["nan_light", "constant", "known_lag", "flash"])
def test_every_cell_of_a_fixture_is_rmeas(shared, name):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    first, second, rate = fixture(shared, name)

    found = lagged(first, second, windows_of(rate), compat=Compat.RMEA)

    close(found.z, table(folder / f"rmea_{name}_raw.csv.gz"))


@pytest.mark.parametrize("name", ["nan_light", "constant", "known_lag", "flash"])
def test_smoothed_and_scaled_too_it_is_rmeas_with_its_blank_cells(shared, name):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    first, second, rate = fixture(shared, name)
    first, second = (
        scale(smooth(values, rate, compat=Compat.RMEA), compat=Compat.RMEA)
        for values in (first, second)
    )

    found = lagged(first, second, windows_of(rate), compat=Compat.RMEA)

    close(found.z, table(folder / f"rmea_{name}_smooth.csv.gz"))


def test_where_rmea_stops_the_window_is_blank_and_that_is_told(shared):
    first, second, rate = fixture(shared, "nan_heavy")

    found = lagged(first, second, windows_of(rate), compat=Compat.RMEA)

    assert found.stopped.any()
    assert np.isnan(found.z[found.stopped]).all()
    assert not lagged(first, second, windows_of(rate)).stopped.any()


@given(series, series)
def test_the_seats_exchanged_mirror_the_lags(first, second):
    there = lagged(first, second, SMALL).z
    back = lagged(second, first, SMALL).z

    np.testing.assert_array_equal(there, back[:, ::-1])


def test_neither_scale_nor_offset_matters_and_a_minus_turns_it_round():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 300))
    plain = lagged(x, y, SMALL).z

    np.testing.assert_allclose(lagged(3 * x + 7, y, SMALL).z, plain, atol=1e-12)
    np.testing.assert_allclose(lagged(x, y + 1e6, SMALL).z, plain, atol=1e-9)
    np.testing.assert_allclose(lagged(-x, y, SMALL).z, -plain, atol=1e-12)


@pytest.mark.parametrize("delay", [-4, -1, 0, 3])
def test_who_comes_later_is_led(delay):
    rng = np.random.default_rng(4)
    x = rng.normal(size=300)
    y = np.roll(x, delay) + rng.normal(scale=0.1, size=300)

    z = lagged(x, y, SMALL).z.mean(axis=0)

    assert SMALL.lags[z.argmax()] == delay


def test_a_stretch_with_itself_is_blank_and_with_twice_itself_is_at_the_end():
    x = np.random.default_rng(5).normal(size=200)

    assert np.isnan(lagged(x, x, SMALL).z[:, SMALL.lag]).all()
    assert (lagged(x, 2 * x, SMALL).z[:, SMALL.lag] == MOST_Z).all()


def test_who_never_moves_goes_with_nobody():
    x = np.random.default_rng(6).normal(size=100)

    found = lagged(x, np.full(100, 5.0), SMALL)

    assert np.isnan(found.z).all()
    assert found.coverage == 0


def test_the_longer_series_is_cut_and_a_lag_may_be_longer_than_a_window():
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=200), rng.normal(size=230)
    wide = Windows(rate=5.0, window=10, step=20, lag=30)

    found = lagged(x, y, wide)

    close(found.z, slowly(x, y[:200], wide))


@pytest.mark.parametrize("share", [0.0, -1.0, 1.1, NAN])
def test_a_share_out_of_its_range_is_refused(share):
    with pytest.raises(ParameterError, match="min_present must be above 0, at most 1"):
        lagged(np.ones(50), np.ones(50), SMALL, min_present=share)


def test_two_few_samples_are_refused_in_seconds():
    with pytest.raises(ParameterError, match=r"must last 4.8 s or more"):
        lagged(np.ones(10), np.ones(50), SMALL)
