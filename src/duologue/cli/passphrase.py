"""The practice's passphrase: asked for, or handed over; never an argument or a variable.

An argument is seen by everybody on the machine, and what stands in the environment is
inherited by every program that is started.
"""

import argparse
import getpass
import os
import sys
from pathlib import Path

from duologue.errors import FileError, ParameterError, PassphraseError
from duologue.store.keys.keyfile import check_passphrase

CREDENTIAL = "duologue-passphrase"
DEMO_PASSPHRASE = "made-up-passphrase"  # noqa: S105 - the name of a file
DEMO_RECOVERY_KEY = "made-up-recovery-key"
"""In a demo's folder: a demo keeps nothing private, and opens by itself."""

LONGEST = 4096

HOW = f"""\
The passphrase is asked for. A program can hand it over instead: by a file descriptor
(--passphrase-fd 3 3<FILE), or as the systemd credential
{CREDENTIAL}."""


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Give a parser the option for the passphrase."""
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase from this file descriptor",
    )


def add_new_passphrase(parser: argparse.ArgumentParser) -> None:
    """Give a parser the option for a new passphrase."""
    parser.add_argument(
        "--new-passphrase-fd",
        type=int,
        metavar="N",
        help="read the new passphrase from this file descriptor",
    )


def passphrase(folder: Path, chosen: argparse.Namespace) -> str:
    """Return the passphrase of a practice, however it comes.

    Raises
    ------
    ParameterError
        If nobody can be asked, or what is handed over cannot be read.
    """
    if chosen.passphrase_fd is not None:
        return _from_descriptor(chosen.passphrase_fd, "--passphrase-fd")
    for path in (_credential(), folder / DEMO_PASSPHRASE):
        if path is not None and path.is_file():
            return passphrase_in(path)
    return _ask("Passphrase of the practice: ")


def passphrase_in(path: Path) -> str:
    """Return the passphrase that a file holds.

    Raises
    ------
    FileError
        If it cannot be read.
    ParameterError
        If it holds none.
    """
    try:
        return _stripped(path.read_bytes(), str(path))
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None


def new_passphrase(chosen: argparse.Namespace) -> str:
    """Return a new passphrase, asked for twice.

    Raises
    ------
    PassphraseError
        If it is too short, or the two are not the same.
    ParameterError
        If nobody can be asked, or what is handed over cannot be read.
    """
    if chosen.new_passphrase_fd is not None:
        found = _from_descriptor(chosen.new_passphrase_fd, "--new-passphrase-fd")
        check_passphrase(found)
        return found
    found = _ask("New passphrase: ", option="--new-passphrase-fd")
    check_passphrase(found)
    if found != _ask("The same once more: "):
        raise PassphraseError("passphrase", "the two are not the same.")
    return found


def recovery_key(path: Path) -> str:
    """Return the recovery key that a file holds; lines of comment are left out.

    Raises
    ------
    FileError
        If it cannot be read, or holds none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        lines = []
    for line in lines:
        if line.strip().startswith("AGE-SECRET-KEY-"):
            return line.strip()
    raise FileError(str(path), "holds no recovery key.")


def _credential() -> Path | None:
    """Return where systemd puts the credential: the variable names a folder only."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(folder) / CREDENTIAL if folder else None


def _from_descriptor(number: int, option: str) -> str:
    try:
        with os.fdopen(number, "rb", closefd=number > 2) as file:
            return _stripped(file.read(LONGEST + 2), option)
    except OSError as error:
        raise ParameterError(f"{option} cannot be read: {error.strerror}.") from None


def _stripped(content: bytes, where: str) -> str:
    """Return a passphrase without the end of its line."""
    if len(content) > LONGEST:
        raise ParameterError(f"{where}: a passphrase has at most {LONGEST} bytes.")
    try:
        found = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ParameterError(f"{where}: a passphrase is text in UTF-8.") from None
    if not found or "\n" in found:
        raise ParameterError(f"{where}: a passphrase is one line.")
    return found


def _ask(prompt: str, *, option: str = "--passphrase-fd") -> str:
    if not sys.stdin.isatty():
        raise ParameterError(
            f"nobody can be asked for the passphrase here; hand it over by {option}."
        )
    return getpass.getpass(prompt, stream=sys.stderr)
