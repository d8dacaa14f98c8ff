"""Synchrony of sessions: prepared, correlated, summed up, and put beside chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from duologue.engine.exchanging import FEWEST
from duologue.engine.synchrony.changing import differences, logged
from duologue.engine.synchrony.episodes import Episodes, episodes
from duologue.engine.synchrony.gaps import in_both
from duologue.engine.synchrony.lagged import Lagged, lagged
from duologue.engine.synchrony.partners import AgainstPartners, against_partners
from duologue.engine.synchrony.preparing import Compat, outliers, scale, smooth
from duologue.engine.synchrony.rhythm import BAND_HZ, Rhythm, rhythm
from duologue.engine.synchrony.segments import AgainstSegments, against_segments
from duologue.engine.synchrony.shifts import N_SHIFTS, AgainstShifts, against_shifts
from duologue.engine.synchrony.summaries import Summary, summarise
from duologue.engine.synchrony.windows import (
    LAG_S,
    STEP_S,
    WINDOW_S,
    Floats,
    Windows,
    runs_of,
    windows_of,
)
from duologue.errors import ParameterError
from duologue.records.motion import Motion

LEAST_RATE = 4 * BAND_HZ[0]
"""Samples a second below which no rhythm is looked for: half of the band is beyond them."""

SAME_RATE = 1e-4
"""Rates that differ by less than this share are one: time stamps are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How sessions are compared; all of them alike.

    Attributes
    ----------
    window_s, step_s, lag_s : float
        Seconds of a window, from one window to the next, and of the largest lag.
    smooth_s : float
        Seconds over which each series is smoothed first; 0 leaves it.
    compat : Compat
        Whose rules; those of rMEA come without a comparison with chance of ours.
    n_shifts, seed : int
        For the comparison with chance; 0 shifts leave it out.
    rhythm : bool
        Whether a rhythm that both share is looked for; takes shifts, and our rules.
    moments : bool
        Whether moments beyond chance are looked for, which takes some seconds.
    n_segment_shuffles : int
        Beside how many shuffles of its segments a session is put, for comparison with
        earlier work; 0 leaves it out.
    is_logged, is_differenced : bool
        Whether, after smoothing, log(1 + x) is taken, and then what changes from sample to
        sample. Not by rMEA's rules.
    """

    window_s: float = WINDOW_S
    step_s: float = STEP_S
    lag_s: float = LAG_S
    smooth_s: float = 0.5
    compat: Compat = Compat.NONE
    n_shifts: int = N_SHIFTS
    seed: int = 0
    rhythm: bool = False
    moments: bool = False
    n_segment_shuffles: int = 0
    is_logged: bool = False
    is_differenced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What may be wrong with one person's series.

    Attributes
    ----------
    moved : float
        The share of the samples that are present and above 0.
    missing : float
        The share of samples that are missing.
    longest_gap_s, longest_rest_s : float
        The longest stretch without a sample, and the longest without any movement.
    outliers : int
        Samples above 10 standard deviations of both people together.
    """

    moved: float
    missing: float
    longest_gap_s: float
    longest_rest_s: float
    outliers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSynchrony:
    """What is found in one session. The client's is the first series.

    ``chance``, ``rhythm``, ``moments`` and ``segments`` are ``None`` where they were not
    asked for.
    """

    motion: Motion
    settings: Settings
    windows: Windows
    client: Series
    therapist: Series
    lagged: Lagged
    summary: Summary
    chance: AgainstShifts | None
    rhythm: Rhythm | None
    moments: Episodes | None
    segments: AgainstSegments | None


def synchrony_of(motion: Motion, settings: Settings) -> SessionSynchrony:
    """Compare the two series of one session.

    Raises
    ------
    ParameterError
        If the settings do not fit the session; if, by rMEA's rules, a series does not
        vary.
    """
    windows = _windows(motion.rate, settings)
    windows.count(motion.client.size)
    first, second = _prepared(motion, settings)
    found = lagged(first, second, windows, compat=settings.compat)
    chance = None
    if settings.n_shifts and settings.compat is Compat.NONE:
        chance = against_shifts(
            first, second, windows, n_shifts=settings.n_shifts, seed=settings.seed
        )
    moments = None
    if settings.moments:
        moments = episodes(first, second, motion.rate, seed=settings.seed)
    segments = None
    if settings.n_segment_shuffles:
        segments = against_segments(
            *_in_both(first, second, settings),
            windows,
            n_shuffles=settings.n_segment_shuffles,
            seed=settings.seed,
            compat=settings.compat,
        )
    far_client, far_therapist, _ = outliers(motion.client, motion.therapist)
    return SessionSynchrony(
        motion=replace(motion, notes=(*motion.notes, *_notes(settings))),
        settings=settings,
        windows=windows,
        client=_looked_at(motion.client, motion.rate, int(far_client.sum())),
        therapist=_looked_at(motion.therapist, motion.rate, int(far_therapist.sum())),
        lagged=found,
        summary=summarise(found),
        chance=chance,
        rhythm=_rhythm(first, second, motion.rate, settings),
        moments=moments,
        segments=segments,
    )


