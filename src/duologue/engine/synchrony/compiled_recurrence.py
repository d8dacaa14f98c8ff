"""Recurrence counted row by row, compiled: never more than two rows are held.

A row of the plot is the states of the second series that lie near one of the first. It is
made in loops without a branch, which processors do many cells at a time, and kept as bits,
64 to a word. Lines start and end where a row differs from the row before it, and only
words that differ are looked into.

What is compiled is kept by this file, so everything that is called stands in it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duologue.engine.compiling import compiled
from duologue.engine.synchrony.windows import Floats, Ints

EUCLIDEAN, MAXIMUM, MANHATTAN = 0, 1, 2

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Gaps = tuple[float, float, float, Floats, Floats, Floats]

BITS = 64
TILE = 4096
"""Columns done at once, whole words: few enough to stay in a processor's nearest cache."""

N_SAMPLED = ROOM = 1 << 19
BIN_BITS = 12

# Eight bytes of 0 or 1, the first the lowest, times this have their bits in the top byte.
_GATHER = np.uint64(0x0102040810204080)
_TOP, _ONE, _BIT = np.uint64(56), np.uint64(1), np.uint64(63)

# The powers of two up to 2^63 all leave different remainders by 67.
_PRIME = np.uint64(67)
_PLACES = np.zeros(67, dtype=np.int64)
for _k in range(BITS):
    _PLACES[(1 << _k) % 67] = _k


class Rule(NamedTuple):
    """What a state is, and when two of them recur.

    A state holds ``embed`` samples of every channel, ``delay`` apart. Two recur whose
    distance is ``limit`` or less, of the Euclidean metric its square.
    """

    limit: float
    metric: int
    embed: int
    delay: int


class Pair(NamedTuple):
    """Two series, shape (n_channels, n), what their states are, and room to work in.

    Of as many columns as are done at once: zeros, for dimensions that there are not;
    distances; and whether they lie within the limit.
    """

    x: Floats
    y: Floats
    rule: Rule
    nothing: Floats
    sums: Floats
    near: Bytes


class Plot(NamedTuple):
    """What is counted of a plot.

    ``diagonal``, ``along_second`` and ``along_first`` are numbers of lines by their
    length; ``on_lag`` are points on each diagonal j - i, from ``-n_first`` on.
    """

    diagonal: Ints
    along_second: Ints
    along_first: Ints
    on_lag: Ints


@compiled
def _merge(total: float, gap: float, metric: int) -> float:
    """Add how far two states lie apart in one dimension to their distance."""
    if metric == EUCLIDEAN:
        return total + gap * gap
    if metric == MAXIMUM:
        return max(total, abs(gap))
    return total + abs(gap)


@compiled
def _add(sums: Floats, gaps: Gaps, metric: int) -> None:
    """Add three dimensions to the distances of some states."""
    at0, at1, at2, y0, y1, y2 = gaps
    for j in range(sums.size):
        total = _merge(sums[j], y0[j] - at0, metric)
        total = _merge(total, y1[j] - at1, metric)
        sums[j] = _merge(total, y2[j] - at2, metric)


@compiled
def _decide(near: Bytes, sums: Floats, gaps: Gaps, metric: int, limit: float) -> None:
    """Add the last three dimensions, and tell which distances lie within the limit."""
    at0, at1, at2, y0, y1, y2 = gaps
    for j in range(sums.size):
        total = _merge(sums[j], y0[j] - at0, metric)
        total = _merge(total, y1[j] - at1, metric)
        near[j] = _merge(total, y2[j] - at2, metric) <= limit


