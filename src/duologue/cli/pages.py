"""Writing a page: whole or not at all, and never over something else."""

import os
import tempfile
from pathlib import Path

from duologue.errors import FileError

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
    try:
        if target.exists() and not _is_page(target):
            raise FileError(
                str(target), "exists and is not a page of ours; choose another name."
            )
        if not target.parent.is_dir():
            raise FileError(str(target), "its folder does not exist.")
        # What cannot be written in UTF-8 (half a character in a file's name) is "?".
        _replace(target, page.encode("utf-8", "replace"))
    except OSError as error:
        raise FileError(str(target), f"cannot be written: {error.strerror}.") from None


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".page-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(target)
    except BaseException:  # Ctrl-C too leaves nothing half-written
        Path(name).unlink(missing_ok=True)
        raise


def _is_page(target: Path) -> bool:
    if not target.is_file():
        return False
    with target.open("rb") as file:
        top = file.read(1000)
    return top.startswith(BEGINS) and OURS in top
