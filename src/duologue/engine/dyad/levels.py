"""Where the two are, where they tend to, and what no earlier session foretold."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from duologue.engine.dyad.components import (
    at_end,
    carried,
    course_at_end,
    course_in_front,
    flipped,
    in_front,
    inverse,
    product,
    unit_matrix,
)
from duologue.engine.dyad.gaps import over_gap
from duologue.engine.dyad.likelihood import Filtered, filtered
from duologue.engine.dyad.model import Bools, Floats, Nuisance, matrix_of
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
    kept: Filtered,
    b: ArrayLike,
    nuisance: Nuisance,
    *,
    next_gap: float = 1.0,
    back: Smoothed | None = None,
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
    back : Smoothed, optional
        What was kept, gone back over, where that is known.

    Returns
    -------
    Levels

    Raises
    ------
    ParameterError
        If couplings have no step of the next gap.
    """
    n_leading = kept.mean.ndim - 2
    back = smoothed(kept) if back is None else back
    u = course_in_front(kept.u_mean, 1), course_in_front(kept.u_cov, 2)
    last_u = u[0][:, -1:], u[1][:, :, -1:]
    set_point = in_front(nuisance.bm, 1, n_leading)[:, np.newaxis] + last_u[0]
    mean, cov = _with_u(*_course(back), *last_u)
    filtered_mean, filtered_cov = _with_u(*_course(kept), *u)
    next_mean, next_cov = _next_level(kept, b, nuisance, next_gap)
    next_rating_mean, next_rating_sd = ratings_of(next_mean, next_cov, nuisance)
    w, w_cov = _innovations(back, _each(kept.B, n_leading), mean - set_point, last_u[1])
    p_low, p_both_low = _chances(_each(kept.Q, n_leading), w, w_cov)
    return Levels(
        set_point_mean=at_end(set_point[:, 0], 1),
        set_point_cov=kept.u_cov[..., -1, :, :],
        mean=course_at_end(mean, 1),
        cov=course_at_end(cov, 2),
        filtered_mean=course_at_end(filtered_mean, 1),
        filtered_cov=course_at_end(filtered_cov, 2),
        next_mean=next_mean,
        next_cov=next_cov,
        next_rating_mean=next_rating_mean,
        next_rating_sd=next_rating_sd,
        innovation_mean=course_at_end(w, 1),
        innovation_cov=course_at_end(w_cov, 2),
        p_low=course_at_end(p_low, 1),
        p_both_low=course_at_end(p_both_low, 0),
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
    there = w.ravel() > 0
    share = w.ravel()[there] / w.sum()
    flat = {f.name: _flat(getattr(each, f.name), w.ndim, there) for f in fields(each)}
    mixed = {name: np.asarray(part @ share) for name, part in flat.items()}
    for name in ("set_point", "", "filtered", "next", "innovation"):
        mean_name, cov_name = f"{name}_mean".strip("_"), f"{name}_cov".strip("_")
        away = flat[mean_name] - mixed[mean_name][..., np.newaxis]
        mixed[cov_name] += (away * share) @ away.swapaxes(-1, -2)
    away = flat["next_rating_mean"] - mixed["next_rating_mean"][..., np.newaxis]
    variance = (flat["next_rating_sd"] ** 2 + away**2) @ share
    mixed["next_rating_sd"] = np.sqrt(variance)
    return Levels(**mixed)


def _flat(part: Floats, n_leading: int, there: Bools) -> Floats:
    """Points on one axis, the last, without those of no weight."""
    last = at_end(part, n_leading)
    flat = last.reshape(*last.shape[: last.ndim - n_leading], there.size)
    return flat if there.all() else flat[..., there]


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
    mean, slope, cov = _course(kept)
    cov_before = course_in_front(kept.cov_before, 2)
    B = _each(kept.B, kept.mean.ndim - 2)
    J = product(product(cov[:, :, :-1], flipped(B)), inverse(cov_before[:, :, 1:]))
    X, cov = np.concatenate([mean[:, np.newaxis], slope], axis=1), cov.copy()
    X_before = np.concatenate(
        [
            course_in_front(kept.mean_before, 1)[:, np.newaxis],
            course_in_front(kept.slope_before, 2),
        ],
        axis=1,
    )
    for j in range(J.shape[2] - 1, -1, -1):
        place, later, by = np.s_[:, :, j], np.s_[:, :, j + 1], J[:, :, j]
        X[place] += product(by, X[later] - X_before[later])
        cov[place] += carried(by, cov[later] - cov_before[later])
    return Smoothed(
        mean=course_at_end(X[:, 0], 1),
        slope=course_at_end(X[:, 1:], 2),
        cov=course_at_end(cov, 2),
        J=course_at_end(J, 2),
    )


def _course(of: Filtered | Smoothed) -> tuple[Floats, Floats, Floats]:
    """Mean, slope and covariance, their own axes in front, and then the sessions."""
    mean, slope = course_in_front(of.mean, 1), course_in_front(of.slope, 2)
    return mean, slope, course_in_front(of.cov, 2)


def _each(steps: tuple[Floats, ...], n_leading: int) -> Floats:
    """Matrices of every step, shape (2, 2, n_steps, ...), or 1 where all are alike."""
    if not steps:
        return np.empty((2, 2, 0, *(1,) * n_leading))
    alike = all(step is steps[0] for step in steps)
    each = [in_front(step, 2, n_leading) for step in (steps[:1] if alike else steps)]
    return np.stack(each, axis=2)


def _with_u(
    mean: Floats, slope: Floats, cov: Floats, u_mean: Floats, u_cov: Floats
) -> tuple[Floats, Floats]:
    """Levels with the set-point integrated: N(mean + slope u*, cov + slope V slope')."""
    return mean + product(slope, u_mean), cov + carried(slope, u_cov)


def _next_level(
    kept: Filtered, b: ArrayLike, nuisance: Nuisance, gap: float
) -> tuple[Floats, Floats]:
    records = over_gap(b, nuisance.Q, gap) if gap != 1 else (matrix_of(b), nuisance.Q)
    n_leading = kept.mean.ndim - 2
    B, Q = (in_front(part, 2, n_leading) for part in records)
    bm, unit = in_front(nuisance.bm, 1, n_leading), unit_matrix(n_leading)
    mean, slope, cov = _course(kept)
    u_mean = course_in_front(kept.u_mean, 1)[:, -1]
    u_cov = course_in_front(kept.u_cov, 2)[:, :, -1]
    mean, cov = _with_u(
        bm + product(B, mean[:, -1] - bm),
        unit + product(B, slope[:, :, -1] - unit),
        carried(B, cov[:, :, -1]) + Q,
        u_mean,
        u_cov,
    )
    return at_end(mean, 1), at_end(cov, 2)


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
    back: Smoothed, B: Floats, away: Floats, V: Floats
) -> tuple[Floats, Floats]:
    """Mean and covariance of w_j = (x_j+1 - mu) - B (x_j - mu), given all ratings."""
    _, slope, cov = _course(back)
    from_mu = slope - unit_matrix(away.ndim - 1)
    G = from_mu[:, :, 1:] - product(B, from_mu[:, :, :-1])
    later = cov[:, :, 1:]
    crossed = product(B, product(course_in_front(back.J, 2), later))
    given_u = later + carried(B, cov[:, :, :-1]) - crossed - flipped(crossed)
    return away[:, 1:] - product(B, away[:, :-1]), given_u + carried(G, V)


def _chances(Q: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """Chances that innovations lie below minus one of their standard deviations."""
    sd = np.sqrt(np.stack([cov[0, 0], cov[1, 1]]))
    limit = -np.sqrt(np.stack([Q[0, 0], Q[1, 1]]))
    z = (limit - mean) / sd
    # Rounding may bring two that all but determine each other to 1 and beyond.
    rho = np.clip(cov[0, 1] / (sd[0] * sd[1]), -1 + 1e-12, 1 - 1e-12)
    return ndtr(z), both_below(z[0], z[1], rho)
