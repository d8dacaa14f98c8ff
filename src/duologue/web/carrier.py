"""Who carries a practice's mail: nobody, unless a file in its folder says who.

Whoever runs the program writes the file; a demonstration never reads it.
"""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from duologue.errors import FileError
from duologue.web import toml_file

MAIL = "mail.toml"
"""The file that names the server which takes mail."""

KEYS = ("host", "port", "sender", "user", "password_file", "tls")
LONGEST = {"host": 255, "sender": 254, "user": 255, "password_file": 4096}
LONGEST_PASSWORD = 1024
PORT = 465
"""Where TLS is spoken from the first byte on; at any other port it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """The server that takes mail, and from whom it comes."""

    host: str
    port: int
    sender: str
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """What stands behind the @ of the sender."""
        return self.sender.rpartition("@")[2]


class _Held:
    """Who carries the mail of the practice that this program serves."""

    carrier: Carrier | None = None


def hold(carrier: Carrier | None) -> None:
    """Let this one carry the mail from now on; ``None`` lets nobody."""
    _Held.carrier = carrier


def current() -> Carrier | None:
    """Return who carries the mail, ``None`` if nobody does."""
    return _Held.carrier


def notes_offered() -> bool:
    """Whether somebody can ask for notes; a demonstration shows it, and sends none."""
    from django.conf import settings

    return settings.DEMO or _Held.carrier is not None


def of(folder: Path) -> Carrier | None:
    """Return who carries the mail of the practice in a folder, ``None`` if nobody does.

    Raises
    ------
    FileError
        If ``mail.toml``, or the password file that it names, cannot be used. The message
        names the key, never what it holds.
    """
    path = folder / MAIL
    if not (path.exists() or path.is_symlink()):  # one that leads nowhere is no absence
        return None
    found, where = toml_file.read(path), str(path)
    _check_keys(where, found)
    words = {key: _word(where, key, found[key]) for key in LONGEST if key in found}
    port, tls = found.get("port", PORT), found.get("tls", True)
    toml_file.check_port(where, port)
    if not isinstance(tls, bool):
        raise FileError(where, "tls must be true or false.")
    if not tls and words["host"] not in toml_file.HERE:
        problem = "tls can be false only where host is this machine."
        raise FileError(where, problem)
    _check_sender(where, words["sender"])
    password = _password(folder / words["password_file"]) if "user" in words else ""
    return Carrier(
        host=words["host"],
        port=int(str(port)),
        sender=words["sender"],
        tls=tls,
        user=words.get("user", ""),
        password=password,
    )


def _check_keys(where: str, found: dict[str, object]) -> None:
    if "password" in found:
        raise FileError(
            where,
            "password must not stand here: password_file names a file that holds it.",
        )
    if not set(found) <= set(KEYS):
        raise FileError(where, f"takes {', '.join(KEYS)}, and nothing else.")
    for key, what in (("host", "the server"), ("sender", "the address it comes from")):
        if key not in found:
            raise FileError(where, f"{key} must name {what}.")
    if ("user" in found) != ("password_file" in found):
        raise FileError(where, "user and password_file stand there together, or not.")


def _word(where: str, key: str, value: object) -> str:
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= LONGEST[key]
        or not (value.isascii() and value.isprintable())
        or (key == "host" and " " in value)
    ):
        problem = f"{key} must be 1 to {LONGEST[key]} plain characters."
        raise FileError(where, problem)
    return value


def _check_sender(where: str, sender: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(sender)
    except ValidationError:
        problem = "sender must be an address alone, as notes@example.org."
        raise FileError(where, problem) from None


def _password(path: Path) -> str:
    """Return what a file holds that only its owner may read."""
    where = str(path)
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise FileError(where, "must be for its owner alone (chmod 600).")
        with path.open("rb") as file:
            content = file.read(LONGEST_PASSWORD + 2)
    except OSError as error:
        raise FileError(where, f"cannot be read: {error.strerror}.") from None
    password = content.decode("latin-1").rstrip("\r\n")
    if (
        not 0 < len(password) <= LONGEST_PASSWORD
        or not password.isascii()
        or not password.isprintable()
    ):
        problem = f"must hold a password alone, of 1 to {LONGEST_PASSWORD} characters."
        raise FileError(where, problem)
    return password
