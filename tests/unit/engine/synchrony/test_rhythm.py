"""Whether a shared rhythm stands out from what shifted recordings give."""

import math

import numpy as np
import pytest

from duologue.engine.synchrony.coherence import coherence
from duologue.engine.synchrony.rhythm import rhythm
from duologue.engine.synchrony.shifts import drawn_shifts
from duologue.engine.synchrony.windows import Windows
from duologue.errors import ParameterError

RATE = 2.0
SHORT = {"segment_s": 10.0, "band_hz": (0.1, 0.6), "n_shifts": 100}
"""Segments of 20 samples: 320 are enough to be compared with chance."""


def pair(seed, *, size=480, shared=0.0, ahead_s=0.0, gap=0):
    """Return two slow noises with a wandering rhythm of about 4 s in common."""
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(2, size + 3))
    series = [np.convolve(v, np.ones(4) / 2, "valid") for v in made]
    phase = np.cumsum(2 * np.pi / (4 * RATE) + 0.1 * rng.normal(size=size))
    series[0] += shared * np.cos(phase + 2 * np.pi * ahead_s / 4)
    series[1] += shared * np.cos(phase)
    for v in series:
        start = rng.integers(0, size - gap)
        v[start : start + gap] = np.nan
    return series


def test_a_shared_rhythm_is_found_with_its_period_and_who_is_ahead():
    found = rhythm(*pair(1, shared=1.5, ahead_s=0.8), RATE, **SHORT)

    assert found.n_surrogates == 200
    assert found.p_peak == found.p_lead == pytest.approx(1 / 201)
    assert found.peak_hz == pytest.approx(0.25, abs=0.051)
    assert found.peak_lead_s == pytest.approx(0.8, abs=0.25)
    at = int(np.abs(found.spectrum.frequencies - found.peak_hz).argmin())
    assert found.beyond[at]
    assert (found.low < found.high)[found.inside].all()
    assert (found.high < found.band)[found.inside].all()
    assert np.isnan(found.band[~found.inside]).all()
    assert not found.beyond[~found.inside].any()


@pytest.mark.parametrize("ahead_s", [0.0, 2.0])
def test_at_once_or_by_turns_nobody_is_ahead(ahead_s):
    found = rhythm(*pair(2, shared=2.0, ahead_s=ahead_s), RATE, **SHORT)

    assert found.p_peak < 0.01
    assert found.p_lead > 0.2
    assert math.cos(found.peak_phase) * (1 if ahead_s == 0 else -1) > 0.95


def test_the_seats_exchanged_give_the_same_chance_and_the_other_ahead():
    first, second = pair(3, shared=0.5, ahead_s=0.5, gap=12)
    there = rhythm(first, second, RATE, seed=7, **SHORT)
    back = rhythm(second, first, RATE, seed=7, **SHORT)

    assert (there.p_peak, there.p_lead) == (back.p_peak, back.p_lead)
    assert there.peak == pytest.approx(back.peak, abs=1e-12)
    assert there.peak_lead_s == pytest.approx(-back.peak_lead_s, abs=1e-12)
    for name in ("mean", "low", "high", "band"):
        one, other = getattr(there, name), getattr(back, name)
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(there.beyond, back.beyond)


@pytest.mark.parametrize("gap", [0, 30])
def test_chance_is_the_coherence_of_shifted_recordings(gap):
    first, second = pair(4, shared=0.4, gap=gap)

    found = rhythm(first, second, RATE, seed=3, **SHORT)

    blank = np.isnan(first) | np.isnan(second)
    one, other = np.where(blank, np.nan, first), np.where(blank, np.nan, second)
    windows = Windows(rate=RATE, window=20, step=10, lag=0)
    shifts = drawn_shifts(one, other, windows, n_shifts=100, seed=3)
    assert shifts.min() >= 40
    rows = []
    for shift in shifts:
        for x, y in ((one, np.roll(other, shift)), (np.roll(one, shift), other)):
            each = coherence(x, y, RATE, segment_s=10.0)
            # Of fewer segments chance gives more, by a law that is known.
            power = (each.n_segments - 1) / (found.spectrum.n_segments - 1)
            assert gap or power == 1
            rows.append(1 - (1 - each.coherence[found.inside]) ** power)
    expected = np.array(rows)
    np.testing.assert_allclose(
        found.mean[found.inside], expected.mean(axis=0), rtol=0, atol=1e-10
    )
    reached = (expected.max(axis=1) >= found.peak).sum()
    assert found.p_peak == (1 + reached) / 201


