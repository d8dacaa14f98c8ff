"""An estimate with its interval, or the reason why nothing can be told."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
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

    TOO_SHORT = "too_short"
    """Courses have too few sessions: almost anything could be."""

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


def jackknife(left: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of estimates from leaving out one unit at a time.

    Parameters
    ----------
    left : ndarray, shape (n_units, n_estimates)
        The estimates without each unit.

    Returns
    -------
    ndarray, shape (n_estimates, n_estimates)

    References
    ----------
    Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, ch. 11.
    """
    n = left.shape[0]
    off = left - left.mean(axis=0)
    covariance: NDArray[np.float64] = (n - 1) / n * off.T @ off
    return covariance


def codes_of(clusters: ArrayLike | None, *, n_pairs: int) -> NDArray[np.int64]:
    """Return numbers for what pairs have in common; without it each stands alone.

    Raises
    ------
    ParameterError
        If there is not one label a pair, or one of them is blank.
    """
    if clusters is None:
        return np.arange(n_pairs)
    labels = np.asarray(clusters)
    if labels.shape != (n_pairs,):
        raise ParameterError(
            f"clusters must have one label for each of {n_pairs} pairs, "
            f"got the shape {labels.shape}."
        )
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ParameterError("clusters must not be blank.")
    codes: NDArray[np.int64] = np.unique(labels, return_inverse=True)[1]
    return codes


def added_up(
    values: NDArray[np.float64], codes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Add up the rows of each cluster; those without rows are left out."""
    present, code = np.unique(codes, return_inverse=True)
    out = np.zeros((present.size, *values.shape[1:]))
    np.add.at(out, code, values)
    return out


def check_level(level: float) -> None:
    """Refuse a level outside (0.5, 1)."""
    if not 0.5 < level < 1:
        raise ParameterError(f"level must lie in (0.5, 1), got {level}.")


def check_finite(name: str, values: NDArray[np.float64]) -> None:
    """Refuse an infinite value; ``nan`` is a blank."""
    if np.isinf(values).any():
        raise ParameterError(f"{name} must be finite or nan, got an infinite one.")
