"""The recordings of a session: motion, voice or physiology, and what says how to read them.

``session-007/motion.csv`` with the columns ``time_s``, ``client`` and ``therapist`` needs
nothing beside it. Any other layout is stated in ``session-007/motion.toml``.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from duologue.errors import FileError, ParameterError
from duologue.formats.course_folder.settings import (
    check_keys,
    is_number,
    parse_toml,
    string,
)
from duologue.formats.motion import MotionColumns, read_motion
from duologue.formats.table import write_number
from duologue.records import Modality, Motion, Recorded

KEYS = ("client", "therapist", "time", "rate")
PLAIN = MotionColumns(client=("client",), therapist=("therapist",), time_s="time_s")
"""How a file is read that has nothing beside it."""

MOST_RATE = 1e9
SUFFIXES = (".csv", ".txt")


def read_recordings(folders: Mapping[int, Path]) -> tuple[Recorded, ...]:
    """Read the recordings of each session folder that has any."""
    return tuple(
        Recorded(session=number, modality=modality, motion=_motion(path))
        for number, place in folders.items()
        for modality in Modality
        if (path := _recording_in(place, modality)) is not None
    )


def recording_files(recorded: Recorded) -> dict[str, str]:
    """Return the names and the texts of the files that hold one recording.

    Raises
    ------
    FileError
        Never; numbers are written so that reading gives exactly the same ones.
    """
    motion, text = recorded.motion, io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["client", "therapist"])
    writer.writerows(
        [_cell(one), _cell(other)]
        for one, other in zip(
            motion.client.tolist(), motion.therapist.tolist(), strict=True
        )
    )
    stated = (
        f'client = "client"\ntherapist = "therapist"\nrate = {float(motion.rate)!r}\n'
    )
    name = recorded.modality.value
    return {f"{name}.csv": text.getvalue(), f"{name}.toml": stated}


def _cell(value: float) -> str:
    # A row of two blanks would be passed over; NA is a blank as well.
    return "NA" if value != value else write_number(value)  # noqa: PLR0124 - a blank


def _recording_in(place: Path, modality: Modality) -> Path | None:
    paths = [place / f"{modality.value}{suffix}" for suffix in SUFFIXES]
    found = [path for path in paths if path.is_file()]
    if len(found) > 1:
        problem = f"a session must have one {modality.value} file, got several."
        raise FileError(str(place), problem)
    return found[0] if found else None


def _motion(path: Path) -> Motion:
    stated = path.with_suffix(".toml")
    columns, rate = _stated(stated) if stated.is_file() else (PLAIN, None)
    try:
        return read_motion(
            path, columns, rate=rate, signed=path.stem != Modality.MOTION
        )
    except FileError as error:
        if stated.is_file() or not error.problem.startswith("has no column"):
            raise
        problem = (
            "must have the columns time_s, client and therapist, or a file "
            f"{stated.name} beside it that says which column is what."
        )
        raise FileError(error.where, problem) from None
    except ParameterError as error:
        where = stated if stated.is_file() else path
        raise FileError(str(where), str(error)) from None


def _stated(path: Path) -> tuple[MotionColumns, float | None]:
    """Read which column is whose, and the rate or the column of time stamps."""
    where, top = str(path), parse_toml(path)
    check_keys(where, top, KEYS, "at the top")
    client, therapist = (string(where, top, seat) for seat in ("client", "therapist"))
    if client is None or therapist is None:
        raise FileError(where, "needs client and therapist, each with its column.")
    rate = top.get("rate")
    if rate is not None and not (is_number(rate) and abs(rate) < MOST_RATE):
        raise FileError(where, "rate must be a number of samples a second.")
    columns = MotionColumns(
        client=tuple(client.split("+")),
        therapist=tuple(therapist.split("+")),
        time_s=string(where, top, "time"),
    )
    return columns, None if rate is None else float(rate)
