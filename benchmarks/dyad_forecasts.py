"""The next session foretold: by the dyad model, and by three plainer ways.

Every way gives a normal distribution for every rating of the session after the last.
The plainer ways are written out here, so that nothing else needs to be installed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Means and standard deviations, shape (n_pairs, 2, n_ratings); ``nan``: none."""

    mean: Array
    sd: Array


def errors(forecast: Forecast, truth: Array, where: NDArray[np.bool_]) -> list[float]:
    """Sum over ratings: squared error, CRPS, negative log score, held in 90 %.

    CRPS of a normal as in Gneiting and Raftery 2007 (10.1198/016214506000001437).
    """
    away = (truth - forecast.mean)[where]
    sd = np.broadcast_to(forecast.sd, truth.shape)[where]
    z = away / sd
    density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    crps = sd * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    log_score = 0.5 * z * z + np.log(sd) + 0.5 * np.log(2 * np.pi)
    held = np.abs(z) <= 1.6448536269514722
    sums = (away * away, crps, log_score, held)
    return [float(part.sum()) for part in sums]


def last_value(ratings: Array) -> Forecast:
    """Say again what was last said; spread as that erred within the courses."""
    carried = carried_forward(ratings)
    return Forecast(
        mean=carried[:, -1], sd=erred(ratings[:, 1:] - carried[:, :-1], ratings)
    )


def own_mean(ratings: Array) -> Forecast:
    """Take the mean of all that was said; spread as the mean so far erred."""
    n = np.cumsum(~np.isnan(ratings), axis=1)
    total = np.cumsum(np.nan_to_num(ratings), axis=1)
    so_far = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    return Forecast(
        mean=so_far[:, -1], sd=erred(ratings[:, 1:] - so_far[:, :-1], ratings)
    )


def mixed_model(ratings: Array) -> Forecast:
    """Fit a lagged regression of each rating with a random intercept of each pair.

    Both people's last rating foretell the next one (maximum likelihood; sessions
    without both lags or without the rating are left out, as lme4 does). To foretell,
    what was last said stands in for a lag that is blank.
    """
    carried = carried_forward(ratings)
    mean, sd = np.full(carried[:, -1].shape, np.nan), np.empty(ratings.shape[2:])
    for seat, k in np.ndindex(sd.shape):
        own, other = ratings[:, :-1, seat, k], ratings[:, :-1, 1 - seat, k]
        X = np.stack([np.ones_like(own), own, other], axis=-1)
        y = ratings[:, 1:, seat, k]
        fixed, intercept, spread = random_intercepts(y, X)
        last = carried[:, -1, [seat, 1 - seat], k]
        mean[:, seat, k] = fixed[0] + last @ fixed[1:] + intercept
        sd[seat, k] = spread
    return Forecast(mean=mean, sd=sd)


def random_intercepts(y: Array, X: Array) -> tuple[Array, Array, float]:
    """Fit y = X b + u_pair + e by maximum likelihood.

    Parameters
    ----------
    y : ndarray, shape (n_pairs, n)
        Outcome; rows with any blank are left out.
    X : ndarray, shape (n_pairs, n, p)
        What foretells it.

    Returns
    -------
    fixed : ndarray, shape (p,)
    intercept : ndarray, shape (n_pairs,)
        The pairs' own, shrunk.
    spread : float
        Standard deviation of a new outcome around what is foretold, fixed effects and
        variances taken to be known, in a pair of mean length.
    """
    there = ~(np.isnan(y) | np.isnan(X).any(axis=-1))
    y, X = np.where(there, y, 0.0), np.where(there[..., None], X, 0.0)
    n, sums_X, sums_y = there.sum(axis=1), X.sum(axis=1), y.sum(axis=1)
    XX, Xy = np.einsum("ijp,ijq->pq", X, X), np.einsum("ijp,ij->p", X, y)

    def at(log_ratio: float) -> tuple[float, Array, float, Array]:
        ratio = np.exp(log_ratio)
        share = ratio / (1 + ratio * n)
        precision = XX - np.einsum("i,ip,iq->pq", share, sums_X, sums_X)
        fixed = np.linalg.solve(precision, Xy - sums_X.T @ (share * sums_y))
        rest = (y - X @ fixed) * there
        squares = (rest**2).sum() - (share * rest.sum(axis=1) ** 2).sum()
        variance = squares / n.sum()
        minus_log = n.sum() * np.log(variance) + np.log1p(ratio * n).sum()
        return float(minus_log), fixed, float(variance), share * rest.sum(axis=1)

    best = minimize_scalar(lambda x: at(x)[0], bounds=(-12, 4), method="bounded")
    _, fixed, variance, intercept = at(best.x)
    ratio = np.exp(best.x)
    spread = np.sqrt(variance * (1 + ratio / (1 + ratio * n.mean())))
    return fixed, intercept, float(spread)


def carried_forward(ratings: Array) -> Array:
    """Fill each blank with what was said last; blank where nothing was."""
    carried = ratings.copy()
    for session in range(1, ratings.shape[1]):
        blank = np.isnan(carried[:, session])
        carried[:, session][blank] = carried[:, session - 1][blank]
    return carried


def erred(away: Array, ratings: Array) -> Array:
    """Root mean square of errors within the courses, of each seat and rating."""
    assert away.shape[1] == ratings.shape[1] - 1
    return np.asarray(np.sqrt(np.nanmean(away**2, axis=(0, 1))))
