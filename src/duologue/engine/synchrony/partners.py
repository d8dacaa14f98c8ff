"""Many sessions against chance: real partners beside mismatched ones of opposite seats.

The first series of every session is compared with the second series of every other. Real
sessions are on the diagonal of that table; chance is the mean over partners exchanged by a
derangement, many times over. Sessions of one person are alike, so it is people who are
exchanged, with all of their sessions, and each pair counts once. The pseudo pairs share
series and are not independent, so no test takes them for a sample.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.chance import as_high
from duologue.engine.synchrony.lagged import MIN_PRESENT
from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.shifts import sums_for
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Ints, Windows
from duologue.errors import ParameterError

N_PERMUTATIONS = 10_000
MIN_PERMUTATIONS = 100
FEWEST = 4
"""Pairs: of three there are two derangements."""


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
        Mean of the real pairs, each counting once, and of all mismatched sessions.
    mismatched_sd : float
        Standard deviation of the means over exchanged partners.
    effect : float
        (real - mismatched) in standard deviations of single mismatched sessions: a
        description, no test.
    p : float
        How often exchanged partners give as much or more: at least 1 of 1 + the number of
        ways to exchange all of them, of which four pairs have 9 and five 44.
    n_pairs, n_permutations : int
    """

    table: Floats
    real: float
    mismatched: float
    mismatched_sd: float
    effect: float
    p: float
    n_pairs: int
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
        Which pair each session is of: sessions of one pair are never mixed, and a pair
        is exchanged as a whole. By default each is of another.
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
        If there are too few pairs, or the numbers of sessions differ.
    """
    n = len(firsts)
    whose = list(range(n)) if pairs is None else list(pairs)
    if len(seconds) != n or len(whose) != n:
        raise ParameterError(
            "firsts, seconds and pairs must be of as many sessions each, got "
            f"{n}, {len(seconds)} and {len(whose)}."
        )
    sessions_of: dict[object, list[int]] = {}
    for i, pair in enumerate(whose):
        sessions_of.setdefault(pair, []).append(i)
    if len(sessions_of) < FEWEST:
        raise ParameterError(
            f"firsts and seconds must be of {FEWEST} pairs or more, got {len(sessions_of)}."
        )
    if n_permutations < MIN_PERMUTATIONS:
        raise ParameterError(
            f"n_permutations must be {MIN_PERMUTATIONS} or more, got {n_permutations}."
        )
    one = [as_series(series, "firsts") for series in firsts]
    other = [as_series(series, "seconds") for series in seconds]

    def row(i: int) -> Floats:
        """Compare the first of one session with the second of all that may be mixed."""
        values = np.full(n, np.nan)
        for j in range(n):
            if i == j or whose[i] != whose[j]:
                sums = _sums(one[i], other[j], windows, min_present)
                values[j] = _value(sums, statistic, windows.lag)
        return values

    table = np.empty((n, n))
    with ThreadPoolExecutor() as threads:  # what is compiled lets others run
        for i, values in enumerate(threads.map(row, range(n))):
            table[i] = values
            if tell is not None:
                tell(i + 1, n)
    sessions = [np.array(each) for each in sessions_of.values()]
    return _compared(table, sessions, n_permutations, np.random.default_rng(seed))


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
    table: Floats, sessions: list[Ints], n_permutations: int, rng: np.random.Generator
) -> AgainstPartners:
    whose = np.concatenate([np.full(len(of), k) for k, of in enumerate(sessions)])
    here = np.concatenate(sessions)
    drawn = np.empty(2 * ((n_permutations + 1) // 2))
    for k in range(0, drawn.size, 2):
        there = _exchanged(sessions, rng)
        drawn[k] = _mean_of_pairs(table[here, there], whose)
        drawn[k + 1] = _mean_of_pairs(table[there, here], whose)  # from the other seat
    real = _mean_of_pairs(table[here, here], whose)
    apart = table[~np.eye(len(table), dtype=bool)]
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
        p=np.nan if blank else _p(drawn, real, len(sessions)),
        n_pairs=len(sessions),
        n_permutations=drawn.size,
    )


def _p(drawn: Floats, real: float, n_pairs: int) -> float:
    """Return p as if every way to exchange the partners had been drawn once at most."""
    ways, before = (
        1,
        0,
    )  # derangements of 2 and of 1: D(n) = (n - 1) (D(n - 1) + D(n - 2))
    for n in range(3, n_pairs + 1):
        ways, before = (n - 1) * (ways + before), ways
    p = as_high(drawn, real)
    if ways >= drawn.size:
        return p
    share = (p * (drawn.size + 1) - 1) / drawn.size
    return (1 + share * ways) / (1 + ways)


def _exchanged(sessions: list[Ints], rng: np.random.Generator) -> Ints:
    """Draw another pair for each, and for each of its sessions one of that pair's.

    A session is drawn twice only where the other pair has fewer.
    """
    n = len(sessions)
    while True:  # about e draws
        partners = rng.permutation(n)
        if (partners != np.arange(n)).all():
            break
    return np.concatenate(
        [
            np.resize(rng.permutation(sessions[partner]), len(own))
            for own, partner in zip(sessions, partners, strict=True)
        ]
    )


def _mean_of_pairs(values: Floats, whose: Ints) -> float:
    """Return the mean of the pairs' means, without what is blank."""
    present = ~np.isnan(values)
    counts = np.bincount(whose[present])
    sums = np.bincount(whose[present], weights=values[present])
    some = counts > 0
    return float((sums[some] / counts[some]).mean()) if some.any() else float("nan")
