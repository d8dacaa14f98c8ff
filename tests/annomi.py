"""The development half of AnnoMI and its reference values, where they are at hand."""

import csv
import functools
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from duologue.engine.wording.tokenisers import Tokeniser, words_of

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[?.!,]")


@dataclass(frozen=True)
class Transcript:
    """One session: a row of the file is a turn; seats are 0 client, 1 therapist."""

    number: int
    is_high: bool
    texts: tuple[str, ...]
    seat: np.ndarray
    utterance: tuple[int, ...]


@functools.cache
def transcripts(shared):
    """Return every transcript, in the order of their numbers."""
    rows = defaultdict(list)
    for row in records(shared / "data" / "annomi" / "annomi_dev.csv"):
        rows[int(row["transcript_id"])].append(row)
    return [_transcript(number, rows[number]) for number in sorted(rows)]


def _transcript(number, rows):
    rows = sorted(rows, key=lambda row: int(row["utterance_id"]))
    return Transcript(
        number,
        rows[0]["mi_quality"] == "high",
        tuple(row["utterance_text"] for row in rows),
        np.array([int(row["interlocutor"] == "therapist") for row in rows]),
        tuple(int(row["utterance_id"]) for row in rows),
    )


def reference(shared, name):
    """Return the rows of a table of reference values."""
    return records(shared / "reference" / "words" / name)


def records(path):
    """Read a table, by commas or tabs."""
    with path.open(encoding="utf-8", newline="") as file:
        mark = "\t" if path.suffix == ".tsv" else ","
        return list(csv.DictReader(file, delimiter=mark))


def reference_words(transcript):
    """Return the words of each turn as the reference values know them."""
    return [words_of(text, Tokeniser.REFERENCE) for text in transcript.texts]


def peers_tokens(text):
    """Return tokens as pydialign has them: an empty one before a mark that comes first."""
    found = _TOKEN.findall(text.lower().replace("\u2019", "'"))
    return ["", *found] if found and found[0] in "?.!," else found
