"""Where in a session words and turns lie, as far as a file can tell."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from duologue.engine.turns.floor import Floor
from duologue.engine.turns.ribbon import Ribbon, spoken_order
from duologue.engine.turns.segments import Floats, Ints, Segments


class Basis(StrEnum):
    """What places in a session are told by."""

    TIMES = "times"
    """Starts and ends: words lie evenly between them."""

    STARTS = "starts"
    """Starts alone: words lie evenly up to the next start, whoever's it is."""

    WORDS = "words"
    """No times: the running number of each word, of both together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where each word, segment and turn lies, in seconds or in words.

    Attributes
    ----------
    basis : Basis
        What places are told by.
    low, high : float
        Where the session begins and ends; both 0 where neither speaks.
    seat, start_s, end_s : ndarray, shape (n_segments,)
        The segments of the two, in the order in which they are counted.
    word_at, word_seat : ndarray, shape (n_words,)
        The middle of each word, and who says it.
    turn_at : ndarray, shape (n_turns,)
        Where each turn begins.
    """

    basis: Basis
    low: float
    high: float
    seat: Ints
    word_at: Floats
    word_seat: Ints
    turn_at: Floats
    start_s: Floats
    end_s: Floats


def placed_in(talk: Segments, floor: Floor, found: Ribbon) -> Placed:
    """Return where all that was said lies in a session."""
    spoken = talk.rows(spoken_order(talk, floor))
    basis, begins, ends = _places(spoken)
    n = spoken.n_words
    nth = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    length = np.repeat(ends - begins, n)
    word_at = np.repeat(begins, n) + (nth + 0.5) / np.repeat(n, n) * length
    row_of = found.row_of[spoken_order(talk, floor)]
    firsts = np.unique(row_of, return_index=True)[1]
    return Placed(
        basis=basis,
        low=float(begins.min(initial=np.inf)) if begins.size else 0.0,
        high=float(ends.max(initial=-np.inf)) if ends.size else 0.0,
        seat=spoken.seat,
        word_at=word_at,
        word_seat=np.repeat(spoken.seat, n),
        turn_at=begins[firsts][found.turns],
        start_s=begins,
        end_s=ends,
    )


def _places(spoken: Segments) -> tuple[Basis, Floats, Floats]:
    """Return how places are told, and where each segment begins and ends."""
    starts = spoken.start_s
    if spoken.has_ends and spoken.end_s.max() > starts.min():
        return Basis.TIMES, starts, spoken.end_s
    if spoken.has_starts and starts.max() > starts.min() and not spoken.has_ends:
        forward = np.maximum.accumulate(starts)  # some files step back by a second
        return Basis.STARTS, forward, np.r_[forward[1:], forward[-1]]
    until = np.cumsum(spoken.n_words).astype(np.float64)
    return Basis.WORDS, until - spoken.n_words, until
