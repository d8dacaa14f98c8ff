"""The levels behind the answers to one scale, as the dyad model tells them.

One pair is never fitted: it is read against the population that the program brings
along, which is an assumption (``engine.dyad.shipped``). An answer at an end of the
slider may stand for more than the slider holds, and is met as such.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.answers import scale
from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.shipped import shipped

PER_POINT = 10.0
"""Points of 100 to one point of the model."""

_N_POINTS, _ENOUGH = 128, 16.0
"""Points for each draw of a pair, of 32, and what they must be worth to tell couplings:
some thousands together, whose ends of intervals are good to two digits."""


def likely_levels(answers: NDArray[np.float64], *, whole: bool = False) -> PairState:
    """Tell the levels of two people and, for the whole, who influences whom.

    Parameters
    ----------
    answers : ndarray, shape (n_sessions, 2)
        In points of 0 to 100; ``nan`` where blank. One session at least.
    whole : bool
        As for ``read_pair``: levels are the same without it, in two thirds of the time.

    Returns
    -------
    PairState
        In points of 0 to 10.
    """
    return read_pair(
        _ratings(answers),
        shipped(),
        scale=_SLIDER,
        n_points=_N_POINTS,
        enough=_ENOUGH,
        whole=whole,
    )


@cache
def version() -> str:
    """Tell the version of the values that were assumed, 8 hexadecimal digits."""
    return shipped().version[:8]


_SLIDER = scale("bounded")


def _ratings(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    return answers[:, :, np.newaxis] / PER_POINT
