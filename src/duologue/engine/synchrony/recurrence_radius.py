"""The least distance within which a share of all pairs of states lie, without a matrix.

A sample tells between which distances it must lie; one look at all pairs counts those
below and keeps the few between. Where there are too many of these they are counted in
bins instead, and the one that holds it is looked into. What comes out does not depend on
the sample.
"""

import math
from types import ModuleType
from typing import Any

import numpy as np

from duologue.engine.synchrony.windows import Floats

WIDE = 3.0
"""Standard errors of a share in the sample, to either side: seldom too few, and then it
takes longer."""


def distance_within(
    share: float, one: Floats, other: Floats, rule: Any, compiled: ModuleType
) -> float:
    """Return the least distance that a share of all distances do not exceed.

    Parameters
    ----------
    share : float
        More than 0, 1 at most.
    one, other : ndarray, shape (n_channels, n)
        Two series.
    rule : Rule
        What their states are, and the metric; its limit is not looked at.
    compiled : module
        What walks over all pairs.

    Returns
    -------
    float
        One of the distances; of the Euclidean metric its square.
    """
    span = (rule.embed - 1) * rule.delay
    n_pairs = (one.shape[1] - span) * (other.shape[1] - span)
    wanted = math.ceil(share * n_pairs)
    low, high = 0.0, math.inf
    if n_pairs > compiled.ROOM:
        low, high = _bracket(share, compiled.sample(one, other, rule))
    while True:
        n_bits = max(0, (_place(high) - _place(low)).bit_length() - compiled.BIN_BITS)
        below, n_found, kept, bins = compiled.gather(
            one, other, rule._replace(limit=high), low, n_bits
        )
        nth = wanted - below  # of those found, from 1
        if not 0 < nth <= n_found:
            low, high = 0.0, math.inf
            continue
        if n_found <= kept.size:
            kept.partition(nth - 1)
            return float(kept[nth - 1])
        first = _place(low) + (int(np.searchsorted(np.cumsum(bins), nth)) << n_bits)
        if n_bits == 0:
            return _float(first)
        last = min(first + (1 << n_bits) - 1, _place(high))
        low, high = _float(first), _float(last)


def _bracket(share: float, sampled: Floats) -> tuple[float, float]:
    """Return two distances of a sample with the one that is sought most likely between."""
    n = sampled.size
    off = WIDE * math.sqrt(share * (1 - share) * n)
    ends = np.clip([share * n - off, share * n + off], 0, n - 1).astype(int)
    sampled.partition(ends)
    return float(sampled[ends[0]]), float(sampled[ends[1]])


def _place(value: float) -> int:
    """Return the place of a float among all from zero on."""
    return int(np.float64(value).view(np.int64))


def _float(place: int) -> float:
    return float(np.int64(place).view(np.float64))
