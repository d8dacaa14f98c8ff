"""Surrogate synchrony as SUSY has it, of sessions from files: seconds and rate are whole."""

from dataclasses import dataclass

import numpy as np

from duologue.engine.synchrony.susy import Susy, susy
from duologue.engine.synchrony.windows import WHOLE
from duologue.errors import ParameterError
from duologue.records.motion import Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSusy:
    """What SUSY gives of one session. The client's is the first series.

    Attributes
    ----------
    motion : Motion
        The session.
    rate, segment_s, lag_s : int
        Samples a second, seconds of a segment and of the largest lag.
    n_dropped : int
        Samples that one of the two lacks: SUSY drops them and closes the gap.
    found : Susy
        Its measures.
    """

    motion: Motion
    rate: int
    segment_s: int
    lag_s: int
    n_dropped: int
    found: Susy


def susy_of(motion: Motion, *, segment_s: float, lag_s: float) -> SessionSusy:
    """Compare the two series of one session as SUSY does, neither smoothed nor scaled.

    Raises
    ------
    ParameterError
        If rate or seconds are not whole (SUSY itself cuts them), a segment is shorter than
        two of the largest lag, or there are fewer than two.
    """
    rate = _whole("rate", motion.rate, "Hz")
    segment = _whole("segment_s", segment_s, "s")
    lag = _whole("lag_s", lag_s, "s")
    is_missing = np.isnan(motion.client) | np.isnan(motion.therapist)
    return SessionSusy(
        motion=motion,
        rate=rate,
        segment_s=segment,
        lag_s=lag,
        n_dropped=int(is_missing.sum()),
        found=susy(motion.client, motion.therapist, rate, segment_s=segment, lag_s=lag),
    )


def _whole(name: str, value: float, unit: str) -> int:
    """Return what is whole; a rate from rounded time stamps is so within a hundredth."""
    if abs(value - round(value)) > WHOLE:
        raise ParameterError(
            f"by SUSY's rules {name} must be a whole number, got {value:g} {unit}."
        )
    return round(value)
