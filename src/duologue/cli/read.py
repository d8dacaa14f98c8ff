"""``duologue read``: the reading of a course on disk."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from duologue import instruments, relationship
from duologue.cli import packs
from duologue.cli.arguments import argument
from duologue.cli.courses import course_at
from duologue.cli.forms_out import send_forms
from duologue.cli.pages import as_bytes, write_files
from duologue.cli.terminal import print_json, tell
from duologue.cli.who_is_who import Talk, list_speakers, seated_turns
from duologue.errors import FileError, ParameterError
from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_json
from duologue.faces.as_pdf import to_pdf
from duologue.faces.as_text import show
from duologue.formats.alone import recording_alone, transcript_alone
from duologue.formats.kinds import Holds, transcript_of, what_it_holds
from duologue.formats.motion import MotionColumns, read_motion
from duologue.formats.ratings import ROLES as RATING_ROLES
from duologue.formats.ratings import marks_sharing, read_ratings
from duologue.formats.transcripts.csv_file import ROLES as TRANSCRIPT_ROLES
from duologue.instruments import Known
from duologue.records import Course, Kind, Modality, Seat
from duologue.relationship import Reading
from duologue.sharing import Seen, seen_by, seen_in_research, seen_together

NOT_COMPARED = (
    "duologue: {} of its recordings left out: what compares them in seconds is not here\n"
    "(duologue[corpus]). `duologue read` of the recording itself takes some minutes."
)
READERS = ("client", "therapist", "ours", "research")

EPILOG = f"""\
what PATH may be:
  a course folder     course.toml, sessions.csv, reflections.csv, session-007/ ...
  a transcript        .vtt .srt .cha .txt, or .csv with a column of text
  ratings             .csv, long (session, seat, item, value) or wide (session,
                      client_open, therapist_open, ...)
  a recording         motion energy, voice or physiology of both: .csv or .txt, with
                      --rate or --time; .csv of time_s, client, therapist needs none

a table's columns, which --columns ROLE=NAME,... calls by other names:
  ratings             {", ".join(RATING_ROLES)}
  transcript          {", ".join(TRANSCRIPT_ROLES)}

items (--items ID=NAME,...):
  `duologue instruments after_session` lists the ids of a therapy pair's items, with
  their types, ranges and options; any other ID becomes a scale

who reads (--as):
  ours                only what both answered and both chose to open (default)
  client, therapist   that person's own answers, and what has opened
  research            everything, and says so; only with consent

examples:
  duologue read course-folder --as therapist --html page.html
  duologue read course-folder --as client --pdf course.pdf
  duologue read talk.vtt --client "Label one" --therapist "Label two"
  duologue read talk.vtt --speakers
  duologue read motion.txt --client 1 --therapist 2 --rate 25
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
        "--as-of", type=day_of, metavar="YYYY-MM-DD", help="leave out what came later"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--left-unsaid",
        action="store_true",
        help="show what was left unsaid, in the terminal and in a PDF",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write one self-contained page"
    )
    parser.add_argument(
        "--pdf", type=Path, metavar="FILE", help="write it for paper, nothing folded"
    )
    parser.add_argument(
        "--fhir",
        type=Path,
        metavar="FILE",
        help="write the filled-in forms for another program, and stop",
    )
    packs.define(parser)
    files = parser.add_argument_group("ratings, transcripts and recordings")
    for seat in ("client", "therapist"):
        files.add_argument(
            f"--{seat}",
            metavar="LABEL",
            action="append",
            help=f"the {seat}'s label; of a recording the column",
        )
    files.add_argument("--rate", type=_rate, metavar="HZ", help="samples a second")
    files.add_argument("--time", metavar="COLUMN", help="time stamps in seconds")
    files.add_argument(
        "--modality",
        choices=[str(each) for each in Modality],
        help="what a recording is of (default motion)",
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
    """Read, and show on the terminal, as JSON, as a page or on paper."""
    holds = what_it_holds(
        chosen.path,
        columns=chosen.columns,
        is_recording=not (chosen.rate is None and chosen.time is None),
    )
    path = transcript_of(chosen.path) if holds is Holds.TRANSCRIPT else chosen.path
    if chosen.speakers:
        _speakers(chosen, holds, path)
        return
    if chosen.fhir is not None:
        _refuse(chosen, "--fhir", ("json", "html", "pdf", "left_unsaid"))
    known = packs.known_of(chosen)
    course = _course(chosen, holds, path, known)
    if course.recorded:
        course = _with_synchrony(course, is_asked=holds is Holds.RECORDING)
    if chosen.as_of is not None:
        _check_day(chosen.as_of, course)
    seen = _seen(course, chosen.reader)
    if chosen.fhir is not None:
        send_forms(seen, chosen.fhir, known, as_of=chosen.as_of)
        return
    reading = relationship.read(seen, as_of=chosen.as_of, known=known)
    # Made before anything is written, so that a fault on the way changes nothing.
    told = to_json(reading) if chosen.json else None
    files = _files(reading, chosen, beside=path)
    write_files(files)
    if told is not None:
        print_json(told)
    elif not files:
        _show(reading, asked=chosen.left_unsaid)
        _hint(chosen, holds)
    else:
        print("\n".join(f"Written: {file}" for file in files))


def _course(
    chosen: argparse.Namespace, holds: Holds, path: Path, known: Known
) -> Course:
    if holds is Holds.RECORDING:
        return _recording(chosen)
    of_recordings = ("rate", "time", "modality")
    if holds is Holds.COURSE:
        _refuse(chosen, "a course folder", of_recordings)
        _refuse(chosen, "a course folder", ("pair", "items", "value_range", "columns"))
        _refuse(chosen, "a course folder", ("client", "therapist", "transcript"))
        return course_at(path, known)
    _refuse(chosen, "a table of ratings or a transcript", ("pack", "fhir"))
    _refuse(chosen, "a table of ratings or a transcript", of_recordings)
    if holds is Holds.TRANSCRIPT:
        _refuse(chosen, "a transcript", ("pair", "items", "value_range"))
        return transcript_alone(seated_turns(_talk(chosen, path)))
    _refuse(chosen, "a table of ratings", ("transcript",))
    return _ratings(chosen)


def _speakers(chosen: argparse.Namespace, holds: Holds, path: Path) -> None:
    if holds is not Holds.TRANSCRIPT:
        raise ParameterError("--speakers needs a transcript.")
    _refuse(chosen, "--speakers", ("as_of", "json", "html", "pdf", "fhir", "pack"))
    _refuse(chosen, "--speakers", ("pair", "items", "value_range"))
    list_speakers(_talk(chosen, path))


def _talk(chosen: argparse.Namespace, path: Path) -> Talk:
    return Talk(
        path=path,
        client=chosen.client or (),
        therapist=chosen.therapist or (),
        transcript=chosen.transcript,
        columns=chosen.columns,
    )


RENAMED = {"value_range": "range"}
"""Options that are called otherwise on the command line."""


def _refuse(chosen: argparse.Namespace, what: str, options: tuple[str, ...]) -> None:
    """Refuse an option that would be passed over: it was meant to do something."""
    for option in options:
        if getattr(chosen, option) not in (None, False):
            name = RENAMED.get(option, option.replace("_", "-"))
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
        whole=chosen.reader == "research",
    )


