"""What is counted of many pairs that were read: what holds, and what is flagged."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.simulate import JOINT_SHOCK, Simulated
from duologue.relationship.quieter import LIKELY as FLAG

Array = NDArray[np.float64]


def held(ends: Array, mean: Array, truth: Array) -> list[float]:
    """Count what is told and what holds, and sum widths and squared errors."""
    told = np.asarray(~np.isnan(mean))
    inside = told & (ends[..., 0] <= truth) & (truth <= ends[..., 1])
    width = (ends[..., 1] - ends[..., 0])[told].sum()
    return [
        float(told.size),
        float(told.sum()),
        float(inside.sum()),
        float(width),
        float(((mean - truth)[told] ** 2).sum()),
    ]


def stacked(states: Sequence[PairState], name: str) -> Array:
    """One part of every pair's state."""
    return np.stack([getattr(state, name) for state in states])


def flags(states: Sequence[PairState], made: Simulated) -> list[int]:
    """Count steps, those in which both are said to be quieter, and joint shocks."""
    flagged = stacked(states, "p_both_low") > FLAG
    shocks = made.shocks[:, 1:-1] == JOINT_SHOCK
    counts = (flagged.size, flagged.sum(), shocks.sum(), (flagged & shocks).sum())
    return [int(count) for count in counts]
