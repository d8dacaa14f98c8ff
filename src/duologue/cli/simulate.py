"""``duologue simulate``: made-up courses, written to a folder."""

import argparse
import textwrap
from pathlib import Path

from duologue import instruments
from duologue.cli.building import built_for
from duologue.cli.stories import STORIES
from duologue.errors import FileError, ParameterError
from duologue.formats.course_folder import write_course
from duologue.records import Kind
from duologue.simulate import DEMO_SEED, SCENARIOS, course, practice

EPILOG = """\
Everything is made up from a stated model (docs/methods/simulation.md), says so in
every course.toml and on every page, and is the same for the same seed.

examples:
  duologue simulate practice                       all six pairs, a folder each
  duologue simulate pair --scenario both-quieter   one pair
  duologue simulate --list                         what the six are"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Write made-up courses, to try things out and to test with."
    parser.epilog = EPILOG
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, nargs="?", help="a new or empty folder"
    )
    parser.add_argument("--scenario", metavar="NAME", help="one pair only")
    parser.add_argument(
        "--seed",
        type=_seed,
        metavar="N",
        default=DEMO_SEED,
        help=f"another number makes another practice (default {DEMO_SEED})",
    )
    parser.add_argument("--list", action="store_true", help="list the scenarios")


def run(chosen: argparse.Namespace) -> None:
    """Write the courses, or list what there is."""
    if chosen.list:
        if chosen.folder is not None or chosen.scenario is not None:
            raise ParameterError("--list goes with nothing else.")
        _list()
        return
    if chosen.folder is None:
        raise ParameterError("say where to: duologue simulate FOLDER.")
    if chosen.scenario is not None and chosen.scenario not in SCENARIOS:
        raise ParameterError(f"--scenario must be one of {', '.join(SCENARIOS)}.")
    if chosen.scenario is None:
        written = _write_all(chosen.folder, chosen.seed)
    else:
        written = _write_one(chosen.folder, chosen.seed, chosen.scenario)
    for folder in written:
        print(f"Made up: {folder}")


def write_practice(folder: Path, *, seed: int) -> list[Path]:
    """Write the six pairs below a folder that is there, in the order of the demo."""
    courses = practice(instruments.prompts(Kind.THERAPY), seed=seed)
    for made in courses:
        write_course(made, folder / made.dyad.code)
    return [folder / made.dyad.code for made in courses]


def _write_all(target: Path, seed: int) -> list[Path]:
    """Write the practice to a new or empty folder: whole, or not at all."""
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise FileError(str(target), "must be a new or an empty folder.")
    except OSError as error:
        raise FileError(str(target), f"cannot be made: {error.strerror}.") from None
    with built_for(target) as new:
        written = write_practice(new, seed=seed)
    return [target / folder.name for folder in written]


def _write_one(target: Path, seed: int, scenario: str) -> list[Path]:
    """Write one pair as the folder itself."""
    if not target.parent.is_dir():
        raise FileError(str(target), "the folder above it does not exist.")
    prompts = instruments.prompts(Kind.THERAPY)
    write_course(course(SCENARIOS[scenario], prompts, seed=seed), target)
    return [target]


def _list() -> None:
    for scenario in SCENARIOS.values():
        print(f"{scenario.name:18} {scenario.title}")
        story = STORIES[scenario.name]
        print(textwrap.indent(textwrap.fill(story, 58), " " * 19))


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)
