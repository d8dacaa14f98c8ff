"""Stretches that are left out, from a table."""

import pytest

from duologue.errors import FileError
from duologue.formats.stretches import read_stretches


def test_they_are_read_in_their_order(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("start,end\n5,7.5\n0,6\n")

    assert read_stretches(path) == ((5.0, 7.5), (0.0, 6.0))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("start,end\n1,2\n3,x\n", "line 3: start and end must be seconds"),
        ("start,end\n3,2\n", "line 2: end must lie after start"),
        ("start,end\n-1,2\n", "line 2: end must lie after start, and start at 0"),
        ("start,end\n", "must hold a stretch or more"),
        ("from,end\n1,2\n", "column 1 is not one of start, end"),
        ("start\n1\n", "the column end is missing"),
    ],
)
def test_what_is_no_stretch_is_refused(tmp_path, words, says):
    path = tmp_path / "out.csv"
    path.write_text(words)

    with pytest.raises(FileError, match=says):
        read_stretches(path)
