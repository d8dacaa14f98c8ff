"""What may be assumed of pairs beforehand: values made of independent standard normals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from duologue.engine.dyad.model import Floats, Nuisance
from duologue.engine.dyad.population import Population, assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A distribution of what pairs have in common, which no pair was learned from.

    Attributes
    ----------
    values : callable
        Mean couplings (n, 4), and a stack of n draws of everything else, of n rows of
        independent standard normals (n, n_values).
    n_values : int
        How many normals make a draw.
    exchanged : tuple of int
        Where each normal goes if the two people change seats.
    spread : float
        Standard deviation of each coupling over pairs.
    version : str
        Another one wherever another value is assumed.
    """

    values: Callable[[Floats], tuple[Floats, Nuisance]]
    n_values: int
    exchanged: tuple[int, ...]
    spread: float
    version: str

    @property
    def n_ratings(self) -> int:
        """How many ratings of each person tell of one level."""
        _, nuisance = self.values(np.zeros((1, self.n_values)))
        return int(nuisance.R.shape[-1])

    def draws(self, z: Floats) -> Population:
        """Take draws as a population that is read against, all counting alike.

        Parameters
        ----------
        z : ndarray, shape (n_draws, n_values)
            Standard normals.
        """
        mean_b, nuisance = self.values(z)
        return assumed(mean_b, nuisance, spread=self.spread)
