"""The files in a practice's folder, and writing one so that it is there whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATABASE = "practice.sqlite3"
BESIDE = tuple(f"{DATABASE}-{end}" for end in ("wal", "shm", "journal"))
"""What SQLite keeps beside the database while it writes."""

NEW_DATABASE = f".{DATABASE}-new"
"""What takes the database's place once everything is sealed anew."""

KEYS, KEYS_COPY = "practice.keys", "practice.keys.copy"
HEAD = "events.head"
WITHDRAWN = "withdrawn.sealed"
OUTSIDE = (HEAD, WITHDRAWN, KEYS, KEYS_COPY)
"""What belongs to a practice and lies outside its database."""

LOCK = "practice.lock"
UNFINISHED = "setup.unfinished"
"""Is there from the beginning of setting up a practice until its end."""

SEALED_COPY = f".{DATABASE}-sealed"
"""What takes the place of a database that was made before there were keys."""

RESTORING = ".restoring-"
"""How a folder's name begins in which a backup is opened on its way back."""

LEFT_BEHIND = (f".{KEYS}-*", f".{KEYS_COPY}-*", f".{DATABASE}-*", f"{RESTORING}*")
"""What a program that was killed may leave in a folder, and nobody needs."""


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in its place, for its owner alone, and on the disk before returning.

    Whoever reads it, also after the power has gone, finds the earlier content or the
    new one, never a part.
    """
    made, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what programs that were killed have left; nobody else may use the folder."""
    for pattern in LEFT_BEHIND:
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


@contextmanager
def folder_for_now(within: Path, prefix: str) -> Iterator[Path]:
    """Make a folder for what is needed for a while; it goes, and all that is in it.

    Those of programs that were killed go as well: nobody holds them any longer.
    """
    for left in within.glob(f"{prefix}*"):
        with _had(left, fcntl.LOCK_EX | fcntl.LOCK_NB) as is_ours:
            if is_ours:
                shutil.rmtree(left)
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=within) as made,
        _had(Path(made), fcntl.LOCK_SH),
    ):
        yield Path(made)


@contextmanager
def _had(folder: Path, how: int) -> Iterator[bool]:
    """Say whether a folder can be locked, and keep the lock meanwhile."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Bring what a file holds to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder's files to the disk; where that cannot be asked, not."""
    if os.name == "posix":
        sync_file(folder)
