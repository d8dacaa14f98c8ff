"""What one pair is read against: some draws of the population it comes from.

One best guess of the population would make every pair look better known than it is. So
a pair meets twenty or so draws of it, each with equal weight.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.model import (
    Floats,
    Nuisance,
    couplings,
    leading_shape,
    mirrored,
    mirrored_couplings,
)
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Equally likely values of all that pairs have in common.

    Attributes
    ----------
    mean_b : ndarray, shape (n_draws, 4)
        Mean of the couplings over pairs, bB, in each draw.
    nuisance : Nuisance
        Everything else, with leading shape (n_draws,).
    spread : float > 0
        Standard deviation of each coupling over pairs: fixed, not learned.
    sound : bool
        Whether the population is known well enough that couplings may be told from it.
    """

    mean_b: Floats
    nuisance: Nuisance
    spread: float
    sound: bool = True


def checked_draws(
    mean_b: ArrayLike, nuisance: Nuisance, *, spread: float, sound: bool = True
) -> Draws:
    """Make ``Draws``, and refuse what could not be some.

    Parameters
    ----------
    mean_b : array_like, shape (n_draws, 4) or (4,)
        Mean couplings; with one draw its axis may be left out, here and in ``nuisance``.
    nuisance : Nuisance
        Of leading shape (n_draws,) or ().
    spread : float > 0
        Standard deviation of each coupling over pairs.
    sound : bool
        Whether couplings may be told.

    Returns
    -------
    Draws

    Raises
    ------
    ParameterError
        If shapes do not fit, or the spread is not a positive number.
    """
    means = couplings(mean_b)
    if not (math.isfinite(spread) and spread > 0):
        raise ParameterError(f"spread must be a positive number, got {spread}.")
    if means.ndim == 1 and leading_shape(nuisance) == ():
        fields = Nuisance.__dataclass_fields__
        parts = {name: getattr(nuisance, name)[np.newaxis] for name in fields}
        means, nuisance = means[np.newaxis], Nuisance(**parts)
    if means.ndim != 2 or len(means) == 0 or leading_shape(nuisance) != (len(means),):
        raise ParameterError(
            f"mean_b must have shape (n_draws, 4) with the draws of nuisance, "
            f"{leading_shape(nuisance)}, got {means.shape}."
        )
    return Draws(mean_b=means, nuisance=nuisance, spread=float(spread), sound=sound)


def mirrored_draws(draws: Draws) -> Draws:
    """Exchange the two seats."""
    return Draws(
        mean_b=mirrored_couplings(draws.mean_b),
        nuisance=mirrored(draws.nuisance),
        spread=draws.spread,
        sound=draws.sound,
    )
