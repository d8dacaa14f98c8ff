"""``duologue rekey``: another passphrase, another recovery key, or other keys for all."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from duologue.cli import opening, passphrase
from duologue.cli.setup import check_apart, write_recovery_key
from duologue.errors import ParameterError
from duologue.web import folder as practice_folder

if TYPE_CHECKING:
    from duologue.store.safekeeping.unlocking import Opened

EPILOG = f"""\
A new passphrase takes a moment and leaves what is stored as it is. A copy of the key
file from before, as in a backup, still opens with the old one: if somebody who may have
such a copy knows the old passphrase, use --all: other keys for the database, for what
seals the keys of pairs, for signatures, and for the key file itself.
Backups from before stay as they are: sealed to the recovery key of their time.

The practice must not be served meanwhile. If this is interrupted, even by force, the
practice opens with the old passphrase or with the new one, and nothing is lost.

{passphrase.HOW}
The new one comes in the same way: --new-passphrase-fd.

examples:
  duologue rekey practice                            another passphrase
  duologue rekey practice --recovery-key key.txt     the passphrase is lost
  duologue rekey practice --all                      other keys as well
  duologue rekey practice --new-recovery-key k2.txt  another recovery key"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Change the passphrase, the recovery key, or every key."
    parser.epilog = EPILOG
    opening.add_folder(parser)
    parser.add_argument(
        "--recovery-key",
        type=Path,
        metavar="FILE",
        help="open the practice with its recovery key: the passphrase is lost",
    )
    parser.add_argument(
        "--all", action="store_true", help="seal the practice anew, with other keys"
    )
    parser.add_argument(
        "--new-recovery-key",
        type=Path,
        metavar="FILE",
        help="where to write another recovery key; the passphrase stays",
    )
    passphrase.add_new_passphrase(parser)


def run(chosen: argparse.Namespace) -> None:
    """Change what is asked for."""
    folder: Path = chosen.folder
    if chosen.new_recovery_key is not None:
        check_apart(chosen.new_recovery_key, folder)
    if chosen.new_recovery_key is not None and (
        chosen.all or chosen.new_passphrase_fd is not None
    ):
        raise ParameterError(
            "--new-recovery-key changes the recovery key alone; change the passphrase, "
            "or all, in a second step."
        )
    if chosen.all:
        opening.check_in_a_file(folder)
    with opening.alone(folder, exchange=True), opening.said_plainly(folder):
        opened = _opened(folder, chosen)
        if chosen.new_recovery_key is not None:
            said = _new_recovery(folder, opened, chosen.new_recovery_key)
        else:
            said = _new_passphrase(folder, opened, chosen)
        _note(folder)
    print(said)


def _opened(folder: Path, chosen: argparse.Namespace) -> "Opened":
    if chosen.recovery_key is None:
        return opening.unlock(folder, chosen, alone=True)
    from duologue.store.safekeeping.unlocking import unlock_by_recovery

    opening.check_database_in(folder)
    identity = passphrase.recovery_key(chosen.recovery_key)
    opened = unlock_by_recovery(folder, identity)
    opening.say_mended(opened.mended)
    return opened


def _new_recovery(folder: Path, opened: "Opened", path: Path) -> str:
    from duologue.store.keys.keyfile import new_recovery_key
    from duologue.store.safekeeping.rekeying import change_recovery

    identity, recipient = new_recovery_key()
    write_recovery_key(path, identity)
    change_recovery(folder, opened, recipient)
    return f"The new recovery key is in {path}: put it away from this machine now."


def _new_passphrase(folder: Path, opened: "Opened", chosen: argparse.Namespace) -> str:
    from duologue.store.safekeeping.rekeying import change_all, change_passphrase

    words = passphrase.new_passphrase(chosen)
    if chosen.all:
        change_all(folder, opened, words)
        return "The practice is sealed anew. The new passphrase holds from now on."
    change_passphrase(folder, opened, words)
    return "The new passphrase holds from now on."


def _note(folder: Path) -> None:
    """Note in the chain that keys have changed, once they have."""
    opening.say_mended(practice_folder.set_up(folder))
    from django.db import connections, transaction

    from duologue.store import chain
    from duologue.store.models.event import What

    with transaction.atomic():
        chain.append(What.REKEYED, at=datetime.now(UTC))
    connections.close_all()
