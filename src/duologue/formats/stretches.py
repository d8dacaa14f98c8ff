"""Stretches of a session that are left out: a table of seconds, from and up to."""

from pathlib import Path

from duologue.formats.table import read_number, read_table


def read_stretches(path: Path) -> tuple[tuple[float, float], ...]:
    """Read a table with the columns ``start`` and ``end``, in seconds.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file; its stretches may overlap, in any order.

    Raises
    ------
    FileError
        If it cannot be read, a cell is no number, or a stretch does not end after it
        starts, at 0 or later; with the line, never the cell.
    """
    table = read_table(path, required=("start", "end"))
    found = []
    for line, cells in table.rows:
        start, end = (read_number(cell) for cell in cells)
        if start is None or end is None:
            raise table.error("start and end must be seconds, with a point.", line)
        if not 0 <= start < end:
            raise table.error(
                "end must lie after start, and start at 0 or later.", line
            )
        found.append((start, end))
    if not found:
        raise table.error("must hold a stretch or more.")
    return tuple(found)
