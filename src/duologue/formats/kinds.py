"""What a path holds: a course, a transcript, or ratings."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.textfile import read_text

TEXT_COLUMNS = frozenset({"text", "utterance_text"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
TRANSCRIPT_SUFFIXES = frozenset({".vtt", ".srt", ".cha", ".txt"})


class Holds(StrEnum):
    """The kinds of input that can be read."""

    COURSE = "course"
    TRANSCRIPT = "transcript"
    RATINGS = "ratings"


def what_it_holds(path: Path, *, columns: Mapping[str, str] | None = None) -> Holds:
    """Tell what kind of input a path is.

    Parameters
    ----------
    path : pathlib.Path
        A folder is a course. A file is a transcript by its suffix, or, as a table, if
        it has a column of text; any other table holds ratings.
    columns : mapping of str to str, optional
        The names that were given for a table's columns; one for ``text`` makes it a
        transcript.

    Raises
    ------
    FileError
        If there is nothing there, a folder has no course in it, a table cannot be read
        at all, or is one of ratings with tabs between its cells.
    """
    try:
        return _holds(path, columns or {})
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None


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
    header = read_text(path).partition("\n")[0]
    names = {name.strip(' "').casefold() for name in re.split("[,;\t]", header)}
    if names & TEXT_COLUMNS:
        return Holds.TRANSCRIPT
    if "\t" in header and "," not in header and ";" not in header:
        problem = "ratings must be separated by commas or semicolons, not by tabs."
        raise FileError(str(path), problem, line=1)
    return Holds.RATINGS


def _course_or_refuse(path: Path) -> Holds:
    if (path / "course.toml").is_file():
        return Holds.COURSE
    n = sum((inside / "course.toml").is_file() for inside in path.iterdir())
    if n:
        raise FileError(
            str(path), f"a folder of {n} courses; read one of them at a time."
        )
    raise FileError(
        str(path), "a course folder holds a course.toml, and this one does not."
    )
