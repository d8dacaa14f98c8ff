"""What the pages of measured figures have in common: how they are asked for and written."""

import argparse
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

Size = TypeVar("Size")
Built = tuple[str, int]
"""A page, and 1 where something does not hold."""


def written(
    arguments: Sequence[str],
    build: Callable[[Size, str], Built],
    *,
    full: Size,
    quick: Size,
    description: str,
) -> int:
    """Run a command line: print the page or write it, and return its exit code."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--date", default=time.strftime("%Y-%m-%d"), help="the day of the run"
    )
    chosen = parser.parse_args(arguments)
    page, code = build(quick if chosen.quick else full, chosen.date)
    if chosen.write is None:
        print(page)
    else:
        chosen.write.write_text(page, encoding="utf-8")
    return code


def page(
    title: str,
    script: str,
    *,
    run: str,
    sections: Iterable[Sequence[str]],
    wrong: Sequence[str],
    made_up: str = "answers",
) -> Built:
    """Put a page together, with what does not hold at its end."""
    missed = ["", "## What does not hold", "", *(f"- {words}" for words in wrong)]
    lines = [
        f"# {title}",
        "",
        f"<!-- Written by benchmarks/{script}.py; do not edit by hand. -->",
        "",
        f"Run on {run} All {made_up} are made up.",
        *(line for section in sections for line in section),
        *(missed if wrong else []),
    ]
    return "\n".join(lines) + "\n", int(bool(wrong))


def machine() -> str:
    """Name what the figures were made with."""
    return f"Python {platform.python_version()}, numpy {np.__version__}"


def section(title: str, said: str, columns: str, rows: Sequence[str]) -> list[str]:
    """Write a title, what is measured, and its table."""
    rule = "|" + "---|" * (columns.count("|") - 1)
    return ["", f"## {title}", "", said, "", columns, rule, *rows]


def outside(
    rates: Sequence[tuple[str, float, int]], *, most: float, least: float
) -> list[str]:
    """Name rates beyond their bounds by more than three standard errors.

    Parameters
    ----------
    rates : sequence of (str, float, int)
        What was measured, its share, and of how many. What begins with "claim" is to be
        seen ``most`` so often, an interval is to hold ``least`` so often.
    most, least : float in (0, 1)
        The bounds.

    Returns
    -------
    list of str
    """
    out = []
    for where, rate, n in rates:
        claim = where.startswith("claim")
        edge = most if claim else least
        slack = 3 * np.sqrt(edge * (1 - edge) / n)
        if rate > edge + slack if claim else rate < edge - slack:
            out.append(f"{where}: {rate:.3f}")
    return out
