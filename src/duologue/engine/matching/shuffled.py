"""The mean of pairs when one side is put in random order: what is known without drawing.

Of n turns put in random order, each is equally likely in every place; so the mean over all
orders is a mean over all that might stand there, and its standard deviation is known as
well (Hoeffding, 1951).
"""

import numpy as np

from duologue.engine.matching.pairs import Bools, Floats, Ints


def expected(scores: Floats) -> Floats:
    """Return what each pair would be on average over all orders.

    Parameters
    ----------
    scores : ndarray, shape (n_moved, n_pairs)
        The figure of each turn that may stand in each pair; ``nan`` where it has none.

    Returns
    -------
    ndarray, shape (n_pairs,)
        The mean of those that have one; ``nan`` where none has.
    """
    return _mean_of_columns(scores, ~np.isnan(scores))


def expected_of_others(scores: Floats, partner: Ints) -> Floats:
    """Return the same, of all turns but the pair's true one.

    With the true one, a pair is part of its own chance, and short sessions are pulled to
    nothing.

    Parameters
    ----------
    scores : ndarray, shape (n_moved, n_pairs)
        As above.
    partner : ndarray of int, shape (n_pairs,)
        The row of each pair's true turn.
    """
    return _mean_of_columns(scores, _others(scores, partner))


def expected_of_near(scores: Floats, partner: Ints, *, within: int) -> Floats:
    """Return the same, of the other turns near the true one: the same talk of the hour.

    Parameters
    ----------
    scores, partner : ndarray
        As above; rows are in the order in which the turns were spoken.
    within : int
        How many turns on either side are near, 1 or more.
    """
    far = np.abs(np.arange(len(scores))[:, None] - partner) > within
    return _mean_of_columns(scores, _others(scores, partner) & ~far)


def spread(scores: Floats) -> float:
    r"""Return the standard deviation of the mean of pairs over all orders.

    With a the table of what each turn adds at each of n places (nothing at a place that
    is part of no pair), the variance of a sum over a random order is

    .. math:: \frac{1}{n - 1} \sum_{ij} (a_{ij} - a_{i.} - a_{.j} + a_{..})^2

    It is exact where every turn has a figure in every pair that has one with any. Where
    turns without a figure drop their pair, the mean is a ratio of two sums, and this is
    its spread to first order.

    Parameters
    ----------
    scores : ndarray, shape (n_moved, n_pairs)
        As above, no turn in two pairs: ``n_pairs`` is ``n_moved`` at most.

    Returns
    -------
    float
        ``nan`` with fewer than two turns, or without any figure.

    References
    ----------
    Hoeffding, W. (1951). A combinatorial central limit theorem. Annals of Mathematical
    Statistics, 22, 558-566. https://doi.org/10.1214/aoms/1177729545
    """
    n = len(scores)
    there = ~np.isnan(scores)
    n_pairs = there.sum() / n if n else 0.0  # that have a figure, on average
    if n < 2 or n_pairs == 0:
        return float("nan")
    total = np.where(there, scores, 0.0).sum() / n
    added = np.where(there, scores - total / n_pairs, 0.0) / n_pairs
    by_turn, by_place = added.sum(axis=1) / n, added.sum(axis=0) / n
    # Places that are part of no pair are columns of zeros, and are left out of the sums.
    apart = (added - by_place) ** 2
    squares = apart.sum() - n * ((by_turn - by_turn.mean()) ** 2).sum()
    return float(np.sqrt(max(squares, 0.0) / (n - 1)))


def _others(scores: Floats, partner: Ints) -> Bools:
    there = ~np.isnan(scores)
    there[partner, np.arange(partner.size)] = False
    return there


def _mean_of_columns(scores: Floats, counted: Bools) -> Floats:
    n = counted.sum(axis=0)
    total = np.where(counted, scores, 0.0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(n > 0, total / n, np.nan)
    return found
