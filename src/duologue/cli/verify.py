"""``duologue verify``: every part of a practice, or of a backup, is opened and checked."""

import argparse
from pathlib import Path

from duologue.cli import opening, passphrase
from duologue.errors import FileError, ParameterError
from duologue.web import folder as practice_folder

EPILOG = f"""\
Checked are the key file and its copy, every page of the database, every key and every
sealed text, the chain of events against its head outside the database, and that nothing
of what was withdrawn is there. A backup is opened in a temporary folder, as a restore
would: with the recovery key. What anybody wrote is never printed.

{passphrase.HOW}

examples:
  duologue verify practice
  duologue verify backups/FILE.age --recovery-key key.txt"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Check a practice, or a backup, in every part."
    parser.epilog = EPILOG
    parser.add_argument(
        "what", metavar="FOLDER|BACKUP", type=Path, help="a practice, or a backup"
    )
    parser.add_argument(
        "--recovery-key",
        type=Path,
        metavar="FILE",
        help="the recovery key; a backup needs it",
    )
    passphrase.add_passphrase(parser)


def run(chosen: argparse.Namespace) -> None:
    """Check, and refuse if anything is wrong."""
    what: Path = chosen.what
    if what.is_dir():
        with opening.beside(what):
            opening.unlock(what, chosen)
            practice_folder.set_up(what, change=False)
            _report(what, str(what))
        return
    if not what.is_file():
        raise FileError(str(what), "is not there.")
    if chosen.recovery_key is None:
        raise ParameterError("a backup is opened with --recovery-key FILE.")
    from duologue.store.folder import folder_for_now

    with folder_for_now(what.parent, ".verify-") as near:
        opening.open_backup(what, near, chosen.recovery_key)
        _report(near, str(what))


def _report(folder: Path, where: str) -> None:
    from duologue.store.safekeeping.checking import check_practice

    found = check_practice(folder)
    for fault in found.faults:
        print(f"fault: {fault}")
    for notice in found.notices:
        print(f"note: {notice}")
    if found.faults:
        n = len(found.faults)
        raise FileError(where, f"is damaged: {n} fault{'s' * (n > 1)}, see above.")
    print(
        f"{where}: whole. {found.n_texts} sealed texts were opened, and a chain of "
        f"{found.n_events} events was followed to its head."
    )
