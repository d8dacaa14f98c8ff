"""The course folder: one pair on disk, read and written.

The command line, the researcher and the web's export all use this layout::

    course.toml         who sits in which seat, kind, agreement
    sessions.csv        session, planned_start, started, ended, mode, status, by
    reflections.csv     session, seat, item, value, shared
    measures.csv        session, seat, instrument, item, value
    goals.csv           goal, words, session, rating
    frame.csv           session, kind, by, tag
    session-007/        transcript.csv, .vtt, .srt, ...

Only course.toml must be there, and sessions.csv unless there are session folders. Any
other file is left alone.
"""

import csv
import io
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeAlias, TypeVar

from duologue.errors import FileError, RecordError
from duologue.formats.table import (
    SEATS,
    SHARED,
    AnswerKey,
    Table,
    allowed_values,
    gather,
    listed,
    read_number,
    read_session,
    read_table,
    value_reader,
    write_number,
)
from duologue.formats.textfile import read_text
from duologue.formats.transcripts import read_transcript, write_transcript
from duologue.records import (
    Agreement,
    Answer,
    Course,
    Dyad,
    EdgeKind,
    FrameEvent,
    Goal,
    Kind,
    Measure,
    Mode,
    Prompts,
    Reflection,
    Seat,
    Session,
    Status,
    Tag,
    Turns,
    Value,
)

_Word = TypeVar("_Word", bound=StrEnum)
_Row: TypeAlias = tuple[str, ...]
_Numbers: TypeAlias = dict[str, int]
"""Every session's number, under the way or ways in which files write it."""

_SETTINGS_BYTES = 100_000
_PARTS = ("dyad", "sessions", "reflections", "measures", "goals", "frame", "turns")
_SESSION_FOLDER = re.compile(r"session-([0-9]{1,18})")
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f]')
_TOML_LINE = re.compile(r"\(at line ([0-9]+)")

_TOP_KEYS = ("made_up", "kind", "code", "seats", "agreement", "labels")
_AGREEMENT_KEYS = ("length_min", "rhythm", "frame", "crisis")
_SEAT_KEYS = tuple(seat.value for seat in SEATS)

_TIME_COLUMNS = ("planned_start", "started", "ended")
_SESSION_COLUMNS = ("session", *_TIME_COLUMNS, "mode", "status", "by")
_REFLECTION_COLUMNS = ("session", "seat", "item", "value", "shared")
_MEASURE_COLUMNS = ("session", "seat", "instrument", "item", "value")
_GOAL_COLUMNS = ("goal", "words", "session", "rating")
_FRAME_COLUMNS = ("session", "kind", "by", "tag")


