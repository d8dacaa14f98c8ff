"""``duologue instruments export`` and ``import``: instruments to other programs and back."""

import argparse
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from duologue.cli import terminal
from duologue.cli.new_file import check_new, write_new
from duologue.errors import FileError, ParameterError
from duologue.formats.definitions import Stated
from duologue.formats.fhir import instrument_from_questionnaire, questionnaire_of
from duologue.formats.jsonfile import read_json
from duologue.formats.reproschema import (
    activity_of,
    instrument_from_activity,
    read_activity,
)
from duologue.instruments.instrument import Better, Instrument, Method, Tier
from duologue.instruments.leaving import words_may_leave
from duologue.instruments.written import as_toml
from duologue.records import Seat

ONLY_EXPORT = ("as_",)
ONLY_IMPORT = ("to", "better", "method", "answered_by", "reversed", "language")
"""What goes with one of the two only."""


class Format(StrEnum):
    """The formats to which an instrument can be sent."""

    FHIR = "fhir"
    REPROSCHEMA = "reproschema"


_SENT_AS = {Format.FHIR: questionnaire_of, Format.REPROSCHEMA: activity_of}


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of export and import."""
    parser.add_argument(
        "--as",
        dest="as_",
        nargs="+",
        metavar=("FORMAT", "FILE"),
        help="export: fhir or reproschema, and the file to write (else it is printed)",
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="import: the definition to write"
    )
    parser.add_argument(
        "--better", choices=list(Better), help="import: which way is better"
    )
    parser.add_argument(
        "--method", choices=list(Method), help="import: how answers become a score"
    )
    parser.add_argument(
        "--answered-by",
        metavar="SEAT,...",
        help="import: client, therapist, or both",
    )
    parser.add_argument(
        "--reversed",
        metavar="ITEM,...",
        help="import: the items that count the other way round",
    )
    parser.add_argument(
        "--language", metavar="CODE", help="import: whose words to take, such as en"
    )


def refuse_misplaced(chosen: argparse.Namespace) -> None:
    """Refuse an option of export or import where neither, or the other, is asked for."""
    for command, options in (("export", ONLY_EXPORT), ("import", ONLY_IMPORT)):
        given = [x for x in options if getattr(chosen, x) is not None]
        if given and chosen.name != command:
            option = given[0].rstrip("_").replace("_", "-")
            raise ParameterError(f"--{option} goes with {command} only.")


def send(instrument: Instrument, wanted: list[str]) -> None:
    """Print an instrument in a format, or write it to a file.

    Parameters
    ----------
    instrument : Instrument
        What to send.
    wanted : list of str
        The format and, if it is to be written, the file.
    """
    kind, *places = wanted
    if kind not in set(Format) or len(places) > 1:
        raise ParameterError(
            f"--as takes one of {', '.join(Format)} and at most one file."
        )
    sent = _SENT_AS[Format(kind)](instrument)
    text = json.dumps(sent, indent=2, ensure_ascii=False, allow_nan=False)
    if not places:
        terminal.print_json(text)
        return
    write_new(f"{text}\n", Path(places[0]))
    words = "with its words" if words_may_leave(instrument) else "without words"
    print(f"{instrument.id}: written as {kind}, {words}, to {places[0]}")


def bring_in(path: Path, chosen: argparse.Namespace) -> None:
    """Read an instrument of another program; print or write its definition."""
    if chosen.to is not None:
        check_new(chosen.to)
    instrument = _read(path, _stated(chosen), chosen.language or "")
    text = as_toml(instrument)
    if chosen.to is None:
        print(text, end="")
        return
    write_new(text, chosen.to)
    print(
        f"{instrument.id}: {len(instrument.items)} items, written to {chosen.to}. "
        f"{_what_now(instrument)}"
    )


def _what_now(instrument: Instrument) -> str:
    if instrument.tier is not Tier.OWN:
        return f"Licence: {instrument.licence}"
    return (
        "Compare it with its publisher's form. Its words stay here: tier is 'own' "
        "until you have seen its licence."
    )


def _read(path: Path, stated: Stated, language: str) -> Instrument:
    found = read_json(path)
    if not isinstance(found, Mapping):
        found = {}
    if "resourceType" in found:
        if language:
            raise ParameterError("--language goes with a ReproSchema activity only.")
        return instrument_from_questionnaire(found, where=path.name, stated=stated)
    if "category" in found or "@type" in found:
        return instrument_from_activity(
            read_activity(path), where=path.name, stated=stated, language=language
        )
    raise FileError(
        str(path), "must be a FHIR Questionnaire or a ReproSchema activity, as JSON."
    )


def _stated(chosen: argparse.Namespace) -> Stated:
    seats = _listed(chosen.answered_by)
    if not set(seats) <= set(Seat):
        raise ParameterError(f"--answered-by takes {', '.join(Seat)}, or both.")
    return Stated(
        better=Better(chosen.better) if chosen.better else None,
        method=Method(chosen.method) if chosen.method else None,
        answered_by=tuple(seat for seat in Seat if seat in seats),
        reversed=_listed(chosen.reversed),
    )


def _listed(words: str | None) -> tuple[str, ...]:
    return tuple(word for word in (words or "").split(",") if word)
