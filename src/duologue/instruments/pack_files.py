"""The files of a pack: taken out of a folder or a zip file, sound or not at all."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

from duologue.errors import FileError

MOST_BYTES = 1_000_000
"""Of one file of a pack."""

MOST_FILES = 200
MOST_IN_ALL = 10_000_000
"""Bytes of all of them, however well they were packed."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.toml")

_BROKEN = (
    *(OSError, RuntimeError, EOFError, ValueError, struct.error, zlib.error),
    zipfile.BadZipFile,
)
"""What reading a damaged, or a locked, zip file raises."""


def files_of(path: Path) -> dict[str, bytes]:
    """Return the TOML files of a pack on the disk, by their names.

    Raises
    ------
    FileError
        If it is neither a folder nor a sound zip file, or holds too much.
    """
    if path.is_file():
        return unzipped(path, where=path.name)
    try:
        found = sorted(x for x in path.iterdir() if _PLAIN_NAME.fullmatch(x.name))
        _check_names([file.name for file in found], path.name)
        _check_size(sum(file.stat().st_size for file in found), path.name)
        return {file.name: _content(file, path.name) for file in found}
    except OSError as error:
        problem = f"must be a folder or a zip file: {error.strerror}."
        raise FileError(path.name, problem) from None


def unzipped(source: Path | bytes, *, where: str) -> dict[str, bytes]:
    """Return the TOML files at the top of a zip file, by their names.

    Parameters
    ----------
    source : pathlib.Path or bytes
        The zip file, or what it holds.
    where : str
        What it is called in errors.

    Raises
    ------
    FileError
        If it is no sound zip file, or holds too much.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with zipfile.ZipFile(file) as archive:
            found = [x for x in archive.infolist() if _PLAIN_NAME.fullmatch(x.filename)]
            _check_names([entry.filename for entry in found], where)
            _check_size(sum(entry.file_size for entry in found), where)
            return {x.filename: _unzipped(archive, x, where) for x in found}
    except FileError:
        raise
    except _BROKEN:
        raise FileError(where, "must be a sound zip file.") from None


def _content(file: Path, where: str) -> bytes:
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        raise _unreadable(where, file.name)
    return file.read_bytes()


def _unzipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> bytes:
    """Unpack one file, never more of it than a definition may have."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileError(where, "must be packed without compression, or by deflate.")
    with archive.open(entry) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _unreadable(where, entry.filename)
    return content


def _check_names(found: list[str], where: str) -> None:
    if len(found) > MOST_FILES:
        raise FileError(where, f"must hold at most {MOST_FILES} definitions.")
    if len(set(found)) < len(found):
        raise FileError(where, "holds two files of the same name.")


def _check_size(n_bytes: int, where: str) -> None:
    if n_bytes > MOST_IN_ALL:
        most = f"{MOST_IN_ALL / 1e6:g} MB"
        raise FileError(where, f"must hold at most {most} of definitions.")


def _unreadable(where: str, name: str) -> FileError:
    most = f"{MOST_BYTES / 1e6:g} MB"
    return FileError(f"{where}/{name}", f"must be a readable file of at most {most}.")
