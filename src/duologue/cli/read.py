"""``duologue read``: the reading of a course on disk."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from duologue import instruments, relationship
from duologue.cli.pages import write_page
from duologue.errors import FileError, ParameterError, WhoIsWhoError
from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_json
from duologue.faces.as_text import show
from duologue.formats.course_folder import read_course
from duologue.formats.kinds import Holds, what_it_holds
from duologue.formats.ratings import read_ratings
from duologue.formats.transcripts import Speaker, read_transcript, speakers
from duologue.records import Course, Dyad, Kind, Prompts, Seat, Session
from duologue.relationship import Reading
from duologue.sharing import Seen, seen_by, seen_in_research, seen_together

READERS = ("client", "therapist", "ours", "research")

EPILOG = """\
what PATH may be:
  a course folder     course.toml, sessions.csv, reflections.csv, session-007/ ...
  a transcript        .vtt .srt .cha .txt, or .csv with a column of text
  ratings             .csv, long (session, seat, item, value) or wide (session,
                      client_open, therapist_open, ...)

who reads (--as):
  ours                only what both answered and both chose to open (default)
  client, therapist   that person's own answers, and what has opened
  research            everything, and says so; only with consent

examples:
  duologue read course-folder --as therapist --html page.html
  duologue read talk.vtt --client "Label one" --therapist "Label two"
  duologue read talk.vtt --speakers
  duologue read ratings.csv --pair 7 --items open=1,safe=2 --range 0:10 --as research
  duologue read diary.csv --columns pair=couple,session=day,seat=who \\
      --client A --therapist B --items closeness --range 0:10 --as research"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Read what two people answered and said, with how sure one may be."
    )
    parser.epilog = EPILOG
    parser.add_argument("path", metavar="PATH", type=Path)
    parser.add_argument(
        "--as", dest="reader", choices=READERS, default="ours", help="who reads"
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="leave out what came later"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write one self-contained page"
    )
    files = parser.add_argument_group("ratings and transcripts")
    files.add_argument(
        "--client", metavar="LABEL", action="append", help="the client's label"
    )
    files.add_argument(
        "--therapist", metavar="LABEL", action="append", help="the therapist's label"
    )
    files.add_argument(
        "--speakers", action="store_true", help="list a transcript's labels and stop"
    )
    files.add_argument("--transcript", metavar="ID", help="which one of a table")
    files.add_argument("--pair", metavar="CODE", help="which pair of a table")
    files.add_argument(
        "--items", type=_pairs, metavar="ID=NAME,...", help="items and their columns"
    )
    files.add_argument(
        "--range",
        dest="value_range",
        type=_range,
        metavar="LOW:HIGH",
        help="the file's scale, mapped to 0 to 100 (write --range=-5:15 for a minus)",
    )
    files.add_argument(
        "--columns", type=_pairs, metavar="ROLE=NAME,...", help="names of columns"
    )


def run(chosen: argparse.Namespace) -> None:
    """Read, and show on the terminal, as JSON or as a page."""
    if chosen.speakers:
        _list_speakers(chosen)
        return
    course = _course(chosen)
    seen = _seen(course, chosen.reader)
    reading = relationship.read(seen, as_of=chosen.as_of)
    if chosen.html is not None:
        _write_page(reading, chosen.html, beside=chosen.path)
    if chosen.json:
        print(to_json(reading))
    elif chosen.html is None:
        _show(reading)
        _hint(chosen, course)
    else:
        print(f"Written: {chosen.html}")


def _course(chosen: argparse.Namespace) -> Course:
    holds = what_it_holds(chosen.path, columns=chosen.columns)
    if holds is Holds.COURSE:
        _refuse(chosen, "a course folder", ("pair", "items", "value_range", "columns"))
        _refuse(chosen, "a course folder", ("client", "therapist", "transcript"))
        return read_course(chosen.path, instruments.prompts)
    if holds is Holds.TRANSCRIPT:
        _refuse(chosen, "a transcript", ("pair", "items", "value_range"))
        return _transcript(chosen)
    _refuse(chosen, "a table of ratings", ("transcript",))
    return _ratings(chosen)


def _refuse(chosen: argparse.Namespace, what: str, options: tuple[str, ...]) -> None:
    """Refuse an option that would be passed over: it was meant to do something."""
    for option in options:
        if getattr(chosen, option) is not None:
            name = "range" if option == "value_range" else option
            raise ParameterError(f"--{name} does not go with {what}.")


