"""What browsers seal to a practice opens with its ring and no other."""

import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import SealError
from duologue.store.keys import ingest
from duologue.store.keys.ring import Ring

RING = Ring.new()
PLACE = "enquiry:new:message"


def sealed_by_browser(content, *, version, ring=RING, place=PLACE):
    """Seal as a browser does, written down once more from the description alone."""
    theirs = ingest.public_keys(ring)[version]
    if version == ingest.BY_X25519:
        own = x25519.X25519PrivateKey.generate()
        public = own.public_key().public_bytes_raw()
        shared = own.exchange(x25519.X25519PublicKey.from_public_bytes(theirs))
    else:
        own = ec.generate_private_key(ec.SECP256R1())
        public = own.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = own.exchange(ec.ECDH(), point)
    derive = HKDF(hashes.SHA256(), 32, salt=public + theirs, info=b"duologue ingest")
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(derive.derive(shared)).encrypt(
        nonce, content, b"duologue " + place.encode()
    )
    return bytes([version]) + public + nonce + sealed


BOTH = pytest.mark.parametrize("version", [ingest.BY_X25519, ingest.BY_P256])


@BOTH
@pytest.mark.parametrize("content", [b"", b"When can I ring you?", bytes(100_000)])
def test_what_a_browser_has_sealed_opens(version, content):
    sealed = sealed_by_browser(content, version=version)

    assert ingest.open_ingested(RING, sealed, place=PLACE) == content


@BOTH
def test_another_practice_or_another_place_does_not_open_it(version):
    sealed = sealed_by_browser(b"words", version=version)

    for ring, place in ((Ring.new(), PLACE), (RING, "enquiry:other:message")):
        with pytest.raises(SealError, match="another practice or place"):
            ingest.open_ingested(ring, sealed, place=place)


@BOTH
@given(data=st.data())
def test_a_bit_that_has_changed_is_noticed_wherever_it_is(version, data):
    sealed = bytearray(sealed_by_browser(b"words", version=version))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    # The highest bit of a point on the first curve is none of it (RFC 7748, 5).
    if version == ingest.BY_X25519 and bit == 8 * 32 + 7:
        return
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(SealError):
        ingest.open_ingested(RING, bytes(sealed), place=PLACE)


@given(st.binary(max_size=120))
def test_whatever_comes_is_refused_in_the_same_way(content):
    with pytest.raises(SealError):
        ingest.open_ingested(RING, content, place=PLACE)


def test_the_public_halves_stay_the_same_and_are_each_practices_own():
    assert ingest.public_keys(RING) == ingest.public_keys(RING)
    assert ingest.public_keys(RING) != ingest.public_keys(Ring.new())
