"""An estimate with its interval, or the reason why nothing can be told."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from duologue.errors import ParameterError

MIN_PAIRS = 5
"""Fewest pairs of which anything is said of all (coverage was measured from 10 on)."""


class Reason(StrEnum):
    """Whether there is an estimate, and if there is none, why."""

    TOLD = "told"
    TOO_FEW_PAIRS = "too_few_pairs"
    NO_SPREAD = "no_spread"
    """The answers hardly vary, or one of them repeats another."""

    NO_AXIS = "no_axis"
    """The surface has no single point or line to name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number about a caseload.

    Attributes
    ----------
    value, lower, upper : float
        The estimate and its interval; ``nan`` where nothing can be told.
    n_pairs : int
        Pairs that it rests on.
    reason : Reason
        ``TOLD``, or why there is none.
    """

    value: float
    lower: float
    upper: float
    n_pairs: int
    reason: Reason = Reason.TOLD

    @property
    def told(self) -> bool:
        """Whether there is an estimate."""
        return self.reason is Reason.TOLD

    def holds(self, number: float) -> bool:
        """Whether the interval holds this number; never where nothing can be told."""
        return self.told and self.lower <= number <= self.upper


def cannot_tell(reason: Reason, *, n_pairs: int) -> Estimate:
    """Return the estimate that says nothing, and why."""
    nan = float("nan")
    return Estimate(value=nan, lower=nan, upper=nan, n_pairs=n_pairs, reason=reason)


def around(
    value: float, *, se: float, df: float, n_pairs: int, level: float
) -> Estimate:
    """Return an estimate with its t interval."""
    half = float(stdtrit(df, (1 + level) / 2)) * se
    return Estimate(
        value=value, lower=value - half, upper=value + half, n_pairs=n_pairs
    )


def check_level(level: float) -> None:
    """Refuse a level outside (0.5, 1)."""
    if not 0.5 < level < 1:
        raise ParameterError(f"level must lie in (0.5, 1), got {level}.")


def check_finite(name: str, values: NDArray[np.float64]) -> None:
    """Refuse an infinite value; ``nan`` is a blank."""
    if np.isinf(values).any():
        raise ParameterError(f"{name} must be finite or nan, got an infinite one.")
