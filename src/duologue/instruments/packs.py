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
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from duologue.errors import FileError, InstrumentError
from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import Instrument, Tier
from duologue.instruments.items import refuse_twins
from duologue.instruments.library import PROMPTS_OF, names
from duologue.instruments.tables import TomlTable, parse

MOST_BYTES = 1_000_000
"""Of one file of a pack."""

MOST_FILES = 200

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.toml")
_SHA256 = re.compile("[0-9a-f]{64}")
PACK_KEYS = ("name", "licence", "credit", "uses", "definitions")


_BROKEN = (
    *(OSError, RuntimeError, EOFError, ValueError, struct.error, zlib.error),
    zipfile.BadZipFile,
)
"""What reading a damaged, or a locked, zip file raises."""


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
    """

    name: str
    licence: str
    credit: str
    uses: frozenset[Use]
    instruments: tuple[Instrument, ...]

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
        If the licence does not allow this use; if the credit line or anything else is
        missing; if a definition is not the one that the pack was made with, is not
        named in ``pack.toml``, is not of tier B, is unsound, has another credit line,
        or has the id of an instrument that ships or stands in the pack already.
    """
    files = _zipped(path) if path.is_file() else _in_folder(path)
    if "pack.toml" not in files:
        raise FileError(path.name, "a pack holds a pack.toml, and this does not.")
    words = _decoded(files.pop("pack.toml"), f"{path.name}/pack.toml")
    table = parse(words, where=f"{path.name}/pack.toml")
    table.only(*PACK_KEYS)
    uses = _uses(table, use)
    credit = " ".join(table.text("credit").split())
    rows = table.tables("definitions")
    if not rows:
        raise table.refusal("definitions", "must name the files of the pack.")
    instruments = tuple(_definition(row, path, files, credit) for row in rows)
    refuse_twins(table, "definitions", (one.id for one in instruments))
    _refuse_unnamed(table, rows, files)
    return Pack(
        name=table.text("name"),
        licence=table.text("licence"),
        credit=credit,
        uses=uses,
        instruments=instruments,
    )


def _uses(table: TomlTable, use: Use) -> frozenset[Use]:
    named = table.unique("uses")
    if not named or not set(named) <= set(Use):
        raise table.refusal("uses", f"must name some of {', '.join(Use)}.")
    if use.value not in named:
        raise InstrumentError(
            f"{table.where}: the licence allows {', '.join(named)} use only; this "
            f"practice's is {use.value}."
        )
    return frozenset(Use(name) for name in named)


def _definition(
    row: TomlTable, path: Path, files: Mapping[str, bytes], credit: str
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
    where = f"{path.name}/{file}"
    one = instrument_from(parse(_decoded(files[file], where), where=where))
    if one.tier is not Tier.SEPARATE:
        raise InstrumentError(f"{where}: tier must be B in a pack.")
    if one.id in {*names(), *PROMPTS_OF.values()}:
        raise InstrumentError(f"{where}: id must be another; this one is taken.")
    if one.credit not in ("", credit):
        raise InstrumentError(f"{where}: credit must be that of the pack, or absent.")
    return replace(one, credit=credit)


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


def _in_folder(path: Path) -> dict[str, bytes]:
    try:
        found = sorted(x for x in path.iterdir() if _PLAIN_NAME.fullmatch(x.name))
        _check_names(path, [file.name for file in found])
        return {file.name: _content(file, path) for file in found}
    except OSError as error:
        problem = f"must be a folder or a zip file: {error.strerror}."
        raise FileError(path.name, problem) from None


def _content(file: Path, path: Path) -> bytes:
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        raise _unreadable(path, file.name)
    return file.read_bytes()


def _zipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [x for x in archive.infolist() if _PLAIN_NAME.fullmatch(x.filename)]
            _check_names(path, [entry.filename for entry in found])
            return {entry.filename: _unzipped(archive, entry, path) for entry in found}
    except FileError:
        raise
    except _BROKEN:
        raise FileError(path.name, "must be a folder or a sound zip file.") from None


def _unzipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    """Unpack one file, never more of it than a definition may have."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileError(path.name, "must be packed without compression, or by deflate.")
    with archive.open(entry) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _unreadable(path, entry.filename)
    return content


def _check_names(path: Path, found: list[str]) -> None:
    if len(found) > MOST_FILES:
        raise FileError(path.name, f"must hold at most {MOST_FILES} definitions.")
    if len(set(found)) < len(found):
        raise FileError(path.name, "holds two files of the same name.")


def _unreadable(path: Path, name: str) -> FileError:
    most = f"{MOST_BYTES / 1e6:g} MB"
    return FileError(
        f"{path.name}/{name}", f"must be a readable file of at most {most}."
    )
