"""Many sessions against chance: real partners beside mismatched ones of opposite seats.

The first series of every session is compared with the second series of every other. Real
sessions are on the diagonal of that table; chance is the mean over partners exchanged at
random, many times over. Sessions of one person are alike, so it is people who are
exchanged, with all of their sessions, and each pair counts once. The pseudo pairs share
series and are not independent, so no test takes them for a sample.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.exchanging import (
    N_PERMUTATIONS,
    Exchanged,
    check_exchange,
    exchanged,
    sessions_of,
)
from duologue.engine.synchrony.crossed import made_ready, sums_between
from duologue.engine.synchrony.lagged import MIN_PRESENT
from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Windows
from duologue.errors import ParameterError


class Statistic(StrEnum):
    """What is compared; chosen before anybody has looked."""

    PEAK = "peak"  # of the mean lag profile: the most sensitive by far
    GRAND_MEAN = "grand mean"
    GRAND_MEAN_ABS = "grand mean of absolute values"
    LAG_ZERO = "without a lag"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstPartners(Exchanged):
    """What mismatched partners give.

    Attributes
    ----------
    table : ndarray, shape (n, n)
        The statistic of each first series with each second; ``nan`` where two sessions of
        one pair would be mixed, and where nothing can be said.
    shortest_s, longest_s : float
        How long the shortest and the longest session last. Mismatched partners are cut
        to the shorter of the two, and shorter series have higher peaks.
    """

    table: Floats
    shortest_s: float
    longest_s: float


def against_partners(
    firsts: Sequence[ArrayLike],
    seconds: Sequence[ArrayLike],
    windows: Windows,
    *,
    pairs: Sequence[object] | None = None,
    statistic: Statistic = Statistic.PEAK,
    n_permutations: int = N_PERMUTATIONS,
    seed: int = 0,
    min_present: float = MIN_PRESENT,
    tell: Callable[[int, int], None] | None = None,
) -> AgainstPartners:
    """Say whether real partners go together more than mismatched ones do.

    Parameters
    ----------
    firsts, seconds : sequence of array_like
        The two series of each session, all of one rate; cut to the shorter of the two.
    windows : Windows
        Windows and lags.
    pairs : sequence, optional
        Which pair each session is of: sessions of one pair are never mixed, and a pair
        is exchanged as a whole. By default each is of another.
    statistic : Statistic
        What is compared.
    n_permutations : int
        100 or more, rounded up to an even number: each comes with its inverse, so that
        exchanged seats give the same p.
    seed : int
        0 or more.
    min_present : float
        As for `lagged.lagged`.
    tell : callable, optional
        Told how many rows of the table are done, and of how many.

    Raises
    ------
    ParameterError
        If there are too few pairs, or the numbers of sessions differ.
    """
    n = len(firsts)
    whose = list(range(n)) if pairs is None else list(pairs)
    if len(seconds) != n or len(whose) != n:
        raise ParameterError(
            "firsts, seconds and pairs must be of as many sessions each, got "
            f"{n}, {len(seconds)} and {len(whose)}."
        )
    sessions = sessions_of(whose)
    check_exchange(len(sessions), n_permutations, named="firsts and seconds")
    one = [as_series(series, "firsts") for series in firsts]
    other = [as_series(series, "seconds") for series in seconds]

    x, y = made_ready(one, windows), made_ready(other, windows)

    def row(i: int) -> Floats:
        """Compare the first of one session with the second of all that may be mixed."""
        values = np.full(n, np.nan)
        for j in range(n):
            if i == j or whose[i] != whose[j]:
                sums = sums_between(x[i], y[j], windows, min_present)
                values[j] = _value(sums, statistic, windows.lag)
        return values

    table = np.empty((n, n))
    with ThreadPoolExecutor() as threads:  # what is compiled lets others run
        for i, values in enumerate(threads.map(row, range(n))):
            table[i] = values
            if tell is not None:
                tell(i + 1, n)
    sizes = [min(a.size, b.size) for a, b in zip(one, other, strict=True)]
    found = exchanged(table, sessions, n_permutations=n_permutations, seed=seed)
    return AgainstPartners(
        **{field.name: getattr(found, field.name) for field in fields(found)},
        table=table,
        shortest_s=min(sizes) / windows.rate,
        longest_s=max(sizes) / windows.rate,
    )


def _value(sums: Sums, statistic: Statistic, lag: int) -> float:
    match statistic:
        case Statistic.PEAK:
            profile = sums.profile[0]
            return float(np.nanmax(profile)) if (~np.isnan(profile)).any() else np.nan
        case Statistic.GRAND_MEAN:
            return float(sums.grand_mean[0])
        case Statistic.GRAND_MEAN_ABS:
            return float(sums.grand_mean_abs[0])
        case Statistic.LAG_ZERO:
            return float(sums.profile[0, lag])
