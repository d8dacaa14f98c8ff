"""What a path holds: a course, a transcript, a recording, or ratings."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.course_folder.contents import transcript_in
from duologue.formats.textfile import as_text_of_any_encoding, read_bytes
from duologue.formats.transcripts.reader import is_marked

TEXT_COLUMNS = frozenset({"text", "utterance_text"})
RECORDING_COLUMNS = frozenset({"time_s", "client", "therapist"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
TRANSCRIPT_SUFFIXES = frozenset({".vtt", ".srt", ".cha", ".eaf", ".txt"})


class Holds(StrEnum):
    """The kinds of input that can be read."""

    COURSE = "course"
    TRANSCRIPT = "transcript"
    RECORDING = "recording"
    RATINGS = "ratings"


def what_it_holds(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    is_recording: bool = False,
) -> Holds:
    """Tell what kind of input a path is.

    Parameters
    ----------
    path : pathlib.Path
        A folder is a course, or a single session if all it has is a transcript (see
        :func:`transcript_of`). A file is a transcript by its suffix, or, as a table, if
        it has a column of text or is no table at all but shows another format; a table with time stamps of both people is a recording;
        any other holds ratings.
    columns : mapping of str to str, optional
        The names that were given for a table's columns; one for ``text`` makes it a
        transcript.
    is_recording : bool
        Whether a rate or a column of time stamps was given, which only recordings have.

    Raises
    ------
    FileError
        If there is nothing there, a folder has no course in it, or a table cannot be
        read at all.
    """
    try:
        if is_recording and not path.is_dir():
            return Holds.RECORDING
        return _holds(path, columns or {})
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None


def transcript_of(path: Path) -> Path:
    """Return the transcript that a path holds: the file itself, or the one inside."""
    inside = transcript_in(path) if path.is_dir() else None
    return path if inside is None else inside


def _holds(path: Path, columns: Mapping[str, str]) -> Holds:
    if path.is_dir():
        return _course_or_refuse(path)
    suffix = path.suffix.lower()
    if "text" in columns or suffix in TRANSCRIPT_SUFFIXES:
        return Holds.TRANSCRIPT
    if suffix not in TABLE_SUFFIXES and path.is_file():
        # Anything else is judged by its content; the reader says what is wrong.
        return Holds.TRANSCRIPT
    return _table_holds(path)


def _table_holds(path: Path) -> Holds:
    """Tell by the first line; whether the rest is sound is for the reader to say."""
    text, _ = as_text_of_any_encoding(read_bytes(path), str(path))
    if is_marked(text):
        return Holds.TRANSCRIPT
    header = text.partition("\n")[0]
    names = {name.strip(' "').casefold() for name in re.split("[,;\t]", header)}
    if names & TEXT_COLUMNS:
        return Holds.TRANSCRIPT
    return Holds.RECORDING if names >= RECORDING_COLUMNS else Holds.RATINGS


def _course_or_refuse(path: Path) -> Holds:
    if (path / "course.toml").is_file():
        return Holds.COURSE
    if transcript_in(path) is not None:
        return Holds.TRANSCRIPT
    n = sum((inside / "course.toml").is_file() for inside in path.iterdir())
    if n:
        raise FileError(
            str(path), f"a folder of {n} courses; read one of them at a time."
        )
    raise FileError(
        str(path), "a course folder holds a course.toml, and this one does not."
    )
