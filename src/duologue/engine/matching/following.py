"""Does a turn answer the turn before it, or only its topic? Excess over chance.

Two people who talk about one thing use the same words without adapting to each other. So
the figure of neighbouring turns is set beside that of the same turns in random order, per
direction. It says nothing of whether following is good.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.matching.excess import Excess, excess
from duologue.engine.matching.pairs import (
    MIN_WORDS,
    Ints,
    TurnPairs,
    neighbouring,
    one_a_turn,
    seats_of,
)
from duologue.engine.matching.similar import TurnVectors
from duologue.engine.matching.turn_style import matched_turns
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError


def following(
    vectors: TurnVectors,
    seat: ArrayLike,
    n_words: ArrayLike,
    *,
    shuffle: int | None = 0,
    min_words: int = MIN_WORDS,
) -> tuple[Excess, Excess]:
    """Say how far the words of each go with those of the turn just before.

    Parameters
    ----------
    vectors : TurnVectors
        Of each turn, from `similar.lexical` or `similar.encoded`.
    seat : array_like of int, shape (n_turns,)
        0 client, 1 therapist, -1 neither. A turn by neither parts its neighbours.
    n_words : array_like of int, shape (n_turns,)
        Words of each turn, as `tokens.opened_words` splits them.
    shuffle : int or None
        Whose turns are put in random order, 0 or 1; the other's stay where they are. With
        ``None`` it is, in each direction, those of whoever spoke first: then exchanged
        seats exchange the two results, exactly.
    min_words : int
        Turns with fewer words are part of no pair, and of no chance.

    Returns
    -------
    tuple of Excess
        Of the pairs in which the client speaks second, and the therapist.

    Raises
    ------
    ParameterError
        If the arrays are not of as many turns each, a seat is not -1, 0 or 1, or
        ``shuffle`` is not 0 or 1.
    """
    if shuffle is None:
        client, therapist = (
            following(vectors, seat, n_words, shuffle=1 - own, min_words=min_words)[own]
            for own in SEATS
        )
        return client, therapist
    turns = _Turns.of(seat, n_words, shuffle, min_words)
    one_a_turn(vectors.blank.size, turns.seat)
    client, therapist = (
        excess(vectors.table(turns.moved, kept), partner)
        for kept, partner in map(turns.direction, SEATS)
    )
    return client, therapist


def style_following(
    counts: ArrayLike,
    seat: ArrayLike,
    n_words: ArrayLike,
    *,
    shuffle: int = 0,
    min_words: int = MIN_WORDS,
) -> tuple[Excess, Excess]:
    """Say the same of turn-level style matching: **of many sessions together alone**.

    In single sessions it lies beyond chance in 4 to 8 of a hundred, hardly more often than
    chance itself.

    Parameters
    ----------
    counts : array_like of int, shape (n_turns, 9)
        As `function_words.count_classes` counts them.
    seat, n_words, shuffle, min_words
        As for `following`; ``min_words`` is 1 or more.

    Returns
    -------
    tuple of Excess
        Of the pairs in which the client speaks second, and the therapist. A first turn
        without any function word drops its pair; so where it is the first speaker's turns
        that are shuffled, chance and spread are approximations.

    Raises
    ------
    ParameterError
        As for `following`.
    """
    if min_words < 1:
        raise ParameterError(f"min_words must be 1 or more, got {min_words}.")
    turns = _Turns.of(seat, n_words, shuffle, min_words)
    of_class = np.asarray(counts, dtype=np.float64)
    one_a_turn(len(of_class), turns.seat)
    share = of_class / np.maximum(np.asarray(n_words), 1)[:, None]
    found = []
    for responder in SEATS:
        kept, partner = turns.direction(responder)
        moved_ones, kept_ones = share[turns.moved][:, None], share[kept][None]
        found.append(
            excess(
                matched_turns(kept_ones, moved_ones)
                if responder == shuffle
                else matched_turns(moved_ones, kept_ones),
                partner,
            )
        )
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class _Turns:
    """Who speaks, the pairs, and the turns that are put in random order."""

    seat: Ints
    pairs: TurnPairs
    shuffle: int
    moved: Ints

    @classmethod
    def of(
        cls, seat: ArrayLike, n_words: ArrayLike, shuffle: int, min_words: int
    ) -> "_Turns":
        if shuffle not in SEATS:
            raise ParameterError(
                f"shuffle must be 0 (client) or 1 (therapist), got {shuffle}."
            )
        seats = seats_of(seat)
        pairs = neighbouring(seats, n_words, min_words=min_words)
        long_enough = np.asarray(n_words) >= min_words
        return cls(
            seats, pairs, shuffle, np.flatnonzero((seats == shuffle) & long_enough)
        )

    def direction(self, responder: int) -> tuple[Ints, Ints]:
        """Return the turns that stay, and which of those that move is theirs."""
        of = self.pairs.of(responder)
        moved, kept = (
            (of.second, of.first)
            if responder == self.shuffle
            else (of.first, of.second)
        )
        return kept, np.searchsorted(self.moved, moved)
