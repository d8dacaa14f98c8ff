"""The benchmarks run, and the page that they write says what it should."""

import re
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SCRIPT = PROJECT / "benchmarks" / "run.py"
PAGE = PROJECT / "docs" / "benchmarks.md"


def rows_of(page, first):
    """Return the cells of the rows of the table whose first column has this head."""
    lines = page.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def quick(*arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_the_quick_benchmarks_run_and_write_a_page(tmp_path):
    ran = quick("--write", tmp_path / "page.md")

    assert (ran.returncode, ran.stderr) == (0, "")
    page = (tmp_path / "page.md").read_text("utf-8")
    rows = rows_of(page, "What")
    assert len(rows) == 12
    for row in rows:
        middle, low, high = map(float, re.findall(r"[0-9.]+", row[2]))
        assert 0 < low <= middle <= high
    assert "3 practices, 18 pairs, 90 sessions" in page
    assert_as_many_queries_in_a_tiny_store(page)
    assert_the_dyad_model_is_timed(page)
    assert_change_is_timed(page)
    assert_moving_in_step_is_timed(page)
    assert_recurrence_is_timed(page)
    assert_motion_energy_is_timed(page)
    assert_following_words_is_timed(page)


def assert_moving_in_step_is_timed(page):
    rows = rows_of(page, "Of moving in step")
    assert len(rows) == 8
    for row in rows:
        middle, low, high = map(float, re.findall(r"[0-9.]+(?:e-\d+)?", row[2]))
        assert 0 < low <= middle <= high
    once = {row[0]: row[1:] for row in rows_of(page, "Of many")}
    for name in (
        "400 segment shuffles",
        "400 shifted surrogates, and all p",
        "averages of 18 minutes",
        "averages with lags up to 10 s",
        "all 15 pairs of 3 sessions, 2 threads",
        "rMEA, a session's matrix",
    ):
        assert name in once


def assert_motion_energy_is_timed(page):
    rows = rows_of(page, "Of motion energy")
    assert [row[0].rpartition(" of ")[2] for row in rows] == [
        "160 by 120",
        "320 by 240",
    ]
    for row in rows:
        assert row[1].startswith("decoding alone (")
        middle, low, high = map(float, re.findall(r"[0-9.]+(?:e-\d+)?", row[2]))
        assert 0 < low <= middle <= high


def assert_following_words_is_timed(page):
    rows = rows_of(page, "Of words")
    assert rows[0][1] == "the definitions as a plain loop"
    assert rows[-1][1] == "1,000 shuffles, one direction"
    for row in rows:
        middle, low, high = map(float, re.findall(r"[0-9.]+(?:e-\d+)?", row[2]))
        assert 0 < low <= middle <= high
    grown = [row[0] for row in rows_of(page, "As talk grows")]
    assert sum(name.startswith("all expressions of") for name in grown) == 3
    assert sum(name.startswith("each turn as it came") for name in grown) == 3
    assert sum(name.startswith("excess in words and style") for name in grown) == 2


def assert_the_dyad_model_is_timed(page):
    compared = rows_of(page, "Of the dyad model")
    assert compared
    for row in compared:
        middle, low, high = map(float, re.findall(r"[0-9.]+(?:e-\d+)?", row[2]))
        assert 0 < low <= middle <= high
    once = {row[0]: row[1:] for row in rows_of(page, "Once")}
    assert any(name.startswith("one pair read anew") for name in once)
    assert any(name.startswith("lme4") for name in once)
    assert sum("pairs read against" in name for name in once) >= 2


def assert_change_is_timed(page):
    rows = rows_of(page, "Of change")
    assert [row[1] for row in rows] == [
        "the same functions, course by course",
        "a plain loop in Python's own numbers",
    ]
    for row in rows:
        middle, low, high = map(float, re.findall(r"[0-9.]+(?:e-\d+)?", row[2]))
        assert 0 < low <= middle <= high
    grown = [row[0] for row in rows_of(page, "As courses grow")]
    assert [name.rpartition(", ")[2] for name in grown] == [
        "100 courses",
        "300 courses",
    ] * 2


def assert_recurrence_is_timed(page):
    assert any(
        row[1].startswith("the same with numpy")
        for row in rows_of(page, "Of recurrence")
    )
    once = {row[0]: row[1:] for row in rows_of(page, "As series grow")}
    for peer in ("PyRQA", "AccRQA"):
        assert f"| {peer}" in page
    assert "a radius found, 200 samples" in once
    assert any(name.startswith("memory of 1000 samples") for name in once)


def assert_as_many_queries_in_a_tiny_store(page):
    """A page asks as often however much there is: else it would ask pair by pair."""
    rows = rows_of(page, "Page")
    assert [row[0] for row in rows] == ["the two of you", "my people", "a bare page"]
    assert rows[-1][1:3] == ["2", "2"]  # the visit and the person
    assert {row[-1] for row in rows} == {"as many"}


def test_the_committed_page_was_made_by_the_program_and_names_no_place():
    page = PAGE.read_text("utf-8")

    assert "Written by `make bench`" in page
    assert "41 rounds" in page
    assert "200 practices, 8,000 pairs, 300,000 sessions" in page
    goals = [row[3].split(":")[0] for row in rows_of(page, "What")]
    assert [goal for goal in goals if goal != "none"] == [
        *("under 4", "under 10"),  # the library
        *("under 1.3", "under 1.5"),  # sealing
        *("under 4", "under 4"),  # the app
    ]
    assert_as_many_queries_in_a_tiny_store(page)
    assert_the_dyad_model_is_timed(page)
    assert "/" not in page  # no path of the machine it was made on
