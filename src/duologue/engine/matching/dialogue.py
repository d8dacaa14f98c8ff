"""A dialogue made ready for finding what is said again, and the runs that stand free."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.matching.pairs import Bools, Ints, one_a_turn, seats_of
from duologue.engine.matching.suffixes import Suffixes, numbered, suffixes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """The turns of the two, sorted once; everything about expressions starts from it.

    It holds numbers and no token. A place is a token, or the end of a turn.

    Attributes
    ----------
    suffixes : Suffixes
        The places in order.
    seat : ndarray of int, shape (n_places,)
        Who speaks there.
    token : ndarray of int, shape (n_places,)
        Which token stands there, -1 at the end of a turn.
    lettered : ndarray of int, shape (n_places + 1,)
        How many tokens with a letter stand before each place.
    begins : ndarray of int, shape (n_turns,)
        The place of the first token of each turn.
    which : ndarray of int, shape (n_turns,)
        The index of each turn as it was given: those by neither are left out.
    seat_of_turn : ndarray of int, shape (n_turns,)
        Who speaks it.
    """

    suffixes: Suffixes
    seat: Ints
    token: Ints
    lettered: Ints
    begins: Ints
    which: Ints
    seat_of_turn: Ints

    @property
    def n_tokens(self) -> tuple[int, int]:
        """Tokens of (client, therapist)."""
        said = self.seat[~self.suffixes.is_end]
        client, therapist = np.bincount(said, minlength=2).tolist()
        return client, therapist


def prepared(turns: Sequence[Sequence[str]], seat: ArrayLike) -> Dialogue:
    """Make a dialogue ready.

    Parameters
    ----------
    turns : sequence of sequence of str
        The tokens of each turn, as `tokens.words_and_marks` gives them. A turn without
        tokens is a turn in which nothing is said again.
    seat : array_like of int, shape (n_turns,)
        0 client, 1 therapist, -1 neither: such turns are left out.

    Returns
    -------
    Dialogue

    Raises
    ------
    ParameterError
        If there are not as many turns as seats, or a seat is not -1, 0 or 1.
    """
    seats = seats_of(seat)
    one_a_turn(len(turns), seats)
    which = np.flatnonzero(seats >= 0)
    codes, tokens = numbered(turns[i] for i in which.tolist())
    suffixes = suffixes_of(codes)
    token = np.full(suffixes.turn.size, -1)
    token[~suffixes.is_end] = np.concatenate(codes) if codes else ()
    has_letter = np.array([any(map(str.isalpha, t)) for t in tokens] + [False])
    ends = np.flatnonzero(suffixes.is_end)
    return Dialogue(
        suffixes=suffixes,
        seat=seats[which][suffixes.turn],
        token=token,
        lettered=np.concatenate([[0], np.cumsum(has_letter[token])]),
        begins=np.concatenate([[0], ends[:-1] + 1])[: ends.size],
        which=which,
        seat_of_turn=seats[which],
    )


def free_runs(dialogue: Dialogue, longest: Ints) -> tuple[Ints, Ints]:
    """Return the runs that lie in no longer one, of those that hold a letter.

    Every part of a run that is said again is said again itself, so the longest from each
    place on are all that can stand free: one does unless the longest from the place
    before reaches as far.

    Parameters
    ----------
    dialogue : Dialogue
        The turns.
    longest : ndarray of int, shape (n_places,)
        How many tokens from each place on are said again; 0 for none.

    Returns
    -------
    places, lengths : ndarray of int, shape (n_runs,)
        Where they begin, in order, and how many tokens they have.
    """
    ends = np.arange(longest.size) + longest
    free = longest > 0
    free[1:] &= ends[1:] > ends[:-1]
    places = np.flatnonzero(free)
    lengths = longest[places]
    letters = dialogue.lettered[places + lengths] - dialogue.lettered[places]
    spoken = letters > 0
    return places[spoken], lengths[spoken]


def covered(n_places: int, places: Ints, lengths: Ints) -> Bools:
    """Return which places lie in one of the runs."""
    steps = np.bincount(places, minlength=n_places + 1)
    steps = steps - np.bincount(places + lengths, minlength=n_places + 1)
    found: Bools = np.cumsum(steps)[:n_places] > 0
    return found


def instances(codes: Ints, turns: Ints) -> Ints:
    """Return one place in the list for each run and turn that it stands free in.

    Parameters
    ----------
    codes, turns : ndarray of int, shape (n_runs,)
        Which run, and in which turn; turns do not fall.
    """
    # Places are in order, and so are turns: equal codes stay so when they are sorted.
    by = np.argsort(codes, kind="stable")
    code, turn = codes[by], turns[by]
    new = np.ones(by.size, dtype=np.bool_)
    new[1:] = (code[1:] != code[:-1]) | (turn[1:] != turn[:-1])
    found: Ints = by[new]
    return found


def entropy(lengths: Ints) -> float:
    """Return the Shannon entropy of lengths in bits; ``nan`` where there are none."""
    if not lengths.size:
        return float("nan")
    counts = np.bincount(lengths)
    p = counts[counts > 0] / lengths.size
    return float(-(p * np.log2(p)).sum()) + 0.0
