"""What is told of one pair, and why the rest is not, out of what was inferred of it.

Intervals are those of a normal with the mean and variance of the mixture over points.
"""

from dataclasses import dataclass, replace

import numpy as np

from duologue.engine.dyad.balance import (
    Balance,
    Figures,
    balance_of,
    nothing_of_couplings,
)
from duologue.engine.dyad.couplings import (
    ENOUGH,
    Points,
    refused_for_want_of_any,
    thinned,
)
from duologue.engine.dyad.levels import Levels, Smoothed, levels_of, pooled, smoothed
from duologue.engine.dyad.likelihood import Filtered
from duologue.engine.dyad.model import (
    Bools,
    Floats,
    Ints,
    Nuisance,
    of_draws,
    stationary_covariance,
)
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reasons import Reason
from duologue.engine.dyad.repair import NEAR, chance_of_repair, foretold

MIN_ANSWERS = 5
"""Fewest sessions that a person answered from which their level is drawn as a line."""

LIKELY_DIP = 0.5
"""Least chance of a dip of which it is told whether it was mended."""

Z = 1.6448536269514722
"""Normal quantile of .95."""

_BY_SESSION = {
    "level", "level_ends", "foretold", "innovation", "innovation_sd", "p_low", "repair",
}  # fmt: skip
"""Parts whose first axis is the session or the step, and whose second is the seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairState:
    """What one pair's ratings tell.

    Seats are client (0) and therapist (1); ``ends`` are those of 90 % intervals, lower
    and upper on the last axis. Everything of a person who answered nothing is ``nan``,
    and so is ``p_both_low`` then.

    Attributes
    ----------
    answered : ndarray of bool, shape (n_sessions, 2)
        Whether there is any rating.
    n_answers : ndarray of int, shape (2,)
        How many sessions each answered.
    n_both : int
        How many sessions both answered.
    why_not : tuple of (Reason or None), one a seat
        Why a person's level is not told (``NO_ANSWER``) or not drawn as a line
        (``FEW_ANSWERS``).
    level, level_ends : ndarray, shape (n_sessions, 2), (n_sessions, 2, 2)
        Each person's level, given all sessions; sessions without ratings have one too.
    foretold : ndarray, shape (n_sessions, 2)
        What the sessions before each one foretold of it.
    set_point, set_point_ends : ndarray, shape (2,), (2, 2)
        Where the pair tends to.
    next_level, next_level_ends : ndarray, shape (2,), (2, 2)
        The session after the last.
    next_rating, next_rating_ends : ndarray, shape (2, n_ratings), (2, n_ratings, 2)
        Its ratings.
    innovation, innovation_sd : ndarray, shape (n_sessions - 1, 2)
        What each step brought that the level before had not foretold.
    p_low : ndarray, shape (n_sessions - 1, 2)
        Chance that a person was less open than foretold by one innovation standard
        deviation or more.
    p_both_low : ndarray, shape (n_sessions - 1,)
        Chance that both were.
    repair : ndarray, shape (n_sessions - 1, 2)
        Chance that a dip was mended within three sessions, those to come included;
        ``nan`` where a dip is less likely than not, or it was not asked for.
    balance : Balance
        Who influences whom.
    n_effective : ndarray, shape (n_draws,)
        How many points of equal weight each draw's are worth; none where the balance
        was not asked for.
    effective_rows : float
        How many rows of an assumption are left by the pair's own ratings; ``nan`` where
        the population was learned. With few of them levels are rough.
    """

    answered: Bools
    n_answers: Ints
    n_both: int
    why_not: tuple[Reason | None, Reason | None]
    level: Floats
    level_ends: Floats
    foretold: Floats
    set_point: Floats
    set_point_ends: Floats
    next_level: Floats
    next_level_ends: Floats
    next_rating: Floats
    next_rating_ends: Floats
    innovation: Floats
    innovation_sd: Floats
    p_low: Floats
    p_both_low: Floats
    repair: Floats
    balance: Balance
    n_effective: Floats
    effective_rows: float


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is inferred of one pair at a few points of equal weight.

    Attributes
    ----------
    b : ndarray, shape (n_draws, n_points, 4)
        The points.
    nuisance : Nuisance
        Of leading shape (n_draws, 1).
    kept : Filtered
        What the filter kept of the ratings, and of ``WITHIN`` empty sessions where
        repairs are asked for.
    back : Smoothed
        The same, gone back over.
    each : Levels
        The levels at each point, without those sessions.
    """

    b: Floats
    nuisance: Nuisance
    kept: Filtered
    back: Smoothed
    each: Levels


