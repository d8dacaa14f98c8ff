"""Many series, each compared with many others: what is its own is computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from duologue.engine.synchrony.summing import NO_SHIFT, sums_for
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Windows

if TYPE_CHECKING:
    from duologue.engine.synchrony.compiled_lagged import Ready

MOST_SAMPLES = 20_000_000
"""What is ready takes 24 bytes a sample beside the sample itself: half a gigabyte here. Of
more than these nothing is made ready, and each pair costs twice as much."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series, and what is ready of it: nothing where numba is not, or it has a blank."""

    values: Floats
    ready: "Ready | None"


def made_ready(series: Sequence[Floats], windows: Windows) -> list[Series]:
    """Make each of many series ready to be compared with the others."""
    try:
        from duologue.engine.synchrony.compiled_lagged import ready_of  # noqa: PLC0415
    except ImportError:
        return [Series(values, None) for values in series]
    if sum(values.size for values in series) > MOST_SAMPLES:
        return [Series(values, None) for values in series]
    return [
        Series(
            values,
            ready_of(values, windows)
            if windows.window <= values.size and not np.isnan(values).any()
            else None,
        )
        for values in series
    ]


def sums_between(
    one: Series, other: Series, windows: Windows, min_present: float
) -> Sums:
    """Correlate two of them, cut to the shorter.

    Raises
    ------
    ParameterError
        If the shorter does not hold one window.
    """
    size = min(one.values.size, other.values.size)
    windows.count(size)
    if one.ready is None or other.ready is None:
        x, y = one.values[:size], other.values[:size]
        return sums_for(x, y, windows, NO_SHIFT, min_present)
    from duologue.engine.synchrony.compiled_lagged import sums_of_ready  # noqa: PLC0415

    return sums_of_ready(one.ready, other.ready, windows, min_present=min_present)
