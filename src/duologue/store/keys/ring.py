"""The key ring of a practice, held in this program's memory while the practice is open.

Whoever holds the ring can open everything that the practice has stored. It is never
written anywhere but sealed (see `duologue.store.keys.keyfile`), never shown by ``repr``,
and gone when the program ends.
"""

import base64
import json
from dataclasses import dataclass, field, fields

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from duologue.errors import LockedError, SealError
from duologue.store.keys.envelope import new_key, seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Ring:
    """The keys of a practice, 256 bits each.

    Attributes
    ----------
    database : bytes
        Key of the whole database file.
    pairs : bytes
        Seals the key of each holder of records, which is stored with the holder: a pair,
        a person, or the card with a person's own details. What is written is sealed with
        a key for each record, and that one with the key of whoever holds it.
    head : bytes
        Authenticates the head of the chain of events, which lies outside the database.
    withdrawn : bytes
        Seals the list of what was withdrawn, which lies outside the database.
    signing : bytes
        Signs visits and links.
    ingest : bytes
        The private half of the key pair to which browsers seal (X25519).
    """

    database: bytes
    pairs: bytes
    head: bytes
    withdrawn: bytes
    signing: bytes
    ingest: bytes
    _of_holders: dict[tuple[str, bytes], bytes] = field(
        default_factory=dict, init=False
    )

    @classmethod
    def new(cls) -> "Ring":
        """Return a ring of new random keys."""
        made = {name: new_key() for name in NAMES}
        made["ingest"] = X25519PrivateKey.generate().private_bytes_raw()
        return cls(**made)

    def renewed(self) -> "Ring":
        """Return a ring of new keys, but for the two that older backups need.

        The list of what was withdrawn, and the head of the chain, must be read with the
        keys of a backup as well.
        """
        kept = {name: getattr(self, name) for name in ("head", "withdrawn")}
        new = {name: getattr(Ring.new(), name) for name in NAMES}
        return Ring(**{**new, **kept})

    @classmethod
    def from_bytes(cls, content: bytes) -> "Ring":
        """Return the ring that `to_bytes` wrote.

        Raises
        ------
        SealError
            If it is not a ring of this version.
        """
        found = json.loads(content)
        if set(found) != set(NAMES):
            raise SealError("the key ring is of another version of the program.")
        return cls(**{name: base64.b64decode(found[name]) for name in NAMES})

    def to_bytes(self) -> bytes:
        """Return the keys for sealing them into a key file."""
        keys = {name: base64.b64encode(getattr(self, name)).decode() for name in NAMES}
        return json.dumps(keys).encode()

    def new_pair_key(self, ref: str) -> bytes:
        """Return a new key for the pair of this name, sealed, to be stored with it."""
        return self.new_holder_key(of_pair(ref))

    def new_holder_key(self, holder: str) -> bytes:
        """Return a new key for a holder of records, sealed, to be stored with it.

        Parameters
        ----------
        holder : str
            What it is and its name, as ``person:ref``: the key opens for it alone.
        """
        return self.seal_holder_key(holder, new_key())

    def seal_holder_key(self, holder: str, key: bytes) -> bytes:
        """Return the key of a holder of records, sealed with this ring."""
        return seal(self.pairs, key, place=_key_of(holder))

    def holder_key(self, holder: str, sealed: bytes) -> bytes:
        """Return the key of a holder of records; it stays in this ring.

        Raises
        ------
        SealError
            If it was not sealed for this holder with this ring.
        """
        key = self._of_holders.get((holder, sealed))
        if key is None:
            key = unseal(self.pairs, sealed, place=_key_of(holder))
            self._of_holders[holder, sealed] = key
        return key

    def forget_holder(self, holder: str) -> None:
        """Forget the key of a holder that is gone."""
        for known in [each for each in self._of_holders if each[0] == holder]:
            del self._of_holders[known]


NAMES = tuple(each.name for each in fields(Ring) if each.init)
"""The keys that a ring is made of."""


class _Holder:
    """Where the ring is while the practice is open."""

    ring: Ring | None = None


def hold(ring: Ring | None) -> None:
    """Hold a ring from now on; ``None`` locks the practice for what has not begun."""
    _Holder.ring = ring


def current() -> Ring:
    """Return the ring of the practice that is open in this program.

    Raises
    ------
    LockedError
        If none is.
    """
    if _Holder.ring is None:
        raise LockedError("the practice is locked: its passphrase opens it.")
    return _Holder.ring


def database_key() -> str:
    """Return the key of the database as the digits that its engine wants."""
    return current().database.hex()


def signing_key() -> str:
    """Return what signs visits and links.

    A random one where no practice is open: settings can then be looked at, and nothing
    that they sign is of any use.
    """
    signing = new_key() if _Holder.ring is None else _Holder.ring.signing
    return signing.hex()


def of_pair(ref: str) -> str:
    """Return how a pair is called as a holder of records."""
    return f"pair:{ref}"


def _key_of(holder: str) -> str:
    return f"key of {holder}"
