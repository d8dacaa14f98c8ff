"""course.toml: who sits in which seat, and what they agreed."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from duologue.errors import FileError, RecordError
from duologue.formats.course_folder.columns import AGREEMENT_KEYS
from duologue.formats.table import listed
from duologue.formats.textfile import read_text
from duologue.records import Agreement, Dyad, Kind, Seat

_SETTINGS_BYTES = 100_000
_TOML_LINE = re.compile(r"\(at line ([0-9]+)")
_TOP_KEYS = ("made_up", "kind", "code", "seats", "agreement", "labels")
SEAT_KEYS = tuple(seat.value for seat in Seat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What course.toml says."""

    dyad: Dyad
    made_up: bool
    labels: Mapping[str, Sequence[str]]


def read_settings(path: Path, folder_name: str) -> Settings:
    """Read course.toml; an unknown key is refused, not passed over."""
    where, top = str(path), parse_toml(path)
    check_keys(where, top, _TOP_KEYS, "at the top")
    seats = _section(where, top, "seats", SEAT_KEYS)
    if not seats.keys() >= set(SEAT_KEYS):
        problem = "[seats] needs both seats: client and therapist, each with a code."
        raise FileError(where, problem)
    labels = _section(where, top, "labels", SEAT_KEYS)
    try:
        dyad = Dyad(
            code=string(where, top, "code") or folder_name,
            client=string(where, seats, "client") or "",
            therapist=string(where, seats, "therapist") or "",
            kind=_kind(where, top),
            agreement=_agreement(where, top),
        )
    except RecordError as error:
        raise FileError(where, str(error)) from None
    return Settings(
        dyad=dyad,
        made_up=_made_up(where, top),
        labels={key: _strings(where, labels, key) for key in labels},
    )


def parse_toml(path: Path) -> dict[str, object]:
    """Return what a small TOML file holds, or raise `FileError`."""
    text = read_text(path, max_bytes=_SETTINGS_BYTES)
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of 5,000 digits: ValueError
        line = _TOML_LINE.search(str(error))
        problem = "this is not TOML: key = value, with text in quotation marks."
        place = int(line[1]) if line else None
        raise FileError(str(path), problem, line=place) from None


def check_keys(
    where: str, found: Mapping[str, object], allowed: Iterable[str], place: str
) -> None:
    """Refuse an unknown key; it is not passed over."""
    if not found.keys() <= set(allowed):
        raise FileError(where, f"unknown key {place}: allowed are {listed(allowed)}.")


def _section(
    where: str, top: Mapping[str, object], name: str, allowed: Sequence[str]
) -> Mapping[str, object]:
    found = top.get(name, {})
    if not isinstance(found, dict):
        raise FileError(where, f"{name} must be a section [{name}] of key = value.")
    check_keys(where, found, allowed, f"in [{name}]")
    return found


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value of TOML is a number; true is an int in Python."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def string(where: str, found: Mapping[str, object], key: str) -> str | None:
    """Return a text, ``None`` where the key is absent, or raise `FileError`."""
    value = found.get(key)
    if value is None or isinstance(value, str):
        return value
    raise FileError(where, f"{key} must be text in quotation marks.")


def _strings(where: str, found: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = found[key]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise FileError(where, f'{key} in [labels] must be a list of texts: ["T", "Dr"].')


def _made_up(where: str, top: Mapping[str, object]) -> bool:
    value = top.get("made_up", False)
    if isinstance(value, bool):
        return value
    raise FileError(where, "made_up must be true or false.")


def _kind(where: str, top: Mapping[str, object]) -> Kind:
    value = top.get("kind", Kind.THERAPY.value)
    if isinstance(value, str) and value in {kind.value for kind in Kind}:
        return Kind(value)
    raise FileError(where, f"kind must be one of {listed(Kind)}.")


def _agreement(where: str, top: Mapping[str, object]) -> Agreement:
    found = _section(where, top, "agreement", AGREEMENT_KEYS)
    length = found.get("length_min")
    if length is not None and type(length) is not int:  # true is an int in Python
        raise FileError(where, "length_min must be a whole number of minutes.")
    return Agreement(
        length_min=length,
        rhythm=string(where, found, "rhythm"),
        frame=string(where, found, "frame"),
        crisis=string(where, found, "crisis"),
    )
