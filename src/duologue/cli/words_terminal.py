"""What ``duologue words`` shows on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from duologue.cli.terminal import printable
from duologue.cli.words_files import Read, quoted
from duologue.cli.words_told import (
    COUNTED_HEAD,
    FOLLOWS,
    LIMITS,
    counted,
    is_told,
    over_sessions,
    partners_in_words,
    passage,
    passages,
    pointer,
    words,
)
from duologue.corpus.words import SessionWords
from duologue.corpus.words_partners import AgainstPartners
from duologue.records import SEATS

MOST_TOLD = 12
"""Of more sessions a line each is shown."""

EACH_ELSEWHERE = f"""\
Of more than {MOST_TOLD} sessions a line each is shown. --html tells of each, and quotes with
--quote; --json and --table give its figures.
"""

MOST_PASSAGES = 12
"""Of more passages the first are shown."""


def show(
    read: Sequence[Read],
    found: Sequence[SessionWords],
    *,
    partners: AgainstPartners | None,
    is_quoted: bool,
) -> None:
    """Tell of each session; of many, a line each; at last of all together."""
    console = Console(highlight=False, markup=False)
    if len(found) <= MOST_TOLD:
        for session, one in zip(read, found, strict=True):
            _session(console, session, one, is_quoted=is_quoted)
    else:
        console.print(EACH_ELSEWHERE)
    if len(found) > 1:
        _over_sessions(console, read, found)
    if partners is not None:
        for line in partners_in_words(partners):
            console.print(line)
        console.print("")
    console.print(LIMITS)


def _session(
    console: Console, session: Read, one: SessionWords, *, is_quoted: bool
) -> None:
    name = f"{session.path}, {session.id}" if session.id else str(session.path)
    console.print(printable(name), style="bold")
    for line in words(one):
        console.print(line)
    rows = counted(one)
    if rows:
        console.print("")
        console.print(_table(COUNTED_HEAD, rows))
    _passages(console, session, one, is_quoted=is_quoted)
    console.print("")


def _passages(
    console: Console, session: Read, one: SessionWords, *, is_quoted: bool
) -> None:
    found = passages(one)
    if not found:
        return
    console.print("\nTo read again, by literal signs alone:")
    said = quoted(session.turns) if is_quoted else ()
    for each in found[:MOST_PASSAGES]:
        console.print(f"  {pointer(one.spoken, each)}: {passage(each)}")
        if is_quoted:
            console.print(f"    “{said[each[0].stretch]}”")
    left = len(found) - MOST_PASSAGES
    if left > 0:
        console.print(f"  and {left} more, in --html and --json")


def _over_sessions(
    console: Console, read: Sequence[Read], found: Sequence[SessionWords]
) -> None:
    head = ("session", "client's words", *(f"the {seat} second" for seat in SEATS))
    rows = [
        (printable(session.name), *row)
        for session, row in zip(read, over_sessions(found), strict=True)
    ]
    console.print(f"All {len(found)} sessions", style="bold")
    console.print(_table(head, rows))
    if any(is_told(of) for one in found for of in one.lexical):
        console.print(FOLLOWS)
    console.print("")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(head):
        table.add_column(name, justify="right" if n else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
