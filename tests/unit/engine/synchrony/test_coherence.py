"""Coherence and phase: against SciPy, the definition, and pairs with known answers."""

import cmath
import math

import numpy as np
import pytest
from scipy import signal

from duologue.engine.synchrony.coherence import FEWEST, coherence
from duologue.errors import ParameterError
from motion_files import UIDS, fixture, session

CLOSE = {"rtol": 0, "atol": 1e-12}


def pair(seed, *, size=1500, r=0.8, delay=0):
    """Return two noises, the second following the first as far as ``r`` says."""
    first, other = np.random.default_rng(seed).normal(size=(2, size))
    return first, r * np.roll(first, delay) + math.sqrt(1 - r * r) * other


def check_as_scipy(first, second, rate, n):
    found = coherence(first, second, rate)

    frequencies, expected = signal.coherence(first, second, fs=rate, nperseg=n)
    _, cross = signal.csd(first, second, fs=rate, nperseg=n)
    np.testing.assert_allclose(found.frequencies, frequencies[1:], **CLOSE)
    np.testing.assert_allclose(found.coherence, expected[1:], **CLOSE)
    # SciPy conjugates the first: its phase is below 0 where the first is ahead.
    turned = np.exp(1j * (found.phase + np.angle(cross[1:])))
    np.testing.assert_allclose(turned, 1.0, rtol=0, atol=1e-9)
    assert found.segment_s == n / rate


@pytest.mark.parametrize("uid", UIDS[::3])
def test_of_real_sessions_it_is_that_of_scipy(shared, uid):
    check_as_scipy(*session(shared, uid), 25.0, 750)


def test_of_a_rate_that_is_no_whole_number_it_is_that_of_scipy(shared):
    first, second, rate = fixture(shared, "rate_29_97")

    check_as_scipy(first, second, rate, 899)


def slowly(first, second, n, step):
    """Return coherence, phase and the number of segments by their definition."""
    window = [0.5 - 0.5 * math.cos(2 * math.pi * t / n) for t in range(n)]
    rows = []
    for start in range(0, len(first) - n + 1, step):
        cut = [v[start : start + n] for v in (first, second)]
        if any(math.isnan(value) for v in cut for value in v):
            continue
        rows.append(
            [
                [
                    sum(
                        (value - sum(v) / n) * w * cmath.exp(-2j * math.pi * f * t / n)
                        for t, (value, w) in enumerate(zip(v, window, strict=True))
                    )
                    for f in range(1, n // 2 + 1)
                ]
                for v in cut
            ]
        )
    x, y = np.swapaxes(np.array(rows), 0, 1)
    cross = (x * y.conj()).sum(axis=0)
    own, others = ((np.abs(v) ** 2).sum(axis=0) for v in (x, y))
    return np.abs(cross) ** 2 / (own * others), np.angle(cross), len(rows)


@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.75])
@pytest.mark.parametrize("n", [10, 11])
def test_with_blanks_it_is_its_definition_over_whole_segments(n, overlap):
    first, second = pair(1, size=160, delay=1)
    first[[30, 31]] = second[80] = np.nan

    found = coherence(first, second, 2.0, segment_s=n / 2, overlap=overlap)

    squared, phase, n_segments = slowly(first, second, n, n - int(overlap * n))
    assert found.n_segments == n_segments
    np.testing.assert_allclose(found.coherence, squared, rtol=0, atol=1e-10)
    np.testing.assert_allclose(
        np.exp(1j * found.phase), np.exp(1j * phase), rtol=0, atol=1e-9
    )


def test_an_oscillation_that_averages_over_lags_cannot_see_is_found(shared):
    first, second, rate = fixture(shared, "oscillation")

    found = coherence(first, second, rate)

    at = int(np.abs(found.frequencies - 0.2).argmin())
    assert found.coherence[at] == pytest.approx(0.9996, abs=5e-5)
    assert math.degrees(found.phase[at]) == pytest.approx(51.4, abs=0.02)
    assert found.lead_s[at] == pytest.approx(0.713889, abs=3e-4)


