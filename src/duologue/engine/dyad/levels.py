"""Where the two are, where they tend to, and what no earlier session foretold."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from duologue.engine.dyad.gaps import over_gap
from duologue.engine.dyad.likelihood import Filtered, filtered
from duologue.engine.dyad.model import (
    Floats,
    Nuisance,
    determinant,
    matrix_of,
    times,
    turned,
)
from duologue.engine.dyad.normal import both_below
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What a pair's ratings tell, given couplings: means and covariances.

    The leading axes (...) are those of the couplings and draws together; ``pooled``
    does away with them. The last axis of two is the seat, client first.

    Attributes
    ----------
    set_point_mean, set_point_cov : ndarray, shape (..., 2), (..., 2, 2)
        Where the pair tends to, mu.
    mean, cov : ndarray, shape (..., n_sessions, 2), (..., n_sessions, 2, 2)
        The levels at each session, given all sessions.
    filtered_mean, filtered_cov : ndarray, same shapes
        The levels at each session, given that session and those before it.
    next_mean, next_cov : ndarray, shape (..., 2), (..., 2, 2)
        The levels at the session after the last.
    next_rating_mean, next_rating_sd : ndarray, shape (..., 2, n_ratings)
        Each rating of that session.
    innovation_mean : ndarray, shape (..., n_sessions - 1, 2)
        What each step brought beyond what the earlier level foretold.
    innovation_cov : ndarray, shape (..., n_sessions - 1, 2, 2)
    p_low : ndarray, shape (..., n_sessions - 1, 2)
        Chance that a person was less open than foretold by one innovation standard
        deviation or more.
    p_both_low : ndarray, shape (..., n_sessions - 1)
        Chance that both were.
    """

    set_point_mean: Floats
    set_point_cov: Floats
    mean: Floats
    cov: Floats
    filtered_mean: Floats
    filtered_cov: Floats
    next_mean: Floats
    next_cov: Floats
    next_rating_mean: Floats
    next_rating_sd: Floats
    innovation_mean: Floats
    innovation_cov: Floats
    p_low: Floats
    p_both_low: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """Levels given all sessions and the deviation u of the set-point.

    Attributes
    ----------
    mean, slope, cov : ndarray, shape (..., n_sessions, 2), (..., n_sessions, 2, 2)
        Given u the levels are N(mean + slope u, cov).
    J : ndarray, shape (..., n_sessions - 1, 2, 2)
        What carries a level back: given u, the covariance of the levels of sessions
        j and j + 1 is J_j times that of the later one.
    """

    mean: Floats
    slope: Floats
    cov: Floats
    J: Floats


def levels(
    ratings: ArrayLike,
    b: ArrayLike,
    nuisance: Nuisance,
    *,
    gaps: ArrayLike | None = None,
    next_gap: float = 1.0,
) -> Levels:
    """Infer both people's levels, their set-point and the next session, exactly.

    Parameters
    ----------
    ratings, b, nuisance, gaps
        As for ``likelihood.log_likelihood``.
    next_gap : float > 0
        From the last session to the next, in usual gaps.

    Returns
    -------
    Levels
        Sessions without ratings have levels too, only wider ones.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite, a gap is not positive, or
        couplings have no step of a given gap.

    References
    ----------
    Rauch, H. E., Tung, F., & Striebel, C. T. (1965). Maximum likelihood estimates of
    linear dynamic systems. AIAA Journal, 3(8), 1445-1450. https://doi.org/10.2514/3.3166
    """
    kept = filtered(ratings, b, nuisance, gaps=gaps)
    return levels_of(kept, b, nuisance, next_gap=next_gap)


