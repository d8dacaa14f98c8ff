"""Windowed lagged correlation, compiled: for the many comparisons that chance needs.

The same numbers as `lagged.lagged` by our rules. Products are shared by windows that
overlap: each is summed once, over blocks as long as the greatest common divisor of window
and step. Sums of squares come from running sums that keep beside them what the rounding
of each addition leaves out (Knuth's two-sum, Dekker's product), so that a quiet stretch
after a loud one loses none of its digits. Where a window's offset is large beside what
moves in it, the cell is computed by itself.

What is compiled is kept by this file, so everything that is called stands in it.
"""

import math
from typing import NamedTuple

import numpy as np

from duologue.engine.compiling import compiled
from duologue.engine.synchrony.lagged import ALIKE, MIN_PRESENT, MOST_Z, STILL
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Ints, Windows

MOST_R = math.tanh(MOST_Z)

FAR, FAR_IN_A_MEAN = 1e4, 1e7
"""Where the square of a window's mean is more than this of its variance, its offset takes
digits from the products, and the cell is computed by itself. In a mean over windows more
can be spared."""

LARGE = 10.0
"""An offset is large beyond so many standard deviations."""

GROUPED = 12
"""So many windows share one logarithm: Fisher's z is half of that of (1 + r) / (1 - r)."""


class _Pair(NamedTuple):
    """Two series: as they came, and centred and brought to the size of 1."""

    raw_x: Floats
    raw_y: Floats
    x: Floats
    y: Floats


class _Task(NamedTuple):
    """Samples of a window, a step, the largest lag and a block, and the rules of a cell."""

    n: int
    step: int
    lag: int
    block: int
    least: int
    still_x: float
    still_y: float
    far: float


def sums_of(
    first: Floats,
    second: Floats,
    windows: Windows,
    shifts: Ints,
    *,
    min_present: float = MIN_PRESENT,
) -> Sums:
    """Correlate two series for each of several shifts of the second around the end.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Two series of one length; ``nan`` where a sample is missing.
    windows : Windows
        Windows and lags.
    shifts : ndarray of int, shape (n_shifts,)
        By so many samples the second series is later; what leaves at the end comes back
        at the beginning. 0 leaves it as it is.
    min_present : float
        The share of a window that must be present in both.
    """
    pair, task = _given(first, second, windows, min_present, FAR_IN_A_MEAN)
    shifts = np.asarray(shifts, dtype=np.int64) % first.size
    sums = _sums_whole if _is_whole(pair) else _sums_blank
    z, absolute, count = sums(shifts, pair, task)
    return Sums(z=z, absolute=absolute, count=count)


class Ready(NamedTuple):
    """A series without a blank, ready to be compared with many others.

    ``raw`` as it came, ``values`` brought to the size of 1 (divided by ``size``), and
    ``moments`` (2, n), the mean and squared deviation of the window from each sample on.
    """

    raw: Floats
    values: Floats
    size: float
    moments: Floats


def ready_of(values: Floats, windows: Windows) -> Ready:
    """Do once for a series what does not depend on what it is compared with."""
    raw = np.ascontiguousarray(values)
    made = prepared(raw)
    _, size = _offset_and_size(raw)
    return Ready(raw, made, size, _moments(made, windows.window))


def sums_of_ready(
    first: Ready,
    second: Ready,
    windows: Windows,
    *,
    min_present: float = MIN_PRESENT,
) -> Sums:
    """Correlate two series that are ready, cut to the shorter; as `sums_of`."""
    n = min(first.raw.size, second.raw.size)
    task = _task(windows, min_present, FAR_IN_A_MEAN)._replace(
        still_x=_limit(first.raw[:n], first.size),
        still_y=_limit(second.raw[:n], second.size),
    )
    pair = _Pair(first.raw[:n], second.raw[:n], first.values[:n], second.values[:n])
    z, absolute, count = np.empty((3, 1, 2 * windows.lag + 1))
    r = _whole(0, pair, first.moments[:, :n], second.moments[:, :n], task)
    _add_up(r, z[0], absolute[0], count[0])
    return Sums(z=z, absolute=absolute, count=count)


def matrix_of(
    first: Floats,
    second: Floats,
    windows: Windows,
    *,
    min_present: float = MIN_PRESENT,
) -> Floats:
    """Return the correlations of two series: all windows, all lags; ``nan`` where blank."""
    pair, task = _given(first, second, windows, min_present, FAR)
    if not _is_whole(pair):
        return _blank(0, pair, task)
    return _whole(0, pair, _moments(pair.x, task.n), _moments(pair.y, task.n), task)


