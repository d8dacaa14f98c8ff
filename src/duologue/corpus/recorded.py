"""What a session's recording shows, as a record that a reading is made from."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from duologue.corpus.synchrony import SessionSynchrony, Settings, synchrony_of
from duologue.engine.synchrony.aligning import slower
from duologue.engine.synchrony.episodes import Episode
from duologue.engine.synchrony.shifts import APART, LONG_ENOUGH
from duologue.engine.synchrony.windows import WINDOW_S, Windows, windows_of
from duologue.errors import ParameterError
from duologue.records import (
    Course,
    Modality,
    Moment,
    Motion,
    Recorded,
    Seat,
    Synchrony,
)

RATE = 10.0
"""A reading compares at about this many samples a second, the nearest even part of the
recording's rate: as fine as its lags are told, and many times quicker."""

LEAST_RATE = 1.0
"""Samples a second from which on moments are looked for: their windows last ten seconds."""

SMOOTH_S = {Modality.MOTION: 0.5, Modality.VOICE: 0.0, Modality.PHYSIOLOGY: 0.0}
"""Seconds over which a series is smoothed first: only motion energy jumps from one sample
to the next."""

FIRST = {1: Seat.CLIENT, -1: Seat.THERAPIST}


def is_quick() -> bool:
    """Whether this machine has what compares recordings in seconds (duologue[corpus])."""
    return find_spec("numba") is not None


def with_synchrony(
    course: Course, *, tell: Callable[[int, int], None] | None = None
) -> Course:
    """Return a course with what is found in each recording that it holds.

    As many are compared at once as there are processors; what is found is the same
    whatever their number.

    Parameters
    ----------
    course : Course
        What was found in it before is found anew.
    tell : callable, optional
        Told which recording is waited for, and of how many.
    """
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        begun = [threads.submit(synchrony_in, each) for each in course.recorded]
        for n, one in enumerate(begun, start=1):
            if tell is not None:
                tell(n, len(begun))
            found.append(one.result())
    return replace(course, synchrony=tuple(found))


def synchrony_in(recorded: Recorded) -> Synchrony:
    """Return what one recording shows: how far the two went together, beside chance.

    It takes some seconds an hour of recording. Equal recordings give equal answers. Of one
    that is too short, or has too few samples a second for windows of half a minute,
    nothing is said.
    """
    motion = _at_a_reading_rate(recorded.motion)
    if (windows := _windows(motion)) is None:
        return _nothing(recorded, motion, is_fast_enough=False)
    if motion.client.size < windows.window + windows.lag:
        return _nothing(recorded, motion, is_fast_enough=True)
    settings = Settings(
        smooth_s=SMOOTH_S[recorded.modality], moments=motion.rate >= LEAST_RATE
    )
    return _as_record(synchrony_of(motion, settings), recorded)


def by_window(recorded: Recorded) -> SessionSynchrony | None:
    """Return one recording window by window, as `synchrony_in` compares it: without chance.

    It takes a fifth of a second at most for four hours, with numba or without. ``None``
    where nothing can be said: it is too short, has too few samples a second, or one of the
    two series does not vary.
    """
    motion = _at_a_reading_rate(recorded.motion)
    windows = _windows(motion)
    if windows is None or motion.client.size < windows.window + windows.lag:
        return None
    settings = Settings(smooth_s=SMOOTH_S[recorded.modality], n_shifts=0)
    found = synchrony_of(motion, settings)
    return None if np.isnan(found.lagged.z).all() else found


def _windows(motion: Motion) -> Windows | None:
    """Return how such a recording is compared; ``None`` where its samples are too few."""
    try:
        return windows_of(motion.rate)
    except ParameterError:
        return None


def _nothing(recorded: Recorded, motion: Motion, *, is_fast_enough: bool) -> Synchrony:
    return Synchrony(
        session=recorded.session,
        modality=recorded.modality,
        seconds=motion.seconds,
        rate=motion.rate,
        lags_s=(),
        profile=(),
        peak=None,
        peak_lag_s=None,
        p=None,
        n_surrogates=0,
        needed_s=LONG_ENOUGH * APART * WINDOW_S if is_fast_enough else 0.0,
        moments=None,
        client_present=_present(motion.client),
        therapist_present=_present(motion.therapist),
        notes=motion.notes,
    )


def _present(series: np.ndarray) -> float:
    return float(np.mean(~np.isnan(series))) if series.size else 0.0


def _at_a_reading_rate(motion: Motion) -> Motion:
    by = round(motion.rate / RATE)
    if by < 2:
        return motion
    rate = motion.rate / by
    return replace(
        motion,
        client=slower(motion.client, motion.rate, rate),
        therapist=slower(motion.therapist, motion.rate, rate),
        rate=rate,
    )


def _as_record(found: SessionSynchrony, recorded: Recorded) -> Synchrony:
    windows, summary = found.windows, found.summary
    chance, moments = found.chance, found.moments
    if chance is None:
        raise ParameterError("a reading is never without chance.")
    lines = {}
    if chance.n_surrogates:
        lines = {
            name: _plain(getattr(chance, name)) for name in ("low", "high", "band")
        }
    return Synchrony(
        session=recorded.session,
        modality=recorded.modality,
        seconds=recorded.motion.seconds,
        rate=windows.rate,
        lags_s=tuple((windows.lags / windows.rate).tolist()),
        profile=_plain(summary.lag_profile),
        **lines,
        peak=_or_none(summary.peak),
        peak_lag_s=_or_none(summary.peak_lag_s),
        p=_or_none(chance.p_peak),
        n_surrogates=chance.n_surrogates,
        needed_s=LONG_ENOUGH * chance.least_shift / windows.rate,
        moments=(
            tuple(map(_moment, moments.found))
            if moments is not None and moments.n_surrogates
            else None
        ),
        client_present=1.0 - found.client.missing,
        therapist_present=1.0 - found.therapist.missing,
        notes=recorded.motion.notes,
    )


def _moment(each: Episode) -> Moment:
    return Moment(
        start_s=each.start_s,
        end_s=each.end_s,
        lag_s=each.lag_s,
        first=FIRST.get(each.leader),
        p=each.p,
    )


def _plain(line: np.ndarray) -> tuple[float | None, ...]:
    return tuple(_or_none(value) for value in line.tolist())


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
