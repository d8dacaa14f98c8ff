"""``duologue synchrony``: how far two people's movement went together, beside chance."""

import argparse
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from duologue.cli.arguments import from_0, number
from duologue.cli.new_file import are_new, write_new
from duologue.cli.synchrony_files import (
    define_changes,
    folders_of,
    names_of,
    read_sessions,
)
from duologue.cli.synchrony_page import page
from duologue.cli.synchrony_susy import susy_as_json, susy_words
from duologue.cli.synchrony_table import table
from duologue.cli.synchrony_told import (
    LIMITS,
    as_json,
    partners_in_words,
    profile,
    words,
)
from duologue.cli.terminal import print_json, printable, tell
from duologue.corpus.susy import susy_of
from duologue.corpus.synchrony import (
    SessionSynchrony,
    Settings,
    partners_of,
    synchrony_of,
)
from duologue.engine.synchrony.partners import AgainstPartners
from duologue.engine.synchrony.preparing import SMOOTH_S, Compat
from duologue.engine.synchrony.segments import MIN_SHUFFLES, SEGMENT_S
from duologue.engine.synchrony.shifts import MIN_SHIFTS, N_SHIFTS
from duologue.engine.synchrony.windows import LAG_S, STEP_S, WINDOW_S
from duologue.errors import FileError, ParameterError
from duologue.records.motion import Motion

MOST_SHIFTS = 100_000

_rate = number("must be a number above 0", lambda hz: hz > 0, of=from_0)

SUSY = "susy"
NOT_BY_SUSY = (
    *("step", "smooth", "moments", "partners", "segments", "profile", "html"),
    "table",
    *("leave_out", "leave_out_rest", "drop_outliers", "log", "difference"),
    *("shifts", "seed"),
)
"""SUSY neither smooths nor has steps; what else it lacks would be our own."""

