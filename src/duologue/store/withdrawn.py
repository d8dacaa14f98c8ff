"""The list of what was withdrawn, kept outside the database as well.

A backup is older than what was withdrawn after it. So the list lies in a file of its own,
`WITHDRAWN`, and beside each backup, a line for each act: a random name in the clear, and
what it was, sealed with a key of the ring. There is no content in it.
"""

import base64
import fcntl
import json
import os
from pathlib import Path
from typing import IO

from django.conf import settings

from duologue.errors import SealError
from duologue.store.folder import WITHDRAWN, replace_file, sync_folder
from duologue.store.keys import ring
from duologue.store.keys.envelope import seal, unseal
from duologue.store.models import Withdrawal

TOLD = ("what", "dyad", "session", "seat", "item")


def here() -> Path:
    """Return where the list of the practice that is open lies."""
    found: Path = settings.FOLDER / WITHDRAWN
    return found


def keep_outside(path: Path) -> None:
    """Add to the file what the database has and the file has not; wait for the disk.

    Parameters
    ----------
    path : pathlib.Path
        The file; made if need be. A line that a crash has left half-written is dropped.
    """
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        # One at a time: else one takes away again what another has just added.
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = _whole(file.read())
        known = {line.partition(b" ")[0] for line in lines}
        rows = Withdrawal.objects.order_by("ref")
        _append(
            file,
            sum(len(line) + 1 for line in lines),
            [_line(row) for row in rows if row.ref.encode() not in known],
        )
    if new:
        sync_folder(path.parent)


def read_outside(path: Path) -> list[Withdrawal]:
    """Return what a file lists, none of it in the database by that.

    Raises
    ------
    SealError
        If a line was changed, or was sealed for another practice.
    """
    return [_from_line(line) for line in _lines(path)]


def read_what_opens(path: Path) -> tuple[list[Withdrawal], int]:
    """Return what a file lists as far as it can be read, and how many lines cannot."""
    lines = _lines(path)
    ours = [line for line in lines if _opens(line)]
    return [_from_line(line) for line in ours], len(lines) - len(ours)


def drop_damaged(path: Path) -> int:
    """Drop lines that do not open, also half-written ones; return how many those were.

    What the database knows of them is added again by `keep_outside`. Nobody else may use
    the file.
    """
    lines = _lines(path)
    ours = [line for line in lines if _opens(line)]
    if len(ours) < len(lines):
        replace_file(path, b"".join(line + b"\n" for line in ours))
    return len(lines) - len(ours)


def _append(file: IO[bytes], size: int, lines: list[bytes]) -> None:
    """Write lines behind the first so many bytes, in place of anything half-written."""
    if lines:
        file.seek(size)
        file.truncate()
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[bytes]:
    return _whole(path.read_bytes()) if path.exists() else []


def _whole(content: bytes) -> list[bytes]:
    """Return the whole lines of a file."""
    return content.split(b"\n")[:-1]


def _opens(line: bytes) -> bool:
    try:
        _from_line(line)
    except SealError:
        return False
    return True


def _line(row: Withdrawal) -> bytes:
    told = json.dumps([getattr(row, name) for name in TOLD]).encode()
    sealed = seal(ring.current().withdrawn, told, place=f"withdrawn:{row.ref}")
    return row.ref.encode() + b" " + base64.b64encode(sealed)


def _from_line(line: bytes) -> Withdrawal:
    ref, _, sealed = line.partition(b" ")
    try:
        content = base64.b64decode(sealed, validate=True)
        place = f"withdrawn:{ref.decode('ascii')}"
    except ValueError:
        raise SealError(
            "a line of the list of what was withdrawn is damaged."
        ) from None
    told = json.loads(unseal(ring.current().withdrawn, content, place=place))
    return Withdrawal(ref=ref.decode(), **dict(zip(TOLD, told, strict=True)))
