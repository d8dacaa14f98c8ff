"""JSON files are read whole or refused with what is wrong, never with what they hold."""

import pytest

from duologue.errors import FileError
from duologue.formats.jsonfile import read_json


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{\n'a': 1}", r"bad\.json, line 2: must be JSON, and is not"),
        ('{"a": 1, "a": 2}', "in which a key stands once"),
        ("[NaN]", "and numbers are numbers"),
        ("[Infinity]", "and numbers are numbers"),
        ("[" * 100_000, "is nested too deeply"),
        ("9" * 5_000, "and numbers are numbers"),
        ("", "must hold text, but is empty"),
    ],
)
def test_what_is_no_sound_json_is_refused(tmp_path, content, problem):
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(FileError, match=problem):
        read_json(path)


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "large.json"
    path.write_text("[1, 2, 3]", encoding="utf-8")

    with pytest.raises(FileError, match="must hold at most 8e-06 MB"):
        read_json(path, max_bytes=8)
    assert read_json(path) == [1, 2, 3]
