"""Which turns follow each other: neighbours by different speakers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.seats import check_seats
from duologue.errors import ParameterError

MIN_WORDS = 3
"""A pair is of two turns with so many words each, or more. Our choice."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pair = tuple[float, float]
Counts = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPairs:
    """Neighbouring turns by different speakers.

    Attributes
    ----------
    first, second : ndarray of int, shape (n_pairs,)
        Indices of the two turns; the second comes straight after the first.
    responder : ndarray of int, shape (n_pairs,)
        Seat of who speaks second: 0 client, 1 therapist.
    """

    first: Ints
    second: Ints
    responder: Ints

    def of(self, responder: int) -> "TurnPairs":
        """Return the pairs in which this seat speaks second."""
        theirs = self.responder == responder
        return TurnPairs(
            first=self.first[theirs],
            second=self.second[theirs],
            responder=self.responder[theirs],
        )


def neighbouring(
    seat: ArrayLike, n_words: ArrayLike, *, min_words: int = MIN_WORDS
) -> TurnPairs:
    """Find the pairs of turns that follow each other.

    Parameters
    ----------
    seat : array_like of int, shape (n_turns,)
        0 client, 1 therapist, -1 neither. A turn by neither parts its neighbours.
    n_words : array_like of int, shape (n_turns,)
        Words of each turn, 0 or more.
    min_words : int
        Both turns have so many words or more, 0 or more.

    Returns
    -------
    TurnPairs
        In the order in which they were spoken.

    Raises
    ------
    ParameterError
        If the arrays differ in length, a seat is not -1, 0 or 1, or a number of words
        is below 0.
    """
    seats, words = seats_of(seat), np.asarray(n_words, dtype=np.int64)
    if words.shape != seats.shape:
        raise ParameterError(
            "seat and n_words must have one value a turn, "
            f"got the shapes {seats.shape} and {words.shape}."
        )
    if (words < 0).any():
        raise ParameterError("n_words must be 0 or more.")
    long_enough = words >= min_words
    here, there = seats[:-1], seats[1:]
    both = (here != there) & (here >= 0) & (there >= 0)
    first = np.flatnonzero(both & long_enough[:-1] & long_enough[1:])
    return TurnPairs(first=first, second=first + 1, responder=seats[first + 1])


def seats_of(seat: ArrayLike) -> Ints:
    """Return seats as an array, or refuse what is none.

    Raises
    ------
    ParameterError
        If there is more than one dimension, or a seat is not -1, 0 or 1.
    """
    seats = np.asarray(seat, dtype=np.int64)
    if seats.ndim != 1:
        raise ParameterError(f"seat must have one dimension, got {seats.ndim}.")
    check_seats(seats)
    return seats


def one_a_turn(turns: int, seats: Ints) -> None:
    """Refuse turns of which there are not as many as seats, with a ParameterError."""
    if turns != seats.size:
        raise ParameterError(
            f"turns and seat must be of as many turns each, got {turns} and {seats.size}."
        )
