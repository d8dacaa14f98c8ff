"""A table with a row a segment: speaker, start, end and text, and our own.

Every cell is text: "n/a" is something that a person may say. Our own table, which
`write_transcript` makes, has exactly the columns ``seat,start,end,text``.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from duologue.errors import FileError, ParameterError, RecordError
from duologue.formats.transcripts.clock import seconds, step
from duologue.formats.transcripts.cues import (
    Cue,
    Script,
    keep_spoken,
    order_notes,
    spoken,
)
from duologue.formats.transcripts.labels import key
from duologue.records.seat import Seat
from duologue.records.turns import Segment, Turns

_OWN = ["seat", "start", "end", "text"]
_NAMES = {
    "speaker": ("seat", "speaker", "interlocutor"),
    "start": ("start", "start_s", "timestamp"),
    "end": ("end", "end_s"),
    "text": ("text", "utterance_text"),
    "transcript": ("transcript_id",),
}
ROLES = tuple(_NAMES)
"""What a column may be, for whoever calls it otherwise."""

_SEPARATORS = ",;\t"
_SEAT_WORDS = {seat.value: seat for seat in Seat}

Row = tuple[int, list[str]]
"""The cells of a row, with the line on which it ends."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: its separator, its header, and who stands where."""

    separator: str
    header: list[str]
    places: Mapping[str, int]


def find_layout(
    text: str, where: str, columns: Mapping[str, str] | None = None
) -> Layout | None:
    """Find the separator and the columns, or ``None`` where this is no such table.

    Raises
    ------
    ParameterError
        If ``columns`` names a role that is none.
    FileError
        If two columns have one name, or a column that ``columns`` names is missing.
    """
    wanted = _wanted(columns or {})
    for separator in _SEPARATORS:
        header = _header(text, separator)
        found = {
            role: [i for i, name in enumerate(header) if name == wish]
            for role, wishes in wanted.items()
            for wish in reversed(wishes)
            if wish in header
        }
        if "text" in found and "speaker" in found:
            _check_columns(found, columns or {}, where)
            places = {role: place[0] for role, place in found.items()}
            return Layout(separator, header, places)
    if columns:
        raise FileError(where, "has no columns with the names that were given.", line=1)
    return None


