"""One picture after another: what share of each region changed since the one before.

Only the picture before is held on to. The median of a square of differences is above a
cut-off where more than half of them are, so differences are flagged and counted, and no
median is taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from duologue.engine.motion_energy.boxes import Box, Bytes, box_of
from duologue.errors import ParameterError

CUT_OFF = 12.0
"""Grey levels of 256 that a change exceeds: Altmann's choice for digital video."""

LIMITED_RANGE = 219 / 255
"""Levels of the usual video (16 to 235) to one of full range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed from one picture to the next.

    Attributes
    ----------
    people, background : tuple of float
        Per cent of each region's pixels, 0 to 100, in the order given; those of people
        after the median, those of the background without it.
    whole : float
        Per cent of all pixels, without the median.
    is_repeated : bool
        No pixel changed at all: the picture came twice.
    """

    people: tuple[float, ...]
    background: tuple[float, ...]
    whole: float
    is_repeated: bool


class Meter:
    r"""Measures motion energy; the picture before is all that it keeps.

    .. math:: 100 \cdot |\{p \in R: med_k(|g_t - g_{t-1}|) > c\}| / |R|

    with differences outside of the region R taken for 0.

    Parameters
    ----------
    people, backgrounds : sequence of array_like of bool, shape (height, width)
        Regions of people and of the background: which pixels are of them. They are
        counted one by one; whether they overlap is the caller's matter.
    kernel : int
        Side k of the square of the median, 3, 5 or 7: see `boxes.kernel_of`.
    cut_off : float
        Grey levels c of full range, 0 to 255, that a change exceeds.
    is_full_range : bool
        Whether pictures have levels from 0 to 255; else black is 16 and white 235, as
        in most video, and differences are stretched by 255 / 219.
    compiled : bool
        Whether to use compiled code where numba is installed; both give the same.

    Raises
    ------
    ParameterError
        If a region is none, there is no such kernel, or the cut-off is out of range.

    References
    ----------
    Grammer, K., Honda, M., Juette, A., & Schmitt, A. (1999). Journal of Personality and
    Social Psychology, 77(3), 487-508. Ramseyer, F., & Tschacher, W. (2011). Journal of
    Consulting and Clinical Psychology, 79(3), 284-295.
    """

    def __init__(
        self,
        people: Sequence[NDArray[np.bool_]],
        backgrounds: Sequence[NDArray[np.bool_]],
        *,
        kernel: int,
        cut_off: float = CUT_OFF,
        is_full_range: bool = True,
        compiled: bool = True,
    ) -> None:
        if not 0 <= cut_off <= 255:
            raise ParameterError(f"cut_off must be in 0 to 255, got {cut_off:g}.")
        self._people = [box_of(mask, kernel) for mask in people]
        self._backgrounds = [box_of(mask, kernel) for mask in backgrounds]
        self._sizes = [box.n_pixels for box in self._people]
        self._kernel = kernel
        self._threshold = threshold_of(cut_off, is_full_range=is_full_range)
        self._shape = _one_shape((*people, *backgrounds))
        self._flags = np.zeros(self._shape, np.uint8)
        self._by = _engine(compiled=compiled)
        self._before: Bytes | None = None

    def see(self, picture: Bytes) -> Change | None:
        """Compare a picture with the one before.

        Parameters
        ----------
        picture : ndarray of uint8, shape (height, width)
            Brightness. It is held on to until the next, so it is not to be changed.

        Returns
        -------
        Change or None
            None if there is none before it.

        Raises
        ------
        ParameterError
            If it is not of the regions' shape, or not of bytes.
        """
        now = as_picture(picture, self._shape).reshape(-1)
        before, self._before = self._before, now
        if before is None:
            return None
        flags = self._flags
        moved = self._by.flag(before, now, self._threshold, flags.reshape(-1))
        return Change(
            people=tuple(
                100 * self._by.count_most(flags, box, self._kernel) / size
                for box, size in zip(self._people, self._sizes, strict=True)
            ),
            background=tuple(_share(flags, box) for box in self._backgrounds),
            whole=100 * self._by.count(flags.reshape(-1)) / flags.size,
            is_repeated=not moved,
        )

    def skip(self) -> None:
        """Go on without a picture: the next one is compared with none."""
        self._before = None


def threshold_of(cut_off: float, *, is_full_range: bool) -> np.uint8:
    """Return the largest difference of bytes that does not exceed a cut-off.

    Examples
    --------
    >>> [int(threshold_of(12, is_full_range=full)) for full in (True, False)]
    [12, 10]
    """
    levels = cut_off if is_full_range else cut_off * LIMITED_RANGE
    # A cut-off learnt from differences comes back as the same whole number.
    return np.uint8(math.floor(levels + 1e-9))


def as_picture(picture: Bytes, shape: tuple[int, int]) -> Bytes:
    """Return a picture row after row in memory; see `Meter.see` for what is raised."""
    if picture.dtype != np.uint8 or picture.shape != shape:
        height, width = shape
        raise ParameterError(
            f"a picture must have {height} rows of {width} bytes, as the regions do."
        )
    return np.ascontiguousarray(picture)


def _share(flags: Bytes, box: Box) -> float:
    """Return the per cent of a region's pixels that are flagged, without the median."""
    height, width = box.inside.shape
    part = flags[box.top : box.top + height, box.left : box.left + width]
    return 100 * int(np.count_nonzero(part & box.inside)) / box.n_pixels


def _one_shape(masks: Sequence[NDArray[np.bool_]]) -> tuple[int, int]:
    shapes = {np.shape(mask) for mask in masks}
    if len(shapes) != 1:
        raise ParameterError("regions must be of one picture, and there must be some.")
    height, width = shapes.pop()
    return height, width


def _engine(*, compiled: bool) -> ModuleType:
    from duologue.engine.motion_energy import counting  # noqa: PLC0415

    if not compiled:
        return counting
    try:
        from duologue.engine.motion_energy import compiled_counting  # noqa: PLC0415
    except ImportError:
        return counting
    return compiled_counting
