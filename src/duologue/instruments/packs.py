"""Packs of definitions under a licence of their own, kept outside the program.

A pack is a folder, or a zip file, with a ``pack.toml`` and the definitions that it
names, each with its SHA-256: what its holder licensed unchanged is used unchanged::

    name = "Forms of the Example Trust"
    licence = "CC BY-NC-ND 4.0"
    credit = "(c) Example Trust: https://example.org/copyright"
    uses = ["clinical", "educational", "research"]

    [[definitions]]
    file = "example.toml"
    sha256 = "..."
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from duologue.errors import FileError, InstrumentError
from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import Instrument, Tier
from duologue.instruments.items import refuse_twins
from duologue.instruments.library import PROMPTS_OF, names
from duologue.instruments.pack_files import files_of, unzipped
from duologue.instruments.tables import TomlTable, parse

_SHA256 = re.compile("[0-9a-f]{64}")
LONGEST_TEXT = 1000
"""Characters of a question, an answer, a name or a line of credit."""

PACK_KEYS = ("name", "licence", "credit", "uses", "definitions")


class Use(StrEnum):
    """Kinds of use for which words are licensed; a practice says once which is its."""

    CLINICAL = "clinical"
    COMMERCIAL = "commercial"
    EDUCATIONAL = "educational"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Instruments of tier B, with the licence that they share.

    Attributes
    ----------
    credit : str
        The line that each of them carries, to be shown wherever its words are.
    uses : frozenset of Use
        The kinds of use that the licence allows.
    edition : str
        The SHA-256 of the zip file that it was read from, blank of a folder: another
        edition may ask something else under the same id.
    """

    name: str
    licence: str
    credit: str
    uses: frozenset[Use]
    instruments: tuple[Instrument, ...]
    edition: str = ""

    def instrument(self, instrument_id: str) -> Instrument | None:
        """Return the instrument of this id, or ``None`` where there is none."""
        found = (one for one in self.instruments if one.id == instrument_id)
        return next(found, None)


def load_pack(path: Path, *, use: Use) -> Pack:
    """Load a pack, whole and unchanged, or refuse it.

    Parameters
    ----------
    path : pathlib.Path
        A folder or a zip file with ``pack.toml`` at its top.
    use : Use
        The practice's kind of use.

    Raises
    ------
    FileError
        If a file is missing, too large, or cannot be read.
    InstrumentError
        As for :func:`read_pack`, or if the licence does not allow this use.
    """
    return check_ids(check_use(_read(files_of(path), path.name), use))


def read_pack(content: bytes, *, where: str = "the pack") -> Pack:
    """Read a pack from what a zip file holds, whole and unchanged, or refuse it.

    Parameters
    ----------
    content : bytes
        The zip file, with ``pack.toml`` at its top.
    where : str
        What it is called in errors.

    Raises
    ------
    FileError
        If it is no zip file, or a file in it is missing, too large, or cannot be read.
    InstrumentError
        If the credit line or anything else is missing; if a definition is not the one
        that the pack was made with, is not named in ``pack.toml``, is not of tier B, is
        unsound, has another credit line, too long a text, or the id of an instrument
        that stands in the pack already.
    """
    found = _read(unzipped(content, where=where), where)
    return replace(found, edition=hashlib.sha256(content).hexdigest())


def check_ids(pack: Pack) -> Pack:
    """Return the pack, or refuse it where an id is that of an instrument that ships.

    Raises
    ------
    InstrumentError
        If one is.
    """
    taken = {*names(), *PROMPTS_OF.values()} & {one.id for one in pack.instruments}
    if taken:
        raise InstrumentError(
            f"{pack.name}: id must be another; {', '.join(sorted(taken))} ships already."
        )
    return pack


def check_use(pack: Pack, use: Use) -> Pack:
    """Return the pack, or refuse it where its licence does not allow a use.

    Raises
    ------
    InstrumentError
        If it does not.
    """
    if use not in pack.uses:
        allowed = ", ".join(each for each in Use if each in pack.uses)
        raise InstrumentError(
            f"{pack.name}: the licence allows {allowed} use only; this practice's is "
            f"{use.value}."
        )
    return pack


def _read(files: dict[str, bytes], where: str) -> Pack:
    if "pack.toml" not in files:
        raise FileError(where, "a pack holds a pack.toml, and this does not.")
    words = _decoded(files.pop("pack.toml"), f"{where}/pack.toml")
    table = parse(words, where=f"{where}/pack.toml")
    table.only(*PACK_KEYS)
    credit = " ".join(table.text("credit").split())
    rows = table.tables("definitions")
    if not rows:
        raise table.refusal("definitions", "must name the files of the pack.")
    instruments = tuple(_definition(row, where, files, credit) for row in rows)
    refuse_twins(table, "definitions", (one.id for one in instruments))
    _refuse_unnamed(table, rows, files)
    return Pack(
        name=table.text("name"),
        licence=table.text("licence"),
        credit=credit,
        uses=_uses(table),
        instruments=instruments,
    )


def _uses(table: TomlTable) -> frozenset[Use]:
    named = table.unique("uses")
    if not named or not set(named) <= set(Use):
        raise table.refusal("uses", f"must name some of {', '.join(Use)}.")
    return frozenset(Use(name) for name in named)


def _definition(
    row: TomlTable, pack: str, files: Mapping[str, bytes], credit: str
) -> Instrument:
    """Read one definition, if it is the one that the pack was made with."""
    row.only("file", "sha256")
    file, sha256 = row.text("file"), row.text("sha256")
    if not _SHA256.fullmatch(sha256):
        raise row.refusal("sha256", "must be 64 digits of 0 to 9 and a to f.")
    if file not in files:
        raise row.refusal("file", "must be the name of a .toml file in the pack.")
    if hashlib.sha256(files[file]).hexdigest() != sha256:
        raise row.refusal("file", "changed since the pack was made; get it anew.")
    where = f"{pack}/{file}"
    one = instrument_from(parse(_decoded(files[file], where), where=where))
    if one.tier is not Tier.SEPARATE:
        raise InstrumentError(f"{where}: tier must be B in a pack.")
    _check_lengths(one, where)
    if one.credit not in ("", credit):
        raise InstrumentError(f"{where}: credit must be that of the pack, or absent.")
    return replace(one, credit=credit)


def _check_lengths(one: Instrument, where: str) -> None:
    """Refuse a text that no page and no sheet of paper could take."""
    texts = [one.name, one.citation, one.licence, one.credit, one.preamble, one.recall]
    for item in one.items:
        texts += item.text.values()
        texts += [o.label for options in item.options.values() for o in options]
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise InstrumentError(
            f"{where}: each of its texts takes up to {LONGEST_TEXT} characters."
        )


def _refuse_unnamed(
    table: TomlTable, rows: tuple[TomlTable, ...], files: Mapping[str, bytes]
) -> None:
    if more := set(files) - {row.text("file") for row in rows}:
        raise table.refusal(
            "definitions", f"must name every definition; {len(more)} more are there."
        )


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileError(where, "must be a readable UTF-8 text file.") from None
