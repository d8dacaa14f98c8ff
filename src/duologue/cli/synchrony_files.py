"""What ``duologue synchrony`` reads, and what it is asked to do to it first."""

import argparse
from pathlib import Path

from duologue.cli.arguments import from_0, number
from duologue.corpus.motions import Changes, changed
from duologue.errors import FileError, ParameterError
from duologue.formats.motion import MotionColumns, read_motion
from duologue.formats.motion_apart import read_apart
from duologue.formats.stretches import read_stretches
from duologue.records.motion import Motion

_offset = number("must be a number of seconds")


def define_changes(parser: argparse.ArgumentParser) -> None:
    """Give the parser what may be done to a session before it is compared."""
    group = parser.add_argument_group("before the two are compared; each is told")
    group.add_argument(
        "--offset",
        type=_offset,
        metavar="S",
        default=0.0,
        help="the therapist's recording started S seconds later (below 0: the client's)",
    )
    group.add_argument(
        "--find-offset",
        type=from_0,
        metavar="S",
        default=0.0,
        help="estimate that, looking S seconds to either side; nothing is moved for it",
    )
    group.add_argument(
        "--leave-out",
        type=Path,
        metavar="CSV",
        help="stretches to leave out: columns start and end, in seconds",
    )
    group.add_argument(
        "--leave-out-rest",
        type=from_0,
        metavar="S",
        default=0.0,
        help="leave out where both are 0, each for S seconds or longer",
    )
    group.add_argument(
        "--drop-outliers",
        action="store_true",
        help="leave out samples above 10 standard deviations of both together",
    )
    group.add_argument(
        "--log", action="store_true", help="log(1 + x) of what is smoothed"
    )
    group.add_argument(
        "--difference",
        action="store_true",
        help="from sample to sample, at last: against slow drift",
    )


def read_sessions(chosen: argparse.Namespace) -> list[Motion]:
    """Read each session, from one file or two, and change it as asked."""
    if chosen.leave_out is not None and len(chosen.files) > 1:
        raise ParameterError("--leave-out goes with one FILE.")
    columns = MotionColumns(
        client=tuple(chosen.client.split("+")),
        therapist=tuple(chosen.therapist.split("+")),
        time_s=chosen.time,
    )
    if chosen.leave_out_rest and chosen.signed:
        raise ParameterError(
            "--leave-out-rest goes without --signed: rest is a run of exact zeros."
        )
    changes = Changes(
        offset_s=chosen.offset,
        look_for_offset_s=chosen.find_offset,
        stretches=read_stretches(chosen.leave_out) if chosen.leave_out else (),
        rest_s=chosen.leave_out_rest,
        drops_outliers=chosen.drop_outliers,
    )
    found = []
    for path in chosen.files:
        motion = _read(path, columns, rate=chosen.rate, signed=chosen.signed)
        try:
            found.append(changed(motion, changes))
        except ParameterError as error:
            raise FileError(str(path), str(error)) from None
    return found


def _read(
    path: Path, columns: MotionColumns, *, rate: float | None, signed: bool
) -> Motion:
    parts = files_of(path)
    if len(parts) == 1:
        return read_motion(path, columns, rate=rate, signed=signed)
    return read_apart(*parts, columns, rate=rate, signed=signed)


def files_of(path: Path) -> tuple[Path] | tuple[Path, Path]:
    """Return the file of a session, or the client's and the therapist's.

    A name with a + is two files, unless there is one that is called so.
    """
    first, plus, second = str(path).partition("+")
    if not plus or path.exists():
        return (path,)
    return Path(first), Path(second)


def names_of(paths: list[Path]) -> list[str]:
    """Return the files' names, or where two are called alike their paths as given."""
    names = ["+".join(part.name for part in files_of(path)) for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def folders_of(paths: list[Path]) -> list[Path]:
    """Return the folder that each session lies in: of two files the first's."""
    return [files_of(path)[0].resolve().parent for path in paths]
