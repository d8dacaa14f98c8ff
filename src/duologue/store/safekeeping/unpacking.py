"""Opening a backup, into a folder of its own: the other half of making one."""

import tarfile
from pathlib import Path

import pyrage

from duologue.errors import FileError, PassphraseError
from duologue.store.folder import DATABASE, HEAD, KEYS, KEYS_COPY, WITHDRAWN

INSIDE = (DATABASE, KEYS, HEAD, WITHDRAWN)
"""What there may be in a backup; the first two are in each."""


def unpack(backup: Path, into: Path, identity: str) -> None:
    """Open a backup with the recovery key, into an empty folder.

    Raises
    ------
    PassphraseError
        If the recovery key does not open it.
    FileError
        If it is no backup, or damaged.
    """
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError:
        raise PassphraseError("recovery key", "must be an age secret key.") from None
    tar = into / "opened"
    try:
        with backup.open("rb") as file, tar.open("wb") as out:
            pyrage.decrypt_io(file, out, [key])
        with tarfile.open(tar) as found:
            for member in found:
                if member.name not in INSIDE or not member.isfile():
                    raise FileError(str(backup), "is not a backup of a practice.")
                found.extract(member, into, filter="data")
    except pyrage.DecryptError:
        raise PassphraseError(
            str(backup), "does not open with this recovery key, or is damaged."
        ) from None
    except tarfile.TarError:
        raise FileError(str(backup), "is not a backup of a practice.") from None
    except OSError as error:
        words = error.strerror or "it is damaged"
        raise FileError(str(backup), f"cannot be opened: {words}.") from None
    finally:
        tar.unlink(missing_ok=True)
    missing = [name for name in (DATABASE, KEYS) if not (into / name).exists()]
    if missing:
        raise FileError(str(backup), f"lacks {missing[0]}.")
    (into / KEYS_COPY).write_bytes((into / KEYS).read_bytes())
    for name in (*INSIDE, KEYS_COPY):
        if (into / name).exists():
            (into / name).chmod(0o600)
