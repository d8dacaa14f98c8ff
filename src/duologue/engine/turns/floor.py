"""Who holds the floor: what is a turn, what a backchannel, what is said inside a turn.

References
----------
The 0.2 s and 1.0 s are our own choice, not validated; the rule by text gives every
backchannel that is marked in our three fictional transcripts, and no other.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from duologue.engine.seats import SEATS
from duologue.engine.turns.segments import (
    JOINED_S,
    SLACK_S,
    Bools,
    Floats,
    Ints,
    Segments,
    runs,
)

NEAR_S = 0.2
"""A backchannel begins while the other speaks, or less than this after."""

SHORT_S = 1.0
"""Where there is no text, speech of this length or less may be a backchannel."""


class Kind(IntEnum):
    """What a stretch of speech does to the floor."""

    TURN = 0
    """It holds the floor, alone or with others of its speaker."""

    BACKCHANNEL = 1
    """An acknowledgement that left the floor with the other."""

    INSIDE = 2
    """Said wholly while the other spoke, and no backchannel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The speech of the two, in the order of its starts where the times are known.

    Attributes
    ----------
    stretches : Segments
        One row for each stretch of a speaker, what lies closer than 0.2 s joined.
    stretch_of : ndarray of int, shape (n_segments,)
        The stretch that each segment went into; -1 for segments by neither.
    kind : ndarray of int, shape (n_stretches,)
        A `Kind` each.
    turn : ndarray of int, shape (n_stretches,)
        The number of the turn, from 0 on; -1 for what is no part of one.
    told : bool
        Whether backchannels could be told from turns.
    """

    stretches: Segments
    stretch_of: Ints
    kind: Ints
    turn: Ints
    told: bool

    @property
    def turn_begins(self) -> Ints:
        """The stretch with which each turn begins."""
        holds = np.flatnonzero(self.turn >= 0)
        return holds[np.flatnonzero(np.diff(self.turn[holds], prepend=-1))]


def floor_of(talk: Segments, *, join: bool = True, by_length: bool = False) -> Floor:
    """Say who holds the floor, where the times can tell.

    Parameters
    ----------
    talk : Segments
        As a file gives them.
    join : bool
        ``False`` takes every segment as a turn.
    by_length : bool
        Whether backchannels are told by length, for want of a text.

    Returns
    -------
    Floor
        Where a segment of the two lacks a time, segments are taken in the order given,
        neighbours of one seat are one turn, and nothing is set aside.
    """
    seated = np.flatnonzero(talk.seat >= 0)
    if not join or not talk.rows(seated).has_ends:
        return _as_given(talk, seated, join=join)
    order = seated[np.argsort(talk.start_s[seated], kind="stable")]
    ordered = talk.rows(order)
    piece_of = _joined(ordered)
    firsts = np.unique(piece_of, return_index=True)[1]
    stretches = _stretches(ordered, piece_of, firsts)
    if by_length:
        length_s = stretches.end_s - stretches.start_s
        acknowledges: Bools = length_s <= SHORT_S + SLACK_S
        answers = np.zeros(length_s.size, dtype=np.bool_)
    else:
        acknowledges, answers = stretches.acknowledges, _answers(ordered)[firsts]
    kind = _kinds(stretches, acknowledges & ~answers)
    stretch_of = np.full(talk.seat.size, -1, dtype=np.int64)
    stretch_of[order] = piece_of
    return Floor(
        stretches=stretches,
        stretch_of=stretch_of,
        kind=kind,
        turn=_turns(stretches.seat, kind == Kind.TURN),
        told=True,
    )


def _as_given(talk: Segments, seated: Ints, *, join: bool) -> Floor:
    stretch_of = np.full(talk.seat.size, -1, dtype=np.int64)
    stretch_of[seated] = np.arange(seated.size)
    seat = talk.seat[seated]
    everything = np.ones(seat.size, dtype=np.bool_)
    return Floor(
        stretches=talk.rows(seated),
        stretch_of=stretch_of,
        kind=np.full(seat.size, Kind.TURN, dtype=np.int64),
        turn=_turns(seat, everything) if join else np.arange(seat.size),
        told=False,
    )


def _joined(ordered: Segments) -> Ints:
    """Return the number of the stretch that each segment goes into, in their order."""
    run = np.zeros(ordered.seat.size, dtype=np.int64)
    for own in SEATS:
        mine = np.flatnonzero(ordered.seat == own)
        each = runs(ordered.start_s[mine], ordered.end_s[mine], closer_s=JOINED_S)
        firsts = np.flatnonzero(np.diff(each, prepend=-1))
        run[mine] = mine[firsts][each]
    return np.unique(run, return_inverse=True)[1].astype(np.int64)


def _stretches(ordered: Segments, piece_of: Ints, firsts: Ints) -> Segments:
    n = firsts.size
    lasts = np.zeros(n, dtype=np.int64)
    lasts[piece_of] = np.arange(piece_of.size)  # of several, the last one stays
    end_s = np.full(n, -np.inf)
    np.maximum.at(end_s, piece_of, ordered.end_s)
    acknowledges = np.ones(n, dtype=np.bool_)
    np.logical_and.at(acknowledges, piece_of, ordered.acknowledges)
    asks = np.zeros(n, dtype=np.bool_)
    np.logical_or.at(asks, piece_of, ordered.asks)
    n_words = np.zeros(n, dtype=np.int64)
    np.add.at(n_words, piece_of, ordered.n_words)
    return Segments(
        seat=ordered.seat[firsts],
        start_s=ordered.start_s[firsts],
        end_s=end_s,
        n_words=n_words,
        asks=asks,
        acknowledges=acknowledges,
        ends_asking=ordered.ends_asking[lasts],
    )


def _kinds(stretches: Segments, may_be: Bools) -> Ints:
    """Say what each stretch does, given which may be acknowledgements."""
    reached = _reached_by_the_other(stretches)
    near = stretches.start_s - reached < NEAR_S - SLACK_S
    goes_on = reached >= stretches.end_s - SLACK_S
    candidates = may_be & near
    kind = np.where(_inside(stretches), int(Kind.INSIDE), int(Kind.TURN))
    left = False  # whether the next stretch left the floor where it was
    for i in range(kind.size - 1, -1, -1):
        other_next = i + 1 < kind.size and stretches.seat[i + 1] != stretches.seat[i]
        left = bool(candidates[i] and (goes_on[i] or other_next or left))
        if left:
            kind[i] = Kind.BACKCHANNEL
    return kind.astype(np.int64)


def _reached_by_the_other(ordered: Segments) -> Floats:
    """Return how far the other's speech reaches that began before each; -inf if none."""
    reached = np.zeros(ordered.seat.size)
    for own in SEATS:
        mine = ordered.seat == own
        ends = np.where(mine, -np.inf, ordered.end_s)
        reached[mine] = np.maximum.accumulate(ends)[mine]
    return reached


