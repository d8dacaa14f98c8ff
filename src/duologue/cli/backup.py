"""``duologue backup``: a sealed copy of a practice, read back before it counts."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from duologue.cli import opening, passphrase
from duologue.web import folder as practice_folder

EPILOG = f"""\
The practice may be served meanwhile. The file can be opened with the recovery key alone
(it is an age file) and holds the practice as it is stored: sealed with its own keys. It
is written, read back and compared before this command says so. Beside it is a list, of
random names and sealed, of what has been withdrawn: keep it with the backups, so that
none of them brings that back.

{passphrase.HOW}

examples:
  duologue backup practice --to /media/stick/backups
  duologue verify /media/stick/backups/FILE.age --recovery-key key.txt"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Write a sealed copy of a practice, and read it back."
    parser.epilog = EPILOG
    opening.add_folder(parser)
    parser.add_argument(
        "--to",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="where to; best on another disk",
    )


def run(chosen: argparse.Namespace) -> None:
    """Write a backup."""
    folder: Path = chosen.folder
    opening.check_in_a_file(folder)
    with opening.beside(folder), opening.said_plainly(folder):
        made = _made(folder, chosen)
        print(
            f"{made}\nwas written, read back and compared. Only the recovery key opens "
            "it.",
            flush=True,
        )
        _check(folder)


def _made(folder: Path, chosen: argparse.Namespace) -> Path:
    opened = opening.unlock(folder, chosen)
    practice_folder.set_up(folder, change=False)
    from django.db import transaction

    from duologue.store import chain
    from duologue.store.models.event import What
    from duologue.store.safekeeping.backup import make_backup, withdrawn_beside
    from duologue.store.withdrawn import keep_outside

    now = datetime.now(UTC)
    with transaction.atomic():
        chain.append(What.BACKED_UP, at=now)
    made = make_backup(folder, chosen.to, opened, now=now)
    keep_outside(withdrawn_beside(made, opened.keys))
    return made


def _check(folder: Path) -> None:
    """Say of what is in the backup that it would not be restored as it is.

    It is kept all the same: it may be all that there is one day.
    """
    from duologue.store.safekeeping.checking import check_inside, refuse_if_damaged

    refuse_if_damaged(check_inside(folder), str(folder))
