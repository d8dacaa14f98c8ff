"""Sealing the seeds of codes for signing in, with a key that is made of the ring's."""

import base64

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from duologue.errors import SealError
from duologue.store.keys import ring
from duologue.store.keys.envelope import KEY_BYTES, seal, unseal

PLACE = "seed of codes for signing in"
SEEDS = frozenset(("secret", "seed"))
"""What the library for signing in calls the two kinds of seed that it keeps."""


def seal_seed(seed: str) -> str:
    """Return a seed, sealed, as text; the practice must be open."""
    return base64.b64encode(seal(_key(), seed.encode(), place=PLACE)).decode()


def unseal_seed(sealed: str) -> str:
    """Return the seed.

    Raises
    ------
    SealError
        If it was changed, or sealed for another practice.
    """
    try:
        content = base64.b64decode(sealed, validate=True)
    except ValueError:
        raise SealError("the seed of codes for signing in is damaged.") from None
    return unseal(_key(), content, place=PLACE).decode()


def reseal_seed(sealed: str, before: ring.Ring, after: ring.Ring) -> str:
    """Return a seed that one ring has sealed, sealed with another."""
    content = base64.b64decode(sealed)
    seed = unseal(_key_of(before), content, place=PLACE)
    return base64.b64encode(seal(_key_of(after), seed, place=PLACE)).decode()


def _key() -> bytes:
    return _key_of(ring.current())


def _key_of(of: ring.Ring) -> bytes:
    """Return the key that a ring's key of pairs makes for seeds (HKDF, RFC 5869)."""
    made = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PLACE.encode())
    return made.derive(of.pairs)
