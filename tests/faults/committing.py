"""A program that commits rows to an encrypted database, and says after each: it is kept.

    python committing.py FOLDER N_ROWS SYNCHRONOUS

In the middle it closes the database and opens it again. What fails is tried again, and
nothing is acknowledged before it has succeeded. It is run on a recorded disk.
"""

import ctypes
import random
import sys
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

import sqlcipher3

DATABASE = "rows.sqlite3"
KEY = "x'" + 32 * "5a" + "'"
"""A raw key, so that opening takes no time."""

CHECKPOINT_AFTER = 12
"""Pages in the write-ahead log, so that a short run has many checkpoints."""


PATIENCE = 5
"""How often something is tried before it is given up."""


def acknowledge(text):
    """Note in the log of the disk that something has been promised."""
    ctypes.CDLL(None).faults_mark(str(text).encode())


def opened(path, *, synchronous="FULL"):
    """Open the database with its key; each statement is a transaction of its own."""
    database = sqlcipher3.connect(str(path), isolation_level=None)
    database.execute(
        "PRAGMA cipher_log_level = NONE"
    )  # a fault is an error, and said so
    database.execute(f'PRAGMA key = "{KEY}"')
    database.execute(f"PRAGMA synchronous = {synchronous}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_AFTER}")
    return database


@cache
def words_of(n):
    """Return what row ``n`` says: some words, or some pages of them."""
    rng = random.Random(n)  # noqa: S311 (nothing is kept secret by it)
    return "".join(rng.choices("abcdefgh ", k=rng.choice((20, 400, 9000))))


def until_it_succeeds(action):
    """Do something that may fail on a disk with faults."""
    for _ in range(PATIENCE - 1):
        with suppress(sqlcipher3.OperationalError):
            return action()
    return action()


def commit(database, n):
    """Commit a row, and with it a count of them all."""
    if database.in_transaction:  # left by a try that failed
        database.execute("ROLLBACK")
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO row (n, words) VALUES (?, ?)", (n, words_of(n)))
    database.execute("UPDATE total SET n_rows = n_rows + 1")
    database.execute("COMMIT")


def make_tables(database):
    """Make the tables, all or none."""
    if database.in_transaction:
        database.execute("ROLLBACK")
    database.execute("BEGIN IMMEDIATE")
    database.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, words TEXT NOT NULL)")
    database.execute("CREATE INDEX row_words ON row (words)")
    database.execute("CREATE TABLE total (n_rows INTEGER NOT NULL)")
    database.execute("INSERT INTO total VALUES (0)")
    database.execute("COMMIT")


def main(folder, n_rows, synchronous):
    """Commit the first half, open the database anew, commit the rest."""
    path, half = Path(folder) / DATABASE, n_rows // 2
    for rows in (range(1, half + 1), range(half + 1, n_rows + 1)):
        with closing(
            until_it_succeeds(lambda: opened(path, synchronous=synchronous))
        ) as database:
            if rows[0] == 1:
                until_it_succeeds(lambda: make_tables(database))
            for n in rows:
                until_it_succeeds(lambda: commit(database, n))  # noqa: B023
                acknowledge(n)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
