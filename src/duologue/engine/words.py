"""Words and marks of one stretch of speech, counted literally.

Nothing here says what a word means: a question is a question mark, and an
acknowledgement is a short list of sounds and words. English only.
"""

import re
import unicodedata

_STRAIGHT = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\uff07", "'") | {"\u0130": "i"}
)  # the last, in lower case, would part a word
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

# The pattern of the rules, `^\W*((mm+([ -]?hm+)?|mhm+|uh[ -]?huh|hm+|yeah|
# yes|yep|ok|okay|right|sure|no|oh)\W*)+$`, with possessive repeats: it accepts the same
# texts and never goes back, so that "mmmmmmmm..." takes no longer than it is long.
_ACKNOWLEDGEMENT = re.compile(
    r"\W*+(?:(?:mm++(?:[ -]?hm++)?+|mhm++|uh[ -]?huh|hm++"
    r"|yeah|yes|yep|okay|ok|right|sure|no|oh)\W*+)++",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """Split a text into lower-case words; a contraction is one word.

    Typographic apostrophes count as straight ones. Digits are no words, and a hyphen
    parts two: "mm-hmm" is two words.

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
    >>> words("Don't, I said.")
    ["don't", 'i', 'said']
    """
    return _WORD.findall(_straight(text).lower())


def count_words(text: str) -> int:
    """Count the words of a text, as `words` splits it.

    Parameters
    ----------
    text : str
        Clean speech: no mark-up, no bracketed notes.

    Returns
    -------
    int
        Number of words; 0 for a blank text.

    Examples
    --------
    >>> count_words("Mm-hmm. I don't know.")
    5
    """
    return len(_WORD.findall(_straight(text)))


def asks(text: str) -> bool:
    """Whether a text holds a question mark.

    On 133 AnnoMI transcripts the share of turns that do agrees with the share that
    people coded as questions (Spearman .74).

    Parameters
    ----------
    text : str
        Clean speech.

    Returns
    -------
    bool
        ``False`` for a blank text.
    """
    return "?" in text


def ends_asking(text: str) -> bool:
    """Whether a text ends with a question mark, closing quotes aside.

    What the other says next is then an answer, even if it is only "yes".

    Parameters
    ----------
    text : str
        Clean speech.

    Returns
    -------
    bool
        ``False`` for a blank text.
    """
    return text.rstrip(" \t\n\"')\u2019\u201d").endswith("?")


def is_acknowledgement(text: str) -> bool:
    """Whether a text is nothing but "mm", "yeah", "okay" and the like.

    An acknowledgement is only a candidate: whether it left the floor with the other
    (a backchannel) is told from the times, by `duologue.engine.turns.summarise`.

    Parameters
    ----------
    text : str
        Clean speech.

    Returns
    -------
    bool
        ``False`` for a blank text.

    Examples
    --------
    >>> is_acknowledgement("Mm hm. Yeah."), is_acknowledgement("Yeah, but no thanks.")
    (True, False)
    """
    return _ACKNOWLEDGEMENT.fullmatch(text) is not None


def _straight(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_STRAIGHT)