def partners_of(
    motions: Sequence[Motion],
    pairs: Sequence[object],
    settings: Settings,
    *,
    tell: Callable[[int, int], None] | None = None,
) -> AgainstPartners:
    """Compare real partners with mismatched ones, over the sessions of many pairs.

    Parameters
    ----------
    motions : sequence of Motion
        The sessions, all of one rate.
    pairs : sequence
        Which pair each is of.
    settings : Settings
        As for one session; of the shifts only the seed counts.
    tell : callable, optional
        Told how many sessions are done, and of how many.

    Raises
    ------
    ParameterError
        If rates differ, there are too few pairs, or a session is too short.
    """
    if len(set(pairs)) < FEWEST:
        raise ParameterError(
            f"the sessions must be of {FEWEST} pairs or more, got {len(set(pairs))}."
        )
    rates = sorted(motion.rate for motion in motions)
    rate = rates[len(rates) // 2]
    if rates[-1] - rates[0] > SAME_RATE * rate:
        raise ParameterError(
            "the sessions must be of one rate, got from "
            f"{rates[0]:g} to {rates[-1]:g} Hz."
        )
    recordings = {(m.client.tobytes(), m.therapist.tobytes()) for m in motions}
    if len(recordings) < len(motions):
        raise ParameterError("two of the sessions are one and the same recording.")
    clients, therapists = zip(
        *(
            _in_both(*_prepared(replace(motion, rate=rate), settings), settings)
            for motion in motions
        ),
        strict=True,
    )
    return against_partners(
        clients,
        therapists,
        _windows(rate, settings),
        pairs=pairs,
        seed=settings.seed,
        tell=tell,
    )


def _windows(rate: float, settings: Settings) -> Windows:
    return windows_of(
        rate,
        window_s=settings.window_s,
        step_s=settings.step_s,
        lag_s=settings.lag_s,
        is_whole=settings.compat is Compat.RMEA,
    )


def _prepared(motion: Motion, settings: Settings) -> tuple[Floats, Floats]:
    """Smooth both series, and do with them what was asked for."""
    one, other = (
        smooth(series, motion.rate, seconds=settings.smooth_s, compat=settings.compat)
        for series in (motion.client, motion.therapist)
    )
    if settings.compat is Compat.RMEA:
        return scale(one, compat=Compat.RMEA), scale(other, compat=Compat.RMEA)
    if settings.is_logged:
        one, other = logged(one), logged(other)
    if settings.is_differenced:
        one, other = differences(one), differences(other)
    return one, other


def _in_both(one: Floats, other: Floats, settings: Settings) -> tuple[Floats, Floats]:
    """Leave by our rules only what is present in both.

    What is put in another place would else meet what the session never held together.
    """
    return (one, other) if settings.compat is Compat.RMEA else in_both(one, other)


def _notes(settings: Settings) -> list[str]:
    notes = []
    if settings.is_logged:
        notes.append("compared is log(1 + x) of both")
    if settings.is_differenced:
        notes.append("compared is what changes from sample to sample")
    return notes


def _rhythm(
    first: Floats, second: Floats, rate: float, settings: Settings
) -> Rhythm | None:
    """Look for a rhythm, up to the fastest that the rate can tell."""
    if not settings.rhythm:
        return None
    if rate < LEAST_RATE:
        raise ParameterError(
            f"a rhythm takes {LEAST_RATE:g} samples a second or more, got {rate:g}."
        )
    low, high = BAND_HZ
    return rhythm(
        first,
        second,
        rate,
        band_hz=(low, min(high, rate / 2)),
        n_shifts=settings.n_shifts,
        seed=settings.seed,
    )


def _looked_at(series: Floats, rate: float, n_outliers: int) -> Series:
    missing = np.isnan(series)
    n = int((~missing).sum())
    return Series(
        moved=float((series > 0).sum() / n) if n else float("nan"),
        missing=float(missing.mean()),
        longest_gap_s=_longest(missing) / rate,
        longest_rest_s=_longest(series == 0) / rate,
        outliers=n_outliers,
    )


def _longest(flags: np.ndarray) -> int:
    """Return the length of the longest run of true."""
    starts, ends = runs_of(flags)
    return int((ends - starts).max(initial=0))
