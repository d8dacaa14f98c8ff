"""The sealed database of a practice's folder, for tests that look into it from outside."""

from contextlib import closing

from duologue.cli.passphrase import DEMO_PASSPHRASE, passphrase_in
from duologue.store.folder import DATABASE
from duologue.store.keys.keyfile import read_key_file
from duologue.store.safekeeping.database import open_database


def ring_of(folder, passphrase=None):
    """Return the key ring of a folder; of a demo, if no passphrase is given."""
    words = passphrase or passphrase_in(folder / DEMO_PASSPHRASE)
    keys = read_key_file(folder)
    return keys.open_rings(keys.master(words))[0]


def opened(folder, passphrase=None):
    """Return a connection to the database, closed at the end of a ``with``."""
    return closing(open_database(folder / DATABASE, ring_of(folder, passphrase)))
