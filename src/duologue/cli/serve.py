"""``duologue serve``: a practice's pages, served to this machine alone."""

import argparse
from pathlib import Path

from duologue.cli import serving
from duologue.cli.demo import is_demo
from duologue.errors import FileError
from duologue.web import folder as practice_folder

EPILOG = """\
Only this machine is answered (the loopback address). People can come in only by the
links of a demo so far: a practice of real people has no way to sign in yet, and what
would be written in it is not yet sealed.

examples:
  duologue demo demo          make a made-up practice, and serve it
  duologue serve demo         serve it again, as it was left"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Serve the pages of a practice to this machine, until Ctrl-C."
    parser.epilog = EPILOG
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help="the folder of the practice"
    )
    serving.add_port(parser)


def run(chosen: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    folder: Path = chosen.folder
    if not practice_folder.has_database(folder):
        raise _none_in(folder)
    if not is_demo(folder):
        raise FileError(
            str(folder), "is not a demo, and nobody can sign in to any other yet."
        )
    serving.check_installed()
    with serving.listen(chosen.port) as sock:
        practice_folder.set_up(folder, demo=True)
        _check_people(folder)
        print(serving.where(sock, folder), flush=True)
        serving.serve(sock)


def _check_people(folder: Path) -> None:
    """Refuse a practice that was stopped before anybody was in it."""
    from duologue.store.queries import demo_people

    if not demo_people():
        raise _none_in(folder)


def _none_in(folder: Path) -> FileError:
    return FileError(str(folder), "holds no practice; `duologue demo` makes one.")
