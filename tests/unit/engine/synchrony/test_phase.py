"""Phases and sizes of two oscillations: against HyPyP, the definition, known answers."""

import cmath
import math
from dataclasses import asdict, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony.phase import Phases, analytic, compared, phases
from duologue.errors import ParameterError
from motion_files import fixture, records, table

HYPYP = {
    "plv": "plv",
    "ccorr": "circular_correlation",
    "coh": "coherence",
    "imcoh": "imaginary_coherence",
    "pli": "pli",
    "wpli": "wpli",
    "envelope_corr": "envelope_correlation",
    "pow_corr": "power_correlation",
    "accorr": "adjusted_circular_correlation",
}


def pair(seed, *, size=600, r=0.6, delay=2):
    first, other = np.random.default_rng(seed).normal(size=(2, size))
    return first, r * np.roll(first, delay) + (1 - r) * other


def test_of_real_sessions_it_is_that_of_hypyp(shared):
    folder = shared / "reference" / "mirroring"
    rows = records(folder / "hypyp" / "hypyp_sync.csv")
    assert len(rows) == 10
    for row in rows:
        series = table(folder / "inputs" / f"{row['input']}.csv.gz").T

        found = phases(*series, 5.0, band_hz=(0.05, 0.5))

        for name, ours in HYPYP.items():
            assert getattr(found, ours) == pytest.approx(float(row[name]), abs=1e-9)


def slowly(u, v):
    """Return every measure by its definition, one moment after another."""
    n = len(u)
    a, b = [cmath.phase(z) for z in u], [cmath.phase(z) for z in v]
    cross = [p * q.conjugate() for p, q in zip(u, v, strict=True)]
    differences = [p - q for p, q in zip(a, b, strict=True)]

    def pearson(p, q):
        p, q = ([value - sum(w) / n for value in w] for w in (p, q))
        by = math.sqrt(sum(x * x for x in p) * sum(x * x for x in q))
        return sum(x * y for x, y in zip(p, q, strict=True)) / by

    def turned(angles, by):
        return [math.sin(x - by) for x in angles]

    def cosine(p, q):
        by = math.sqrt(sum(x * x for x in p) * sum(x * x for x in q))
        return sum(x * y for x, y in zip(p, q, strict=True)) / by

    def middle(angles):
        return cmath.phase(sum(cmath.exp(1j * x) for x in angles))

    coherency = sum(cross) / math.sqrt(
        sum(abs(z) ** 2 for z in u) * sum(abs(z) ** 2 for z in v)
    )
    apart = sum(cmath.exp(1j * x) for x in differences)
    both = sum(cmath.exp(1j * (p + q)) for p, q in zip(a, b, strict=True))
    d, s = cmath.phase(apart), cmath.phase(both)
    x, y = turned(a, (d + s) / 2), turned(b, (s - d) / 2)
    by = 2 * math.sqrt(sum(p * p for p in x) * sum(p * p for p in y))
    ahead = [z.imag for z in cross]
    signs = [(z > 0) - (z < 0) for z in ahead]
    return Phases(
        phase=cmath.phase(apart),
        plv=abs(apart) / n,
        coherence=abs(coherency),
        imaginary_coherence=abs(coherency.imag),
        pli=abs(sum(signs)) / n,
        wpli=abs(sum(ahead)) / sum(map(abs, ahead)),
        envelope_correlation=pearson([abs(z) for z in u], [abs(z) for z in v]),
        power_correlation=pearson([abs(z) ** 2 for z in u], [abs(z) ** 2 for z in v]),
        circular_correlation=abs(cosine(turned(a, middle(a)), turned(b, middle(b)))),
        adjusted_circular_correlation=(abs(apart) - abs(both)) / by,
    )


@given(st.integers(0, 1000), st.integers(5, 30))
def test_it_is_its_definition(seed, n):
    made = np.random.default_rng(seed).normal(size=(2, n, 2))
    u, v = made[..., 0] + 1j * made[..., 1]

    found, expected = compared(u, v), slowly(u.tolist(), v.tolist())

    for name, value in asdict(expected).items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-9), name


