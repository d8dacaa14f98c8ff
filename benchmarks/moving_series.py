"""Made-up recordings of how two people move: in bursts, and by default unrelated.

Motion energy is 0 at rest and comes in bursts. So a hidden level, noise through two
low-passes, is kept where it lies above a threshold. What two people share, and what is a
person's own in every session, is put into the levels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import signal

THRESHOLD, POWER = 0.2, 1.5
"""Levels above it are motion, and by which power."""

SETTLED_S = 100.0
"""So long the filters run before a recording begins."""

TURN_S = (10.0, 20.0)
"""Between how many seconds a turn lasts."""

GAP_S = (1.0, 20.0)
"""Between how many seconds a gap lasts."""

CUTS_HZ = (0.1, 0.2, 0.4, 0.8)
RHYTHMS_S = (2.5, 3.0, 3.6, 4.3)
"""Persons' own low-passes and periods: two people may have the same."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a person moves: where low-passes begin, and how much of it is in a rhythm.

    ``rhythm`` is the share of the level's variance that is a sine of ``period_s``.
    """

    cut_hz: float = 0.5
    rhythm: float = 0.0
    period_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a session is like.

    ``arc`` is by how many standard deviations of the level both are more active in the
    middle of it, ``turns`` by how many each is less active while it is the other's turn.
    ``r`` correlates the levels at ``lag_s``, one of the two ahead by chance, throughout
    or for ``together_s`` seconds. ``gaps`` is the share of each recording that is
    missing, in stretches, each in their own places.
    """

    minutes: float = 10.0
    way: Way = Way()
    arc: float = 0.0
    turns: float = 0.0
    r: float = 0.0
    lag_s: float = 0.6
    together_s: float = float("inf")
    gaps: float = 0.0


USUAL = World()
"""Ten minutes, ordinary, unrelated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Two series, and what is true of them.

    ``lag_s`` is positive where the first leads; ``start_s`` and ``end_s`` are the stretch
    in which the two have to do with each other, if they do.
    """

    first: Floats
    second: Floats
    lag_s: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """Sessions of several pairs; ``pairs`` says which pair each is of."""

    firsts: tuple[Floats, ...]
    seconds: tuple[Floats, ...]
    pairs: tuple[int, ...]


def session(
    world: World,
    rate: float,
    rng: np.random.Generator,
    ways: tuple[Way, Way] | None = None,
) -> Session:
    """Make up a session, of two who move in the world's way or each in their own."""
    first_way, second_way = ways or (world.way, world.way)
    n, lag = round(60 * world.minutes * rate), round(world.lag_s * rate)
    long = min(n, round(min(world.together_s, 60 * world.minutes) * rate))
    start = int(rng.integers(0, n - long, endpoint=True))
    here = slice(start, start + long)
    is_first = bool(rng.random() < 0.5)
    ahead = level(n + lag, rate, first_way if is_first else second_way, rng)
    behind = level(n, rate, second_way if is_first else first_way, rng)
    behind[here] = world.r * ahead[here] + np.sqrt(1 - world.r**2) * behind[here]
    both = (ahead[lag:], behind) if is_first else (behind, ahead[lag:])
    mine = turns(n, rate, rng)
    arc = world.arc * np.sin(np.pi * np.arange(n) / n)
    first, second = (
        with_gaps(motion(own + arc - world.turns * quiet), world.gaps, rate, rng)
        for own, quiet in zip(both, (1 - mine, mine), strict=True)
    )
    return Session(
        first=first,
        second=second,
        lag_s=(lag if is_first else -lag) / rate,
        start_s=start / rate,
        end_s=(start + long) / rate,
    )


def caseload(
    world: World,
    n_pairs: int,
    rate: float,
    rng: np.random.Generator,
    *,
    lengths: Sequence[float],
    rhythm: float | None,
) -> Caseload:
    """Make up one to three sessions of each pair, of so many minutes by turns.

    With a rhythm, each person has their own low-pass and period in all of their sessions,
    and so much of the variance is in it; with None all move in the world's way.
    """
    made: list[tuple[int, Session]] = []
    for pair in range(n_pairs):
        ways = None if rhythm is None else (own_way(rhythm, rng), own_way(rhythm, rng))
        for _ in range(1 + pair % 3):
            here = replace(world, minutes=lengths[len(made) % len(lengths)])
            made.append((pair, session(here, rate, rng, ways)))
    return Caseload(
        firsts=tuple(each.first for _, each in made),
        seconds=tuple(each.second for _, each in made),
        pairs=tuple(pair for pair, _ in made),
    )


def own_way(rhythm: float, rng: np.random.Generator) -> Way:
    """Draw a person's own way to move."""
    return Way(
        cut_hz=float(rng.choice(CUTS_HZ)),
        rhythm=rhythm,
        period_s=float(rng.choice(RHYTHMS_S)),
    )


def level(n: int, rate: float, way: Way, rng: np.random.Generator) -> Floats:
    """Return noise through two low-passes of one pole each, and a sine, of variance 1."""
    keep = np.exp(-2 * np.pi * way.cut_hz / rate)
    settled = round(SETTLED_S * rate)
    found = rng.normal(size=n + settled)
    for _ in range(2):
        found = signal.lfilter([1.0], [1.0, -keep], found)
    # Of (k + 1) keep^k, the response to one impulse, the squares add up to this.
    variance = (1 + keep**2) / (1 - keep**2) ** 3
    noise = found[settled:] / np.sqrt(variance)
    phase = 2 * np.pi * (np.arange(n) / rate / way.period_s + rng.random())
    mixed: Floats = np.sqrt(1 - way.rhythm) * noise
    mixed += np.sqrt(2 * way.rhythm) * np.sin(phase)
    return mixed


def motion(levels: Floats) -> Floats:
    """Return bursts, and rest between them."""
    return np.maximum(levels - THRESHOLD, 0.0) ** POWER


def turns(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Return 1 while it is the turn of the first, and 0 while it is the other's."""
    n_turns = int(np.ceil(n / (TURN_S[0] * rate))) + 1
    ends = np.cumsum(rng.uniform(*TURN_S, n_turns)) * rate
    return (np.searchsorted(ends, np.arange(n), side="right") % 2).astype(np.float64)


def with_gaps(
    values: Floats, share: float, rate: float, rng: np.random.Generator
) -> Floats:
    """Return a series of which about so much is missing, in stretches."""
    found = values.copy()
    while np.isnan(found).mean() < share:
        start = int(rng.integers(found.size))
        found[start : start + round(rng.uniform(*GAP_S) * rate)] = np.nan
    return found
