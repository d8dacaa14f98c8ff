"""Words that hold sentences together, in nine closed classes: lists of our own.

Published measures of style count the classes of LIWC, which may not be passed on. These
lists were written from English grammar before any result was seen, and were not tuned:
what is counted from them is no LIWC value, though it goes along with one (coordination
from these lists against the patterns of ConvoKit: r .98 for therapists, .97 for clients).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

VERSION = "en-1"
"""Version of the lists, to be kept with what is counted from them."""

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(members.split())
    for name, members in {
        "ppron": (
            "i me my mine myself we us our ours ourselves you your yours yourself "
            "yourselves he him his himself she her hers herself they them their theirs "
            "themselves"
        ),
        "ipron": (
            "it its itself this that these those something anything everything nothing "
            "somebody someone anybody anyone everybody everyone nobody who whom whose "
            "which what whatever whoever whichever other others thing things stuff"
        ),
        "article": "a an the",
        "auxverb": (
            "am is are was were be been being have has had having do does did doing done "
            "can could will would shall should may might must ought cannot"
        ),
        "adverb": (
            "very really just so too also only even still already again then there here "
            "now always never often sometimes usually maybe perhaps quite rather almost "
            "actually probably definitely well soon ever about around back when where "
            "how why"
        ),
        "prep": (
            "of in to for with on at by from about into over after before under between "
            "through during against without within along across behind beyond near off "
            "up down out around upon toward towards since until than as like"
        ),
        "conj": (
            "and but or nor so yet because although though while whereas if unless "
            "whether since until when as"
        ),
        "negate": (
            "no not never none neither nor nothing nobody nowhere cannot without"
        ),
        "quant": (
            "all any both each few more most much many some several lot lots less least "
            "enough every half little bit whole another"
        ),
    }.items()
}
"""Personal and impersonal pronouns, articles, auxiliary verbs, adverbs, prepositions,
conjunctions, negations, quantities. A word may be in several, and counts in each."""

CLASSES = tuple(FUNCTION_WORDS)
"""The nine classes in the order of every last axis."""

ALL_FUNCTION_WORDS = frozenset().union(*FUNCTION_WORDS.values())
_WORDS = sorted(ALL_FUNCTION_WORDS)
_PLACE = {word: place for place, word in enumerate(_WORDS)}
_NO_CLASS = len(_WORDS)
_MEMBERSHIP = np.array(
    [[word in FUNCTION_WORDS[name] for name in CLASSES] for word in _WORDS]
    + [[False] * len(CLASSES)],
    dtype=np.int64,
)


def count_classes(turns: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Count the words of each class in each turn.

    Parameters
    ----------
    turns : sequence of sequence of str
        The words of each turn, as `tokens.opened_words` gives them.

    Returns
    -------
    ndarray of int, shape (n_turns, 9)
        One column a class, in the order of ``CLASSES``; 0 for a turn without words.

    Examples
    --------
    >>> count_classes([["so", "it", "is"], []]).tolist()
    [[0, 1, 0, 1, 1, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0]]
    """
    ends = np.cumsum([len(words) for words in turns], dtype=np.int64)
    places = [_PLACE.get(word, _NO_CLASS) for words in turns for word in words]
    reached = np.zeros((len(places) + 1, len(CLASSES)), dtype=np.int64)
    np.cumsum(_MEMBERSHIP[places], axis=0, out=reached[1:])
    counts: NDArray[np.int64] = np.diff(reached[np.r_[0, ends]], axis=0)
    return counts