@pytest.mark.parametrize("delay", [-2, 0, 3])
def test_a_delay_is_the_lead_at_every_frequency(delay):
    first, second = pair(2, size=60_000, r=0.95, delay=delay)

    found = coherence(first, second, 10.0, segment_s=20.0)

    slow = (found.frequencies > 0.2) & (found.frequencies < 1.5)
    np.testing.assert_allclose(found.lead_s[slow], delay / 10, rtol=0, atol=0.03)


def test_the_seats_exchanged_turn_the_phase():
    first, second = pair(3, delay=2)
    there, back = coherence(first, second, 5.0), coherence(second, first, 5.0)

    np.testing.assert_allclose(there.coherence, back.coherence, **CLOSE)
    inner = slice(None, -1)  # at half the rate a phase is 0 or pi
    np.testing.assert_allclose(there.phase[inner], -back.phase[inner], **CLOSE)
    np.testing.assert_allclose(there.lead_s[inner], -back.lead_s[inner], **CLOSE)


@pytest.mark.parametrize(("scale", "offset"), [(3e-5, 0), (1e6, -4e7), (1, 1e5)])
def test_neither_scale_nor_offset_matters(scale, offset):
    first, second = pair(4)
    plain = coherence(first, second, 5.0)

    found = coherence(first * scale + offset, second, 5.0)

    np.testing.assert_allclose(found.coherence, plain.coherence, rtol=0, atol=1e-8)


def test_a_series_turned_over_is_half_a_period_away():
    first, _ = pair(5)

    found = coherence(first, 7 - 2 * first, 5.0)

    np.testing.assert_allclose(found.coherence, 1.0, **CLOSE)
    np.testing.assert_allclose(np.abs(found.phase), math.pi, rtol=0, atol=1e-6)


def test_of_noise_it_is_about_one_in_the_number_of_segments():
    first, second = pair(6, size=40_000, r=0.0)

    found = coherence(first, second, 5.0, overlap=0.0)

    assert found.coherence.mean() == pytest.approx(1 / found.n_segments, rel=0.25)


def test_of_few_whole_segments_nothing_is_said():
    first, second = pair(7, size=5 * 30 * FEWEST)

    whole = coherence(first, second, 5.0, overlap=0.0)
    second[151] = np.nan
    found = coherence(first, second, 5.0, overlap=0.0)

    assert (whole.n_segments, found.n_segments) == (FEWEST, FEWEST - 1)
    assert not np.isnan(whole.coherence).any()
    for blank in (found.coherence, found.phase, found.lead_s):
        assert np.isnan(blank).all()


@pytest.mark.parametrize("level", [0.0, 3.5, 0.1])
def test_who_never_moves_shares_no_rhythm(level):
    first, _ = pair(8)

    found = coherence(first, np.full(first.size, level), 5.0)

    assert np.isnan(found.coherence).all()
    assert found.n_segments == 19


def test_what_only_one_frequency_has_is_blank_at_the_others():
    t = np.arange(3000) / 5.0

    found = coherence(np.sin(t * 0.4 * np.pi), np.cos(t * 0.4 * np.pi), 5.0)

    told = found.frequencies[~np.isnan(found.coherence)]
    np.testing.assert_allclose(told, [5 / 30, 6 / 30, 7 / 30])
    assert found.lead_s[5] == pytest.approx(-1.25)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"rate": 0.0}, "rate must be above 0 Hz, got 0 Hz"),
        ({"rate": math.nan}, "rate must be above 0 Hz"),
        ({"rate": 1.0}, r"must last 30 s or more \(one segment\), got 20 s"),
        ({"segment_s": -1.0}, "segment_s must be 0 s or more, got -1 s"),
        ({"segment_s": 0.1}, "segment must be 3 samples or more, got 1"),
        ({"overlap": 1.0}, "overlap must be from 0 to 0.95, got 1"),
    ],
)
def test_what_is_out_of_its_range_is_refused(more, says):
    with pytest.raises(ParameterError, match=says):
        coherence(np.arange(20.0), np.arange(20.0), **{"rate": 5.0, **more})
