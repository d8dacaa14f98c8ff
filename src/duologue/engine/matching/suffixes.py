"""Every run of tokens of a dialogue in order, so that equal runs stand side by side.

Where a run begins is a place in one long row of tokens, in which a mark of its own ends
each turn: so no run reaches from one turn into the next. The places are sorted by what
comes after them, by doubling; then what any two have in common is the least of what
neighbours between them have in common. All is nearly linear in the number of tokens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lowest:
    """Least values of any stretch of an array, each looked up in one step.

    ``of_span[k, i]`` is the least of the 2**k values from i on.
    """

    of_span: Ints

    @classmethod
    def of(cls, values: Ints) -> "Lowest":
        """Prepare an array of one value or more."""
        spans = [values]
        width = 1
        while 2 * width <= values.size:
            longer = spans[-1].copy()
            np.minimum(spans[-1][:-width], spans[-1][width:], out=longer[:-width])
            spans.append(longer)
            width *= 2
        return cls(np.stack(spans))

    def between(self, start: Ints, end: Ints) -> Ints:
        """Return the least from start up to but without end; start < end."""
        k = np.frexp(end - start)[1] - 1
        found: Ints = np.minimum(
            self.of_span[k, start], self.of_span[k, end - (1 << k)]
        )
        return found

    def last_below(self, end: Ints, limit: Ints) -> Ints:
        """Return the last index before end whose value is below the limit, or -1."""
        at = end.copy()
        for k in range(len(self.of_span) - 1, -1, -1):
            from_ = at - (1 << k)
            clear = from_ >= 0
            clear &= self.of_span[k, np.maximum(from_, 0)] >= limit
            at = np.where(clear, from_, at)
        return at - 1

    def first_below(self, start: Ints, limit: Ints) -> Ints:
        """Return the first index from start on whose value is below the limit, or n."""
        n = self.of_span.shape[1]
        at = start.copy()
        for k in range(len(self.of_span) - 1, -1, -1):
            clear = at + (1 << k) <= n
            clear &= self.of_span[k, np.minimum(at, n - (1 << k))] >= limit
            at = np.where(clear, at + (1 << k), at)
        return at


@dataclass(frozen=True)
class Suffixes:
    """The places of a dialogue's tokens, in the order of what comes after them.

    Attributes
    ----------
    turn : ndarray of int, shape (n,)
        Which turn a token is of, for every token, and for the mark that ends its turn.
    is_end : ndarray of bool, shape (n,)
        Whether it is such a mark.
    order : ndarray of int, shape (n_tokens,)
        The places in order, marks left out.
    common : ndarray of int, shape (n_tokens,)
        How many tokens each has in common with the one before it; 0 for the first.
    """

    turn: Ints
    is_end: Bools
    order: Ints
    common: Ints

    @cached_property
    def rank(self) -> Ints:
        """Where each place stands in the order; -1 for the end of a turn."""
        found = np.full(self.turn.size, -1)
        found[self.order] = np.arange(self.order.size)
        return found

    @cached_property
    def lowest_common(self) -> Lowest:
        """What any two places have in common."""
        return Lowest.of(self.common)

    def shared(self, one: Ints, other: Ints) -> Ints:
        """Return how many tokens places have in common; 0 where a rank is none.

        Parameters
        ----------
        one, other : ndarray of int
            Ranks, ``one`` below ``other``; -1 and the number of tokens are no rank.
        """
        there = (one >= 0) & (other < self.order.size)
        found = np.zeros(one.size, dtype=np.int64)
        if there.any():
            found[there] = self.lowest_common.between(one[there] + 1, other[there] + 1)
        return found

    def alike(self, places: Ints, lengths: Ints) -> Ints:
        """Return a number for each run, from 0 on: the same for equal runs."""
        rank = self.rank[places]
        by = np.lexsort((rank, lengths))
        size, sorted_rank = lengths[by], rank[by]
        new = np.ones(by.size, dtype=np.bool_)
        new[1:] = (size[1:] != size[:-1]) | (
            (sorted_rank[1:] != sorted_rank[:-1])
            & (self._shared_of_sorted(sorted_rank) < size[1:])
        )
        codes = np.empty(by.size, dtype=np.int64)
        codes[by] = np.cumsum(new) - 1
        return codes

    def _shared_of_sorted(self, ranks: Ints) -> Ints:
        """Return what neighbours have in common; of no account where ranks do not rise."""
        one, other = ranks[:-1], np.maximum(ranks[1:], ranks[:-1] + 1)
        return self.shared(one, np.minimum(other, self.order.size))

    def everywhere(self, places: Ints, lengths: Ints) -> tuple[Ints, Ints]:
        """Return the ranks, first and one past the last, at which runs occur."""
        rank = self.rank[places]
        low = self.lowest_common.last_below(rank + 1, lengths)
        high = self.lowest_common.first_below(rank + 1, lengths)
        return np.maximum(low, 0), high


def suffixes_of(turns: Sequence[Ints]) -> Suffixes:
    """Sort the places of a dialogue.

    Parameters
    ----------
    turns : sequence of ndarray of int
        The tokens of each turn as numbers, 0 or more; a turn may be empty.

    Returns
    -------
    Suffixes
    """
    n_tokens = np.array([each.size for each in turns], dtype=np.int64)
    turn = np.repeat(np.arange(len(turns)), n_tokens + 1)
    ends = np.cumsum(n_tokens + 1) - 1
    is_end = np.zeros(turn.size, dtype=np.bool_)
    is_end[ends] = True
    row = np.empty(turn.size, dtype=np.int64)
    tokens = np.concatenate(turns) if len(turns) else np.empty(0, dtype=np.int64)
    row[~is_end] = tokens
    row[is_end] = tokens.max(initial=0) + 1 + np.arange(len(turns))
    order, names = _sorted(row)
    kept = order[: tokens.size]  # marks are larger than any token
    return Suffixes(turn, is_end, kept, _in_common(kept, names))


def numbered(turns: Iterable[Sequence[str]]) -> tuple[list[Ints], list[str]]:
    """Return the tokens of turns as numbers, and the tokens in the order of these."""
    code: dict[str, int] = {}
    out = [
        np.array([code.setdefault(t, len(code)) for t in each], dtype=np.int64)
        for each in turns
    ]
    return out, list(code)


def _sorted(row: Ints) -> tuple[Ints, list[Ints]]:
    """Sort the places of a row, and name its runs of 1, 2, 4, 8... tokens in order.

    Every end of a turn stands alone, so all places differ in the end.
    """
    n = row.size
    names = [row]
    width = 1
    while True:
        key = names[-1] * (names[-1].max(initial=0) + 2)
        key[:-width] += names[-1][width:] + 1
        order = np.argsort(key, kind="stable")
        steps = np.diff(key[order], prepend=key[order[:1]]) != 0
        name = np.empty(n, dtype=np.int64)
        name[order] = np.cumsum(steps)
        if n == 0 or steps.sum() == n - 1:
            return order, names
        names.append(name)
        width *= 2


def _in_common(order: Ints, names: list[Ints]) -> Ints:
    """Return how many tokens each place has in common with the one before in order."""
    common = np.zeros(order.size, dtype=np.int64)
    one, other = order[:-1].copy(), order[1:].copy()
    for k in range(len(names) - 1, -1, -1):
        alike = (names[k][one] == names[k][other]).astype(np.int64) << k
        one += alike  # no further than the end of the turn, which is like no other
        other += alike
    common[1:] = one - order[:-1]
    return common
