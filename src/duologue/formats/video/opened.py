"""Opening a video file: one file on this machine, never what it may point to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from duologue.errors import FileError, ParameterError
from duologue.formats.textfile import check_file

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

CONTAINERS = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts"),
    *("mpeg", "flv", "asf", "ogg", "mxf", "dv"),
)
"""What is read. Playlists are not: they name other files, or addresses on a network."""

NO_VIDEO = (
    "is no video that can be read: MP4, MOV, MKV, WebM, AVI, MPEG, FLV, WMV, Ogg, MXF "
    "and DV can. If it is one, its end may be missing."
)


@contextmanager
def opened(path: Path) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    """Open a video, and close it afterwards.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Yields
    ------
    (av.container.InputContainer, av.video.stream.VideoStream)
        The file and its first stream of pictures that is no cover.

    Raises
    ------
    FileError
        If there is no such file, it is no video of a known kind, or has no pictures.
    ParameterError
        If PyAV is not installed.
    """
    where = str(path)
    check_file(where)
    av = load_av()
    options = {"format_whitelist": ",".join(CONTAINERS), "protocol_whitelist": "file"}
    try:
        # An absolute path has no colon in front that would name a protocol.
        # Titles in another encoding are no reason to refuse pictures.
        container = av.open(
            str(path.absolute()), options=options, metadata_errors="replace"
        )
    except av.error.FFmpegError:
        raise FileError(where, NO_VIDEO) from None
    with container:
        yield container, _pictures_of(container, where)


def load_av() -> ModuleType:
    """Load what decodes, or say that it is not there."""
    try:
        import av
    except ImportError:
        raise ParameterError(
            "a video needs a package that is not installed (duologue[video])."
        ) from None
    return av


def _pictures_of(container: "InputContainer", where: str) -> "VideoStream":
    from av.stream import Disposition

    for stream in container.streams.video:
        if Disposition.attached_pic not in stream.disposition:
            break
    else:
        raise FileError(where, "must hold moving pictures, and holds none.")
    # A file may name a code for its pictures that nothing here decodes.
    if stream.codec_context is None:
        raise FileError(where, "has pictures in a code that cannot be read.")
    stream.thread_type = "AUTO"
    return stream
