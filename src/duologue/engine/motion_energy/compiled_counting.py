"""How many pixels changed, compiled: a few passes over bytes, dozens of them at a time.

What is compiled is kept by this file, so everything that is called stands in it. Pictures
are laid out as one long row, and no function is given one array twice: only so does the
compiler take many bytes at once.
"""

import numpy as np

from duologue.engine.compiling import compiled
from duologue.engine.motion_energy.boxes import Box, Bytes

RUN = 128
"""So many flags are added up in a byte, which holds no more than 255."""


@compiled
def flag(before: Bytes, now: Bytes, threshold: np.uint8, flags: Bytes) -> bool:
    """Flag the pixels that changed by more than a threshold.

    Parameters
    ----------
    before, now : ndarray of uint8, shape (n,)
        Two pictures.
    threshold : uint8
        What a change exceeds.
    flags : ndarray of uint8, shape (n,)
        Written over: 1 where a pixel changed by more, else 0.

    Returns
    -------
    bool
        Whether any pixel changed at all.
    """
    bits = np.uint8(0)
    for i in range(now.size):
        a, b = before[i], now[i]
        d = np.uint8(a - b) if a > b else np.uint8(b - a)
        bits = np.uint8(bits | d)
        flags[i] = np.uint8(1) if d > threshold else np.uint8(0)
    return bool(bits)


@compiled
def count(flags: Bytes) -> int:
    """Count the flags, each 0 or 1, of one long row."""
    total = 0
    for start in range(0, flags.size, RUN):
        part = flags[start : start + RUN]
        run = np.uint8(0)
        for i in range(part.size):
            run = np.uint8(run + part[i])
        total += int(run)
    return total


@compiled
def _keep_inside(flags: Bytes, inside: Bytes, kept: Bytes) -> bool:
    """Copy the flags inside of a region, 0 elsewhere; say whether there are any."""
    bits = np.uint8(0)
    for i in range(kept.size):
        flag_inside = np.uint8(flags[i] & inside[i])
        bits = np.uint8(bits | flag_inside)
        kept[i] = flag_inside
    return bool(bits)


@compiled
def _sum_three(one: Bytes, two: Bytes, three: Bytes, sums: Bytes) -> None:
    for i in range(sums.size):
        sums[i] = np.uint8(one[i] + two[i] + three[i])


@compiled
def _add_two(sums: Bytes, one: Bytes, two: Bytes) -> None:
    for i in range(sums.size):
        sums[i] = np.uint8(sums[i] + one[i] + two[i])


@compiled
def _sum_apart(laid: Bytes, step: int, kernel: int, sums: Bytes) -> None:
    """Sum, from every place on, as many bytes as the kernel has, a step apart."""
    _sum_three(laid, laid[step:], laid[2 * step :], sums)
    for k in range(3, kernel, 2):
        _add_two(sums, laid[k * step :], laid[(k + 1) * step :])


@compiled
def _most(sums: Bytes, half: np.uint8, inside: Bytes, most: Bytes) -> None:
    for i in range(most.size):
        most[i] = (np.uint8(1) if sums[i] > half else np.uint8(0)) & inside[i]


@compiled
def count_most(flags: Bytes, box: Box, kernel: int) -> int:
    """Count the pixels of a region most of whose neighbours in it are flagged.

    Parameters
    ----------
    flags : ndarray of uint8, shape (height, width)
        1 where a pixel of the picture changed, else 0.
    box : Box
        The region.
    kernel : int
        Side of the square of neighbours, odd, 3 to 15.

    Returns
    -------
    int
        Pixels of the region with more than half of their square flagged; what lies
        outside of the region or of the picture counts as unflagged.
    """
    height, width = box.inside.shape
    reach, stride = kernel // 2, box.square.shape[1]
    first, last = height, -1
    for y in range(height):
        row = flags[box.top + y][box.left : box.left + width]
        kept = box.square[reach + y][reach : reach + width]
        if _keep_inside(row, box.inside[y], kept):
            first, last = min(first, y), y
    if last < 0:
        return 0
    # Further off than the kernel reaches from any flag there is nothing to sum.
    first, last = max(0, first - reach), min(height - 1, last + reach)
    start = first * stride
    down = box.down[: (last + 1 - first) * stride]
    _sum_apart(box.square.reshape(-1)[start:], stride, kernel, down)
    # What runs over the right edge of a row is none of the region's: see `margined`.
    across = box.across[: down.size - kernel + 1]
    _sum_apart(down, 1, kernel, across)
    most, inside = down[: across.size], box.margined.reshape(-1)[start:]
    _most(across, np.uint8(kernel * kernel // 2), inside, most)
    return count(most)
