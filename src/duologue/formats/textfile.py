"""The one guarded way in which every text format is read."""

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from duologue.errors import FileError

_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32 starts with one
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
    return as_text(_read_bytes(where, max_bytes), where)


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


def _read_bytes(where: str, max_bytes: int) -> bytes:
    with _opened(where) as stream:
        if os.fstat(stream.fileno()).st_size > max_bytes:
            raise _too_large(where, max_bytes)
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:  # it grew, or its size was not known beforehand
        raise _too_large(where, max_bytes)
    return content


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
