"""A text as words, with the place of each: the product's own way, and that of earlier work.

Places are characters of the text as given: folding changes no length.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

_FOLDS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\uff07", "'") | {"\u0130": "i"}
)  # the last is the only letter that grows in lower case

# A mark that combines belongs to its letter, so that a decomposed accent parts no word.
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*+)++"
_OWN = re.compile(rf"{_LETTERS}(?:'{_LETTERS})?")
_REFERENCE = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NOT = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDINGS = {
    "m": "am",
    "re": "are",
    "ve": "have",
    "ll": "will",
    "d": "would",
    "s": "is",
}

Placed = tuple[str, int, int]


class Tokeniser(StrEnum):
    """How a text is split into words: the name is to be kept with every figure."""

    OWN = "words-1"
    """As `duologue.engine.words.words`: a contraction is one word."""

    REFERENCE = "reference-1"
    """A contraction is two, a possessive 's is the word "is", and letters with accents
    part words. For comparing with reference figures that were made with it."""


def folded(text: str) -> str:
    """Return a text in lower case with straight apostrophes, and of the same length."""
    return text.translate(_FOLDS).lower()


def placed_words(text: str, tokeniser: Tokeniser) -> Iterator[Placed]:
    """Give the words of a folded text, unopened, with where each begins and ends.

    Parameters
    ----------
    text : str
        As `folded` returns it.
    tokeniser : Tokeniser
        How to split it.

    Yields
    ------
    tuple of str, int, int
        In the order of the text.
    """
    pattern = _OWN if tokeniser is Tokeniser.OWN else _REFERENCE
    for match in pattern.finditer(text):
        yield match[0], match.start(), match.end()


def opened(word: str) -> tuple[str, ...]:
    """Return a contraction as its two words, and any other word alone.

    Parameters
    ----------
    word : str
        Folded.

    Examples
    --------
    >>> opened("won't"), opened("she's"), opened("glad")
    (('will', 'not'), ('she', 'is'), ('glad',))
    """
    stem, apostrophe, ending = word.partition("'")
    if not apostrophe:
        return (word,)
    if word.endswith("n't"):
        return _NOT.get(word[:-3], word[:-3]), "not"
    return stem, _ENDINGS.get(ending, ending)


def words_of(text: str, tokeniser: Tokeniser = Tokeniser.OWN) -> list[str]:
    """Split a text into the words that are counted.

    Parameters
    ----------
    text : str
        Clean speech: no mark-up, no bracketed notes.
    tokeniser : Tokeniser
        How to split it.

    Returns
    -------
    list of str
        In lower case, in their order; empty for a blank text.

    Examples
    --------
    >>> words_of("Don't, I said."), words_of("Don't, I said.", Tokeniser.REFERENCE)
    (["don't", 'i', 'said'], ['do', 'not', 'i', 'said'])
    """
    found = [word for word, *_ in placed_words(folded(text), tokeniser)]
    if tokeniser is Tokeniser.OWN:
        return found
    return [part for word in found for part in opened(word)]
