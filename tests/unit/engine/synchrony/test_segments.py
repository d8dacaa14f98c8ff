"""A session beside itself with its segments in other orders."""

import sys

import numpy as np
import pytest

from duologue.engine.synchrony import compiled_segments
from duologue.engine.synchrony.compiled_segments import can_be_tabled
from duologue.engine.synchrony.compiled_segments import sums_of_orders as by_tables
from duologue.engine.synchrony.lagged import lagged
from duologue.engine.synchrony.orders import Shuffle, drawn_orders, sums_of_orders
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.segments import against_segments
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import records, session
from uncompiled import uncompile

SMALL = Windows(rate=5.0, window=20, step=10, lag=5)
SEGMENT = 30
CLOSE = {"rtol": 0, "atol": 1e-12}


def pair(seed, *, n_segments=10, segment=SEGMENT, blank=0.0):
    made = np.random.default_rng(seed).normal(size=(2, n_segments * segment + 3))
    made = made[:, :-3] + made[:, 1:-2] + made[:, 2:-1] + made[:, 3:]
    made[np.random.default_rng(seed + 1).random(made.shape) < blank] = np.nan
    return made


def orders_of(n, n_segments, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([[rng.permutation(n_segments) for _ in "ab"] for _ in range(n)])


def slowly(first, second, windows, orders, compat=Compat.NONE):
    """Shuffle the segments, and correlate cell by cell: sums and how many cells."""
    z = []
    for order in orders:
        moved = [
            np.concatenate([np.array_split(series, len(o))[k] for k in o])
            for series, o in zip((first, second), order, strict=True)
        ]
        z.append(lagged(*moved, windows, compat=compat).z)
    return np.nansum(z, axis=1), np.nansum(np.abs(z), axis=1), (~np.isnan(z)).sum(1)


@pytest.mark.parametrize("compat", Compat)
@pytest.mark.parametrize(
    ("window", "step", "lag", "segment"),
    [
        (20, 10, 5, 30),
        (20, 10, 37, 30),  # lags reach across several blocks
        (21, 7, 9, 35),
        (6, 2, 0, 10),
        (20, 30, 9, 20),  # gaps between windows
        (22, 11, 11, 33),
    ],
)
def test_by_tables_it_is_what_shuffling_and_correlating_gives(
    window, step, lag, segment, compat
):
    windows = Windows(rate=5.0, window=window, step=step, lag=lag)
    first, second = pair(1, segment=segment)
    orders = orders_of(200, 10)

    found = sums_of_orders(first, second, windows, orders, segment, compat=compat)

    assert can_be_tabled(first.size, 200, windows, segment)
    z, absolute, count = slowly(first, second, windows, orders, compat)
    np.testing.assert_allclose(found.z, z, **CLOSE)
    np.testing.assert_allclose(found.absolute, absolute, **CLOSE)
    np.testing.assert_array_equal(found.count, count)


@pytest.mark.parametrize("compat", Compat)
def test_with_stretches_that_are_still_quiet_or_alike_it_is_the_same(compat):
    first, second = pair(2)
    first[60:120] = 0.0  # at rest
    second[:60] = 7.3  # still, far from 0
    second[150:210] = 1e-7 * second[150:210] + 3.0
    second[240:270] = first[210:240]  # alike where they meet
    orders = orders_of(60, 10)

    found = sums_of_orders(first, second, SMALL, orders, SEGMENT, compat=compat)

    z, absolute, count = slowly(first, second, SMALL, orders, compat)
    np.testing.assert_array_equal(found.count, count)
    np.testing.assert_allclose(found.z, z, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.absolute, absolute, rtol=0, atol=1e-9)


def test_what_is_doubtful_is_told():
    first, second = pair(3)
    second[::2] += 1e5
    second[200:] = 1e5

    _, is_doubtful = by_tables(first, second, SMALL, orders_of(40, 10), SEGMENT)

    assert is_doubtful.all()


@pytest.mark.parametrize("compat", Compat)
def test_blanks_go_along_with_their_segment(compat):
    first, second = pair(4, blank=0.2)
    orders = orders_of(12, 10)

    found = sums_of_orders(first, second, SMALL, orders, SEGMENT, compat=compat)

    z, _, count = slowly(first, second, SMALL, orders, compat)
    np.testing.assert_array_equal(found.count, count)
    np.testing.assert_allclose(found.z, z, rtol=0, atol=1e-9)


@pytest.mark.parametrize("uid", ["normal_200_1", "dropout_100_1"])
def test_a_hundred_shuffles_of_a_real_session_have_the_averages_of_rmea(shared, uid):
    folder = shared / "reference" / "mirroring" / "rmea"
    told = [r for r in records(folder / "segment_shuffle.csv.gz") if r["uid"] == uid]
    orders = np.array(
        [
            [[int(row[f"{who}_{i}"]) - 1 for i in range(1, 21)] for who in ("s1", "s2")]
            for row in records(folder / "segment_shuffle_permutations.csv.gz")
            if row["uid"] == uid
        ]
    )
    first, second = (
        scale(smooth(values, 25.0, compat=Compat.RMEA), compat=Compat.RMEA)
        for values in session(shared, uid)
    )
    windows = windows_of(25.0)

    found = sums_of_orders(first, second, windows, orders, 750, compat=Compat.RMEA)

    assert (len(told), can_be_tabled(15_000, 100, windows, 750)) == (100, True)
    for values, name in (
        (found.grand_mean, "grandAver"),
        (found.grand_mean_abs, "grandAver_abs"),
        (found.profile[:, windows.lag], "lag_zero"),
    ):
        expected = [float(row[name]) for row in told]
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-9)


