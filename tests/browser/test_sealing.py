"""What a browser seals with WebCrypto alone, under the app's own policy, opens here."""

import pytest

from duologue.errors import SealError
from duologue.store.keys import ingest
from duologue.store.keys.ring import Ring

pytestmark = pytest.mark.browser

SEAL = """async ({to, words, place, version}) => {
    const curve = version === 1 ? {name: 'X25519'}
        : {name: 'ECDH', namedCurve: 'P-256'};
    const bytes = hex => Uint8Array.from(hex.match(/../g), b => parseInt(b, 16));
    const text = new TextEncoder();
    const theirs = bytes(to);
    const own = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const mine = new Uint8Array(
        await crypto.subtle.exportKey('raw', own.publicKey));
    const shared = await crypto.subtle.deriveBits(
        {name: curve.name,
         public: await crypto.subtle.importKey('raw', theirs, curve, false, [])},
        own.privateKey, 256);
    const key = await crypto.subtle.deriveKey(
        {name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array([...mine, ...theirs]),
         info: text.encode('duologue ingest')},
        await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
        {name: 'AES-GCM', length: 256}, false, ['encrypt']);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(
        {name: 'AES-GCM', iv: nonce, additionalData: text.encode('duologue ' + place)},
        key, text.encode(words)));
    return [version, ...mine, ...nonce, ...sealed]
        .map(b => b.toString(16).padStart(2, '0')).join('');
}"""
WORDS, PLACE = "When can I ring you? \u2013 Ann", "enquiry:new:message"


@pytest.mark.parametrize("version", [ingest.BY_X25519, ingest.BY_P256])
def test_what_a_browser_has_sealed_opens(visits, version):
    ring = Ring.new()
    to = ingest.public_keys(ring)[version].hex()
    page = visits.come_in("client-A")

    sealed = bytes.fromhex(
        page.evaluate(
            SEAL, {"to": to, "words": WORDS, "place": PLACE, "version": version}
        )
    )

    assert WORDS.encode() not in sealed
    assert ingest.open_ingested(ring, sealed, place=PLACE).decode() == WORDS
    with pytest.raises(SealError):
        ingest.open_ingested(Ring.new(), sealed, place=PLACE)
    with pytest.raises(SealError):
        ingest.open_ingested(ring, sealed, place="enquiry:another:message")
