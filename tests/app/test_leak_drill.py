"""The leak drill: every planted leak must be caught, each by the test that is named.

Each leak is planted, and the test that must see it is run as it stands in the suite,
where it passes without the leak. docs/security.md shows the table.
"""

import pathlib

import pytest
from django.db import IntegrityError

from leaks import LEAKS

TOLD_ONCE = True

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "security.md"


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_a_planted_leak_is_caught(leak, told, visitors, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        leak.plant(patch, told)

        # One of them is stopped by the database itself, under the test.
        with pytest.raises((AssertionError, IntegrityError)) as caught:
            leak.check(
                world=told, visitors=visitors, monkeypatch=monkeypatch, caplog=caplog
            )

    by_the_database = caught.type is IntegrityError
    assert by_the_database == (not leak.caught_by.startswith("test_"))
    assert not by_the_database or leak.caught_by in str(caught.value)


def test_there_are_thirty_leaks_and_more_each_of_its_own():
    assert len({leak.name for leak in LEAKS}) == len(LEAKS) >= 30


def test_the_page_on_security_shows_the_table():
    page = PAGE.read_text("utf-8")

    rows = [f"| {leak.name} | `{leak.caught_by}` |" for leak in LEAKS]
    assert [row for row in rows if row not in page] == []
