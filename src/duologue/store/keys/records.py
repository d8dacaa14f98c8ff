"""Sealing one record of free text, with a key of its own.

    1 byte    version
    16 bytes  id of the record, random: what is listed when the record is destroyed
    61 bytes  key of the record, sealed with the key of its pair
    n + 29    the text, sealed with the key of the record

Both inner parts are bound to the place (model, id, field) and to the record's id. An
edit keeps the record and its key; only a new record has new ones. Whoever removes the
row removes the key with it, and what a file outside the database was sealed with.
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

VERSION = 1
ID_BYTES = 16
_KEY = slice(1 + ID_BYTES, 1 + ID_BYTES + OVERHEAD + KEY_BYTES)
SHORTEST = _KEY.stop + OVERHEAD + 1
"""Bytes of a sealed text of one character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record belongs: the pair that holds its key, and model, id and field.

    Attributes
    ----------
    pair, pair_key : str, bytes
        The pair's name in addresses, and its key, sealed, as stored.
    name : str
        ``model:id:field``.
    """

    pair: str
    pair_key: bytes
    name: str

    def open_pair_key(self) -> bytes:
        """Return the key of the pair; the practice must be open."""
        return ring.current().pair_key(self.pair, self.pair_key)


def seal_text(text: str, place: Place, *, earlier: bytes | None = None) -> bytes:
    """Seal a text for its place.

    Parameters
    ----------
    text : str
        May be empty.
    place : Place
        Where it belongs.
    earlier : bytes, optional
        What stood there: the record and its key stay the same. ``None`` makes a new
        record.
    """
    of_pair = place.open_pair_key()
    if earlier is None:
        record, key = secrets.token_bytes(ID_BYTES), new_key()
    else:
        record, key = record_id(earlier), _record_key(of_pair, earlier, place)
    return (
        bytes([VERSION])
        + record
        + seal(of_pair, key, place=_key_place(place, record))
        + seal(key, text.encode(), place=_text_place(place, record))
    )


def open_text(sealed: bytes, place: Place) -> str:
    """Open a text that was sealed for this place.

    Raises
    ------
    SealError
        If it was not, or was changed.
    """
    key = _record_key(place.open_pair_key(), sealed, place)
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


def _record_key(of_pair: bytes, sealed: bytes, place: Place) -> bytes:
    where = _key_place(place, record_id(sealed))
    return unseal(of_pair, sealed[_KEY], place=where)


def _key_place(place: Place, record: bytes) -> str:
    return f"key of {place.name}:{record.hex()}"


def _text_place(place: Place, record: bytes) -> str:
    return f"{place.name}:{record.hex()}"
