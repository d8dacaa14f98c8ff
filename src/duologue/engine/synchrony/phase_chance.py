"""Phases and sizes of two oscillations against chance: slid against each other."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.bands import p_of
from duologue.engine.synchrony.coherence import SEGMENT_S
from duologue.engine.synchrony.phase import ORDER, Phases, analytic, compared
from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.rhythm import BAND_HZ
from duologue.engine.synchrony.shifts import (
    LONG_ENOUGH,
    N_SHIFTS,
    check_shifts,
    drawn_shifts,
    least_shift,
)
from duologue.engine.synchrony.windows import Floats, Windows, samples_of

MEASURES = tuple(field.name for field in fields(Phases) if field.name != "phase")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChance:
    """What chance gives in place of each measure of two oscillations.

    Attributes
    ----------
    found : Phases
        Of the two as they are.
    mean : Phases
        The mean of shifted recordings; ``phase`` is ``nan`` in this and the next.
    p : Phases
        In each place how often a shifted recording gives as much or more, of
        (1 + b) / (1 + n). One of nine is below .05 by chance more often than 1 in 20:
        which of them counts is to be chosen before.
    n_surrogates : int
        Two for each shift; 0 where the session is too short, and all p are ``nan``.
    least_shift : int
        In samples.
    """

    found: Phases
    mean: Phases
    p: Phases
    n_surrogates: int
    least_shift: int


def phase_chance(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    band_hz: tuple[float, float] = BAND_HZ,
    order: int = ORDER,
    n_shifts: int = N_SHIFTS,
    seed: int = 0,
) -> PhaseChance:
    """Compare two series within a band, and put every measure beside chance.

    Parameters
    ----------
    first, second, rate, band_hz, order
        As for `phase.phases`.
    n_shifts : int
        100 or more, by a minute or two of the longest periods at the least. The second
        oscillation is shifted by each, and the first by the same.
    seed : int
        Beside it the recordings decide which shifts are drawn.

    Returns
    -------
    PhaseChance
        Without any p where the session lasts less than 8 times the least shift.

    Raises
    ------
    ParameterError
        As `phase.phases`, or if there are too few shifts.
    """
    check_shifts(n_shifts)
    one, other = as_pair(first, second)
    u, v = (analytic(w, rate, band_hz=band_hz, order=order) for w in (one, other))
    span = samples_of(max(SEGMENT_S, 1 / band_hz[0]), rate)
    windows = Windows(rate=rate, window=max(span, 3), step=1, lag=0)
    found = compared(u, v)
    drawn: list[Phases] = []
    if one.size >= LONG_ENOUGH * least_shift(windows):
        for shift in drawn_shifts(one, other, windows, n_shifts=n_shifts, seed=seed):
            drawn.append(compared(u, np.roll(v, shift)))
            drawn.append(compared(np.roll(u, shift), v))
    return PhaseChance(
        found=found,
        mean=_each(lambda values, _: float(values.mean()), drawn, found),
        p=_each(p_of, drawn, found),
        n_surrogates=len(drawn),
        least_shift=least_shift(windows),
    )


def _each(
    sum_up: Callable[[Floats, float], float], drawn: Sequence[Phases], found: Phases
) -> Phases:
    """Sum up what chance gives in place of each measure."""
    if not drawn:
        return Phases(phase=math.nan, **dict.fromkeys(MEASURES, math.nan))
    told = {
        name: sum_up(np.array([getattr(v, name) for v in drawn]), getattr(found, name))
        for name in MEASURES
    }
    return Phases(phase=math.nan, **told)
