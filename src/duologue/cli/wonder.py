"""``duologue wonder``: over a caseload, one thing a week that is unlike somebody's usual."""

import argparse
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from duologue.cli import packs
from duologue.cli.courses import course_at
from duologue.cli.read import day_of
from duologue.cli.terminal import print_json, printable
from duologue.errors import FileError
from duologue.instruments import Known
from duologue.practice.wonder import Shown, week_of, wonder_over
from duologue.records import Course, Seat
from duologue.relationship.templates import NO_CARD, WHAT_HELPS
from duologue.relationship.wonder import wonders
from duologue.sharing import Seen, seen_by, seen_in_research

EPILOG = """\
FOLDER is a course folder, or a folder of them: a therapist's caseload. Only what each
client has let open is looked at. One series is declared for all pairs before anybody
looks (trust, unless --series names another); further ones share with it what chance may
find. When a week has ended one of its cards is put, from Monday on. The rule, and how
often it is wrong, is in docs/methods/wonder.md.

examples:
  duologue wonder demo/practice                          this week's card, if any
  duologue wonder demo/practice --as-of 2026-06-30       as it was on that day
  duologue wonder demo/practice --series open --all      every card so far"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Show one thing a week at most, over a whole caseload, that is unlike a client's\n"
        "own usual: as a question. No card does not mean nothing is happening."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help="a course, or a folder of courses"
    )
    parser.add_argument(
        "--series",
        metavar="ITEM",
        default="",
        help="the declared scale (default trust)",
    )
    parser.add_argument(
        "--also", metavar="ITEM", action="append", default=[], help="a further scale"
    )
    parser.add_argument(
        "--as-of", type=day_of, metavar="YYYY-MM-DD", help="leave out what came later"
    )
    parser.add_argument(
        "--as",
        dest="reader",
        choices=["therapist", "research"],
        default="therapist",
        help="who reads (research sees all, only with consent)",
    )
    packs.define(parser)
    parser.add_argument("--all", action="store_true", help="every card, week by week")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(chosen: argparse.Namespace) -> None:
    """Show this week's card, or every card."""
    courses = _courses(chosen.folder, packs.known_of(chosen))
    caseload = [
        wonders(
            _seen(course, chosen.reader),
            declared=chosen.series,
            further=tuple(chosen.also),
        )
        for course in courses
    ]
    cards = wonder_over(caseload, as_of=chosen.as_of)
    codes = [course.dyad.code for course in courses]
    if not chosen.all:
        newest = _newest(courses)
        after = None if newest is None else newest + timedelta(weeks=1)
        now = chosen.as_of or after
        cards = [c for c in cards if now is not None and c.week == week_of(now)]
    if chosen.json:
        told = [{"pair": codes[each.place], **_as_json(each)} for each in cards]
        print_json(json.dumps(told, indent=2))
        return
    _show(cards, codes, made_up=all(c.made_up for c in courses), reader=chosen.reader)


def _courses(folder: Path, known: Known) -> list[Course]:
    """Read a course, or every course in a folder, in the order of their names."""
    if (folder / "course.toml").exists():
        return [course_at(folder, known)]
    try:
        inside = sorted(x for x in folder.iterdir() if (x / "course.toml").exists())
    except OSError as error:
        raise FileError(str(folder), f"cannot be read: {error.strerror}.") from None
    if not inside:
        raise FileError(str(folder), "must be a course folder, or hold some.")
    return [course_at(each, known) for each in inside]


def _seen(course: Course, reader: str) -> Seen:
    if reader == "research":
        return seen_in_research(course)
    return seen_by(course, course.dyad.person(Seat.THERAPIST))


def _newest(courses: Sequence[Course]) -> date | None:
    days = [s.day for course in courses for s in course.sessions if s.day is not None]
    return max(days, default=None)


def _show(
    cards: Sequence[Shown], codes: Sequence[str], *, made_up: bool, reader: str
) -> None:
    console = Console(highlight=False)
    if made_up:
        console.print("Made up: nobody here exists.\n")
    if reader == "research":
        console.print("Everything is read here, opened or not: only with consent.\n")
    for each in cards:
        found = each.card.finding
        # As text: what a file says is no markup.
        head = Text(printable(codes[each.place]), style="bold")
        console.print(head, f"from {each.week:%Y-%m-%d} on: {found.title}", sep=", ")
        for words in (found.sentence, found.how_sure):
            console.print(Padding(words, (0, 0, 0, 2)))
        if found.another_reading:
            console.print(
                Padding(f"Another reading: {found.another_reading}", (0, 0, 0, 2))
            )
        if found.question:
            console.print(Padding(found.question, (0, 0, 0, 2)))
        console.print("")
    if not cards:
        console.print("Nothing to wonder about this week.")
    elif reader == "therapist":
        console.print("What has helped others:")
        for line in WHAT_HELPS:
            console.print(Padding(f"- {line}", (0, 0, 0, 2)))
        console.print("")
    console.print(NO_CARD)


def _as_json(each: Shown) -> dict[str, object]:
    found = each.card.finding
    return {
        "week": each.week.isoformat(),
        "session": each.card.session,
        "item": found.item,
        "sentence": found.sentence,
        "how_sure": found.how_sure,
        "another_reading": found.another_reading,
        "question": found.question,
        "chance_rate": found.chance_rate,
        "strength": each.card.strength,
    }
