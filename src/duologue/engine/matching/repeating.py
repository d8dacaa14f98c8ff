"""What one says again: oneself over a session, and of each turn as it comes."""

from dataclasses import dataclass

import numpy as np

from duologue.engine.matching.dialogue import (
    Dialogue,
    covered,
    entropy,
    free_runs,
    instances,
)
from duologue.engine.matching.pairs import Floats, Ints
from duologue.engine.matching.suffixes import Lowest
from duologue.engine.seats import SEATS


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfRepetition:
    """What one person has said in two turns or more.

    Attributes
    ----------
    n_tokens : int
        Own tokens.
    n_turns_of_other : int
        dialign counts each of the other's turns as one more token.
    n_expressions : int
        Runs of tokens, with a letter, that stand free in a turn and are said in two turns
        or more.
    n_repeated : int
        Own tokens that lie in such a run.
    entropy, mean_length : float
        As for shared expressions; ``nan`` where there is none.
    max_length : int
        Tokens of the longest; 0 where there is none.
    """

    n_tokens: int
    n_turns_of_other: int
    n_expressions: int
    n_repeated: int
    entropy: float
    mean_length: float
    max_length: int

    @property
    def variety(self) -> float:
        """Expressions over own tokens; ``nan`` without tokens."""
        return self.n_expressions / self.n_tokens if self.n_tokens else float("nan")

    @property
    def repetition(self) -> float:
        """Share of own tokens that are said again; ``nan`` without tokens."""
        return self.n_repeated / self.n_tokens if self.n_tokens else float("nan")

    @property
    def variety_as_dialign(self) -> float:
        """As `variety`, of a token more for each of the other's turns."""
        n = self.n_tokens + self.n_turns_of_other
        return self.n_expressions / n if n else float("nan")

    @property
    def repetition_as_dialign(self) -> float:
        """As `repetition`, of a token more for each of the other's turns."""
        n = self.n_tokens + self.n_turns_of_other
        return self.n_repeated / n if n else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItWent:
    """How much of each turn had been said before, given what was said up to it.

    Attributes
    ----------
    turn : ndarray of int, shape (n_turns,)
        Index of the turn as it was given; turns by neither are left out.
    seat : ndarray of int, shape (n_turns,)
        Who speaks it.
    from_other : ndarray, shape (n_turns,)
        Share of its tokens that lie in a run, with a letter, that the other has said in
        an earlier turn (DER); ``nan`` for a turn without tokens.
    from_own : ndarray, shape (n_turns,)
        The same of what the speaker has said in an earlier turn (DSER).
    """

    turn: Ints
    seat: Ints
    from_other: Floats
    from_own: Floats


def self_repetition(dialogue: Dialogue) -> tuple[SelfRepetition, SelfRepetition]:
    """Find what each of the two says again, on their own turns alone.

    Parameters
    ----------
    dialogue : Dialogue
        The turns, from `dialogue.prepared`.

    Returns
    -------
    tuple of SelfRepetition
        Of (client, therapist).

    References
    ----------
    Dubuisson Duplessis et al. (2021), as for
    `duologue.engine.matching.expressions.shared_expressions`.
    """
    return _of_one(dialogue, SEATS[0]), _of_one(dialogue, SEATS[1])


def _of_one(dialogue: Dialogue, own: int) -> SelfRepetition:
    suffixes = dialogue.suffixes
    places, lengths = free_runs(dialogue, _again(dialogue, own))
    codes, turns = suffixes.alike(places, lengths), suffixes.turn[places]
    once = lengths[instances(codes, turns)]
    return SelfRepetition(
        n_tokens=dialogue.n_tokens[own],
        n_turns_of_other=int((dialogue.seat_of_turn != own).sum()),
        n_expressions=int(codes.max(initial=-1)) + 1,
        n_repeated=int(covered(dialogue.seat.size, places, lengths).sum()),
        entropy=entropy(once),
        mean_length=float(once.mean()) if once.size else float("nan"),
        max_length=int(lengths.max(initial=0)),
    )


def _again(dialogue: Dialogue, own: int) -> Ints:
    """Return how many tokens from each own place on stand in another own turn as well.

    In order, the most in common is with the nearest own place of another turn.
    """
    suffixes = dialogue.suffixes
    longest = np.zeros(dialogue.seat.size, dtype=np.int64)
    ranks = np.flatnonzero(dialogue.seat[suffixes.order] == own)
    if not ranks.size:
        return longest
    turns = suffixes.turn[suffixes.order[ranks]]
    edges = np.r_[0, np.flatnonzero(np.diff(turns)) + 1, turns.size]
    sizes = np.diff(edges)
    before = np.r_[-1, ranks][np.repeat(edges[:-1], sizes)]
    after = np.r_[ranks, suffixes.order.size][np.repeat(edges[1:], sizes)]
    longest[suffixes.order[ranks]] = np.maximum(
        suffixes.shared(before, ranks), suffixes.shared(ranks, after)
    )
    return longest


def as_it_went(dialogue: Dialogue) -> AsItWent:
    """Measure of each turn how much of it was said before, by the other and oneself.

    Nothing that comes later is looked at, so a turn keeps its figures as a session goes
    on.

    Parameters
    ----------
    dialogue : Dialogue
        The turns, from `dialogue.prepared`.

    Returns
    -------
    AsItWent

    References
    ----------
    Dubuisson Duplessis et al. (2021), as above; pydialign's online measures.
    """
    own, other = (_shares(dialogue, _before(dialogue, same=s)) for s in (True, False))
    return AsItWent(
        turn=dialogue.which,
        seat=dialogue.seat_of_turn,
        from_other=other,
        from_own=own,
    )


def _before(dialogue: Dialogue, *, same: bool) -> Ints:
    """Return how many tokens from each place on the same, or the other, said before."""
    suffixes = dialogue.suffixes
    longest = np.zeros(dialogue.seat.size, dtype=np.int64)
    seat, turn = dialogue.seat[suffixes.order], suffixes.turn[suffixes.order]
    for speaker in SEATS:
        heard = speaker if same else 1 - speaker
        ranks = np.flatnonzero(seat == speaker)
        if not ranks.size:
            continue
        when = Lowest.of(np.where(seat == heard, turn, turn.size))
        before = when.last_below(ranks, turn[ranks])
        after = when.first_below(ranks + 1, turn[ranks])
        longest[suffixes.order[ranks]] = np.maximum(
            suffixes.shared(before, ranks), suffixes.shared(ranks, after)
        )
    return longest


def _shares(dialogue: Dialogue, longest: Ints) -> Floats:
    """Return the share of each turn's tokens that lie in runs with a letter."""
    said = dialogue.suffixes
    repeated = covered(dialogue.seat.size, *free_runs(dialogue, longest))
    n = dialogue.which.size
    tokens = np.bincount(said.turn[~said.is_end], minlength=n)
    again = np.bincount(said.turn[repeated], minlength=n)
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(tokens > 0, again / tokens, np.nan)
    return found
