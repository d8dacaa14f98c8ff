"""Every page of an encrypted database, opened: also what is free in it, and its log.

An export shows the rows that there are. This shows what lies in the file besides: cells
that were freed, pages that nothing uses any more, and the pages that SQLite has written
ahead (the file ``-wal``), each as it was.
"""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, SALT, IV, KEPT = 4096, 16, 16, 80
"""Bytes of a page, of what stands before the first, and of what SQLCipher keeps behind."""

WAL_HEADER, FRAME_HEADER = 32, 24


def opened_pages(path, key):
    """Return all that lies in a database and in what was written ahead of it.

    Parameters
    ----------
    path : pathlib.Path
        The database. Nothing may be writing to it.
    key : bytes
        Its key.
    """
    content = path.read_bytes()
    found = [
        _opened(content[at : at + PAGE], key, first=at == 0)
        for at in range(0, len(content), PAGE)
    ]
    log = Path(f"{path}-wal")
    ahead = log.read_bytes() if log.exists() else b""
    for at in range(WAL_HEADER, len(ahead), FRAME_HEADER + PAGE):
        number = int.from_bytes(ahead[at : at + 4])
        page = ahead[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        found.append(_opened(page, key, first=number == 1))
    return b"".join(found)


def _opened(page, key, *, first):
    vector = page[-KEPT : -KEPT + IV]
    cipher = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return cipher.update(page[SALT if first else 0 : -KEPT]) + cipher.finalize()
