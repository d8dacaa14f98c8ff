"""The database file as a whole, below the app: opening it, sealing it, checking its pages."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from duologue.errors import FileError
from duologue.store.folder import BESIDE, SEALED_COPY, sync_file, sync_folder
from duologue.store.keys.ring import Ring

PLAIN = b"SQLite format 3\0"
"""How a database begins that is not sealed."""


MOST_SAID = 20
"""So many faults of one kind are named; the others are counted."""


REASONS = {
    "SQLITE_FULL": "cannot be written to: the disk is full.",
    "SQLITE_READONLY": "cannot be written to.",
    "SQLITE_CANTOPEN": "cannot be written to.",
    "SQLITE_BUSY": "is in use by another program.",
}
"""What is said of what SQLite calls an error; of any other, that the file is damaged."""


def open_database(database: Path, ring: Ring) -> sqlcipher.Connection:
    """Return a connection below the app's, for what is done to the file as a whole.

    Raises
    ------
    FileError
        If there is no such file, or it cannot be opened. Whether the key fits shows with
        the first read only.
    """
    uri = f"{database.absolute().as_uri()}?mode=rw"
    try:
        connection = sqlcipher.connect(uri, uri=True, isolation_level=None)
    except sqlcipher.OperationalError:
        raise FileError(str(database), "cannot be opened as a file.") from None
    connection.execute(f"PRAGMA key = \"x'{ring.database.hex()}'\"")
    connection.execute(
        "PRAGMA cipher_log_level = NONE"
    )  # what is raised is not printed
    return connection


def fits(database: Path, ring: Ring) -> bool:
    """Whether a database opens with this ring."""
    with closing(open_database(database, ring)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError as error:
            if error.sqlite_errorcode == sqlcipher.SQLITE_NOTADB:
                return False
            raise
    return True


@contextmanager
def said_plainly(database: Path) -> Iterator[None]:
    """Turn what the engine refuses, while a file is read as a whole, into one line.

    Raises
    ------
    FileError
        Instead of the engine's own error, of which nothing is told: it may quote a row.
    """
    try:
        yield
    except sqlcipher.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        words = next((w for start, w in REASONS.items() if name.startswith(start)), "")
        raise FileError(
            str(database), words or "is damaged; `duologue verify` says more."
        ) from None


def is_plain(database: Path) -> bool:
    """Whether this is a database that is not sealed."""
    if not database.is_file():
        return False
    with database.open("rb") as file:
        return file.read(len(PLAIN)) == PLAIN


def seal_plain(database: Path, ring: Ring) -> Path:
    """Make a sealed copy of a database that is not sealed, beside it; return the copy.

    Once the key file that opens the copy is there, `put_in_place` exchanges the two.
    """
    new = database.with_name(SEALED_COPY)
    with closing(sqlcipher.connect(str(database), isolation_level=None)) as plain:
        export(plain, new, ring)
    return new


def export(connection: sqlcipher.Connection, new: Path, ring: Ring) -> None:
    """Write a copy of a database that is sealed with a ring, and bring it to the disk.

    Raises
    ------
    FileError
        If another program is connected to the database.
    """
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise FileError(str(new.parent), "is in use; stop what serves it first.")
    key = f"x'{ring.database.hex()}'"
    connection.execute("ATTACH DATABASE ? AS new KEY ?", (str(new), key))
    # A copy that is not finished is of no use to anybody: nothing is kept for undoing,
    # and the disk is waited for once, at the end.
    connection.execute("PRAGMA new.journal_mode = OFF")
    connection.execute("PRAGMA new.synchronous = OFF")
    connection.execute("SELECT sqlcipher_export('new')")
    connection.execute("DETACH DATABASE new")
    sync_file(new)


def put_in_place(database: Path, new: Path) -> None:
    """Exchange a database; nothing of the old one may be beside the new one."""
    for name in BESIDE:
        database.with_name(name).unlink(missing_ok=True)
    sync_folder(database.parent)
    new.replace(database)
    sync_folder(database.parent)


def check_file(database: Path, ring: Ring) -> list[str]:
    """Return what is wrong with a database file as a whole, page by page.

    Nothing of what it holds is said.
    """
    found: list[str] = []
    with closing(open_database(database, ring)) as connection:
        try:
            found += _said(connection, "PRAGMA cipher_integrity_check")
            found += (
                x for x in _said(connection, "PRAGMA integrity_check") if x != "ok"
            )
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                found.append("a row refers to one that is not there")
        except sqlcipher.DatabaseError:
            found = found or ["is damaged, or is not a practice's database"]
    return [f"{database.name}: {words}." for words in few(found)]


def few(found: list[str]) -> list[str]:
    """Return the first of many faults, and how many more there are."""
    more = len(found) - MOST_SAID
    return [
        *found[:MOST_SAID],
        *([f"and {more} more of this kind"] if more > 0 else []),
    ]


def _said(connection: sqlcipher.Connection, pragma: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(pragma).fetchall()]
