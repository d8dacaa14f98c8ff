"""A text as the tokens that matching is counted in: two ways, each with its version."""

import re
from collections.abc import Iterable

from duologue.engine.words import words

OPENED = "opened-1"
"""Version of `opened_words`, to be kept with what is counted from it."""

MARKED = "marked-1"
"""Version of `words_and_marks`."""

_NOT = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDINGS = {
    "m": "am",
    "re": "are",
    "ve": "have",
    "ll": "will",
    "d": "would",
    "s": "is",
}

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?|[?.!,]")


def opened_words(text: str) -> list[str]:
    """Split a text into lower-case words, contractions as the two words that they are.

    A known fault, kept so that figures stay comparable: the 's of a possessive becomes
    "is". Digits are no words.

    Parameters
    ----------
    text : str
        Clean speech: no mark-up, no bracketed notes.

    Returns
    -------
    list of str
        The words in their order; empty for a blank text.

    Examples
    --------
    >>> opened_words("She won't, and I'm glad.")
    ['she', 'will', 'not', 'and', 'i', 'am', 'glad']
    """
    return list(opened(words(text)))


def opened(found: Iterable[str]) -> Iterable[str]:
    """Give words one by one, each contraction as its two.

    Parameters
    ----------
    found : iterable of str
        Lower-case words with straight apostrophes.
    """
    for word in found:
        stem, apostrophe, ending = word.partition("'")
        if not apostrophe:
            yield word
        elif ending == "t" and stem.endswith("n"):
            yield _NOT.get(stem[:-1], stem[:-1])
            yield "not"
        else:
            yield stem
            yield _ENDINGS.get(ending, ending)


def words_and_marks(text: str) -> list[str]:
    """Split a text into words, numbers and the marks ? . ! and comma, in lower case.

    These are the tokens of shared expressions: a contraction stays one word.

    Parameters
    ----------
    text : str
        Clean speech.

    Returns
    -------
    list of str
        The tokens in their order; empty for a blank text.

    Examples
    --------
    >>> words_and_marks("I don't know. At 10?")
    ['i', "don't", 'know', '.', 'at', '10', '?']
    """
    straight = text.translate(_STRAIGHT).lower()
    return _TOKEN.findall(straight)


_STRAIGHT = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"))
