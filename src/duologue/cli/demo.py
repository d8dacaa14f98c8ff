"""``duologue demo``: a made-up practice of six pairs, read and laid out on one page."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from duologue import instruments
from duologue.cli.building import built_for
from duologue.cli.pages import write_page
from duologue.cli.simulate import write_practice
from duologue.cli.stories import STORIES
from duologue.errors import FileError
from duologue.faces.as_html import Part, practice
from duologue.formats.course_folder import read_course
from duologue.relationship import read
from duologue.sharing import seen_by, seen_together
from duologue.simulate import DEMO_SEED, SCENARIOS

MARKER, PRACTICE, PAGE = "made-up.txt", "practice", "practice.html"
MARKER_TEXT = (
    "Everything in practice and practice.html is made up by `duologue demo`. No such\n"
    "people, no such sessions. The command replaces both when it runs again.\n"
)

EPILOG = """\
An earlier demo in the folder is replaced; other files are left alone.

examples:
  duologue demo                          into the folder demo
  duologue read demo/practice/pair-D     a rupture and a mend, as the two see it
  duologue read demo/practice/pair-D --as client
  duologue read demo/practice/pair-M --as therapist --json"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Write six made-up pairs to a folder, read them back from disk, and lay\n"
        "them out on one page that opens in any browser."
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


def run(chosen: argparse.Namespace) -> None:
    """Make the demo and say where it is."""
    folder: Path = chosen.folder
    _check_room(folder)
    with built_for(folder) as new:
        (new / MARKER).write_text(MARKER_TEXT, encoding="utf-8", newline="\n")
        (new / PRACTICE).mkdir()
        courses = write_practice(new / PRACTICE, seed=DEMO_SEED)
        write_page(_page(courses), new / PAGE)
        where = _where(folder, example=courses[2].name)
    print(where)


def _page(courses: list[Path]) -> str:
    return practice(
        _parts(courses),
        title="A made-up practice",
        lead=(
            "Six pairs that do not exist, to show what client and therapist each see, "
            "and what they see together. Start with the rupture and the mend."
        ),
    )


def _where(folder: Path, *, example: str) -> str:
    """Say what is where, and what to type next."""
    read_one = f"{_command()} read {folder / PRACTICE / example}"
    return (
        f"Six made-up pairs are in {folder / PRACTICE}.\n"
        f"Open this page in a browser:\n\n  {(folder / PAGE).resolve().as_uri()}\n\n"
        f"Or read one here:\n\n  {read_one}\n  {read_one} --as client"
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
        if folder.exists() and any(folder.iterdir()) and not _is_demo(folder):
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


def _is_demo(folder: Path) -> bool:
    """Whether an earlier run left its label here, word for word."""
    marker = folder / MARKER
    return marker.is_file() and marker.read_bytes() == MARKER_TEXT.encode()


def _parts(folders: list[Path]) -> list[Part]:
    """Read each pair back from disk, as the two together and as each alone."""
    parts = []
    for scenario, folder in zip(SCENARIOS.values(), folders, strict=True):
        course = read_course(
            folder, instruments.prompts, check_answer=instruments.check_answer
        )
        seen = (
            seen_together(course),
            seen_by(course, course.dyad.client),
            seen_by(course, course.dyad.therapist),
        )
        parts.append(
            Part(
                id=scenario.name,
                title=f"{scenario.initial}: {scenario.title}",
                lead=STORIES[scenario.name],
                readings=tuple(read(s) for s in seen),
            )
        )
    return parts
