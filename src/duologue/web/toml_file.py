"""Reading the files with which a practice's folder says what it uses elsewhere."""

import re
import tomllib
from pathlib import Path

from duologue.errors import FileError

HIGHEST_PORT = 65535
HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts that are this machine: what goes there crosses no network."""


def read(path: Path) -> dict[str, object]:
    """Return what a file says; its content is in no message.

    Raises
    ------
    FileError
        If it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line ([0-9]+)", str(error))
        problem = "must be TOML: key = value, with text in quotation marks."
        place = int(line[1]) if line else None
        raise FileError(str(path), problem, line=place) from None


def check_port(where: str, value: object) -> None:
    """Refuse what is no port.

    Raises
    ------
    FileError
        If it is not.
    """
    if type(value) is not int or not 0 < value <= HIGHEST_PORT:
        problem = f"port must be a whole number, 1 to {HIGHEST_PORT}."
        raise FileError(where, problem)
