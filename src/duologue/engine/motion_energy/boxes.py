"""A region of the picture as the box round it, ready to be counted in."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.errors import ParameterError

Bytes = NDArray[np.uint8]

KERNELS = (3, 5, 7)
"""Sides of the square of which the median is taken, for small, usual and large pictures."""


class Box(NamedTuple):
    """A region, and room to count in; nothing outside of it is looked at.

    Attributes
    ----------
    top, left : int
        Where in the picture the box begins.
    inside : ndarray of uint8, shape (height, width)
        1 where a pixel of the box is of the region, else 0.
    margined : ndarray of uint8, shape (height + kernel - 1, width + kernel - 1)
        The same, with the margin of the kernel at the right and at the bottom.
    square : ndarray of uint8, shape of ``margined``
        Room for flags with half of the margin all round, which stays 0.
    down, across : ndarray of uint8, shape (n,)
        Room for sums.
    """

    top: int
    left: int
    inside: Bytes
    margined: Bytes
    square: Bytes
    down: Bytes
    across: Bytes

    @property
    def n_pixels(self) -> int:
        """How many pixels are of the region."""
        return int(np.count_nonzero(self.inside))


def box_of(mask: ArrayLike, kernel: int) -> Box:
    """Return the box round a region.

    Parameters
    ----------
    mask : array_like of bool, shape (height, width)
        Which pixels of the picture are of the region; one at least.
    kernel : int
        Side of the square of which the median is taken, 3, 5 or 7.

    Raises
    ------
    ParameterError
        If the mask is not of this form or holds no pixel, or there is no such kernel.

    Examples
    --------
    >>> box = box_of([[False, False, False], [False, True, True]], 3)
    >>> box.top, box.left, box.n_pixels
    (1, 1, 2)
    """
    found = np.asarray(mask)
    if found.ndim != 2 or found.dtype != np.bool_:
        raise ParameterError("a region must be true or false for each pixel.")
    if not found.any():
        raise ParameterError("a region must hold a pixel or more.")
    if kernel not in KERNELS:
        raise ParameterError(f"kernel must be 3, 5 or 7, got {kernel}.")
    rows, columns = (np.flatnonzero(found.any(axis=axis)) for axis in (1, 0))
    top, left = int(rows[0]), int(columns[0])
    inside = found[top : rows[-1] + 1, left : columns[-1] + 1].astype(np.uint8)
    margined = np.pad(inside, ((0, kernel - 1), (0, kernel - 1)))
    return Box(
        top=top,
        left=left,
        inside=np.ascontiguousarray(inside),
        margined=margined,
        square=np.zeros_like(margined),
        down=np.empty(margined.size, np.uint8),
        across=np.empty(margined.size, np.uint8),
    )


def kernel_of(height: int) -> int:
    """Return the kernel for a picture of so many lines: 3 below 360, 5 to 720, 7 above.

    A band that moves and is narrower than half of the kernel is not seen; the 5 of the
    literature was for 480 lines.
    """
    small, usual, large = KERNELS
    if height < 360:
        return small
    return usual if height <= 720 else large
