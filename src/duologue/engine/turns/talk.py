"""Who spoke how much: turns, words, questions, and time, for each of the two seats."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.turns.floor import Floor, Kind, floor_of
from duologue.engine.turns.segments import (
    Counts,
    Pair,
    Segments,
    as_segments,
    count,
    seconds_of,
)

NOT_KNOWN = (float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSummary:
    """What was said by whom; every pair is (client, therapist).

    Attributes
    ----------
    n_segments : tuple of int
        Segments as the file gives them, backchannels among them.
    n_turns : tuple of int
        Runs of segments of one speaker, what the other says meanwhile set aside.
    n_backchannels : tuple of float
        Acknowledgements that left the floor with the other; ``nan`` where the times
        cannot tell, or turns are not joined.
    n_words : tuple of int
        Words of all segments, backchannels among them.
    words_per_turn : tuple of float
        ``n_words / n_turns``; ``nan`` where there is no turn.
    n_question_turns : tuple of int
        Turns that hold a question mark.
    question_share : tuple of float
        ``n_question_turns / n_turns``, 0 to 1; ``nan`` where there is no turn.
    talk_share_words : tuple of float
        Own words over the words of both, 0 to 1; ``nan`` where either never speaks
        or nobody's words are known.
    seconds : tuple of float
        Time spoken in seconds, the union of the segments; ``nan`` where a segment of
        the two lacks its start or end, or the seat never speaks.
    talk_share_time : tuple of float
        Own seconds over the seconds of both, 0 to 1; ``nan`` where ``seconds`` is.
    n_left_out : int
        Segments by neither of the two.
    """

    n_segments: Counts
    n_turns: Counts
    n_backchannels: Pair
    n_words: Counts
    words_per_turn: Pair
    n_question_turns: Counts
    question_share: Pair
    talk_share_words: Pair
    seconds: Pair
    talk_share_time: Pair
    n_left_out: int


def summarise(  # noqa: PLR0917 - the columns of one table, in their order
    seat: ArrayLike,
    start_s: ArrayLike,
    end_s: ArrayLike,
    n_words: ArrayLike,
    asks: ArrayLike,
    acknowledges: ArrayLike,
    *,
    ends_asking: ArrayLike | None = None,
    join: bool = True,
) -> TalkSummary:
    r"""Count turns, words, questions and speaking time of the two seats.

    A turn is all segments of one speaker until the other holds the floor with
    something that is not a backchannel. Where every segment of the two has a start and
    an end, segments are put in the order of their starts, and an acknowledgement is a
    backchannel if it begins while the other speaks or less than 0.2 s after, the other
    goes on or is the next to speak, and it does not answer a question. (Some
    acknowledgements in a row count alike.) What is said wholly while the other speaks
    does not take the floor either. Without ends nothing is set aside, and the order is
    as given.

    .. math:: share_s = x_s / (x_{client} + x_{therapist})

    Parameters
    ----------
    seat : array_like of int, shape (n_segments,)
        0 client, 1 therapist, -1 neither. Segments by neither are counted in
        ``n_left_out``, and left out of everything else.
    start_s, end_s : array_like of float, shape (n_segments,)
        Seconds from the start of the recording; ``nan`` where not known.
    n_words : array_like of int, shape (n_segments,)
        Words of each segment, 0 or more.
    asks, acknowledges : array_like of bool, shape (n_segments,)
        Whether a segment holds a question mark, and whether it is nothing but an
        acknowledgement (`duologue.engine.words`).
    ends_asking : array_like of bool, shape (n_segments,), optional
        Whether a segment ends with a question mark, so that what follows answers it;
        ``asks`` where left out.
    join : bool
        ``False`` takes every segment as a turn, and sets nothing aside.

    Returns
    -------
    TalkSummary
        Counts are 0 where a seat never speaks; what is not known is ``nan``, never 0.

    Raises
    ------
    ParameterError
        If the arrays differ in length, a seat is not -1, 0 or 1, a number of words is
        below 0, or a segment ends before it starts.

    References
    ----------
    The backchannel rule and its 0.2 s are our own choice, not validated; it gives every
    backchannel that is marked in our three fictional transcripts, and no other.

    Examples
    --------
    >>> talk = summarise(
    ...     seat=[0, 1, 0],
    ...     start_s=[0.0, 3.9, 4.2],
    ...     end_s=[4.0, 4.3, 9.0],
    ...     n_words=[12, 1, 15],
    ...     asks=[False, False, False],
    ...     acknowledges=[False, True, False],
    ... )
    >>> talk.n_turns, talk.n_backchannels
    ((1, 0), (0.0, 1.0))
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
    seated = talk.rows(talk.seat >= 0)
    return _summary(
        seated, floor_of(talk, join=join), n_left_out=talk.seat.size - seated.seat.size
    )


def _summary(talk: Segments, floor: Floor, *, n_left_out: int) -> TalkSummary:
    n_segments = count(talk.seat)
    n_words = (
        int(talk.n_words[talk.seat == 0].sum()),
        int(talk.n_words[talk.seat == 1].sum()),
    )
    n_turns, n_question_turns = _turns(floor)
    said = count(floor.stretches.seat[floor.kind == Kind.BACKCHANNEL])
    seconds = (np.nan, np.nan)
    if talk.has_ends:
        seconds = (seconds_of(talk, 0), seconds_of(talk, 1))
    return TalkSummary(
        n_segments=n_segments,
        n_turns=n_turns,
        n_backchannels=(said[0] + 0.0, said[1] + 0.0) if floor.told else NOT_KNOWN,
        n_words=n_words,
        words_per_turn=_each(n_words, n_turns),
        n_question_turns=n_question_turns,
        question_share=_each(n_question_turns, n_turns),
        talk_share_words=share(n_words) if all(n_segments) else NOT_KNOWN,
        seconds=seconds,
        talk_share_time=share(seconds),
        n_left_out=n_left_out,
    )


def _turns(floor: Floor) -> tuple[Counts, Counts]:
    """Return how many turns each had, and how many hold a question mark."""
    seat = floor.stretches.seat[floor.turn_begins]
    asking = np.unique(floor.turn[floor.stretches.asks & (floor.turn >= 0)])
    return count(seat), count(seat[asking])


def _each(parts: Pair, wholes: Pair) -> Pair:
    return _ratio(parts[0], wholes[0]), _ratio(parts[1], wholes[1])


def share(parts: Pair) -> Pair:
    """Return each seat's part of what both have; ``nan`` where both have nothing."""
    both = parts[0] + parts[1]
    return _ratio(parts[0], both), _ratio(parts[1], both)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
