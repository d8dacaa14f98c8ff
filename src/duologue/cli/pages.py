"""Writing pages and PDFs: whole or not at all, and never over something else."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from duologue.errors import FileError
from duologue.faces import as_pdf

BEGINS = b"<!DOCTYPE html>"
OURS = b'<meta name="generator" content="Duologue">'
"""What every page of ours has near its top; only such a page is replaced."""


def write_page(page: str, target: Path) -> None:
    """Write a page to a file.

    Parameters
    ----------
    page : str
        The HTML.
    target : pathlib.Path
        Where to. An earlier page of ours is replaced in one step; anything else is left.

    Raises
    ------
    FileError
        If the folder does not exist or may not be written to, or something else
        stands there. Nothing is left half-written.
    """
    write_files({target: as_bytes(page)})


def as_bytes(page: str) -> bytes:
    """Return a page as it is written, in UTF-8.

    What cannot be written so (half a character in a file's name) is "?".
    """
    return page.encode("utf-8", "replace")


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write pages and PDFs, each whole; if one cannot be written, none is.

    Parameters
    ----------
    files : mapping of pathlib.Path to bytes
        What goes where. An earlier page of ours is replaced by a page, and an earlier
        PDF of ours by a PDF; anything else is left.

    Raises
    ------
    FileError
        As `write_page` does.
    """
    for target, content in files.items():
        _check(target, content)
    with ExitStack() as unused:
        written = {}
        for target, content in files.items():
            written[target] = _write_beside(target, content, unused)
        for target, name in written.items():
            try:
                name.replace(target)
            except OSError as error:
                raise _cannot(target, error) from None


def _check(target: Path, content: bytes) -> None:
    """Refuse a target that is neither free nor an earlier file of the same kind."""
    is_pdf = content.startswith(as_pdf.BEGINS)
    known = _is_pdf if is_pdf else _is_page
    try:
        if target.exists() and not known(target):
            kind = "PDF" if is_pdf else "page"
            raise FileError(
                str(target), f"exists and is not a {kind} of ours; choose another name."
            )
        if not target.parent.is_dir():
            raise FileError(str(target), "its folder does not exist.")
    except OSError as error:
        raise _cannot(target, error) from None


def _write_beside(target: Path, content: bytes, unused: ExitStack) -> Path:
    """Write to a new file in the folder of the target; return it.

    Whatever happens, Ctrl-C too, it is gone when ``unused`` ends, or has been renamed.
    """
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".page-")
        unused.callback(Path(name).unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise _cannot(target, error) from None
    return Path(name)


def _cannot(target: Path, error: OSError) -> FileError:
    return FileError(str(target), f"cannot be written: {error.strerror}.")


def _is_page(target: Path) -> bool:
    if not target.is_file():
        return False
    with target.open("rb") as file:
        top = file.read(1000)
    return top.startswith(BEGINS) and OURS in top


def _is_pdf(target: Path) -> bool:
    if not target.is_file():
        return False
    content = target.read_bytes()
    return content.startswith(as_pdf.BEGINS) and as_pdf.OURS in content
