"""What ``duologue words`` writes for other programs: JSON, and a table as CSV."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from duologue import __version__
from duologue.cli.words_files import Read
from duologue.corpus.words import SessionWords
from duologue.corpus.words_figures import figures, flat, partners_figures
from duologue.corpus.words_partners import AgainstPartners

NOT_OF_ONE = (
    "Of a single session nothing can be said by lsm, turn_lsm, coordination and raw "
    "shared_expressions; of following from 30 pairs on, as excess_loo. More is not better."
)


def as_json(
    read: Sequence[Read],
    found: Sequence[SessionWords],
    *,
    partners: AgainstPartners | None,
    model: str | None,
) -> str:
    """Return all figures of all sessions, and no word of them."""
    told: dict[str, Any] = {
        "program": f"duologue {__version__}",
        "limits": NOT_OF_ONE,
        "model": model,
        "sessions": [
            {**_named(session), **figures(one)}
            for session, one in zip(read, found, strict=True)
        ],
    }
    if partners is not None:
        told["partners"] = partners_figures(partners)
    return json.dumps(told, indent=2, allow_nan=False)


def table(
    read: Sequence[Read], found: Sequence[SessionWords], *, model: str | None
) -> str:
    """Return a row for each session; a blank is what cannot be said.

    The columns are JSON's names, joined by underscores; lists are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for n, (session, one) in enumerate(zip(read, found, strict=True)):
        row = dict(flat({**_named(session), "model": model, **figures(one)}))
        if n == 0:
            writer.writerow(row)
        writer.writerow(map(_cell, row.values()))
    return text.getvalue()


def _named(session: Read) -> dict[str, str | None]:
    return {"file": session.path.name, "transcript": session.id or None}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
