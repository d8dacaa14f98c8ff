"""A damaged calendar is read or refused, and never told in its own words."""

import pathlib
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from duologue.errors import FileError
from duologue.formats import ics

FILE = pathlib.Path(__file__).parents[1] / "fixtures" / "calendars" / "a-week.ics"
LINES = FILE.read_text("utf-8").splitlines()
NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
PLACES = st.integers(0, len(LINES) - 1)
VALUES = ("", "20260405T010000", "FREQ=WEEKLY;INTERVAL=0", "-1", "é", "P", "\0", "a;b")


@st.composite
def damaged(draw):
    """Return a calendar of which lines are gone, doubled, swapped, or hold something else."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(PLACES) % len(lines), draw(PLACES) % len(lines)
        match draw(st.sampled_from(["gone", "twice", "swapped", "else", "cut"])):
            case "gone":
                del lines[at]
            case "twice":
                lines.insert(at, lines[other])
            case "swapped":
                lines[at], lines[other] = lines[other], lines[at]
            case "else":
                lines[at] = (
                    lines[at].partition(":")[0] + ":" + draw(st.sampled_from(VALUES))
                )
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, 20))]
    return "\n".join(lines).encode()


@settings(max_examples=150)
@given(content=damaged())
def test_a_damaged_calendar_is_read_or_refused(content):
    with suppress(FileError):
        found = ics.read_calendar(content, where="it", zone=UTC, now=NOW)
        assert all(event.start.tzinfo for g in found.groups for event in g.events)


@given(content=st.binary(max_size=200))
def test_anything_else_is_refused(content):
    with suppress(FileError):
        found = ics.read_calendar(content, where="it", zone=UTC, now=NOW)
        assert found.groups == ()
