"""Small matrices of many points, their own axes in front: (2, 2, ...) and not (..., 2, 2).

Records hold matrices on the last axes, as they are read. What computes with them has
them in front: then each component of all points lies in one piece of memory, and a
product of two matrices is three operations on arrays instead of one small product for
each point.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def in_front(array: NDArray[Any], n_own: int, n_leading: int) -> NDArray[Any]:
    r"""Bring the last axes to the front.

    Parameters
    ----------
    array : ndarray, shape (..., \*own)
        Matrices or vectors.
    n_own : int
        How many axes are their own.
    n_leading : int
        How many others there shall be; further ones of length 1 come before them.

    Returns
    -------
    ndarray, shape (\*own, ...)
        A copy.
    """
    n = array.ndim - n_own
    moved = array.transpose(*range(n, array.ndim), *range(n))
    return moved[(slice(None),) * n_own + (np.newaxis,) * (n_leading - n)].copy()


def course_in_front(array: NDArray[Any], n_own: int) -> NDArray[Any]:
    r"""Bring matrices to the front, and then sessions: a view.

    Parameters
    ----------
    array : ndarray, shape (..., n_sessions, \*own)
        As records hold a course.
    n_own : int
        How many axes are the matrices' own.

    Returns
    -------
    ndarray, shape (\*own, n_sessions, ...)
    """
    n = array.ndim - n_own
    return array.transpose(*range(n, array.ndim), n - 1, *range(n - 1))


def course_at_end(array: NDArray[Any], n_own: int) -> NDArray[Any]:
    r"""Undo ``course_in_front``: (\*own, n_sessions, ...) to (..., n_sessions, \*own)."""
    return array.transpose(*range(n_own + 1, array.ndim), n_own, *range(n_own))


def at_end(array: NDArray[Any], n_own: int) -> NDArray[Any]:
    """Bring the first axes to the end, as records hold them; a view."""
    return array.transpose(*range(n_own, array.ndim), *range(n_own))


def product(left: Floats, right: Floats) -> Floats:
    """Multiply matrices (2, 2, ...) by others of two rows (2, k, ...), or vectors (2, ...)."""
    if right.ndim < left.ndim:
        return np.asarray(left[:, 0] * right[0] + left[:, 1] * right[1])
    return np.asarray(left[:, 0, None] * right[0] + left[:, 1, None] * right[1])


def flipped(matrix: Floats) -> Floats:
    """Transpose matrices, shape (n, k, ...) to (k, n, ...)."""
    return matrix.swapaxes(0, 1)


def carried(matrix: Floats, cov: Floats) -> Floats:
    """M C M' of matrices (2, 2, ...) and symmetric ones of the same shape."""
    return product(product(matrix, cov), flipped(matrix))


def inverse(matrix: Floats) -> Floats:
    """Invert matrices (2, 2, ...)."""
    det = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    found = np.empty(matrix.shape)
    found[0, 0], found[1, 1] = matrix[1, 1], matrix[0, 0]
    found[0, 1], found[1, 0] = -matrix[0, 1], -matrix[1, 0]
    found /= det
    return found


def unit_matrix(n_leading: int) -> Floats:
    """Give the unit matrix, shape (2, 2, 1, ...)."""
    return np.eye(2).reshape(2, 2, *(1,) * n_leading)
