"""How many pixels changed, in plain numpy: the same numbers as ``compiled_counting``."""

from collections.abc import Sequence

import numpy as np

from duologue.engine.motion_energy.boxes import Box, Bytes


def flag(before: Bytes, now: Bytes, threshold: np.uint8, flags: Bytes) -> bool:
    """Flag the pixels that changed by more; as `compiled_counting.flag`."""
    change = np.maximum(before, now)
    np.subtract(change, np.minimum(before, now), out=change)
    np.greater(change, threshold, out=flags, casting="unsafe")
    return bool(change.any())


def count(flags: Bytes) -> int:
    """Count the flags, each 0 or 1."""
    return int(np.count_nonzero(flags))


def count_most(flags: Bytes, box: Box, kernel: int) -> int:
    """Count pixels most of whose neighbours are flagged; as `compiled_counting`."""
    height, width = box.inside.shape
    reach = kernel // 2
    kept = box.square[reach : reach + height, reach : reach + width]
    bottom, right = box.top + height, box.left + width
    np.bitwise_and(flags[box.top : bottom, box.left : right], box.inside, out=kept)
    if not kept.any():
        return 0
    down = _summed([box.square[k : k + height] for k in range(kernel)])
    across = _summed([down[:, k : k + width] for k in range(kernel)])
    most = (across > kernel * kernel // 2) & (box.inside > 0)
    return int(np.count_nonzero(most))


def _summed(parts: Sequence[Bytes]) -> Bytes:
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total
