"""Points laid evenly in a cube: the same on every machine, without a package for it."""

import math

import numpy as np

from duologue.engine.dyad.model import Floats

_GOLDEN = (math.sqrt(5) - 1) / 2
_SMALLEST = 1e-6


def evenly(n: int, n_dimensions: int, *, start: int = 0) -> Floats:
    """Lay points evenly in a cube: strides of irrational numbers round a circle.

    With phi the root of phi^(d+1) = phi + 1, point k stands at the fraction of
    (k + 1) phi^-i on each axis i = 1 .. d (Roberts 2018, a Kronecker sequence).

    Parameters
    ----------
    n, n_dimensions : int
        How many points, and in how many dimensions.
    start : int
        Other numbers give other points.

    Returns
    -------
    ndarray in (0, 1), shape (n, n_dimensions)
        A millionth away from 0 and 1 at least.
    """
    phi = 2.0
    for _ in range(64):
        phi = (1 + phi) ** (1 / (n_dimensions + 1))
    strides = phi ** -np.arange(1.0, n_dimensions + 1)
    at = (0.5 + start * _GOLDEN + np.arange(1, n + 1)[:, None] * strides) % 1
    return np.clip(at, _SMALLEST, 1 - _SMALLEST)
