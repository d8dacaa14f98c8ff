r"""One pair's couplings: points in proportion to how well they foretell its ratings.

For every draw of the population, points b are laid around its mean couplings and
weighted by likelihood times prior over the density they were laid with (importance
sampling). Twenty sessions say little more of couplings than the population does, so
most pairs need no more. Where few points carry all the weight, new ones are laid around
those few, up to three times.

The points are fixed (strides of irrational numbers round a circle, which fill space
evenly), so the same ratings give the same numbers always. For each point its mirror
image is laid too: exchanging the two people exchanges what is said of them, exactly.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainccinv, gammaln, ndtri

from duologue.engine.dyad.answers import Scale
from duologue.engine.dyad.lattice import evenly
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import Floats, Ints, is_stable, of_draws
from duologue.engine.dyad.population import Population, some_draws
from duologue.engine.dyad.said import LOG_2_PI
from duologue.errors import ParameterError

N_POINTS = 1024
"""Points laid for each draw."""

ENOUGH = 200.0
"""Effective points of each draw from which couplings may be reported."""

MOST_ROUNDS = 3
"""How often new points are laid where too few carry the weight."""

_TOGETHER = 8192  # points filtered in one go: they stay in the nearest memory
_WIDER = 1.25  # than the prior, so that its tails are met
_SHARE_OF_PRIOR = 0.1
_DEGREES = 7.0
_INFLATE, _LEAST_VARIANCE = 1.3, 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A pair's couplings as weighted points, every draw of the population by itself.

    Attributes
    ----------
    b : ndarray, shape (n_draws, n_points, 4)
        Couplings.
    log_likelihood : ndarray, shape (n_draws, n_points)
        How well they foretell the ratings; ``-inf`` where they are not stable.
    log_laid : ndarray, shape (n_draws, n_points)
        Log density with which they were laid.
    weights : ndarray, shape (n_draws, n_points)
        Share of each point in its draw: a row sums to 1, or to 0 where there is no
        stable point.
    effective : ndarray, shape (n_draws,)
        How many points of equal weight each draw's are worth, 1 / sum of squares.
    n_rounds : ndarray of int, shape (n_draws,)
        How often each draw's points were laid anew.
    """

    b: Floats
    log_likelihood: Floats
    log_laid: Floats
    weights: Floats
    effective: Floats
    n_rounds: Ints


def points_of(
    ratings: ArrayLike,
    population: Population,
    *,
    gaps: ArrayLike | None = None,
    scale: Scale | None = None,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
) -> Points:
    """Weigh points in the space of a pair's couplings.

    Parameters
    ----------
    ratings : array_like, shape (n_sessions, 2, n_ratings)
        In points of the scale; ``nan`` where blank, which is left out. Without any
        rating the points follow the prior.
    population : Population
        The population.
    gaps : array_like > 0, shape (n_sessions - 1,), optional
        Length of each step in usual gaps.
    scale : Scale, optional
        How answers come of ratings; without it they are the ratings.
    n_points : int, even, 16 or more
        Points for each draw.
    enough : float
        A draw whose points are worth fewer is laid anew.

    Returns
    -------
    Points

    Raises
    ------
    ParameterError
        If ``n_points`` is odd or below 16, a shape does not fit, a rating is infinite
        or not on the scale, or a gap not positive.
    """

    def likelihood(laid: Laid, some: Population) -> Floats:
        return _log_likelihood(laid, some, ratings, gaps, scale)

    laid = first_laid(population, n_points)
    found = weighed(laid, likelihood(laid, population), population)
    return improved(found, population, likelihood, enough=enough)


def improved(
    found: Points,
    population: Population,
    likelihood: Callable[["Laid", Population], Floats],
    *,
    enough: float = ENOUGH,
) -> Points:
    """Lay points anew, up to three times, where too few carry the weight.

    Parameters
    ----------
    found : Points
        As first laid.
    population, enough
        As for ``points_of``.
    likelihood : callable
        Log density of the pair's ratings at points laid for some draws.

    Returns
    -------
    Points
        New points wherever they are worth more than the old ones.
    """
    for round_ in range(1, MOST_ROUNDS + 1):
        poor = np.flatnonzero((found.effective < enough) & (found.effective > 0))
        if not len(poor):
            break
        some = some_draws(population, poor)
        laid = laid_anew(found.b[poor], found.weights[poor], some, round_)
        found = _better(found, weighed(laid, likelihood(laid, some), some), poor)
    return found


def check_n_points(n_points: int) -> None:
    """Refuse a number of points that cannot be halves, or too few of them.

    Raises
    ------
    ParameterError
        If it is not an even number of 16 or more.
    """
    if n_points < 16 or n_points % 2:
        raise ParameterError(
            f"n_points must be an even number of 16 or more, got {n_points}."
        )


