"""A practice's folder: its database, its signing key, and the app set up for it."""

import os
import secrets
import tempfile
from pathlib import Path

from duologue.errors import FileError
from duologue.web import databases
from duologue.web.databases import DATABASE, SERVER

SETTINGS = "duologue.web.settings"
KEY = "signing-key"
BESIDE = tuple(f"{DATABASE}-{end}" for end in ("wal", "shm", "journal"))
"""What SQLite keeps beside the database while it writes."""


def set_up(folder: Path, *, demo: bool) -> None:
    """Make this process the app of one folder: keys and tables are made if need be.

    Parameters
    ----------
    folder : pathlib.Path
        Where the practice is kept; made if need be, for its owner alone.
    demo : bool
        Whether made-up people may sign in by a link.

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
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        databases.of(folder)
        _make_key(folder / KEY)
        if not databases.is_on_server(folder):
            _make_private(folder / DATABASE)
    except OSError as error:
        raise FileError(str(folder), f"cannot be used: {error.strerror}.") from None
    os.environ["DUOLOGUE_FOLDER"] = str(here)
    os.environ["DUOLOGUE_DEMO"] = "yes" if demo else "no"
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    _make_tables(folder)


def has_database(folder: Path) -> bool:
    """Whether a folder holds a database, or names one."""
    return (folder / DATABASE).is_file() or databases.is_on_server(folder)


def forget(folder: Path) -> None:
    """Remove the database of a folder, and with it everything that was written.

    What SQLite keeps beside it goes first: left alone, it would be read into the next.

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
    for name in (*BESIDE, DATABASE):
        (folder / name).unlink(missing_ok=True)


def _make_tables(folder: Path) -> None:
    """Start the app, and bring the tables of its database up to date."""
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    django.setup()
    databases.check(folder)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError:
        raise databases.unusable(folder) from None


def _make_key(path: Path) -> None:
    """Make the key that signs visits and links, once, readable by its owner alone.

    It is there whole or not at all: half a key would be taken for one.
    """
    if not path.exists():
        made, name = tempfile.mkstemp(prefix=f".{KEY}-", dir=path.parent)
        with os.fdopen(made, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        Path(name).replace(path)
    path.chmod(0o600)


def _make_private(path: Path) -> None:
    """Make the database's file before SQLite does, readable by its owner alone."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    path.chmod(0o600)