def test_the_seats_exchanged_turn_the_phase_and_nothing_else():
    there, back = phases(*pair(1), 5.0), phases(*pair(1)[::-1], 5.0)

    assert there.phase == pytest.approx(-back.phase)
    for field in fields(Phases):
        if field.name != "phase":
            expected = pytest.approx(getattr(back, field.name), abs=1e-12)
            assert getattr(there, field.name) == expected


@pytest.mark.parametrize(("scale", "offset"), [(1e-6, 0.0), (250.0, 1e4)])
def test_neither_scale_nor_offset_matters(scale, offset):
    first, second = pair(2)
    plain = phases(first, second, 5.0)

    found = phases(first * scale + offset, second, 5.0)

    for name, value in asdict(plain).items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-6), name


def test_an_oscillation_has_its_phase(shared):
    first, second, rate = fixture(shared, "oscillation")

    found = phases(first, second, rate, band_hz=(0.1, 0.4))

    assert math.degrees(found.phase) == pytest.approx(51.4, abs=0.5)
    assert found.plv > 0.99
    assert found.pli > 0.99


def test_what_is_shared_at_once_is_no_lag():
    first, other = np.random.default_rng(3).normal(size=(2, 3000))
    found = phases(first, first, 5.0)
    mixed = phases(first, first + 0.3 * other, 5.0)

    assert (found.plv, found.coherence) == pytest.approx((1.0, 1.0))
    assert found.envelope_correlation == pytest.approx(1.0)
    assert (found.imaginary_coherence, found.pli) == pytest.approx((0.0, 0.0))
    assert math.isnan(found.wpli)
    assert mixed.plv > 0.9
    assert max(mixed.imaginary_coherence, mixed.pli) < 0.15


def test_the_analytic_signal_of_a_cosine_has_its_size_and_phase():
    t = np.arange(6000) / 5.0

    found = analytic(3 * np.cos(2 * np.pi * 0.2 * t), 5.0)[1500:-1500]

    np.testing.assert_allclose(np.abs(found), 3.0, rtol=5e-3)
    turned = np.exp(1j * (np.angle(found) - 2 * np.pi * 0.2 * t[1500:-1500]))
    np.testing.assert_allclose(turned, 1.0, rtol=0, atol=5e-3)


@pytest.mark.parametrize("level", [0.0, 3.5, 0.1])
def test_who_never_moves_has_no_phase_to_be_compared(level):
    first, _ = pair(5)

    found = phases(first, np.full(first.size, level), 5.0)

    assert np.isnan(list(asdict(found).values())).all()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"rate": -5.0}, "rate must be above 0 Hz, got -5 Hz"),
        ({"band_hz": (0.05, 2.6)}, r"must rise from above 0 Hz to 2\.5 Hz"),
        ({"band_hz": (0.05, 2.5)}, r"must end below half the rate, 2\.5 Hz"),
        ({"order": 0}, "order must be from 1 to 10, got 0"),
        ({"order": 11}, "order must be from 1 to 10, got 11"),
        ({"band_hz": (0.005, 0.5)}, "must last 200 s or more for this band, got 120 s"),
        ({"second": np.full(600, np.nan)}, "must hold no blank"),
        (
            {"second": np.arange(26.0)},
            r"must last 20 s or more for this band, got 5\.2",
        ),
    ],
)
def test_what_is_out_of_its_range_is_refused(more, says):
    first, second = pair(4)
    chosen = {"first": first, "second": second, "rate": 5.0, **more}

    with pytest.raises(ParameterError, match=says):
        phases(**chosen)


@pytest.mark.parametrize("size", [0, 3])
def test_analytic_signals_must_be_of_one_length(size):
    with pytest.raises(ParameterError, match="two rows of as many numbers"):
        compared(np.ones(size, dtype=complex), np.ones(0, dtype=complex))
