"""Motion energy, voice or physiology of two people, from a text file.

Two layouts are told apart by the first line. A table has a header and separators (commas,
semicolons or tabs), and may have a column of time stamps. The text of motion-energy
programs has blanks between its columns, with a header or without. Which column is whose is
always said by the caller, never guessed.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duologue.errors import FileError, ParameterError
from duologue.formats.table import table_in
from duologue.formats.textfile import read_text
from duologue.records.motion import Motion

MOST_BYTES = 100_000_000
"""Some two million rows: twenty hours at 25 Hz."""

EVEN = 0.01
"""Steps of time that differ by less than this share are taken for even."""

TIME_COLUMN = "time_s"
"""What a column of time stamps in seconds is called here."""

GAP = 1.5
"""A step longer than so many usual ones is a gap."""

LARGEST, SMALLEST = 1e70, 1e-70
"""Of larger numbers squares multiplied are none that a computer has; smaller ones are 0."""

SHORTEST_STEP = 1e-6
"""Seconds from one time stamp to the next at least, as they usually are."""

LONGEST = 10
"""Of uneven time stamps the grid may be so many times as long as there are rows."""

SEPARATORS = (";", "\t", ",")
"""The first of these in the first line parts cells; else blanks do."""

BLANKS = frozenset({"", "NA", "NaN", "nan"})
"""What stands for a missing sample."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionColumns:
    """Which columns of a file are whose.

    Attributes
    ----------
    client, therapist : tuple of str
        Names of columns, or their places from 1 on; those of one person are summed, as
        head and body.
    time_s : str or None
        The column of time stamps, in seconds.
    """

    client: tuple[str, ...]
    therapist: tuple[str, ...]
    time_s: str | None = None


def read_motion(
    path: Path,
    columns: MotionColumns,
    *,
    rate: float | None = None,
    signed: bool = False,
) -> Motion:
    """Read the two series of one session.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    columns : MotionColumns
        Whose is what.
    rate : float, optional
        Samples a second, where the file has no time stamps.
    signed : bool
        Whether values may lie below 0; motion energy never does.

    Returns
    -------
    Motion
        With a note where time stamps were uneven: then it is interpolated linearly onto
        an even grid of their usual step, and missing inside of gaps.

    Raises
    ------
    FileError
        If the file cannot be read, a column is not there, a cell is no number, a value is
        below 0 or time does not go on; with file and line, never the value.
    ParameterError
        If neither or both of rate and time stamps are given, the rate is not above 0, or
        a column is named for both people.
    """
    _check_rate(rate, columns.time_s)
    text = read_text(path, max_bytes=MOST_BYTES)
    return motion_in(text, str(path), columns, rate=rate, signed=signed)


