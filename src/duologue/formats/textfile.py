"""The one guarded way in which every text format is read."""

import codecs
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from duologue.errors import FileError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32 starts with one
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x14\x16-\x1f\x7f]")
_ADVICE = "save it as UTF-8 and try again."


def read_text(path: str | PathLike[str], *, max_bytes: int = 20_000_000) -> str:
    r"""Read a text file whole, or say why it cannot be.

    UTF-8 is read, with or without a byte-order mark; CRLF and a lone CR become ``\n``.

    Parameters
    ----------
    path : str or path-like
        The file. Errors give its name as it stands here, and never its content.
    max_bytes : int
        A larger file is refused from its size, unread.

    Returns
    -------
    str
        The text, never empty.

    Raises
    ------
    FileError
        If there is no such file, or it is a folder, empty, too large, binary, or not
        UTF-8 (with the line of the first byte that is not).
    """
    where = str(path)
    return as_text(read_bytes(where, max_bytes=max_bytes), where)


def as_text(content: bytes, where: str) -> str:
    """Return what a file holds as text, or say why it is none: see `read_text`.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What errors call it.

    Raises
    ------
    FileError
        If it is empty, binary, or not UTF-8.
    """
    if content.startswith(_OTHER_MARKS):
        problem = f"must be UTF-8 text, but is UTF-16 or UTF-32; {_ADVICE}"
        raise FileError(where, problem, line=1)
    if b"\0" in content:
        problem = f"must be UTF-8 text, but holds binary data; if it is text, {_ADVICE}"
        raise FileError(where, problem, line=_line_at(content, content.index(b"\0")))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"must be UTF-8 text, but is in another encoding; {_ADVICE}"
        # The position is counted after a byte-order mark, which holds no line break.
        line = _line_at(content.removeprefix(codecs.BOM_UTF8), error.start)
        raise FileError(where, problem, line=line) from None
    if not text:
        raise FileError(where, "must hold text, but is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: str | PathLike[str], *, max_bytes: int = 20_000_000) -> bytes:
    """Read a file whole, whatever is in it, or say why it cannot be.

    Parameters
    ----------
    path : str or path-like
        The file.
    max_bytes : int
        A larger file is refused from its size, unread.

    Raises
    ------
    FileError
        If there is no such file, or it is a folder, too large, or may not be read.
    """
    where = str(path)
    with _opened(where) as stream:
        if os.fstat(stream.fileno()).st_size > max_bytes:
            raise _too_large(where, max_bytes)
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:  # it grew, or its size was not known beforehand
        raise _too_large(where, max_bytes)
    return content


def as_text_of_any_encoding(content: bytes, where: str) -> tuple[str, bool]:
    r"""Return what a file holds as text, where it may be older than UTF-8.

    UTF-16 is read by its byte-order mark. What is not UTF-8 is read as Windows-1252,
    which nothing in a file can confirm; CRLF and a lone CR become ``\n``.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What errors call it.

    Returns
    -------
    text : str
        Never empty.
    supposed : bool
        Whether the encoding is supposed, so that letters with accents need a look.

    Raises
    ------
    FileError
        If it is empty, binary, UTF-32, ends inside a character of UTF-16, or holds what
        no text of Windows-1252 does.
    """
    codec = _UTF16.get(content[:2])
    if codec is not None and not content.startswith(_UTF32):
        return _utf16(content[2:], codec, where), False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if content.startswith(_OTHER_MARKS) or b"\0" in content:
            return as_text(content, where), False  # which refuses it
        line = _line_at(content, error.start)
        return _windows(content, where, line), True
    return as_text(content, where), False


def _utf16(content: bytes, codec: str, where: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].decode(codec, "ignore").count("\n")
        problem = f"is no whole text in UTF-16; {_ADVICE}"
        raise FileError(where, problem, line=line) from None
    if "\0" in text:
        raise FileError(where, f"holds binary data; if it is text, {_ADVICE}")
    return as_text(text.encode("utf-8"), where)


def _windows(content: bytes, where: str, line: int) -> str:
    """Read Windows-1252, in which five bytes and most control characters are no text."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or _NO_TEXT.search(text):
        problem = f"is neither UTF-8 nor Windows-1252 text; if it is text, {_ADVICE}"
        raise FileError(where, problem, line=line)
    return as_text(text.encode("utf-8"), where)


def check_file(where: str) -> int:
    """Check that a file is there, ordinary, and may be read; return its size in bytes.

    Raises
    ------
    FileError
        If not.
    """
    with _opened(where) as stream:
        return os.fstat(stream.fileno()).st_size


@contextmanager
def _opened(where: str) -> Iterator[BinaryIO]:
    if "\0" in where:
        raise FileError(where, "no file can have such a name.")
    file = Path(where)
    try:
        _check_kind(where, file.stat().st_mode)
        with file.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise FileError(where, "there is no such file.") from None
    except PermissionError:
        raise FileError(where, "may not be read by this user.") from None
    except OSError:
        raise FileError(where, "cannot be read from this disk.") from None


def _check_kind(where: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise FileError(where, "must be a file, but is a folder.")
    if not stat.S_ISREG(mode):
        raise FileError(where, "must be an ordinary file, but is a device or a pipe.")


def _too_large(where: str, max_bytes: int) -> FileError:
    most = f"{max_bytes / 1e6:g} MB"
    return FileError(
        where, f"must hold at most {most}, but is larger; it was not read."
    )


def _line_at(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n")
    return 1 + before.count(b"\n") + before.count(b"\r")
