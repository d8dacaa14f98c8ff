"""sessions.csv and the session folders."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from duologue.errors import FileError, RecordError
from duologue.formats.course_folder.columns import (
    PLANNED_COLUMN,
    SESSION_COLUMNS,
    word,
)
from duologue.formats.table import Table, read_session, read_table
from duologue.records import Mode, Seat, Session, Status

_SESSION_FOLDER = re.compile(r"session-([0-9]{1,18})")


def session_folders(folder: Path) -> dict[int, Path]:
    """Return the folders of the sessions by number; refuse two for one session."""
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


def read_sessions(folder: Path, folders: Mapping[int, Path]) -> tuple[Session, ...]:
    """Read sessions.csv, or make the sessions from their folders where it is absent."""
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
    optional = (*SESSION_COLUMNS[1:], PLANNED_COLUMN)
    table = read_table(path, required=SESSION_COLUMNS[:1], optional=optional)
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
    number, planned, started, ended, mode, status, by, minutes = cells
    try:
        return Session(
            number=read_session(table, line, number),
            planned_start=_time(table, line, "planned_start", planned),
            started=_time(table, line, "started", started),
            ended=_time(table, line, "ended", ended),
            mode=word(table, line, "mode", Mode, mode),
            status=word(table, line, "status", Status, status) or Status.HELD,
            by=word(table, line, "by", Seat, by),
            planned_minutes=_minutes(table, line, minutes),
        )
    except RecordError as error:
        raise table.error(str(error), line) from None


def _minutes(table: Table, line: int, cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 3):
        raise table.error(f"{PLANNED_COLUMN} must be a whole number, 1 to 480.", line)
    return int(cell)


def _time(table: Table, line: int, column: str, cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        time = datetime.fromisoformat(cell)
    except ValueError:
        time = None
    # A day alone would become midnight, and its session a very late one.
    if time is None or ":" not in cell:
        problem = f"{column} must be a time as in 2026-01-31T14:00 (ISO 8601)."
        raise table.error(problem, line)
    return time


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
