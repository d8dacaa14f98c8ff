"""Writing a file that does not exist yet: whole, or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from duologue.errors import FileError


def check_new(target: Path) -> None:
    """Refuse a place where something stands already, or whose folder does not exist.

    Raises
    ------
    FileError
        If so.
    """
    if target.exists() or target.is_symlink():
        raise FileError(str(target), "exists already; choose another name.")
    if not target.parent.is_dir():
        raise FileError(str(target), "its folder does not exist.")


def are_new(targets: Iterable[Path | None]) -> bool:
    """Refuse places as `check_new` does, and tell whether each is another one.

    Those that were not asked for are ``None``.
    """
    asked = [target for target in targets if target is not None]
    for target in asked:
        check_new(target)
    return len({target.resolve() for target in asked}) == len(asked)


def write_new(content: str | bytes, target: Path) -> None:
    """Write a text, or bytes as they are, to a file of a new name, in one step.

    Raises
    ------
    FileError
        If something stands there, or the folder does not exist or may not be written
        to. Nothing is left half-written.
    """
    check_new(target)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".duologue-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            Path(name).replace(target)
        except BaseException:  # Ctrl-C too leaves nothing half-written
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileError(str(target), f"cannot be written: {error.strerror}.") from None
