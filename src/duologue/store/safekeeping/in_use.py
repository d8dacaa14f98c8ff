"""One program at a time: who serves a practice, or exchanges its files, has it alone.

Two locks, both let go by the system however a program ends. ``practice.lock`` is held by
whoever serves a practice or changes its keys. The folder itself is held by all who only
read beside that, as a backup does, together, and by whoever exchanges files, alone: so
that nobody reads one half from before and the other from after.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duologue.errors import FileError
from duologue.store.folder import LOCK


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Have a practice's folder for oneself; a program that ends, however, lets it go.

    Raises
    ------
    FileError
        If another program has it, or the folder cannot be written to.
    """
    with _held(folder, folder / LOCK, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX):
        yield


@contextmanager
def exchanging(folder: Path) -> Iterator[None]:
    """Have a practice's folder for oneself, and nobody reads it meanwhile either.

    Raises
    ------
    FileError
        If another program has it or reads it, or the folder cannot be written to.
    """
    with in_use(folder), _held(folder, folder, os.O_RDONLY, fcntl.LOCK_EX):
        yield


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Read a practice's folder, beside whoever serves it; its files stay the same ones.

    Raises
    ------
    FileError
        If another program is exchanging them, or the folder cannot be read.
    """
    with _held(folder, folder, os.O_RDONLY, fcntl.LOCK_SH):
        yield


@contextmanager
def _held(folder: Path, path: Path, flags: int, how: int) -> Iterator[None]:
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        raise FileError(str(folder), f"cannot be used: {error.strerror}.") from None
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileError(
                str(folder),
                "is in use by another program of ours; stop that one first.",
            ) from None
        yield
    finally:
        os.close(handle)
