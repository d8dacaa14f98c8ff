"""``duologue demo``: a made-up practice, as files to read and as an app to walk into."""

import argparse
import os
import secrets
import shutil
import sys
from pathlib import Path

from duologue.cli import opening, serving
from duologue.cli.building import built_for
from duologue.cli.courses import course_at
from duologue.cli.gate import Gate
from duologue.cli.pages import write_page
from duologue.cli.passphrase import (
    DEMO_PASSPHRASE,
    DEMO_RECOVERY_KEY,
    passphrase_in,
)
from duologue.cli.simulate import write_practice
from duologue.cli.stories import STORIES
from duologue.errors import FileError
from duologue.faces.as_html import Part, practice
from duologue.instruments import SHIPPED
from duologue.relationship import read
from duologue.sharing import seen_each_way
from duologue.simulate import DEMO_SEED, SCENARIOS
from duologue.web import folder as practice_folder

MARKER, PRACTICE, PAGE = "made-up.txt", "practice", "practice.html"
MARKER_TEXT = (
    "Everything in this folder is made up by `duologue demo`. No such people, no such\n"
    "sessions. What you write in the app is kept until `duologue demo --fresh`.\n"
)

EPILOG = """\
The files of an earlier demo in the folder are replaced. What was written in the app is
kept, unless --fresh is given. Other files are left alone.

examples:
  duologue demo                          make it in the folder demo, and serve it
  duologue demo --fresh                  start anew
  duologue demo --files-only             no app: the folders and the page
  duologue read demo/practice/pair-D     a rupture and a mend, as the two see it
  duologue read demo/practice/pair-D --as client
  duologue read demo/practice/pair-M --as therapist --json"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Make a practice of made-up people: six pairs as folders to read and as one\n"
        "page, and an app to walk into, served to this machine until Ctrl-C."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        nargs="?",
        default=Path("demo"),
        help="where to; a new folder, or an earlier demo (default demo)",
    )
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--fresh",
        action="store_true",
        help="start anew; what was written in the app is lost",
    )
    either.add_argument(
        "--files-only", action="store_true", help="no app: the folders and the page"
    )
    serving.add_port(parser)


def run(chosen: argparse.Namespace) -> None:
    """Make the demo, or find it as it was left, and serve it."""
    folder: Path = chosen.folder
    _check_room(folder)
    if chosen.files_only:
        print(_make_files(folder))
        return
    serving.check_installed()
    with serving.listen(chosen.port) as sock:
        where = _make_files(folder)
        with opening.in_use(folder):
            if chosen.fresh:
                practice_folder.forget(folder)
            gate = Gate(folder, lambda words: _open(folder, words))
            gate.open(_passphrase(folder))
            _make_practice()
            print(where)
            serving.serve(sock, gate, said=serving.where(sock, folder))


def _make_files(folder: Path) -> str:
    """Make the folders of the six pairs and the page of them; return where they are."""
    with built_for(folder) as new:
        (new / MARKER).write_text(MARKER_TEXT, encoding="utf-8", newline="\n")
        (new / PRACTICE).mkdir()
        courses = write_practice(new / PRACTICE, seed=DEMO_SEED)
        write_page(_page(courses), new / PAGE)
        return _where(folder)


def _passphrase(folder: Path) -> str:
    """Return a passphrase that lies beside what it opens: a demo hides nothing."""
    from duologue.store.folder import replace_file

    path = folder / DEMO_PASSPHRASE
    if not path.exists():
        replace_file(path, f"made up: {secrets.token_urlsafe(16)}\n".encode())
    return passphrase_in(path)


def _open(folder: Path, words: str) -> None:
    """Open the practice, with keys that are made if there are none, and start the app."""
    from duologue.store.folder import replace_file
    from duologue.store.keys.keyfile import new_recovery_key
    from duologue.store.safekeeping import unlocking

    if unlocking.has_keys(folder):
        unlocking.unlock(folder, words, alone=True)
    else:
        identity, recipient = new_recovery_key()
        replace_file(folder / DEMO_RECOVERY_KEY, f"{identity}\n".encode())
        unlocking.make_keys(folder, words, recipient)
    practice_folder.set_up(folder, demo=True)


def _make_practice() -> None:
    """Fill the store with made-up people unless it holds some, saying how far it is."""
    from duologue.corpus.recorded import is_quick, with_synchrony
    from duologue.relationship.spoken import spoken_in
    from duologue.store.made_up import make_practice
    from duologue.store.queries import demo_people
    from duologue.web.clock import now

    if demo_people():
        return
    _tell("Making the practice:")
    make_practice(
        seed=DEMO_SEED,
        now=now(),
        tell=lambda line: _tell(f"  {line}"),
        compare=with_synchrony if is_quick() else None,
        count=spoken_in,
    )


def _tell(line: str) -> None:
    """Print how far it is, at once: a pipe would keep it back until the end."""
    print(line, flush=True)


def _page(courses: list[Path]) -> str:
    return practice(
        _parts(courses),
        title="A made-up practice",
        lead=(
            "Six pairs that do not exist, to show what client and therapist each see, "
            "and what they see together. Start with the rupture and the mend."
        ),
    )


def _where(folder: Path) -> str:
    """Say what files there are, and what to type to read one."""
    example = SCENARIOS["rupture-and-mend"].initial
    read_one = f"{_command()} read {folder / PRACTICE / f'pair-{example}'}"
    return (
        f"Six made-up pairs are in {folder / PRACTICE}, and on one page:\n\n"
        f"  {(folder / PAGE).resolve().as_uri()}\n  {read_one}\n"
        f"  {read_one} --as client\n"
    )


def _command() -> str:
    """Return what to type for this program: its path where no search finds it."""
    beside = Path(sys.executable).with_name("duologue")
    if shutil.which("duologue") is not None or not beside.exists():
        return "duologue"
    return os.path.relpath(beside)


def _check_room(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier demo."""
    try:
        if folder.exists() and not folder.is_dir():
            raise FileError(str(folder), "must be a folder.")
        if folder.exists() and any(folder.iterdir()) and not is_demo(folder):
            raise FileError(
                str(folder), "exists and holds something else; name another folder."
            )
        if _added(folder / PRACTICE):
            raise FileError(
                str(folder / PRACTICE),
                "holds something that was not made here; move it away first.",
            )
    except OSError as error:
        raise FileError(str(folder), f"cannot be made: {error.strerror}.") from None


def _added(practice_folder: Path) -> bool:
    """Whether somebody has put a folder or file of their own beside the six pairs."""
    if not practice_folder.is_dir():
        return False
    ours = {f"pair-{scenario.initial}" for scenario in SCENARIOS.values()}
    return any(path.name not in ours for path in practice_folder.iterdir())


def is_demo(folder: Path) -> bool:
    """Whether an earlier run left its label here, word for word."""
    marker = folder / MARKER
    return marker.is_file() and marker.read_bytes() == MARKER_TEXT.encode()


def _parts(folders: list[Path]) -> list[Part]:
    """Read each pair back from disk, as the two together and as each alone."""
    parts = []
    for scenario, folder in zip(SCENARIOS.values(), folders, strict=True):
        course = course_at(folder, SHIPPED)
        parts.append(
            Part(
                id=scenario.name,
                title=f"{scenario.initial}: {scenario.title}",
                lead=STORIES[scenario.name],
                readings=tuple(map(read, seen_each_way(course))),
            )
        )
    return parts
