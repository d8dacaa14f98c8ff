"""Phases of two oscillations against those of shifted recordings."""

import math
from dataclasses import asdict

import numpy as np
import pytest

from duologue.engine.synchrony.phase import phases
from duologue.engine.synchrony.phase_chance import MEASURES, phase_chance
from duologue.errors import ParameterError

RATE = 1.0
BAND = {"band_hz": (0.1, 0.3), "n_shifts": 100}


def pair(seed, *, size=480, r=0.0, delay=2):
    first, other = np.random.default_rng(seed).normal(size=(2, size))
    return first, r * np.roll(first, delay) + math.sqrt(1 - r * r) * other


def test_who_follow_one_another_are_beyond_chance_by_every_measure():
    first, second = pair(1, r=0.95, delay=1)

    found = phase_chance(first, second, RATE, **BAND)

    assert (found.n_surrogates, found.least_shift) == (200, 60)
    assert found.found == phases(first, second, RATE, band_hz=BAND["band_hz"])
    for name in MEASURES:
        assert getattr(found.p, name) <= 0.02, name
        assert getattr(found.mean, name) < getattr(found.found, name)


def test_the_seats_exchanged_give_the_same_chance():
    first, second = pair(2, r=0.3)
    there = phase_chance(first, second, RATE, **BAND)
    back = phase_chance(second, first, RATE, **BAND)

    for name in MEASURES:
        assert getattr(there.p, name) == getattr(back.p, name)
    assert math.isnan(there.p.phase)


def test_of_unrelated_pairs_about_one_in_twenty_is_beyond_chance():
    found = [phase_chance(*pair(100 + k), RATE, **BAND).p for k in range(60)]

    for name in MEASURES:
        p = np.array([getattr(each, name) for each in found])
        # Three standard errors of 60 pairs.
        assert (p <= 0.05).mean() <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 60), name
        assert abs((p <= 0.5).mean() - 0.5) <= 3 * math.sqrt(0.25 / 60), name


def test_a_session_that_is_too_short_has_no_p():
    found = phase_chance(*pair(3, size=479), RATE, **BAND)

    assert found.n_surrogates == 0
    assert np.isnan(list(asdict(found.p).values())).all()
    assert np.isfinite(found.found.plv)


def test_too_few_shifts_and_blanks_are_refused():
    first, second = pair(4)
    with pytest.raises(ParameterError, match="n_shifts must be 100 or more, got 9"):
        phase_chance(first, second, RATE, n_shifts=9)
    second[3] = np.nan
    with pytest.raises(ParameterError, match="must hold no blank"):
        phase_chance(first, second, RATE, **BAND)


def test_who_never_moves_has_no_p():
    first, _ = pair(5)

    found = phase_chance(first, np.zeros(first.size), RATE, **BAND)

    assert np.isnan(list(asdict(found.p).values())).all()