def _inside(stretches: Segments) -> Bools:
    """Whether each lies wholly in one stretch of the other, which is the longer."""
    inside = np.zeros(stretches.seat.size, dtype=np.bool_)
    for own in SEATS:
        mine = np.flatnonzero(stretches.seat == own)
        others = np.flatnonzero(stretches.seat != own)
        starts, ends = stretches.start_s[mine], stretches.end_s[mine]
        place = np.searchsorted(stretches.start_s[others], starts, side="right") - 1
        found = place >= 0
        around = others[place[found]]
        o_start, o_end = stretches.start_s[around], stretches.end_s[around]
        inside[mine[found]] = (
            (ends[found] <= o_end + SLACK_S)
            & (starts[found] < o_end)
            & (ends[found] - starts[found] < o_end - o_start - SLACK_S)
        )
    return inside


def _answers(ordered: Segments) -> Bools:
    """Whether the other's last segment before each one ended with a question.

    A segment that goes on beyond it has not come to its question mark yet.
    """
    answers = np.zeros(ordered.seat.size, dtype=np.bool_)
    places = np.arange(ordered.seat.size)
    for own in SEATS:
        last = np.maximum.accumulate(np.where(ordered.seat == own, -1, places))
        asked = (last >= 0) & ordered.ends_asking[last]
        over = ordered.end_s[last] < ordered.end_s + SLACK_S
        answers |= (ordered.seat == own) & asked & over
    return answers


def _turns(seat: Ints, holds: Bools) -> Ints:
    """Return the number of the turn that each is of: runs of one seat with the floor."""
    turn = np.full(seat.size, -1, dtype=np.int64)
    turn[holds] = np.cumsum(np.diff(seat[holds], prepend=-1) != 0) - 1
    return turn
