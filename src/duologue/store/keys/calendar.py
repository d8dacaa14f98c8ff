"""A name for an event of a calendar that says nothing to whoever has no key.

The identifier of an event may hold an address, and the same event must be known again
when the calendar comes a second time: what is stored is a keyed hash of it. It is of one
pair alone, so that nobody can tell two pairs in one event.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from duologue.store.keys import ring

HALF = 32
"""Characters of each half of a name: which series it is, and which event of it."""


class Names:
    """The names of the events of one pair's calendar.

    Parameters
    ----------
    ref, sealed : str, bytes
        The pair's name in addresses, and its key, sealed, as stored.
    """

    def __init__(self, ref: str, sealed: bytes) -> None:
        of_pair = ring.current().holder_key(ring.of_pair(ref), sealed)
        use = b"names of calendar events"
        self._key = HKDFExpand(SHA256(), 32, use).derive(of_pair)

    def series(self, uid: str) -> str:
        """Return the first half of the name of each event of a series."""
        return self._hash("series", uid)

    def event(self, uid: str, recurrence: str) -> str:
        """Return the name of one event."""
        return self.series(uid) + self._hash("event", uid, recurrence)

    def _hash(self, *parts: str) -> str:
        mac = HMAC(self._key, SHA256())
        for part in parts:
            content = part.encode("utf-8", "surrogatepass")
            mac.update(len(content).to_bytes(8, "big") + content)
        return mac.finalize().hex()[:HALF]
