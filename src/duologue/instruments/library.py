"""The instruments and prompts that Duologue knows: loaded from data, and checked.

An instrument is a TOML file. A new one needs no Python: see ``definitions/`` for the
form, and :func:`load_file` for reading one's own.
"""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from duologue.errors import FileError, InstrumentError
from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import Instrument
from duologue.instruments.items import prompts_from
from duologue.instruments.tables import TomlTable, parse
from duologue.records import Kind, Prompts

PROMPTS_OF = {Kind.THERAPY: "after_session", Kind.SUPERVISION: "supervision"}


@cache
def names() -> tuple[str, ...]:
    """Return the ids of the instruments that come with Duologue, in order.

    Examples
    --------
    >>> names()
    ('arm5', 'gad7', 'phq4', 'phq9')
    """
    files = [path.name for path in _definitions().iterdir()]
    stems = {name.removesuffix(".toml") for name in files if name.endswith(".toml")}
    return tuple(sorted(stems - set(PROMPTS_OF.values())))


@cache
def load(instrument_id: str) -> Instrument:
    """Return an instrument that comes with Duologue.

    Parameters
    ----------
    instrument_id : str
        One of :func:`names`.

    Raises
    ------
    InstrumentError
        If there is none of this id, or if its definition is incomplete.

    Examples
    --------
    >>> load("phq9").range
    (0.0, 27.0)
    """
    if instrument_id not in names():
        known = ", ".join(names())
        raise InstrumentError(
            f"instrument must be one of {known}, got {instrument_id!r}."
        )
    return instrument_from(_shipped(instrument_id))


def load_file(path: Path) -> Instrument:
    """Read an instrument's definition from a TOML file of one's own.

    Raises
    ------
    FileError
        If the file cannot be read.
    InstrumentError
        If the definition is incomplete or contradicts itself; the message names the
        file and the key.
    """
    return instrument_from(parse(_words(path), where=path.name))


@cache
def prompts(kind: Kind) -> Prompts:
    """Return the prompts that the two people of such a pair answer after a session.

    Examples
    --------
    >>> len(prompts(Kind.THERAPY).rotation)
    12
    """
    return prompts_from(_shipped(PROMPTS_OF[kind]))


def prompts_file(path: Path) -> Prompts:
    """Read prompts of one's own from a TOML file.

    Raises
    ------
    FileError
        If the file cannot be read.
    InstrumentError
        If the definition is incomplete; the message names the file and the key.
    """
    return prompts_from(parse(_words(path), where=path.name))


def _definitions() -> Traversable:
    return resources.files("duologue.instruments") / "definitions"


def _shipped(stem: str) -> TomlTable:
    path = _definitions() / f"{stem}.toml"
    return parse(path.read_text(encoding="utf-8"), where=path.name)


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path.name, "must be a readable UTF-8 text file.") from error
