"""Who spoke how much: turns, words, questions, and time, for each of the two seats.

Seats are 0 for the client, 1 for the therapist, -1 for neither. Every result is a pair
in that order, and swapping the seats swaps every pair, exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.errors import ParameterError

NEAR_S = 0.2
"""A backchannel begins while the other speaks, or less than this after. Our choice."""

_SLACK_S = 1e-9  # times are decimal fractions: 34.82 - 34.62 is not quite 0.2
_SEATS = (0, 1)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pair = tuple[float, float]
Counts = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSummary:
    """What was said by whom; every pair is (client, therapist).

    Attributes
    ----------
    n_segments : tuple of int
        Segments as the file gives them, backchannels among them.
    n_turns : tuple of int
        Runs of segments of one speaker, backchannels of the other set aside.
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


@dataclass(frozen=True, slots=True)
class _Talk:
    """The segments of the two seats: one row a segment, as they follow each other."""

    seat: Ints
    start_s: Floats
    end_s: Floats
    n_words: Ints
    asks: Bools
    acknowledges: Bools
    ends_asking: Bools

    @property
    def has_ends(self) -> bool:
        """Whether every segment has both its times."""
        return bool(np.isfinite(self.start_s).all() and np.isfinite(self.end_s).all())

    def rows(self, which: Bools | Ints) -> "_Talk":
        """Return these rows, in this order."""
        return _Talk(
            self.seat[which],
            self.start_s[which],
            self.end_s[which],
            self.n_words[which],
            self.asks[which],
            self.acknowledges[which],
            self.ends_asking[which],
        )


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
    is the next to speak, and it does not answer a question. (Some acknowledgements in
    a row count alike.) Without ends nothing is set aside, and the order is as given.

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
    everything = _checked(
        _Talk(
            np.asarray(seat, dtype=np.int64),
            np.asarray(start_s, dtype=np.float64),
            np.asarray(end_s, dtype=np.float64),
            np.asarray(n_words, dtype=np.int64),
            np.asarray(asks, dtype=np.bool_),
            np.asarray(acknowledges, dtype=np.bool_),
            np.asarray(asks if ends_asking is None else ends_asking, dtype=np.bool_),
        )
    )
    talk = everything.rows(everything.seat >= 0)
    timed = talk.has_ends and talk.seat.size > 0
    if timed:
        talk = talk.rows(np.argsort(talk.start_s, kind="stable"))
    may_tell = timed and join
    aside = _backchannels(talk) if may_tell else np.zeros(talk.seat.size, bool)
    turn_seat, turn_asks = _turns(talk.rows(~aside), join=join)
    return _summary(
        talk,
        n_turns=_count(turn_seat),
        n_question_turns=_count(turn_seat[turn_asks]),
        n_backchannels=_count(talk.seat[aside]) if may_tell else (np.nan, np.nan),
        seconds=_seconds(talk) if timed else (np.nan, np.nan),
        n_left_out=everything.seat.size - talk.seat.size,
    )


def _checked(talk: _Talk) -> _Talk:
    columns = (talk.start_s, talk.end_s, talk.n_words, talk.asks, talk.acknowledges)
    shapes = {column.shape for column in (*columns, talk.ends_asking)}
    if talk.seat.ndim != 1 or shapes != {talk.seat.shape}:
        raise ParameterError("all arrays must have one dimension and one length.")
    if not np.isin(talk.seat, (-1, *_SEATS)).all():
        raise ParameterError("seat must be 0 (client), 1 (therapist) or -1 (neither).")
    if (talk.n_words < 0).any():
        raise ParameterError("n_words must be 0 or more.")
    if (talk.end_s < talk.start_s).any():  # False where either is nan
        raise ParameterError("end_s must not lie before start_s.")
    return talk


def _backchannels(talk: _Talk) -> Bools:
    """Say which segments, in the order of their starts, left the floor to the other."""
    may_be = talk.acknowledges & _begins_near_the_other(talk) & ~_answers(talk)
    aside = np.zeros(talk.seat.size, dtype=np.bool_)
    for i in range(talk.seat.size - 2, -1, -1):  # the last one is followed by nobody
        other_next = talk.seat[i + 1] != talk.seat[i]
        aside[i] = may_be[i] and (other_next or aside[i + 1])
    return aside


def _begins_near_the_other(talk: _Talk) -> Bools:
    """Whether each segment begins while the other speaks, or hardly after."""
    near = np.zeros(talk.seat.size, dtype=np.bool_)
    for own in _SEATS:
        ends = np.where(talk.seat == own, -np.inf, talk.end_s)
        after = talk.start_s - np.maximum.accumulate(ends)
        near |= (talk.seat == own) & (after < NEAR_S - _SLACK_S)
    return near


def _answers(talk: _Talk) -> Bools:
    """Whether the other's last segment before each one ends with a question."""
    answers = np.zeros(talk.seat.size, dtype=np.bool_)
    places = np.arange(talk.seat.size)
    for own in _SEATS:
        last = np.maximum.accumulate(np.where(talk.seat == own, -1, places))
        asked = (last >= 0) & talk.ends_asking[last]
        answers |= (talk.seat == own) & asked
    return answers


def _turns(talk: _Talk, *, join: bool) -> tuple[Ints, Bools]:
    """Return the seat of each turn, and whether it holds a question mark."""
    if not join or talk.seat.size == 0:
        return talk.seat, talk.asks
    begins = np.flatnonzero(np.diff(talk.seat, prepend=-1))
    return talk.seat[begins], np.logical_or.reduceat(talk.asks, begins)


def _seconds(talk: _Talk) -> Pair:
    client, therapist = (_union_s(talk, own) for own in _SEATS)
    return client, therapist


def _union_s(talk: _Talk, own: int) -> float:
    """Return the seconds that a seat's segments cover, overlaps counted once."""
    mine = talk.seat == own
    if not mine.any():
        return float("nan")
    reached = np.maximum.accumulate(talk.end_s[mine])
    begins = np.maximum(talk.start_s[mine], np.r_[-np.inf, reached[:-1]])
    return float(np.maximum(talk.end_s[mine] - begins, 0.0).sum())


def _count(seat: Ints) -> Counts:
    client, therapist = np.bincount(seat, minlength=2).tolist()
    return client, therapist


def _summary(
    talk: _Talk,
    *,
    n_turns: Counts,
    n_question_turns: Counts,
    n_backchannels: Pair,
    seconds: Pair,
    n_left_out: int,
) -> TalkSummary:
    n_words = (
        int(talk.n_words[talk.seat == 0].sum()),
        int(talk.n_words[talk.seat == 1].sum()),
    )
    n_segments = _count(talk.seat)
    return TalkSummary(
        n_segments=n_segments,
        n_turns=n_turns,
        n_backchannels=(float(n_backchannels[0]), float(n_backchannels[1])),
        n_words=n_words,
        words_per_turn=_each(n_words, n_turns),
        n_question_turns=n_question_turns,
        question_share=_each(n_question_turns, n_turns),
        talk_share_words=_share(n_words) if all(n_segments) else (np.nan, np.nan),
        seconds=seconds,
        talk_share_time=_share(seconds),
        n_left_out=n_left_out,
    )


def _each(parts: Pair, wholes: Pair) -> Pair:
    return _ratio(parts[0], wholes[0]), _ratio(parts[1], wholes[1])


def _share(parts: Pair) -> Pair:
    both = parts[0] + parts[1]
    return _ratio(parts[0], both), _ratio(parts[1], both)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
