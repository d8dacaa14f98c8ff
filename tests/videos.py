"""Small videos, made in the test itself: two people as boxes of noise, going back and forth."""

import av
import numpy as np

WIDTH, HEIGHT, RATE = 96, 64, 25

CLIENT, THERAPIST = (8, 20, 32, 40), (56, 20, 32, 40)
"""x, y, width and height of where each moves."""


def scene(n, *, seed=1, height=HEIGHT, width=WIDTH, noise=2.0):
    """Return n pictures of brightness, 16 to 235; each person rests at times."""
    rng = np.random.default_rng(seed)
    back = np.tile(np.linspace(60, 110, width), (height, 1))
    patterns = np.kron(rng.uniform(60, 200, (2, 2, 3)), np.ones((4, 4)))
    found = np.empty((n, height, width), np.uint8)
    for k in range(n):
        picture = back + rng.normal(0, noise, (height, width))
        for (x, y, w, _), pattern, moves in zip(
            (CLIENT, THERAPIST),
            patterns,
            (k % 40 < 25, 10 <= k % 50 < 40),
            strict=True,
        ):
            shift = int((w - 12) / 2 * (1 + np.sin(k / 5))) if moves else 0
            picture[y + 12 : y + 20, x + shift : x + shift + 12] = pattern
        found[k] = np.clip(picture.round(), 16, 235)
    return found


def write(
    path,
    pictures,
    *,
    pts=None,
    rate=RATE,
    codec="ffv1",
    pix_fmt="yuv420p",
    container=None,
    rotation=None,
    full_range=False,
    options=None,
):
    """Write pictures of brightness as a video, by default without any loss.

    Time stamps are in steps of the rate, and may skip some.
    """
    _, height, width = np.shape(pictures)
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.options = options or {}
        if full_range:
            stream.codec_context.color_range = 2
        if rotation is not None:
            stream.set_display_rotation(rotation)
        for k, picture in enumerate(pictures):
            frame = as_frame(picture, pix_fmt)
            frame.pts = k if pts is None else pts[k]
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def as_frame(picture, pix_fmt):
    """Return a grey frame whose plane of brightness is the picture as it is."""
    height, width = picture.shape
    frame = av.VideoFrame(width, height, pix_fmt)
    bits = frame.format.components[0].bits
    for i, plane in enumerate(frame.planes):
        kind = np.uint8 if bits == 8 else np.dtype("<u2")
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size).view(kind)
        if i:
            rows[:] = 1 << (bits - 1)
        else:
            rows[:height, :width] = picture.astype(kind) << (bits - 8)
    return frame
