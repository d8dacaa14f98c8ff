"""The likelihood of many pairs at once: compiled where numba is, else pair by pair."""

from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import (
    Floats,
    Nuisance,
    couplings,
    leading_shape,
    of_draws,
)
from duologue.engine.dyad.said import said
from duologue.errors import ParameterError


def log_likelihoods(
    ratings: ArrayLike,
    b: ArrayLike,
    nuisance: Nuisance,
    *,
    engine: Literal["compiled", "numpy"] | None = None,
) -> Floats:
    """Log density of every pair's ratings at each of its points.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        In points of the scale; ``nan`` where blank. Shorter courses end in empty
        sessions, which change nothing.
    b : array_like, shape (n_pairs or 1, n_points, 4)
        Couplings, each pair's own or the same for all; with a stack of draws, shape
        (n_pairs or 1, n_draws, n_points, 4).
    nuisance : Nuisance
        One draw, or a stack of n of them.
    engine : {"compiled", "numpy"}, optional
        Without it compiled where numba is installed. Both give the same to 1e-10.

    Returns
    -------
    ndarray, shape (n_pairs, n_points), or (n_pairs, n_draws, n_points)
        At couplings far from stable it may be ``-inf`` or ``nan``.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite, or ``engine`` is another.
    """
    draws = nuisance if leading_shape(nuisance) else of_draws(nuisance, np.newaxis)
    points = couplings(b)
    if not leading_shape(nuisance):
        points = points[..., np.newaxis, :, :]
    y = np.asarray(ratings, dtype=float)
    _check_shapes(y, points, draws)
    if engine not in {None, "compiled", "numpy"}:
        raise ParameterError(f"engine must be compiled or numpy, got {engine}.")
    if engine is None:
        engine = "compiled" if find_spec("numba") else "numpy"
    of_all = _one_by_one if engine == "numpy" else _compiled
    found = of_all(y, points, draws)
    return found if leading_shape(nuisance) else found[:, 0]


def _check_shapes(y: Floats, points: Floats, draws: Nuisance) -> None:
    if y.ndim != 4:
        raise ParameterError(
            f"ratings must have shape (n_pairs, n_sessions, 2, n_ratings), got {y.shape}."
        )
    n_draws = leading_shape(draws)
    if len(n_draws) != 1:
        raise ParameterError(f"nuisance must be one draw or a stack, got {n_draws}.")
    fits = points.ndim == 4 and points.shape[:2] in {
        (len(y), *n_draws),
        (1, *n_draws),
    }
    if not fits:
        raise ParameterError(
            f"b must have points for {len(y)} pairs, or 1, and {n_draws[0]} draws."
        )


def _one_by_one(y: Floats, points: Floats, draws: Nuisance) -> Floats:
    each_row = of_draws(draws, (slice(None), np.newaxis))
    own = np.broadcast_to(points, (len(y), *points.shape[1:]))
    found = [log_likelihood(y[i], own[i], each_row) for i in range(len(y))]
    return np.array(found).reshape(len(y), *points.shape[1:3])


def _compiled(y: Floats, points: Floats, draws: Nuisance) -> Floats:
    from duologue.engine.dyad import compiled

    return compiled.log_likelihoods(said(y[:, np.newaxis], draws), points, draws)