def weights_at(points: Points, population: Population, spread: float) -> Floats:
    """Weigh the same points under another spread of couplings over pairs.

    Parameters
    ----------
    points : Points
        Of a pair.
    population : Population
        The population that they were weighed with.
    spread : float > 0
        Standard deviation of each coupling over pairs.

    Returns
    -------
    ndarray, shape (n_draws, n_points)
        As ``Points.weights``.
    """
    log_prior = _log_normal(points.b, population.mean_b, spread)
    return shares(points.log_likelihood + log_prior - points.log_laid)


def effective_number(weights: Floats) -> Floats:
    """How many points of equal weight these are worth, over the last axis."""
    squares = (weights * weights).sum(axis=-1)
    total = weights.sum(axis=-1)
    return np.asarray(total**2 / np.where(squares > 0, squares, 1.0))


def pooled_effective_number(effective: Floats) -> Floats:
    """How many points all draws together are worth, each draw with equal weight.

    Parameters
    ----------
    effective : ndarray, shape (..., n_draws)
        Of each draw.

    Returns
    -------
    ndarray, shape (...)
        0 where a draw has none.
    """
    n_draws = effective.shape[-1]
    least = effective.min(axis=-1)
    inverse = 1 / np.where(effective > 0, effective, 1.0)
    return np.where(least > 0, n_draws**2 / inverse.sum(axis=-1), 0.0)