def levels_of(
    kept: Filtered, b: ArrayLike, nuisance: Nuisance, *, next_gap: float = 1.0
) -> Levels:
    """Infer levels from what the filter kept; ``levels`` is this after ``filtered``.

    Parameters
    ----------
    kept : Filtered
        Of one pair, or of several along leading axes.
    b, nuisance
        What it was filtered with.
    next_gap : float > 0
        From the last session to the next, in usual gaps.

    Returns
    -------
    Levels

    Raises
    ------
    ParameterError
        If couplings have no step of the next gap.
    """
    u_mean, u_cov = kept.u_mean[..., -1, :], kept.u_cov[..., -1, :, :]
    set_point = nuisance.bm + u_mean
    back = smoothed(kept)
    each_u = u_mean[..., None, :], u_cov[..., None, :, :]
    mean, cov = _with_u(back.mean, back.slope, back.cov, *each_u)
    filtered_mean, filtered_cov = _with_u(
        kept.mean, kept.slope, kept.cov, kept.u_mean, kept.u_cov
    )
    next_mean, next_cov = _next_level(kept, b, nuisance, next_gap)
    next_rating_mean, next_rating_sd = ratings_of(next_mean, next_cov, nuisance)
    innovation_mean, innovation_cov = _innovations(kept, back, mean, set_point)
    p_low, p_both_low = _chances(kept, innovation_mean, innovation_cov)
    return Levels(
        set_point_mean=set_point,
        set_point_cov=u_cov,
        mean=mean,
        cov=cov,
        filtered_mean=filtered_mean,
        filtered_cov=filtered_cov,
        next_mean=next_mean,
        next_cov=next_cov,
        next_rating_mean=next_rating_mean,
        next_rating_sd=next_rating_sd,
        innovation_mean=innovation_mean,
        innovation_cov=innovation_cov,
        p_low=p_low,
        p_both_low=p_both_low,
    )


def pooled(each: Levels, weights: ArrayLike) -> Levels:
    """Mix the levels of many points into those of none in particular.

    Means are the weighted means; covariances (and the variances of ratings) are the
    mean within points plus what the means differ between them; chances are weighted
    means. The mixture itself need not be normal.

    Parameters
    ----------
    each : Levels
        Of several points.
    weights : array_like >= 0, of the shape of the leading axes
        They need not sum to 1; a point of weight 0 may hold anything.

    Returns
    -------
    Levels
        Without leading axes.

    Raises
    ------
    ParameterError
        If a weight is negative or not finite, none is positive, or the shape differs.
    """
    w = np.asarray(weights, dtype=float)
    leading = each.set_point_mean.shape[:-1]
    if w.shape != leading:
        raise ParameterError(f"weights must have shape {leading}, got {w.shape}.")
    if not np.isfinite(w).all() or (w < 0).any() or not (w > 0).any():
        raise ParameterError("weights must be 0 or more, and one of them positive.")
    share = w[w > 0] / w.sum()
    flat = {field.name: getattr(each, field.name)[w > 0] for field in fields(each)}
    mixed = {name: _mean(share, part) for name, part in flat.items()}
    for name in ("set_point", "", "filtered", "next", "innovation"):
        mean_name, cov_name = f"{name}_mean".strip("_"), f"{name}_cov".strip("_")
        away = flat[mean_name] - mixed[mean_name]
        between = away[..., :, None] * away[..., None, :]
        mixed[cov_name] = _mean(share, flat[cov_name] + between)
    away = flat["next_rating_mean"] - mixed["next_rating_mean"]
    variance = _mean(share, flat["next_rating_sd"] ** 2 + away**2)
    mixed["next_rating_sd"] = np.sqrt(variance)
    return Levels(**mixed)


def _mean(share: Floats, part: Floats) -> Floats:
    return np.asarray(np.tensordot(share, part, axes=(0, 0)))


def smoothed(kept: Filtered) -> Smoothed:
    """Go back from the last session: Rauch, Tung and Striebel, with the slopes.

    Parameters
    ----------
    kept : Filtered
        What the filter kept.

    Returns
    -------
    Smoothed
    """
    last = kept.mean.shape[-2] - 1
    mean, slope = [kept.mean[..., last, :]], [kept.slope[..., last, :, :]]
    cov, carried = [kept.cov[..., last, :, :]], []
    for j in range(last - 1, -1, -1):
        cov_before = kept.cov_before[..., j + 1, :, :]
        J = kept.cov[..., j, :, :] @ turned(kept.B[j]) @ _inverse(cov_before)
        away = mean[-1] - kept.mean_before[..., j + 1, :]
        mean.append(kept.mean[..., j, :] + times(J, away))
        steeper = slope[-1] - kept.slope_before[..., j + 1, :, :]
        slope.append(kept.slope[..., j, :, :] + J @ steeper)
        wider = J @ (cov[-1] - cov_before) @ turned(J)
        cov.append(kept.cov[..., j, :, :] + wider)
        carried.append(J)
    none = np.empty((*kept.cov.shape[:-3], 0, 2, 2))
    return Smoothed(
        mean=np.stack(mean[::-1], axis=-2),
        slope=np.stack(slope[::-1], axis=-3),
        cov=np.stack(cov[::-1], axis=-3),
        J=np.stack(carried[::-1], axis=-3) if carried else none,
    )