def _ratings(chosen: argparse.Namespace) -> Course:
    return read_ratings(
        chosen.path,
        prompts=instruments.prompts(Kind.THERAPY),
        pair=chosen.pair,
        items=chosen.items,
        value_range=chosen.value_range or (0.0, 100.0),
        columns=chosen.columns,
        client=tuple(chosen.client or ("client",)),
        therapist=tuple(chosen.therapist or ("therapist",)),
    )


def _transcript(chosen: argparse.Namespace) -> Course:
    def read(client: list[str], therapist: list[str]) -> Course:
        turns = read_transcript(
            chosen.path,
            session=1,
            client=client,
            therapist=therapist,
            transcript_id=chosen.transcript,
            columns=chosen.columns,
        )
        return Course(
            dyad=Dyad(code="transcript", client="client", therapist="therapist"),
            prompts=Prompts(id="none", version="1", items=()),
            sessions=(Session(number=1),),
            turns=(turns,),
        )

    try:
        return read(chosen.client or [], chosen.therapist or [])
    except WhoIsWhoError:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        client, therapist = _ask(chosen)
        return read([client], [therapist])


def _speakers(chosen: argparse.Namespace) -> tuple[Speaker, ...]:
    return speakers(
        chosen.path,
        client=chosen.client or (),
        therapist=chosen.therapist or (),
        transcript_id=chosen.transcript,
        columns=chosen.columns,
    )


def _list_speakers(chosen: argparse.Namespace) -> None:
    table = Table("label", "segments", "words", "perhaps the", box=None)
    for speaker in _speakers(chosen):
        table.add_row(
            Text(speaker.label),
            str(speaker.n_segments),
            str(speaker.n_words),
            speaker.suggestion or "",
        )
    console = Console()
    console.print(table)
    console.print(
        "Say who is who with --client LABEL --therapist LABEL. The last column is a "
        "suggestion from counts of “you” and “I”; it is never used by itself."
    )


def _ask(chosen: argparse.Namespace) -> tuple[str, str]:
    """Ask at the terminal who sits where; nothing is taken without an answer."""
    _list_speakers(chosen)
    found = {str(i): s for i, s in enumerate(_speakers(chosen), start=1)}
    console = Console(stderr=True)
    for number, speaker in found.items():
        console.print(f"  {number}  {speaker.label}", markup=False)
    seats: dict[str, str] = {}
    for seat in ("client", "therapist"):
        left = [n for n in found if n not in seats.values()]
        seats[seat] = Prompt.ask(
            f"Which number is the {seat}?", choices=left, console=console
        )
    return found[seats["client"]].label, found[seats["therapist"]].label


def _seen(course: Course, reader: str) -> Seen:
    if reader == "ours":
        return seen_together(course)
    if reader == "research":
        return seen_in_research(course)

    return seen_by(course, course.dyad.person(Seat(reader)))


def _show(reading: Reading) -> None:
    show(reading, Console(highlight=False))


def _hint(chosen: argparse.Namespace, course: Course) -> None:
    """Say why a table of ratings shows nothing: it does not say what was opened."""
    nothing = not any(a.shared for r in course.reflections for a in r.answers)
    if chosen.reader == "ours" and chosen.path.is_file() and nothing:
        if not course.reflections:
            return
        print(
            "This file marks nothing as shared, so nothing has opened to both. "
            "With consent, --as research reads everything.",
            file=sys.stderr,
        )


def _write_page(reading: Reading, target: Path, *, beside: Path) -> None:
    if target.resolve() == beside.resolve():
        raise FileError(str(target), "the page must not replace what is read.")
    write_page(one_reading(reading), target)


# How an argument is read -----------------------------------------------------------


def _argument(read: Callable[[str], Any], allowed: str) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(allowed) from error

    return parse


def _read_range(text: str) -> tuple[float, float]:
    low, high = (float(part) for part in text.split(":"))
    if not low < high or high - low == float("inf"):
        raise ValueError
    return low, high


def _read_pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if not name or name in found or ("=" in part and not value):
            raise ValueError
        found[name] = value or name
    return found


_day = _argument(date.fromisoformat, "must be a day such as 2026-03-31")
_range = _argument(_read_range, "must be two numbers, low then high, such as 0:10")
_pairs = _argument(_read_pairs, "must be NAME or NAME=NAME, joined by commas")
