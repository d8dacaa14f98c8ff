"""A transcript as matching takes it: its turns, their words, and who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duologue.engine.matching import function_words, tokens
from duologue.engine.matching.pairs import Ints, Pair
from duologue.engine.seats import SEATS
from duologue.engine.wording.tokenisers import words_of
from duologue.engine.wording.variety import variety
from duologue.relationship.spoken import Rows


@dataclass(frozen=True, slots=True)
class SaidTurns:
    """The turns of one session as matching takes them."""

    texts: list[str]
    words: list[list[str]]
    seat: Ints
    n_words: Ints
    counts: Ints

    @classmethod
    def of(cls, rows: Rows) -> "SaidTurns":
        """Take the rows of a transcript that are turns."""
        ribbon = rows.session.ribbon
        texts = [rows.texts[row] for row in ribbon.turns]
        words = [tokens.opened_words(text) for text in texts]
        return cls(
            texts,
            words,
            ribbon.seat[ribbon.turns],
            np.array([len(each) for each in words], np.int64),
            function_words.count_classes(words),
        )


def variety_of(rows: Rows) -> Pair:
    """Return how varied the words of each are, backchannels among them."""
    seat = rows.session.ribbon.seat.tolist()
    client, therapist = (
        variety(
            [
                word
                for text, whose in zip(rows.texts, seat, strict=True)
                if whose == own
                for word in words_of(text)
            ]
        )
        for own in SEATS
    )
    return client, therapist


def n_function_words(turns: Sequence[Sequence[str]]) -> int:
    """Return how many words of the turns are function words."""
    known = function_words.ALL_FUNCTION_WORDS
    return sum(word in known for words in turns for word in words)
