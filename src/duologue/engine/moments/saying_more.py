"""Turns in which a person said more of themselves than is usual for them in the session.

Three signs are counted against that person's own turns: words, "I" words, and words of
thinking and feeling. They are told one by one. How deep a turn went they do not say: no
measure of that is known that a list of words could be.
"""

from dataclasses import dataclass

import numpy as np

from duologue.engine.moments.replies import Replies, replies_to
from duologue.engine.moments.turn_signs import Bools, Ints, TurnSigns

FEWEST_TURNS = 8
"""With fewer turns in the session a person has no usual in it. Our choice."""

USUAL = 0.75
"""More than usual is above this quantile of one's own turns. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """A person's own turns in the session, as (median, upper quartile) of each sign.

    Each is a value that one of the turns has. ``nan`` with fewer than 8 turns.

    Attributes
    ----------
    n_turns : int
        Turns of the person.
    n_words, i_words, thinking : tuple of float
        Counts in a turn.
    """

    n_turns: int
    n_words: tuple[float, float]
    i_words: tuple[float, float]
    thinking: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SayingMore:
    """One person's turns with more "I" words than usual, and more of another sign.

    Attributes
    ----------
    usual : Usual
        What they are compared with.
    turn, row : ndarray of int, shape (n_moments,)
        Number of the turn, and its row in the ribbon.
    n_words, i_words, thinking : ndarray of int, shape (n_moments,)
        The three signs.
    longer, more_thinking : ndarray of bool, shape (n_moments,)
        Which of the two others lies above the upper quartile, too: one does, or both.
    backchannels : ndarray of int, shape (n_moments,)
        Those of the other during the turn.
    replies : Replies
        The next three turns of the other.
    """

    usual: Usual
    turn: Ints
    row: Ints
    n_words: Ints
    i_words: Ints
    thinking: Ints
    longer: Bools
    more_thinking: Bools
    backchannels: Ints
    replies: Replies


def saying_more(signs: TurnSigns) -> tuple[SayingMore, SayingMore]:
    """Find where each said more of themselves, by words that can be counted.

    Parameters
    ----------
    signs : TurnSigns
        Of all turns of the session.

    Returns
    -------
    tuple of SayingMore
        Client, therapist. Without moments for whoever has fewer than 8 turns.
    """
    client, therapist = (_of(signs, own) for own in (0, 1))
    return client, therapist


def _of(signs: TurnSigns, own: int) -> SayingMore:
    mine = signs.seat == own
    usual = _usual(signs, mine)
    longer = signs.n_words > usual.n_words[1]
    more_thinking = signs.thinking > usual.thinking[1]
    more_i = signs.i_words > usual.i_words[1]
    turn = np.flatnonzero(mine & more_i & (longer | more_thinking))
    return SayingMore(
        usual=usual,
        turn=turn,
        row=signs.row[turn],
        n_words=signs.n_words[turn],
        i_words=signs.i_words[turn],
        thinking=signs.thinking[turn],
        longer=longer[turn],
        more_thinking=more_thinking[turn],
        backchannels=signs.backchannels[turn],
        replies=replies_to(signs, turn),
    )


def _usual(signs: TurnSigns, mine: Bools) -> Usual:
    return Usual(
        n_turns=int(mine.sum()),
        n_words=_middle(signs.n_words[mine]),
        i_words=_middle(signs.i_words[mine]),
        thinking=_middle(signs.thinking[mine]),
    )


def _middle(values: Ints) -> tuple[float, float]:
    if values.size < FEWEST_TURNS:
        return float("nan"), float("nan")
    # A value that occurs, so that a session said twice over has the same usual.
    median, upper = np.quantile(values, [0.5, USUAL], method="inverted_cdf").tolist()
    return float(median), float(upper)
