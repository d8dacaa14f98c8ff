"""A backup: one file, sealed to the recovery key, that was opened again before it counts.

Inside the age file lies a tar of what a folder needs: the database, copied while it may
be in use and still sealed with its own key, the key file, the head of the chain and the
list of what was withdrawn. Whoever opens the outer seal needs the passphrase or the
recovery key still.

The age format has no way to check a file without the recovery key, which is not on this
machine. So each backup is sealed to a second key pair as well, made for it and forgotten
once the whole file has been read back with it.
"""

import hashlib
import os
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import pyrage

from duologue.errors import FileError
from duologue.store.folder import (
    BESIDE,
    DATABASE,
    HEAD,
    KEYS,
    WITHDRAWN,
    folder_for_now,
    sync_folder,
)
from duologue.store.keys import keyfile
from duologue.store.keys.keyfile import KeyFile
from duologue.store.safekeeping.database import (
    check_file,
    open_database,
    said_plainly,
)
from duologue.store.safekeeping.unlocking import Opened
from duologue.store.safekeeping.unpacking import INSIDE
from duologue.store.withdrawn import drop_damaged, keep_outside

CHUNK = 1 << 20


def make_backup(folder: Path, to: Path, opened: Opened, *, now: datetime) -> Path:
    """Write a backup of a practice, which may be in use meanwhile.

    Parameters
    ----------
    folder : pathlib.Path
        The practice.
    to : pathlib.Path
        A folder, made if need be; the best is on another disk.
    opened : Opened
        The practice, open.
    now : datetime
        When, in UTC: it becomes the file's name.

    Returns
    -------
    pathlib.Path
        The file. It has been written to the disk, read back and compared.

    Raises
    ------
    FileError
        If the practice is damaged, or the file cannot be written. Nothing is left.
    """
    target = to / f"duologue-{now:%Y-%m-%dT%H%M%SZ}.age"
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        with folder_for_now(to, ".backup-") as parts:
            _copy(folder, parts, opened)
            sealed = parts / "sealed"
            _seal(parts, sealed, opened.keys)
            if target.exists():
                raise FileError(str(target), "is there already.")
            sealed.replace(target)
        sync_folder(to)
    except OSError as error:
        raise FileError(str(to), f"cannot be written to: {error.strerror}.") from None
    return target


def withdrawn_beside(backup: Path, keys: KeyFile) -> Path:
    """Return where the newest list of what was withdrawn lies, beside the backups."""
    return backup.parent / f"withdrawn-{keys.practice[:12]}.sealed"


def _copy(folder: Path, parts: Path, opened: Opened) -> None:
    """Copy a practice as it stands at one moment, and check the copy of its database.

    The lists that lie outside come first: so they know of nothing that is not in it.
    """
    for name in (HEAD, WITHDRAWN):
        if (folder / name).exists():
            (parts / name).write_bytes((folder / name).read_bytes())
    if drop_damaged(parts / WITHDRAWN):  # it would spoil a restore
        keep_outside(parts / WITHDRAWN)
    (parts / KEYS).write_bytes(keyfile.to_bytes(opened.keys))
    copy = parts / DATABASE
    copy.touch(mode=0o600)
    with (
        said_plainly(folder / DATABASE),
        closing(open_database(folder / DATABASE, opened.ring)) as source,
        closing(open_database(copy, opened.ring)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside
    for fault in check_file(copy, opened.ring):
        raise FileError(str(folder), f"was not backed up, for it is damaged: {fault}")
    for name in BESIDE:
        (parts / name).unlink(missing_ok=True)


def _seal(parts: Path, sealed: Path, keys: KeyFile) -> None:
    """Seal the parts into one file, bring it to the disk and read it back."""
    tar = parts / "tar"
    with tarfile.open(tar, "w") as out:
        for name in INSIDE:
            if (parts / name).exists():
                out.add(parts / name, name, filter=_nameless)
    for_reading_back = pyrage.x25519.Identity.generate()
    recipients = [
        pyrage.x25519.Recipient.from_str(keys.recipient),
        for_reading_back.to_public(),
    ]
    with tar.open("rb") as file, sealed.open("xb") as out_file:
        os.fchmod(out_file.fileno(), 0o600)
        pyrage.encrypt_io(file, out_file, recipients)
        out_file.flush()
        os.fsync(out_file.fileno())
    with sealed.open("rb") as file, tempfile.TemporaryFile(dir=parts) as back:
        try:
            pyrage.decrypt_io(file, back, [for_reading_back])
        except (pyrage.DecryptError, OSError):
            raise FileError(
                str(parts.parent), "does not give back what was written."
            ) from None
        with tar.open("rb") as written:
            if _digest(back) != _digest(written):
                raise FileError(
                    str(parts.parent), "does not give back what was written."
                )


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owns a file on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _digest(file: IO[bytes]) -> bytes:
    file.seek(0)
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    return found.digest()