def _wanted(columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    unknown = set(columns) - set(_NAMES)
    if unknown:
        raise ParameterError(f"columns may be given for {', '.join(_NAMES)}.")
    return _NAMES | {role: (_name(column),) for role, column in columns.items()}


def _name(cell: str) -> str:
    return " ".join(cell.casefold().split())


def _header(text: str, separator: str) -> list[str]:
    line = text[: text.find("\n")] if "\n" in text else text
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return []
    return [_name(cell) for cell in cells]


def _check_columns(
    found: Mapping[str, list[int]], columns: Mapping[str, str], where: str
) -> None:
    if any(len(places) > 1 for places in found.values()):
        raise FileError(where, "must not have two columns of one name.", line=1)
    if set(columns) - set(found):
        raise FileError(where, "lacks one of the columns that were named.", line=1)


def parse(text: str, where: str, layout: Layout, transcript_id: str | None) -> Script:
    """Read a table whose layout has been found."""
    rows = _chosen(list(_rows(text, where, layout)), where, layout, transcript_id)
    return _script(rows, where, layout)


def parse_each(text: str, where: str, layout: Layout) -> dict[str, Script]:
    """Read every transcript of a table, by its id, in the order in which they begin.

    Of a table that tells no transcripts apart the id is blank.
    """
    place = layout.places.get("transcript")
    rows: dict[str, list[Row]] = {}
    for row in _rows(text, where, layout):
        rows.setdefault("" if place is None else row[1][place].strip(), []).append(row)
    return {which: _script(each, where, layout) for which, each in rows.items()}


def _script(rows: list[Row], where: str, layout: Layout) -> Script:
    found = [_cue(row, where, layout) for row in rows]
    by_seat = layout.header == _OWN and all(
        cue.label is None or key(cue.label) in _SEAT_WORDS for cue in found
    )
    cues, dropped = keep_spoken(found, silent=by_seat)
    steps = [
        step(cell)
        for _, cells in rows
        for cell in (_cell(cells, layout, "start"), _cell(cells, layout, "end"))
        if cell
    ]
    return Script(
        cues=cues,
        resolution_s=min(steps, default=None),
        notes=(*dropped, *order_notes(cues)),
        roles=_SEAT_WORDS if by_seat else {},
        by_seat=by_seat,
    )


def _rows(text: str, where: str, layout: Layout) -> Iterator[Row]:
    """Yield the rows under the header; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text), delimiter=layout.separator, strict=True)
    width = len(layout.header)
    try:
        next(reader)
        for cells in reader:
            if cells and len(cells) != width:
                problem = f"a row must have {width} cells, like the header."
                raise FileError(where, problem, line=reader.line_num)
            if cells:
                yield reader.line_num, cells
    except csv.Error:
        problem = (
            "is not a well-formed table: a quote is left open, or a cell too long."
        )
        raise FileError(where, problem, line=reader.line_num) from None


def _chosen(
    rows: list[Row], where: str, layout: Layout, transcript_id: str | None
) -> list[Row]:
    """Keep the rows of one transcript; which one is asked, never assumed."""
    place = layout.places.get("transcript")
    if place is None:
        if transcript_id is not None:
            raise FileError(where, "has no column that tells transcripts apart.")
        return rows
    ids = {cells[place].strip() for _, cells in rows}
    if transcript_id is None and len(ids) > 1:
        problem = f"holds {len(ids)} transcripts; say which one with --transcript ID."
        raise FileError(where, problem)
    if transcript_id is None:
        return rows
    if transcript_id.strip() not in ids:
        problem = f"holds {len(ids)} transcripts, and none with the id that was given."
        raise FileError(where, problem)
    return [row for row in rows if row[1][place].strip() == transcript_id.strip()]


def _cell(cells: list[str], layout: Layout, role: str) -> str:
    place = layout.places.get(role)
    return "" if place is None else cells[place].strip()


def _cue(row: Row, where: str, layout: Layout) -> Cue:
    line, cells = row
    times: list[float | None] = []
    for role in ("start", "end"):
        cell = _cell(cells, layout, role)
        times.append(seconds(cell) if cell else None)
        if cell and times[-1] is None:
            problem = f"the {role} must be in seconds or look like 00:01:20."
            raise FileError(where, problem, line=line)
    start_s, end_s = times
    if start_s is not None and end_s is not None and end_s < start_s:
        raise FileError(where, "a row must not end before it starts.", line=line)
    label = _cell(cells, layout, "speaker") or None
    return Cue(label, start_s, end_s, _cell(cells, layout, "text"))


def write_transcript(turns: Turns) -> str:
    """Write the table ``seat,start,end,text`` from which the same segments are read.

    Parameters
    ----------
    turns : Turns
        Times in seconds. A blank seat, start or end stays blank. The session's number,
        the resolution and the notes are not written.

    Returns
    -------
    str
        CSV with a header. Reading it back gives equal segments, to the last bit.

    Raises
    ------
    RecordError
        If a text still holds bracketed notes or line breaks, which reading would take
        out, or a time is negative or not a number.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_OWN)
    for segment in turns.segments:
        writer.writerow(_written(segment))
    return stream.getvalue()


def _written(segment: Segment) -> list[str]:
    if segment.text and spoken(segment.text) != segment.text:
        raise RecordError("the text of a segment must be clean to be written.")
    times = [
        "" if time is None else repr(float(time))
        for time in (segment.start_s, segment.end_s)
    ]
    if any(time and seconds(time) is None for time in times):
        raise RecordError("the times of a segment must be numbers from 0 upwards.")
    seat = "" if segment.seat is None else segment.seat.value
    return [seat, *times, segment.text]
