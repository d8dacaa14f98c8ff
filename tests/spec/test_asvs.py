"""The table of what ASVS asks: every test that it names is there, and the page shows it."""

import ast
import pathlib
import re

import pytest

from asvs import ROWS

TESTS = pathlib.Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "security.md"

ASKED = """
    3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.3 3.4.4 3.4.5 3.4.6 3.5.3
    6.1.1 6.2.1 6.2.9 6.2.12 6.3.1 6.3.3 6.4.3 6.4.4 6.5.1 6.5.2 6.5.5
    7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.5.1 7.5.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
    14.2.1 14.3.1 14.3.2 16.2.5 16.3.1 16.3.2 16.4.2
"""
"""What concerns sessions, factors, lockout and what lies around them."""


def names():
    """Return the names of all tests, from their source."""
    return {
        node.name
        for file in TESTS.rglob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_that_the_table_names_is_there():
    named = {name for row in ROWS for name in row.tests}

    assert named - names() == set()


def test_the_table_has_each_requirement_once():
    assert sorted(n for row in ROWS for n in row.numbers.split(", ")) == sorted(
        ASKED.split()
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.numbers)
def test_a_requirement_is_shown_by_a_test_or_it_is_said_why_not(row):
    assert bool(row.tests) != bool(row.but)


def test_the_page_on_security_shows_the_table():
    page = PAGE.read_text("utf-8")
    table = page.partition("### Signing in")[2].partition("\n## ")[0]

    assert re.findall(r"^\| \d.*\|$", table, re.MULTILINE) == [r.line for r in ROWS]
