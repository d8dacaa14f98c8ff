"""Shared expressions: runs of words that both of the two have said.

In the manner of dialign, whose figures these are. **Never compare the share of repeated
tokens of sessions of unequal length**: any two people have more in common the longer they
talk (r .91 with the logarithm of words, on AnnoMI).
"""

from dataclasses import dataclass

import numpy as np

from duologue.engine.matching.dialogue import (
    Dialogue,
    covered,
    entropy,
    free_runs,
    instances,
)
from duologue.engine.matching.lexicon import Free, Lexicon, in_order, lexicon_of
from duologue.engine.matching.pairs import Counts, Ints, Pair
from duologue.engine.seats import SEATS


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedExpressions:
    """What both have said; pairs are (client, therapist), and ratios lie in [0, 1].

    Attributes
    ----------
    n_tokens : tuple of int
        Tokens of each, marks among them.
    n_expressions : int
        Size of the shared lexicon (ELS).
    variety : float
        ``n_expressions`` over the tokens of both (EV).
    repetition : float
        Share of all tokens that lie in a free occurrence of an expression that is
        established by that turn (ER).
    repetition_by : tuple of float
        The same of each one's tokens (ER_S).
    initiated_by : tuple of float
        Share of the lexicon that each said first (IE_S).
    token_share : tuple of float
        Each one's share of the tokens.
    entropy : float
        Of the lengths of free instances, one a turn and expression, in bits (ENTR).
    mean_length : float
        Mean length of these in tokens (L).
    max_length : int
        Tokens of the longest expression (LMAX); 0 where there is none.
    vocabulary_overlap : float
        Tokens that both use over those that either does.
    vocabulary_overlap_by : tuple of float
        Tokens that both use over those of each.
    lexicon : Lexicon
        Where they stand.

    Notes
    -----
    A ratio of nothing is ``nan``.
    """

    n_tokens: Counts
    n_expressions: int
    variety: float
    repetition: float
    repetition_by: Pair
    initiated_by: Pair
    token_share: Pair
    entropy: float
    mean_length: float
    max_length: int
    vocabulary_overlap: float
    vocabulary_overlap_by: Pair
    lexicon: Lexicon


def shared_expressions(dialogue: Dialogue) -> SharedExpressions:
    """Find all runs of tokens that both have said, and count what is repeated.

    An **expression** is a run of tokens within a turn, one of them with a letter at
    least, that both say at some time. Longer ones go first: an occurrence within a longer
    one of the same turn is constrained, any other is **free**, and expressions that never
    stand free are left out.

    Parameters
    ----------
    dialogue : Dialogue
        The turns, from `dialogue.prepared`.

    Returns
    -------
    SharedExpressions

    References
    ----------
    Dubuisson Duplessis, G., Langlet, C., Clavel, C., & Landragin, F. (2021). Towards
    alignment strategies in human-agent interactions based on measures of lexical
    repetitions. Language Resources and Evaluation, 55, 353-388.
    https://doi.org/10.1007/s10579-021-09532-w

    Examples
    --------
    >>> from duologue.engine.matching.dialogue import prepared
    >>> turns = [["i", "feel", "lost"], ["you", "feel", "lost", "?"]]
    >>> found = shared_expressions(prepared(turns, [0, 1]))
    >>> found.n_expressions, found.repetition_by
    (1, (0.0, 0.5))
    """
    places, lengths = free_runs(dialogue, _shared_from(dialogue))
    free = Free(
        places,
        lengths,
        dialogue.suffixes.turn[places],
        in_order(dialogue.suffixes.alike(places, lengths)),
    )
    lexicon, established = lexicon_of(dialogue, free)
    told = free.turn >= established[free.code]
    repeated = covered(dialogue.seat.size, free.place[told], free.length[told])
    said = dialogue.n_tokens
    counts = np.bincount(dialogue.seat[repeated], minlength=2).tolist()
    begun = np.bincount(lexicon.initiated_by, minlength=2).tolist()
    n, total = lexicon.length.size, sum(said)
    once = free.length[instances(free.code, free.turn)]
    overlap, overlap_by = _vocabularies(dialogue)
    return SharedExpressions(
        n_tokens=said,
        n_expressions=n,
        variety=_ratio(n, total),
        repetition=_ratio(sum(counts), total),
        repetition_by=(_ratio(counts[0], said[0]), _ratio(counts[1], said[1])),
        initiated_by=(_ratio(begun[0], n), _ratio(begun[1], n)),
        token_share=(_ratio(said[0], total), _ratio(said[1], total)),
        entropy=entropy(once),
        mean_length=float(once.mean()) if once.size else float("nan"),
        max_length=int(lexicon.length.max(initial=0)),
        vocabulary_overlap=overlap,
        vocabulary_overlap_by=overlap_by,
        lexicon=lexicon,
    )


def _shared_from(dialogue: Dialogue) -> Ints:
    """Return how many tokens from each place on the other has said as well.

    In order, the most in common is with one of the two nearest places of the other.
    """
    suffixes = dialogue.suffixes
    seat = dialogue.seat[suffixes.order]
    n = seat.size
    here = np.arange(n)
    before, after = np.full(n, -1), np.full(n, n)
    for own in SEATS:
        others = seat != own
        last = np.maximum.accumulate(np.where(others, here, -1))
        following = np.minimum.accumulate(np.where(others, here, n)[::-1])[::-1]
        before, after = (
            np.where(others, before, last),
            np.where(others, after, following),
        )
    longest = np.zeros(dialogue.seat.size, dtype=np.int64)
    longest[suffixes.order] = np.maximum(
        suffixes.shared(before, here), suffixes.shared(here, after)
    )
    return longest


def _vocabularies(dialogue: Dialogue) -> tuple[float, Pair]:
    said = ~dialogue.suffixes.is_end
    used = np.zeros((2, int(dialogue.token.max(initial=-1)) + 1), dtype=np.bool_)
    used[dialogue.seat[said], dialogue.token[said]] = True
    both = int(used.all(axis=0).sum())
    client, therapist = used.sum(axis=1).tolist()
    either = client + therapist - both
    return _ratio(both, either), (_ratio(both, client), _ratio(both, therapist))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
