"""Segment shuffles of one session, compiled: each is only additions of what is known.

However segments are ordered, what is multiplied are the same blocks: those as long as the
greatest common divisor of window, step and segment. So the products of every block of one
series with every block of the other are summed once, at every lag, and a shuffle adds up
what its order asks for. A lag reaches from one block into the next: the two parts stand in
two tables, since after a shuffle another block comes next.

Sums are of samples inside of a window alone, so a quiet stretch beside a loud one keeps
its digits. Where a cell cannot be told for certain in this way, its shuffle is given back
as doubtful: whoever calls computes it the plain way.

What is compiled is kept by this file, so everything that is called stands in it.
"""

import math
from typing import NamedTuple

import numpy as np

from duologue.engine.compiling import compiled
from duologue.engine.synchrony.compiled_lagged import prepared
from duologue.engine.synchrony.lagged import ALIKE, MOST_Z
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows

MOST_R = math.tanh(MOST_Z)

FAR = 1e4
"""Where the square of a window's mean is more than this of its variance, its offset takes
digits from the products."""

GROUPED = 12
"""So many windows share one logarithm."""

MOST_BYTES = 2**28
"""Larger tables are not made."""


class _Task(NamedTuple):
    """Samples of a block, blocks of a window and of a step, windows, and the largest lag."""

    block: int
    n_in_window: int
    n_in_step: int
    n_windows: int
    lag: int


class _Series(NamedTuple):
    """Of each block of one series: sums and squares from and up to each sample.

    On the first axis stand the sums of the values and of their squares; on the last from
    which sample on, and up to which.
    """

    after: Floats
    before: Floats


class _Products(NamedTuple):
    """Products of each block with each of the other series' at each lag (n, n, n_lags).

    ``near`` are those within one block, ``far`` those that reach into the next.
    """

    near: Floats
    far: Floats


class _Side(NamedTuple):
    """One series: its blocks' orders, and its products where it stays, the other moved."""

    orders: Ints
    products: _Products
    series: _Series


def can_be_tabled(
    n_samples: int, n_shuffles: int, windows: Windows, segment: int
) -> bool:
    """Whether tables of all blocks are small enough, and less work than the shuffles."""
    block = math.gcd(windows.window, windows.step, segment)
    n_blocks = n_samples // block
    n_bytes = 4 * 8 * n_blocks**2 * min(windows.lag + 1, block)
    return n_blocks <= n_shuffles and n_bytes <= MOST_BYTES