def inferred_from(
    kept: Filtered,
    b: Floats,
    nuisance: Nuisance,
    *,
    n_sessions: int,
    next_gap: float = 1.0,
) -> Inferred:
    """Infer levels from what the filter kept, of one pair or of several.

    Parameters
    ----------
    kept : Filtered
        As in ``Inferred``.
    b, nuisance
        What it was filtered with.
    n_sessions : int
        How many sessions there have been; those after them are empty.
    next_gap : float > 0
        From the last session to the next, in usual gaps.

    Returns
    -------
    Inferred
    """
    back = smoothed(kept)
    # Nothing is said in the empty sessions, so going back over them changes nothing.
    each = levels_of(
        _first_sessions(kept, n_sessions),
        b,
        nuisance,
        next_gap=next_gap,
        back=_first_of_smoothed(back, n_sessions),
    )
    return Inferred(b, nuisance, kept, back, each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a pair at no point in particular; of several, pairs in front.

    Attributes
    ----------
    levels : Levels
        Without leading axes.
    foretold : ndarray, shape (n_sessions, 2)
        What the sessions before each one foretold of it.
    repair : ndarray, shape (n_sessions - 1, 2)
        As in ``PairState``.
    """

    levels: Levels
    foretold: Floats
    repair: Floats


def told_of(inferred: Inferred, *, repairs: bool = True) -> Told:
    """Mix what is inferred at points of equal weight.

    Parameters
    ----------
    inferred : Inferred
        Of one pair.
    repairs : bool
        Whether to tell which dips were mended.

    Returns
    -------
    Told
    """
    levels = pooled(inferred.each, np.ones(inferred.b.shape[:-1]))
    before = foretold(inferred.kept).mean(axis=(0, 1))[: len(levels.mean)]
    repair = np.full(levels.p_low.shape, np.nan)
    if repairs:
        repair = _repairs(inferred, levels.p_low, before)
    return Told(levels=levels, foretold=before, repair=repair)


def state_of(
    y: Floats,
    told: Told,
    *,
    couplings: tuple[Points, Population] | None,
    enough: float = ENOUGH,
    figures: Figures | None = None,
    effective_rows: float = float("nan"),
) -> PairState:
    """Put together what is told of a pair; ``read_pair`` has made everything.

    Parameters
    ----------
    y : ndarray, shape (n_sessions, 2, n_ratings)
        Ratings.
    told : Told
        Levels and repairs.
    couplings : (Points, Population), optional
        The pair's couplings and the population that they were weighed with; ``None``
        where the balance is not asked for.
    enough : float
        Least number of effective points of each draw.
    figures : Figures, optional
        What the pair's couplings tell, where that is known.
    effective_rows : float
        As in ``PairState``.

    Returns
    -------
    PairState
    """
    answered = np.asarray(~np.isnan(y).all(axis=-1))
    n_answers, n_both = answered.sum(axis=0), int(answered.all(axis=-1).sum())
    balance, n_effective = nothing_of_couplings(Reason.NOT_ASKED), np.empty(0)
    if couplings is not None:
        n_effective = couplings[0].effective
        balance = pair_balance(answered, *couplings, enough=enough, figures=figures)
    parts = _parts(told.levels, told.foretold, told.repair)
    return PairState(
        **_blanked(parts, n_answers == 0),
        answered=answered,
        n_answers=n_answers,
        n_both=n_both,
        why_not=(_why_not(int(n_answers[0])), _why_not(int(n_answers[1]))),
        balance=balance,
        n_effective=n_effective,
        effective_rows=effective_rows,
    )


def pair_balance(
    answered: Bools,
    points: Points,
    population: Population,
    *,
    enough: float = ENOUGH,
    figures: Figures | None = None,
) -> Balance:
    """Tell who influences whom, and nothing where one of them answered nothing.

    Parameters
    ----------
    answered : ndarray of bool, shape (n_sessions, 2)
        Who answered when.
    points, population, enough, figures
        As for ``balance.balance_of``.

    Returns
    -------
    Balance
    """
    if not answered.any(axis=0).all():
        return nothing_of_couplings(Reason.NO_ANSWER)
    n_both = int(answered.all(axis=-1).sum())
    return balance_of(points, population, n_both=n_both, enough=enough, figures=figures)


def level_points(
    points: Points, population: Population, n_points: int
) -> tuple[Floats, Nuisance]:
    """Couplings at which levels are inferred, of every draw that has some.

    Parameters
    ----------
    points : Points
        The pair's couplings.
    population : Population
        The population.
    n_points : int
        How many of all draws together, at least; each draw has the same number.

    Returns
    -------
    b : ndarray, shape (n, n_points / n, 4)
        Of equal weight; n is the number of draws, less those without a stable point.
    nuisance : Nuisance
        Of leading shape (n, 1).

    Raises
    ------
    ParameterError
        If no draw has any.
    """
    there = np.flatnonzero(points.effective > 0)
    if not len(there):
        raise refused_for_want_of_any()
    some = Points(
        **{name: getattr(points, name)[there] for name in Points.__dataclass_fields__}
    )
    of_each = -(-n_points // len(there))
    return thinned(some, of_each), of_draws(population.nuisance, (there, np.newaxis))


def _first_sessions(kept: Filtered, n_sessions: int) -> Filtered:
    """Leave off the last sessions, in which nothing was said."""
    return replace(
        kept,
        so_far=kept.so_far[..., :n_sessions],
        mean=kept.mean[..., :n_sessions, :],
        slope=kept.slope[..., :n_sessions, :, :],
        cov=kept.cov[..., :n_sessions, :, :],
        mean_before=kept.mean_before[..., :n_sessions, :],
        slope_before=kept.slope_before[..., :n_sessions, :, :],
        cov_before=kept.cov_before[..., :n_sessions, :, :],
        u_mean=kept.u_mean[..., :n_sessions, :],
        u_cov=kept.u_cov[..., :n_sessions, :, :],
        B=kept.B[: n_sessions - 1],
        Q=kept.Q[: n_sessions - 1],
    )


def _first_of_smoothed(back: Smoothed, n_sessions: int) -> Smoothed:
    return Smoothed(
        mean=back.mean[..., :n_sessions, :],
        slope=back.slope[..., :n_sessions, :, :],
        cov=back.cov[..., :n_sessions, :, :],
        J=back.J[..., : n_sessions - 1, :, :],
    )


def _parts(told: Levels, before: Floats, repair: Floats) -> dict[str, Floats]:
    """Everything that has a seat, and the chance of both."""
    return {
        "level": told.mean,
        "level_ends": _ends(told.mean, _sd(told.cov)),
        "foretold": before,
        "innovation": told.innovation_mean,
        "innovation_sd": _sd(told.innovation_cov),
        "p_low": told.p_low,
        "repair": repair,
        "set_point": told.set_point_mean,
        "set_point_ends": _ends(told.set_point_mean, _sd(told.set_point_cov)),
        "next_level": told.next_mean,
        "next_level_ends": _ends(told.next_mean, _sd(told.next_cov)),
        "next_rating": told.next_rating_mean,
        "next_rating_ends": _ends(told.next_rating_mean, told.next_rating_sd),
        "p_both_low": told.p_both_low,
    }


def _blanked(parts: dict[str, Floats], silent: Bools) -> dict[str, Floats]:
    """Leave out whatever would be said of a person who said nothing."""
    if not silent.any():
        return parts
    blanked = {name: part.copy() for name, part in parts.items()}
    blanked["p_both_low"][:] = np.nan
    for name, part in blanked.items():
        if name in _BY_SESSION:
            part[:, silent] = np.nan
        elif name != "p_both_low":
            part[silent] = np.nan
    return blanked


def _ends(mean: Floats, sd: Floats) -> Floats:
    return np.stack([mean - Z * sd, mean + Z * sd], axis=-1)


def _sd(cov: Floats) -> Floats:
    return np.asarray(np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1)))


def _why_not(n_answers: int) -> Reason | None:
    if n_answers == 0:
        return Reason.NO_ANSWER
    return Reason.FEW_ANSWERS if n_answers < MIN_ANSWERS else None


def _stationary_sd(b: Floats, nuisance: Nuisance) -> Floats:
    V = stationary_covariance(b, nuisance.Q)
    variances = np.diagonal(V, axis1=-2, axis2=-1)
    return np.asarray(np.sqrt(variances).mean(axis=(0, 1)))


def _repairs(inferred: Inferred, p_low: Floats, before: Floats) -> Floats:
    found = np.full(p_low.shape, np.nan)
    likely = np.argwhere(p_low >= LIKELY_DIP)
    if not len(likely):
        return found
    sd = _stationary_sd(inferred.b, inferred.nuisance)
    for step, seat in likely:
        found[step, seat] = chance_of_repair(
            inferred.kept,
            inferred.back,
            inferred.nuisance,
            step=int(step),
            seat=int(seat),
            mark=float(before[step + 1, seat] - NEAR * sd[seat]),
        )
    return found
