"""The turns of a session as a list that a picture can be drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.turns.floor import Floor, Kind, floor_of
from duologue.engine.turns.segments import Bools, Floats, Ints, Segments, as_segments
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """One row a turn, and one for each thing said that took no turn.

    Rows are in the order in which they begin. Where the times cannot tell, all rows are
    turns.

    Attributes
    ----------
    kind : ndarray of int, shape (n_rows,)
        A `Kind` each: a turn, a backchannel, or said inside a turn of the other.
    seat : ndarray of int, shape (n_rows,)
        0 client, 1 therapist.
    start_s, end_s : ndarray, shape (n_rows,)
        From the first start to the last end, in seconds of the recording; ``nan``
        where the file does not say.
    first_word : ndarray of int, shape (n_rows,)
        Words said before it, by both: the running number of its first word, from 0 on.
    n_words : ndarray of int, shape (n_rows,)
        Its words.
    asks : ndarray of bool, shape (n_rows,)
        Whether it holds a question mark.
    row_of : ndarray of int, shape (n_segments,)
        The row that each segment went into; -1 for segments by neither.
    """

    kind: Ints
    seat: Ints
    start_s: Floats
    end_s: Floats
    first_word: Ints
    n_words: Ints
    asks: Bools
    row_of: Ints

    @property
    def turns(self) -> Ints:
        """The rows that are turns."""
        return np.flatnonzero(self.kind == Kind.TURN)


def ribbon(  # noqa: PLR0917 - the columns of one table, in their order
    seat: ArrayLike,
    start_s: ArrayLike,
    end_s: ArrayLike,
    n_words: ArrayLike,
    asks: ArrayLike,
    acknowledges: ArrayLike,
    *,
    ends_asking: ArrayLike | None = None,
    join: bool = True,
) -> Ribbon:
    """List the turns of one session, and what was said inside them.

    Parameters
    ----------
    seat, start_s, end_s, n_words, asks, acknowledges, ends_asking, join
        As for `duologue.engine.turns.summarise`, with the same turns.

    Returns
    -------
    Ribbon
        Without rows where neither speaks.

    Raises
    ------
    ParameterError
        As for `duologue.engine.turns.summarise`.

    Examples
    --------
    >>> found = ribbon(
    ...     [0, 1, 0], [0.0, 3.9, 4.2], [4.0, 4.3, 9.0], [12, 1, 15],
    ...     [False, False, True], [False, True, False],
    ... )
    >>> found.kind.tolist(), found.first_word.tolist(), found.n_words.tolist()
    ([0, 1], [0, 12], [27, 1])
    """
    talk = as_segments(
        seat,
        start_s,
        end_s,
        n_words=n_words,
        asks=asks,
        acknowledges=acknowledges,
        ends_asking=ends_asking,
    )
    return ribbon_of(talk, floor_of(talk, join=join))


def ribbon_of(talk: Segments, floor: Floor) -> Ribbon:
    """Return the ribbon of segments whose floor is known."""
    row, firsts = _rows(floor)
    stretches, n = floor.stretches, firsts.size
    row_of = np.where(floor.stretch_of >= 0, np.r_[row, -1][floor.stretch_of], -1)
    end_s = np.full(n, -np.inf)
    with np.errstate(invalid="ignore"):
        np.maximum.at(end_s, row, stretches.end_s)  # nan where any is nan
    asks = np.zeros(n, dtype=np.bool_)
    np.logical_or.at(asks, row, stretches.asks)
    return Ribbon(
        kind=floor.kind[firsts],
        seat=stretches.seat[firsts],
        start_s=stretches.start_s[firsts],
        end_s=end_s,
        first_word=_words_before(talk, floor, row_of, n),
        n_words=np.bincount(row, stretches.n_words, minlength=n).astype(np.int64),
        asks=asks,
        row_of=row_of.astype(np.int64),
    )


def _rows(floor: Floor) -> tuple[Ints, Ints]:
    """Return the row of each stretch, and the stretch with which each row begins."""
    begins = np.arange(floor.turn.size)
    holds = floor.turn >= 0
    begins[holds] = floor.turn_begins[floor.turn[holds]]
    firsts, row = np.unique(begins, return_inverse=True)
    return row.astype(np.int64), firsts


def spoken_order(talk: Segments, floor: Floor) -> Ints:
    """Return the segments of the two in the order in which they are counted."""
    seated = np.flatnonzero(talk.seat >= 0)
    if not floor.told:
        return seated
    return seated[np.argsort(talk.start_s[seated], kind="stable")]


def _words_before(talk: Segments, floor: Floor, row_of: Ints, n_rows: int) -> Ints:
    order = spoken_order(talk, floor)
    n_words = talk.n_words[order]
    before = np.cumsum(n_words) - n_words
    firsts = np.unique(row_of[order], return_index=True)[1]
    return before[firsts] if n_rows else np.zeros(0, dtype=np.int64)


def row_texts(texts: Sequence[str], row_of: ArrayLike) -> tuple[str, ...]:
    """Return the text of each row: those of its segments, with a blank between two.

    Parameters
    ----------
    texts : sequence of str, length n_segments
        The texts of the segments, in the order in which they were given.
    row_of : array_like of int, shape (n_segments,)
        `Ribbon.row_of`.

    Returns
    -------
    tuple of str, length n_rows
        Moments are pointed to as characters of these.

    Raises
    ------
    ParameterError
        If the two differ in length.
    """
    rows = np.asarray(row_of, dtype=np.int64)
    if rows.shape != (len(texts),):
        raise ParameterError(
            f"row_of must give one row for each of the {len(texts)} texts, "
            f"got shape {rows.shape}."
        )
    pieces: list[list[str]] = [[] for _ in range(int(rows.max(initial=-1)) + 1)]
    for text, row in zip(texts, rows.tolist(), strict=True):
        if row >= 0:
            pieces[row].append(text)
    return tuple(" ".join(one) for one in pieces)