def sums_of_orders(
    first: Floats, second: Floats, windows: Windows, orders: Ints, segment: int
) -> tuple[Sums, Bools]:
    """Correlate two series after each of several orders of their segments.

    Parameters
    ----------
    first, second : ndarray, shape (n_segments * segment,)
        Two series without a blank.
    windows : Windows
        Windows and lags.
    orders : ndarray of int, shape (n, 2, n_segments)
        Which segment stands at each place, of the first series and of the second.
    segment : int
        Samples of a segment.

    Returns
    -------
    (Sums, ndarray of bool, shape (n,))
        Sums of Fisher's z, and which of them must not be relied on: a window hardly
        varies beside its offset, or two stretches may be all alike.
    """
    block = math.gcd(windows.window, windows.step, segment)
    task = _Task(
        block=block,
        n_in_window=windows.window // block,
        n_in_step=windows.step // block,
        n_windows=windows.count(first.size),
        lag=windows.lag,
    )
    n_lags = min(windows.lag + 1, block)
    x, y = (prepared(each).reshape(-1, block) for each in (first, second))
    z, absolute, count, is_doubtful = _sums(
        _side(x, y, _blocks_of(orders[:, 0], segment // block), n_lags),
        _side(y, x, _blocks_of(orders[:, 1], segment // block), n_lags),
        task,
    )
    return Sums(z=z, absolute=absolute, count=count), is_doubtful


def _side(stays: Floats, moves: Floats, orders: Ints, n_lags: int) -> _Side:
    products, series = _products(stays, moves, n_lags), _sums_in(stays, n_lags)
    return _Side(orders=orders, products=products, series=series)


def _blocks_of(orders: Ints, n: int) -> Ints:
    """Return the order of blocks; after the last stands one that nothing is taken of."""
    blocks = n * orders[:, :, np.newaxis] + np.arange(n)
    return np.pad(blocks.reshape(len(orders), -1), ((0, 0), (0, 1)))


@compiled
def _products(x: Floats, y: Floats, n_lags: int) -> _Products:
    """Sum x[t] * y[t + lag] over each pair of blocks, within the block and beyond it."""
    n, block = x.shape
    near, far = np.zeros((2, n, n, n_lags))
    # Zeros stand where the other block has ended, or has not yet begun.
    ending, beginning = np.zeros((n, block + 4)), np.zeros((n, 2 * block + 4))
    ending[:, :block] = y
    beginning[:, block : 2 * block] = y
    for a in range(n):
        for b in range(n):
            for t in range(0, block, 4):
                _add_four(x[a], t, ending[b, t:], near[a, b, : block - t])
                if t + 4 > block - n_lags:
                    lag = max(0, block - t - 3)
                    _add_four(x[a], t, beginning[b, t + lag :], far[a, b, lag:])
    return _Products(near, far)


@compiled
def _add_four(x: Floats, t: int, y: Floats, found: Floats) -> None:
    """Add four samples' products at each lag: fewer sums are fetched and put back."""
    if t + 4 <= x.size:
        p, q, r, s = x[t], x[t + 1], x[t + 2], x[t + 3]
        for k in range(found.size):
            found[k] += p * y[k] + q * y[k + 1] + r * y[k + 2] + s * y[k + 3]
        return
    for i in range(t, x.size):
        for k in range(found.size):
            found[k] += x[i] * y[i - t + k]


def _sums_in(x: Floats, n_lags: int) -> _Series:
    """Sum each block up to each lag, and from there on."""
    both = np.stack([x, x * x])
    before = np.zeros((2, len(x), n_lags))
    np.cumsum(both[:, :, : n_lags - 1], axis=2, out=before[:, :, 1:])
    back = np.cumsum(both[:, :, ::-1], axis=2)[:, :, ::-1]
    return _Series(after=np.ascontiguousarray(back[:, :, :n_lags]), before=before)


@compiled
def _add_products(
    stays: Ints, moves: Ints, products: _Products, task: _Task, found: Floats
) -> None:
    """Sum the products of each block that stands in place, at every lag from 0 on."""
    near, far = products
    n_lags = near.shape[2]
    for j in range(found.shape[0]):
        for start in range(0, task.lag + 1, task.block):
            later = j + start // task.block
            one, other = near[stays[j], moves[later]], far[stays[j], moves[later + 1]]
            to = found[j, start : start + n_lags]
            for k in range(to.size):
                to[k] = one[k] + other[k]


@compiled
def _in_window(
    order: Ints, first: int, series: _Series, task: _Task, found: Floats
) -> None:
    """Sum values and squares of a window's samples, moved by every lag from 0 on."""
    after, before = series
    n_lags = after.shape[2]
    for start in range(0, task.lag + 1, task.block):
        at = first + start // task.block
        last = order[at + task.n_in_window]
        for i in range(2):
            whole = 0.0
            for j in range(at + 1, at + task.n_in_window):
                whole += after[i, order[j], 0]
            to = found[i, start : start + n_lags]
            one, other = after[i, order[at]], before[i, last]
            for k in range(to.size):
                to[k] = one[k] + whole + other[k]


@compiled
def _correlate(total: Floats, sums_s: Floats, sums_m: Floats, n: int) -> bool:
    """Make correlations of products, in place; say whether one of them is doubtful."""
    mean = sums_s[0, 0] / n
    own = sums_s[1, 0] - sums_s[0, 0] * mean
    doubts = 1 if n * mean * mean > FAR * own else 0
    for k in range(total.size):
        other_mean = sums_m[0, k] / n
        other = sums_m[1, k] - sums_m[0, k] * other_mean
        r = (total[k] - sums_s[0, 0] * other_mean) / math.sqrt(own * other)
        doubts += 1 if n * other_mean * other_mean > FAR * other else 0
        doubts += 1 if r > ALIKE else 0
        total[k] = r
    return doubts > 0


@compiled
def _multiply(r: Floats, turn: int, lag: int, held: Floats, count: Floats) -> None:
    """Multiply up (1 + r) and (1 - r), and the same of its absolute value, lag by lag."""
    for k in range(turn, r.size):  # without a lag both turns are one
        at = lag + k if turn == 0 else lag - k
        is_there = not math.isnan(r[k])  # no jump, so several go at once
        v = min(max(r[k], -MOST_R), MOST_R) if is_there else 0.0
        size = abs(v)
        held[0, at] *= 1.0 + v
        held[1, at] *= 1.0 - v
        held[2, at] *= 1.0 + size
        held[3, at] *= 1.0 - size
        count[at] += 1.0 if is_there else 0.0


@compiled
def _put_down(held: Floats, z: Floats, absolute: Floats) -> None:
    """Add what was multiplied up, as logarithms, and begin anew."""
    for k in range(z.size):
        z[k] += 0.5 * math.log(held[0, k] / held[1, k])
        absolute[k] += 0.5 * math.log(held[2, k] / held[3, k])
    held[:] = 1.0


@compiled
def _sums(x: _Side, y: _Side, task: _Task) -> tuple[Floats, Floats, Floats, Bools]:
    n, m = task.n_in_window * task.block, task.lag
    z = np.zeros((x.orders.shape[0], 2 * m + 1))
    absolute, count = np.zeros_like(z), np.zeros_like(z)
    is_doubtful = np.zeros(z.shape[0], dtype=np.bool_)
    n_used = (task.n_windows - 1) * task.n_in_step + task.n_in_window
    blocks_xy, blocks_yx = np.empty((n_used, m + 1)), np.empty((n_used, m + 1))
    total, held = np.empty(m + 1), np.empty((4, 2 * m + 1))
    sums_x, sums_y = np.empty((2, m + 1)), np.empty((2, m + 1))
    for i in range(z.shape[0]):
        order_x, order_y = x.orders[i], y.orders[i]
        _add_products(order_x, order_y, x.products, task, blocks_xy)
        _add_products(order_y, order_x, y.products, task, blocks_yx)
        held[:] = 1.0
        for w in range(task.n_windows):
            first = w * task.n_in_step
            _in_window(order_x, first, x.series, task, sums_x)
            _in_window(order_y, first, y.series, task, sums_y)
            for turn in range(2):
                blocks = blocks_xy if turn == 0 else blocks_yx
                stays, moves = (sums_x, sums_y) if turn == 0 else (sums_y, sums_x)
                total[:] = 0.0
                for j in range(first, first + task.n_in_window):
                    for k in range(m + 1):
                        total[k] += blocks[j, k]
                if _correlate(total, stays, moves, n):
                    is_doubtful[i] = True
                _multiply(total, turn, m, held, count[i])
            if (w + 1) % GROUPED == 0 or w + 1 == task.n_windows:
                _put_down(held, z[i], absolute[i])
    return z, absolute, count, is_doubtful
