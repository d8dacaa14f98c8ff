"""Real partners against mismatched ones: a test by exchanging partners over a table.

The table holds a figure of each first partner with each second one; real sessions stand on
its diagonal. Sessions of one person are alike, so it is people who are exchanged, with all
of their sessions, and each pair counts once. Mismatched pairs share partners and are not
independent, so no test takes them for a sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.chance import as_high
from duologue.errors import ParameterError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_PERMUTATIONS = 10_000
MIN_PERMUTATIONS = 100
FEWEST = 4
"""Pairs: three can be exchanged in 6 ways, too few for any p below .05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What mismatched partners give.

    Attributes
    ----------
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
    """

    real: float
    mismatched: float
    mismatched_sd: float
    effect: float
    p: float
    n_pairs: int
    n_left_out: int
    n_permutations: int


def sessions_of(whose: Sequence[object]) -> list[Ints]:
    """Return the indices of each pair's sessions, pairs in the order of their first."""
    found: dict[object, list[int]] = {}
    for i, pair in enumerate(whose):
        found.setdefault(pair, []).append(i)
    return [np.array(each) for each in found.values()]


def check_exchange(n_pairs: int, n_permutations: int, *, named: str) -> None:
    """Refuse too few pairs or permutations, with a ParameterError.

    Parameters
    ----------
    n_pairs, n_permutations : int
        How many there are.
    named : str
        What holds the pairs, as the caller knows it.
    """
    if n_pairs < FEWEST:
        raise ParameterError(
            f"{named} must be of {FEWEST} pairs or more, got {n_pairs}."
        )
    if n_permutations < MIN_PERMUTATIONS:
        raise ParameterError(
            f"n_permutations must be {MIN_PERMUTATIONS} or more, got {n_permutations}."
        )


def exchanged(
    table: Floats, sessions: Sequence[Ints], *, n_permutations: int, seed: int
) -> Exchanged:
    """Compare real partners with partners exchanged at random.

    Only those of whom something can be said are compared: a blank pair is no pair.

    Parameters
    ----------
    table : ndarray, shape (n, n)
        A figure of each first partner with each second one; ``nan`` where two sessions of
        one pair would be mixed, and where nothing can be said.
    sessions : sequence of ndarray of int
        The sessions of each pair.
    n_permutations : int
        Rounded up to an even number: each comes with its inverse, so that exchanged seats
        give the same p.
    seed : int
        0 or more.

    Returns
    -------
    Exchanged
    """
    own = ~np.isnan(np.diag(table))
    compared = [kept for of in sessions if (kept := of[own[of]]).size]
    n_left_out = len(sessions) - len(compared)
    n_drawn = 2 * ((n_permutations + 1) // 2)
    if len(compared) < FEWEST:
        return Exchanged(
            real=np.nan,
            mismatched=np.nan,
            mismatched_sd=np.nan,
            effect=np.nan,
            p=np.nan,
            n_pairs=len(compared),
            n_left_out=n_left_out,
            n_permutations=n_drawn,
        )
    whose = np.concatenate([np.full(of.size, k) for k, of in enumerate(compared)])
    here = np.concatenate(compared)
    real = _mean_of_pairs(table[here, here], whose)
    drawn = _drawn(table, compared, n_drawn, np.random.default_rng(seed))
    mismatched, spread = _of_mismatched(table, compared)
    return Exchanged(
        real=real,
        mismatched=mismatched,
        mismatched_sd=float(drawn.std(ddof=1)),
        effect=(real - mismatched) / spread if spread > 0 else np.nan,
        p=np.nan if np.isnan(drawn).any() else as_high(drawn, real),
        n_pairs=len(compared),
        n_left_out=n_left_out,
        n_permutations=n_drawn,
    )


def _drawn(
    table: Floats, sessions: list[Ints], n_drawn: int, rng: np.random.Generator
) -> Floats:
    """Return the means over pairs of so many exchanges."""
    whose = np.concatenate([np.full(of.size, k) for k, of in enumerate(sessions)])
    here = np.concatenate(sessions)
    drawn = np.empty(n_drawn)
    for k in range(0, n_drawn, 2):
        there = _partners(sessions, rng)
        drawn[k] = _mean_of_pairs(table[here, there], whose)
        drawn[k + 1] = _mean_of_pairs(table[there, here], whose)  # from the other seat
    return drawn


def _of_mismatched(table: Floats, sessions: list[Ints]) -> tuple[float, float]:
    """Return the mean of mismatched pairs, each counting once, and how they spread."""
    cells = [
        table[np.ix_(a, b)]
        for i, a in enumerate(sessions)
        for j, b in enumerate(sessions)
        if i != j
    ]
    apart = np.array([np.nanmean(c) for c in cells if not np.isnan(c).all()])
    mean = float(apart.mean()) if apart.size else np.nan
    return mean, float(apart.std(ddof=1)) if apart.size > 1 else np.nan


def _partners(sessions: list[Ints], rng: np.random.Generator) -> Ints:
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
            else _as_many(rng.permutation(sessions[partner]), own.size)
            for k, (own, partner) in enumerate(zip(sessions, partners, strict=True))
        ]
    )


def _as_many(drawn: Ints, n: int) -> Ints:
    """Return so many, the same ones again where there are fewer."""
    return drawn if drawn.size == n else np.resize(drawn, n)


def _mean_of_pairs(values: Floats, whose: Ints) -> float:
    """Return the mean of the pairs' means; blank where all of a pair's are."""
    present = ~np.isnan(values)
    n = int(whose[-1]) + 1
    counts = np.bincount(whose[present], minlength=n)
    sums = np.bincount(whose[present], weights=values[present], minlength=n)
    return float((sums / counts).mean()) if counts.all() else float("nan")
