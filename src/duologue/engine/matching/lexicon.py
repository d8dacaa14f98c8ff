"""The shared expressions of a dialogue one by one: where they stand, and who began."""

from dataclasses import dataclass

import numpy as np

from duologue.engine.matching.dialogue import Dialogue, instances
from duologue.engine.matching.pairs import Ints
from duologue.engine.matching.suffixes import Lowest
from duologue.engine.seats import SEATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The shared expressions themselves, told by where they stand: no text.

    One row an expression, in the order of their first free occurrence.

    Attributes
    ----------
    turn, start, length : ndarray of int, shape (n_expressions,)
        Its first free occurrence: the turn as it was given, its first token in the turn
        from 0 on, and its number of tokens.
    initiated_by : ndarray of int, shape (n_expressions,)
        Seat of whoever said it first.
    established : ndarray of int, shape (n_expressions,)
        The first turn by which both have said it, and one of them freely.
    n_turns : ndarray of int, shape (n_expressions,)
        Turns in which it stands free.
    spans : ndarray of int, shape (n_spans, 4)
        Every free occurrence: turn, first token, tokens, and which expression it is.
    """

    turn: Ints
    start: Ints
    length: Ints
    initiated_by: Ints
    established: Ints
    n_turns: Ints
    spans: Ints


@dataclass(frozen=True, slots=True)
class Free:
    """Free occurrences: place, length, turn, and which expression."""

    place: Ints
    length: Ints
    turn: Ints
    code: Ints


def lexicon_of(dialogue: Dialogue, free: Free) -> tuple[Lexicon, Ints]:
    """Describe each expression; return also the place of its establishing turn."""
    suffixes = dialogue.suffixes
    once = instances(free.code, free.turn)
    first = once[np.flatnonzero(np.diff(free.code[once], prepend=-1))]
    place, length = free.place[first], free.length[first]
    low, high = suffixes.everywhere(place, length)
    said_first = [_first_said(dialogue, own, low, high) for own in SEATS]
    turns = suffixes.turn[np.stack(said_first)]
    established = np.maximum(turns.max(axis=0), free.turn[first])
    spans = np.stack(
        [
            dialogue.which[free.turn],
            free.place - dialogue.begins[free.turn],
            free.length,
            free.code,
        ],
        axis=1,
    )
    found = Lexicon(
        turn=spans[first, 0],
        start=spans[first, 1],
        length=length,
        initiated_by=np.argmin(said_first, axis=0),
        established=dialogue.which[established],
        n_turns=np.bincount(free.code[once], minlength=first.size),
        spans=spans,
    )
    return found, established


def _first_said(dialogue: Dialogue, own: int, low: Ints, high: Ints) -> Ints:
    """Return where a seat first says each run, of those at these ranks."""
    order = dialogue.suffixes.order
    if not low.size:
        return low
    places = np.where(dialogue.seat[order] == own, order, dialogue.seat.size - 1)
    return Lowest.of(places).between(low, high)


def in_order(codes: Ints) -> Ints:
    """Return new numbers, in the order in which expressions first stand free."""
    first = np.full(int(codes.max(initial=-1)) + 1, codes.size)
    np.minimum.at(first, codes, np.arange(codes.size))
    number = np.empty(first.size, dtype=np.int64)
    number[np.argsort(first)] = np.arange(first.size)
    found: Ints = number[codes]
    return found
