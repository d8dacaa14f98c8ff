"""Which database holds a practice: a file in its folder, or one of a PostgreSQL server."""

from importlib.util import find_spec
from pathlib import Path

from duologue.errors import FileError
from duologue.store.folder import DATABASE
from duologue.store.keys import ring
from duologue.web import toml_file

SERVER = "postgresql.toml"
"""The file that names a database elsewhere, in the place of the one in the folder."""

LONGEST = {"name": 63, "user": 63, "host": 255}
KEYS = (*LONGEST, "port")
PATIENCE_S = {"wait": 20, "connect": 10}
"""Seconds to wait for another's change, on either database, and for a server's answer."""

Settings = dict[str, object]

# One change of a pair sees what the one before it has written, and what is written is
# on the disk, whatever the server's own defaults are.
_SESSION = (
    r"-c default_transaction_isolation=read\ committed -c synchronous_commit=on "
    f"-c lock_timeout={PATIENCE_S['wait']}s"
)


def is_on_server(folder: Path) -> bool:
    """Whether the folder names a database of a server."""
    named = folder / SERVER
    return named.exists() or named.is_symlink()  # one that leads nowhere is no absence


def of(folder: Path) -> dict[str, Settings]:
    """Return Django's ``DATABASES`` for the practice in a folder.

    Raises
    ------
    FileError
        If ``postgresql.toml`` cannot be read, holds anything but the name of a database,
        a user, a host and a port, or needs a package that is not installed. The message
        names the key, never what it holds.
    """
    found = _server(folder / SERVER) if is_on_server(folder) else _file(folder)
    return {"default": found}


def check(folder: Path) -> None:
    """Refuse a server's database that cannot be reached or cannot hold every character.

    What the server says of it is not repeated: who may come in is between the two. The
    app must have been set up for this folder.

    Raises
    ------
    FileError
        If it cannot be used; a file is not looked at.
    """
    from django.db import DatabaseError, NotSupportedError, connection

    if not is_on_server(folder):
        return
    where = str(folder / SERVER)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()
    except NotSupportedError:
        raise FileError(where, "must name a PostgreSQL 14 or later.") from None
    except DatabaseError:
        raise FileError(
            where,
            "names a database that cannot be reached: the server must run, have it, and "
            "let this user in.",
        ) from None
    if encoding != ("UTF8",):
        raise FileError(where, "must name a database whose encoding is UTF8.")


def unusable(folder: Path) -> FileError:
    """Return the error for a database in which tables cannot be made."""
    if is_on_server(folder):
        problem = "must name a database in which tables can be made."
        return FileError(str(folder / SERVER), problem)
    problem = "is damaged, or is no practice's database that can be written to."
    return FileError(str(folder / DATABASE), problem)


def _file(folder: Path) -> Settings:
    return {
        "ENGINE": "duologue.store.sqlcipher",
        "NAME": folder / DATABASE,
        "OPTIONS": {
            "key": ring.database_key,
            # An answer is one commit: losing one is worse than a slow save.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE_S["wait"],
        },
    }


def _server(path: Path) -> Settings:
    found = _read(path)
    host = found.get("host", "")
    options: Settings = {
        "options": _SESSION,
        "connect_timeout": PATIENCE_S["connect"],
        # Answers travel beside the statement, not in it: what shows or logs statements
        # does not show them.
        "server_side_binding": True,
    }
    if host not in toml_file.HERE:
        # Nothing crosses a network readable; on the machine's own socket it says nothing.
        options["sslmode"] = "verify-full"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found["name"],
        "USER": found.get("user", ""),
        "HOST": host,
        "PORT": found.get("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a pooler in between may be used
        "OPTIONS": options,
    }


def _read(path: Path) -> dict[str, str]:
    """Return what the file says, each key checked."""
    where = str(path)
    if find_spec("psycopg") is None:
        problem = "needs a package that is not installed (duologue[clinic])."
        raise FileError(where, problem)
    found = toml_file.read(path)
    if "password" in found:
        raise FileError(
            where,
            "password must not stand here: PostgreSQL lets a user of this machine in by "
            "peer authentication, or takes it from a password file of its own.",
        )
    for key, value in found.items():
        if key not in KEYS:
            raise FileError(where, f"{key} is not one of {', '.join(KEYS)}.")
        if key == "port":
            toml_file.check_port(where, value)
        else:
            _check_word(where, key, value)
    if "name" not in found:
        raise FileError(where, "name must name the database.")
    return {key: str(value) for key, value in found.items()}


def _check_word(where: str, key: str, value: object) -> None:
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= LONGEST[key]
        or not value.isprintable()
        or "," in value  # to PostgreSQL, several hosts
    ):
        problem = f"{key} must be 1 to {LONGEST[key]} characters without a comma."
        raise FileError(where, problem)
