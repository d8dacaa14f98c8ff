"""A transcript as matching takes it: its turns, their words, and who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duologue.engine.matching import function_words, tokens
from duologue.engine.matching.pairs import SEATS, Ints, Pair
from duologue.engine.turns.over_session import OverSession, over_session
from duologue.engine.turns.ribbon import row_texts
from duologue.engine.wording.tokenisers import words_of
from duologue.engine.wording.variety import variety
from duologue.records import Turns
from duologue.relationship.spoken import Columns


@dataclass(frozen=True, slots=True)
class SaidTurns:
    """The turns of one session as matching takes them."""

    texts: list[str]
    words: list[list[str]]
    seat: Ints
    n_words: Ints
    counts: Ints


@dataclass(frozen=True, slots=True)
class Said:
    """One session in rows, and the text of each."""

    session: OverSession
    texts: tuple[str, ...]

    @classmethod
    def of(cls, turns: Turns) -> "Said":
        """Find the rows of a transcript."""
        given = Columns.of(turns)
        session = over_session(
            given.seat,
            given.start_s,
            given.end_s,
            given.n_words,
            given.asks,
            given.acknowledges,
            ends_asking=given.ends_asking,
        )
        return cls(
            session, row_texts([s.text for s in turns.segments], session.ribbon.row_of)
        )

    def of_turns(self) -> SaidTurns:
        """Return the rows that are turns."""
        rows = self.session.ribbon.turns
        texts = [self.texts[row] for row in rows]
        words = [tokens.opened_words(text) for text in texts]
        return SaidTurns(
            texts,
            words,
            self.session.ribbon.seat[rows],
            np.array([len(each) for each in words], np.int64),
            function_words.count_classes(words),
        )

    def variety(self) -> Pair:
        """Return how varied the words of each are, backchannels among them."""
        seat = self.session.ribbon.seat.tolist()
        client, therapist = (
            variety(
                [
                    word
                    for text, whose in zip(self.texts, seat, strict=True)
                    if whose == own
                    for word in words_of(text)
                ]
            )
            for own in SEATS
        )
        return client, therapist


_FUNCTION_WORDS = frozenset().union(*function_words.FUNCTION_WORDS.values())


def n_function_words(turns: Sequence[Sequence[str]]) -> int:
    """Return how many words of the turns are function words."""
    return sum(word in _FUNCTION_WORDS for words in turns for word in words)