def _given(
    first: Floats, second: Floats, windows: Windows, min_present: float, far: float
) -> tuple[_Pair, _Task]:
    pair = _Pair(
        raw_x=np.ascontiguousarray(first),
        raw_y=np.ascontiguousarray(second),
        x=prepared(first),
        y=prepared(second),
    )
    task = _task(windows, min_present, far)._replace(
        still_x=_still(first), still_y=_still(second)
    )
    return pair, task


def _task(windows: Windows, min_present: float, far: float) -> _Task:
    return _Task(
        n=windows.window,
        step=windows.step,
        lag=windows.lag,
        block=math.gcd(windows.window, windows.step),
        least=max(3, math.ceil(min_present * windows.window)),
        still_x=0.0,
        still_y=0.0,
        far=far,
    )


def _is_whole(pair: _Pair) -> bool:
    return not (np.isnan(pair.raw_x).any() or np.isnan(pair.raw_y).any())


def prepared(values: Floats) -> Floats:
    """Bring a series to the size of 1, without its offset where that is large.

    Neither matters to a correlation. Digits do: the size is a power of two, and where the
    offset is small it stays, so that what is near 0 keeps all of its own.
    """
    offset, size = _offset_and_size(values)
    return np.ascontiguousarray((values - offset) / size)


def _offset_and_size(values: Floats) -> tuple[float, float]:
    present = values[~np.isnan(values)]
    if not present.size:
        return 0.0, 1.0
    mean, sd = float(present.mean()), float(present.std())
    offset = mean if abs(mean) > LARGE * sd else 0.0
    largest = float(np.abs(present - offset).max())
    return offset, 2.0 ** math.frexp(largest)[1] if largest > 0 else 1.0


def _still(values: Floats) -> float:
    """Return the squared deviation a sample at which a prepared series counts as still."""
    if np.isnan(values).all():
        return 0.0
    _, size = _offset_and_size(values)
    return _limit(values, size)


def _limit(values: Floats, size: float) -> float:
    return float((STILL * np.nanmax(np.abs(values)) / size) ** 2)


@compiled
def _left_of_product(x: float, y: float, product: float) -> float:
    """Return what the rounding of a product left out, by Dekker's split."""
    c = 134217729.0 * x
    hi_x = c - (c - x)
    lo_x = x - hi_x
    c = 134217729.0 * y
    hi_y = c - (c - y)
    lo_y = y - hi_y
    return lo_x * lo_y - (((product - hi_x * hi_y) - lo_x * hi_y) - hi_x * lo_y)


@compiled
def _left_of_sum(x: float, y: float, total: float) -> float:
    """Return what the rounding of a sum left out."""
    b = total - x
    return (x - (total - b)) + (y - b)


@compiled
def _moments(x: Floats, n: int) -> Floats:
    """Return mean and squared deviation of the n samples from each, around the end."""
    size = x.size
    sums, squares = np.zeros((2, size + n + 1)), np.zeros((2, size + n + 1))
    for i in range(size + n):
        v = x[i % size]
        t = sums[0, i] + v
        sums[1, i + 1] = sums[1, i] + _left_of_sum(sums[0, i], v, t)
        sums[0, i + 1] = t
        w = v * v
        t = squares[0, i] + w
        left = _left_of_sum(squares[0, i], w, t) + _left_of_product(v, v, w)
        squares[1, i + 1] = squares[1, i] + left
        squares[0, i + 1] = t
    found = np.empty((2, size))
    for a in range(size):
        t = sums[0, a + n] - sums[0, a]
        e = _left_of_sum(sums[0, a + n], -sums[0, a], t) + (sums[1, a + n] - sums[1, a])
        q = squares[0, a + n] - squares[0, a]
        f = _left_of_sum(squares[0, a + n], -squares[0, a], q)
        f += squares[1, a + n] - squares[1, a]
        found[0, a] = (t + e) / n
        # The square of the sum by n, with what its roundings leave out.
        p = t * t
        left = _left_of_product(t, t, p) + 2.0 * t * e
        part = p / n
        back = part * n
        rest = (p - back) - _left_of_product(part, float(n), back)
        found[1, a] = max((q - part) + (f - (rest + left) / n), 0.0)
    return found


@compiled
def _shifted(x: Floats, shift: int) -> Floats:
    """Return a series later by so many samples, around the end."""
    found = np.empty_like(x)
    shift %= x.size
    found[:shift] = x[x.size - shift :]
    found[shift:] = x[: x.size - shift]
    return found


