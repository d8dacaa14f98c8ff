r"""Which answer comes next: chances, and how well they did.

A rating that is foretold as N(m, s^2) gives each answer the chance of the ratings that
it stands for, between the points midway to its neighbours; the outer answers take all
beyond. Only a continuous scale gives what lies beyond to no answer at all: that is what
it holds possible and what never comes.

Forecasts on different scales are compared by what they gave the answer that came:

.. math:: \text{log score} = \log P(\text{answer}), \qquad
          \text{CRPS} = step \sum_k [P(\text{answer} \le v_k) - (y \le v_k)]^2,

the first larger, the second smaller where a forecast is better. On a logit scale the
chance of an answer is its density, with the slope of the logit, times the step.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from duologue.engine.dyad.answers import (
    Kind,
    Scale,
    checked_answers,
    stretched,
)
from duologue.engine.dyad.couplings import (
    Laid,
    first_laid,
    refused_for_want_of_any,
    weighed,
)
from duologue.engine.dyad.gaps import STAND_IN, has_gaps
from duologue.engine.dyad.levels import ratings_of
from duologue.engine.dyad.likelihood import Filtered, checked_gaps, filtered
from duologue.engine.dyad.model import (
    Bools,
    Floats,
    Nuisance,
    is_stable,
    n_ratings,
    of_draws,
    turned,
)
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.repair import foretold
from duologue.engine.dyad.said import checked_ratings
from duologue.errors import ParameterError

N_POINTS = 32
"""Couplings of each draw from which the next answer is foretold."""

_LEAST_CHANCE = 1e-300
"""What an answer is given that was held impossible, so that a sum has a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How well the sessions before each one foretold its answers.

    Attributes
    ----------
    log_score, crps : ndarray, shape (n_sessions, 2, n_ratings)
        Of each answer, the latter in points of the scale; ``nan`` where blank.
    lower, upper : ndarray, shape (n_sessions, 2, n_ratings)
        Chance of a lower answer than the one that came, and of none higher: the ends of
        its probability integral transform. Where forecasts say what they mean, points
        drawn evenly between them are uniform over many answers.
    """

    log_score: Floats
    crps: Floats
    lower: Floats
    upper: Floats


def answer_values(on: Scale) -> Floats:
    """Give all answers of a scale, shape (n_answers,) or (2, n_ratings, n_answers)."""
    place = np.arange(on.n_answers)
    return np.asarray(on.low[..., None] + on.step[..., None] * place)


def answer_chances(mean: ArrayLike, sd: ArrayLike, on: Scale) -> Floats:
    """Chance of every answer where a rating is foretold as normal.

    Parameters
    ----------
    mean, sd : array_like, shape (..., 2, n_ratings)
        Of the rating; ``nan`` gives ``nan``.
    on : Scale
        The scale.

    Returns
    -------
    ndarray, shape (..., 2, n_ratings, n_answers)
        They sum to 1, except on a continuous scale: to less.
    """
    return np.asarray(np.diff(_below(mean, sd, _edges(on, 0)), axis=-1))


def expected_answer(mean: ArrayLike, sd: ArrayLike, on: Scale) -> Floats:
    """Mean of the answers that are foretold, shape (..., 2, n_ratings).

    Parameters
    ----------
    mean, sd, on
        As for ``answer_chances``.

    Returns
    -------
    ndarray
        On a continuous scale ``mean`` itself.
    """
    if on.kind is Kind.CONTINUOUS:
        return np.asarray(mean, dtype=float)
    chances = answer_chances(mean, sd, on)
    return np.asarray((chances * answer_values(on)).sum(axis=-1))


def answer_quantiles(
    mean: ArrayLike, sd: ArrayLike, on: Scale, shares: ArrayLike
) -> Floats:
    """Find the answers up to which at least these shares of what is foretold lie.

    Parameters
    ----------
    mean, sd, on
        As for ``answer_chances``.
    shares : array_like in (0, 1), shape (n_shares,)
        Which quantiles.

    Returns
    -------
    ndarray, shape (..., 2, n_ratings, n_shares)
        Answers of the scale; ``nan`` where nothing is foretold.

    Raises
    ------
    ParameterError
        If a share is not in (0, 1).
    """
    wanted = np.asarray(shares, dtype=float)
    if not ((wanted > 0) & (wanted < 1)).all():
        raise ParameterError("shares must lie in (0, 1), got one outside.")
    up_to = _below(mean, sd, _edges(on, 0))[..., 1:-1]
    place = (up_to[..., None] < wanted).sum(axis=-2)
    found = on.low[..., None] + on.step[..., None] * place
    return np.where(np.isnan(up_to[..., :1]), np.nan, found)


def one_step_ahead(
    ratings: ArrayLike,
    population: Population,
    *,
    scale: Scale,
    gaps: ArrayLike | None = None,
    n_points: int = N_POINTS,
) -> Scores:
    """Score how the sessions before each one foretold its answers, one by one.

    Parameters
    ----------
    ratings : array_like, shape (n_sessions, 2, n_ratings)
        Answers; ``nan`` where blank. The first session's are foretold by the population.
    population : Population
        On the scale's ratings, and learned without this pair.
    scale : Scale
        How answers come of ratings. On a continuous or bounded scale an answer counts
        as the nearest that there is.
    gaps : array_like > 0, shape (n_sessions - 1,), optional
        Length of each step in usual gaps.
    n_points : int, even, 16 or more
        Couplings for each draw, weighed by the sessions before.

    Returns
    -------
    Scores

    Raises
    ------
    ParameterError
        If a shape does not fit, an answer is not on the scale, a gap is not positive,
        or the population allows no couplings that have these gaps.
    """
    n = n_ratings(population.nuisance)
    y = checked_answers(checked_ratings(ratings, n), scale)
    laid, possible = _possible(first_laid(population, n_points), population, y, gaps)
    each_row = of_draws(population.nuisance, (slice(None), np.newaxis))
    kept = filtered(y, laid.b, each_row, gaps=gaps, scale=scale)
    mean, sd = _foretold(kept, each_row)
    found = np.full((4, *y.shape), np.nan)
    for session, told in enumerate(y):
        before = kept.so_far[..., session - 1] if session else np.zeros(possible.shape)
        log_density = np.where(possible, before, -np.inf)
        weights = weighed(laid, log_density, population).weights
        share = weights / weights.sum()
        at = mean[:, :, session], sd[:, :, session]
        found[:, session] = _scores(told, at, share, scale)
    return Scores(log_score=found[0], crps=found[1], lower=found[2], upper=found[3])


def _possible(
    laid: Laid, population: Population, y: Floats, gaps: ArrayLike | None
) -> tuple[Laid, Bools]:
    """Put others in the place of couplings that there cannot be, and tell which."""
    possible = is_stable(laid.b)
    if gaps is not None:
        Q = population.nuisance.Q[:, np.newaxis]
        possible &= has_gaps(laid.b, Q, checked_gaps(gaps, len(y) - 1))
    if not possible.any():
        raise refused_for_want_of_any()
    b = np.where(possible[..., None], laid.b, STAND_IN)
    return Laid(b=b, log_laid=laid.log_laid, round_=laid.round_), possible


def _foretold(kept: Filtered, nuisance: Nuisance) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each rating by what was before its session."""
    slope, later = kept.slope_before, kept.u_cov[..., :-1, :, :]
    each_session = of_draws(nuisance, (slice(None), slice(None), np.newaxis))
    first = np.broadcast_to(each_session.Sm, (*later.shape[:-3], 1, 2, 2))
    V = np.concatenate([first, later], axis=-3)
    cov = kept.cov_before + slope @ V @ turned(slope)
    return ratings_of(foretold(kept), cov, each_session)