EPILOG = """\
what FILE may be:
  motion-energy text   columns parted by blanks, with a header or without
  a table              .csv with a header; --time names its time stamps in seconds
  two, joined by +     client.csv+therapist.csv; of two rates, by their time stamps

Whose column is whose is always said: --client and --therapist take a column's name
or its place from 1 on. Columns joined by + are summed, as head and body: --client 1+3.

A positive lag means that the client leads. Chance is what the same two recordings
give when one is slid against the other by two windows or more, a thousand times over.
--moments takes some seconds a session; most sessions have none. --rhythm looks for
one of 2 to 20 seconds that both share, whatever the lag.

With --partners, real partners are also compared with exchanged ones: each client
with the therapists of all other pairs. files: each FILE is of another pair; folders:
sessions in one folder are of one pair. Four pairs or more, all of one rate.

examples:
  duologue synchrony session.txt --client 1 --therapist 2 --rate 25 --moments \\
      --html session.html
  duologue synchrony pulse.csv --client c --therapist t --time time_s \\
      --window 60 --step 30 --smooth 0 --signed
  duologue synchrony session.txt --client 1 --therapist 2 --rate 25 --compat rmea \\
      --segments 1000
  duologue synchrony session.txt --client 1 --therapist 2 --rate 25 --compat susy
  duologue synchrony skin.csv+pulse.csv --client eda --therapist bpm --time time_s \\
      --signed --smooth 0 --difference
  duologue synchrony pairs/*/*.txt --client 1 --therapist 2 --rate 25 \\
      --partners folders --table sessions.csv"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Say how far the movement, voice or physiology of two people went together, and\n"
        "what the same two recordings give by chance. Never whether that is good."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="a session; see below"
    )
    for seat in ("client", "therapist"):
        parser.add_argument(
            f"--{seat}",
            metavar="COLUMN",
            required=True,
            help=f"the {seat}'s column, or several joined by +",
        )
    parser.add_argument("--rate", type=_rate, metavar="HZ", help="samples a second")
    parser.add_argument("--time", metavar="COLUMN", help="time stamps in seconds")
    parser.add_argument(
        "--signed",
        action="store_true",
        help="values may be below 0 (not motion energy)",
    )
    for name, seconds, default, what in (
        ("window", WINDOW_S, WINDOW_S, "of a window"),
        ("step", STEP_S, None, "from one window to the next"),
        ("lag", LAG_S, LAG_S, "of the largest lag"),
        ("smooth", SMOOTH_S, None, "over which it is smoothed first"),
    ):
        parser.add_argument(
            f"--{name}",
            type=from_0,
            metavar="S",
            default=default,
            help=f"seconds {what} (default {seconds:g})",
        )
    parser.add_argument(
        "--compat",
        choices=[str(Compat.RMEA), SUSY],
        help="as rMEA 1.3.0 does, without chance; or as SUSY 0.1.1, a segment a window",
    )
    parser.add_argument(
        "--segments",
        type=int,
        metavar="N",
        help=f"with rmea: beside N shuffles of its segments of {SEGMENT_S:g} s",
    )
    parser.add_argument(
        "--shifts",
        type=int,
        metavar="N",
        help=f"each gives two surrogates (default {N_SHIFTS}; 0 for none)",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="for the shifts (default 0)"
    )
    parser.add_argument(
        "--moments",
        action="store_true",
        help="look for moments in which the two went together beyond chance",
    )
    parser.add_argument(
        "--rhythm",
        action="store_true",
        help="look for a rhythm of 2 to 20 s that the two share beyond chance",
    )
    parser.add_argument(
        "--partners",
        choices=["files", "folders"],
        help="compare real partners with exchanged ones; what is one pair",
    )
    define_changes(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--profile", type=Path, metavar="CSV", help="write the mean of each lag"
    )
    parser.add_argument(
        "--table", type=Path, metavar="CSV", help="write a row for each session"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with pictures"
    )


def run(chosen: argparse.Namespace) -> None:
    """Compare, and tell of each session."""
    settings = _settings(chosen)
    _check_targets(chosen)
    if chosen.compat == SUSY:
        _as_susy(chosen)
        return
    motions = read_sessions(chosen)
    found = _sessions(chosen.files, motions, settings)
    partners = _partners(chosen, motions, settings) if chosen.partners else None
    names = names_of(chosen.files)
    if chosen.profile is not None:
        write_new(profile(found[0]), chosen.profile)
    if chosen.table is not None:
        write_new(table(names, found), chosen.table)
    if chosen.html is not None:
        write_new(page(names, found, partners), chosen.html)
    if chosen.json:
        print_json(as_json(names, found, partners))
        return
    console = _printed(chosen.files, map(words, found))
    if partners is not None:
        console.print(f"All {len(found)} sessions", style="bold")
        console.print(f"{partners_in_words(partners)}\n")
    console.print(LIMITS)


def _as_susy(chosen: argparse.Namespace) -> None:
    found = []
    for path, motion in zip(chosen.files, read_sessions(chosen), strict=True):
        try:
            found.append(susy_of(motion, segment_s=chosen.window, lag_s=chosen.lag))
        except ParameterError as error:
            raise FileError(str(path), str(error)) from None
    if chosen.json:
        print_json(susy_as_json(names_of(chosen.files), found))
        return
    _printed(chosen.files, map(susy_words, found))


def _printed(paths: Sequence[Path], told: Iterable[Sequence[str]]) -> Console:
    """Print what is told of each session below its file; return where, to go on there."""
    console = Console(highlight=False, markup=False)
    for path, lines in zip(paths, told, strict=True):
        console.print(printable(str(path)), style="bold")
        for line in lines:
            console.print(line)
        console.print("")
    return console


def _check_targets(chosen: argparse.Namespace) -> None:
    if chosen.profile is not None and len(chosen.files) > 1:
        raise ParameterError("--profile goes with one FILE.")
    if not are_new((chosen.profile, chosen.table, chosen.html)):
        raise ParameterError(
            "--profile, --table and --html must each name another file."
        )


def _sessions(
    paths: list[Path], motions: list[Motion], settings: Settings
) -> list[SessionSynchrony]:
    """Compare each session, as many at once as there are processors.

    What is compiled lets others run; the results, and which file is at fault, are the same
    whatever the number.
    """
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        begun = [threads.submit(synchrony_of, motion, settings) for motion in motions]
        for n, (path, one) in enumerate(zip(paths, begun, strict=True), start=1):
            tell(n, len(motions))
            try:
                found.append(one.result())
            except ParameterError as error:
                threads.shutdown(cancel_futures=True)
                raise FileError(str(path), str(error)) from None
    return found


def _partners(
    chosen: argparse.Namespace, motions: list[Motion], settings: Settings
) -> AgainstPartners:
    folders = folders_of(chosen.files)
    pairs = folders if chosen.partners == "folders" else range(len(motions))
    try:
        return partners_of(motions, pairs, settings, tell=tell)
    except ParameterError as error:
        raise ParameterError(f"--partners: {error}") from None


def _settings(chosen: argparse.Namespace) -> Settings:
    if chosen.shifts and chosen.shifts < MIN_SHIFTS:
        raise ParameterError(f"--shifts must be 0, or {MIN_SHIFTS} or more.")
    if (chosen.shifts or 0) > MOST_SHIFTS:
        raise ParameterError(f"--shifts must be {MOST_SHIFTS:,} or less.")
    if chosen.rhythm and chosen.compat:
        raise ParameterError("--rhythm goes without --compat.")
    if chosen.rhythm and chosen.shifts == 0:
        raise ParameterError("--rhythm takes --shifts: it is told beside chance alone.")
    if (chosen.seed or 0) < 0:
        raise ParameterError("--seed must be 0 or more.")
    _check_compat(chosen)
    return Settings(
        window_s=chosen.window,
        step_s=STEP_S if chosen.step is None else chosen.step,
        lag_s=chosen.lag,
        smooth_s=SMOOTH_S if chosen.smooth is None else chosen.smooth,
        compat=Compat.RMEA if chosen.compat == Compat.RMEA else Compat.NONE,
        n_segment_shuffles=chosen.segments or 0,
        is_logged=chosen.log,
        is_differenced=chosen.difference,
        n_shifts=N_SHIFTS if chosen.shifts is None else chosen.shifts,
        seed=chosen.seed or 0,
        rhythm=chosen.rhythm,
        moments=chosen.moments,
    )


def _check_compat(chosen: argparse.Namespace) -> None:
    """Refuse what the rules that are followed do not know."""
    if chosen.compat == SUSY:
        for name in NOT_BY_SUSY:
            if getattr(chosen, name) not in {None, False}:
                said = name.replace("_", "-")
                raise ParameterError(f"--{said} goes without --compat susy.")
    for name in ("moments", "partners", "log", "difference", "shifts"):
        if getattr(chosen, name) and chosen.compat:
            raise ParameterError(f"--{name} goes without --compat.")
    if chosen.segments is None:
        if chosen.compat and chosen.seed is not None:
            raise ParameterError("--seed goes with chance: --shifts or --segments.")
        return
    if chosen.compat != Compat.RMEA:
        raise ParameterError("--segments goes with --compat rmea.")
    if not MIN_SHUFFLES <= chosen.segments <= MOST_SHIFTS:
        raise ParameterError(
            f"--segments must be from {MIN_SHUFFLES} to {MOST_SHIFTS:,}."
        )