def read_course(folder: Path, prompts_for: Callable[[Kind], Prompts]) -> Course:
    """Read one pair's course from a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A folder with a ``course.toml``.
    prompts_for : callable
        Gives the prompts of a kind of pair; the answers are checked against them.

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
        return _read_files(folder, prompts_for)
    except OSError as error:
        problem = f"this folder cannot be read: {error.strerror}."
        raise FileError(str(folder), problem) from None


def _read_files(folder: Path, prompts_for: Callable[[Kind], Prompts]) -> Course:
    settings = _read_settings(folder / "course.toml", folder.resolve().name)
    folders = _session_folders(folder)
    sessions = _read_sessions(folder, folders)
    numbers = {str(session.number): session.number for session in sessions}
    prompts = prompts_for(settings.dyad.kind)
    return Course(
        dyad=settings.dyad,
        prompts=prompts,
        sessions=sessions,
        reflections=_read_reflections(folder / "reflections.csv", prompts, numbers),
        measures=_read_measures(folder / "measures.csv", numbers),
        goals=_read_goals(folder / "goals.csv", numbers),
        frame=_read_frame(folder / "frame.csv", numbers),
        turns=_read_turns(folders, settings.labels),
        made_up=settings.made_up,
    )


# Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    dyad: Dyad
    made_up: bool
    labels: Mapping[str, Sequence[str]]


def _read_settings(path: Path, folder_name: str) -> _Settings:
    where, top = str(path), _parse_toml(path)
    _check_keys(where, top, _TOP_KEYS, "at the top")
    seats = _section(where, top, "seats", _SEAT_KEYS)
    if not seats.keys() >= set(_SEAT_KEYS):
        problem = "[seats] needs both seats: client and therapist, each with a code."
        raise FileError(where, problem)
    labels = _section(where, top, "labels", _SEAT_KEYS)
    try:
        dyad = Dyad(
            code=_string(where, top, "code") or folder_name,
            client=_string(where, seats, "client") or "",
            therapist=_string(where, seats, "therapist") or "",
            kind=_kind(where, top),
            agreement=_agreement(where, top),
        )
    except RecordError as error:
        raise FileError(where, str(error)) from None
    return _Settings(
        dyad=dyad,
        made_up=_made_up(where, top),
        labels={key: _strings(where, labels, key) for key in labels},
    )


def _parse_toml(path: Path) -> dict[str, object]:
    text = read_text(path, max_bytes=_SETTINGS_BYTES)
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of 5,000 digits: ValueError
        line = _TOML_LINE.search(str(error))
        problem = "this is not TOML: key = value, with text in quotation marks."
        place = int(line[1]) if line else None
        raise FileError(str(path), problem, line=place) from None


def _check_keys(
    where: str, found: Mapping[str, object], allowed: Iterable[str], place: str
) -> None:
    if not found.keys() <= set(allowed):
        raise FileError(where, f"unknown key {place}: allowed are {listed(allowed)}.")


def _section(
    where: str, top: Mapping[str, object], name: str, allowed: Sequence[str]
) -> Mapping[str, object]:
    found = top.get(name, {})
    if not isinstance(found, dict):
        raise FileError(where, f"{name} must be a section [{name}] of key = value.")
    _check_keys(where, found, allowed, f"in [{name}]")
    return found


def _string(where: str, found: Mapping[str, object], key: str) -> str | None:
    value = found.get(key)
    if value is None or isinstance(value, str):
        return value
    raise FileError(where, f"{key} must be text in quotation marks.")


def _strings(where: str, found: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = found[key]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise FileError(where, f'{key} in [labels] must be a list of texts: ["T", "Dr"].')


def _made_up(where: str, top: Mapping[str, object]) -> bool:
    value = top.get("made_up", False)
    if isinstance(value, bool):
        return value
    raise FileError(where, "made_up must be true or false.")


def _kind(where: str, top: Mapping[str, object]) -> Kind:
    value = top.get("kind", Kind.THERAPY.value)
    if isinstance(value, str) and value in {kind.value for kind in Kind}:
        return Kind(value)
    raise FileError(where, f"kind must be one of {listed(Kind)}.")


def _agreement(where: str, top: Mapping[str, object]) -> Agreement:
    found = _section(where, top, "agreement", _AGREEMENT_KEYS)
    length = found.get("length_min")
    if length is not None and type(length) is not int:  # true is an int in Python
        raise FileError(where, "length_min must be a whole number of minutes.")
    return Agreement(
        length_min=length,
        rhythm=_string(where, found, "rhythm"),
        frame=_string(where, found, "frame"),
        crisis=_string(where, found, "crisis"),
    )


# Sessions


def _session_folders(folder: Path) -> dict[int, Path]:
    found: dict[int, Path] = {}
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    for name in names:
        if match := _SESSION_FOLDER.fullmatch(name):
            number = int(match[1])
            if number in found:
                raise FileError(str(folder), f"session {number} has two folders.")
            found[number] = folder / name
    return dict(sorted(found.items()))


def _read_sessions(folder: Path, folders: Mapping[int, Path]) -> tuple[Session, ...]:
    path = folder / "sessions.csv"
    if not path.exists():
        if folders:
            return tuple(Session(number=number) for number in folders)
        problem = (
            "a course needs sessions.csv, or folders called session-001 and so on."
        )
        raise FileError(str(folder), problem)
    sessions = _read_session_rows(path)
    known = {session.number for session in sessions}
    for number, place in folders.items():
        if number not in known:
            problem = f"sessions.csv has no session {number} to go with this folder."
            raise FileError(str(place), problem)
    return sessions


def _read_session_rows(path: Path) -> tuple[Session, ...]:
    table = read_table(
        path, required=_SESSION_COLUMNS[:1], optional=_SESSION_COLUMNS[1:]
    )
    sessions: dict[int, Session] = {}
    offset: bool | None = None
    latest: datetime | None = None
    for line, cells in table.rows:
        session = _session(table, line, cells)
        _check_number(table, line, session.number, sessions)
        offset = _check_offset(table, line, session, offset)
        latest = _check_order(table, line, session, latest)
        sessions[session.number] = session
    return tuple(sessions.values())


def _session(table: Table, line: int, cells: Sequence[str]) -> Session:
    number, planned, started, ended, mode, status, by = cells
    try:
        return Session(
            number=read_session(table, line, number),
            planned_start=_time(table, line, "planned_start", planned),
            started=_time(table, line, "started", started),
            ended=_time(table, line, "ended", ended),
            mode=_word(table, line, "mode", Mode, mode),
            status=_word(table, line, "status", Status, status) or Status.HELD,
            by=_word(table, line, "by", Seat, by),
        )
    except RecordError as error:
        raise table.error(str(error), line) from None


def _time(table: Table, line: int, column: str, cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        problem = f"{column} must be a time as in 2026-01-31T14:00 (ISO 8601)."
        raise table.error(problem, line) from None


def _word(
    table: Table, line: int, column: str, words: type[_Word], cell: str
) -> _Word | None:
    if not cell:
        return None
    try:
        return words(cell)
    except ValueError:
        problem = f"{column} must be one of {listed(words)}, or blank."
        raise table.error(problem, line) from None


def _check_number(
    table: Table, line: int, number: int, earlier: dict[int, Session]
) -> None:
    if number in earlier:
        raise table.error("this session number stands on an earlier line too.", line)
    if earlier and number < next(reversed(earlier)):
        raise table.error("session numbers must rise from line to line.", line)


def _check_offset(
    table: Table, line: int, session: Session, offset: bool | None
) -> bool | None:
    for time in (session.planned_start, session.started, session.ended):
        if time is not None:
            if offset not in (None, time.tzinfo is not None):
                problem = "the times must all carry a UTC offset, or none of them."
                raise table.error(problem, line)
            return time.tzinfo is not None
    return offset


def _check_order(
    table: Table, line: int, session: Session, latest: datetime | None
) -> datetime | None:
    planned = session.planned_start
    if planned is None or session.status in (Status.MOVED, Status.CANCELLED):
        return latest
    if latest is not None and planned < latest:
        problem = "planned_start must not lie before that of an earlier session."
        raise table.error(problem, line)
    return planned


# What belongs to a session


def _number(table: Table, line: int, cell: str, numbers: _Numbers) -> int:
    """Return the number of a session that the course has, however it is written."""
    number = numbers.get(cell)
    if number is None:
        number = read_session(table, line, cell)
        if str(number) not in numbers:
            raise table.error("sessions.csv does not have this session.", line)
        numbers[cell] = number
    return number


def _read_reflections(
    path: Path, prompts: Prompts, numbers: _Numbers
) -> tuple[Reflection, ...]:
    if not path.exists():
        return ()
    table = read_table(
        path, required=_REFLECTION_COLUMNS[:4], optional=_REFLECTION_COLUMNS[4:]
    )
    readers = {
        (seat.value, item.id): (which, place, item, value_reader(item, seat))
        for which, seat in enumerate(SEATS)
        for place, item in enumerate(prompts.items)
    }
    found: dict[AnswerKey, Answer] = {}
    for line, (session, seat, item_id, cell, shared) in table.rows:
        number = numbers.get(session)
        if number is None:
            number = _number(table, line, session, numbers)
        how = readers.get((seat, item_id))
        if how is None or shared not in SHARED:
            _refuse_reflection(table, line, seat, shared, prompts)
        which, place, item, read = how
        value = read(cell) if cell else None
        if value is None and cell:
            raise table.error(allowed_values(item, SEATS[which]), line)
        key = (number, which, place)
        if key in found:
            raise table.error("this seat's answer to this item stands twice.", line)
        found[key] = Answer(item.id, value, SHARED[shared])
    return gather(found)


def _refuse_reflection(
    table: Table, line: int, seat: str, shared: str, prompts: Prompts
) -> NoReturn:
    _seat(table, line, seat)
    if shared not in SHARED:
        raise table.error("shared must be yes, no or blank.", line)
    items = listed(item.id for item in prompts.items)
    raise table.error(f"unknown item: it must be one of {items}.", line)


def _seat(table: Table, line: int, cell: str) -> Seat:
    seat = _word(table, line, "seat", Seat, cell)
    if seat is None:
        raise table.error("seat must be client or therapist, not blank.", line)
    return seat


def _read_measures(path: Path, numbers: _Numbers) -> tuple[Measure, ...]:
    if not path.exists():
        return ()
    table = read_table(path, required=_MEASURE_COLUMNS)
    forms: dict[tuple[int, Seat, str], dict[str, float | None]] = {}
    for line, (session, seat, instrument, item, cell) in table.rows:
        number = _number(table, line, session, numbers)
        if not instrument or not item:
            raise table.error("instrument and item must not be blank.", line)
        form = forms.setdefault((number, _seat(table, line, seat), instrument), {})
        if item in form:
            raise table.error("this item of this form stands twice.", line)
        form[item] = _value(table, line, cell)
    return tuple(
        Measure(
            session=number,
            seat=seat,
            instrument=instrument,
            answers=tuple(form.items()),
        )
        for (number, seat, instrument), form in forms.items()
    )


def _value(table: Table, line: int, cell: str) -> float | None:
    value = read_number(cell) if cell else None
    if value is None and cell:
        raise table.error(
            "value must be a number with a decimal point, or blank.", line
        )
    return value


def _read_goals(path: Path, numbers: _Numbers) -> tuple[Goal, ...]:
    if not path.exists():
        return ()
    table = read_table(path, required=_GOAL_COLUMNS[:2], optional=_GOAL_COLUMNS[2:])
    words: dict[str, str] = {}
    ratings: dict[str, dict[int, float]] = {}
    for line, (goal, text, session, rating) in table.rows:
        _check_goal(table, line, goal, text, words)
        rated = ratings.setdefault(goal, {})
        if not session and not rating:
            continue
        number = _number(table, line, session, numbers)
        if number in rated:
            raise table.error("this goal is rated twice at this session.", line)
        rated[number] = _rating(table, line, rating)
    return tuple(
        Goal(code=goal, words=text, ratings=tuple(sorted(ratings[goal].items())))
        for goal, text in words.items()
    )


def _check_goal(
    table: Table, line: int, goal: str, text: str, words: dict[str, str]
) -> None:
    if not goal:
        raise table.error("goal must be a code, not blank.", line)
    if not text and goal not in words:
        raise table.error("the first line of a goal must hold its words.", line)
    if words.setdefault(goal, text) != text and text:
        problem = "the words of a goal must be blank here, or as on its first line."
        raise table.error(problem, line)


def _rating(table: Table, line: int, cell: str) -> float:
    rating = read_number(cell)
    if rating is None or not 0 <= rating <= 10:
        raise table.error("rating must be a number in 0 to 10.", line)
    return rating


def _read_frame(path: Path, numbers: _Numbers) -> tuple[FrameEvent, ...]:
    if not path.exists():
        return ()
    table = read_table(path, required=_FRAME_COLUMNS[:2], optional=_FRAME_COLUMNS[2:])
    return tuple(_edge(table, line, cells, numbers) for line, cells in table.rows)


def _edge(
    table: Table, line: int, cells: Sequence[str], numbers: _Numbers
) -> FrameEvent:
    session, kind, by, tag = cells
    number = _number(table, line, session, numbers)
    edge = _word(table, line, "kind", EdgeKind, kind)
    if edge is None:
        problem = f"kind must be one of {listed(EdgeKind)}, not blank."
        raise table.error(problem, line)
    return FrameEvent(
        session=number,
        kind=edge,
        by=_word(table, line, "by", Seat, by),
        tag=_word(table, line, "tag", Tag, tag),
    )


def _read_turns(
    folders: Mapping[int, Path], labels: Mapping[str, Sequence[str]]
) -> tuple[Turns, ...]:
    return tuple(
        read_transcript(
            path,
            session=number,
            client=labels.get("client", ()),
            therapist=labels.get("therapist", ()),
        )
        for number, place in folders.items()
        if (path := _transcript(place)) is not None
    )


def _transcript(place: Path) -> Path | None:
    found = sorted(path for path in place.glob("transcript.*") if path.is_file())
    if len(found) > 1:
        raise FileError(str(place), "a session must have one transcript, got several.")
    return found[0] if found else None


# Writing


def write_course(course: Course, folder: Path) -> None:
    """Write a course to a folder that does not exist yet, or is empty.

    The files are the same for the same course, byte by byte, and `read_course` gives
    back the same course, number for number and letter for letter. A reflection or
    form without any answer holds nothing and is not written, nor are a transcript's
    resolution and notes, which are found again on reading; reflections, answers and
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
    )