def _with_synchrony(course: Course, *, is_asked: bool) -> Course:
    """Compare the recordings of a course; where that takes minutes, only if asked."""
    from duologue.corpus.recorded import (  # noqa: PLC0415 - slow to load
        is_quick,
        with_synchrony,
    )

    if not (is_asked or is_quick()):
        print(NOT_COMPARED.format(len(course.recorded)), file=sys.stderr)
        return course
    return with_synchrony(course, tell=tell)


def _recording(chosen: argparse.Namespace) -> Course:
    _refuse(chosen, "a recording", ("pack", "fhir", "transcript", "speakers"))
    _refuse(chosen, "a recording", ("pair", "items", "value_range", "columns", "as_of"))
    time = chosen.time or (None if chosen.rate else "time_s")
    columns = MotionColumns(
        client=_column(chosen.client, "client"),
        therapist=_column(chosen.therapist, "therapist"),
        time_s=time,
    )
    modality = Modality(chosen.modality or Modality.MOTION)
    motion = read_motion(
        chosen.path, columns, rate=chosen.rate, signed=modality is not Modality.MOTION
    )
    return recording_alone(motion, modality)


def _column(given: list[str] | None, name: str) -> tuple[str, ...]:
    """Return somebody's columns: those that are joined by + or given one by one."""
    return tuple(part for each in given or [name] for part in each.split("+"))


def _check_day(as_of: date, course: Course) -> None:
    """Refuse a day that nobody has reached: it would leave nothing out."""
    today = datetime.now(tz=UTC).astimezone().date()
    days = [day for s in course.sessions if (day := s.day) is not None]
    if as_of > max([today, *days]):
        raise ParameterError("--as-of must be today or a day before it.")


# Who reads, and where it goes --------------------------------------------------------


def _seen(course: Course, reader: str) -> Seen:
    if reader == "ours":
        return seen_together(course)
    if reader == "research":
        return seen_in_research(course)

    return seen_by(course, course.dyad.person(Seat(reader)))


def _show(reading: Reading, *, asked: bool) -> None:
    show(reading, Console(highlight=False), asked=asked)


def _hint(chosen: argparse.Namespace, holds: Holds) -> None:
    """Say why a table of ratings shows nothing: it does not say what was opened.

    By its header alone: what is in the rows may be one person's own.
    """
    if chosen.reader != "ours" or holds is not Holds.RATINGS:
        return
    if not marks_sharing(chosen.path, columns=chosen.columns):
        print(
            "This file marks nothing as shared, so nothing has opened to both. "
            "With consent, --as research reads everything.",
            file=sys.stderr,
        )


def _files(
    reading: Reading, chosen: argparse.Namespace, *, beside: Path
) -> dict[Path, bytes]:
    """Make the files that were asked for, before any of them is written."""
    asked = [target for target in (chosen.html, chosen.pdf) if target is not None]
    for target in asked:
        if _is_same(target, beside):
            raise FileError(str(target), "the page must not replace what is read.")
    if len({target.absolute() for target in asked}) < len(asked):
        raise ParameterError("--html and --pdf must name two files.")
    files = {}
    if chosen.html is not None:
        files[chosen.html] = as_bytes(one_reading(reading))
    if chosen.pdf is not None:
        files[chosen.pdf] = to_pdf(reading, asked=chosen.left_unsaid)
    return files


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two names mean one file, through links too."""
    try:
        return one.samefile(other)
    except OSError:  # there is no such file, so it is not the same one
        return False


# How an argument is read -----------------------------------------------------------


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


def _read_rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate < 1e6:
        raise ValueError
    return rate


def _read_reader(text: str) -> str:
    if text not in READERS:
        raise ValueError
    return text


_reader = argument(_read_reader, f"must be one of {', '.join(READERS)}")
_rate = argument(_read_rate, "must be a number above 0")
day_of = argument(date.fromisoformat, "must be a day such as 2026-03-31")
_range = argument(_read_range, "must be two numbers, low then high, such as 0:10")
_pairs = argument(_read_pairs, "must be NAME or NAME=NAME, joined by commas")
