"""Lists of words and of turns of phrase, as data; our own, written before any result.

Changing a list changes the figures, and therefore ``VERSION``. British forms ("I reckon",
"you want to" as advice) are not in them yet.
"""

from enum import StrEnum

VERSION = "lists-1"
"""To be kept with every figure that is counted from these lists."""


class Sign(StrEnum):
    """What is counted, called by what it literally is."""

    I_WORDS = "i_words"
    WE_WORDS = "we_words"
    YOU_WORDS = "you_words"
    THINKING = "thinking"
    """Words of thinking and noticing, "feel" among them."""

    HEDGES = "hedges"
    DONT_KNOW = "dont_know"
    """Wording such as "I don't know" or "it's fine"."""

    MUST = "must"
    """Wording such as "you should"."""

    HERE_AND_NOW = "here_and_now"
    """Wording such as "between us" or "right now"."""

    OPENINGS = "openings"
    """Turns that open as a reflection may: "it sounds like", "so"."""


WORDS: dict[Sign, frozenset[str]] = {
    Sign.I_WORDS: frozenset(["i", "me", "my", "mine", "myself"]),
    Sign.WE_WORDS: frozenset(["we", "us", "our", "ours", "ourselves"]),
    Sign.YOU_WORDS: frozenset(["you", "your", "yours", "yourself"]),
    Sign.THINKING: frozenset(
        [
            "aware",
            "because",
            "believe",
            "cause",
            "feel",
            "guess",
            "knew",
            "know",
            "maybe",
            "mean",
            "means",
            "notice",
            "noticed",
            "perhaps",
            "realise",
            "realize",
            "reason",
            "remember",
            "sense",
            "think",
            "thinking",
            "thinks",
            "thought",
            "understand",
            "why",
            "wonder",
            "wondering",
        ]
    ),
}
"""Single words; in a contraction both of its words count ("I'm" is an "I" word)."""

PHRASES: dict[Sign, tuple[str, ...]] = {
    Sign.HEDGES: (
        "i guess",
        "i suppose",
        "i think",
        "i don't know",
        "kind of",
        "sort of",
        "maybe",
        "perhaps",
        "probably",
        "not sure",
    ),
    Sign.DONT_KNOW: (
        "i don't know",
        "i dunno",
        "no idea",
        "not sure",
        "don't remember",
        "can't remember",
        "nothing really",
        "whatever",
        "it's fine",
        "i'm fine",
    ),
    Sign.MUST: (
        "you should",
        "you must",
        "you ought",
        "you better",
        "you need to",
        "you have to",
        "you've got to",
        "you can't",
        "why don't you",
        "i want you to",
    ),
    Sign.HERE_AND_NOW: (
        "between us",
        "between you and me",
        "with me",
        "here with",
        "right now",
        "in here",
        "in this room",
        "i notice",
        "i sense",
        "i wonder if we",
        "i wonder if you and",
        "how is this",
        "how is we",
        "how are this",
        "how are we",
        "feel toward me",
        "feel about me",
        "our work",
        "our relationship",
        "our session",
    ),
}
"""Whole words in this order, in lower case; a word belongs to one phrase of a list."""

OPENINGS: tuple[str, ...] = (
    "so ",
    "it sounds like",
    "sounds like",
    "it seems",
    "you're ",
    "you are",
    "you feel",
    "on the one hand",
    "what i hear",
    "i hear",
)
"""Letters with which a turn begins, so that "i hear" opens "I heard" too."""

OPEN_QUESTIONS: tuple[str, ...] = (
    "what",
    "how",
    "why",
    "tell me",
    "describe",
    "in what way",
)
"""A turn that asks, and holds one of these, counts as an open question."""

NARROW_ACKNOWLEDGEMENT = (
    r"\W*+(?:mm++-?hm++|mhm++|hm++|uh-?huh|yeah|yes|yep|okay|ok|right|sure|no|oh)\W*+"
)
"""One sound or word and no more: for comparing with earlier figures. It misses "Mm.", for
which `duologue.engine.words.is_acknowledgement` is there."""
