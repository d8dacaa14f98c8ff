"""Speed as ratios, each measured against something plain in the same run.

    python benchmarks/run.py                            print the figures
    python benchmarks/run.py --write docs/benchmarks.md
    python benchmarks/run.py --quick                    a few rounds and a small store,
                                                        to see that it runs

What is compared takes turns, round by round, so that a machine that slows down slows
both; a ratio is taken within each round, and the median of the rounds is given with the
smallest and the largest. Milliseconds are of this machine; ratios travel better.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median

SRC = Path(__file__).resolve().parents[1] / "src"
sys.path.insert(0, str(SRC))

from app import AppFigures, measure_app  # noqa: E402 - after the path is set
from change import measure_change  # noqa: E402
from duologue import instruments, relationship  # noqa: E402 - after the path is set
from duologue.faces.as_html import one_reading  # noqa: E402
from duologue.faces.as_json import to_json  # noqa: E402
from duologue.faces.as_text import to_text  # noqa: E402
from duologue.formats.course_folder import read_course, write_course  # noqa: E402
from duologue.records import Course, Kind  # noqa: E402
from duologue.sharing import seen_by  # noqa: E402
from duologue.simulate import course  # noqa: E402
from duologue.simulate.scenario import Scenario  # noqa: E402
from dyad_speed import measure_dyad  # noqa: E402
from motion_energy import measure_video  # noqa: E402
from recurrence import measure_recurrence  # noqa: E402
from sealed import compare_sealed  # noqa: E402
from speed_tables import Figures  # noqa: E402
from synchrony import measure_synchrony  # noqa: E402
from turns import Comparison, take_turns  # noqa: E402
from words import measure_words  # noqa: E402

N_SESSIONS = 40
SEED = 7
ROUNDS, QUICK_ROUNDS, DYAD_ROUNDS, CHANGE_ROUNDS = 41, 2, 11, 11
SYNCHRONY_ROUNDS = 11
RECURRENCE_ROUNDS = 5
WORDS_ROUNDS = 11
N_CALLS = 3
PAIR = Scenario(
    name="benchmark",
    title="forty sessions with one hard moment",
    initial="Z",
    n_sessions=N_SESSIONS,
    first_day=date(2026, 1, 5),
    shocks={13: (-3.0, -1.5)},
    willing=(1.0, 1.0),
    unsaid_shared_from=1,
    talk=True,
)


def compare_processes(*, rounds: int) -> list[Comparison]:
    """Time ``duologue --help`` against an interpreter that does nothing."""
    env = {**os.environ, "PYTHONPATH": str(SRC)}

    def process(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            env=env,
        )

    times = take_turns(
        {
            "plain": lambda: process("-c", "pass"),
            "help": lambda: process("-m", "duologue", "--help"),
        },
        rounds=rounds,
        clock=time.perf_counter,
    )
    return [
        Comparison(
            name="`duologue --help`, a process",
            against="`python -c pass`",
            times_ms=times["help"],
            base_ms=times["plain"],
            goal=4,
        )
    ]


def read_tables(folder: Path) -> list[list[list[str]]]:
    """Read every table of a course into lists, as plainly as Python can."""
    tables = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file)))
    return tables


def read_whole(folder: Path) -> relationship.Reading:
    """Read a folder as far as the client may see it."""
    found = read_course(folder, instruments.prompts)
    return relationship.read(seen_by(found, found.dyad.client))


def compare_reading(folder: Path, *, rounds: int, n_calls: int) -> list[Comparison]:
    """Time the reading of a course folder against its tables read into lists."""
    times = take_turns(
        {
            "plain": lambda: read_tables(folder),
            "course": lambda: read_course(folder, instruments.prompts),
            "whole": lambda: read_whole(folder),
        },
        rounds=rounds,
        n_calls=n_calls,
    )
    against = "its tables into lists, with `csv`"
    return [
        Comparison(
            name=f"a course of {N_SESSIONS} sessions, read and checked",
            against=against,
            times_ms=times["course"],
            base_ms=times["plain"],
            goal=10,
        ),
        Comparison(
            name="the whole reading: the course, what the client may see, the findings",
            against=against,
            times_ms=times["whole"],
            base_ms=times["plain"],
        ),
    ]


def compare_faces(made: Course, *, rounds: int, n_calls: int) -> list[Comparison]:
    """Time each face against the reading that it shows."""
    seen = seen_by(made, made.dyad.client)
    reading = relationship.read(seen)
    times = take_turns(
        {
            "findings": lambda: relationship.read(seen),
            "JSON": lambda: to_json(reading),
            "page": lambda: one_reading(reading),
            "text": lambda: to_text(reading),
        },
        rounds=rounds,
        n_calls=n_calls,
    )
    base = times.pop("findings")
    return [
        Comparison(
            name=f"the {name} of a reading",
            against="its findings",
            times_ms=found,
            base_ms=base,
        )
        for name, found in times.items()
    ]


def compare_all(*, rounds: int, quick: bool) -> list[Comparison]:
    """Make every comparison."""
    n_calls = 1 if quick else N_CALLS
    made = course(PAIR, instruments.prompts(Kind.THERAPY), seed=SEED)
    with tempfile.TemporaryDirectory() as near:
        folder = Path(near) / "course"
        write_course(made, folder)
        return [
            *compare_processes(rounds=rounds),
            *compare_reading(folder, rounds=rounds, n_calls=n_calls),
            *compare_faces(made, rounds=rounds, n_calls=n_calls),
        ]


def spread(values: Sequence[float]) -> str:
    """Write a median with the smallest and the largest."""
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def verdict(comparison: Comparison) -> str:
    """Say whether the goal is met."""
    if comparison.goal is None:
        return "none"
    met = median(comparison.ratios) < comparison.goal
    return f"under {comparison.goal:g}: {'met' if met else 'NOT MET'}"


def page(
    comparisons: Sequence[Comparison],
    app: AppFigures,
    *more: Figures,
    rounds: int,
) -> str:
    """Write the figures as Markdown."""
    cores = os.cpu_count() or 1
    machine = (
        f"{cores} core{'s' * (cores > 1)}, {platform.system()} on {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )
    rows = [
        f"| {c.name} | {c.against} | {spread(c.ratios)} | {verdict(c)} "
        f"| {median(c.times_ms):.1f} | {median(c.base_ms):.1f} |"
        for c in (*comparisons, *app.comparisons())
    ]
    return "\n".join(
        [
            "# How fast it is",
            "",
            "Written by `make bench`; do not edit by hand.",
            "",
            f"{time.strftime('%Y-%m-%d')}, on {machine}; {rounds} rounds.",
            "",
            "Each figure is a ratio to something plain, measured in the same run and in",
            "turns, round by round: the median of the rounds, and in brackets the",
            "smallest and the largest. Milliseconds are medians, and of this machine: by",
            "the clock for processes and for what waits for the disk, of the processor",
            "for the rest.",
            "",
            "| What | Against | Ratio | Goal | ms | ms, against |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            f"The course is made up (`{PAIR.title}`, seed {SEED}); nothing real is timed.",
            "The first call of each task is not counted: it loads and caches.",
            "",
            app.as_markdown(),
            *(each.as_markdown() for each in more),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description="Speed as ratios, in one run.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where to")
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, a small store"
    )
    chosen = parser.parse_args(arguments)
    rounds = QUICK_ROUNDS if chosen.quick else ROUNDS
    app = measure_app(rounds=rounds, quick=chosen.quick)
    compared = [
        *compare_all(rounds=rounds, quick=chosen.quick),
        *compare_sealed(rounds=rounds, quick=chosen.quick),
    ]
    quick = chosen.quick
    more = (
        measure_dyad(rounds=min(rounds, DYAD_ROUNDS), quick=quick),
        measure_change(rounds=min(rounds, CHANGE_ROUNDS), quick=quick),
        measure_synchrony(rounds=min(rounds, SYNCHRONY_ROUNDS), quick=quick),
        measure_recurrence(rounds=min(rounds, RECURRENCE_ROUNDS), quick=quick),
        measure_video(rounds=min(rounds, CHANGE_ROUNDS), quick=quick),
        measure_words(rounds=min(rounds, WORDS_ROUNDS), quick=quick),
    )
    text = page(compared, app, *more, rounds=rounds)
    if chosen.write is None:
        print(text)
    else:
        chosen.write.write_text(text, encoding="utf-8", newline="\n")
        print(f"Written: {chosen.write}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
