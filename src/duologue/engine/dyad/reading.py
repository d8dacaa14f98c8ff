"""Reading one pair against a population, or against what is assumed of all pairs."""

from dataclasses import replace
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import Kind, Scale
from duologue.engine.dyad.assumption import Assumption
from duologue.engine.dyad.balance import Balance
from duologue.engine.dyad.couplings import ENOUGH, N_POINTS, Points, points_of
from duologue.engine.dyad.forecasts import answer_quantiles, expected_answer
from duologue.engine.dyad.likelihood import checked_gaps, filtered
from duologue.engine.dyad.model import Floats, Nuisance
from duologue.engine.dyad.own import own_draws, own_points, own_rows
from duologue.engine.dyad.pair_state import (
    PairState,
    Z,
    inferred_from,
    level_points,
    pair_balance,
    state_of,
    told_of,
)
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.repair import WITHIN
from duologue.errors import ParameterError

N_OF_LEVELS = 16
"""Points laid for each draw where levels are all that is asked for."""

N_LEVEL_POINTS = 160
"""Points at which levels are inferred, of all draws together; each changes them little."""


class _How(TypedDict):
    """How ratings are met: how far apart, and on which scale."""

    gaps: Floats | None
    scale: Scale | None


def read_pair(
    ratings: ArrayLike,
    population: Population | Assumption,
    *,
    gaps: ArrayLike | None = None,
    next_gap: float = 1.0,
    as_of: int | None = None,
    scale: Scale | None = None,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
    whole: bool = True,
) -> PairState:
    """Read one pair against a population.

    Parameters
    ----------
    ratings : array_like, shape (n_sessions, 2, n_ratings)
        In points of the population, which are 0 to 10 for what the program assumes;
        client first; ``nan`` where blank, which is left out.
    population : Population or Assumption
        What many pairs have in common; or what is assumed of it, of which what the
        pair's own ratings speak for holds (``own``).
    gaps : array_like > 0, shape (n_sessions - 1,), optional
        Length of each step in usual gaps; without it every step is one.
    next_gap : float > 0
        From the last session to the next, in usual gaps.
    as_of : int in [1, n_sessions], optional
        Read the first so many sessions only, as if the others had not been yet.
    scale : Scale, optional
        How answers come of ratings; without it they are the ratings. Levels and
        set-points stay in points of ratings, which may lie beyond the scale, and on a
        logit scale are stretched (``answers.shrunk`` takes them back); the next
        session's ratings are told as answers: what is expected, and between which
        answers nine in ten lie.
    n_points : int, even, 16 or more
        Points laid for each draw.
    enough : float
        Effective points of each draw from which couplings may be reported; draws with
        fewer are laid anew.
    whole : bool
        Whether to tell who influences whom and which dips were mended, which takes most
        of the time. Without them what is told of levels is the same against an
        assumption, and as good as the same against a population.

    Returns
    -------
    PairState
        The same ratings give the same bytes; the two people exchanged, everything is.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite or not on the scale, a gap is not
        positive, ``as_of`` is out of range, or the population allows no couplings that
        have these gaps.
    """
    y, steps = _until(ratings, population, gaps, as_of)
    longer = np.concatenate([y, np.full((WITHIN, *y.shape[1:]), np.nan)])
    longer_steps = np.concatenate([steps, [next_gap], np.ones(WITHIN - 1)])
    usual = gaps is None and next_gap == 1
    there = y if usual else longer
    how = _How(gaps=None if usual else longer_steps, scale=scale)
    laid = _Laid(n_points=n_points, enough=enough)
    weighed = _weighed(there, population, how, laid, whole=whole)
    b, nuisance = weighed.few
    course = longer if whole else y
    at = None if usual else longer_steps[: len(course) - 1]
    kept = filtered(course, b, nuisance, gaps=at, scale=scale)
    inferred = inferred_from(kept, b, nuisance, n_sessions=len(y), next_gap=next_gap)
    state = state_of(
        y,
        told_of(inferred, repairs=whole),
        couplings=weighed.couplings,
        enough=enough,
        effective_rows=weighed.effective_rows,
    )
    return state if scale is None else _as_answers(state, scale)


def read_balance(
    ratings: ArrayLike,
    population: Population | Assumption,
    *,
    scale: Scale | None = None,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
) -> Balance:
    """Tell who influences whom in one pair, and nothing else.

    Parameters
    ----------
    ratings, population, scale, n_points, enough
        As for ``read_pair``; every step is of the usual length.

    Returns
    -------
    Balance
        That of ``read_pair``, in three quarters of its time.

    Raises
    ------
    ParameterError
        As for ``read_pair``.
    """
    y, _ = _until(ratings, population, None, None)
    how = _How(gaps=None, scale=scale)
    if isinstance(population, Assumption):
        population = own_draws(population, own_rows(y, population, **how))
    points = points_of(y, population, **how, n_points=n_points, enough=enough)
    answered = np.asarray(~np.isnan(y).all(axis=-1))
    return pair_balance(answered, points, population, enough=enough)


class _Laid(TypedDict):
    """How many points for couplings, and what each draw's must be worth."""

    n_points: int
    enough: float


class _Weighed(NamedTuple):
    """What a pair's ratings leave of a population."""

    few: tuple[Floats, Nuisance]
    couplings: tuple[Points, Population] | None = None
    effective_rows: float = float("nan")


def _weighed(
    ratings: Floats,
    population: Population | Assumption,
    how: _How,
    laid: _Laid,
    *,
    whole: bool,
) -> _Weighed:
    """Weigh a few points for levels and, for the whole, many for couplings."""
    if isinstance(population, Assumption):
        rows = own_rows(ratings, population, **how)
        few = own_points(population, rows, N_LEVEL_POINTS)
        if not whole:
            return _Weighed(few, effective_rows=rows.effective)
        own = own_draws(population, rows)
        points = points_of(ratings, own, **how, **laid)
        return _Weighed(few, (points, own), rows.effective)
    if not whole:
        laid = _Laid(n_points=N_OF_LEVELS, enough=0.0)
    points = points_of(ratings, population, **how, **laid)
    few = level_points(points, population, N_LEVEL_POINTS)
    return _Weighed(few, (points, population) if whole else None)


def _as_answers(state: PairState, scale: Scale) -> PairState:
    """Tell the next session's ratings as answers; blanks stay blank."""
    if scale.kind is Kind.CONTINUOUS:
        return state
    mean = state.next_rating
    sd = (state.next_rating_ends[..., 1] - mean) / Z
    return replace(
        state,
        next_rating=expected_answer(mean, sd, scale),
        next_rating_ends=answer_quantiles(mean, sd, scale, (0.05, 0.95)),
    )


def _until(
    ratings: ArrayLike,
    population: Population | Assumption,
    gaps: ArrayLike | None,
    as_of: int | None,
) -> tuple[Floats, Floats]:
    """Ratings and gaps of the sessions that are read."""
    y, n = np.asarray(ratings, dtype=float), population.n_ratings
    if y.ndim != 3 or y.shape[1:] != (2, n) or len(y) == 0:
        raise ParameterError(
            f"ratings must have shape (n_sessions, 2, {n}), got {y.shape}."
        )
    n_steps = len(y) - 1
    steps = np.ones(n_steps) if gaps is None else checked_gaps(gaps, n_steps)
    if as_of is None:
        return y, steps
    if not 1 <= as_of <= len(y):
        raise ParameterError(f"as_of must lie in [1, {len(y)}], got {as_of}.")
    return y[:as_of], steps[: as_of - 1]
