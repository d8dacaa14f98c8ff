"""What was written is still there: killed by force, without power, and under Django's tests.

    python benchmarks/durability.py                             print the figures
    python benchmarks/durability.py --write docs/durability.md

The exit code is 1 where anything was lost, or where a test of Django's fails on the
encrypted database alone and nobody has said why.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]

from django_suite import SuiteFigures, compare  # noqa: E402 - after the path is set
from faults.checks import check_power_loss  # noqa: E402
from faults.killing import validate_kills  # noqa: E402
from faults.power import JOURNALED, STRICT, Harm, Report  # noqa: E402

N_KILLS, N_CUTS = 200, 300
CONTROLS = ("NORMAL", "OFF")
"""Weaker settings, under which the same test must find something lost."""


def power_reports(n_cuts: int) -> dict[str, Report]:
    """Let the power go under the settings that are used, and under weaker ones."""
    runs = {
        "FULL, as used; a file system that keeps the order of names": {
            "rules": JOURNALED
        },
        "FULL, as used; only what POSIX promises": {"rules": STRICT},
        "FULL, as used; every fifth wait for the disk fails": {"failing_sync": 5},
        **{f"{word}, a control": {"synchronous": word} for word in CONTROLS},
    }
    found = {}
    for name, settings in runs.items():
        with tempfile.TemporaryDirectory() as place:
            n = n_cuts // 10 if "control" in name else n_cuts
            found[name] = check_power_loss(Path(place), n_cuts=n, n_rows=80, **settings)
    return found


def kills_section(found: Mapping[str, object]) -> list[str]:
    """Write what became of answers when the server was killed."""
    return [
        "## Killed by force under load",
        "",
        "The real server of a made-up practice; several people write at once, over HTTP,",
        "and it is sent SIGKILL at a random moment, so many times. Then everything that it",
        "had acknowledged is looked for, and `duologue verify` checks every part.",
        "",
        "| kills | acknowledged | lost | half-written | faults found by verify |",
        "|---|---|---|---|---|",
        (
            f"| {found['n_kills']:,} | {found['n_acknowledged']:,} | {found['n_lost']:,} "
            f"| {found['n_halves']:,} | {found['n_faults']:,} |"
        ),
        "",
    ]


def power_section(found: Mapping[str, Report]) -> list[str]:
    """Write what a disk may hold after the power went, and what of it was lost."""
    rows = [
        f"| {name} | {report.n_cuts:,} | {report.n_states:,} "
        f"| {report.count()[Harm.LOST]:,} | {report.count()[Harm.BROKEN]:,} |"
        for name, report in found.items()
    ]
    return [
        "## The power goes",
        "",
        "Every write, rename and wait for the disk of a program that commits rows to an",
        "encrypted database is recorded. At random moments the record is cut, and folders",
        "are made that a disk may hold then: all that was waited for, and any part of the",
        "rest, torn at 512 bytes. In each it is looked whether every acknowledged row is",
        "there, and whether the database is sound. The weaker settings are a control: the",
        "same test must find losses there.",
        "",
        "| synchronous | cuts | folders | with a lost row | with a broken database |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "Not covered: a drive that says it has written what it has not, its firmware, bits",
        "that rot, faults of a file system. No real machine was switched off.",
        "",
    ]


def page(
    kills: Mapping[str, object], power: Mapping[str, Report], suite: SuiteFigures
) -> str:
    """Write the figures as Markdown."""
    cores = os.cpu_count() or 1
    return "\n".join(
        [
            "# What was written is still there",
            "",
            "<!-- Written by benchmarks/durability.py; do not edit by hand. -->",
            "",
            (
                f"Run on {time.strftime('%Y-%m-%d')} with {cores} cores, "
                f"{platform.system()}, Python {platform.python_version()}."
            ),
            "",
            *kills_section(kills),
            *power_section(power),
            suite.as_markdown().rstrip(),
            "",
        ]
    )


def is_lost(kills: Mapping[str, object], power: Mapping[str, Report]) -> bool:
    """Whether anything was lost, or the controls found nothing."""
    used = [report for name, report in power.items() if "control" not in name]
    controls = [report for name, report in power.items() if "control" in name]
    return (
        any(kills[name] for name in ("n_lost", "n_halves", "n_faults"))
        or any(report.found for report in used)
        or not all(report.count()[Harm.LOST] for report in controls)
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description="What is still there afterwards.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where to")
    parser.add_argument("--archive", type=Path, help="Django's source archive")
    chosen = parser.parse_args(arguments)
    kills, power = validate_kills(N_KILLS), power_reports(N_CUTS)
    suite = compare(chosen.archive)
    text = page(kills, power, suite)
    if chosen.write is None:
        print(text)
    else:
        chosen.write.write_text(text, encoding="utf-8", newline="\n")
    lost = is_lost(kills, power) or bool(suite.unexplained())
    if lost:
        print("Something was lost, or is not explained.", file=sys.stderr)
    return int(lost)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
