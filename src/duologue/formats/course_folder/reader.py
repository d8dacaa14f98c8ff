"""A folder in, a course out."""

from collections.abc import Callable
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.course_folder.contents import (
    CheckAnswer,
    read_frame,
    read_goals,
    read_measures,
    read_reflections,
    read_turns,
)
from duologue.formats.course_folder.recordings import read_recordings
from duologue.formats.course_folder.sessions import read_sessions, session_folders
from duologue.formats.course_folder.settings import read_settings
from duologue.records import Course, Kind, Prompts


def read_course(
    folder: Path,
    prompts_for: Callable[[Kind], Prompts],
    *,
    check_answer: CheckAnswer | None = None,
) -> Course:
    """Read one pair's course from a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A folder with a ``course.toml``.
    prompts_for : callable
        Gives the prompts of a kind of pair; the answers are checked against them.
    check_answer : callable, optional
        Refuses, with a `DuologueError`, what an instrument does not take: called with
        instrument, seat, item and value of each line of measures.csv. By default
        anything that is a number is taken.

    Returns
    -------
    Course
        Reflections in the order of the sessions, the client's before the therapist's,
        their answers in the order of the prompts. A blank is ``None``.

    Raises
    ------
    FileError
        If a file is missing or does not say what it should. The message names the
        file, the line where there is one, and what is allowed; it never holds an
        answer.
    """
    try:
        return _read_files(folder, prompts_for, check_answer)
    except OSError as error:
        problem = f"this folder cannot be read: {error.strerror}."
        raise FileError(str(folder), problem) from None


def _read_files(
    folder: Path,
    prompts_for: Callable[[Kind], Prompts],
    check_answer: CheckAnswer | None,
) -> Course:
    settings = read_settings(folder / "course.toml", folder.resolve().name)
    folders = session_folders(folder)
    sessions = read_sessions(folder, folders)
    numbers = {str(session.number): session.number for session in sessions}
    prompts = prompts_for(settings.dyad.kind)
    return Course(
        dyad=settings.dyad,
        prompts=prompts,
        sessions=sessions,
        reflections=read_reflections(folder / "reflections.csv", prompts, numbers),
        measures=read_measures(folder / "measures.csv", numbers, check_answer),
        goals=read_goals(folder / "goals.csv", numbers),
        frame=read_frame(folder / "frame.csv", numbers),
        turns=read_turns(folders, settings.labels),
        recorded=read_recordings(folders),
        made_up=settings.made_up,
    )
