"""All pseudo pairs of many sessions, as rMEA's ``shuffle("max")`` makes them.

Every series is compared with every other but its own partner's: of n sessions C(2n, 2) - n
pairs, clients with clients and therapists with therapists among them. For comparison with
earlier work, and as a description: these pairs share series and are not independent, so
they are no sample for a test. For that see `partners`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.crossed import Series, made_ready, sums_between
from duologue.engine.synchrony.lagged import MIN_PRESENT, lagged
from duologue.engine.synchrony.preparing import Compat, as_series, chosen
from duologue.engine.synchrony.sums import Sums, joined, sums_of_map
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPairs:
    """Real pairs, and every pseudo pair of the same series.

    Attributes
    ----------
    real : Sums
        Of each session.
    pseudo : Sums
        Of each pseudo pair, in rMEA's order.
    places : ndarray of int, shape (n_pseudo, 2)
        Which two series each is of: 0 to n - 1 are the firsts, n to 2n - 1 the seconds.
    is_same_seat : ndarray of bool, shape (n_pseudo,)
        Whether both are firsts, or both seconds.
    """

    real: Sums
    pseudo: Sums
    places: Ints
    is_same_seat: Bools


def all_pairs(
    firsts: Sequence[ArrayLike],
    seconds: Sequence[ArrayLike],
    windows: Windows,
    *,
    compat: Compat = Compat.NONE,
    n_workers: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> AllPairs:
    """Compare every series of some sessions with every other.

    Parameters
    ----------
    firsts, seconds : sequence of array_like
        The two series of each session, all of one rate; any two are cut to the shorter.
    windows : Windows
        Windows and lags.
    compat : Compat
        By whose rules a cell is blank.
    n_workers : int, optional
        How many threads share the work, by default as many as there are processors. The
        answer is the same.
    tell : callable, optional
        Told how many pairs are done, and of how many.

    Raises
    ------
    ParameterError
        If there are fewer than two sessions, as many firsts as seconds are not given, or
        one is too short.
    """
    n = len(firsts)
    if n < 2 or len(seconds) != n:
        raise ParameterError(
            "firsts and seconds must be of the same two sessions or more, got "
            f"{n} and {len(seconds)}."
        )
    if n_workers is not None and n_workers < 1:
        raise ParameterError(f"n_workers must be 1 or more, got {n_workers}.")
    every = [as_series(each, "firsts") for each in firsts]
    every += [as_series(each, "seconds") for each in seconds]
    series = made_ready(every, windows)
    own = [(i, n + i) for i in range(n)]
    pseudo = [pair for pair in combinations(range(2 * n), 2) if pair[1] - pair[0] != n]

    def compare(pair: tuple[int, int]) -> Sums:
        return _sums(series[pair[0]], series[pair[1]], windows, compat)

    found = []
    with ThreadPoolExecutor(n_workers) as threads:  # what is compiled lets others run
        for sums in threads.map(compare, [*own, *pseudo]):
            found.append(sums)
            if tell is not None:
                tell(len(found), len(own) + len(pseudo))
    places = np.array(pseudo)
    return AllPairs(
        real=joined(found[:n]),
        pseudo=joined(found[n:]),
        places=places,
        is_same_seat=(places[:, 0] < n) == (places[:, 1] < n),
    )


def _sums(one: Series, other: Series, windows: Windows, compat: Compat) -> Sums:
    if chosen(Compat, compat, "compat") is Compat.NONE:
        return sums_between(one, other, windows, MIN_PRESENT)
    z = lagged(one.values, other.values, windows, compat=compat).z
    return sums_of_map(z)


def cohens_d(one: ArrayLike, other: ArrayLike) -> float:
    """Return by how many pooled standard deviations one group lies above another.

    Parameters
    ----------
    one, other : array_like, shape (n,)
        A value a session, or a pseudo pair; a blank is left out.

    Returns
    -------
    float
        Below 0 where the first group is lower. rMEA's own is this without its sign.
        ``nan`` where fewer than two are in a group, or nothing varies.
    """
    a, b = (np.asarray(v, dtype=np.float64) for v in (one, other))
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if min(a.size, b.size) < 2:
        return float("nan")
    squares = (a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)
    pooled = float(np.sqrt(squares / (a.size + b.size - 2)))
    return float(a.mean() - b.mean()) / pooled if pooled > 0 else float("nan")


def share_above(real: Sums, chance: Sums) -> float:
    """Return the share of lags at which real pairs lie above chance, in [0, 1].

    Of the means over pairs of their lag profiles, blanks left out; rMEA tells it in per
    cent. **It has no standard error**: neighbouring lags are almost one number. ``nan``
    where no lag is in both.
    """
    a, b = (_mean_profile(each) for each in (real, chance))
    both = ~(np.isnan(a) | np.isnan(b))
    return float((a[both] > b[both]).mean()) if both.any() else float("nan")


def _mean_profile(sums: Sums) -> Floats:
    """Average the profiles of pairs, each counting once; ``nan`` where none has a lag."""
    profiles = sums.profile
    is_there = ~np.isnan(profiles)
    total, n = np.where(is_there, profiles, 0.0).sum(axis=0), is_there.sum(axis=0)
    found: Floats = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    return found