def motion_in(
    text: str,
    where: str,
    columns: MotionColumns,
    *,
    rate: float | None = None,
    signed: bool = False,
) -> Motion:
    """Read what a file holds, as `read_motion` does; ``where`` names it in errors."""
    _check_rate(rate, columns.time_s)
    read = _Read(text, where)
    names = [*columns.client, *columns.therapist]
    read.check_apart([*names, columns.time_s] if columns.time_s is not None else names)
    if rate is not None:
        read.check_rate(rate)
    client, therapist = (
        read.summed(of, signed=signed) for of in (columns.client, columns.therapist)
    )
    if columns.time_s is not None:
        try:
            return _by_time(read.times(columns.time_s), client, therapist)
        except ParameterError as error:
            raise FileError(where, str(error)) from None
    return Motion(client=client, therapist=therapist, rate=rate or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One person's series from a file of its own.

    ``start_s`` is its first time stamp, 0 where it has none; ``notes`` are as in `Motion`.
    """

    values: Floats
    rate: float
    start_s: float
    notes: tuple[str, ...]


def read_series(
    path: Path,
    names: Sequence[str],
    *,
    rate: float | None,
    time_s: str | None,
    signed: bool,
) -> Series:
    """Read the series of one person; parameters and errors as for `read_motion`."""
    _check_rate(rate, time_s)
    read = _Read(read_text(path, max_bytes=MOST_BYTES), str(path), least=1)
    read.check_apart([*names, time_s] if time_s is not None else names)
    values = read.summed(names, signed=signed)
    if time_s is None:
        return Series(values=values, rate=rate or 0.0, start_s=0.0, notes=())
    times = read.times(time_s)
    try:
        found = _by_time(times - times[0], values, values)
    except ParameterError as error:
        raise FileError(str(path), str(error)) from None
    return Series(
        values=found.client,
        rate=found.rate,
        start_s=float(times[0]),
        notes=found.notes,
    )


def _check_rate(rate: float | None, time_s: str | None) -> None:
    if (rate is None) is (time_s is None):
        raise ParameterError("give either a rate or a column of time stamps.")
    if rate is not None and not (math.isfinite(rate) and rate > 0):
        raise ParameterError(f"rate must be above 0 Hz, got {rate:g} Hz.")


class _Read:
    """The cells of a file, and whose line each row is."""

    def __init__(self, text: str, where: str, *, least: int = 2) -> None:
        self.where = where
        self.columns, self.rows = _cells(text, where)
        if len(self.columns) < least:
            raise FileError(self.where, "must have two columns or more.")

    def check_apart(self, names: Sequence[str]) -> None:
        """Refuse a column that is given twice, by its name or by its place."""
        places = [self._place(name) for name in names]
        if len(set(places)) < len(places):
            raise ParameterError("each column must be given once, and for one thing.")

    def check_rate(self, rate: float) -> None:
        """Refuse a rate that the file's own time stamps, by their usual name, are not of."""
        if TIME_COLUMN not in self.columns or len(self.rows) < 2:
            return
        own = 1 / float(np.median(np.diff(self.times(TIME_COLUMN))))
        if abs(own - rate) > EVEN * own:
            raise FileError(
                self.where,
                f"holds a column {TIME_COLUMN} of {own:g} samples a second, and a rate of "
                f"{rate:g} was given.",
            )

    def summed(self, names: Sequence[str], *, signed: bool) -> Floats:
        """Return the sum of some columns; missing where one of them is."""
        total = np.zeros(len(self.rows))
        for name in names:
            total += self._numbers(self._place(name), signed=signed)
        return total

    def times(self, name: str) -> Floats:
        """Return time stamps, each later than the one before it."""
        found = self._numbers(self._place(name), signed=True)
        for i in np.flatnonzero(np.isnan(found)):
            raise self._error(int(i), "must have a time stamp in every row.")
        for i in np.flatnonzero(np.diff(found) <= 0):
            raise self._error(int(i) + 1, "time must go on from row to row.")
        return found

    def _place(self, name: str) -> int:
        if name in self.columns:
            return self.columns.index(name)
        if name.isascii() and name.isdigit() and 0 < int(name) <= len(self.columns):
            return int(name) - 1
        n = len(self.columns)
        raise FileError(
            self.where, f"has no column of that name; it has {n}, also called 1 to {n}."
        )

    def _numbers(self, place: int, *, signed: bool) -> Floats:
        found = np.empty(len(self.rows))
        for i, (_, cells) in enumerate(self.rows):
            cell = cells[place].strip()
            try:
                value = math.nan if cell in BLANKS else float(cell)
            except ValueError:
                raise self._error(
                    i, _problem(place, "must be a number, with a point, or blank.")
                ) from None
            if abs(value) > LARGEST:
                raise self._error(i, _problem(place, "must be at most 1e70."))
            if value < 0 and not signed:
                raise self._error(i, _problem(place, "must not lie below 0."))
            found[i] = 0.0 if abs(value) < SMALLEST else value
        return found

    def _error(self, row: int, problem: str) -> FileError:
        return FileError(self.where, problem, line=self.rows[row][0])


def _problem(place: int, words: str) -> str:
    return f"column {place + 1} {words}"


def _cells(
    text: str, where: str
) -> tuple[tuple[str, ...], list[tuple[int, Sequence[str]]]]:
    """Return the names of the columns and the rows with their lines."""
    first = text.partition("\n")[0]
    if re.search("[,;\t]", first.strip()) and not _is_numbers(
        re.split("[,;\t]", first)
    ):
        table = table_in(text, where)
        return table.columns, table.rows
    rows: list[tuple[int, Sequence[str]]] = list(_by_blanks(text))
    if not rows:
        raise FileError(where, "must hold numbers, and holds none.")
    (line, head), *rest = rows
    if _is_numbers(head):
        rest, head = rows, tuple(str(i + 1) for i in range(len(head)))
    for line, cells in rest:
        if len(cells) != len(head):
            raise FileError(
                where, f"must have {len(head)} cells, got {len(cells)}.", line=line
            )
    return tuple(head), rest


def _by_blanks(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Split each line; quotation marks are dropped, and an empty cell is a blank one."""
    by = next(
        (each for each in SEPARATORS if each in text.partition("\n")[0].strip()), None
    )
    for line, words in enumerate(text.split("\n"), start=1):
        if words.strip():
            cells = words.strip("\r\n ").split(by) if by else words.split()
            yield line, tuple(cell.strip().strip('"') for cell in cells)


def _is_numbers(cells: Sequence[str]) -> bool:
    try:
        [float(cell) for cell in cells if cell.strip() not in BLANKS]
    except ValueError:
        return False
    return True


def _by_time(times: Floats, client: Floats, therapist: Floats) -> Motion:
    """Bring series onto an even grid of the usual step of their time stamps."""
    if times.size < 2:
        raise ParameterError("a column of time stamps needs two rows or more.")
    steps = np.diff(times)
    step = float(np.median(steps))
    if step < SHORTEST_STEP:
        raise ParameterError(f"time stamps must lie {SHORTEST_STEP:g} s apart or more.")
    starts = _told_start(float(times[0]))
    # The mean step: stamps are rounded, and over an hour that adds up.
    mean = float(times[-1] - times[0]) / (times.size - 1)
    off = np.abs(times - times[0] - mean * np.arange(times.size)).max()
    if np.abs(steps - step).max() <= EVEN * step and off <= mean / 2:
        return Motion(client=client, therapist=therapist, rate=1 / mean, notes=starts)
    if (times[-1] - times[0]) / step > LONGEST * times.size:
        raise ParameterError(
            f"the time stamps leave gaps of more than {LONGEST} times what is there."
        )
    grid = times[0] + step * np.arange(int((times[-1] - times[0]) / step + 1e-9) + 1)
    after = np.clip(np.searchsorted(times, grid, side="left"), 1, times.size - 1)
    in_gap = (steps[after - 1] > GAP * step) & (
        np.abs(times[after] - grid) > EVEN * step
    )
    in_gap &= np.abs(times[after - 1] - grid) > EVEN * step
    found = [
        np.where(in_gap, np.nan, _interpolated(grid, times, series))
        for series in (client, therapist)
    ]
    n = int(in_gap.sum())
    note = (
        f"time stamps are uneven: interpolated to {1 / step:g} Hz, with {n} of "
        f"{grid.size} samples missing in gaps"
    )
    return Motion(
        client=found[0], therapist=found[1], rate=1 / step, notes=(*starts, note)
    )


def _told_start(start_s: float) -> tuple[str, ...]:
    if not start_s:
        return ()
    return (f"the first time stamp is {start_s:g} s; times here count from it",)


def _interpolated(grid: Floats, times: Floats, series: Floats) -> Floats:
    """Interpolate linearly; missing where a neighbour is."""
    found: Floats = np.interp(grid, times, series)
    return found
