"""Looking for a sentence, or a key, in everything that is on a disk.

    assert found_in(place, [sentence, key]) == []

Each file below a folder is searched, and its name, whatever the file is: for the bytes
themselves and for the forms in which they could be there without being sealed. What was
compressed is looked into. The tests of this file show that it finds each.
"""

import base64
import re
import zlib
from urllib.parse import quote, quote_plus

COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
"""How what zlib or gzip has written begins."""

EITHER = 32
"""To zlib: with the head of either, whichever it is."""

MOST = 1 << 24
"""So many bytes of something compressed are looked into."""


def found_in(place, needles):
    """Return where any of these is, as (path, number of the needle, form).

    Parameters
    ----------
    place : pathlib.Path
        A folder; everything below it is searched.
    needles : sequence of str or bytes
        Sentences, each of which is unlike anything else; or keys.
    """
    wanted = [forms_of(needle) for needle in needles]
    found = []
    for path in sorted(place.rglob("*")):
        name = str(path.relative_to(place)).encode()
        content = path.read_bytes() if path.is_file() else b""
        for held in (name, content, *decompressed(content)):
            found += (
                (str(path.relative_to(place)), n, form)
                for n, forms in enumerate(wanted)
                for form, written in forms.items()
                if written in held
            )
    return found


def forms_of(needle):
    """Return the bytes of each form of a needle, by the form's name."""
    raw = needle.encode() if isinstance(needle, str) else needle
    forms = {
        "as it is": raw,
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        **{f"base64 from {n}": _base64(raw, n) for n in range(3)},
        **{f"base64url from {n}": _base64(raw, n, b"-_") for n in range(3)},
    }
    if isinstance(needle, str):
        forms |= {
            "UTF-16, little end first": needle.encode("utf-16-le"),
            "UTF-16, big end first": needle.encode("utf-16-be"),
            "quoted": quote(needle).encode(),
            "quoted, as in a form": quote_plus(needle).encode(),
        }
    return forms


def _base64(raw, n, last=b"+/"):
    """Return what stays the same of its base64, after n bytes of something else."""
    before, behind = -n % 3, -(n + len(raw)) % 3
    inside = base64.b64encode(bytes(n) + raw + bytes(behind), altchars=last)
    start = (n + before) // 3 * 4 if n else 0
    end = (n + len(raw)) // 3 * 4
    return inside[start:end]


def decompressed(content):
    """Yield what is compressed somewhere in some bytes, as far as it can be read."""
    for head in COMPRESSED.finditer(content):
        reader = zlib.decompressobj(zlib.MAX_WBITS | EITHER)
        try:
            held = reader.decompress(content[head.start() :], MOST)
        except zlib.error:
            continue
        if held:
            yield held
