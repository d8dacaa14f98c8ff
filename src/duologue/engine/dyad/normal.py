"""The chance that two correlated normal variables both lie below their limits."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, owens_t

from duologue.engine.dyad.model import Floats
from duologue.errors import ParameterError


def both_below(h: ArrayLike, k: ArrayLike, rho: ArrayLike) -> Floats:
    r"""Bivariate standard normal distribution function, by Owen's T.

    .. math:: \Phi_2(h, k; \rho) = \tfrac12 [\Phi(h) + \Phi(k)] - T(h, a_h)
              - T(k, a_k) - \epsilon, \quad a_h = (k - \rho h) / (h \sqrt{1-\rho^2}),

    with a_k alike, and :math:`\epsilon` 1/2 where h and k have opposite signs (0
    counting as positive), else 0.

    Parameters
    ----------
    h, k : array_like
        Upper limits; ``nan`` gives ``nan``.
    rho : array_like in (-1, 1)
        Correlation.

    Returns
    -------
    ndarray, of the shape to which the three broadcast
        Good to about 1e-14, absolutely.

    Raises
    ------
    ParameterError
        If a correlation is -1, 1 or beyond.

    References
    ----------
    Owen, D. B. (1956). Tables for computing bivariate normal probabilities. Annals of
    Mathematical Statistics, 27(4), 1075-1090. https://doi.org/10.1214/aoms/1177728074
    """
    # Adding 0 turns -0 into 0, whose quotients have the sign that the formula means.
    h, k = np.asarray(h, dtype=float) + 0.0, np.asarray(k, dtype=float) + 0.0
    rho = np.asarray(rho, dtype=float)
    if (np.abs(rho) >= 1).any():
        raise ParameterError("rho must lie between -1 and 1, got one outside.")
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        of_h = owens_t(h, (k - rho * h) / (h * root))
        of_k = owens_t(k, (h - rho * k) / (k * root))
    opposite = (h < 0) != (k < 0)
    chance = 0.5 * (ndtr(h) + ndtr(k) - opposite) - of_h - of_k
    at_the_middle = 0.25 + np.arcsin(rho) / (2 * np.pi)
    chance = np.where((h == 0) & (k == 0), at_the_middle, chance)
    return np.asarray(np.clip(chance, 0.0, 1.0))
