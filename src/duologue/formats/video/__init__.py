"""Video files: brightness alone, streamed, by the file's own time stamps."""

from duologue.formats.video.png import png
from duologue.formats.video.reading import Tally, Video, read_video

__all__ = ["Tally", "Video", "png", "read_video"]
