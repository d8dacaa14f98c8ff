"""``duologue serve``: a practice's pages, served to this machine alone."""

import argparse
from collections.abc import Callable
from pathlib import Path

from duologue.cli import opening, passphrase, serving
from duologue.cli.demo import is_demo
from duologue.cli.gate import Gate
from duologue.cli.minding import Minder
from duologue.web import carrier
from duologue.web import folder as practice_folder

EPILOG = f"""\
Only this machine is answered (the loopback address). While nobody works at the
practice, an address is shown by which the first person comes in; everybody else is
invited.

{passphrase.HOW}
With --locked it is served at once, shows nothing but that it is locked, and waits for
`duologue unlock`.

examples:
  duologue demo demo          make a made-up practice, and serve it
  duologue serve demo         serve it again, as it was left
  duologue serve practice --locked --port 8001"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Serve the pages of a practice to this machine, until Ctrl-C."
    parser.epilog = EPILOG
    opening.add_folder(parser)
    parser.add_argument(
        "--locked",
        action="store_true",
        help="wait for `duologue unlock` before anything is opened",
    )
    serving.add_port(parser)


def run(chosen: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    folder: Path = chosen.folder
    opening.check_practice_in(folder)
    minder = _minder(folder)
    with serving.listen(chosen.port) as sock, opening.alone(folder):
        gate = Gate(folder, lambda words: _open(folder, words, minder))
        if chosen.locked:
            with gate.waiting():
                said = serving.where_locked(sock, folder)
                serving.serve(sock, gate, said=said, minder=minder)
            return
        gate.open(passphrase.passphrase(folder, chosen))
        serving.serve(sock, gate, said=serving.where(sock, folder), minder=minder)


def _minder(folder: Path) -> Minder | None:
    """Return what sends notes by mail; a demonstration sends none, and reads no such file.

    Raises
    ------
    FileError
        If the folder says who carries the mail, and it cannot be read.
    """
    by = None if is_demo(folder) else carrier.of(folder)
    carrier.hold(by)
    if by is None:
        return None

    def look(stopped: Callable[[], bool]) -> float:
        from django.db import connection

        from duologue.web.reminder.sending import look as look_for_what_is_due

        try:
            return look_for_what_is_due(by, stopped=stopped)
        finally:
            connection.close()  # of this thread; the next look has one of its own

    return Minder(look)


def _open(folder: Path, words: str, minder: Minder | None) -> None:
    """Open the practice and start the app, and what sends notes by mail."""
    from duologue.store.safekeeping.unlocking import unlock

    opening.say_mended(unlock(folder, words, alone=True).mended)
    opening.check_database_in(folder)
    opening.say_mended(practice_folder.set_up(folder, demo=is_demo(folder)))
    if is_demo(folder):
        _check_people(folder)
    serving.warn_of_clock()
    if minder is not None:
        minder.start()


def _check_people(folder: Path) -> None:
    """Refuse a demo that was stopped before anybody was in it."""
    from duologue.store.queries import demo_people

    if not demo_people():
        raise opening.nothing_in(folder)
