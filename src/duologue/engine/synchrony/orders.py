"""Segments of a session in other orders: drawn, and correlated one after the other.

By tables of products where that is possible, which makes each a matter of additions; else
by really shuffling. Both give the same.
"""

from enum import StrEnum

import numpy as np

from duologue.engine.synchrony.lagged import MIN_PRESENT, lagged
from duologue.engine.synchrony.preparing import Compat, chosen
from duologue.engine.synchrony.shifts import digest_of
from duologue.engine.synchrony.summing import NO_SHIFT, sums_for
from duologue.engine.synchrony.sums import Sums, joined, sums_of_map
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows


class Shuffle(StrEnum):
    """Whose segments are put in another order."""

    BOTH = "both"  # as rMEA: each series by itself; some pairs may survive
    ONE = "one"  # as Moulder and others: none stays in its place


def drawn_orders(
    one: Floats,
    other: Floats,
    n_segments: int,
    shuffle: Shuffle,
    *,
    n_shuffles: int,
    seed: int,
) -> Ints:
    """Draw orders of the segments of both series (n, 2, n_segments), by them and a seed.

    With each there is the one for exchanged seats.
    """
    rng = np.random.default_rng([seed, *digest_of(one, other)])
    half = (n_shuffles + 1) // 2
    drawn = np.tile(np.arange(n_segments), (half, 2, 1))
    for order in drawn:
        if chosen(Shuffle, shuffle, "shuffle") is Shuffle.ONE:
            order[1] = _deranged(n_segments, rng)
        else:
            order[:] = [rng.permutation(n_segments) for _ in range(2)]
    return np.concatenate([drawn, drawn[:, ::-1]])


def _deranged(n: int, rng: np.random.Generator) -> Ints:
    """Draw an order in which nothing stays in its place; one in three does not."""
    while True:
        order = rng.permutation(n)
        if (order != np.arange(n)).all():
            return order


def sums_of_orders(
    one: Floats,
    other: Floats,
    windows: Windows,
    orders: Ints,
    segment: int,
    *,
    compat: Compat = Compat.NONE,
) -> Sums:
    """Correlate two series after each of several orders of their segments.

    Parameters
    ----------
    one, other : ndarray, shape (n_segments * segment,)
        Two series, blanks ``nan``.
    windows : Windows
        Windows and lags.
    orders : ndarray of int, shape (n, 2, n_segments)
        Which segment stands at each place, of the first series and of the second.
    segment : int
        Samples of a segment.
    compat : Compat
        By whose rules a cell is blank.

    Returns
    -------
    Sums
        By tables of products where nothing is blank, there are as many orders as blocks
        of the series, and numba is there; else by shuffling and correlating, one after
        the other. Both are the same.
    """
    windows.count(one.size)
    found = _by_tables(one, other, windows, orders, segment)
    if found is None:
        return _plainly(one, other, windows, orders, compat)
    sums, is_doubtful = found
    if is_doubtful.any():
        again = _plainly(one, other, windows, orders[is_doubtful], compat)
        for name in ("z", "absolute", "count"):
            getattr(sums, name)[is_doubtful] = getattr(again, name)
    return sums


def _by_tables(
    one: Floats, other: Floats, windows: Windows, orders: Ints, segment: int
) -> tuple[Sums, Bools] | None:
    """Return sums and which are doubtful; nothing where tables cannot be made."""
    try:
        from duologue.engine.synchrony import compiled_segments  # noqa: PLC0415
    except ImportError:
        return None
    if np.isnan(one).any() or np.isnan(other).any():
        return None
    if not compiled_segments.can_be_tabled(one.size, len(orders), windows, segment):
        return None
    return compiled_segments.sums_of_orders(one, other, windows, orders, segment)


def _plainly(
    one: Floats, other: Floats, windows: Windows, orders: Ints, compat: Compat
) -> Sums:
    """Put the segments in order and correlate, one shuffle after the other."""
    found = []
    for order in orders:
        x, y = (_in_order(v, o) for v, o in zip((one, other), order, strict=True))
        if chosen(Compat, compat, "compat") is Compat.NONE:
            found.append(sums_for(x, y, windows, NO_SHIFT, MIN_PRESENT))
        else:
            found.append(sums_of_map(lagged(x, y, windows, compat=compat).z))
    return joined(found)


def _in_order(values: Floats, order: Ints) -> Floats:
    return values.reshape(order.size, -1)[order].ravel()
