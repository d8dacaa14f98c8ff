"""Tables: strict CSV with a header.

A table is separated by commas, semicolons or tabs, whichever its header has most of.
Its rows keep the number of the line on which they begin. No message quotes a cell.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.textfile import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of one CSV file.

    Attributes
    ----------
    where : str
        The file's name as the caller gave it.
    columns : tuple of str
        What stands in each place of a row.
    rows : list of (int, sequence of str)
        Line on which the row begins, counted from 1, and its cells as they came.
    """

    where: str
    columns: tuple[str, ...]
    rows: list[tuple[int, Sequence[str]]]

    def error(self, problem: str, line: int | None = None) -> FileError:
        """Return, not raise, an error about this file."""
        return FileError(self.where, problem, line=line)


def read_any_table(path: Path) -> Table:
    """Read a CSV file whatever its columns are called.

    Rows without any content are passed over. The names of the columns are stripped of
    the spaces round them; cells are not.

    Parameters
    ----------
    path : pathlib.Path
        A text file with a header.

    Returns
    -------
    Table
        Its columns and rows in the order of the file.

    Raises
    ------
    FileError
        If the file cannot be read as text, a column has no name or the name of
        another, a row has more or fewer cells than the header, or the quotation marks
        of a row do not match.
    """
    return table_in(read_text(path), str(path))


def table_in(text: str, where: str) -> Table:
    """Read what a CSV file holds, as `read_any_table` does; ``where`` names it in errors."""
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, Sequence[str]]] = []
    line = 1
    try:
        header = tuple(name.strip() for name in next(reader, ()))
        line += reader.line_num - 1
        _check_header(where, header)
        width = len(header)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == width and any(cells):
                rows.append((line, cells))
            elif any(cells):
                raise FileError(where, _cells_problem(width, len(cells)), line=line)
            line = reader.line_num + 1
    except csv.Error:
        problem = "quotation marks do not match here, or a cell is too long."
        raise FileError(where, problem, line=line) from None
    return Table(where=where, columns=header, rows=rows)


def read_table(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = ()
) -> Table:
    """Read a CSV file whose columns are known.

    Parameters
    ----------
    path : pathlib.Path
        A text file with a header. Its columns may stand in any order.
    required, optional : sequence of str
        The columns that the file must have, and those that it may have.

    Returns
    -------
    Table
        Every row holds the required cells and then the optional ones, in the order
        given here; a column that the file lacks is blank.

    Raises
    ------
    FileError
        As `read_any_table`, and if a required column is missing or a column is
        neither required nor optional.
    """
    table = read_any_table(path)
    wanted = (*required, *optional)
    for place, name in enumerate(table.columns, start=1):
        if name not in wanted:
            problem = f"unknown column: column {place} is not one of {listed(wanted)}."
            raise table.error(problem, 1)
    for name in required:
        if name not in table.columns:
            raise table.error(f"the column {name} is missing.", 1)
    return Table(where=table.where, columns=wanted, rows=_ordered(table, wanted))


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _check_header(where: str, header: Sequence[str]) -> None:
    seen: set[str] = set()
    for place, name in enumerate(header, start=1):
        if not name:
            raise FileError(where, f"column {place} has no name.", line=1)
        if name in seen:
            problem = f"column {place} has the same name as another column."
            raise FileError(where, problem, line=1)
        seen.add(name)
    if not header:
        raise FileError(where, "the first line must name the columns.", line=1)


def _cells_problem(width: int, came: int) -> str:
    return f"a row has {width} cells, as the header has, got {came}."


def _ordered(table: Table, wanted: tuple[str, ...]) -> list[tuple[int, Sequence[str]]]:
    if table.columns == wanted:
        return table.rows
    blank = len(table.columns)
    places = [
        table.columns.index(name) if name in table.columns else blank for name in wanted
    ]
    return [
        (line, [cells[place] if place < blank else "" for place in places])
        for line, cells in table.rows
    ]


def listed(names: Iterable[str]) -> str:
    """Join names for a message: ``a, b, c``."""
    return ", ".join(names)


def read_whole(cell: str) -> int | None:
    """Read a whole number of 0 or more; ``None`` where the cell holds none."""
    if cell.isascii() and cell.isdigit() and len(cell) <= 18:
        return int(cell)
    return None


def read_session(table: Table, line: int, cell: str) -> int:
    """Read the number of a session, or raise `FileError` for this line."""
    number = read_whole(cell)
    if number is None:
        raise table.error("session must be a whole number of 0 or more.", line)
    return number


def read_number(cell: str) -> float | None:
    """Read a finite number with a decimal point; ``None`` where the cell holds none."""
    try:
        number = float(cell)
    except ValueError:
        return None
    plain = math.isfinite(number) and cell.isascii() and "_" not in cell
    return number if plain else None


def write_number(number: float) -> str:
    """Write a number so that reading gives exactly the same one; 50.0 as ``50``."""
    return repr(float(number)).removesuffix(".0")
