"""What belongs to a session: reflections, measures, goals, edges, transcripts."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from duologue.errors import DuologueError, FileError, WhoIsWhoError
from duologue.formats.answers import (
    SHARED,
    AnswerKey,
    allowed_values,
    gather,
    value_reader,
)
from duologue.formats.course_folder.columns import (
    FRAME_COLUMNS,
    GOAL_COLUMNS,
    MEASURE_COLUMNS,
    REFLECTION_COLUMNS,
    Numbers,
    word,
)
from duologue.formats.table import (
    Table,
    listed,
    read_number,
    read_session,
    read_table,
)
from duologue.formats.transcripts import read_transcript
from duologue.records import (
    SEATS,
    Answer,
    EdgeKind,
    FrameEvent,
    Goal,
    Measure,
    Prompts,
    Reflection,
    Seat,
    Tag,
    Turns,
)

CheckAnswer: TypeAlias = Callable[[str, Seat, str, float | None], None]
"""Refuses an answer that its instrument does not take: instrument, seat, item, value."""


def read_reflections(
    path: Path, prompts: Prompts, numbers: Numbers
) -> tuple[Reflection, ...]:
    """Read reflections.csv; no file, no reflections."""
    if not path.exists():
        return ()
    table = read_table(
        path, required=REFLECTION_COLUMNS[:4], optional=REFLECTION_COLUMNS[4:]
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


def read_measures(
    path: Path, numbers: Numbers, check_answer: CheckAnswer | None
) -> tuple[Measure, ...]:
    """Read measures.csv; no file, no measures."""
    if not path.exists():
        return ()
    table = read_table(path, required=MEASURE_COLUMNS)
    forms: dict[tuple[int, Seat, str], dict[str, float | None]] = {}
    for line, (session, seat_cell, instrument, item, cell) in table.rows:
        number = _number(table, line, session, numbers)
        if not instrument or not item:
            raise table.error("instrument and item must not be blank.", line)
        seat = _seat(table, line, seat_cell)
        form = forms.setdefault((number, seat, instrument), {})
        if item in form:
            raise table.error("this item of this form stands twice.", line)
        form[item] = _value(table, line, cell)
        if check_answer is not None:
            given = instrument, seat, item, form[item]
            _check_answer(table, line, check_answer, given)
    return tuple(
        Measure(
            session=number,
            seat=seat,
            instrument=instrument,
            answers=tuple(form.items()),
        )
        for (number, seat, instrument), form in forms.items()
    )


def _check_answer(
    table: Table,
    line: int,
    check_answer: CheckAnswer,
    given: tuple[str, Seat, str, float | None],
) -> None:
    try:
        check_answer(*given)
    except DuologueError as error:
        raise table.error(str(error), line) from None


def _value(table: Table, line: int, cell: str) -> float | None:
    value = read_number(cell) if cell else None
    if value is None and cell:
        raise table.error(
            "value must be a number with a decimal point, or blank.", line
        )
    return value


def read_goals(path: Path, numbers: Numbers) -> tuple[Goal, ...]:
    """Read goals.csv; no file, no goals."""
    if not path.exists():
        return ()
    table = read_table(path, required=GOAL_COLUMNS[:2], optional=GOAL_COLUMNS[2:])
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


def read_frame(path: Path, numbers: Numbers) -> tuple[FrameEvent, ...]:
    """Read frame.csv; no file, no edges that moved."""
    if not path.exists():
        return ()
    table = read_table(path, required=FRAME_COLUMNS[:2], optional=FRAME_COLUMNS[2:])
    return tuple(_edge(table, line, cells, numbers) for line, cells in table.rows)


def _edge(
    table: Table, line: int, cells: Sequence[str], numbers: Numbers
) -> FrameEvent:
    session, kind, by, tag = cells
    number = _number(table, line, session, numbers)
    edge = word(table, line, "kind", EdgeKind, kind)
    if edge is None:
        problem = f"kind must be one of {listed(EdgeKind)}, not blank."
        raise table.error(problem, line)
    return FrameEvent(
        session=number,
        kind=edge,
        by=word(table, line, "by", Seat, by),
        tag=word(table, line, "tag", Tag, tag),
    )


def read_turns(
    folders: Mapping[int, Path], labels: Mapping[str, Sequence[str]]
) -> tuple[Turns, ...]:
    """Read the transcript of each session folder that has one."""
    return tuple(
        _turns(path, number, labels)
        for number, place in folders.items()
        if (path := transcript_in(place)) is not None
    )


def _turns(path: Path, number: int, labels: Mapping[str, Sequence[str]]) -> Turns:
    try:
        return read_transcript(
            path,
            session=number,
            client=labels.get("client", ()),
            therapist=labels.get("therapist", ()),
        )
    except WhoIsWhoError as error:
        problem = (
            "names its speakers; say who sits in which seat under [labels] in "
            'course.toml, as in client = ["C"].'
        )
        raise FileError(error.where, problem) from None


def transcript_in(place: Path) -> Path | None:
    """Return the transcript of a session's folder, if any; refuse several."""
    found = sorted(path for path in place.glob("transcript.*") if path.is_file())
    if len(found) > 1:
        raise FileError(str(place), "a session must have one transcript, got several.")
    return found[0] if found else None


def _number(table: Table, line: int, cell: str, numbers: Numbers) -> int:
    """Return the number of a session that the course has, however it is written."""
    number = numbers.get(cell)
    if number is None:
        number = read_session(table, line, cell)
        if str(number) not in numbers:
            raise table.error("sessions.csv does not have this session.", line)
        numbers[cell] = number
    return number


def _seat(table: Table, line: int, cell: str) -> Seat:
    seat = word(table, line, "seat", Seat, cell)
    if seat is None:
        raise table.error("seat must be client or therapist, not blank.", line)
    return seat
