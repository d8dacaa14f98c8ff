"""Opening a practice for a command: its lock, its keys, and the app set up for it."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from duologue.cli import passphrase, serving, terminal
from duologue.errors import FileError
from duologue.web import databases
from duologue.web import folder as practice_folder

if TYPE_CHECKING:  # what needs the packages of the app is loaded once they are there
    from duologue.store.safekeeping.unlocking import Opened


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Give a parser the practice, and how its passphrase comes."""
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help="the folder of the practice"
    )
    passphrase.add_passphrase(parser)


def check_practice_in(folder: Path) -> None:
    """Refuse where the packages of the app or a practice are missing.

    Raises
    ------
    ParameterError
        If the packages are.
    FileError
        If there is no practice in the folder.
    """
    serving.check_installed()
    from duologue.store.folder import UNFINISHED
    from duologue.store.safekeeping.unlocking import has_keys

    if (folder / UNFINISHED).exists():
        raise FileError(
            str(folder),
            "was not set up to its end, and holds nothing yet; give `duologue setup` again.",
        )
    if not has_keys(folder):
        raise FileError(
            str(folder),
            "holds no practice; `duologue setup` makes one, `duologue demo` a made-up one.",
        )


def check_database_in(folder: Path) -> None:
    """Refuse where there are keys and nothing that they open, as if it were a new one.

    Raises
    ------
    FileError
        If there is no database.
    """
    if not practice_folder.has_database(folder):
        raise nothing_in(folder)


def nothing_in(folder: Path) -> FileError:
    """Return the refusal of a folder with keys alone."""
    return FileError(
        str(folder),
        "holds no practice, only its keys; `duologue restore` makes it of a backup, "
        "`duologue demo` a made-up one.",
    )


def unlock(
    folder: Path, chosen: argparse.Namespace, *, alone: bool = False
) -> "Opened":
    """Open the keys of a practice with its passphrase.

    Raises
    ------
    PassphraseError
        If it is not the passphrase.
    FileError
        If there is no practice, or its key file is damaged.
    """
    check_practice_in(folder)
    check_database_in(folder)
    from duologue.store.safekeeping import unlocking

    words = passphrase.passphrase(folder, chosen)
    opened = unlocking.unlock(folder, words, alone=alone)
    say_mended(opened.mended)
    return opened


def say_mended(problems: Iterable[str]) -> None:
    """Say what was wrong, and no longer is."""
    for problem in problems:
        terminal.say(f"{problem} This has been mended.")


def check_in_a_file(folder: Path) -> None:
    """Refuse a practice that lies on a server, whose files are not here.

    Raises
    ------
    FileError
        If it does.
    """
    if databases.is_on_server(folder):
        raise FileError(
            str(folder),
            "lies on a PostgreSQL server: back it up there, with pg_dump, and keep its "
            "key file with that; what is in words is sealed in it, the rest is not.",
        )


@contextmanager
def alone(folder: Path, *, exchange: bool = False) -> Iterator[None]:
    """Have a practice for oneself, so that none of its files is exchanged under anybody.

    Parameters
    ----------
    folder : pathlib.Path
        The practice.
    exchange : bool
        Whether its files are to be exchanged: then nobody may read them meanwhile.

    Raises
    ------
    FileError
        If there is no practice, or another program has it.
    """
    check_practice_in(folder)
    with in_use(folder, exchange=exchange):
        yield


@contextmanager
def in_use(folder: Path, *, exchange: bool = False) -> Iterator[None]:
    """Have a folder for oneself, whether there is a practice in it or not.

    Raises
    ------
    FileError
        If another program has it.
    """
    from duologue.store.safekeeping import in_use as lock

    with (lock.exchanging if exchange else lock.in_use)(folder):
        yield


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Read a practice that may be served meanwhile.

    Raises
    ------
    FileError
        If there is no practice, or another program is exchanging its files.
    """
    check_practice_in(folder)
    from duologue.store.safekeeping.in_use import reading

    with reading(folder):
        yield


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Turn what the database of the app refuses into one line.

    Raises
    ------
    FileError
        Instead of the engine's own error, of which nothing is told.
    """
    from django.db import DatabaseError

    from duologue.store.folder import DATABASE

    try:
        yield
    except DatabaseError:
        raise FileError(
            str(folder / DATABASE),
            "is damaged, or cannot be written to; `duologue verify` says more.",
        ) from None


def open_backup(backup: Path, into: Path, key: Path) -> "Opened":
    """Open a backup with the recovery key in an empty folder, and set the app up there.

    Raises
    ------
    PassphraseError
        If the recovery key does not open it.
    FileError
        If it is no backup, or damaged.
    """
    serving.check_installed()
    from duologue.store.safekeeping.unlocking import unlock_by_recovery
    from duologue.store.safekeeping.unpacking import unpack

    identity = passphrase.recovery_key(key)
    unpack(backup, into, identity)
    opened = unlock_by_recovery(into, identity)
    practice_folder.set_up(into)
    return opened
