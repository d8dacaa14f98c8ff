"""A course in, a folder out: whole, or not at all."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from duologue.errors import FileError, RecordError
from duologue.formats.course_folder.columns import (
    AGREEMENT_KEYS,
    FRAME_COLUMNS,
    GOAL_COLUMNS,
    MEASURE_COLUMNS,
    PLANNED_COLUMN,
    REFLECTION_COLUMNS,
    SESSION_COLUMNS,
    Row,
)
from duologue.formats.course_folder.reader import read_course
from duologue.formats.course_folder.recordings import recording_files
from duologue.formats.table import write_number
from duologue.formats.transcripts import write_transcript
from duologue.records import SEATS, Course, Modality, Recorded, Seat, Turns, Value

_PARTS = (
    *("dyad", "sessions", "reflections", "measures", "goals", "frame", "turns"),
    "recorded",
)
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f]')


def write_course(course: Course, folder: Path) -> None:
    """Write a course to a folder that does not exist yet, or is empty.

    The files are the same for the same course, byte by byte, and `read_course` gives
    back the same course, number for number and letter for letter. A reflection or
    form without any answer holds nothing and is not written, nor are a transcript's
    resolution and notes, nor what was found in recordings, all of which are found again
    on reading; reflections, answers and
    transcripts are put in the order in which `read_course` gives them.

    What would not come back the same is refused, not bent: a blank text or an empty
    choice of chips (a blank is ``None``), a carriage return, a character that a text
    file cannot hold, an answer outside its item. For the same reason a text that a
    spreadsheet would take for a formula (``=1+1``) is written as it stands.

    The folder appears whole or not at all: it is built beside its place, read back,
    and then given its name.

    Parameters
    ----------
    course : Course
        The course, everything in it: redact first where it goes to a person.
    folder : pathlib.Path
        Where to write. The folder above it must exist.

    Raises
    ------
    FileError
        If the folder holds something already, cannot be written, or the course would
        not read back the same. Nothing is left behind.
    """
    where = str(folder)
    tidy = _tidy(course)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise FileError(where, "this folder is not empty; name a new one.")
        with tempfile.TemporaryDirectory(
            prefix=".duologue-", dir=folder.parent
        ) as near:
            built = Path(near) / "course"
            built.mkdir(mode=0o700)
            _write_files(where, tidy, built)
            _check_written(where, tidy, built)
            if folder.exists():
                folder.rmdir()
            built.rename(folder)
    except OSError as error:
        problem = f"this folder cannot be written: {error.strerror}."
        raise FileError(where, problem) from None


def _tidy(course: Course) -> Course:
    place = {item.id: place for place, item in enumerate(course.prompts.items)}
    reflections = [
        replace(
            reflection,
            answers=tuple(
                sorted(
                    reflection.answers, key=lambda answer: place.get(answer.item, -1)
                )
            ),
        )
        for reflection in course.reflections
        if reflection.answers
    ]
    return replace(
        course,
        reflections=tuple(
            sorted(reflections, key=lambda each: (each.session, SEATS.index(each.seat)))
        ),
        measures=tuple(form for form in course.measures if form.answers),
        turns=tuple(
            Turns(session=each.session, segments=each.segments)
            for each in sorted(course.turns, key=lambda each: each.session)
        ),
        recorded=tuple(
            replace(each, motion=replace(each.motion, notes=()))
            for each in sorted(course.recorded, key=_in_order)
        ),
        synchrony=(),
    )


def _in_order(each: Recorded) -> tuple[int, int]:
    return each.session, list(Modality).index(each.modality)


def _write_files(where: str, course: Course, folder: Path) -> None:
    files = {"course.toml": _settings_text(course)}
    for name, columns, rows in (
        ("sessions.csv", *_session_table(course)),
        ("reflections.csv", REFLECTION_COLUMNS, _reflection_rows(course)),
        ("measures.csv", MEASURE_COLUMNS, _measure_rows(course)),
        ("goals.csv", GOAL_COLUMNS, _goal_rows(course)),
        ("frame.csv", FRAME_COLUMNS, _frame_rows(course)),
    ):
        if rows or name == "sessions.csv":
            files[name] = _table_text(columns, rows)
    for turns in course.turns:
        files[f"{_folder_of(turns)}/transcript.csv"] = _transcript_text(where, turns)
    for each in course.recorded:
        for name, text in recording_files(each).items():
            files[f"{_folder_of(each)}/{name}"] = text
    for name, text in files.items():
        try:
            content = text.encode()
        except UnicodeEncodeError:
            problem = f"{name} would hold a character that a text file cannot hold."
            raise FileError(where, problem) from None
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _folder_of(of: Turns | Recorded) -> str:
    return f"session-{of.session:03d}"


def _transcript_text(where: str, turns: Turns) -> str:
    try:
        return write_transcript(turns)
    except RecordError as error:
        problem = f"the transcript of session {turns.session} is refused: {error}"
        raise FileError(where, problem) from None


def _check_written(where: str, course: Course, folder: Path) -> None:
    try:
        came = _tidy(read_course(folder, lambda _: course.prompts))
    except FileError as error:
        name = Path(error.where).name
        problem = f"this course would not read back from {name}: {error.problem}"
        raise FileError(where, problem) from None
    for part in _PARTS:
        if getattr(came, part) != getattr(course, part):
            problem = (
                f"the {part} would not read back the same: a blank text, a carriage "
                "return and a time outside the transcript's steps cannot be written."
            )
            raise FileError(where, problem)


def _settings_text(course: Course) -> str:
    dyad = course.dyad
    lines = [
        f"made_up = {str(course.made_up).lower()}",
        f"kind = {_quoted(dyad.kind)}",
        f"code = {_quoted(dyad.code)}",
        "",
        "[seats]",
        *(f"{seat} = {_quoted(dyad.person(seat))}" for seat in Seat),
    ]
    agreed = [
        f"{key} = {_quoted(value) if isinstance(value, str) else value}"
        for key in AGREEMENT_KEYS
        if (value := getattr(dyad.agreement, key)) is not None
    ]
    if agreed:
        lines += ["", "[agreement]", *agreed]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """Write a TOML basic string; control characters are escaped."""
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _table_text(columns: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def _session_rows(course: Course) -> list[Row]:
    return [
        (
            str(session.number),
            *(
                time.isoformat() if time else ""
                for time in (session.planned_start, session.started, session.ended)
            ),
            session.mode or "",
            session.status.value,
            session.by or "",
        )
        for session in course.sessions
    ]


def _session_table(course: Course) -> tuple[Row, list[Row]]:
    """Return columns and rows; planned minutes only where some session has its own."""
    rows = _session_rows(course)
    minutes = [session.planned_minutes for session in course.sessions]
    if not any(minutes):
        return SESSION_COLUMNS, rows
    each = zip(rows, minutes, strict=True)
    with_minutes = [(*row, "" if n is None else str(n)) for row, n in each]
    return (*SESSION_COLUMNS, PLANNED_COLUMN), with_minutes


def _reflection_rows(course: Course) -> list[Row]:
    return [
        (
            str(reflection.session),
            reflection.seat.value,
            answer.item,
            _cell(answer.value),
            "yes" if answer.shared else "no",
        )
        for reflection in course.reflections
        for answer in reflection.answers
    ]


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "|".join(value)
    return write_number(value)


def _measure_rows(course: Course) -> list[Row]:
    return [
        (str(form.session), form.seat.value, form.instrument, item, _cell(value))
        for form in course.measures
        for item, value in form.answers
    ]


def _goal_rows(course: Course) -> list[Row]:
    rows: list[Row] = []
    for goal in course.goals:
        cells = [(str(number), write_number(rating)) for number, rating in goal.ratings]
        first, *later = cells or [("", "")]
        rows.append((goal.code, goal.words, *first))
        rows += [(goal.code, "", *each) for each in later]
    return rows


def _frame_rows(course: Course) -> list[Row]:
    return [
        (str(event.session), event.kind.value, event.by or "", event.tag or "")
        for event in course.frame
    ]
