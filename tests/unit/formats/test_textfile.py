"""The guarded way in which text files are read."""

import os

import pytest

from duologue.errors import FileError
from duologue.formats.textfile import as_text_of_any_encoding, read_text


@pytest.fixture
def a_file(tmp_path):
    """Write bytes to a file and return its path."""

    def write(content):
        path = tmp_path / "some file.txt"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"one\ntwo\n", "one\ntwo\n"),
        (b"\xef\xbb\xbfone", "one"),
        (b"one\r\ntwo\rthree\r\n", "one\ntwo\nthree\n"),
        ("\u201cna\u00efve\u201d".encode(), "\u201cna\u00efve\u201d"),
    ],
)
def test_marks_and_line_ends_of_every_system_are_read_alike(a_file, content, expected):
    path = a_file(content)

    text = read_text(path)

    assert text == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "must hold text, but is empty"),
        (b"\xef\xbb\xbf", "must hold text, but is empty"),
        (b"one\ntw\x00o", "line 2: must be UTF-8 text, but holds binary data"),
        ("hello".encode("utf-16"), "line 1: must be UTF-8 text, but is UTF-16"),
        (
            b"\xef\xbb\xbfone\r\ntwo\rthr\xe9e\n",
            "line 3: .* another encoding; save it as",
        ),
        (b"soir\xe9e", "line 1: .* save it as UTF-8"),
    ],
)
def test_what_is_no_utf8_text_is_refused_with_its_line(a_file, content, problem):
    path = a_file(content)

    with pytest.raises(FileError, match=problem) as caught:
        read_text(path)

    assert caught.value.where == str(path)
    assert "thr" not in str(caught.value)


def test_a_huge_file_is_refused_from_its_size_unread(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)

    with pytest.raises(
        FileError, match="at most 20 MB, but is larger; it was not read"
    ):
        read_text(path)


def test_the_largest_file_allowed_is_read_and_one_byte_more_is_not(a_file):
    path = a_file(b"12345")

    assert read_text(path, max_bytes=5) == "12345"
    with pytest.raises(FileError, match="at most 4e-06 MB"):
        read_text(path, max_bytes=4)


def test_a_file_that_grows_while_it_is_read_is_refused(a_file, monkeypatch):
    path = a_file(b"12345")
    small = a_file(b"12345").stat()
    monkeypatch.setattr(
        "duologue.formats.textfile.os.fstat",
        lambda _: os.stat_result((small.st_mode, 0, 0, 1, 0, 0, 1, 0, 0, 0)),
    )

    with pytest.raises(FileError, match="but is larger"):
        read_text(path, max_bytes=4)


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(FileError, match="there is no such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(FileError, match="must be a file, but is a folder"):
        read_text(tmp_path)
    with pytest.raises(FileError, match="but is a device or a pipe"):
        read_text(pipe)
    with pytest.raises(FileError, match="no file can have such a name"):
        read_text("a\0b")
    with pytest.raises(FileError, match="cannot be read from this disk"):
        read_text("x" * 5000)


def test_a_file_that_may_not_be_read_says_so(a_file, monkeypatch):
    path = a_file(b"12345")

    def refuse(self, *_args):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refuse)

    with pytest.raises(FileError, match="may not be read by this user"):
        read_text(path)


WORDS = "one\r\n\u201ctw\u00e9\u201d\n"


@pytest.mark.parametrize(
    ("content", "supposed"),
    [
        (WORDS.encode(), False),
        (b"\xef\xbb\xbf" + WORDS.encode(), False),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), False),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), False),
        (WORDS.encode("cp1252"), True),
    ],
    ids=["utf-8", "with a mark", "little end", "big end", "windows"],
)
def test_older_encodings_are_read_where_they_are_allowed(content, supposed):
    found = as_text_of_any_encoding(content, "file")

    assert found == (WORDS.replace("\r\n", "\n"), supposed)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "must hold text, but is empty"),
        (b"\xff\xfe", "must hold text, but is empty"),
        (b"\xff\xfeo\x00\n\x00n", "line 2: is no whole text in UTF-16"),
        (b"\xff\xfeo\x00\x00\x00n\x00", "holds binary data"),
        ("one".encode("utf-32"), "UTF-16 or UTF-32"),
        ("one".encode("utf-16-le"), "line 1: .* holds binary data"),
        (b"one\ntw\xe9\x00", "line 2: must be UTF-8 text, but holds binary data"),
        (b"one\ntw\xe9\x07", "line 2: is neither UTF-8 nor Windows-1252"),
        (b"one\ntw\x81", "line 2: is neither UTF-8 nor Windows-1252"),
        (b"one\ntw\x81", "save it as UTF-8 and try again"),
    ],
)
def test_what_is_text_in_no_encoding_is_refused_with_its_line(content, problem):
    with pytest.raises(FileError, match=problem) as caught:
        as_text_of_any_encoding(content, "file")

    assert "tw" not in caught.value.problem.replace("two", "")
