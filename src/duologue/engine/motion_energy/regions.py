"""Regions of the picture: which pixels are of a person, and which of the background."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from duologue.errors import ParameterError

Mask = NDArray[np.bool_]
Points = Sequence[tuple[float, float]]

CORNER = 8
"""A corner of the background is so many times smaller than the picture, each way."""


def polygon(points: Points, *, height: int, width: int) -> Mask:
    """Return which pixels have their middle inside of a polygon.

    Parameters
    ----------
    points : sequence of (float, float)
        Its corners x, y in order, three or more, in pixels from the picture's upper
        left corner, up to its width and height.
    height, width : int
        Of the picture.

    Returns
    -------
    ndarray of bool, shape (height, width)
        By the even-odd rule: where the polygon covers itself, it is a hole.

    Raises
    ------
    ParameterError
        If it has too few corners, leaves the picture, or holds no pixel.

    Examples
    --------
    >>> polygon([(0, 0), (2, 0), (2, 1), (0, 1)], height=2, width=3).astype(int)
    array([[1, 1, 0],
           [0, 0, 0]])
    """
    if len(points) < 3:
        raise ParameterError("a polygon must have three corners or more.")
    if not all(0 <= x <= width and 0 <= y <= height for x, y in points):
        raise ParameterError(
            f"a region must lie in the picture, which is {width} by {height} pixels."
        )
    px, py = np.arange(width) + 0.5, (np.arange(height) + 0.5)[:, None]
    inside = np.zeros((height, width), dtype=bool)
    for (x1, y1), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 <= py) != (y2 <= py)
        inside ^= crosses & (px < x1 + (py - y1) * (x2 - x1) / (y2 - y1))
    if not inside.any():
        raise ParameterError("a region must hold a pixel or more.")
    return inside


def rectangle(x: float, y: float, w: float, h: float) -> Points:
    """Return the corners of a rectangle that begins at x, y."""
    return (x, y), (x + w, y), (x + w, y + h), (x, y + h)


def overlap(one: Mask, other: Mask) -> bool:
    """Say whether a pixel is of both regions."""
    return bool((one & other).any())


def are_near(one: Mask, other: Mask, *, pixels: int) -> bool:
    """Say whether two regions lie so few pixels apart, or fewer."""
    grown = ndimage.maximum_filter(one, size=2 * pixels + 1, mode="constant")
    return overlap(grown, other)


def corners(people: Sequence[Mask]) -> tuple[Mask, Mask] | None:
    """Return two corners that no person's region reaches, left and right.

    Parameters
    ----------
    people : sequence of ndarray of bool, shape (height, width)
        The regions of people.

    Returns
    -------
    (ndarray, ndarray) or None
        The upper two, each an eighth of the picture high and wide, or else the lower
        two; None if neither pair is free.
    """
    height, width = people[0].shape
    h, w = max(1, height // CORNER), max(1, width // CORNER)
    taken = np.logical_or.reduce(list(people))
    for rows in (slice(0, h), slice(height - h, height)):
        if not (taken[rows, :w].any() or taken[rows, width - w :].any()):
            left, right = np.zeros_like(taken), np.zeros_like(taken)
            left[rows, :w] = right[rows, width - w :] = True
            return left, right
    return None
