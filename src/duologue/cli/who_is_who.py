"""Who sits in which seat: told on the command line, or asked, never assumed.

Whatever is shown of a transcript here goes to the person at the terminal, and to
standard error where a reading goes to standard output.
"""

import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from duologue.cli.terminal import printable
from duologue.errors import WhoIsWhoError
from duologue.formats.transcripts import Speaker, read_transcript, speakers
from duologue.records import Seat, Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A transcript, and what was said of it on the command line.

    ``client`` and ``therapist`` are the labels given for each seat, empty where none.
    """

    path: Path
    client: Sequence[str] = ()
    therapist: Sequence[str] = ()
    transcript: str | None = None
    columns: Mapping[str, str] | None = None
    session: int = 1


def seated_turns(talk: Talk) -> Turns:
    """Read the transcript; at a terminal, ask who is who where that is not known.

    Raises
    ------
    WhoIsWhoError
        If it is not known and nobody can be asked, or answers.
    """
    try:
        return _turns(talk)
    except WhoIsWhoError:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        answered = _ask(talk)
        if answered is None:
            raise
    return _turns(answered)


def list_speakers(talk: Talk) -> None:
    """Print the labels of a transcript, how much each says, and a suggestion."""
    table = Table("label", "segments", "words", "perhaps the", box=None)
    for speaker in _speakers(talk):
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


def _turns(talk: Talk) -> Turns:
    return read_transcript(
        talk.path,
        session=talk.session,
        client=talk.client,
        therapist=talk.therapist,
        transcript_id=talk.transcript,
        columns=talk.columns,
    )


def _speakers(talk: Talk) -> tuple[Speaker, ...]:
    return speakers(
        talk.path,
        client=talk.client,
        therapist=talk.therapist,
        transcript_id=talk.transcript,
        columns=talk.columns,
    )


def _ask(talk: Talk) -> Talk | None:
    """Ask at the terminal who sits where; nothing is taken without an answer.

    ``None`` where no answer could help: there are no two speakers, both seats were
    given, or nobody answers.
    """
    found = _speakers(talk)
    if len(found) < len(Seat) or (talk.client and talk.therapist):
        return None
    console = Console(stderr=True, highlight=False, markup=False)
    for number in range(1, len(found) + 1):
        _introduce(talk, console, found, number)
    console.print("Anybody else who speaks is left without a seat.\n")
    seats = {Seat.CLIENT: talk.client, Seat.THERAPIST: talk.therapist}
    try:
        for seat, labels in seats.items():
            if not labels:
                seats[seat] = [_ask_for(seat, found, seats, console)]
    except EOFError:
        return None
    return replace(talk, client=seats[Seat.CLIENT], therapist=seats[Seat.THERAPIST])


def _ask_for(
    seat: Seat,
    found: Sequence[Speaker],
    seats: Mapping[Seat, Sequence[str]],
    console: Console,
) -> str:
    """Ask for one seat, among the labels that have none yet."""
    taken = {label.casefold() for labels in seats.values() for label in labels}
    choices = {
        str(number): speaker.label
        for number, speaker in enumerate(found, start=1)
        if speaker.label.casefold() not in taken
    }
    number = Prompt.ask(
        f"Which number is the {seat}?", choices=[*choices], console=console
    )
    return choices[number]


def _introduce(
    talk: Talk, console: Console, found: Sequence[Speaker], number: int
) -> None:
    """Show one speaker with the first two lines, so that a person can tell who it is.

    The suggestion is a hint in words; it is no default.
    """
    speaker, other = found[number - 1], found[number % len(found)]
    hint = f"; perhaps the {speaker.suggestion}" if speaker.suggestion else ""
    label = printable(speaker.label)
    console.print(f"  {number}  {label} ({speaker.n_segments} segments{hint})")
    turns = _turns(replace(talk, client=[speaker.label], therapist=[other.label]))
    said = [s.text for s in turns.segments if s.seat is Seat.CLIENT and s.text]
    for text in said[:2]:
        line = textwrap.shorten(printable(text), 66, placeholder=" …")
        console.print(f"       “{line}”")
