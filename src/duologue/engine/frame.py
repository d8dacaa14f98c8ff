"""The frame in minutes: when a session really began and ended."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.errors import ParameterError

A_FEW_MINUTES = 5.0
"""Below this a clock and a corridor explain it (our judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMinutes:
    """Departures from the planned frame, a session each, in minutes.

    Attributes
    ----------
    late : ndarray, shape (n_sessions,)
        Real minus planned start; negative where early; ``nan`` where unknown.
    over : ndarray, shape (n_sessions,)
        Real length minus agreed length; negative where it ended early.
    n_late, n_over, n_short : int
        Sessions that began, ran over, or ended short by more than a few minutes.
    """

    late: NDArray[np.float64]
    over: NDArray[np.float64]
    n_late: int
    n_over: int
    n_short: int


def departures(
    planned_min: ArrayLike,
    started_min: ArrayLike,
    ended_min: ArrayLike,
    *,
    length_min: ArrayLike | None,
) -> FrameMinutes:
    """Set the real times against the planned ones.

    Parameters
    ----------
    planned_min, started_min, ended_min : array_like, shape (n_sessions,)
        Minutes on one clock; ``nan`` where unknown, which leaves the result ``nan``.
    length_min : array_like > 0 or None
        The agreed length, or that of each session; ``None`` and ``nan`` where none was
        agreed, and then ``over`` is blank.

    Raises
    ------
    ParameterError
        If the lengths differ or ``length_min`` is not positive.
    """
    planned, started, ended = (
        np.asarray(v, dtype=float) for v in (planned_min, started_min, ended_min)
    )
    if not planned.shape == started.shape == ended.shape:
        raise ParameterError("planned, started and ended must have the same length.")
    agreed = np.asarray(np.nan if length_min is None else length_min, dtype=float)
    unknown = length_min is not None and agreed.ndim == 0 and np.isnan(agreed)
    if unknown or (agreed <= 0).any():
        raise ParameterError(f"length_min must be positive, got {agreed}.")
    late = started - planned
    over = ended - started - agreed
    return FrameMinutes(
        late=late,
        over=over,
        n_late=int((late > A_FEW_MINUTES).sum()),
        n_over=int((over > A_FEW_MINUTES).sum()),
        n_short=int((over < -A_FEW_MINUTES).sum()),
    )
