"""Sealing one record of free text, with a key of its own.

    1 byte    version
    16 bytes  id of the record, random: what is listed when the record is destroyed
    61 bytes  key of the record, sealed with the key of whoever holds it
    n + 29    the text, sealed with the key of the record

Both inner parts are bound to the place (model, id, field) and to the record's id. An
edit keeps the record and its key; only a new record has new ones. Whoever removes the
row removes the key with it, and what a file outside the database was sealed with.

Whoever holds a record is a pair, a person, or the card with a person's own details: each
has a key of its own, so that each can be opened, and destroyed, apart from the others.
"""

import secrets
from dataclasses import dataclass

from duologue.errors import SealError
from duologue.store.keys import ring
from duologue.store.keys.envelope import (
    KEY_BYTES,
    OVERHEAD,
    new_key,
    seal,
    unseal,
)
from duologue.store.keys.ring import of_pair

VERSION = 1
ID_BYTES = 16
_KEY = slice(1 + ID_BYTES, 1 + ID_BYTES + OVERHEAD + KEY_BYTES)
SHORTEST = _KEY.stop + OVERHEAD + 1
"""Bytes of a sealed text of one character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a record belongs: who holds its key, and model, id and field.

    Attributes
    ----------
    holder, holder_key : str, bytes
        Whose it is, as ``pair:ref``, and their key, sealed, as stored.
    name : str
        ``model:id:field``.
    """

    holder: str
    holder_key: bytes
    name: str

    def open_holder_key(self) -> bytes:
        """Return the key of whoever holds it; the practice must be open."""
        return ring.current().holder_key(self.holder, self.holder_key)


class Place(Where):
    """Where a record belongs that a pair holds, as the first sealed records say it."""

    __slots__ = ()

    def __init__(self, *, pair: str, pair_key: bytes, name: str) -> None:
        super().__init__(holder=of_pair(pair), holder_key=pair_key, name=name)


def seal_text(text: str, place: Where, *, earlier: bytes | None = None) -> bytes:
    """Seal a text for its place.

    Parameters
    ----------
    text : str
        May be empty.
    place : Where
        Where it belongs.
    earlier : bytes, optional
        What stood there: the record and its key stay the same. ``None`` makes a new
        record.
    """
    of_holder = place.open_holder_key()
    if earlier is None:
        record, key = secrets.token_bytes(ID_BYTES), new_key()
    else:
        record, key = record_id(earlier), _record_key(of_holder, earlier, place)
    return (
        bytes([VERSION])
        + record
        + seal(of_holder, key, place=_key_place(place, record))
        + seal(key, text.encode(), place=_text_place(place, record))
    )


def open_text(sealed: bytes, place: Where) -> str:
    """Open a text that was sealed for this place.

    Raises
    ------
    SealError
        If it was not, or was changed.
    """
    key = _record_key(place.open_holder_key(), sealed, place)
    where = _text_place(place, record_id(sealed))
    return unseal(key, sealed[_KEY.stop :], place=where).decode()


def record_id(sealed: bytes) -> bytes:
    """Return the id of a record, which is no secret.

    Raises
    ------
    SealError
        If this is no sealed record of a version that is known.
    """
    if sealed[:1] != bytes([VERSION]) or len(sealed) < SHORTEST - 1:
        raise SealError("a sealed record is damaged, or of a newer version.")
    return sealed[1 : 1 + ID_BYTES]


def _record_key(of_holder: bytes, sealed: bytes, place: Where) -> bytes:
    where = _key_place(place, record_id(sealed))
    return unseal(of_holder, sealed[_KEY], place=where)


def _key_place(place: Where, record: bytes) -> str:
    return f"key of {place.name}:{record.hex()}"


def _text_place(place: Where, record: bytes) -> str:
    return f"{place.name}:{record.hex()}"
