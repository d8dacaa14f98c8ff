"""The words of ReproSchema, and the notes in which we say what it has no place for."""

import re

from duologue.errors import InstrumentError
from duologue.formats.definitions import check_ids
from duologue.instruments.instrument import Instrument

CONTEXT = (
    "https://raw.githubusercontent.com/ReproNim/reproschema/main/releases/1.0.0/"
    "reproschema"
)
"""The address by which files of the format name its vocabulary; never fetched."""

SCHEMA_VERSION = "1.0.0"
OURS = "duologue"
"""The source of a note that is ours (``additionalNotesObj``)."""

USUAL_LANGUAGE = "en"

_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_OTHER = re.compile(r"\W", re.ASCII)


def note(column: str, value: object) -> dict[str, object]:
    """Return one note of ours."""
    return {"source": OURS, "column": column, "value": value}


def variables_of(instrument: Instrument) -> dict[str, str]:
    """Return the variable of each item, of the total and of each part, by its id.

    The total's key is the empty string; a part's begins with ``/``.

    Raises
    ------
    InstrumentError
        If an id fits in no file of others, the instrument's cannot begin a variable,
        or two of them would be the same.
    """
    check_ids(instrument)
    keys = {item: item for item in instrument.item_ids}
    keys |= {"": "total_score"} | {
        f"/{part.id}": f"{part.id}_score" for part in instrument.subscales
    }
    found = {
        key: f"{instrument.id}_{_OTHER.sub('_', name)}" for key, name in keys.items()
    }
    if not _VARIABLE.fullmatch(found[""]) or len(set(found.values())) < len(found):
        raise InstrumentError(
            f"{instrument.id}: the ids must begin with a letter and stay different "
            "where every sign but letters and digits becomes _."
        )
    return found
