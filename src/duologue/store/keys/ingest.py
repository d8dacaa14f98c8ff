"""What a browser has sealed to the practice, opened.

A browser that is offline, or that writes to the practice before anybody has signed in,
seals with WebCrypto alone to the practice's public key: an ephemeral key pair, ECDH,
HKDF-SHA-256, AES-256-GCM bound to a place.

    1 byte    version: 1 for X25519, 2 for P-256 where a browser has no X25519
    32 or 65  the ephemeral public key (raw, or an uncompressed point)
    12 bytes  nonce
    n + 16    ciphertext with its tag

The salt of the HKDF is the ephemeral public key followed by the practice's, so that the
key belongs to this one exchange; its info is ``duologue ingest``. The place is the
additional data of the cipher, as in `duologue.store.keys.envelope`.

References
----------
RFC 7748 (X25519), RFC 5869 (HKDF), NIST SP 800-56A (ECDH over P-256).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from duologue.errors import SealError
from duologue.store.keys.envelope import KEY_BYTES, NONCE_BYTES
from duologue.store.keys.ring import Ring

BY_X25519, BY_P256 = 1, 2
_POINT_BYTES = {BY_X25519: 32, BY_P256: 65}
_INFO = b"duologue ingest"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_keys(ring: Ring) -> dict[int, bytes]:
    """Return the public halves to which browsers seal, by version."""
    point = _p256(ring).public_key()
    return {
        BY_X25519: _x25519(ring).public_key().public_bytes_raw(),
        BY_P256: point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    }


def open_ingested(ring: Ring, sealed: bytes, *, place: str) -> bytes:
    """Open what a browser has sealed for one place.

    Parameters
    ----------
    ring : Ring
        The practice's keys.
    sealed : bytes
        What came.
    place : str
        What it is said to be and where it belongs.

    Raises
    ------
    SealError
        If it was not sealed to this practice for this place, or was changed.
    """
    version = sealed[0] if sealed else 0
    if version not in _POINT_BYTES:
        raise SealError("what came sealed is of a version that is not known.")
    start = 1 + _POINT_BYTES[version]
    theirs, nonce = sealed[1:start], sealed[start : start + NONCE_BYTES]
    try:
        key = _derived(ring, version, theirs)
        opener = AESGCM(key)
        return opener.decrypt(
            nonce, sealed[start + NONCE_BYTES :], b"duologue " + place.encode()
        )
    except (InvalidTag, ValueError):
        raise SealError(
            "what came sealed does not open: it was changed, or sealed for another "
            "practice or place."
        ) from None


def _derived(ring: Ring, version: int, theirs: bytes) -> bytes:
    if version == BY_X25519:
        shared = _x25519(ring).exchange(X25519PublicKey.from_public_bytes(theirs))
    else:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = _p256(ring).exchange(ec.ECDH(), point)
    salt = theirs + public_keys(ring)[version]
    return HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=_INFO
    ).derive(shared)


def _x25519(ring: Ring) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(ring.ingest)


def _p256(ring: Ring) -> ec.EllipticCurvePrivateKey:
    """Return the key of the other curve, made of the same secret and of nothing else."""
    made = HKDF(
        algorithm=hashes.SHA256(), length=48, salt=None, info=b"duologue ingest P-256"
    ).derive(ring.ingest)
    # 384 bits reduced to 256 leave no measurable bias (FIPS 186-5, A.2.1).
    number = int.from_bytes(made) % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
