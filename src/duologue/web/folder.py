"""A practice's folder: its database, and the app set up for it."""

import os
from pathlib import Path

from duologue.errors import FileError, SealError
from duologue.store.folder import BESIDE, DATABASE, HEAD, OUTSIDE, WITHDRAWN
from duologue.web import databases
from duologue.web.databases import SERVER

SETTINGS = "duologue.web.settings"


def make(folder: Path) -> None:
    """Make a folder for a practice, for its owner alone, unless there is one.

    Raises
    ------
    FileError
        If it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from None


def has_database(folder: Path) -> bool:
    """Whether a folder holds a database that is not blank, or names one of a server."""
    database = folder / DATABASE
    is_here = database.is_file() and database.stat().st_size > 0
    return is_here or databases.is_on_server(folder)


def set_up(folder: Path, *, demo: bool = False, change: bool = True) -> tuple[str, ...]:
    """Make this process the app of one folder: tables are made if need be.

    Parameters
    ----------
    folder : pathlib.Path
        Where the practice is kept. Its keys must be held already.
    demo : bool
        Whether made-up people may sign in by a link.
    change : bool
        Whether tables are brought up to date. A practice that may be served meanwhile
        is not changed: one of another version is refused.

    Returns
    -------
    tuple of str
        What was damaged, and no longer is, in words.

    Raises
    ------
    FileError
        If the folder or its database cannot be used, or this process serves another
        already.
    """
    from django.conf import settings

    here = folder.resolve()
    if settings.configured and here != settings.FOLDER:
        raise FileError(str(folder), "another practice is open in this program.")
    databases.of(folder)
    if change:
        try:
            _make_private(folder)
        except OSError as error:
            raise _unusable(folder, error) from None
    os.environ["DUOLOGUE_FOLDER"] = str(here)
    os.environ["DUOLOGUE_DEMO"] = "yes" if demo else "no"
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    _start(folder, change=change)
    if not change:
        return ()
    _check_head(folder)
    return _list_withdrawn(folder)


def forget(folder: Path) -> None:
    """Remove the database of a folder and its keys: everything that was written.

    What SQLite keeps beside it goes first: left alone, it would be read into the next.
    The keys go last: a database without keys is not taken for a new practice.

    Raises
    ------
    FileError
        If the database is one of a server: whoever runs that removes it there.
    """
    if databases.is_on_server(folder):
        raise FileError(
            str(folder / SERVER),
            "names a database that is not removed from here; make an empty one there.",
        )
    for name in (*BESIDE, DATABASE, *OUTSIDE):
        (folder / name).unlink(missing_ok=True)


def _start(folder: Path, *, change: bool) -> None:
    """Start the app, and bring the tables of its database up to date."""
    import django
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError

    django.setup()
    databases.check(folder)
    try:
        if change:
            call_command("migrate", verbosity=0, interactive=False)
        else:
            call_command("migrate", verbosity=0, check_unapplied=True)
    except SystemExit:
        raise FileError(
            str(folder),
            "was written by another version of the program; `duologue serve` brings it "
            "up to date.",
        ) from None
    except (DatabaseError, CommandError):
        raise databases.unusable(folder) from None


def _check_head(folder: Path) -> None:
    """Refuse a database that is older than the head of its chain of events."""
    from duologue.store.chain import behind_head

    where = str(folder / HEAD)
    try:
        n_behind = behind_head(folder / HEAD)
    except SealError:
        raise FileError(
            where,
            "is damaged, so whether the database is an older one cannot be told. Remove "
            "it to go on all the same.",
        ) from None
    if n_behind:
        raise FileError(
            where,
            f"the database lacks {n_behind} events that it knows of: it is an older one, "
            "or another. `duologue restore` restores a backup; remove this file to go on "
            "with the older one all the same.",
        )


def _list_withdrawn(folder: Path) -> tuple[str, ...]:
    """Bring the list outside the database and the database to the same.

    After a crash the list may lack something. An older database does: what it does not
    know is withdrawn again, however it came to lie here.
    """
    from duologue.store.actions.replaying import withdraw_again
    from duologue.store.withdrawn import (
        drop_damaged,
        here,
        keep_outside,
        read_what_opens,
    )

    try:
        n_damaged = drop_damaged(here())
        n_again = withdraw_again(read_what_opens(here())[0])
        keep_outside(here())
    except OSError as error:
        raise _unusable(folder, error) from None
    found = []
    if n_damaged:
        found.append(f"{WITHDRAWN}: {n_damaged} of its lines could not be read.")
    if n_again:
        found.append(f"{WITHDRAWN}: the database did not know {n_again} of its lines.")
    return tuple(found)


def _make_private(folder: Path) -> None:
    """Make the database's file before SQLite does; all are for their owner alone."""
    if not databases.is_on_server(folder):
        os.close(os.open(folder / DATABASE, os.O_WRONLY | os.O_CREAT, 0o600))
    for name in (DATABASE, *BESIDE, *OUTSIDE):
        if (folder / name).exists():
            (folder / name).chmod(0o600)


def _unusable(folder: Path, error: OSError) -> FileError:
    return FileError(str(folder), f"cannot be used: {error.strerror}.")