def _scores(
    told: Floats, at: tuple[Floats, Floats], share: Floats, on: Scale
) -> Floats:
    """Score the answers of one session in four ways, foretold by a mixture of normals."""
    beyond = on.n_answers if on.kind is Kind.CONTINUOUS else 0
    every = _below(*at, _edges(on, beyond))
    below = np.tensordot(share, every, axes=2)
    blank = np.isnan(told)
    nearest = np.clip(np.round((told - on.low) / on.step), 0, on.n_answers - 1)
    place = np.where(blank, 0.0, nearest).astype(np.int64)[..., None] + beyond
    lower = np.take_along_axis(below, place, axis=-1)[..., 0]
    upper = np.take_along_axis(below, place + 1, axis=-1)[..., 0]
    log_score = np.log(np.maximum(upper - lower, _LEAST_CHANCE))
    came = np.arange(below.shape[-1] - 2) >= place
    crps = on.step * ((below[..., 1:-1] - came) ** 2).sum(axis=-1)
    scores = np.stack(np.broadcast_arrays(log_score, crps, lower, upper))
    return np.where(blank, np.nan, scores)


def _edges(on: Scale, beyond: int) -> Floats:
    """Points between all answers, shape (n, 1, 1) or (n, 2, n_ratings), and outer ones.

    A continuous scale may go on beyond its ends by some answers.
    """
    place = np.arange(-beyond, on.n_answers + beyond + 1) - 0.5
    low, step = (np.atleast_2d(part) for part in (on.low, on.step))
    edges = low + step * place[:, None, None]
    if on.kind is Kind.LOGIT:
        edges = stretched(edges, on)
    if on.kind is not Kind.CONTINUOUS:
        edges[0], edges[-1] = -np.inf, np.inf
    return np.asarray(edges)


def _below(mean: ArrayLike, sd: ArrayLike, edges: Floats) -> Floats:
    """Chances of ratings below each edge, on the last axis."""
    m, s = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    z = (edges - m[..., np.newaxis, :, :]) / s[..., np.newaxis, :, :]
    return np.moveaxis(ndtr(z), -3, -1)
