"""One picture as a PNG, for the person who checks where the regions lie."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from duologue.formats.video.opened import load_av


def png(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture as a PNG.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
        Red, green and blue.

    Raises
    ------
    ParameterError
        If PyAV (the extra ``video``) is not installed.
    """
    av = load_av()
    height, width, _ = picture.shape
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "rgb24"
    encoder.time_base = Fraction(1)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)
