"""Looking for words in a text: without case, without accents, and where they stand."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

LONGEST_SEARCH = 200
"""Characters that are looked for, at most."""

AROUND = 90
"""Characters that are shown on either side of what was found first."""

_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""What stands over or under a letter once the two are taken apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text, and whether it is what was looked for."""

    words: str
    found: bool


class Search:
    """What is looked for: every one of some words.

    Parameters
    ----------
    words : str
        As they were typed.
    """

    def __init__(self, words: str) -> None:
        self._wanted = tuple(dict.fromkeys(plainly(words[:LONGEST_SEARCH]).split()))

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to look for."""
        return not self._wanted

    def around(self, text: str) -> tuple[Piece, ...]:
        """Return the text around what was found first, in pieces; none if a word is missing.

        A word is found inside a longer one, too.
        """
        plain = plainly(text)
        if not self._wanted or not all(word in plain for word in self._wanted):
            return ()
        marked = self._marked(text)
        # Marks that this leaves in place may change places: then nothing is marked.
        first = min((start for start, _ in marked), default=0)
        start, end = _cut(text, first)
        return _pieces(text, start, end, [m for m in marked if m[1] > start])

    def _marked(self, text: str) -> list[tuple[int, int]]:
        """Return from where to where each word stands in the text, as it was written."""
        plain = [plainly(character) for character in text]
        origin = [i for i, each in enumerate(plain) for _ in each]
        joined = "".join(plain)
        found = []
        for word in self._wanted:
            at = joined.find(word)
            while at >= 0:
                end = origin[at + len(word) - 1] + 1
                while end < len(text) and not plain[end]:
                    end += 1  # an accent of its own belongs to the letter before it
                found.append((origin[at], end))
                at = joined.find(word, at + len(word))
        return _merged(sorted(found))


def plainly(text: str) -> str:
    """Return a text without case and accents, as it is compared."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of which none touches another."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, at: int) -> tuple[int, int]:
    """Return from where to where a text is shown, between words where there are some."""
    start, end = max(0, at - AROUND), min(len(text), at + 2 * AROUND)
    if start:
        start = next((i for i in range(start, at) if text[i - 1].isspace()), start)
    if end < len(text):
        end = next((i for i in range(end, at, -1) if text[i].isspace()), end)
    return start, end


def _pieces(
    text: str, start: int, end: int, marked: list[tuple[int, int]]
) -> tuple[Piece, ...]:
    inside = [(max(a, start), min(b, end)) for a, b in marked if a < end]
    edges = [start, *(edge for span in inside for edge in span), end]
    pieces = [
        Piece(words=text[a:b], found=i % 2 == 1)
        for i, (a, b) in enumerate(pairwise(edges))
        if a < b
    ]
    before = [Piece(words="… ", found=False)] if start else []
    after = [Piece(words=" …", found=False)] if end < len(text) else []
    return (*before, *pieces, *after)
