"""Made-up movement of two people, from the model of docs/methods/simulation.md."""

import numpy as np
from numpy.typing import NDArray

from duologue.records import SEATS, Modality, Motion, Recorded
from duologue.simulate.scenario import InStep

Floats = NDArray[np.float64]

RATE = 4.0
"""Samples a second: enough for lags of a quarter of a second, and a small file."""

MINUTES = 50
QUICK_S, SLOW_S = 0.8, 20.0
"""How long a movement lasts, and how long somebody is lively or still."""

QUICK = 0.64
"""The share of the variance that is quick."""

SIZE, STRETCH, STILL = 30.0, 0.8, 18.0
"""Movement is SIZE exp(STRETCH level) - STILL, and none where that lies below 0."""

NOTE = "made up"


def made_up_recording(
    session: int, stretches: tuple[InStep, ...], *, seed: tuple[int, ...]
) -> Recorded:
    """Make up how much two people moved in a session of fifty minutes.

    Each has a level of their own that comes and goes, and in each stretch one of the two
    follows the other's. How much anybody moves, and how fast, is the same in a stretch and
    outside.

    Parameters
    ----------
    session : int
        Its number.
    stretches : tuple of InStep
        When they move in step, one after another.
    seed : tuple of int
        The same seed gives the same movement.

    Returns
    -------
    Recorded
        Whole numbers, as pixels are counted.
    """
    n = round(MINUTES * 60 * RATE)
    rng = np.random.default_rng(seed)
    levels = {seat: _level(n, rng) for seat in SEATS}
    moved = {seat: level.copy() for seat, level in levels.items()}
    for stretch in stretches:
        inside = np.arange(round(stretch.start_s * RATE), round(stretch.end_s * RATE))
        leads, follows = stretch.first, stretch.first.other
        before = levels[leads][inside - round(stretch.lag_s * RATE)]
        own = np.sqrt(1 - stretch.follows**2) * levels[follows][inside]
        moved[follows][inside] = stretch.follows * before + own
    client, therapist = (_energy(moved[seat]) for seat in SEATS)
    motion = Motion(client=client, therapist=therapist, rate=RATE, notes=(NOTE,))
    return Recorded(session=session, modality=Modality.MOTION, motion=motion)


def _level(n: int, rng: np.random.Generator) -> Floats:
    """Return a level of mean 0 and variance 1, of a quick part and a slow one."""
    quick, slow = (_lasting(seconds, n, rng) for seconds in (QUICK_S, SLOW_S))
    level: Floats = np.sqrt(QUICK) * quick + np.sqrt(1 - QUICK) * slow
    return level


def _lasting(seconds: float, n: int, rng: np.random.Generator) -> Floats:
    """Return n values, each like the one before, which is forgotten in so many seconds."""
    keeps = np.exp(-1 / (seconds * RATE))
    new = rng.normal(size=n) * np.sqrt(1 - keeps**2)
    value, out = rng.normal(), np.empty(n)
    for i, each in enumerate(new.tolist()):
        out[i] = value = keeps * value + each
    return out


def _energy(level: Floats) -> Floats:
    moved: Floats = np.maximum(0.0, SIZE * np.exp(STRETCH * level) - STILL).round()
    return moved
