"""``duologue instruments``: what can be asked, who owns the words, how it is scored."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from duologue import instruments
from duologue.cli.prompts import show_prompts
from duologue.errors import FileError, ParameterError
from duologue.formats.textfile import read_text
from duologue.instruments import Instrument
from duologue.instruments.library import load_file
from duologue.instruments.pasted import paste_text, read_texts, text_hash
from duologue.records import Kind

_Read = TypeVar("_Read")

MOST_BYTES = 1_000_000
"""A definition or a questionnaire's words are far smaller."""

EPILOG = """\
An instrument is a TOML file and needs no Python. Where its words may not be passed
on, the definition holds none: whoever has a licence keeps them in a file of their own
and pastes them in, and their hash shows later whether they were changed.

examples:
  duologue instruments                             list what ships
  duologue instruments phq9                        one of them, with its licence
  duologue instruments after_session               what is asked after a session of
                                                   therapy: ids, ranges, who sees it
  duologue instruments supervision                 the same for supervision
  duologue instruments arm5 --text mine.toml       check pasted words, print their hash
  duologue instruments --check my-instrument.toml  check a definition of your own"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "What can be asked, who owns the words, and how it is scored."
    parser.epilog = EPILOG
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="show one in full, or the prompts"
    )
    parser.add_argument(
        "--text", type=Path, metavar="FILE", help="pasted words of this instrument"
    )
    parser.add_argument(
        "--hash", metavar="SHA256", help="the hash that the pasted words must have"
    )
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="check a definition of your own"
    )


def run(chosen: argparse.Namespace) -> None:
    """List, show or check."""
    words = chosen.text is not None or chosen.hash is not None
    if chosen.check is not None:
        if chosen.name is not None or words:
            raise ParameterError("--check goes with nothing else.")
        instrument = _checked(chosen.check, load_file)
        print(f"{instrument.id}: complete, {len(instrument.items)} items.")
    elif chosen.name is not None:
        _one(chosen, words=words)
    elif words:
        raise ParameterError("--text and --hash need the NAME of an instrument.")
    else:
        _list()


def _one(chosen: argparse.Namespace, *, words: bool) -> None:
    """Show an instrument or prompts, or check the words of an instrument."""
    kinds = {instruments.prompts(kind).id: kind for kind in Kind}
    if chosen.name not in (*instruments.names(), *kinds):
        known = ", ".join((*instruments.names(), *kinds))
        raise ParameterError(f"NAME must be one of {known}.")
    if kind := kinds.get(chosen.name):
        if words:
            raise ParameterError("--text and --hash need an instrument, not prompts.")
        show_prompts(instruments.prompts(kind), kind, _console())
    elif chosen.text is not None:
        _paste(instruments.load(chosen.name), chosen)
    elif words:
        raise ParameterError("--hash needs the words that it belongs to: --text FILE.")
    else:
        _show(instruments.load(chosen.name))


def _checked(path: Path, read: Callable[[Path], _Read]) -> _Read:
    """Read a file that has been looked at: no pipe, no device, not large, text."""
    read_text(path, max_bytes=MOST_BYTES)
    try:
        return read(path)
    except RecursionError:
        raise FileError(str(path), "is nested too deeply.") from None


def _console() -> Console:
    return Console(highlight=False, markup=False)


def _list() -> None:
    table = Table("id", "items", "range", "words", "name", box=None, pad_edge=False)
    for name in instruments.names():
        one = instruments.load(name)
        table.add_row(
            one.id,
            str(len(one.items)),
            f"{one.range[0]:g} to {one.range[1]:g}",
            "shipped" if one.text_shipped else "pasted",
            one.name,
        )
    console = _console()
    console.print(table)
    for kind in Kind:
        prompts = instruments.prompts(kind)
        console.print(
            f"\nPrompts after a session of {kind.value}: {prompts.id} {prompts.version}"
            f" ({prompts.licence}). {prompts.status}"
            f" Item by item: duologue instruments {prompts.id}"
        )


def _show(one: Instrument) -> None:
    console = _console()
    facts = Table.grid(padding=(0, 2))
    wobble = one.reliable_change
    rows = {
        "name": one.name,
        "licence": one.licence,
        "citation": one.citation,
        "source": one.source,
        "status": one.status,
        "answered by": ", ".join(one.answered_by),
        "score": f"{one.method}, {one.range[0]:g} to {one.range[1]:g}",
        "blanks": f"at most {one.max_missing} may be blank"
        if one.max_missing
        else "a score needs every item",
        "usual wobble": "not established here"
        if wobble is None
        else f"{wobble.points:g} points; {wobble.source}"
        + ("" if wobble.verified else " (not yet compared with its source)"),
    }
    for key, value in rows.items():
        facts.add_row(key, value)
    console.print(facts)
    for item in one.items:
        words = next(iter(item.text.values()), "(words not shipped)")
        console.print(f"{item.id:>4}  {words}")


def _paste(one: Instrument, chosen: argparse.Namespace) -> None:
    texts = _checked(chosen.text, read_texts)
    pasted = paste_text(one, texts, expected_hash=chosen.hash)
    for seat in pasted.answered_by:
        if pasted.has_text(seat):
            print(f"{one.id} {seat}: complete; {text_hash(pasted, seat)}")
