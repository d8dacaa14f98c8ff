"""One session against chance: the same recordings slid against each other."""

import sys

import numpy as np
import pytest

from duologue.engine.synchrony import summing as module
from duologue.engine.synchrony.bands import bands_of
from duologue.engine.synchrony.compiled_lagged import matrix_of, sums_of
from duologue.engine.synchrony.lagged import lagged
from duologue.engine.synchrony.shifts import against_shifts, drawn_shifts
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import fixture

SMALL = Windows(rate=5.0, window=20, step=10, lag=5)
CLOSE = {"rtol": 0, "atol": 1e-12}


def pair(seed, *, size=400, blank=0.0, r=0.0, delay=3):
    """Return two slow series, the second following the first as far as ``r`` says."""
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(2, size + 8))
    slow = np.array([np.convolve(v, np.ones(4) / 2, "valid")[:size] for v in made])
    slow[1] = r * np.roll(slow[0], delay) + np.sqrt(1 - r * r) * slow[1]
    slow[rng.random(slow.shape) < blank] = np.nan
    return slow


@pytest.mark.parametrize("blank", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_compiled_it_is_the_same_cell_by_cell(seed, blank):
    first, second = pair(seed, blank=blank)
    first[50:90] = 1.0  # still for a while
    second[200:260] *= 1e-7

    z = lagged(first, second, SMALL).z
    r = matrix_of(first, second, SMALL)

    np.testing.assert_array_equal(np.isnan(z), np.isnan(r))
    np.testing.assert_allclose(np.tanh(z), np.clip(r, *np.tanh([-10, 10])), **CLOSE)


@pytest.mark.parametrize(
    ("name", "window_s"), [("constant", 30), ("nan_heavy", 30), ("integers", 5)]
)
def test_compiled_it_is_the_same_on_fixtures(shared, name, window_s):
    first, second, rate = fixture(shared, name)
    windows = windows_of(rate, window_s=window_s, step_s=window_s / 3, lag_s=2)

    z = lagged(first, second, windows).z
    r = matrix_of(first, second, windows)

    np.testing.assert_array_equal(np.isnan(z), np.isnan(r))
    np.testing.assert_allclose(np.tanh(z), np.clip(r, *np.tanh([-10, 10])), **CLOSE)


@pytest.mark.parametrize("blank", [0.0, 0.2])
def test_of_each_shift_it_sums_what_the_slow_version_does(blank):
    first, second = pair(1, blank=blank)
    drawn = np.array([0, 57, 399])

    found = sums_of(first, second, SMALL, drawn)

    slow = module._plainly(first, second, SMALL, drawn, 0.5)
    np.testing.assert_allclose(found.z, slow.z, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.absolute, slow.absolute, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(found.count, slow.count)


def test_without_a_compiler_it_says_the_same(monkeypatch):
    first, second = pair(2, r=0.4)
    compiled = against_shifts(first, second, SMALL, n_shifts=100)
    monkeypatch.setitem(sys.modules, "duologue.engine.synchrony.compiled_lagged", None)

    plain = against_shifts(first, second, SMALL, n_shifts=100)

    assert plain.p_peak == compiled.p_peak
    np.testing.assert_allclose(plain.band, compiled.band, atol=1e-9)


def test_who_follows_is_found_beyond_chance_at_their_lag():
    found = against_shifts(*pair(3, r=0.7), SMALL, n_shifts=200)

    assert found.n_surrogates == 400
    assert found.p_peak == pytest.approx(1 / 401)
    assert found.beyond[SMALL.lag + 3]
    assert not found.beyond[:3].any()
    assert (found.low < found.high).all()
    assert (found.band > found.high).all()


def test_the_seats_exchanged_give_the_same_chance():
    first, second = pair(4, r=0.3)
    there = against_shifts(first, second, SMALL, n_shifts=100, seed=7)
    back = against_shifts(second, first, SMALL, n_shifts=100, seed=7)

    for name in ("p_peak", "p_grand_mean", "p_grand_mean_abs", "p_lag_zero"):
        assert getattr(there, name) == getattr(back, name)
    assert there.p_asymmetry == pytest.approx(back.p_asymmetry)
    np.testing.assert_allclose(there.band, back.band[::-1], atol=1e-9)


def test_the_same_recordings_give_the_same_answer_and_another_seed_another():
    first, second = pair(5)
    once, twice = (against_shifts(first, second, SMALL, n_shifts=100) for _ in "ab")
    other = against_shifts(first, second, SMALL, n_shifts=100, seed=1)

    np.testing.assert_array_equal(once.band, twice.band)
    assert (once.band != other.band).any()


@pytest.mark.parametrize("n", [100, 1000])
def test_of_profiles_like_the_surrogates_one_in_twenty_leaves_the_band(n):
    rng = np.random.default_rng(n)
    left = 0
    for _ in range(1000):
        own, *surrogates = rng.normal(size=(n + 1, 30))
        left += (own > bands_of(np.array(surrogates))[3]).any()

    assert 0.03 <= left / 1000 <= 0.07  # three standard errors to either side


def test_the_band_is_that_of_each_surrogate_beside_all_others():
    profiles = np.random.default_rng(1).normal(size=(119, 7)) ** 3

    furthest = []
    for k, profile in enumerate(profiles):
        others = np.delete(profiles, k, axis=0)
        away = (profile - others.mean(axis=0)) / others.std(axis=0, ddof=1)
        furthest.append(away.max())
    mean, sd = profiles.mean(axis=0), profiles.std(axis=0, ddof=1)

    # With the session there are 120, of which 6 may lie beyond.
    expected = mean + sorted(furthest)[-6] * sd
    np.testing.assert_allclose(bands_of(profiles)[3], expected, **CLOSE)


def test_where_surrogates_do_not_vary_the_band_is_what_they_are():
    profiles = np.random.default_rng(1).normal(size=(100, 3))
    profiles[:, 1] = 0.25

    assert bands_of(profiles)[3][1] == 0.25


def test_of_unrelated_pairs_about_one_in_twenty_is_called_beyond_chance():
    found = [against_shifts(*pair(100 + i), SMALL, n_shifts=100) for i in range(200)]

    # Two standard errors of 200 pairs to either side of .05.
    for name in ("p_peak", "p_grand_mean", "p_lag_zero", "p_asymmetry"):
        share = np.mean([getattr(each, name) <= 0.05 for each in found])
        assert 0.015 <= share <= 0.10, name


def test_a_session_that_is_too_short_has_no_p():
    found = against_shifts(*pair(6, size=159), SMALL)

    assert found.n_surrogates == 0
    assert np.isnan([found.p_peak, found.p_asymmetry]).all()
    assert np.isnan(found.band).all()
    assert not found.beyond.any()


def test_who_never_moves_has_no_p():
    first, _ = pair(7)

    found = against_shifts(first, np.zeros(first.size), SMALL, n_shifts=100)

    assert np.isnan([found.p_peak, found.p_grand_mean, found.p_asymmetry]).all()


def test_a_lag_that_is_blank_leaves_the_others_to_be_compared():
    """The same noise for both, the second later: one lag is an artefact, and blank."""
    first, _ = pair(7)

    whole = against_shifts(first, np.roll(first, 2), SMALL, n_shifts=100)

    assert whole.compared.tolist() == [lag != 2 for lag in SMALL.lags]
    assert 0 < whole.p_peak < 1
    assert np.isnan(whole.band).tolist() == (~whole.compared).tolist()
    assert not whole.beyond[~whole.compared].any()


def test_of_lags_that_are_compared_the_peak_is_the_slow_versions():
    first, _ = pair(8)
    second = np.roll(first, 2)
    found = against_shifts(first, second, SMALL, n_shifts=100)

    shifts = drawn_shifts(first, second, SMALL, n_shifts=100, seed=0)
    here = [k for k, lag in enumerate(SMALL.lags) if lag != 2]

    def peak(one, other):
        return np.nanmean(lagged(one, other, SMALL).z[:, here], axis=0).max()

    drawn = [peak(first, np.roll(second, s)) for s in shifts]
    drawn += [peak(np.roll(first, s), second) for s in shifts]
    reached = np.sum(np.array(drawn) >= peak(first, second) - 1e-9)
    assert found.p_peak == pytest.approx((1 + reached) / 201)


def test_without_lags_nobody_leads():
    flat = Windows(rate=5.0, window=20, step=10, lag=0)

    found = against_shifts(*pair(8), flat, n_shifts=100)

    assert np.isnan(found.p_asymmetry)
    assert 0 < found.p_peak <= 1


def test_too_few_shifts_are_refused():
    with pytest.raises(ParameterError, match="n_shifts must be 100 or more, got 99"):
        against_shifts(*pair(9), SMALL, n_shifts=99)


def test_who_are_missing_at_different_times_are_not_told_to_go_together():
    """A shift would bring their blanks together: more windows, and a quieter mean."""
    p = []
    for seed in range(60):
        first, second = pair(100 + seed, size=600)
        first[:290] = np.nan
        second[380:] = np.nan
        p.append(against_shifts(first, second, SMALL, n_shifts=100).p_peak)

    # 3 standard errors of 60 sessions above 1 in 20; it was .3 before.
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def with_gaps(seed, *, shared=0.0, size=600):
    """Two series, each missing a fifth, in stretches of its own."""
    first, second = pair(seed, size=size)
    second = shared * first + np.sqrt(1 - shared**2) * second
    rng = np.random.default_rng(seed)
    for series in (first, second):
        while np.isnan(series).mean() < 0.2:
            at = rng.integers(size)
            series[at : at + rng.integers(5, 40)] = np.nan
    return first, second


def test_where_something_is_missing_p_is_the_slow_versions():
    first, second = with_gaps(31)
    found = against_shifts(first, second, SMALL, n_shifts=100, seed=4)

    shifts = drawn_shifts(first, second, SMALL, n_shifts=100, seed=4)

    def profile(one, other, blank):
        one = one.copy()
        one[blank] = np.nan
        return np.nanmean(lagged(other, one, SMALL).z, axis=0)

    peaks = []
    for stays, moves, turned in ((first, second, 1), (second, first, -1)):
        for shift in shifts:
            blank = np.isnan(moves) | np.isnan(np.roll(moves, shift))
            own = profile(moves, stays, blank)[::turned]
            chance = profile(np.roll(moves, shift), stays, blank)[::turned]
            peaks.append(chance.max() >= own.max() - 1e-9)

    assert found.p_peak == pytest.approx((1 + np.sum(peaks)) / 201)
    assert found.n_surrogates == 200


def test_where_a_fifth_is_missing_chance_is_neither_larger_nor_smaller():
    """Surrogates have fewer samples in common: with more in the session p was .7."""
    none = [
        against_shifts(*with_gaps(seed), SMALL, n_shifts=100).p_peak
        for seed in range(40)
    ]
    some = [
        against_shifts(*with_gaps(seed, shared=0.5), SMALL, n_shifts=100).p_peak
        for seed in range(12)
    ]

    assert np.mean(none) == pytest.approx(0.5, abs=3 * np.sqrt(1 / 12 / 40))
    assert np.mean(np.array(none) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 40)
    assert np.mean(np.array(some) <= 0.05) > 0.6


def test_where_something_is_missing_exchanged_seats_say_the_same():
    first, second = with_gaps(5, shared=0.3)

    there = against_shifts(first, second, SMALL, n_shifts=100)
    back = against_shifts(second, first, SMALL, n_shifts=100)

    assert back.p_peak == there.p_peak
    assert back.p_asymmetry == there.p_asymmetry
    np.testing.assert_allclose(back.band, there.band[::-1], rtol=1e-12)


def test_no_shift_is_so_small_that_the_lags_reach_across_it():
    wide = Windows(rate=5.0, window=20, step=10, lag=60)

    shifts = drawn_shifts(*pair(1), wide, n_shifts=500, seed=0)

    assert shifts.min() >= 80
    assert shifts.max() <= 400 - 80