def test_the_same_recordings_give_the_same_answer_and_another_seed_another():
    first, second = pair(5)
    once, twice = (rhythm(first, second, RATE, **SHORT) for _ in "ab")
    other = rhythm(first, second, RATE, seed=1, **SHORT)

    np.testing.assert_array_equal(once.band, twice.band)
    assert (once.band != other.band)[once.inside].any()


@pytest.mark.parametrize("gap", [0, 40])
def test_of_unrelated_pairs_the_p_is_about_uniform(gap):
    found = [rhythm(*pair(1000 + seed, gap=gap), RATE, **SHORT) for seed in range(100)]

    for name in ("p_peak", "p_lead"):
        p = np.array([getattr(each, name) for each in found])
        for limit in (0.05, 0.2, 0.5, 0.8):
            # Three standard errors of 100 pairs to either side.
            error = math.sqrt(limit * (1 - limit) / p.size)
            assert abs((p <= limit).mean() - limit) <= 3 * error, (name, limit)


def test_only_the_band_is_looked_at():
    first, second = pair(6, shared=2.0)

    found = rhythm(first, second, RATE, **{**SHORT, "band_hz": (0.5, 1.0)})

    inside = found.spectrum.frequencies[found.inside]
    np.testing.assert_allclose(inside, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    assert 0.5 <= found.peak_hz <= 1.0
    assert found.p_peak > 0.05


def test_a_session_that_is_too_short_has_a_peak_without_a_p():
    first, second = pair(7, size=319)

    found = rhythm(first, second, RATE, **SHORT)

    assert (found.n_surrogates, found.least_shift) == (0, 40)
    assert 0 < found.peak < 1
    assert np.isnan([found.p_peak, found.p_lead]).all()
    assert np.isnan(found.band).all()
    assert not found.beyond.any()


@pytest.mark.parametrize("what", ["still", "missing"])
def test_where_nothing_can_be_said_all_is_blank(what):
    first, second = pair(8)
    second[:] = 0.0
    if what == "missing":
        second[::15] = np.nan

    found = rhythm(first, second, RATE, **SHORT)

    assert found.n_surrogates == 0
    assert found.spectrum.n_segments == (47 if what == "still" else 0)
    assert np.isnan([found.peak, found.peak_hz, found.peak_phase]).all()
    assert np.isnan([found.peak_lead_s, found.p_peak, found.p_lead]).all()


def test_where_some_shift_leaves_too_little_there_is_no_p():
    first, second = pair(9)
    first[:230] = np.nan

    found = rhythm(first, second, RATE, **SHORT)

    assert found.spectrum.n_segments == 24
    assert found.n_surrogates == 200
    assert math.isnan(found.p_peak)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"band_hz": (0.0, 0.5)}, "must rise from above 0 Hz to 1 Hz"),
        ({"band_hz": (0.5, 1.01)}, r"at most, got 0\.5 to 1\.01 Hz"),
        ({"band_hz": (0.5, 0.4)}, "must rise"),
        ({"band_hz": (0.21, 0.29)}, r"a multiple of 0\.1 Hz; got 0\.21 to 0\.29"),
        ({"band_hz": (math.nan, 0.3)}, "must rise"),
        ({"n_shifts": 99}, "n_shifts must be 100 or more, got 99"),
        ({"segment_s": 500.0}, "must last 500 s or more"),
    ],
)
def test_what_is_out_of_its_range_is_refused(more, says):
    with pytest.raises(ParameterError, match=says):
        rhythm(*pair(10), RATE, **{**SHORT, **more})
