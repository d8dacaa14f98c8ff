"""Stretches in which two people move in step without any lag: more often light than people.

A flash, a camera that is touched or a region that spills over moves both series at one
moment. Only the video can tell; here such stretches are found, and nothing is changed.
"""

import math
from dataclasses import dataclass

import numpy as np

from duologue.engine.synchrony.lagged import Lagged
from duologue.engine.synchrony.preparing import Compat, chosen
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """From when to when, in seconds from the start of the session."""

    start_s: float
    end_s: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


def artefacts(
    found: Lagged,
    *,
    threshold: float,
    apart: int = 1,
    least_s: float | None = None,
    compat: Compat = Compat.NONE,
) -> tuple[Artefact, ...]:
    """Return stretches whose windows are above a threshold without a lag.

    Parameters
    ----------
    found : Lagged
        Correlations of a session.
    threshold : float
        In Fisher's z; only what is **above** it counts, never what is far below 0 (rMEA's
        help speaks of absolute values, what it does is this).
    apart : int
        Windows that follow one another by so many at most are one stretch; 1 or more.
    least_s : float, optional
        Shorter ones are left out; by default a step.
    compat : Compat
        By our rule a stretch ends with its last window; by rMEA's a step after that
        window's start. (It lists twice what is a session's only window above the
        threshold; here it stands once.)

    Raises
    ------
    ParameterError
        If the threshold is not finite, or ``apart`` below 1.
    """
    if not math.isfinite(threshold):
        raise ParameterError(f"threshold must be finite, got {threshold:g}.")
    if apart < 1:
        raise ParameterError(f"apart must be 1 or more, got {apart}.")
    windows = found.windows
    with np.errstate(invalid="ignore"):
        high = np.flatnonzero(found.z[:, windows.lag] > threshold)
    step_s = windows.step_s
    as_rmea = chosen(Compat, compat, "compat") is Compat.RMEA
    reach_s = step_s if as_rmea else windows.window_s
    least_s = step_s if least_s is None else least_s
    groups = np.split(high, np.flatnonzero(np.diff(high) > apart) + 1)
    made = [
        Artefact(start_s=of[0] * step_s, end_s=of[-1] * step_s + reach_s)
        for of in groups
        if of.size
    ]
    return tuple(each for each in made if each.seconds >= least_s - 1e-9)
