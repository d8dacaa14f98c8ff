"""What a path holds: a course, a transcript, or ratings."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.table import read_any_table

TEXT_COLUMNS = frozenset({"text", "utterance_text"})
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
        If there is nothing there, a folder has no course in it, or a table cannot be
        read at all.
    """
    if path.is_dir():
        return _course_or_refuse(path)
    if columns and "text" in columns:
        return Holds.TRANSCRIPT
    if path.suffix.lower() in TRANSCRIPT_SUFFIXES:
        return Holds.TRANSCRIPT
    if path.suffix.lower() not in (".csv", ".tsv") and path.is_file():
        # Anything else is judged by its content; the reader says what is wrong.
        return Holds.TRANSCRIPT
    header = {name.strip().lower() for name in read_any_table(path).columns}
    return Holds.TRANSCRIPT if header & TEXT_COLUMNS else Holds.RATINGS


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
