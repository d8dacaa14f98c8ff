"""Wavelet coherence: against its definition, HyPyP's shape, and known answers."""

import math

import numpy as np
import pytest

from duologue.engine.synchrony.wavelet import wavelet_coherence
from duologue.errors import ParameterError
from motion_files import fixture, records, table


def pair(seed, *, size=600):
    return np.random.default_rng(seed).normal(size=(2, size))


def slowly(first, second, rate, periods):
    """Return coherence and phase by sums over time, one period after another."""
    n = len(first)
    apart = np.subtract.outer(np.arange(n), np.arange(n)) / rate
    powers = []
    for s in periods:
        # A wavelet is a wave of this period under a bell of as many seconds.
        wavelet = np.exp(-0.5 * (apart / s) ** 2 + 2j * np.pi * apart / s)
        bell = np.exp(-0.5 * (apart / s) ** 2) / s
        x, y = ((wavelet @ ((v - v.mean()) / v.std())) / s for v in (first, second))
        powers.append(
            [bell @ (abs(x) ** 2), bell @ (abs(y) ** 2), bell @ (x * y.conj())]
        )
    k, octave = len(periods), math.log2(periods[1] / periods[0])
    rows = []
    for i in range(k):
        rows.append([0, 0, 0])
        for j in range(k):
            weight = min(1, max(0, 0.6 / octave + 0.5 - abs(i - j)))
            rows[-1] = [
                a + weight * b for a, b in zip(rows[-1], powers[j], strict=True)
            ]
    squared = np.array([abs(c) ** 2 / (a * b).real for a, b, c in rows])
    return squared, np.array([np.angle(c) for _, _, c in rows])


def test_it_is_its_definition():
    first, second = pair(1, size=200)

    found = wavelet_coherence(first, second, 4.0, periods_s=(2.0, 8.0))

    squared, phase = slowly(first, second, 4.0, found.periods_s)
    np.testing.assert_allclose(found.periods_s, 2 * 2 ** (np.arange(25) / 12))
    np.testing.assert_allclose(found.coherence, squared, rtol=0, atol=1e-6)
    away = np.exp(1j * (found.phase - phase))
    np.testing.assert_allclose(away[squared > 1e-4], 1, rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", ["normal_200_1", "dropout_100_1", "oscillation"])
def test_its_mean_has_the_shape_of_hypyp(shared, name):
    folder = shared / "reference" / "mirroring"
    rows = records(folder / "hypyp" / "hypyp_wavelet_coherence.csv")
    rows = [row for row in rows if row["input"] == name]
    if name == "oscillation":
        first, second, _ = fixture(shared, name)
        series = np.array([first, second]).reshape(2, -1, 5).mean(axis=2)
    else:
        series = table(folder / "inputs" / f"{name}_5hz.csv.gz").T

    found = wavelet_coherence(*series, 5.0)

    expected = np.array([float(row["mean_coherence"]) for row in rows])
    np.testing.assert_allclose(found.periods_s, [float(r["period_s"]) for r in rows])
    away = np.abs(found.mean - expected)
    # The wavelet there is a table of points; where coherence falls from .8 to .3 within
    # two periods, it falls a little later.
    assert away.mean() < 0.05
    if name != "oscillation":
        assert away.max() < 0.05
    assert np.corrcoef(found.mean, expected)[0, 1] > 0.97


def test_an_oscillation_has_its_phase(shared):
    first, second, rate = fixture(shared, "oscillation")

    found = wavelet_coherence(first, second, rate)

    at = int(np.abs(found.periods_s - 5.0).argmin())
    told = found.phase[at, found.inside[at]]
    assert found.mean[at] > 0.99
    assert math.degrees(np.angle(np.exp(1j * told).mean())) == pytest.approx(51, abs=1)


def test_a_rhythm_that_came_and_went_is_seen_when_it_was_there():
    first, second = pair(2, size=1600)
    wave = 4 * np.cos(2 * np.pi * np.arange(800) / 16)
    first[400:1200] += wave
    second[400:1200] += wave

    found = wavelet_coherence(first, second, 4.0)

    row = found.coherence[int(np.abs(found.periods_s - 4.0).argmin())]
    assert row[480:1120].min() > 0.9
    assert np.concatenate([row[50:320], row[1280:1550]]).mean() < 0.6


def test_the_seats_exchanged_turn_the_phase():
    there = wavelet_coherence(*pair(3), 4.0)
    back = wavelet_coherence(*pair(3)[::-1], 4.0)

    np.testing.assert_allclose(there.coherence, back.coherence, rtol=0, atol=1e-12)
    np.testing.assert_allclose(there.phase, -back.phase, rtol=0, atol=1e-9)


def test_neither_scale_nor_offset_matters():
    first, second = pair(4)
    plain = wavelet_coherence(first, second, 4.0)

    found = wavelet_coherence(first * 1e4 - 30, second, 4.0)

    np.testing.assert_allclose(found.coherence, plain.coherence, rtol=0, atol=1e-9)


def test_who_never_moves_is_blank_and_long_periods_have_no_inside():
    first, second = pair(5, size=120)

    still = wavelet_coherence(first, np.full(120, 3.1), 4.0)
    found = wavelet_coherence(first, second, 4.0)

    assert np.isnan(still.coherence).all()
    assert np.isnan(still.mean).all()
    assert found.inside[0].any()
    assert np.isnan(found.mean[-1])


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"rate": 0.0}, "rate must be above 0 Hz, got 0 Hz"),
        ({"rate": 1.0}, "must rise from 4 s or more to 600 s at most, got 2 to 20 s"),
        ({"periods_s": (2.0, 151.0)}, "to 150 s at most, got 2 to 151 s"),
        ({"periods_s": (5.0, 5.0)}, "must rise"),
        ({"first": np.full(600, np.nan)}, "must hold no blank"),
    ],
)
def test_what_is_out_of_its_range_is_refused(more, says):
    first, second = pair(6)
    chosen = {"first": first, "second": second, "rate": 4.0, **more}

    with pytest.raises(ParameterError, match=says):
        wavelet_coherence(**chosen)
