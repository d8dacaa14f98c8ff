"""What may be done to a series before it is compared: each of it said, none by default."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.preparing import OUTLIER_SD, as_series, outliers
from duologue.engine.synchrony.windows import Bools, Floats, runs_of
from duologue.errors import ParameterError


def without_outliers(
    first: ArrayLike, second: ArrayLike, *, sd: float = OUTLIER_SD
) -> tuple[Floats, Floats]:
    """Return both series with samples missing that `preparing.outliers` flags."""
    is_far_1, is_far_2, _ = outliers(first, second, sd=sd)
    one, other = as_series(first, "first"), as_series(second, "second")
    return np.where(is_far_1, np.nan, one), np.where(is_far_2, np.nan, other)


def logged(values: ArrayLike) -> Floats:
    """Return log(1 + x), which draws in bursts; blanks stay blank.

    Raises
    ------
    ParameterError
        If a value lies below 0.
    """
    found = as_series(values, "values")
    if (found < 0).any():
        raise ParameterError("values must be 0 or more for log(1 + x).")
    return np.log1p(found)


def differences(values: ArrayLike) -> Floats:
    """Return by how much each sample differs from the next (n - 1), against slow drift.

    The value in the place of a sample is what changes from there to the next one; blank
    where one of the two is.

    Raises
    ------
    ParameterError
        If there are fewer than two samples.
    """
    found = as_series(values, "values")
    if found.size < 2:
        raise ParameterError(f"values must be 2 samples or more, got {found.size}.")
    return np.diff(found)


def left_out(
    n_samples: int, rate: float, stretches: Sequence[tuple[float, float]]
) -> Bools:
    """Return which samples lie in one of several stretches of time.

    Parameters
    ----------
    n_samples : int
        Of the series.
    rate : float
        Samples a second.
    stretches : sequence of (float, float)
        From which second on, and up to which; they may overlap, and reach beyond the end.

    Returns
    -------
    ndarray of bool, shape (n_samples,)
        True for samples at or after a start, and before its end.

    Raises
    ------
    ParameterError
        If a stretch does not end after it starts, or starts below 0.
    """
    times = np.arange(n_samples) / rate
    found = np.zeros(n_samples, dtype=bool)
    for start, end in stretches:
        if not 0 <= start < end < np.inf:
            raise ParameterError(
                "stretches must start at 0 s or later and end after that, got "
                f"{start:g} to {end:g} s."
            )
        found |= (times >= start - 1e-9) & (times < end - 1e-9)
    return found


def at_rest(values: ArrayLike, rate: float, least_s: float) -> Bools:
    """Return which samples are of a rest: a run of exact zeros of so many seconds or more.

    A person who is silent, or sits still, in series that are 0 then. A blank ends a rest.

    Raises
    ------
    ParameterError
        If ``least_s`` is not above 0.
    """
    found = as_series(values, "values")
    if not 0 < least_s < np.inf:
        raise ParameterError(f"least_s must be above 0 s, got {least_s:g} s.")
    starts, ends = runs_of(found == 0)
    is_resting = np.zeros(found.size, dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        is_resting[start:end] = (end - start) / rate >= least_s - 1e-9
    return is_resting
