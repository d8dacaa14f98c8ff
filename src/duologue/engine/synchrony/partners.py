"""Many sessions against chance: real partners beside mismatched ones of opposite seats.

The first series of every session is compared with the second series of every other. Real
pairs are on the diagonal of that table; chance is the mean over partners exchanged by a
derangement, many times over. The pseudo pairs share series and are not independent, so no
test takes them for a sample.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.chance import as_high
from duologue.engine.synchrony.lagged import MIN_PRESENT
from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.shifts import sums_for
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows
from duologue.errors import ParameterError

N_PERMUTATIONS = 10_000
MIN_PERMUTATIONS = 100
FEWEST = 4
"""Sessions: of three there are two derangements."""

TRIES = 1000
"""Draws of a derangement before it is said that there is none to be had."""


class Statistic(StrEnum):
    """What is compared; chosen before anybody has looked."""

    PEAK = "peak"  # of the mean lag profile: the most sensitive by far
    GRAND_MEAN = "grand mean"
    GRAND_MEAN_ABS = "grand mean of absolute values"
    LAG_ZERO = "without a lag"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstPartners:
    """What mismatched partners give.

    Attributes
    ----------
    table : ndarray, shape (n, n)
        The statistic of each first series with each second; ``nan`` where two sessions of
        one pair would be mixed, and where nothing can be said.
    real, mismatched : float
        Mean of the real pairs, and of all mismatched ones.
    mismatched_sd : float
        Standard deviation of the means over exchanged partners.
    effect : float
        (real - mismatched) in standard deviations of single mismatched pairs: a
        description, no test.
    p : float
        How often exchanged partners give as much or more.
    n_permutations : int
    """

    table: Floats
    real: float
    mismatched: float
    mismatched_sd: float
    effect: float
    p: float
    n_permutations: int


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
        Which pair each session is of: sessions of one pair are never mixed. By default
        each is of another.
    statistic : Statistic
        What is compared.
    n_permutations : int
        100 or more, rounded up to an even number: derangements come in twos, each with
        its inverse, so that exchanged seats give the same p.
    seed : int
        0 or more.
    min_present : float
        As for `lagged.lagged`.
    tell : callable, optional
        Told how many rows of the table are done, and of how many.

    Raises
    ------
    ParameterError
        If there are too few sessions, or their numbers differ, or partners cannot be
        exchanged without mixing sessions of one pair.
    """
    n = len(firsts)
    if n < FEWEST or len(seconds) != n or (pairs is not None and len(pairs) != n):
        raise ParameterError(
            f"firsts, seconds and pairs must be of {FEWEST} sessions or more, as many "
            f"each, got {n} and {len(seconds)}."
        )
    if n_permutations < MIN_PERMUTATIONS:
        raise ParameterError(
            f"n_permutations must be {MIN_PERMUTATIONS} or more, got {n_permutations}."
        )
    whose = list(range(n)) if pairs is None else list(pairs)
    may = np.array([[a != b for b in whose] for a in whose])
    np.fill_diagonal(may, val=True)
    one = [as_series(series, "firsts") for series in firsts]
    other = [as_series(series, "seconds") for series in seconds]
    table = np.full((n, n), np.nan)
    for i in range(n):
        for j in np.flatnonzero(may[i]):
            sums = _sums(one[i], other[j], windows, min_present)
            table[i, j] = _value(sums, statistic, windows.lag)
        if tell is not None:
            tell(i + 1, n)
    return _compared(table, may, n_permutations, np.random.default_rng(seed))


def _sums(first: Floats, second: Floats, windows: Windows, min_present: float) -> Sums:
    size = min(first.size, second.size)
    none = np.zeros(1, dtype=np.int64)
    return sums_for(first[:size], second[:size], windows, none, min_present)


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


def _compared(
    table: Floats, may: Bools, n_permutations: int, rng: np.random.Generator
) -> AgainstPartners:
    n = len(table)
    here = np.arange(n)
    drawn = np.empty(2 * ((n_permutations + 1) // 2))
    for k in range(0, drawn.size, 2):
        there = _derangement(may, rng)
        drawn[k] = _mean(table[here, there])
        drawn[k + 1] = _mean(table[there, here])  # the same, from the other seat
    real = _mean(table[here, here])
    apart = table[may & ~np.eye(n, dtype=bool)]
    apart = apart[~np.isnan(apart)]
    spread = float(apart.std(ddof=1)) if apart.size > 1 else np.nan
    mean = float(apart.mean()) if apart.size else np.nan
    blank = np.isnan(real) or np.isnan(drawn).any()
    return AgainstPartners(
        table=table,
        real=real,
        mismatched=mean,
        mismatched_sd=float(drawn.std(ddof=1)),
        effect=(real - mean) / spread if spread > 0 else np.nan,
        p=np.nan if blank else as_high(drawn, real),
        n_permutations=drawn.size,
    )


def _derangement(may: Bools, rng: np.random.Generator) -> Ints:
    """Draw partners for all, nobody's own and none of a session of the same pair."""
    n = len(may)
    here = np.arange(n)
    for _ in range(TRIES):
        there = rng.permutation(n)
        if (there != here).all() and may[here, there].all():
            return there
    raise ParameterError(
        "partners cannot be exchanged without mixing sessions of one pair: there are too "
        "few other pairs."
    )


def _mean(values: Floats) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if present.size else float("nan")
