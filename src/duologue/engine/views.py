"""Two views of the same session: the usual gap, and departures from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr

from duologue.engine.usual import SMALLEST_DEPARTURE, Usual, t_of, usual
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoViews:
    """How two people's answers to the same prompt lie to each other.

    Attributes
    ----------
    gap : ndarray, shape (n_sessions,)
        Therapist minus client; ``nan`` where either is blank.
    n_both : int
        Sessions that both answered.
    n_client_higher, n_therapist_higher : int
        In how many of them each gave the higher answer.
    usual_gap, interval : float, (float, float)
        Mean gap and its 90 % interval; ``nan`` with fewer than 2.
    uneven_by_chance : float
        How often so uneven a split, or one more so, comes about if neither tends to
        be higher (two-sided sign test without ties); ``nan`` without answers.
    departures : Usual
        The band of the pair's own earlier gaps, 99 % two-sided.
    n_together, n_steps : int
        Steps in which both answers moved, and those where they moved the same way;
        by chance alone about half do.
    """

    gap: NDArray[np.float64]
    n_both: int
    n_client_higher: int
    n_therapist_higher: int
    usual_gap: float
    interval: tuple[float, float]
    uneven_by_chance: float
    departures: Usual
    n_together: int
    n_steps: int


def two_views(client: ArrayLike, therapist: ArrayLike) -> TwoViews:
    r"""Describe the gap between two people's answers to the same prompt.

    A gap is usual and no error of either; what may be worth a word is a change from
    this pair's own. The gap is judged by prediction limits from the pair's earlier
    gaps (``engine.usual``, .995 on each side). Moving together is counted on steps,
    since two series that merely both rise would look matched.

    Parameters
    ----------
    client, therapist : array_like, shape (n_sessions,)
        Answers in points of 0 to 100; ``nan`` where blank.

    Returns
    -------
    TwoViews
        Swapping the two seats turns the sign of every gap and swaps the counts.

    Raises
    ------
    ParameterError
        If the two have different lengths or a value is infinite.

    References
    ----------
    Atzil-Slonim, D., et al. (2015). Journal of Consulting and Clinical Psychology.
    https://doi.org/10.1037/ccp0000015 (a gap is usual; level and tracking differ).
    """
    c, t = np.asarray(client, dtype=float), np.asarray(therapist, dtype=float)
    if c.shape != t.shape or c.ndim != 1:
        raise ParameterError("client and therapist must have one axis of equal length.")
    if np.isinf(c).any() or np.isinf(t).any():
        raise ParameterError("values must be finite or nan, got an infinite one.")
    gap = t - c
    kept = gap[~np.isnan(gap)]
    higher_c, higher_t = int((kept < 0).sum()), int((kept > 0).sum())
    together, steps = _together(c, t)
    return TwoViews(
        gap=gap,
        n_both=int(kept.size),
        n_client_higher=higher_c,
        n_therapist_higher=higher_t,
        usual_gap=float(kept.mean()) if kept.size else float("nan"),
        interval=_interval(kept),
        uneven_by_chance=_uneven(higher_c, higher_t),
        departures=usual(
            gap,
            level=0.995,
            smallest_departure=2 * SMALLEST_DEPARTURE,
            follow_rise=False,
        ),
        n_together=together,
        n_steps=steps,
    )


def _interval(kept: NDArray[np.float64]) -> tuple[float, float]:
    if kept.size < 2:
        return (float("nan"), float("nan"))
    half = t_of(0.95, kept.size - 1) * kept.std(ddof=1) / np.sqrt(kept.size)
    return (float(kept.mean() - half), float(kept.mean() + half))


def _uneven(a: int, b: int) -> float:
    """Two-sided sign test: chance of a split at least as uneven, ties left out."""
    n = a + b
    if n == 0:
        return float("nan")
    return min(1.0, 2.0 * float(bdtr(min(a, b), n, 0.5)))


def _together(c: NDArray[np.float64], t: NDArray[np.float64]) -> tuple[int, int]:
    both = ~np.isnan(c) & ~np.isnan(t)
    moved = np.sign(np.diff(c[both])) * np.sign(np.diff(t[both]))
    return int((moved > 0).sum()), int((moved != 0).sum())
