"""Many comparisons of two series, each summed over its windows."""

import numpy as np

from duologue.engine.synchrony.lagged import lagged
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Ints, Windows

NO_SHIFT = np.zeros(1, dtype=np.int64)


def sums_for(
    first: Floats, second: Floats, windows: Windows, shifts: Ints, min_present: float
) -> Sums:
    """Correlate for each shift: compiled where numba is, else in plain numpy.

    As `compiled_lagged.sums_of`.
    """
    try:
        from duologue.engine.synchrony.compiled_lagged import sums_of  # noqa: PLC0415
    except ImportError:
        return _plainly(first, second, windows, shifts, min_present)
    return sums_of(first, second, windows, shifts, min_present=min_present)


def _plainly(
    first: Floats, second: Floats, windows: Windows, shifts: Ints, min_present: float
) -> Sums:
    found = [
        lagged(first, np.roll(second, shift), windows, min_present=min_present).z
        for shift in shifts
    ]
    return Sums(
        z=np.array([np.nansum(z, axis=0) for z in found]),
        absolute=np.array([np.nansum(np.abs(z), axis=0) for z in found]),
        count=np.array([(~np.isnan(z)).sum(axis=0) for z in found], dtype=np.float64),
    )