@compiled
def _sample(pair: Pair, i: int, k: int) -> float:
    """Return dimension ``k`` of state ``i`` of the first."""
    n_channels = pair.x.shape[0]
    if k >= n_channels * pair.rule.embed:
        return 0.0
    value: float = pair.x[k % n_channels, i + k // n_channels * pair.rule.delay]
    return value


@compiled
def _samples(pair: Pair, start: int, size: int, k: int) -> Floats:
    """Return dimension ``k`` of some states of the second, one after another."""
    n_channels = pair.y.shape[0]
    if k >= n_channels * pair.rule.embed:
        return pair.nothing[:size]
    first = start + k // n_channels * pair.rule.delay
    return pair.y[k % n_channels, first : first + size]


@compiled
def _gaps(pair: Pair, i: int, start: int, size: int, k: int) -> Gaps:
    """Return dimensions ``k`` to ``k + 2``; in one there is not nothing lies apart."""
    return (
        _sample(pair, i, k),
        _sample(pair, i, k + 1),
        _sample(pair, i, k + 2),
        _samples(pair, start, size, k),
        _samples(pair, start, size, k + 1),
        _samples(pair, start, size, k + 2),
    )


@compiled
def _pack(words: Words, near: Bytes) -> None:
    """Put bytes of 0 or 1 into words, a bit each."""
    eights = near.view(np.uint64)
    for w in range(words.size):
        word = np.uint64(0)
        for k in range(8):
            bits = (eights[8 * w + k] * _GATHER) >> _TOP
            word |= bits << np.uint64(8 * k)
        words[w] = word


@compiled
def _pair(x: Floats, y: Floats, rule: Rule) -> Pair:
    """Put two series together; distances are 0 at first."""
    near = np.zeros(TILE, dtype=np.uint8)
    return Pair(x, y, rule, np.zeros(TILE), np.zeros(TILE), near)


@compiled
def _shape(pair: Pair) -> tuple[int, int]:
    """Return how many states each series has."""
    span = (pair.rule.embed - 1) * pair.rule.delay
    return pair.x.shape[1] - span, pair.y.shape[1] - span


@compiled
def _mark(row: Words, pair: Pair, i: int) -> None:
    """Write which states recur with state ``i``; bits behind the last are 0."""
    _, m = _shape(pair)
    rule, near = pair.rule, pair.near
    last = (pair.x.shape[0] * rule.embed - 1) // 3 * 3
    for start in range(0, m, TILE):
        size = min(TILE, m - start)
        here = pair.sums[:size]
        if last:
            here[:] = 0.0
        for k in range(0, last, 3):
            _add(here, _gaps(pair, i, start, size, k), rule.metric)
        gaps = _gaps(pair, i, start, size, last)
        _decide(near, here, gaps, rule.metric, rule.limit)
        near[size : size + BITS] = 0
        _pack(row[start // BITS : (start + size + BITS - 1) // BITS], near)


@compiled
def _place(word: np.uint64) -> int:
    """Return the place of the lowest bit that is set."""
    lowest = word & (~word + _ONE)
    place: int = _PLACES[lowest % _PRIME]
    return place


@compiled
def _across(row: Words, lines: Ints) -> None:
    """Count lines within a row. Its last bit is 0, so that all of them end."""
    last, began = np.uint64(0), 0
    for w in range(row.size):
        now = row[w]
        edges = now ^ ((now << _ONE) | last)
        last = now >> _BIT
        while edges:
            k = _place(edges)
            edges &= edges - _ONE
            if (now >> np.uint64(k)) & _ONE:
                began = BITS * w + k
            else:
                lines[BITS * w + k - began] += 1


@compiled
def _down(row: Words, before: Words, i: int, began: Ints, lines: Ints) -> None:
    """Count lines along columns that start or end at row ``i``."""
    for w in range(row.size):
        now = row[w]
        edges = now ^ before[w]
        while edges:
            k = _place(edges)
            edges &= edges - _ONE
            j = BITS * w + k
            if (now >> np.uint64(k)) & _ONE:
                began[j] = i
            else:
                lines[i - began[j]] += 1


@compiled
def _aslant(row: Words, before: Words, i: int, began: Ints, plot: Plot) -> None:
    """Count diagonal lines that start or end at row ``i``.

    ``began`` is of diagonals, from that of the row's first column on.
    """
    lines, on_lag = plot.diagonal, plot.on_lag[-began.size :]
    last = np.uint64(0)
    for w in range(row.size):
        now = row[w]
        edges = now ^ ((before[w] << _ONE) | last)
        last = before[w] >> _BIT
        while edges:
            k = _place(edges)
            edges &= edges - _ONE
            j = BITS * w + k
            if (now >> np.uint64(k)) & _ONE:
                began[j] = i
            else:
                length = i - began[j]
                lines[length] += 1
                on_lag[j] += length


@compiled
def count(x: Floats, y: Floats, rule: Rule) -> Plot:
    """Count lines of each length, and points on each diagonal.

    Parameters
    ----------
    x, y : ndarray, shape (n_channels, n)
        The first series, and the second.
    rule : Rule
        What their states are, and when two recur.

    Returns
    -------
    Plot
        What was counted.
    """
    pair = _pair(x, y, rule)
    n, m = _shape(pair)
    plot = Plot(
        np.zeros(min(n, m) + 1, dtype=np.int64),
        np.zeros(m + 1, dtype=np.int64),
        np.zeros(n + 1, dtype=np.int64),
        np.zeros(n + m, dtype=np.int64),
    )
    column, slant = np.zeros(m, dtype=np.int64), np.zeros_like(plot.on_lag)
    # One bit more than there are columns: there, what reaches the last column ends.
    row = np.zeros(m // BITS + 1, dtype=np.uint64)
    before = np.zeros_like(row)
    for i in range(n):
        _mark(row, pair, i)
        _across(row, plot.along_second)
        _down(row, before, i, column, plot.along_first)
        _aslant(row, before, i, slant[n - i :], plot)
        row, before = before, row
    row[:] = 0  # an empty row below the last ends what is left
    _down(row, before, n, column, plot.along_first)
    _aslant(row, before, n, slant, plot)
    return plot


@compiled
def _distance(pair: Pair, i: int, j: int) -> float:
    """Return the distance of two states, the very number that a row is decided by."""
    rule, total = pair.rule, 0.0
    for at in range(0, rule.embed * rule.delay, rule.delay):
        for c in range(pair.x.shape[0]):
            total = _merge(total, pair.y[c, j + at] - pair.x[c, i + at], rule.metric)
    return total


@compiled
def sample(x: Floats, y: Floats, rule: Rule) -> Floats:
    """Return distances of pairs of states that lie evenly over the plot.

    They follow one another by the powers of 1 / g, where g cubed is g + 1: the golden
    section in two dimensions, which leaves no large gap.
    """
    pair = _pair(x, y, rule)
    n, m = _shape(pair)
    found = np.empty(N_SAMPLED)
    g = 1.324717957244746
    for k in range(N_SAMPLED):
        i, j = int((k / g) % 1.0 * n), int((k / g / g) % 1.0 * m)
        found[k] = _distance(pair, i, j)
    return found


@compiled
def gather(
    x: Floats, y: Floats, rule: Rule, low: float, n_bits: int
) -> tuple[int, int, Floats, Ints]:
    """Look at the distances from ``low`` up to the limit, both counted in.

    Returns
    -------
    (int, int, ndarray, ndarray)
        How many lie below; how many do not; the first of these, as many as there is room
        for; and their numbers in bins of ``2 ** n_bits`` neighbouring floats.
    """
    pair = _pair(x, y, rule)
    n, m = _shape(pair)
    row = np.zeros(m // BITS + 1, dtype=np.uint64)
    kept, bins = np.empty(ROOM), np.zeros(1 << BIN_BITS, dtype=np.int64)
    below, n_found = 0, 0
    # From zero on floats are in the order of their bits read as a whole number.
    lowest = np.full(1, low).view(np.int64)[0]
    one = np.empty(1)
    bits = one.view(np.int64)
    for i in range(n):
        _mark(row, pair, i)
        for w in range(row.size):
            near = row[w]
            while near:
                j = BITS * w + _place(near)
                near &= near - _ONE
                one[0] = _distance(pair, i, j)
                if one[0] < low:
                    below += 1
                    continue
                if n_found < ROOM:
                    kept[n_found] = one[0]
                n_found += 1
                bins[(bits[0] - lowest) >> n_bits] += 1
    return below, n_found, kept[: min(n_found, ROOM)], bins
