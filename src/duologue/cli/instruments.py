"""``duologue instruments``: what can be asked, who owns the words, how it is scored."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from duologue import instruments
from duologue.cli import exchange, packs
from duologue.cli.prompts import show_prompts
from duologue.errors import FileError, ParameterError
from duologue.faces.layout import clean
from duologue.formats.textfile import read_text
from duologue.instruments import Instrument
from duologue.instruments.library import load_file
from duologue.instruments.packs import Pack
from duologue.instruments.pasted import paste_text, read_texts, text_hash
from duologue.records import Kind

_Read = TypeVar("_Read")

MOST_BYTES = 1_000_000
"""A definition or a questionnaire's words are far smaller."""

EPILOG = """\
An instrument is a TOML file and needs no Python. Where its words may not be passed
on, the definition holds none: whoever has a licence keeps them in a file of their own
and pastes them in, and their hash shows later whether they were changed. Where they
may be passed on for some uses only, they come in a pack with its licence and credit.

export writes an instrument for other programs, import makes a definition of theirs:
FHIR R4 (a Questionnaire) or ReproSchema (an activity), as JSON. Words go out by their
licence; nothing on a therapist's own wellbeing does.

examples:
  duologue instruments                             list what ships
  duologue instruments phq9                        one of them, with its licence
  duologue instruments after_session               what is asked after a session of
                                                   therapy: ids, ranges, who sees it
  duologue instruments supervision                 the same for supervision
  duologue instruments arm5 --text mine.toml       check pasted words, print their hash
  duologue instruments --check my-instrument.toml  check a definition of your own
  duologue instruments export phq9 --as fhir phq9.json
                                                   for a program that knows FHIR
  duologue instruments export gad7 --as reproschema
                                                   the same, printed
  duologue instruments import phq9.json            show it as a definition
  duologue instruments import other.json --to other.toml \\
      --answered-by client --better lower --method sum
                                                   say what the file does not
  duologue instruments --pack forms.zip --use clinical
                                                   list what a pack holds"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "What can be asked, who owns the words, and how it is scored."
    parser.epilog = EPILOG
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="show one in full, or the prompts; or export, or import",
    )
    parser.add_argument(
        "what",
        metavar="WHAT",
        nargs="?",
        help="the instrument to export, or the file to import",
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
    packs.define(parser)
    exchange.define(parser)


def run(chosen: argparse.Namespace) -> None:
    """List, show, check, send or bring in."""
    exchange.refuse_misplaced(chosen)
    words = chosen.text is not None or chosen.hash is not None
    if chosen.check is not None:
        if words or (chosen.name, chosen.pack, chosen.use) != (None, None, None):
            raise ParameterError("--check goes with nothing else.")
        instrument = _checked(chosen.check, load_file)
        print(f"{instrument.id}: complete, {len(instrument.items)} items.")
    elif chosen.name in ("export", "import"):
        _exchange(chosen, words=words)
    elif chosen.what is not None:
        raise ParameterError("WHAT goes with export and import only.")
    elif chosen.name is not None:
        _one(chosen, words=words)
    elif words:
        raise ParameterError("--text and --hash need the NAME of an instrument.")
    else:
        _list(packs.pack_of(chosen))


def _exchange(chosen: argparse.Namespace, *, words: bool) -> None:
    """Send an instrument to another program, or bring one in."""
    if words:
        raise ParameterError("--text and --hash go with neither export nor import.")
    if chosen.what is None:
        needs = {"export": "the id of an instrument", "import": "the name of a file"}
        raise ParameterError(f"{chosen.name} needs {needs[chosen.name]}.")
    if chosen.name == "import":
        if (chosen.pack, chosen.use) != (None, None):
            raise ParameterError("--pack and --use do not go with import.")
        exchange.bring_in(Path(chosen.what), chosen)
    elif chosen.as_ is None:
        raise ParameterError("export needs a format: --as fhir or --as reproschema.")
    else:
        exchange.send(_named(chosen.what, packs.pack_of(chosen), "WHAT"), chosen.as_)


def _named(name: str, pack: Pack | None, parameter: str) -> Instrument:
    """Return the instrument of this id that ships or stands in the pack."""
    found = pack.instrument(name) if pack else None
    if found is not None:
        return found
    if name not in instruments.names():
        packed = [one.id for one in pack.instruments] if pack else []
        known = ", ".join((*instruments.names(), *packed))
        raise ParameterError(f"{parameter} must be one of {known}.")
    return instruments.load(name)


def _one(chosen: argparse.Namespace, *, words: bool) -> None:
    """Show an instrument or prompts, or check the words of an instrument."""
    kinds = {instruments.prompts(kind).id: kind for kind in Kind}
    pack = packs.pack_of(chosen)
    packed = [one.id for one in pack.instruments] if pack else []
    if chosen.name not in (*instruments.names(), *packed, *kinds):
        known = ", ".join((*instruments.names(), *packed, *kinds))
        raise ParameterError(f"NAME must be one of {known}.")
    if kind := kinds.get(chosen.name):
        if words:
            raise ParameterError("--text and --hash need an instrument, not prompts.")
        show_prompts(instruments.prompts(kind), kind, _console())
    elif chosen.text is not None:
        _paste(_named(chosen.name, pack, "NAME"), chosen)
    elif words:
        raise ParameterError("--hash needs the words that it belongs to: --text FILE.")
    else:
        _show(_named(chosen.name, pack, "NAME"))


def _checked(path: Path, read: Callable[[Path], _Read]) -> _Read:
    """Read a file that has been looked at: no pipe, no device, not large, text."""
    read_text(path, max_bytes=MOST_BYTES)
    try:
        return read(path)
    except RecursionError:
        raise FileError(str(path), "is nested too deeply.") from None


def _console() -> Console:
    return Console(highlight=False, markup=False)


def _list(pack: Pack | None) -> None:
    table = Table("id", "items", "range", "words", "name", box=None, pad_edge=False)
    for name in instruments.names():
        one = instruments.load(name)
        _add_row(table, one, "shipped" if one.text_shipped else "pasted")
    for one in pack.instruments if pack else ():
        _add_row(table, one, "in a pack")
    console = _console()
    console.print(table)
    if pack:
        console.print(clean(f"\n{pack.name} ({pack.licence}). {pack.credit}"))
    for kind in Kind:
        prompts = instruments.prompts(kind)
        console.print(
            f"\nPrompts after a session of {kind.value}: {prompts.id} {prompts.version}"
            f" ({prompts.licence}). {prompts.status}"
            f" Item by item: duologue instruments {prompts.id}"
        )


def _add_row(table: Table, one: Instrument, words: str) -> None:
    low, high = one.range
    told = (one.id, str(len(one.items)), f"{low:g} to {high:g}", words, one.name)
    table.add_row(*map(clean, told))


def _show(one: Instrument) -> None:
    console = _console()
    facts = Table.grid(padding=(0, 2))
    wobble = one.reliable_change
    rows = {
        "name": one.name,
        "licence": one.licence,
        **({"credit": one.credit} if one.credit else {}),
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
        facts.add_row(key, clean(value))
    console.print(facts)
    for item in one.items:
        words = next(iter(item.text.values()), "(words not shipped)")
        console.print(clean(f"{item.id:>4}  {words}"))


def _paste(one: Instrument, chosen: argparse.Namespace) -> None:
    texts = _checked(chosen.text, read_texts)
    pasted = paste_text(one, texts, expected_hash=chosen.hash)
    for seat in pasted.answered_by:
        if pasted.has_text(seat):
            print(f"{one.id} {seat}: complete; {text_hash(pasted, seat)}")
