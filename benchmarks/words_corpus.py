"""The development half of AnnoMI, where it is at hand: read as its reference values were.

Its text may not be passed on: what is told of it are figures of many sessions together.
"""

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duologue.engine.wording.tokenisers import Tokeniser, words_of

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[?.!,]")
"""English letters alone, so that the figures are those of the reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One transcript; seats are 0 client, 1 therapist.

    Attributes
    ----------
    is_high : bool
        Whether it shows motivational interviewing as it should be done.
    words, tokens : list of list of str
        Of each turn: contractions opened, and with marks.
    texts : list of str
        Each turn as written.
    seat : ndarray of int
    n_words : ndarray of int
    """

    number: int
    is_high: bool
    words: list[list[str]]
    tokens: list[list[str]]
    texts: list[str]
    seat: NDArray[np.int64]
    n_words: NDArray[np.int64]


def shared_folder() -> Path | None:
    """Return the folder of what may not be passed on, or nothing where there is none."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("DUOLOGUE_SHARED", beside))
    return folder if folder.is_dir() else None


def sessions(folder: Path) -> list[Session]:
    """Read every transcript, in the order of their numbers."""
    rows = defaultdict(list)
    for row in table(folder / "data" / "annomi" / "annomi_dev.csv"):
        rows[int(row["transcript_id"])].append(row)
    return [_session(number, rows[number]) for number in sorted(rows)]


def reference(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a table of reference values."""
    return list(table(folder / "reference" / "words" / name))


def table(path: Path) -> Iterator[dict[str, str]]:
    """Read the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _session(number: int, rows: list[Mapping[str, str]]) -> Session:
    rows = sorted(rows, key=lambda row: int(row["utterance_id"]))
    texts = [row["utterance_text"] for row in rows]
    plain = [text.lower().replace("\u2019", "'") for text in texts]
    words = [words_of(text, Tokeniser.REFERENCE) for text in texts]
    return Session(
        number=number,
        is_high=rows[0]["mi_quality"] == "high",
        words=words,
        tokens=[_as_peers(_TOKEN.findall(text)) for text in plain],
        texts=texts,
        seat=np.array([int(row["interlocutor"] == "therapist") for row in rows]),
        n_words=np.array([len(each) for each in words]),
    )


def _as_peers(found: list[str]) -> list[str]:
    """Put an empty token before a mark that comes first, as pydialign does."""
    return ["", *found] if found and found[0] in "?.!," else found
