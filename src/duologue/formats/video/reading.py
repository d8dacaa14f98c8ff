"""A video file: what it is, and its pictures as brightness, one at a time.

Times are the file's own time stamps, in seconds from its first picture: pictures need not
come evenly. Nothing of a picture is kept.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duologue.errors import FileError, ParameterError
from duologue.formats.video.grid import on_grid
from duologue.formats.video.luma import Bytes, is_full_range, luma
from duologue.formats.video.opened import load_av, opened

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

BACK_S = 1.0
"""A time stamp this much before the last is no slip: time begins anew."""

AHEAD_S = 3600.0
"""A leap of time longer than this is none that a session has."""

SHORT_S = 1.0
"""A file that ends so much before it says is said to be cut off."""

UNEVEN = 0.25
"""By this share a step between pictures may be longer or shorter than it should be."""

MOST_HZ = 240.0
"""No camera of a session has more pictures a second."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What is noticed while a video is read.

    Attributes
    ----------
    n_pictures, n_damaged, n_unordered : int
        Pictures read; parts that could not be decoded; pictures left out since they are
        no later than the one before.
    is_interlaced : bool
        Whether a picture is of two fields, taken one after the other.
    end_s : float
        Time of the last picture.
    n_steps, n_uneven : int
        Pairs of neighbouring moments with a picture each, and those of them whose
        pictures lie apart by a quarter more or less than the moments.
    """

    n_pictures: int = 0
    n_damaged: int = 0
    n_unordered: int = 0
    is_interlaced: bool = False
    end_s: float = 0.0
    n_steps: int = 0
    n_uneven: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video file, opened anew for each reading.

    Attributes
    ----------
    path : pathlib.Path
        Where it is.
    height, width : int
        Pixels, as a player shows it.
    quarter_turns : int
        Turns against the clock, 0 to 3, by which a player shows it otherwise than it is
        stored.
    is_full_range : bool
        Whether brightness goes from 0 to 255, not from 16 to 235.
    rate : float or None
        Usual number of pictures a second, where the file says so.
    seconds : float or None
        How long it says that it is.
    start : float
        The time stamp of the first picture, in seconds.
    """

    path: Path
    height: int
    width: int
    quarter_turns: int
    is_full_range: bool
    rate: float | None
    seconds: float | None
    start: float = field(repr=False)

    def as_stored(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Turn a mask of the picture as it is shown into one of it as it is stored."""
        return np.ascontiguousarray(np.rot90(mask, -self.quarter_turns))

    def as_shown(self, picture: Bytes) -> Bytes:
        """Turn a picture as it is stored into one as it is shown."""
        return np.ascontiguousarray(np.rot90(picture, self.quarter_turns))

    def pictures(
        self,
        rate: float,
        *,
        first: int = 0,
        last: float = math.inf,
        tally: Tally | None = None,
    ) -> Iterator[Bytes | None]:
        """Read the pictures nearest to an even grid of moments.

        Parameters
        ----------
        rate : float
            Moments a second, above 0 and at most 240; moment k is k / rate seconds after
            the first picture.
        first, last : int
            The moments that are wanted.
        tally : Tally, optional
            Where to note what is noticed.

        Yields
        ------
        ndarray of uint8, shape (height, width) as stored, or None
            One a moment; None if no picture is nearer than half a step.

        Raises
        ------
        FileError
            If the file cannot be read, time begins anew or leaps by more than an hour, or
            the picture changes its size.
        ParameterError
            If the rate is out of range.
        """
        if not 0 < rate <= MOST_HZ:
            raise ParameterError(
                f"rate must be above 0 Hz and at most {MOST_HZ:g} Hz, got {rate:g} Hz."
            )
        noted = tally if tally is not None else Tally()
        before = None
        timed = self._timed(max(0.0, (first - 0.5) / rate), noted)
        for chosen in on_grid(timed, rate, first=first, last=last):
            if chosen is None:
                before = None
                yield None
                continue
            if before is not None:
                noted.n_steps += 1
                noted.n_uneven += abs((chosen[0] - before) * rate - 1) > UNEVEN
            before = chosen[0]
            yield luma(chosen[1])

    def _timed(
        self, from_s: float, tally: Tally
    ) -> Iterator[tuple[float, "VideoFrame"]]:
        """Read pictures with their times, each later than the one before."""
        latest = -math.inf
        for frame in _frames(self.path, self.start + from_s, tally):
            if frame.pts is None:
                raise self._error("has pictures without time stamps.")
            time = frame.time - self.start
            self._check(frame, time, latest)
            tally.is_interlaced |= frame.interlaced_frame
            if time <= latest:
                tally.n_unordered += 1
                continue
            latest = tally.end_s = time
            tally.n_pictures += 1
            yield time, frame

    def _check(self, frame: "VideoFrame", time: float, latest: float) -> None:
        sizes = (self.height, self.width)[:: -1 if self.quarter_turns % 2 else 1]
        if (frame.height, frame.width) != sizes:
            raise self._error(f"changes the size of its picture at {time:.1f} s.")
        if time < latest - BACK_S:
            raise self._error(
                f"begins time anew at {latest:.1f} s: two recordings in one."
            )
        if time > latest + AHEAD_S and latest > -math.inf:
            raise self._error(f"leaps by more than an hour at {latest:.1f} s.")

    def _error(self, problem: str) -> FileError:
        return FileError(str(self.path), problem)


def read_video(path: Path) -> Video:
    """Look at a video: its first picture says what it is.

    Parameters
    ----------
    path : pathlib.Path
        The file: MP4, MOV, MKV, WebM, AVI and others that FFmpeg reads. It may point to
        nothing outside of itself.

    Raises
    ------
    FileError
        If it is no such file, cannot be decoded, has no time stamps, or is to be shown
        at a slant.
    ParameterError
        If PyAV (the extra ``video``) is not installed.
    """
    where = str(path)
    tally = Tally()
    with opened(path) as (container, stream):
        rate = stream.average_rate or stream.guessed_rate
        seconds = _seconds(container, stream)
        frame = next(_decoded(container, stream, tally), None)
    if frame is None:
        raise FileError(where, "holds no picture that can be decoded.")
    if frame.pts is None:
        raise FileError(where, "has pictures without time stamps.")
    turns, slant = divmod(round(frame.rotation), 90)
    if slant:
        raise FileError(where, "is to be shown at a slant, by no whole quarter turns.")
    sizes = (frame.height, frame.width)
    height, width = sizes[::-1] if turns % 2 else sizes
    return Video(
        path=path,
        height=height,
        width=width,
        quarter_turns=turns % 4,
        is_full_range=is_full_range(frame),
        rate=float(rate) if rate else None,
        seconds=seconds,
        start=frame.time,
    )


def _seconds(container: "InputContainer", stream: "VideoStream") -> float | None:
    """Return how long the pictures last, or else the file, by its own account."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    av = load_av()
    return container.duration / av.time_base if container.duration else None


def _frames(path: Path, from_s: float, tally: Tally) -> Iterator["VideoFrame"]:
    """Decode from a time on, or from a little before, that of the file's own stamps."""
    if from_s > 0:
        with opened(path) as (container, stream):
            frames = _sought(container, stream, from_s, tally)
            first = next(frames, None)
            if first is not None and first.pts is not None and first.time <= from_s:
                yield from chain([first], frames)
                return
    with opened(path) as (container, stream):
        yield from _decoded(container, stream, tally)


def _sought(
    container: "InputContainer", stream: "VideoStream", from_s: float, tally: Tally
) -> Iterator["VideoFrame"]:
    """Decode from the key picture before a time on; nothing where that cannot be."""
    av = load_av()
    try:
        container.seek(math.floor(from_s * av.time_base))
    except av.error.FFmpegError:
        return
    yield from _decoded(container, stream, tally)


def _decoded(
    container: "InputContainer", stream: "VideoStream", tally: Tally
) -> Iterator["VideoFrame"]:
    """Decode all pictures, and pass over what is damaged."""
    av = load_av()
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:
            tally.n_damaged += 1
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            tally.n_damaged += 1
            continue
        for frame in frames:
            if frame.is_corrupt:
                tally.n_damaged += 1
            else:
                yield frame
