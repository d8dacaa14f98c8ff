"""``duologue restore``: a practice made of a backup, with what was withdrawn since."""

import argparse
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from duologue.cli import opening, passphrase, terminal
from duologue.errors import FileError

if TYPE_CHECKING:
    from duologue.store.keys.ring import Ring
    from duologue.store.models import Withdrawal

EPILOG = """\
The backup is opened and checked in every part first; nothing is touched before. What
was withdrawn after it was made is withdrawn again, as far as any of these lists tells:
the one in FOLDER, the one beside the backup, the one in it. So is what let somebody in
and has ended: passkeys, an app's codes, recovery codes, invitations. Every visit ends,
and passwords are those of the backup. The passphrase is the one that held when the
backup was made. A practice that is in FOLDER already is kept there,
in a folder of its own; other files are left alone.

examples:
  duologue restore backups/FILE.age practice --recovery-key key.txt
  duologue restore backups/FILE.age practice --recovery-key key.txt --replace"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Make a practice of a backup again."
    parser.epilog = EPILOG
    parser.add_argument("backup", metavar="BACKUP", type=Path, help="the backup")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where to")
    parser.add_argument(
        "--recovery-key",
        required=True,
        type=Path,
        metavar="FILE",
        help="the recovery key",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="take the place of the practice that is in FOLDER, and keep that one aside",
    )


def run(chosen: argparse.Namespace) -> None:
    """Restore."""
    from duologue.cli import serving

    serving.check_installed()
    from duologue.store.folder import LOCK, RESTORING, folder_for_now, sweep
    from duologue.store.safekeeping.placing import keep_aside, put_in_place
    from duologue.web import folder as practice_folder

    folder: Path = chosen.folder
    opening.check_in_a_file(folder)
    passphrase.recovery_key(chosen.recovery_key)
    practice_folder.make(folder)
    if any(path.name != LOCK for path in folder.iterdir()) and not chosen.replace:
        raise FileError(
            str(folder), "is not empty; --replace keeps what is there, aside."
        )
    with opening.in_use(folder, exchange=True), opening.said_plainly(folder):
        sweep(folder)
        with folder_for_now(folder, RESTORING) as new:
            said = _made(chosen.backup, new, folder, chosen.recovery_key)
            kept = keep_aside(folder, now=datetime.now(UTC))
            put_in_place(new, folder)
    print(said)
    if kept is not None:
        print(f"What was there before is in {kept}.")


def _made(backup: Path, new: Path, folder: Path, key: Path) -> str:
    """Open the backup in a folder of its own, check it and bring it up to date."""
    opened = opening.open_backup(backup, new, key)
    from django.db import connections, transaction

    from duologue.store import chain
    from duologue.store.actions.replaying import end_visits, withdraw_again
    from duologue.store.chain import Head
    from duologue.store.folder import HEAD, WITHDRAWN
    from duologue.store.models import Event, Room
    from duologue.store.models.event import What
    from duologue.store.safekeeping.backup import withdrawn_beside
    from duologue.store.safekeeping.checking import check_practice, refuse_if_damaged
    from duologue.store.withdrawn import keep_outside

    refuse_if_damaged(check_practice(new), str(backup))
    paths = (folder / WITHDRAWN, withdrawn_beside(backup, opened.keys))
    lists = [*map(_listed, paths), _of_the_replaced(folder, opened.ring)]
    with transaction.atomic():
        n = sum(map(withdraw_again, lists))
        Room.objects.all().delete()  # of minutes that are long over
        end_visits()
        chain.append(What.RESTORED, at=datetime.now(UTC))
    keep_outside(new / WITHDRAWN)
    last = Event.objects.latest("number")
    (new / HEAD).unlink(missing_ok=True)
    chain.write_head(new / HEAD, Head(number=last.number, digest=bytes(last.digest)))
    connections.close_all()
    return (
        f"{backup} is restored in {folder}. Withdrawn again since it was made: {n}.\n"
        "Everybody signs in again: with a password of the day of the backup, or a passkey "
        "that\nwas there then and was not removed since; else with a recovery code. "
        "Whoever came by an\ninvitation since then is invited again."
    )


def _of_the_replaced(folder: Path, ring: "Ring") -> "list[Withdrawal]":
    """Return what the database that is there knows was withdrawn, if it can be asked.

    It may know of something that did not come onto the list before a crash. A copy is
    asked: it is to be kept as it lies there.
    """
    from sqlcipher3 import dbapi2 as sqlcipher

    from duologue.store.folder import BESIDE, DATABASE, RESTORING, folder_for_now
    from duologue.store.models import Withdrawal
    from duologue.store.safekeeping.database import open_database
    from duologue.store.withdrawn import TOLD

    if not (folder / DATABASE).is_file():
        return []
    names = ("ref", *TOLD)
    try:
        with folder_for_now(folder, RESTORING) as near:
            for name in (DATABASE, *BESIDE):
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, near / name)
            with closing(open_database(near / DATABASE, ring)) as database:
                rows = database.execute(
                    f"SELECT {', '.join(names)} FROM store_withdrawal"  # noqa: S608
                ).fetchall()
    except (sqlcipher.DatabaseError, FileError):
        terminal.say(
            "the database that is there could not be asked what was withdrawn."
        )
        return []
    return [Withdrawal(**dict(zip(names, row, strict=True))) for row in rows]


def _listed(path: Path) -> "list[Withdrawal]":
    """Return what a list tells was withdrawn, and say so if not all of it can be read."""
    from duologue.store.withdrawn import read_what_opens

    found, n_damaged = read_what_opens(path)
    if n_damaged:
        terminal.say(
            f"{path}: {n_damaged} of {n_damaged + len(found)} lines are damaged, or of "
            "another practice: what they tell of is not withdrawn again."
        )
    return found
