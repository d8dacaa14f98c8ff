"""One trial of each kind on made-up recordings: what the program says, as a row of numbers.

A trial draws its own recordings by its number, so that neither their order nor how many
are done at once changes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from duologue.engine.synchrony.episodes import Episode, episodes
from duologue.engine.synchrony.orders import Shuffle
from duologue.engine.synchrony.partners import Statistic, against_partners
from duologue.engine.synchrony.preparing import smooth
from duologue.engine.synchrony.recurrence import recurrence
from duologue.engine.synchrony.segments import against_segments
from duologue.engine.synchrony.shifts import MIN_SHIFTS, against_shifts
from duologue.engine.synchrony.windows import Windows, windows_of
from moving_series import USUAL, Session, World, caseload, session

SEED = 20_261_201
N_PERMUTATIONS = 1000
N_SHIFTS_MOMENTS = 50
LAGS_S = (0.4, 1.0, 1.8)
"""At which people are together for a while, one after another."""

RECURRENCE_LAG_S = 5.0
NEAR_S = 0.2
"""So near to the true lag, the largest of a profile has found it."""

WITHIN = (
    "p_grand_mean",
    "p_grand_mean_abs",
    "p_lag_zero",
    "p_peak",
    "p_asymmetry",
)
"""What `against_shifts` says, in the order of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How recordings are read: samples a second, and seconds of windows and lags."""

    rate: float = 10.0
    window_s: float = 30.0
    step_s: float = 10.0
    lag_s: float = 5.0
    smooth_s: float = 0.0

    @property
    def windows(self) -> Windows:
        """The windows and lags in samples."""
        return _windows(self)


@cache
def _windows(at: Setting) -> Windows:
    return windows_of(at.rate, window_s=at.window_s, step_s=at.step_s, lag_s=at.lag_s)


def drawn(world: World, rate: float, place: int, k: int) -> Session:
    """Make up the session of a trial."""
    return session(world, rate, np.random.default_rng([SEED, place, k]))


def by_shifts(world: World, at: Setting, place: int, k: int) -> list[float]:
    """Compare one session with itself, slid: five p, and whether any lag is beyond."""
    made = drawn(world, at.rate, place, k)
    found = against_shifts(
        smooth(made.first, at.rate, seconds=at.smooth_s),
        smooth(made.second, at.rate, seconds=at.smooth_s),
        at.windows,
        n_shifts=MIN_SHIFTS,
    )
    return [*(getattr(found, name) for name in WITHIN), float(found.beyond.any())]


def by_segments(
    shuffle: Shuffle, world: World, at: Setting, place: int, k: int
) -> list[float]:
    """Compare one session with its shuffled segments: the same row, blank where not told."""
    made = drawn(world, at.rate, place, k)
    found = against_segments(
        made.first, made.second, at.windows, shuffle=shuffle, n_shuffles=2 * MIN_SHIFTS
    )
    told = [found.p_grand_mean, found.p_grand_mean_abs, np.nan, found.p_peak]
    return [*told, np.nan, np.nan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A caseload that is compared with exchanged partners."""

    world: World = USUAL
    n_pairs: int
    lengths: tuple[float, ...] = (5.0,)
    rhythm: float | None = None
    statistic: Statistic = Statistic.PEAK
    as_one_each: bool = False
    """Whether each session is taken for a pair of its own, as it must not be."""


def by_partners(practice: Practice, at: Setting, place: int, k: int) -> list[float]:
    """Compare a caseload with exchanged partners: one p."""
    made = caseload(
        practice.world,
        practice.n_pairs,
        at.rate,
        np.random.default_rng([SEED, place, k]),
        lengths=practice.lengths,
        rhythm=practice.rhythm,
    )
    found = against_partners(
        made.firsts,
        made.seconds,
        at.windows,
        pairs=None if practice.as_one_each else made.pairs,
        statistic=practice.statistic,
        n_permutations=N_PERMUTATIONS,
        seed=k,
    )
    return [found.p]


def by_moments(world: World, at: Setting, place: int, k: int) -> list[float]:
    """Look for moments in one session.

    Returns whether there is any, whether one lies in the true stretch, which share of
    that is covered, how far the lag is off, whether the leader is right (1), not told (0)
    or wrong (-1), and whether there is one that lies elsewhere.
    """
    rng = np.random.default_rng([SEED, place, k])
    made = session(world_at(world, k), at.rate, rng)
    found = episodes(made.first, made.second, at.rate, n_shifts=N_SHIFTS_MOMENTS).found
    there = [e for e in found if e.start_s < made.end_s and e.end_s > made.start_s]
    return [
        float(bool(found)),
        float(bool(there)),
        *_told(there, made),
        float(len(there) < len(found)),
    ]


def world_at(world: World, k: int) -> World:
    """Return the world of a trial: what is together for a while, is so at several lags."""
    if np.isinf(world.together_s):
        return world
    return replace(world, lag_s=LAGS_S[k % len(LAGS_S)])


def _told(there: Sequence[Episode], made: Session) -> list[float]:
    """Return the share that is covered, how far the lag is off, and how the leader is told."""
    if not there:
        return [np.nan] * 3
    covered = sum(
        min(e.end_s, made.end_s) - max(e.start_s, made.start_s) for e in there
    )
    largest = max(there, key=lambda e: e.mass)
    return [
        covered / (made.end_s - made.start_s),
        abs(largest.lag_s - made.lag_s),
        float(largest.leader * np.sign(made.lag_s)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """How many samples are one state, and how many samples they lie apart."""

    embed: int = 1
    delay: int = 1


def by_recurrence(
    world: World, at: Setting, how: Embedding, place: int, k: int
) -> list[float]:
    """Count what recurs in one session.

    Returns the radius, the rate, DET, LAM of both orders, and whether the largest of the
    profile lies at the true lag.
    """
    made = drawn(world, at.rate, place, k)
    found = recurrence(
        smooth(made.first, at.rate, seconds=at.smooth_s),
        smooth(made.second, at.rate, seconds=at.smooth_s),
        embed=how.embed,
        delay=how.delay,
        n_diagonals=round(RECURRENCE_LAG_S * at.rate),
    )
    largest = found.lags[int(np.argmax(found.profile))] / at.rate
    return [
        found.radius,
        found.rate,
        found.diagonal.share,
        found.along_first.share,
        found.along_second.share,
        float(abs(largest - made.lag_s) <= NEAR_S + 1e-9),
    ]
