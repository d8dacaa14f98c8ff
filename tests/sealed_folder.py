"""The sealed database of a practice's folder, for tests that look into it from outside."""

from contextlib import closing
from functools import cache

from duologue.cli.passphrase import DEMO_PASSPHRASE, passphrase_in
from duologue.store.folder import DATABASE
from duologue.store.keys.keyfile import read_key_file
from duologue.store.safekeeping.database import open_database


def ring_of(folder, passphrase=None):
    """Return the key ring of a folder; of a demo, if no passphrase is given."""
    words = passphrase or passphrase_in(folder / DEMO_PASSPHRASE)
    return _ring(read_key_file(folder), words)


@cache
def _ring(keys, words):
    """Open the same keys once: a try of a passphrase is made to cost a second."""
    return keys.open_rings(keys.master(words))[0]


def opened(folder, passphrase=None):
    """Return a connection to the database, closed at the end of a ``with``."""
    return closing(open_database(folder / DATABASE, ring_of(folder, passphrase)))
