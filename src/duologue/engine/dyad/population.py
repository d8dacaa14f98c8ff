"""What many pairs have in common: the population, learned or assumed, as it is kept.

Draws of it are kept and carried into every pair, since a single best one would make
intervals too narrow: twenty of those that were learned.
"""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.model import (
    Floats,
    Ints,
    Nuisance,
    checked,
    couplings,
    of_draws,
)
from duologue.engine.dyad.packing import COUPLINGS
from duologue.engine.dyad.states import Prior
from duologue.errors import ParameterError

FORMAT = 1
"""Version of the form that ``to_dict`` writes."""

MAX_R_HAT = 1.01
MIN_EFFECTIVE = 100.0
"""What the chains must reach for each mean coupling before any coupling is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """How well the chains told it.

    Attributes
    ----------
    r_hat, effective : dict of str to float
        By name of the parameter (``bB_cc``, ``Q_ct``, ``lam_t2``, ...).
    accepted : tuple of float
        Share of sweeps in which mean couplings moved together with all pairs, and by
        themselves.
    vanishing : tuple of str
        Variances that fell to the least that is allowed, a hundred-millionth of that of
        the ratings: then the answers are not of the kind that the model describes.
    seed, n_chains, n_sweeps, n_burn : int
        What to call ``fit`` with to get the same again.
    """

    r_hat: dict[str, float]
    effective: dict[str, float]
    accepted: tuple[float, float]
    vanishing: tuple[str, ...]
    seed: int
    n_chains: int
    n_sweeps: int
    n_burn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Equally spaced draws of what pairs have in common.

    Attributes
    ----------
    made : str
        ``"fitted"`` to the ratings of many pairs, or ``"assumed"``.
    mean_b : ndarray, shape (n_draws, 4)
        Mean couplings, bB.
    nuisance : Nuisance
        Everything else, the draws on the leading axis of each array.
    spread : float
        Standard deviation of each coupling over pairs; held, never learned.
    prior : Prior or None
        What was held before; ``None`` where the values are assumed.
    n_pairs, n_sessions : int
        What it was learned from; 0 where the values are assumed.
    diagnostics : Diagnostics or None
        ``None`` where the values are assumed.
    """

    made: str
    mean_b: Floats
    nuisance: Nuisance
    spread: float
    prior: Prior | None
    n_pairs: int
    n_sessions: int
    diagnostics: Diagnostics | None

    @property
    def n_ratings(self) -> int:
        """How many ratings of each person tell of one level."""
        return int(self.nuisance.R.shape[-1])

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why no coupling may be told from it; empty where one may.

        ``r_hat``: the chains do not agree on a mean coupling; ``few_draws``: they are
        worth too few draws of one; ``vanishing``: a variance has vanished.
        """
        told = self.diagnostics
        if told is None:
            return ()
        failed = {
            "r_hat": any(not told.r_hat[name] <= MAX_R_HAT for name in COUPLINGS),
            "few_draws": any(
                not told.effective[name] >= MIN_EFFECTIVE for name in COUPLINGS
            ),
            "vanishing": bool(told.vanishing),
        }
        return tuple(reason for reason, there in failed.items() if there)

    @property
    def sound(self) -> bool:
        """Whether couplings may be told from it."""
        return not self.reasons

    @property
    def version(self) -> str:
        """Digest of all that it holds, 16 hexadecimal digits."""
        content = json.dumps(to_dict(self), sort_keys=True).encode()
        return hashlib.sha256(content).hexdigest()[:16]


def assumed(mean_b: ArrayLike, nuisance: Nuisance, *, spread: float) -> Population:
    """Make a population of values that are assumed, not learned.

    Parameters
    ----------
    mean_b : array_like, shape (n_draws, 4)
        Mean couplings.
    nuisance : Nuisance
        Everything else, with the draws on one leading axis.
    spread : float > 0
        Standard deviation of each coupling over pairs.

    Returns
    -------
    Population

    Raises
    ------
    ParameterError
        If a shape does not fit or a number is out of range.
    """
    check_spread(spread)
    array = couplings(mean_b)
    parts = {field.name: getattr(nuisance, field.name) for field in fields(Nuisance)}
    common = checked(**parts)
    if array.ndim != 2 or common.bm.shape != (array.shape[0], 2):
        raise ParameterError(
            f"mean_b must have shape (n_draws, 4) for {common.bm.shape[:-1]} draws of "
            f"the nuisance, got {array.shape}."
        )
    return Population(
        made="assumed",
        mean_b=array,
        nuisance=common,
        spread=float(spread),
        prior=None,
        n_pairs=0,
        n_sessions=0,
        diagnostics=None,
    )


def some_draws(population: Population, index: Ints) -> Population:
    """Take some draws of a population, one of them several times if need be.

    Parameters
    ----------
    population : Population
        The population.
    index : ndarray of int, shape (n,)
        Which draws.

    Returns
    -------
    Population
        Of n draws; all else is the same.
    """
    return replace(
        population,
        mean_b=population.mean_b[index],
        nuisance=of_draws(population.nuisance, index),
    )


def to_dict(population: Population) -> dict[str, Any]:
    """Tell a population in plain numbers, lists and words, as JSON takes them."""
    told, prior = population.diagnostics, population.prior
    return {
        "format": FORMAT,
        "made": population.made,
        "spread": population.spread,
        "n_pairs": population.n_pairs,
        "n_sessions": population.n_sessions,
        "mean_b": population.mean_b.tolist(),
        "nuisance": _plain(population.nuisance),
        "prior": None if prior is None else _plain(prior),
        "diagnostics": None if told is None else _plain(told),
    }


def from_dict(content: dict[str, Any]) -> Population:
    """Make a population of what ``to_dict`` told.

    Raises
    ------
    ParameterError
        If the form is another version, something is missing, or the numbers could not
        be those of a population.
    """
    found = content.get("format")
    if found != FORMAT:
        raise ParameterError(f"format must be {FORMAT}, got {found!r}.")
    try:
        made, n_pairs, n_sessions = (
            content[name] for name in ("made", "n_pairs", "n_sessions")
        )
        base = assumed(
            content["mean_b"],
            checked(**content["nuisance"]),
            spread=content["spread"],
        )
        prior, told = content["prior"], content["diagnostics"]
        return Population(
            made=_checked_made(made, told),
            mean_b=base.mean_b,
            nuisance=base.nuisance,
            spread=base.spread,
            prior=None if prior is None else _prior(prior),
            n_pairs=int(n_pairs),
            n_sessions=int(n_sessions),
            diagnostics=None if told is None else _told(told),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise ParameterError(
            f"content must be what to_dict makes, got something else ({wrong})."
        ) from wrong


def _plain(record: Nuisance | Prior | Diagnostics) -> dict[str, Any]:
    parts = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: part.tolist() if isinstance(part, np.ndarray) else _listed(part)
        for name, part in parts.items()
    }


def _listed(part: object) -> object:
    return list(part) if isinstance(part, tuple) else part


def _checked_made(made: str, told: object) -> str:
    if (made, told is None) not in {("fitted", False), ("assumed", True)}:
        raise ParameterError(
            f"made must be 'fitted', with diagnostics, or 'assumed', got {made!r}."
        )
    return made


def _prior(parts: dict[str, Any]) -> Prior:
    numbers = {"spread", "nu_variance", "lam_variance"}
    made: dict[str, Any] = {
        name: float(part) if name in numbers else np.asarray(part, dtype=float)
        for name, part in parts.items()
    }
    return Prior(**made)


def _told(parts: dict[str, Any]) -> Diagnostics:
    accepted, vanishing = tuple(parts["accepted"]), tuple(parts["vanishing"])
    return Diagnostics(**(parts | {"accepted": accepted, "vanishing": vanishing}))


def check_spread(spread: float) -> None:
    """Refuse a spread of couplings outside (0, 1)."""
    if not 0 < spread < 1:
        raise ParameterError(f"spread must lie in (0, 1), got {spread}.")
