"""Many sessions against chance: real partners beside mismatched ones of opposite seats.

The first series of every session is compared with the second series of every other. Real
sessions are on the diagonal of that table; chance is the mean over partners exchanged at
random, many times over. Sessions of one person are alike, so it is people who are
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
from duologue.engine.synchrony.crossed import made_ready, sums_between
from duologue.engine.synchrony.lagged import MIN_PRESENT
from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Floats, Ints, Windows
from duologue.errors import ParameterError

N_PERMUTATIONS = 10_000
MIN_PERMUTATIONS = 100
FEWEST = 4
"""Pairs: three can be exchanged in 6 ways, too few for any p below .05."""


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
        Mean of the real pairs, and of the mismatched ones, each counting once.
    mismatched_sd : float
        Standard deviation of the means over exchanged partners.
    effect : float
        (real - mismatched) in standard deviations of single mismatched pairs: a
        description, no test.
    p : float
        How often partners exchanged at random give as much or more; blank where nothing
        can be said of some exchange, or of all but three pairs.
    n_pairs, n_left_out, n_permutations : int
        Pairs that are compared, and those of whom nothing can be said.
    shortest_s, longest_s : float
        How long the shortest and the longest session last. Mismatched partners are cut
        to the shorter of the two, and shorter series have higher peaks.
    """

    table: Floats
    real: float
    mismatched: float
    mismatched_sd: float
    effect: float
    p: float
    n_pairs: int
    n_left_out: int
    n_permutations: int
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
    sessions = [np.array(each) for each in sessions_of.values()]
    sizes = [min(a.size, b.size) for a, b in zip(one, other, strict=True)]
    span_s = min(sizes) / windows.rate, max(sizes) / windows.rate
    rng = np.random.default_rng(seed)
    return _compared(table, sessions, span_s, n_permutations, rng)


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
    table: Floats,
    sessions: list[Ints],
    span_s: tuple[float, float],
    n_permutations: int,
    rng: np.random.Generator,
) -> AgainstPartners:
    """Compare only those of whom something can be said: a blank pair is no pair."""
    own = ~np.isnan(np.diag(table))
    compared = [kept for of in sessions if (kept := of[own[of]]).size]
    n_left_out = len(sessions) - len(compared)
    n_drawn = 2 * ((n_permutations + 1) // 2)
    if len(compared) < FEWEST:
        return AgainstPartners(
            table=table,
            real=np.nan,
            mismatched=np.nan,
            mismatched_sd=np.nan,
            effect=np.nan,
            p=np.nan,
            n_pairs=len(compared),
            n_left_out=n_left_out,
            n_permutations=n_drawn,
            shortest_s=span_s[0],
            longest_s=span_s[1],
        )
    whose = np.concatenate([np.full(of.size, k) for k, of in enumerate(compared)])
    here = np.concatenate(compared)
    drawn = np.empty(n_drawn)
    for k in range(0, n_drawn, 2):
        there = _exchanged(compared, rng)
        drawn[k] = _mean_of_pairs(table[here, there], whose)
        drawn[k + 1] = _mean_of_pairs(table[there, here], whose)  # from the other seat
    real = _mean_of_pairs(table[here, here], whose)
    cells = [
        table[np.ix_(a, b)]
        for i, a in enumerate(compared)
        for j, b in enumerate(compared)
        if i != j
    ]
    apart = np.array([np.nanmean(c) for c in cells if not np.isnan(c).all()])
    mismatched = float(apart.mean()) if apart.size else np.nan
    spread = float(apart.std(ddof=1)) if apart.size > 1 else np.nan
    return AgainstPartners(
        table=table,
        real=real,
        mismatched=mismatched,
        mismatched_sd=float(drawn.std(ddof=1)),
        effect=(real - mismatched) / spread if spread > 0 else np.nan,
        p=np.nan if np.isnan(drawn).any() else as_high(drawn, real),
        n_pairs=len(compared),
        n_left_out=n_left_out,
        n_permutations=n_drawn,
        shortest_s=span_s[0],
        longest_s=span_s[1],
    )


def _exchanged(sessions: list[Ints], rng: np.random.Generator) -> Ints:
    """Draw a partner for each pair, and for each of its sessions one of that pair's.

    Some stay with their own, and their sessions as they were: the pairs as they are must
    be one of the ways that may be drawn, or p is too small. A session is drawn twice only
    where the other pair has fewer.
    """
    partners = rng.permutation(len(sessions))
    return np.concatenate(
        [
            own
            if k == partner
            else np.resize(rng.permutation(sessions[partner]), own.size)
            for k, (own, partner) in enumerate(zip(sessions, partners, strict=True))
        ]
    )


def _mean_of_pairs(values: Floats, whose: Ints) -> float:
    """Return the mean of the pairs' means; blank where all of a pair's are."""
    present = ~np.isnan(values)
    n = int(whose[-1]) + 1
    counts = np.bincount(whose[present], minlength=n)
    sums = np.bincount(whose[present], weights=values[present], minlength=n)
    return float((sums / counts).mean()) if counts.all() else float("nan")