def _with_u(
    mean: Floats, slope: Floats, cov: Floats, u_mean: Floats, u_cov: Floats
) -> tuple[Floats, Floats]:
    """Levels with the set-point integrated: N(mean + slope u*, cov + slope V slope')."""
    return mean + times(slope, u_mean), cov + slope @ u_cov @ turned(slope)


def _next_level(
    kept: Filtered, b: ArrayLike, nuisance: Nuisance, gap: float
) -> tuple[Floats, Floats]:
    B, Q = over_gap(b, nuisance.Q, gap) if gap != 1 else (matrix_of(b), nuisance.Q)
    mean = nuisance.bm + times(B, kept.mean[..., -1, :] - nuisance.bm)
    slope = np.eye(2) + B @ (kept.slope[..., -1, :, :] - np.eye(2))
    cov = B @ kept.cov[..., -1, :, :] @ turned(B) + Q
    return _with_u(mean, slope, cov, kept.u_mean[..., -1, :], kept.u_cov[..., -1, :, :])


def ratings_of(mean: Floats, cov: Floats, nuisance: Nuisance) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every rating of a level.

    Parameters
    ----------
    mean, cov : ndarray, shape (..., 2), (..., 2, 2)
        Of both levels.
    nuisance : Nuisance
        Draws whose leading axes broadcast against (...).

    Returns
    -------
    mean, sd : ndarray, shape (..., 2, n_ratings)
    """
    variance = np.stack([cov[..., 0, 0], cov[..., 1, 1]], axis=-1)
    lam = nuisance.lam
    sd = np.sqrt(lam * lam * variance[..., None] + nuisance.R)
    return nuisance.nu + lam * mean[..., None], sd


def _innovations(
    kept: Filtered, smoothed: Smoothed, mean: Floats, set_point: Floats
) -> tuple[Floats, Floats]:
    """Mean and covariance of w_j = (x_j+1 - mu) - B (x_j - mu), given all ratings."""
    shape = smoothed.J.shape
    if not kept.B:
        return np.empty(shape[:-1]), np.empty(shape)
    B = np.stack(kept.B, axis=-3)
    away = mean - set_point[..., None, :]
    innovation = away[..., 1:, :] - times(B, away[..., :-1, :])
    cov, later = smoothed.cov[..., :-1, :, :], smoothed.cov[..., 1:, :, :]
    from_mu = smoothed.slope - np.eye(2)
    G = from_mu[..., 1:, :, :] - B @ from_mu[..., :-1, :, :]
    crossed = later @ turned(smoothed.J) @ turned(B)
    given_u = later + B @ cov @ turned(B) - crossed - turned(crossed)
    V = kept.u_cov[..., -1:, :, :]
    return innovation, given_u + G @ V @ turned(G)


def _chances(kept: Filtered, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """Chances that innovations lie below minus one of their standard deviations."""
    if not kept.Q:
        return np.empty(mean.shape), np.empty(mean.shape[:-1])
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    Q = np.stack(kept.Q, axis=-3)
    limit = -np.sqrt(np.diagonal(Q, axis1=-2, axis2=-1))
    z = (limit - mean) / np.sqrt(variance)
    rho = cov[..., 0, 1] / np.sqrt(variance[..., 0] * variance[..., 1])
    # Rounding may bring two that all but determine each other to 1 and beyond.
    rho = np.clip(rho, -1 + 1e-12, 1 - 1e-12)
    return ndtr(z), both_below(z[..., 0], z[..., 1], rho)


def _inverse(matrix: Floats) -> Floats:
    a, b = matrix[..., 0, 0], matrix[..., 0, 1]
    c, d = matrix[..., 1, 0], matrix[..., 1, 1]
    adjoint = np.stack([np.stack([d, -b], -1), np.stack([-c, a], -1)], -2)
    return np.asarray(adjoint / determinant(matrix)[..., None, None])
