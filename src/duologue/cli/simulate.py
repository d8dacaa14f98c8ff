"""``duologue simulate``: made-up courses, written to a folder."""

import argparse
from pathlib import Path

from duologue import instruments
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
        for scenario in SCENARIOS.values():
            print(f"{scenario.name:18} {scenario.title}")
        return
    if chosen.folder is None:
        raise ParameterError("say where to: duologue simulate FOLDER.")
    if chosen.scenario is not None and chosen.scenario not in SCENARIOS:
        raise ParameterError(f"--scenario must be one of {', '.join(SCENARIOS)}.")
    for folder in write_practice(
        chosen.folder, seed=chosen.seed, scenario=chosen.scenario
    ):
        print(f"Made up: {folder}")


def write_practice(
    target: Path, *, seed: int, scenario: str | None = None
) -> list[Path]:
    """Write the six pairs below a new folder, or one pair as the folder itself.

    Raises
    ------
    FileError
        If the folder exists and is not empty, or cannot be written to.
    """
    prompts = instruments.prompts(Kind.THERAPY)
    if scenario is not None:
        if not target.parent.is_dir():
            raise FileError(str(target), "the folder above it does not exist.")
        write_course(course(SCENARIOS[scenario], prompts, seed=seed), target)
        return [target]
    written = []
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise FileError(str(target), "must be a new or an empty folder.")
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(str(target), f"cannot be made: {error.strerror}.") from None
    for made in practice(prompts, seed=seed):
        folder = target / made.dyad.code
        write_course(made, folder)
        written.append(folder)
    return written


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)
