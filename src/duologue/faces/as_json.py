"""A reading as JSON, in a documented and versioned schema."""

import json
import math
import re
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from importlib.resources import files
from typing import Any

from duologue import __version__
from duologue.relationship import Level, Reading

SCHEMA = "duologue.reading/1"
"""Rises when a field changes its meaning or goes; a new field does not raise it."""

_STEERS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON allows as it is, and a terminal or a file may not take well."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema that every reading written by this module meets."""
    text = files("duologue.faces").joinpath("reading.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def to_dict(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain dictionaries, lists, numbers and strings."""
    body = _plain(reading)
    return {"schema": SCHEMA, "program": f"duologue {__version__}", **body}


def to_json(reading: Reading) -> str:
    """Return a reading as JSON text; equal readings give equal bytes.

    The schema is ``reading.schema.json`` beside this module, and
    ``docs/reading-json.md`` says how to use it. Numbers carry at most six decimals, a
    blank is ``null``. Characters that could steer a terminal are written as escapes.
    """
    text = json.dumps(to_dict(reading), ensure_ascii=False, indent=2, allow_nan=False)
    return _STEERS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _plain(value: Any) -> Any:
    match value:
        case Level():
            plain: Any = value.name.lower()
        case Enum():
            plain = value.value
        case date():
            plain = value.isoformat()
        case tuple():
            plain = [_plain(item) for item in value]
        case float():
            plain = _number(value)
        case _ if is_dataclass(value):
            plain = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            plain = value
    return plain


def _number(value: float) -> float | None:
    """Round, and write 50.0 and 50 alike: equal readings must give equal bytes."""
    if not math.isfinite(value):
        return None
    rounded = round(value, 6)
    return int(rounded) if rounded.is_integer() else rounded