@compiled
def _block_sums(x: Floats, y: Floats, task: _Task) -> Floats:
    """Return the sum of x[t] * y[t + L] over each block, for each lag L from 0 on."""
    lag, block = task.lag, task.block
    n_windows = (x.size - task.n - lag) // task.step + 1
    n_blocks = (n_windows - 1) * (task.step // block) + task.n // block
    found = np.zeros((n_blocks, lag + 1))
    for i in range(n_blocks):
        acc = found[i]
        t, last = i * block, (i + 1) * block
        while t + 4 <= last:  # four at a time: fewer sums are fetched and put back
            p, q, r, s = x[t], x[t + 1], x[t + 2], x[t + 3]
            near = y[t : t + lag + 4]
            for k in range(lag + 1):
                acc[k] += (
                    p * near[k] + q * near[k + 1] + r * near[k + 2] + s * near[k + 3]
                )
            t += 4
        while t < last:
            p = x[t]
            near = y[t : t + lag + 1]
            for k in range(lag + 1):
                acc[k] += p * near[k]
            t += 1
    return found


@compiled
def _add_blocks(sums: Floats, window: int, task: _Task, total: Floats) -> None:
    """Add up the blocks of one window, lag by lag."""
    first = window * (task.step // task.block)
    total[:] = 0.0
    for i in range(first, first + task.n // task.block):
        for k in range(total.size):
            total[k] += sums[i, k]


@compiled
def _cell(x: Floats, y: Floats, at_x: int, at_y: int, task: _Task) -> float:
    """Correlate what is present in both of one window, in two passes."""
    mx = my = 0.0
    present = 0
    for i in range(task.n):
        p, q = x[at_x + i], y[at_y + i]
        if not (math.isnan(p) or math.isnan(q)):
            mx += p
            my += q
            present += 1
    mx /= present
    my /= present
    sxy = sxx = syy = 0.0
    for i in range(task.n):
        p, q = x[at_x + i] - mx, y[at_y + i] - my
        if not (math.isnan(p) or math.isnan(q)):
            sxy += p * q
            sxx += p * p
            syy += q * q
    if sxx <= present * task.still_x or syy <= present * task.still_y:
        return math.nan
    return sxy / math.sqrt(sxx * syy)


@compiled
def _are_alike(x: Floats, y: Floats, at_x: int, at_y: int, n: int) -> bool:
    """Whether fewer than two samples that are present in both differ."""
    differ = 0
    for i in range(n):
        p, q = x[at_x + i], y[at_y + i]
        if p != q and not (math.isnan(p) or math.isnan(q)):
            differ += 1
            if differ == 2:
                return False
    return True


@compiled
def _row(total: Floats, own: Floats, others: Floats, n: int, far: float) -> bool:
    """Make correlations of products, in place; say whether one needs a closer look."""
    mean, square = own
    doubts = 1 if n * mean * mean > far * square else 0
    for k in range(total.size):
        q, ss = others[0, k], others[1, k]
        r = (total[k] - n * mean * q) / math.sqrt(square * ss)
        doubts += 1 if n * q * q > far * ss else 0
        doubts += 1 if r > ALIKE else 0
        total[k] = r
    return doubts > 0


@compiled
def _whole(
    shift: int, pair: _Pair, moments_x: Floats, moments_y: Floats, task: _Task
) -> Floats:
    """Correlate x with y shifted around the end; nan where nothing can be said.

    A row is made without asking anything of its cells, so several go at once; only where
    something in it is doubtful are they looked at one by one.
    """
    x, size, n, lag = pair.x, pair.x.size, task.n, task.lag
    y, raw_y = _shifted(pair.y, shift), _shifted(pair.raw_y, shift)
    moved = np.empty_like(moments_y)
    for i in range(2):
        moved[i] = _shifted(moments_y[i], shift)
    r = np.empty(((size - n - lag) // task.step + 1, 2 * lag + 1))
    total = np.empty(lag + 1)
    for turn in range(2):
        sums = _block_sums(x, y, task) if turn == 0 else _block_sums(y, x, task)
        stays, moves = (moments_x, moved) if turn == 0 else (moved, moments_x)
        limit_s = n * (task.still_x if turn == 0 else task.still_y)
        limit_m = n * (task.still_y if turn == 0 else task.still_x)
        for w in range(r.shape[0]):
            a = w * task.step
            _add_blocks(sums, w, task, total)
            others = moves[:, a : a + lag + 1]
            mean, square = stays[0, a], stays[1, a]
            looked_at = _row(total, stays[:, a], others, n, task.far)
            for k in range(lag + 1):
                at_x, at_y = (a, a + k) if turn == 0 else (a + k, a)
                found = total[k]
                if square <= limit_s or others[1, k] <= limit_m:
                    found = math.nan
                elif looked_at:
                    q, ss = others[0, k], others[1, k]
                    if n * mean * mean > task.far * square or n * q * q > task.far * ss:
                        found = _cell(x, y, at_x, at_y, task)
                    if found > ALIKE and _are_alike(pair.raw_x, raw_y, at_x, at_y, n):
                        found = math.nan
                r[w, lag + k if turn == 0 else lag - k] = found
    return r


@compiled
def _blank(shift: int, pair: _Pair, task: _Task) -> Floats:
    """Correlate what is present in both, by the sums of six products."""
    x, size, n, lag = pair.x, pair.x.size, task.n, task.lag
    y, raw_y = _shifted(pair.y, shift), _shifted(pair.raw_y, shift)
    has_x, has_y = np.where(np.isnan(x), 0.0, 1.0), np.where(np.isnan(y), 0.0, 1.0)
    zx, zy = np.where(np.isnan(x), 0.0, x), np.where(np.isnan(y), 0.0, y)
    r = np.full(((size - n - lag) // task.step + 1, 2 * lag + 1), np.nan)
    total = np.empty((6, lag + 1))
    for turn in range(2):
        s, has_s = (zx, has_x) if turn == 0 else (zy, has_y)  # stays
        m, has_m = (zy, has_y) if turn == 0 else (zx, has_x)  # moves
        still_s = task.still_x if turn == 0 else task.still_y
        still_m = task.still_y if turn == 0 else task.still_x
        sums = (
            _block_sums(has_s, has_m, task),
            _block_sums(s, has_m, task),
            _block_sums(has_s, m, task),
            _block_sums(s * s, has_m, task),
            _block_sums(has_s, m * m, task),
            _block_sums(s, m, task),
        )
        for w in range(r.shape[0]):
            for i in range(6):
                _add_blocks(sums[i], w, task, total[i])
            for k in range(lag + 1):
                present = total[0, k]
                if present < task.least:
                    continue
                at_x = w * task.step + (0 if turn == 0 else k)
                at_y = w * task.step + (k if turn == 0 else 0)
                p, q = total[1, k] / present, total[2, k] / present
                sss, ssm = total[3, k] - total[1, k] * p, total[4, k] - total[2, k] * q
                if (
                    present * p * p > task.far * sss
                    or present * q * q > task.far * ssm
                    or sss <= 2.0 * present * still_s
                    or ssm <= 2.0 * present * still_m
                ):
                    found = _cell(x, y, at_x, at_y, task)
                else:
                    found = (total[5, k] - total[1, k] * q) / math.sqrt(sss * ssm)
                if found > ALIKE and _are_alike(pair.raw_x, raw_y, at_x, at_y, n):
                    continue
                r[w, lag + k if turn == 0 else lag - k] = found
    return r


@compiled
def _add_up(r: Floats, z: Floats, absolute: Floats, count: Floats) -> None:
    """Sum Fisher's z over windows, several sharing one logarithm."""
    z[:], absolute[:], count[:] = 0.0, 0.0, 0.0
    held = np.ones((4, z.size))
    for w in range(r.shape[0]):
        for k in range(z.size):
            v = r[w, k]
            is_there = not math.isnan(v)  # no jump, so several go at once
            v = min(max(v, -MOST_R), MOST_R) if is_there else 0.0
            size = abs(v)
            held[0, k] *= 1.0 + v
            held[1, k] *= 1.0 - v
            held[2, k] *= 1.0 + size
            held[3, k] *= 1.0 - size
            count[k] += 1.0 if is_there else 0.0
        if (w + 1) % GROUPED == 0 or w + 1 == r.shape[0]:
            for k in range(z.size):
                z[k] += 0.5 * math.log(held[0, k] / held[1, k])
                absolute[k] += 0.5 * math.log(held[2, k] / held[3, k])
            held[:] = 1.0


@compiled
def _sums_whole(
    shifts: Ints, pair: _Pair, task: _Task
) -> tuple[Floats, Floats, Floats]:
    z = np.empty((shifts.size, 2 * task.lag + 1))
    absolute, count = np.empty_like(z), np.empty_like(z)
    moments_x, moments_y = _moments(pair.x, task.n), _moments(pair.y, task.n)
    for i in range(shifts.size):
        r = _whole(shifts[i], pair, moments_x, moments_y, task)
        _add_up(r, z[i], absolute[i], count[i])
    return z, absolute, count


@compiled
def _sums_blank(
    shifts: Ints, pair: _Pair, task: _Task
) -> tuple[Floats, Floats, Floats]:
    z = np.empty((shifts.size, 2 * task.lag + 1))
    absolute, count = np.empty_like(z), np.empty_like(z)
    for i in range(shifts.size):
        _add_up(_blank(shifts[i], pair, task), z[i], absolute[i], count[i])
    return z, absolute, count