def _write_files(where: str, course: Course, folder: Path) -> None:
    files = {"course.toml": _settings_text(course)}
    for name, columns, rows in (
        ("sessions.csv", _SESSION_COLUMNS, _session_rows(course)),
        ("reflections.csv", _REFLECTION_COLUMNS, _reflection_rows(course)),
        ("measures.csv", _MEASURE_COLUMNS, _measure_rows(course)),
        ("goals.csv", _GOAL_COLUMNS, _goal_rows(course)),
        ("frame.csv", _FRAME_COLUMNS, _frame_rows(course)),
    ):
        if rows or name == "sessions.csv":
            files[name] = _table_text(columns, rows)
    for turns in course.turns:
        name = f"session-{turns.session:03d}"
        (folder / name).mkdir()
        files[f"{name}/transcript.csv"] = _transcript_text(where, turns)
    for name, text in files.items():
        try:
            content = text.encode()
        except UnicodeEncodeError:
            problem = f"{name} would hold a character that a text file cannot hold."
            raise FileError(where, problem) from None
        (folder / name).write_bytes(content)


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
        *(f"{seat} = {_quoted(dyad.person(seat))}" for seat in SEATS),
    ]
    agreed = [
        f"{key} = {_quoted(value) if isinstance(value, str) else value}"
        for key in _AGREEMENT_KEYS
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


def _table_text(columns: _Row, rows: Iterable[_Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def _session_rows(course: Course) -> list[_Row]:
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


def _reflection_rows(course: Course) -> list[_Row]:
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


def _measure_rows(course: Course) -> list[_Row]:
    return [
        (str(form.session), form.seat.value, form.instrument, item, _cell(value))
        for form in course.measures
        for item, value in form.answers
    ]


def _goal_rows(course: Course) -> list[_Row]:
    rows: list[_Row] = []
    for goal in course.goals:
        cells = [(str(number), write_number(rating)) for number, rating in goal.ratings]
        first, *later = cells or [("", "")]
        rows.append((goal.code, goal.words, *first))
        rows += [(goal.code, "", *each) for each in later]
    return rows


def _frame_rows(course: Course) -> list[_Row]:
    return [
        (str(event.session), event.kind.value, event.by or "", event.tag or "")
        for event in course.frame
    ]