def test_without_a_compiler_it_says_the_same(monkeypatch):
    first, second = pair(5)
    compiled = against_segments(first, second, SMALL, segment_s=6, n_shuffles=100)
    for name in ("compiled_segments", "compiled_lagged"):
        monkeypatch.setitem(sys.modules, f"duologue.engine.synchrony.{name}", None)
        monkeypatch.delattr(f"duologue.engine.synchrony.{name}", raising=False)

    plain = against_segments(first, second, SMALL, segment_s=6, n_shuffles=100)

    assert plain.p_peak == compiled.p_peak
    np.testing.assert_allclose(plain.band, compiled.band, **CLOSE)


@pytest.mark.parametrize("shuffle", Shuffle)
def test_the_seats_exchanged_give_the_same_chance(shuffle):
    first, second = pair(6)
    asked = {"segment_s": 6, "n_shuffles": 101, "shuffle": shuffle}

    there = against_segments(first, second, SMALL, **asked)
    back = against_segments(second, first, SMALL, **asked)

    assert there.n_surrogates == back.n_surrogates == 102
    for name in ("p_peak", "p_grand_mean", "p_grand_mean_abs"):
        assert getattr(there, name) == getattr(back, name)
    np.testing.assert_allclose(there.mean, back.mean[::-1], **CLOSE)
    np.testing.assert_allclose(
        np.sort(there.surrogate_grand_mean), np.sort(back.surrogate_grand_mean), **CLOSE
    )


def test_who_follows_is_found_at_their_lag():
    first, second = pair(7, n_segments=20)
    second = 0.8 * np.roll(first, 3) + 0.6 * second

    found = against_segments(first, second, SMALL, segment_s=6, n_shuffles=200)

    assert found.p_peak == pytest.approx(1 / 201)
    assert found.low[SMALL.lag] < found.mean[SMALL.lag] < found.high[SMALL.lag]
    assert (found.band > found.mean).all()
    assert found.grand_mean == pytest.approx(lagged(first, second, SMALL).z.mean())


def test_of_one_series_no_segment_stays_in_place_and_the_other_is_as_it_was():
    first, second = pair(8)

    orders = drawn_orders(
        first, second, 10, Shuffle.ONE, n_shuffles=40, seed=0
    ) == np.arange(10)

    assert orders[:20, 0].all()
    assert orders[20:, 1].all()
    assert not orders[:20, 1].any()
    assert not orders[20:, 0].any()


def test_of_both_each_is_put_in_any_order():
    first, second = pair(9)

    orders = drawn_orders(first, second, 10, Shuffle.BOTH, n_shuffles=2000, seed=0)

    assert (np.sort(orders, axis=2) == np.arange(10)).all()
    # Each at each place 200 times of 2,000; four standard errors to either side.
    at_first = np.bincount(orders[:, 0, 0], minlength=10)
    assert np.abs(at_first - 200).max() < 4 * np.sqrt(2000 * 0.1 * 0.9)
    alike = (orders[:, 0] == orders[:, 1]).sum(axis=1).mean()
    assert alike == pytest.approx(1.0, abs=0.15)


def test_a_rest_that_is_no_whole_segment_is_left_out_of_both():
    first, second = pair(10)
    longer = [np.concatenate([v, np.full(17, 9.0)]) for v in (first, second)]

    whole = against_segments(first, second, SMALL, segment_s=6, n_shuffles=100)
    found = against_segments(*longer, SMALL, segment_s=6, n_shuffles=100)

    assert (whole.n_left_out, found.n_left_out, found.n_segments) == (0, 17, 10)
    assert found.grand_mean == whole.grand_mean
    assert found.p_peak == whole.p_peak


def test_who_never_moves_has_no_p():
    first, _ = pair(11)

    found = against_segments(
        first, np.zeros(first.size), SMALL, segment_s=6, n_shuffles=100
    )

    assert np.isnan([found.p_peak, found.p_grand_mean, found.grand_mean]).all()
    assert not found.compared.any()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n_shuffles": 99}, "n_shuffles must be 100 or more, got 99"),
        ({"segment_s": 0}, "segment_s must be above 0 s"),
        ({"segment_s": float("nan")}, "segment_s must be above 0 s"),
        ({"segment_s": 16}, "4 segments of 16 s or more, got 3"),
    ],
)
def test_what_cannot_be_is_refused(given, says):
    with pytest.raises(ParameterError, match=says):
        against_segments(*pair(12), SMALL, **given)


def test_what_is_compiled_is_the_same_as_plain_python(monkeypatch):
    first, second = pair(13)
    orders = orders_of(3, 10)
    compiled, _ = by_tables(first, second, SMALL, orders, SEGMENT)
    uncompile(monkeypatch, compiled_segments)

    plain, _ = by_tables(first, second, SMALL, orders, SEGMENT)

    np.testing.assert_allclose(plain.z, compiled.z, **CLOSE)
    np.testing.assert_array_equal(plain.count, compiled.count)
