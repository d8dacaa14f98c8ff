"""A file that waits in a form until its sender has said who is who; the server keeps nothing.

It is sealed on the way, for that person, that pair and that session: what a browser puts by
of a page is not to be read, and what comes back is what was sent.
"""

import base64
import binascii
import zlib

from duologue.errors import NotNowError, SealError
from duologue.store.keys.records import Where, open_text, seal_text
from duologue.store.models import Person

LONGEST = 2_400_000
"""Characters of a field: a little less than a form may have."""

AGAIN = "choose the file of the transcript once more."


def to_text(content: bytes, place: Where) -> str:
    """Return a file as the text of a hidden field.

    Raises
    ------
    NotNowError
        If it is too long for one.
    """
    packed = base64.b85encode(zlib.compress(content)).decode()
    held = base64.urlsafe_b64encode(seal_text(packed, place)).decode()
    if len(held) > LONGEST:
        raise NotNowError("this file is too large. As plain text or WebVTT it is less.")
    return held


def from_text(held: str, place: Where) -> bytes:
    """Return the file that `to_text` wrote for the same place.

    Raises
    ------
    NotNowError
        If it is anything else.
    """
    try:
        packed = open_text(base64.urlsafe_b64decode(held), place)
        return zlib.decompress(base64.b85decode(packed))
    except (SealError, ValueError, binascii.Error, zlib.error):
        raise NotNowError(AGAIN) from None


def place_of(person: Person, ref: str, number: int) -> Where:
    """Return the place of a file that this person adds to a session of a pair."""
    return person.place(f"transcript to be seated:{ref}:{number}")