def quantiles(
    values: Floats, weights: Floats, shares: ArrayLike, *, order: Ints | None = None
) -> Floats:
    """Quantiles of weighted points.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The points.
    weights : ndarray, shape (..., n)
        0 or more; several rows weigh the same points differently.
    shares : array_like in [0, 1], shape (n_shares,)
        Which quantiles.
    order : ndarray of int, shape (n,), optional
        What sorts the points, where it is known already.

    Returns
    -------
    ndarray, shape (..., n_shares)
        Between two points as a straight line through the middles of their weights;
        ``nan`` where no weight is positive.
    """
    order = np.argsort(values) if order is None else order
    ordered = values[order]
    rows = weights.reshape(-1, weights.shape[-1])[:, order]
    wanted = np.asarray(shares, dtype=float)
    found = np.full((len(rows), len(wanted)), np.nan)
    for row, each in zip(rows, found, strict=True):
        carried = row > 0
        if carried.any():
            middles = np.cumsum(row[carried]) - 0.5 * row[carried]
            each[:] = np.interp(wanted * row.sum(), middles, ordered[carried])
    return found.reshape(*weights.shape[:-1], len(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Points before they are weighed, and the log density they were laid with."""

    b: Floats
    log_laid: Floats
    round_: int


def refused_for_want_of_any() -> ParameterError:
    """Make the refusal of a population that has no couplings for what is asked."""
    return ParameterError(
        "population must allow couplings that are stable and have every gap, got none."
    )


def first_laid(population: Population, n_points: int) -> Laid:
    """Lay points around the mean couplings of each draw, a little wider than the prior.

    Raises
    ------
    ParameterError
        If ``n_points`` is odd or below 16.
    """
    check_n_points(n_points)
    z, _ = _normals(n_points, 0)
    wide = _WIDER * population.spread
    b = population.mean_b[:, None] + wide * z
    log_laid = -0.5 * (z * z).sum(axis=-1) - 4 * math.log(wide) - 2 * LOG_2_PI
    return Laid(b=b, log_laid=np.broadcast_to(log_laid, b.shape[:-1]), round_=0)


def laid_anew(b: Floats, weights: Floats, population: Population, round_: int) -> Laid:
    """Lay points around those that carry the weight: a tenth as the prior has them.

    The others follow a multivariate t with 7 degrees of freedom around the weighted
    mean, wider than the weighted covariance; all are weighed against the mixture.
    """
    n_points = b.shape[1]
    z, chi = _normals(n_points, round_)
    centre = (weights[..., None] * b).sum(axis=1)
    away = b - centre[:, None]
    cov = np.swapaxes(weights[..., None] * away, 1, 2) @ away
    values, vectors = np.linalg.eigh(_INFLATE * cov + _LEAST_VARIANCE * np.eye(4))
    # The symmetric root: unlike a triangle it has no first seat.
    root = (vectors * np.sqrt(values)[:, None]) @ np.swapaxes(vectors, 1, 2)
    of_t = centre[:, None] + (z / np.sqrt(chi / _DEGREES)[:, None]) @ root
    n_prior = round(_SHARE_OF_PRIOR * n_points / 2)
    of_prior = np.arange(n_points) % (n_points // 2) < n_prior
    prior = population.mean_b[:, None] + population.spread * z
    laid = np.where(of_prior[:, None], prior, of_t)
    share = 2 * n_prior / n_points
    inner = np.swapaxes(vectors, 1, 2) @ np.swapaxes(laid - centre[:, None], 1, 2)
    q = (inner * inner / values[..., None]).sum(axis=1)
    log_t = _log_t(q) - 0.5 * np.log(values).sum(axis=-1)[:, None]
    log_prior = _log_normal(laid, population.mean_b, population.spread)
    log_laid = np.logaddexp(math.log(share) + log_prior, math.log1p(-share) + log_t)
    return Laid(b=laid, log_laid=log_laid, round_=round_)


def _log_t(q: Floats) -> Floats:
    """Log density of the four-dimensional t, but for the determinant of its scale."""
    half = (_DEGREES + 4) / 2
    constant = gammaln(half) - gammaln(_DEGREES / 2) - 2 * math.log(_DEGREES * math.pi)
    return np.asarray(constant - half * np.log1p(q / _DEGREES))


def _log_normal(b: Floats, bB: Floats, spread: float) -> Floats:
    z = (b - bB[:, None]) / spread
    return np.asarray(-0.5 * (z * z).sum(axis=-1) - 4 * math.log(spread) - 2 * LOG_2_PI)


@lru_cache(maxsize=32)
def _normals(n_points: int, round_: int) -> tuple[Floats, Floats]:
    """Give fixed normals (n, 4) and chi-squares (n,): one half mirrors the other."""
    uniform = evenly(n_points // 2, 5, start=round_)
    z = ndtri(uniform[:, :4])
    chi = 2 * gammainccinv(_DEGREES / 2, uniform[:, 4])
    both = np.concatenate([z, z[:, ::-1]]), np.concatenate([chi, chi])
    for each in both:
        each.setflags(write=False)
    return both


def _log_likelihood(
    laid: Laid,
    population: Population,
    ratings: ArrayLike,
    gaps: ArrayLike | None,
    scale: Scale | None,
) -> Floats:
    """Log density at every point, a few draws at a time."""
    n_draws, n_points = laid.b.shape[:2]
    at_once = max(1, _TOGETHER // n_points)
    found = np.empty((n_draws, n_points))
    for first in range(0, n_draws, at_once):
        some = slice(first, first + at_once)
        each_row = of_draws(population.nuisance, (some, np.newaxis))
        found[some] = log_likelihood(
            ratings, laid.b[some], each_row, gaps=gaps, scale=scale
        )
    return found


def weighed(laid: Laid, log_likelihood: Floats, population: Population) -> Points:
    """Weigh what was laid, its likelihoods being known."""
    possible = is_stable(laid.b) & ~np.isnan(log_likelihood)
    log_likelihood = np.where(possible, log_likelihood, -np.inf)
    log_prior = _log_normal(laid.b, population.mean_b, population.spread)
    weights = shares(log_likelihood + log_prior - laid.log_laid)
    return Points(
        b=laid.b,
        log_likelihood=log_likelihood,
        log_laid=np.asarray(laid.log_laid),
        weights=weights,
        effective=effective_number(weights),
        n_rounds=np.full(len(laid.b), laid.round_),
    )


def shares(log_weights: Floats) -> Floats:
    """Weights of which only logs are known, summing to 1 over the last axis, or to 0."""
    highest = log_weights.max(axis=-1, keepdims=True)
    there = np.isfinite(highest)
    weights = np.exp(log_weights - np.where(there, highest, 0.0)) * there
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0))


def _better(old: Points, new: Points, index: Ints) -> Points:
    """Take the new points of some draws wherever they are worth more."""
    gains = new.effective > old.effective[index]
    where = index[gains]
    parts = {}
    for name in Points.__dataclass_fields__:
        parts[name] = getattr(old, name).copy()
        parts[name][where] = getattr(new, name)[gains]
    return Points(**parts)


def thinned(points: Points, n_points: int) -> Floats:
    """Take a few points of each draw that stand for all, with equal weight.

    Parameters
    ----------
    points : Points
        Every draw with some weight.
    n_points : int >= 1
        How many of each draw; a heavy one may be taken several times.

    Returns
    -------
    ndarray, shape (n_draws, n_points, 4)
        Taken at even steps of weight from the heaviest to the lightest, so that
        exchanging the two people takes the mirror images.
    """
    places = spaced(points.weights, n_points)
    return np.take_along_axis(points.b, places[..., None], axis=1)


def spaced(weights: Floats, n: int) -> Ints:
    """Take a few of many that stand for all, at even steps of their weight.

    Parameters
    ----------
    weights : ndarray >= 0, shape (..., n_many)
        One of each row positive.
    n : int >= 1
        How many to take of each row; a heavy one may be taken several times.

    Returns
    -------
    ndarray of int, shape (..., n)
        Places, from the heaviest to the lightest, whatever the order they stand in.
    """
    rows = weights.reshape(-1, weights.shape[-1])
    order = np.argsort(-rows, axis=-1)
    carried = np.cumsum(np.take_along_axis(rows, order, axis=-1), axis=-1)
    at = (np.arange(n) + 0.5) / n * carried[:, -1:]
    places = [each.searchsorted(own) for each, own in zip(carried, at, strict=True)]
    found = np.take_along_axis(order, np.stack(places), axis=-1)
    return np.asarray(found.reshape(*weights.shape[:-1], n))
