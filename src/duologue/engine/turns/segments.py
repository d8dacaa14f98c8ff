"""Stretches of speech as columns: checked, put in order, joined where they are one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.seats import check_seats
from duologue.errors import ParameterError

JOINED_S = 0.2
"""Stretches of one speaker that lie closer than this are one."""

SLACK_S = 1e-9
"""Times are decimal fractions: 34.82 - 34.62 is not quite 0.2."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pair = tuple[float, float]
Counts = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Stretches of speech, one row each; the columns are those of `as_segments`."""

    seat: Ints
    start_s: Floats
    end_s: Floats
    n_words: Ints
    asks: Bools
    acknowledges: Bools
    ends_asking: Bools

    @property
    def has_starts(self) -> bool:
        """Whether there are rows, and every one has its start."""
        return self.seat.size > 0 and bool(np.isfinite(self.start_s).all())

    @property
    def has_ends(self) -> bool:
        """Whether there are rows, and every one has both its times."""
        return self.has_starts and bool(np.isfinite(self.end_s).all())

    def rows(self, which: Bools | Ints) -> "Segments":
        """Return these rows, in this order."""
        return Segments(
            seat=self.seat[which],
            start_s=self.start_s[which],
            end_s=self.end_s[which],
            n_words=self.n_words[which],
            asks=self.asks[which],
            acknowledges=self.acknowledges[which],
            ends_asking=self.ends_asking[which],
        )


def as_segments(
    seat: ArrayLike,
    start_s: ArrayLike,
    end_s: ArrayLike,
    *,
    n_words: ArrayLike | None = None,
    asks: ArrayLike | None = None,
    acknowledges: ArrayLike | None = None,
    ends_asking: ArrayLike | None = None,
) -> Segments:
    """Return columns as segments.

    Parameters
    ----------
    seat : array_like of int, shape (n_segments,)
        0 client, 1 therapist, -1 neither.
    start_s, end_s : array_like of float, shape (n_segments,)
        Seconds from the start of the recording; ``nan`` where not known.
    n_words : array_like of int, shape (n_segments,), optional
        Words of each segment, 0 or more; 0 where left out.
    asks, acknowledges : array_like of bool, shape (n_segments,), optional
        Whether a segment holds a question mark, and whether it is nothing but an
        acknowledgement; ``False`` where left out.
    ends_asking : array_like of bool, shape (n_segments,), optional
        Whether a segment ends with a question mark; ``asks`` where left out.

    Returns
    -------
    Segments
        In the order given.

    Raises
    ------
    ParameterError
        If the arrays differ in length, a seat is not -1, 0 or 1, a number of words is
        below 0, or a segment ends before it starts.
    """
    seats = np.asarray(seat, dtype=np.int64)
    unsaid = np.zeros(seats.shape, dtype=np.bool_)
    asking = unsaid if asks is None else np.asarray(asks, dtype=np.bool_)
    return _checked(
        Segments(
            seat=seats,
            start_s=np.asarray(start_s, dtype=np.float64),
            end_s=np.asarray(end_s, dtype=np.float64),
            n_words=np.asarray(unsaid if n_words is None else n_words, dtype=np.int64),
            asks=asking,
            acknowledges=np.asarray(
                unsaid if acknowledges is None else acknowledges, dtype=np.bool_
            ),
            ends_asking=np.asarray(
                asking if ends_asking is None else ends_asking, dtype=np.bool_
            ),
        )
    )


def _checked(talk: Segments) -> Segments:
    columns = (talk.start_s, talk.end_s, talk.n_words, talk.asks, talk.acknowledges)
    shapes = {column.shape for column in (*columns, talk.ends_asking)}
    if talk.seat.ndim != 1 or shapes != {talk.seat.shape}:
        raise ParameterError("all arrays must have one dimension and one length.")
    check_seats(talk.seat)
    if (talk.n_words < 0).any():
        raise ParameterError("n_words must be 0 or more.")
    if (talk.end_s < talk.start_s).any():  # False where either is nan
        raise ParameterError("end_s must not lie before start_s.")
    return talk


def runs(start_s: Floats, end_s: Floats, *, closer_s: float = 0.0) -> Ints:
    """Return the number of the run that each stretch is of.

    Parameters
    ----------
    start_s, end_s : ndarray, shape (n,)
        Times of one speaker, in the order of their starts.
    closer_s : float
        Stretches that lie closer than this are of one run; with 0 only those that
        overlap are.

    Returns
    -------
    ndarray of int, shape (n,)
        From 0 on, in the order of time.
    """
    if start_s.size == 0:
        return np.zeros(0, dtype=np.int64)
    reached = np.maximum.accumulate(end_s)
    apart = start_s[1:] - reached[:-1] >= max(closer_s - SLACK_S, 0.0)
    number: Ints = np.r_[0, np.cumsum(apart)].astype(np.int64)
    return number


def union(start_s: Floats, end_s: Floats) -> tuple[Floats, Floats]:
    """Return what stretches cover, as stretches that do not overlap, in their order."""
    order = np.argsort(start_s, kind="stable")
    starts, ends = start_s[order], end_s[order]
    run = runs(starts, ends)
    begins = np.flatnonzero(np.diff(run, prepend=-1))
    if begins.size == 0:
        return starts, ends
    return starts[begins], np.maximum.reduceat(ends, begins)


def seconds_of(talk: Segments, own: int) -> float:
    """Return the seconds that a seat covers, overlaps once; ``nan`` if it has none."""
    mine = talk.seat == own
    if not mine.any():
        return float("nan")
    starts, ends = union(talk.start_s[mine], talk.end_s[mine])
    return float((ends - starts).sum())


def count(seat: Ints) -> Counts:
    """Return how many rows each of the two seats has."""
    client, therapist = np.bincount(seat, minlength=2).tolist()
    return client, therapist
