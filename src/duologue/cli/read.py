"""``duologue read``: the reading of a course on disk."""

import argparse
import sys
import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from duologue import instruments, relationship
from duologue.cli.pages import write_page
from duologue.cli.terminal import print_json, printable
from duologue.errors import FileError, ParameterError, WhoIsWhoError
from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_json
from duologue.faces.as_text import show
from duologue.formats.course_folder import read_course
from duologue.formats.kinds import Holds, transcript_of, what_it_holds
from duologue.formats.ratings import read_ratings
from duologue.formats.transcripts import Speaker, read_transcript, speakers
from duologue.records import Course, Dyad, Kind, Prompts, Seat, Session, Turns
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
    parser.add_argument(
        "path", metavar="PATH", type=Path, help="a folder or a file; see below"
    )
    parser.add_argument(
        "--as",
        dest="reader",
        type=_reader,
        metavar=f"{{{','.join(READERS)}}}",
        default="ours",
        help="who reads",
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="leave out what came later"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--left-unsaid",
        action="store_true",
        help="show one's own answers on what was left unsaid, in the terminal",
    )
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
    if chosen.as_of is not None:
        _check_day(chosen.as_of, course)
    seen = _seen(course, chosen.reader)
    reading = relationship.read(seen, as_of=chosen.as_of)
    if chosen.html is not None:
        _write_page(reading, chosen.html, beside=chosen.path)
    if chosen.json:
        print_json(to_json(reading))
    elif chosen.html is None:
        _show(reading, asked=chosen.left_unsaid)
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
        chosen.path = transcript_of(chosen.path)
        return _transcript(chosen)
    _refuse(chosen, "a table of ratings", ("transcript",))
    return _ratings(chosen)


def _refuse(chosen: argparse.Namespace, what: str, options: tuple[str, ...]) -> None:
    """Refuse an option that would be passed over: it was meant to do something."""
    for option in options:
        if getattr(chosen, option) not in (None, False):
            name = {"value_range": "range", "as_of": "as-of"}.get(option, option)
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


def _check_day(as_of: date, course: Course) -> None:
    """Refuse a day that nobody has reached: it would leave nothing out."""
    today = datetime.now(tz=UTC).astimezone().date()
    days = [day for s in course.sessions if (day := s.day) is not None]
    if as_of > max([today, *days]):
        raise ParameterError("--as-of must be today or a day before it.")


# Who is who --------------------------------------------------------------------------


def _transcript(chosen: argparse.Namespace) -> Course:
    client, therapist = chosen.client or (), chosen.therapist or ()
    try:
        return _course_of(_turns(chosen, client, therapist))
    except WhoIsWhoError:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        seated = _ask(chosen)
        if seated is None:
            raise
    return _course_of(_turns(chosen, *seated))


def _turns(
    chosen: argparse.Namespace, client: Sequence[str], therapist: Sequence[str]
) -> Turns:
    return read_transcript(
        chosen.path,
        session=1,
        client=client,
        therapist=therapist,
        transcript_id=chosen.transcript,
        columns=chosen.columns,
    )


def _course_of(turns: Turns) -> Course:
    return Course(
        dyad=Dyad(code="transcript", client="client", therapist="therapist"),
        prompts=Prompts(id="none", version="1", items=()),
        sessions=(Session(number=1),),
        turns=(turns,),
    )


def _speakers(chosen: argparse.Namespace) -> tuple[Speaker, ...]:
    return speakers(
        chosen.path,
        client=chosen.client or (),
        therapist=chosen.therapist or (),
        transcript_id=chosen.transcript,
        columns=chosen.columns,
    )


def _list_speakers(chosen: argparse.Namespace) -> None:
    if what_it_holds(chosen.path, columns=chosen.columns) is not Holds.TRANSCRIPT:
        raise ParameterError("--speakers needs a transcript.")
    _refuse(chosen, "--speakers", ("as_of", "json", "html"))
    _refuse(chosen, "--speakers", ("pair", "items", "value_range"))
    table = Table("label", "segments", "words", "perhaps the", box=None)
    for speaker in _speakers(chosen):
        table.add_row(
            Text(printable(speaker.label)),
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


def _ask(
    chosen: argparse.Namespace,
) -> tuple[Sequence[str], Sequence[str]] | None:
    """Ask at the terminal who sits where; nothing is taken without an answer.

    Standard output is left to the reading. ``None`` where no answer could help: there
    are no two speakers, both seats were given, or nobody answers.
    """
    found = _speakers(chosen)
    if len(found) < len(Seat) or (chosen.client and chosen.therapist):
        return None
    console = Console(stderr=True, highlight=False, markup=False)
    for number in range(1, len(found) + 1):
        _introduce(chosen, console, found, number)
    console.print("Anybody else who speaks is left without a seat.\n")
    seats = {"client": chosen.client or (), "therapist": chosen.therapist or ()}
    for seat, labels in seats.items():
        if labels:
            continue
        taken = {label.casefold() for given in seats.values() for label in given}
        choices = {
            str(number): speaker.label
            for number, speaker in enumerate(found, start=1)
            if speaker.label.casefold() not in taken
        }
        try:
            number_given = Prompt.ask(
                f"Which number is the {seat}?", choices=[*choices], console=console
            )
        except EOFError:
            return None
        seats[seat] = (choices[number_given],)
    return seats["client"], seats["therapist"]


def _introduce(
    chosen: argparse.Namespace,
    console: Console,
    found: Sequence[Speaker],
    number: int,
) -> None:
    """Show one speaker with the first two lines, so that a person can tell who it is.

    The suggestion is a hint in words; it is no default.
    """
    speaker, other = found[number - 1], found[number % len(found)]
    hint = f"; perhaps the {speaker.suggestion}" if speaker.suggestion else ""
    label = printable(speaker.label)
    console.print(f"  {number}  {label} ({speaker.n_segments} segments{hint})")
    turns = _turns(chosen, [speaker.label], [other.label])
    said = [s.text for s in turns.segments if s.seat is Seat.CLIENT and s.text]
    for text in said[:2]:
        line = textwrap.shorten(printable(text), 66, placeholder=" …")
        console.print(f"       “{line}”")


# Who reads, and where it goes --------------------------------------------------------


def _seen(course: Course, reader: str) -> Seen:
    if reader == "ours":
        return seen_together(course)
    if reader == "research":
        return seen_in_research(course)

    return seen_by(course, course.dyad.person(Seat(reader)))


def _show(reading: Reading, *, asked: bool) -> None:
    show(reading, Console(highlight=False), asked=asked)


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
    if _is_same(target, beside):
        raise FileError(str(target), "the page must not replace what is read.")
    write_page(one_reading(reading), target)


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two names mean one file, through links too."""
    try:
        return one.samefile(other)
    except OSError:  # there is no such file, so it is not the same one
        return False


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


def _read_reader(text: str) -> str:
    if text not in READERS:
        raise ValueError
    return text


_reader = _argument(_read_reader, f"must be one of {', '.join(READERS)}")
_day = _argument(date.fromisoformat, "must be a day such as 2026-03-31")
_range = _argument(_read_range, "must be two numbers, low then high, such as 0:10")
_pairs = _argument(_read_pairs, "must be NAME or NAME=NAME, joined by commas")
