"""A new passphrase, a new recovery key, or new keys for everything.

A new passphrase changes one small file, whole or not at all. New keys for everything
make a new database beside the old one; the key file knows the keys of both until the new
one is in its place. A program that is killed anywhere on the way leaves a practice that
opens: with its old keys before that moment, with its new ones after it.
"""

import json
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from duologue.errors import FileError
from duologue.store.folder import DATABASE, NEW_DATABASE, sync_file
from duologue.store.keys.envelope import new_key
from duologue.store.keys.factors import SEEDS, reseal_seed
from duologue.store.keys.keyfile import write_key_file
from duologue.store.keys.ring import Ring, hold
from duologue.store.safekeeping.database import (
    check_file,
    export,
    open_database,
    put_in_place,
    said_plainly,
)
from duologue.store.safekeeping.unlocking import Opened

HOLDERS = {
    "store_dyad": "pair",
    "store_person": "person",
    "store_contact": "contact",
    "store_reminder": "reminder",
}
"""The tables whose rows have keys of their own, and what such a row is as a holder."""

WAYS_IN = "mfa_authenticator"
"""The table in which the library for signing in keeps seeds."""


def change_passphrase(folder: Path, opened: Opened, passphrase: str) -> None:
    """Let another passphrase open the practice; the old one no longer does.

    Copies of the key file from before, as in backups, still open with the old one, and
    open this practice: where the old passphrase is known to somebody who may have such a
    copy, only new keys for everything help.
    """
    write_key_file(folder, opened.keys.with_passphrase(opened.master, passphrase))


def change_recovery(folder: Path, opened: Opened, recipient: str) -> None:
    """Let another recovery key open the practice, and backups from now on."""
    write_key_file(folder, opened.keys.with_recovery(opened.master, recipient))


def change_all(folder: Path, opened: Opened, passphrase: str) -> None:
    """Seal the whole practice anew, with new keys and under a passphrase, and hold them.

    Nothing may be connected to the database.
    """
    ring, master = opened.ring.renewed(), new_key()
    database, new = folder / DATABASE, folder / NEW_DATABASE
    with said_plainly(database):
        _export(database, new, opened.ring, ring)
    hold(ring)
    try:
        _refuse_damage(folder, new, ring)
        both = opened.keys.with_master(master, passphrase, opened.ring, ring)
        write_key_file(folder, both)
        put_in_place(database, new)
    except BaseException:
        hold(opened.ring)
        raise
    write_key_file(folder, both.with_rings(master, ring))


def _export(database: Path, new: Path, before: Ring, after: Ring) -> None:
    """Write a copy of the database that is sealed with other keys."""
    with closing(open_database(database, before)) as connection:
        export(connection, new, after)
    with closing(open_database(new, after)) as connection:
        # The copy is made anew should this not come to its end: nothing need be undone.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN")
        _reseal(connection, before, after)
        connection.execute("COMMIT")
    sync_file(new)


def _reseal(connection: sqlcipher.Connection, before: Ring, after: Ring) -> None:
    """Seal with the new ring what the old one has sealed itself.

    That is the key of each holder, and the seeds of codes for signing in; what the key of
    a holder seals stays as it is.
    """
    for table, held_as in HOLDERS.items():
        if not _has_column(connection, table, "key"):
            continue
        rows = connection.execute(f"SELECT id, ref, key FROM {table}").fetchall()  # noqa: S608 - our own names
        for number, ref, sealed in rows:
            holder = f"{held_as}:{ref}"
            key = after.seal_holder_key(
                holder, before.holder_key(holder, bytes(sealed))
            )
            connection.execute(
                f"UPDATE {table} SET key = ? WHERE id = ?",  # noqa: S608 - our own names
                (key, number),
            )
    if not _has_column(connection, WAYS_IN, "data"):
        return
    for number, data in connection.execute(
        f"SELECT id, data FROM {WAYS_IN}"  # noqa: S608 - our own name
    ).fetchall():
        found = json.loads(data)
        for name in SEEDS & found.keys():
            found[name] = reseal_seed(found[name], before, after)
        connection.execute(
            f"UPDATE {WAYS_IN} SET data = ? WHERE id = ?",  # noqa: S608 - our own names
            (json.dumps(found), number),
        )


def _has_column(connection: sqlcipher.Connection, table: str, column: str) -> bool:
    """Whether a table has a column: an older practice may not know it yet."""
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return column in {name for (name,) in found}


def _refuse_damage(folder: Path, new: Path, ring: Ring) -> None:
    for fault in check_file(new, ring):
        raise FileError(str(folder), f"was not sealed anew: {fault}")
