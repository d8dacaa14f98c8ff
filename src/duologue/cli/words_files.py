"""What ``duologue words`` reads: a transcript a file, or a table of many."""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duologue.cli.terminal import printable
from duologue.cli.who_is_who import Talk, seated_turns
from duologue.errors import WhoIsWhoError
from duologue.formats.transcripts import read_transcripts
from duologue.records import Turns
from duologue.relationship.spoken import texts_of

QUOTED = 240
"""Of a passage no more than so many letters are quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One session: its file, its id in a table (else blank), and what was said."""

    path: Path
    id: str
    turns: Turns

    @property
    def name(self) -> str:
        """What it is called where several are told."""
        return f"{self.path.name}, {self.id}" if self.id else self.path.name


def read_sessions(chosen: argparse.Namespace) -> list[Read]:
    """Read each file, of which a table may hold several sessions.

    Raises
    ------
    FileError, WhoIsWhoError
        If one cannot be read, or it is not known who is who and nobody can be asked.
    """
    found: list[Read] = []
    for path in chosen.files:
        first = len(found) + 1
        for which, turns in _turns(path, chosen, first).items():
            found.append(Read(path=path, id=which, turns=turns))
    return found


def _turns(path: Path, chosen: argparse.Namespace, first: int) -> dict[str, Turns]:
    """Read one file; at a terminal, ask who is who where that is not known."""
    client, therapist = chosen.client or (), chosen.therapist or ()
    if chosen.transcript is None:
        try:
            return read_transcripts(
                path,
                session=first,
                client=client,
                therapist=therapist,
                columns=chosen.columns,
            )
        except WhoIsWhoError:
            if not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
    talk = Talk(
        path=path,
        client=client,
        therapist=therapist,
        transcript=chosen.transcript,
        columns=chosen.columns,
        session=first,
    )
    return {chosen.transcript or "": seated_turns(talk)}


def pairs_of(sessions: Sequence[Read], by: str) -> list[object]:
    """Return which pair each session is of: another each, or one a folder."""
    if by == "folders":
        return [one.path.resolve().parent for one in sessions]
    return list(range(len(sessions)))


def quoted(turns: Turns) -> tuple[str, ...]:
    """Return what was said in each stretch, as far as it is quoted."""
    return tuple(
        textwrap.shorten(printable(text), QUOTED, placeholder=" …")
        for text in texts_of(turns)
    )
