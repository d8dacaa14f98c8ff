"""The key file of a practice: its key ring, sealed with a master key, and who opens that.

The master key is sealed twice: with a key that Argon2id makes of the practice's
passphrase, and to the recovery key, an age key pair whose private half its owner keeps
away from this machine. Either opens the practice; without both nothing can, ever.

The file is written twice (`KEYS` and `KEYS_COPY`), each whole or not at all, with a
checksum of its own, so that a damaged file is told from a wrong passphrase.

References
----------
RFC 9106 (Argon2id; the cost here lies between its two recommendations). The age format,
age-encryption.org/v1.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pyrage
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from duologue.errors import FileError, PassphraseError, SealError
from duologue.store.folder import KEYS, KEYS_COPY, replace_file
from duologue.store.keys.envelope import new_key, seal, unseal
from duologue.store.keys.ring import Ring

FORMAT = 1
SHORTEST_PASSPHRASE = 15
"""Characters. The folder can be copied and tried against without limit (ASVS 6.2.1)."""

SALT_BYTES = 16
DIFFERENT = f"{KEYS_COPY}: is not the same as {KEYS}."
"""What is said of two copies that are whole, as after an interruption between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one try of a passphrase costs: passes, lanes, and memory in KiB."""

    passes: int = 3
    lanes: int = 4
    memory_kib: int = 256 * 1024


HIGHEST_COST = Cost(passes=64, lanes=64, memory_kib=4 * 1024 * 1024)
"""A file that asks for more was not written by this program."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeyFile:
    """What a key file holds; nothing of it opens anything by itself.

    Attributes
    ----------
    practice : str
        A random name, so that no part fits into another practice's file.
    cost, salt : Cost, bytes
        How the key is made of the passphrase.
    by_passphrase, by_recovery : bytes
        The master key, sealed each way.
    recipient : str
        The public half of the recovery key: backups are sealed to it as well.
    rings : tuple of bytes
        The key ring, sealed with the master key. Two while the database is being sealed
        anew: one of them fits it.
    """

    practice: str
    cost: Cost
    salt: bytes
    by_passphrase: bytes
    by_recovery: bytes
    recipient: str
    rings: tuple[bytes, ...]

    def master(self, passphrase: str, *, where: str = KEYS) -> bytes:
        """Return the master key.

        Raises
        ------
        PassphraseError
            If the passphrase is not the practice's.
        """
        try:
            return unseal(
                _derived(passphrase, self.salt, self.cost),
                self.by_passphrase,
                place=f"{self.practice}:passphrase",
            )
        except SealError:
            raise PassphraseError(
                where,
                "this passphrase does not open it. Nothing was changed. If it is lost, "
                "`duologue rekey --recovery-key FILE` sets a new one.",
            ) from None

    def master_by_recovery(self, identity: str, *, where: str = KEYS) -> bytes:
        """Return the master key by the recovery key, whose private half is given.

        Raises
        ------
        PassphraseError
            If it is not the recovery key of this practice.
        """
        try:
            key = pyrage.x25519.Identity.from_str(identity.strip())
            master: bytes = pyrage.decrypt(self.by_recovery, [key])
        except (pyrage.IdentityError, pyrage.DecryptError):
            raise PassphraseError(
                where, "this is not its recovery key. Nothing was changed."
            ) from None
        return master

    def open_rings(self, master: bytes) -> list[Ring]:
        """Return the key rings: one, or two while the database is being sealed anew.

        Raises
        ------
        SealError
            If the file was changed by somebody who could not open it.
        """
        return [
            Ring.from_bytes(unseal(master, sealed, place=self._ring_place()))
            for sealed in self.rings
        ]

    def with_rings(self, master: bytes, *rings: Ring) -> "KeyFile":
        """Return the file with these rings instead."""
        place = self._ring_place()
        sealed = tuple(seal(master, ring.to_bytes(), place=place) for ring in rings)
        return replace(self, rings=sealed)

    def _ring_place(self) -> str:
        """Return what the rings are bound to: to whom backups are sealed, among others.

        Whoever may write the file, and cannot open it, could else have them sealed to
        somebody else.
        """
        return f"{self.practice}:ring:{self.recipient}"

    def with_passphrase(
        self, master: bytes, passphrase: str, *, cost: Cost | None = None
    ) -> "KeyFile":
        """Return the file with a new passphrase.

        Raises
        ------
        PassphraseError
            If the passphrase is too short.
        """
        check_passphrase(passphrase)
        cost = self.cost if cost is None else cost
        salt = secrets.token_bytes(SALT_BYTES)
        key = _derived(passphrase, salt, cost)
        sealed = seal(key, master, place=f"{self.practice}:passphrase")
        return replace(self, salt=salt, cost=cost, by_passphrase=sealed)

    def with_recovery(self, master: bytes, recipient: str) -> "KeyFile":
        """Return the file with a new recovery key, of which the public half is given."""
        rings = self.open_rings(master)
        sealed = pyrage.encrypt(master, [pyrage.x25519.Recipient.from_str(recipient)])
        changed = replace(self, recipient=recipient, by_recovery=sealed)
        return changed.with_rings(master, *rings)

    def with_master(self, master: bytes, passphrase: str, *rings: Ring) -> "KeyFile":
        """Return the file with another master key, sealed for the same two."""
        return (
            replace(self, rings=())
            .with_passphrase(master, passphrase)
            .with_recovery(master, self.recipient)
            .with_rings(master, *rings)
        )


