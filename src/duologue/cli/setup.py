"""``duologue setup``: a folder for a practice, with its keys."""

import argparse
import os
from pathlib import Path

from duologue.cli import opening, passphrase, serving
from duologue.errors import FileError
from duologue.instruments.packs import Use
from duologue.web import databases
from duologue.web import folder as practice_folder

EPILOG = f"""\
Everything that is written in the practice is sealed with keys that its passphrase
opens. Nobody can find out or reset a passphrase. The recovery key opens the practice
and its backups should the passphrase be lost: put its file away from this machine, on
paper or on a stick in a safe place, and remove it here.

A new passphrase is all that is asked for here. What the practice is called, and what it
says to whoever needs someone, is asked on its first page; nobody can be invited before.

{passphrase.HOW}

examples:
  duologue setup              make the folder practice
  duologue setup elm --name "Elm" --crisis crisis.txt --recovery-key key.txt"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Make a folder for a practice, and its keys."
    parser.epilog = EPILOG
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        nargs="?",
        default=Path("practice"),
        help="where to; a new or empty folder (default practice)",
    )
    parser.add_argument("--name", help="what the practice is called on its pages")
    parser.add_argument(
        "--crisis",
        type=Path,
        metavar="FILE",
        help="a text: what the practice says to whoever needs someone now",
    )
    parser.add_argument(
        "--recovery-key",
        type=Path,
        metavar="FILE",
        help="where to write the recovery key (default FOLDER-recovery-key.txt)",
    )
    parser.add_argument(
        "--use",
        choices=[use.value for use in Use],
        help="what forms are filled in for there: a pack's licence must allow it",
    )
    passphrase.add_new_passphrase(parser)


def run(chosen: argparse.Namespace) -> None:
    """Make the folder, its keys and its tables."""
    serving.check_installed()
    from duologue.store.folder import UNFINISHED, sweep, sync_folder
    from duologue.store.keys.keyfile import new_recovery_key
    from duologue.store.safekeeping.unlocking import make_keys

    folder: Path = chosen.folder
    crisis = None if chosen.crisis is None else _text(chosen.crisis)
    key = chosen.recovery_key or _beside(folder)
    check_apart(key, folder)
    _check_room(folder)
    words = passphrase.new_passphrase(chosen)
    identity, recipient = new_recovery_key()
    practice_folder.make(folder)
    write_recovery_key(key, identity)
    with opening.in_use(folder, exchange=True):
        _check_room(folder)  # nobody else has come before us
        _clear(folder)
        sweep(folder)
        (folder / UNFINISHED).touch(mode=0o600)
        sync_folder(folder)
        make_keys(folder, words, recipient)
        practice_folder.set_up(folder, demo=False)
        from duologue.store.actions import set_up_practice
        from duologue.store.models import Practice

        if Practice.objects.exists():
            raise FileError(str(folder), "names a database that holds a practice.")
        set_up_practice(chosen.name, crisis, use=chosen.use)
        (folder / UNFINISHED).unlink()
        sync_folder(folder)
    print(
        f"The practice is in {folder}. Its recovery key is in {key}:\n"
        "put it away from this machine, and remove it here. With it and a backup anybody\n"
        "can read everything; without it and the passphrase, nobody.\n\n"
        f"  duologue serve {folder}\n"
        f"  duologue backup {folder} --to FOLDER-ON-ANOTHER-DISK"
    )


def _beside(folder: Path) -> Path:
    """Return where a recovery key is written if nobody says where: beside the folder."""
    named = folder if folder.name not in {"", ".."} else folder.resolve()
    return named.with_name(f"{named.name}-recovery-key.txt")


def _check_room(folder: Path) -> None:
    """Refuse a folder that holds anything but what a setup that was killed has left."""
    from duologue.store.folder import LOCK, UNFINISHED

    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if there - {LOCK, databases.SERVER} and UNFINISHED not in there:
        raise FileError(str(folder), "must be a new or an empty folder.")


def _clear(folder: Path) -> None:
    """Remove what a setup that was killed has left, as far as that is here."""
    from duologue.store.folder import OUTSIDE

    if databases.is_on_server(folder):
        for name in OUTSIDE:
            (folder / name).unlink(missing_ok=True)
    else:
        practice_folder.forget(folder)


def check_apart(path: Path, folder: Path) -> None:
    """Refuse a recovery key that would lie with what it opens, or replace a file.

    Raises
    ------
    FileError
        If it would.
    """
    if path.resolve().is_relative_to(folder.resolve()):
        raise FileError(str(path), "must not lie in the practice's folder.")
    if os.path.lexists(path):
        raise FileError(str(path), "is there already; name another file.")


def write_recovery_key(path: Path, identity: str) -> None:
    """Write a recovery key to a file of its own, for its owner alone.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    from duologue.store.folder import sync_folder

    text = (
        "# Recovery key of a practice in Duologue. It opens the practice and its\n"
        "# backups. Keep it away from both. Any program for the age format reads it.\n"
        f"{identity}\n"
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.resolve().parent)  # its name too: a key may hang on it alone
    except OSError as error:
        raise FileError(str(path), f"cannot be written: {error.strerror}.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise FileError(str(path), "must be a text in UTF-8.") from None
