"""What the other said next: their three turns after a moment, in counts."""

from dataclasses import dataclass

import numpy as np

from duologue.engine.moments.turn_signs import Floats, Ints, TurnSigns

N_NEXT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """The next three turns of the other; all of shape (n_moments, 3).

    Where the session ended before, ``turn`` is -1 and the rest is ``nan``.

    Attributes
    ----------
    turn : ndarray of int
        Number of the turn, from 0 on, among all turns of the session.
    n_words, i_words, you_words, thinking : ndarray
        Counts.
    asks, acknowledges : ndarray
        1 where the turn holds a question mark, or is nothing but "mm" or "yeah"; else 0.
    offset_s : ndarray
        Seconds from the end of the turn before it; below 0 an overlap; ``nan`` where
        not known.
    n_content, n_taken_up : ndarray
        Its different words that carry content, and how many of them are in the turn
        that the moment is. Where none is, the words are about something else; whether
        the subject is, they do not tell.
    """

    turn: Ints
    n_words: Floats
    i_words: Floats
    you_words: Floats
    thinking: Floats
    asks: Floats
    acknowledges: Floats
    offset_s: Floats
    n_content: Floats
    n_taken_up: Floats


def replies_to(signs: TurnSigns, moments: Ints) -> Replies:
    """Return what the other of the two said in the three turns after each moment.

    Parameters
    ----------
    signs : TurnSigns
        Of all turns of the session.
    moments : ndarray of int, shape (n_moments,)
        Numbers of turns.
    """
    turn = _next_of_the_other(signs.seat, moments)
    taken_up = [
        [len(signs.content[i] & signs.content[m]) for i in row]
        for m, row in zip(moments.tolist(), turn.tolist(), strict=True)
    ]

    def each(values: np.ndarray) -> Floats:
        return np.where(turn >= 0, np.r_[values, 0][turn], np.nan)

    return Replies(
        turn=turn,
        n_words=each(signs.n_words),
        i_words=each(signs.i_words),
        you_words=each(signs.you_words),
        thinking=each(signs.thinking),
        asks=each(signs.asks),
        acknowledges=each(signs.acknowledges),
        offset_s=each(signs.offset_s),
        n_content=each(np.array([len(one) for one in signs.content], np.int64)),
        n_taken_up=np.where(
            turn >= 0, np.array(taken_up, np.float64).reshape(turn.shape), np.nan
        ),
    )


def _next_of_the_other(seat: Ints, moments: Ints) -> Ints:
    turn = np.full((moments.size, N_NEXT), -1, dtype=np.int64)
    for own in (0, 1):
        others = np.r_[np.flatnonzero(seat != own), np.full(N_NEXT, -1)]
        mine = seat[moments] == own
        first = np.searchsorted(others[:-N_NEXT], moments[mine])
        turn[mine] = others[first[:, None] + np.arange(N_NEXT)]
    return turn