def new_recovery_key() -> tuple[str, str]:
    """Return a new recovery key: the private half to be kept away, and the public one."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def new_key_file(
    passphrase: str, recipient: str, ring: Ring, *, cost: Cost | None = None
) -> KeyFile:
    """Return the key file of a new practice.

    Raises
    ------
    PassphraseError
        If the passphrase is too short.
    """
    master = new_key()
    empty = KeyFile(
        practice=secrets.token_hex(16),
        cost=cost or Cost(),
        salt=b"",
        by_passphrase=b"",
        by_recovery=b"",
        recipient=recipient,
        rings=(),
    )
    return empty.with_master(master, passphrase, ring)


def check_passphrase(passphrase: str) -> None:
    """Refuse what is too short to stand against tries without limit.

    Raises
    ------
    PassphraseError
        If it is.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseError(
            "passphrase",
            f"takes at least {SHORTEST_PASSPHRASE} characters; several words, "
            "chosen by chance, are the easiest to keep.",
        )


def write_key_file(folder: Path, keys: KeyFile) -> None:
    """Put both copies of a key file in their places, one after the other."""
    content = to_bytes(keys)
    for name in (KEYS, KEYS_COPY):
        replace_file(folder / name, content)


def read_key_file(folder: Path) -> KeyFile:
    """Return the key file of a folder; its copy, should it be damaged or gone.

    Raises
    ------
    FileError
        If neither can be used.
    """
    problem: FileError | None = None
    for name in (KEYS, KEYS_COPY):
        try:
            return from_bytes((folder / name).read_bytes(), where=str(folder / name))
        except FileNotFoundError:
            problem = problem or FileError(str(folder / name), "is not there.")
        except OSError as error:
            problem = FileError(
                str(folder / name), f"cannot be read: {error.strerror}."
            )
        except FileError as damage:
            problem = damage
    raise problem or FileError(str(folder), "has no key file.")


def damaged_copies(folder: Path) -> list[str]:
    """Return what is wrong with either copy, in words; nothing if both are the same."""
    found, read = [], []
    for name in (KEYS, KEYS_COPY):
        try:
            read.append((folder / name).read_bytes())
            from_bytes(read[-1], where=name)
        except FileError as damage:
            found.append(str(damage))
        except OSError as error:
            found.append(f"{name}: cannot be read: {error.strerror}.")
    if not found and read[0] != read[1]:
        found.append(DIFFERENT)
    return found


def to_bytes(keys: KeyFile) -> bytes:
    """Return what stands in the file."""
    inside = {
        "format": FORMAT,
        "practice": keys.practice,
        "argon2id": {
            "passes": keys.cost.passes,
            "lanes": keys.cost.lanes,
            "memory_kib": keys.cost.memory_kib,
            "salt": _text(keys.salt),
        },
        "by_passphrase": _text(keys.by_passphrase),
        "by_recovery": _text(keys.by_recovery),
        "recipient": keys.recipient,
        "rings": [_text(ring) for ring in keys.rings],
    }
    written = {**inside, "checksum": _checksum(inside)}
    return (json.dumps(written, indent=1) + "\n").encode()


def from_bytes(content: bytes, *, where: str) -> KeyFile:
    """Return what `to_bytes` wrote.

    Raises
    ------
    FileError
        If it is damaged, or of a newer version.
    """
    found = _checked(content, where=where)
    try:
        asked = found["argon2id"]
        cost = Cost(**{name: asked[name] for name in ("passes", "lanes", "memory_kib")})
        keys = KeyFile(
            practice=found["practice"],
            cost=cost,
            salt=_bytes(asked["salt"]),
            by_passphrase=_bytes(found["by_passphrase"]),
            by_recovery=_bytes(found["by_recovery"]),
            recipient=found["recipient"],
            rings=tuple(_bytes(ring) for ring in found["rings"]),
        )
    except (ValueError, KeyError, TypeError):
        raise _damaged(where) from None
    _check_cost(cost, where=where)
    return keys


def _checked(content: bytes, *, where: str) -> dict[str, Any]:
    """Return what stands in the file if its checksum fits."""
    try:
        found = json.loads(content)
        checksum, form = found.pop("checksum"), found["format"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(where) from None
    if checksum != _checksum(found):
        raise _damaged(where)
    if form != FORMAT:
        raise FileError(where, "was written by a newer version of the program.")
    inside: dict[str, Any] = found
    return inside


def _damaged(where: str) -> FileError:
    return FileError(where, "is damaged: its checksum does not fit.")


def _check_cost(cost: Cost, *, where: str) -> None:
    for name in ("passes", "lanes", "memory_kib"):
        asked, most = getattr(cost, name), getattr(HIGHEST_COST, name)
        if not isinstance(asked, int) or not 1 <= asked <= most:
            raise FileError(
                where, f"argon2id.{name} must be a whole number, 1 to {most}."
            )


def _derived(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(normalize("NFC", passphrase).encode())  # as keyboards differ


def _checksum(inside: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(inside, sort_keys=True).encode()).hexdigest()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
