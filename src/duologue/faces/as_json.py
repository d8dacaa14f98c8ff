"""A reading as JSON, in a documented and versioned schema."""

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from duologue import __version__
from duologue.relationship import Level, Reading

SCHEMA = "duologue.reading/1"
"""Rises when a field changes its meaning or goes; a new field does not raise it."""


def to_dict(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain dictionaries, lists, numbers and strings."""
    body = _plain(reading)
    return {"schema": SCHEMA, "program": f"duologue {__version__}", **body}


def to_json(reading: Reading) -> str:
    """Return a reading as JSON text; equal readings give equal bytes.

    The schema is ``docs/reading.schema.json``; numbers carry at most six decimals,
    a blank is ``null``.
    """
    return json.dumps(to_dict(reading), ensure_ascii=False, indent=2, allow_nan=False)


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
            plain = None if math.isnan(value) else round(value, 6)
        case _ if is_dataclass(value):
            plain = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            plain = value
    return plain
