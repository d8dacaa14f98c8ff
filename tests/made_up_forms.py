"""Made-up instruments for the tests of exchange: no words of anybody else."""

import hashlib
import io
import zipfile
from dataclasses import replace

from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import Instrument
from duologue.instruments.tables import TomlTable
from duologue.instruments.written import as_toml

WEATHER = {
    "id": "weather",
    "name": "Made-up Weather Form",
    "version": "2.1",
    "language": "en",
    "tier": "B",
    "licence": "CC BY-NC-ND 4.0",
    "credit": "(c) The Made-up Weather Trust: https://weather.invalid/copyright",
    "citation": "Nobody N (2001). A form about the weather. Never printed.",
    "source": "made up for a test",
    "status": "Made up.",
    "notes": "Of no use to anybody.",
    "text": "shipped",
    "answered_by": ["client", "therapist"],
    "about": "the relationship",
    "recall": "today",
    "preamble": "How was the weather between you?",
    "range": [0, 4],
    "shown_unaltered": ["sun"],
    "items": [
        {
            "id": "sun",
            "text": "The sun shone.",
            "answers": [
                {"value": 0, "label": "Not once"},
                {"value": 1.5, "label": "At times"},
                {"value": 4, "label": "All day"},
            ],
        },
        {
            "id": "wind",
            "text": "The wind took our words.",
            "answers": [
                {"value": 0, "label": "Not a word"},
                {"value": 4, "label": "Every word"},
            ],
            "loinc": "99999-1",
        },
        {"id": "warmth", "text": "How warm was it?", "range": [-10, 40]},
        {"id": "fog", "text": "How thick was the fog?", "range": [0, 10]},
    ],
    "scoring": {
        "method": "sum",
        "range": [-10, 58],
        "better": "higher",
        "reversed": ["wind", "fog"],
        "max_missing": 1,
        "prorate": True,
        "subscales": [
            {"id": "sky", "items": ["sun", "wind"], "range": [0, 8]},
            {"id": "air", "items": ["warmth", "fog"], "range": [-10, 50]},
        ],
    },
    "loinc": {
        "panel": "99999-2",
        "total": "99999-3",
        "note": "Codes that do not exist.",
        "notice": "No notice.",
    },
}


def made_up(**changes) -> Instrument:
    """Return the form about the weather, some keys of its definition changed."""
    definition = {**WEATHER, **changes}
    kept = {key: value for key, value in definition.items() if value is not None}
    return instrument_from(TomlTable("made_up.toml", "", kept))


HOURS = {
    "id": "hours",
    "name": "Made-up Form about Hours",
    "credit": None,
    "answered_by": ["client"],
    "about": "own wellbeing",
    "recall": "the last week",
    "preamble": None,
    "range": [0, 3],
    "shown_unaltered": ["b"],
    "answers": [
        {"value": 3, "label": "All of them"},
        {"value": 1, "label": "Some"},
        {"value": 0, "label": "None"},
    ],
    "items": [
        {"id": "a", "text": "The hours were long."},
        {"id": "b", "text": "The hours were too long to bear."},
        {"id": "c", "text": "The hours passed."},
    ],
    "scoring": {"method": "sum", "range": [0, 9], "better": "lower"},
    "loinc": None,
}
"""What a client alone fills in: its answers stand the worst first."""


def hours(**changes) -> Instrument:
    """Return the form about hours, some keys of its definition changed."""
    return made_up(**{**HOURS, **changes})


def packed(*forms, name="Made-up pack", uses=("clinical", "research")) -> bytes:
    """Return a pack of these forms as what its zip file holds, the same each time."""
    files = {
        f"form-{n}.toml": as_toml(replace(one, credit=""))
        for n, one in enumerate(forms)
    }
    lines = [
        f'name = "{name}"',
        'licence = "CC BY-NC-ND 4.0"',
        f'credit = "{WEATHER["credit"]}"',
        f"uses = {list(uses)}",
    ]
    for file, words in files.items():
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        lines += ["[[definitions]]", f'file = "{file}"', f'sha256 = "{sha256}"']
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file, words in {"pack.toml": "\n".join(lines), **files}.items():
            archive.writestr(zipfile.ZipInfo(file), words)
    return content.getvalue()
