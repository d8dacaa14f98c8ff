"""Brightness of a decoded picture, as bytes; colours are never looked at."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duologue.formats.video.opened import load_av

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Bytes = NDArray[np.uint8]

FULL = 2
"""What FFmpeg calls the range 0 to 255 (AVCOL_RANGE_JPEG)."""


def luma(frame: "VideoFrame") -> Bytes:
    """Return the brightness of a picture.

    Parameters
    ----------
    frame : av.VideoFrame
        Of any format. Where brightness is a plane of its own, it is taken as it is, the
        upper eight bits of it; anything else is converted to grey by FFmpeg.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        Row after row, as stored: not turned. It may look into the frame's own memory.
    """
    shift = _shift(frame.format.name)
    if shift is None:
        return _plane(frame.reformat(format="gray"), 0)
    return _plane(frame, shift)


def is_full_range(frame: "VideoFrame") -> bool:
    """Say whether `luma` goes from 0 to 255, not from 16 to 235 as most video does."""
    name = frame.format.name
    grey = name.startswith(("gray", "yuvj")) or _shift(name) is None
    return grey or frame.color_range == FULL


@cache
def _shift(name: str) -> int | None:
    """Return by how many bits brightness is shifted down, or None if not a plane."""
    form = load_av().VideoFormat(name)
    first, *others = form.components
    is_plane = (
        first.is_luma
        and not form.has_palette
        and not form.is_bit_stream
        and not form.is_big_endian
        and all(other.plane != first.plane for other in others)
    )
    if not is_plane or first.bits < 8:
        return None
    # In the family of P010 the bits stand at the upper end of two bytes.
    return 8 if name.startswith("p") else int(first.bits) - 8


def _plane(frame: "VideoFrame", shift: int) -> Bytes:
    plane = frame.planes[0]
    # Rows are padded to what the processor likes.
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    if shift:
        wide = rows.view("<u2")[: frame.height, : frame.width]
        return (wide >> shift).astype(np.uint8)
    return np.ascontiguousarray(rows[: frame.height, : frame.width])
