"""How talk is shared over a session: in its thirds, and in windows of some minutes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.seats import SEATS
from duologue.engine.turns.changes import MICRO
from duologue.engine.turns.floor import floor_of
from duologue.engine.turns.placing import Basis, Placed, placed_in
from duologue.engine.turns.ribbon import Ribbon, ribbon_of
from duologue.engine.turns.segments import Floats, Ints, Segments, as_segments, union
from duologue.errors import ParameterError

WINDOW_S = 300.0
"""The window of the case study of seven sessions that we know of: five minutes."""

WINDOW_WORDS = 750
"""Where there are no times: what is said in five minutes at 150 words a minute (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A session in parts; columns are (client, therapist). A blank is ``nan``.

    A turn counts where it begins, words and seconds where they fall.

    Attributes
    ----------
    edges : ndarray, shape (n_parts + 1,)
        Where parts begin and end: seconds of the recording, or running numbers of
        words. The last window goes to the end: half a window shorter or longer.
    n_words, n_turns, n_question_turns : ndarray of int, shape (n_parts, 2)
        Counts.
    words_per_turn : ndarray, shape (n_parts, 2)
        Mean words of the turns that begin there.
    talk_share_words : ndarray, shape (n_parts, 2)
        Own words over the words of both; ``nan`` where nobody speaks.
    seconds : ndarray, shape (n_parts, 2)
        Time spoken; ``nan`` where the ends are not known.
    talk_share_time : ndarray, shape (n_parts, 2)
        Own seconds over the seconds of both.
    """

    edges: Floats
    n_words: Ints
    n_turns: Ints
    n_question_turns: Ints
    words_per_turn: Floats
    talk_share_words: Floats
    seconds: Floats
    talk_share_time: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSession:
    """One session from its beginning to its end.

    Attributes
    ----------
    basis : Basis
        What the places of words were told by.
    turns_per_minute : float
        Turns of both over the minutes from the first start to the last; ``nan`` where a
        start is missing or all are one.
    ribbon : Ribbon
        Its turns.
    thirds, windows : Parts
        The session in three parts of one length, and in windows. Without any part where
        neither says a word.
    """

    basis: Basis
    turns_per_minute: float
    ribbon: Ribbon
    thirds: Parts
    windows: Parts


def over_session(  # noqa: PLR0917 - the columns of one table, in their order
    seat: ArrayLike,
    start_s: ArrayLike,
    end_s: ArrayLike,
    n_words: ArrayLike,
    asks: ArrayLike,
    acknowledges: ArrayLike,
    *,
    ends_asking: ArrayLike | None = None,
    join: bool = True,
    window_s: float = WINDOW_S,
    window_words: int = WINDOW_WORDS,
) -> OverSession:
    """Follow talk, turns and questions over one session.

    Parameters
    ----------
    seat, start_s, end_s, n_words, asks, acknowledges, ends_asking, join
        As for `duologue.engine.turns.summarise`, with the same turns.
    window_s : float > 0
        Seconds of a window.
    window_words : int > 0
        Words of a window, where a start is missing or all are one.

    Returns
    -------
    OverSession
        Places go from the first start to the last end, or to the last start.

    Raises
    ------
    ParameterError
        If a window is not longer than 0, or as for `duologue.engine.turns.summarise`.
    """
    if not 0 < window_s < np.inf:
        raise ParameterError(f"window_s must be above 0, got {window_s:g}.")
    if window_words < 1:
        raise ParameterError(f"window_words must be 1 or more, got {window_words}.")
    talk = as_segments(
        seat,
        start_s,
        end_s,
        n_words=n_words,
        asks=asks,
        acknowledges=acknowledges,
        ends_asking=ends_asking,
    )
    floor = floor_of(talk, join=join)
    found = ribbon_of(talk, floor)
    placed = placed_in(talk, floor, found)
    low, high = placed.low, placed.high
    width = window_words if placed.basis is Basis.WORDS else window_s
    n = max(int((high - low) / width + 0.5), 1)
    return OverSession(
        basis=placed.basis,
        turns_per_minute=_pace(talk.rows(talk.seat >= 0), found.turns.size),
        ribbon=found,
        thirds=_parts(placed, found, np.linspace(low, high, 4)),
        windows=_parts(placed, found, np.r_[low + width * np.arange(n), high]),
    )


def _pace(seated: Segments, n_turns: int) -> float:
    span_s = np.ptp(seated.start_s) if seated.has_starts else 0.0
    return float(60 * n_turns / span_s) if span_s > 0 else float("nan")


def _parts(placed: Placed, found: Ribbon, edges: Floats) -> Parts:
    if not placed.high > placed.low:
        edges = edges[:1]
    n = edges.size - 1
    turns = found.turns
    at, seat = _part_of(placed.turn_at, edges), found.seat[turns]
    n_words = _table(_part_of(placed.word_at, edges), placed.word_seat, n)
    n_turns = _table(at, seat, n)
    asks = found.asks[turns]
    seconds = np.full((n, 2), np.nan)
    if placed.basis is Basis.TIMES:
        for own in SEATS:
            mine = placed.seat == own
            seconds[:, own] = _covered(placed.start_s[mine], placed.end_s[mine], edges)
    return Parts(
        edges=edges,
        n_words=n_words.astype(np.int64),
        n_turns=n_turns.astype(np.int64),
        n_question_turns=_table(at[asks], seat[asks], n).astype(np.int64),
        words_per_turn=_ratio(_table(at, seat, n, found.n_words[turns]), n_turns),
        talk_share_words=_ratio(n_words, n_words.sum(axis=1, keepdims=True)),
        seconds=seconds,
        talk_share_time=_ratio(seconds, seconds.sum(axis=1, keepdims=True)),
    )


def _part_of(at: Floats, edges: Floats) -> Ints:
    """Return the part of each place; what lies on an edge belongs to the later one."""
    # Counted from the first and rounded, so that a later clock parts words alike.
    places, limits = (np.round(one - edges[0], MICRO) for one in (at, edges))
    part: Ints = np.searchsorted(limits, places, side="right") - 1
    part[part > edges.size - 2] = edges.size - 2  # the end is of the last part
    return part


def _table(part: Ints, seat: Ints, n: int, weights: Ints | None = None) -> Floats:
    if n == 0:
        return np.zeros((0, 2))
    counts = np.bincount(2 * part + seat, weights, minlength=2 * n)
    return counts.reshape(n, 2).astype(np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _covered(start_s: Floats, end_s: Floats, edges: Floats) -> Floats:
    """Return the seconds of each part that stretches cover, overlaps counted once."""
    starts, ends = union(start_s, end_s)
    if starts.size == 0:
        return np.zeros(edges.size - 1)
    before = np.cumsum(ends - starts)
    nth = np.searchsorted(starts, edges, side="right") - 1  # the last begun by the edge
    inside = np.clip(edges - starts[nth], 0.0, (ends - starts)[nth])
    until = np.where(nth >= 0, before[nth] - (ends - starts)[nth] + inside, 0.0)
    return np.diff(until)
