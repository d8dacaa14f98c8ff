"""A text as the tokens that matching is counted in: two ways, each with its version."""

import re
import unicodedata

from duologue.engine.wording.tokenisers import folded, opened
from duologue.engine.words import words

OPENED = "opened-1"
"""Version of `opened_words`, to be kept with what is counted from it."""

MARKED = "marked-1"
"""Version of `words_and_marks`."""

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?|[?.!,]")


def opened_words(text: str) -> list[str]:
    """Split a text into lower-case words, contractions as the two words that they are.

    A known fault, kept so that figures stay comparable: the 's of a possessive becomes
    "is". Digits are no words; a letter with an accent is one, as it is not for
    `Tokeniser.REFERENCE`, by which texts of English letters alone are split alike.

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
    return [part for word in words(text) for part in opened(word)]


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
    return _TOKEN.findall(folded(unicodedata.normalize("NFC", text)))
