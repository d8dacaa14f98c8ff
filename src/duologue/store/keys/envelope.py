"""Sealing: AES-256-GCM with a version byte, bound to the place that a thing was sealed for.

What is sealed for one place does not open in another: a value that is moved to another
row, or to another field, is as good as damaged. The version byte names the method, so
that another one can take its place while what is sealed today still opens.

References
----------
NIST SP 800-38D (GCM; a random nonce of 96 bits, under 2**32 messages a key). OWASP ASVS
5.0, 11.2.2 (another method must be able to take its place) and 11.3 (only AEAD).
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from duologue.errors import SealError

AES_256_GCM = 1
"""The version byte of what is sealed today."""

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES
"""Bytes by which what is sealed is longer than what it holds."""


def new_key() -> bytes:
    """Return 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, content: bytes, *, place: str) -> bytes:
    """Seal bytes for one place.

    Parameters
    ----------
    key : bytes
        256 bits.
    content : bytes
        What to seal; may be empty. Its length is not hidden.
    place : str
        What it is and where it belongs; the same is needed to open it.

    Returns
    -------
    bytes
        Version byte, nonce, ciphertext with its tag.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return (
        bytes([AES_256_GCM]) + nonce + AESGCM(key).encrypt(nonce, content, _at(place))
    )


def unseal(key: bytes, sealed: bytes, *, place: str) -> bytes:
    """Open what was sealed with this key for this place.

    Raises
    ------
    SealError
        If it was not: another key, another place, a version that is not known, or a bit
        that has changed. Which of these is not told apart.
    """
    version, nonce = sealed[:1], sealed[1 : 1 + NONCE_BYTES]
    if version != bytes([AES_256_GCM]) or len(sealed) < OVERHEAD:
        raise SealError("what is sealed here is damaged, or of a newer version.")
    try:
        return AESGCM(key).decrypt(nonce, sealed[1 + NONCE_BYTES :], _at(place))
    except InvalidTag:
        raise SealError(
            "what is sealed here does not open: it was changed, moved, or sealed with "
            "another key."
        ) from None


def _at(place: str) -> bytes:
    return b"duologue " + place.encode()
