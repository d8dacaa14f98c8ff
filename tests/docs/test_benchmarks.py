"""The benchmarks run, and the page that they write says what it should."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SCRIPT = PROJECT / "benchmarks" / "run.py"
PAGE = PROJECT / "docs" / "benchmarks.md"


def rows_of(page):
    """Return the cells of the table's rows."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def quick(*arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_quick_benchmarks_run_and_write_a_page(tmp_path):
    ran = quick("--write", tmp_path / "page.md")

    assert (ran.returncode, ran.stderr) == (0, "")
    rows = rows_of((tmp_path / "page.md").read_text("utf-8"))
    assert len(rows) == 6
    for row in rows:
        middle, low, high = map(float, re.findall(r"[0-9.]+", row[2]))
        assert 0 < low <= middle <= high


def test_the_committed_page_was_made_by_the_program_and_names_no_place():
    page = PAGE.read_text("utf-8")

    assert "Written by `make bench`" in page
    assert "41 rounds" in page
    assert [row[3].split(":")[0] for row in rows_of(page)][:2] == [
        "under 4",
        "under 10",
    ]
    assert "/" not in page  # no path of the machine it was made on
