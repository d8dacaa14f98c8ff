r"""What a pair's own ratings say of an assumption: which of its values hold for them.

Nobody knows how far the answers of a pair scatter, or where it tends to, until they have
answered. So every row of values and couplings counts by how well it foretells their
ratings, as Bayes has it: z being the standard normals that values and couplings b are
made of,

.. math:: w \propto p(y | b(z), \text{values}(z)) \, N(z; 0, I) / q(z),

where q is what rows were laid with: first N(0, I) itself. Where few rows carry the
weight, new ones are laid around those, five times at most, a sixth of them as before. How
wide is told by the weighted rows, and the fewer they are, the more by N(0, I). Weights
that a handful of rows carry are first evened out (raised to a power below 1), or new rows
would all be laid around one of them. Rows that are not stable are left out.

For each row its mirror image is laid too, so that exchanging the two people exchanges
all that is told.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import Scale
from duologue.engine.dyad.assumption import Assumption
from duologue.engine.dyad.couplings import (
    effective_number,
    refused_for_want_of_any,
    shares,
    spaced,
)
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.model import Floats, Ints, Nuisance, is_stable, of_draws
from duologue.engine.dyad.population import Population

N_OWN = 32
"""Draws that are carried on to tell couplings."""

N_ROWS = 1536
"""Rows laid at a time."""

ENOUGH_ROWS = 80.0
"""Effective rows; with fewer, rows are laid anew."""

MOST_ROUNDS = 5
"""How often they are."""

MOST_SESSIONS = 100
"""Of longer courses the newest sessions say which rows hold; levels rest on all."""

_AS_BEFORE = 0.15  # share of the rows that the assumption itself lays
_WIDER = 1.15  # than the weighted rows, in variance
_HELD = 12.0  # rows that what was assumed counts for, where a width is told from few
_LEAST_POWER = 0.01
_EVEN = 80.0  # effective rows that centre and width are told from


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of values and couplings, weighed by a pair's ratings.

    Attributes
    ----------
    z : ndarray, shape (n, n_values + 4)
        The standard normals: of the values, then of the couplings.
    log_weights : ndarray, shape (n,)
        Logs of their weights, up to a constant; ``-inf`` where a row is not stable.
    alike : bool
        Whether both people gave the same answers: then mirror images weigh the same,
        and are taken together or not at all.
    """

    z: Floats
    log_weights: Floats
    alike: bool

    @property
    def weights(self) -> Floats:
        """The weights, which sum to 1, or to 0 where no row is stable."""
        return shares(self.log_weights)

    @property
    def effective(self) -> float:
        """How many rows of equal weight they are worth."""
        return float(effective_number(self.weights))


def own_rows(
    ratings: ArrayLike,
    assumption: Assumption,
    *,
    gaps: ArrayLike | None = None,
    scale: Scale | None = None,
) -> Rows:
    """Weigh rows of an assumption by how well they foretell a pair's ratings.

    Parameters
    ----------
    ratings, gaps, scale
        As for ``likelihood.log_likelihood``.
    assumption : Assumption
        What is assumed of all pairs.

    Returns
    -------
    Rows
        Of the rounds made, the one worth most rows. The same ratings give the same
        bytes.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite or not on the scale, a gap is not
        positive, or no row has couplings that are stable and have these gaps.
    """
    y = _newest(ratings)
    alike = y.ndim == 3 and np.array_equal(y, y[:, ::-1], equal_nan=True)

    def weighed(z: Floats, log_laid: Floats) -> Rows:
        b, nuisance = of_rows(assumption, z)
        found = log_likelihood(y, b, nuisance, gaps=gaps, scale=scale)[:, 0]
        possible = is_stable(b[:, 0]) & ~np.isnan(found)
        log_weights = np.where(possible, found + _log_normal(z) - log_laid, -np.inf)
        return Rows(z=z, log_weights=log_weights, alike=alike)

    z = _normals(assumption, 0)
    best = latest = weighed(z, _log_normal(z))
    if not best.weights.any():
        raise refused_for_want_of_any()
    for round_ in range(1, MOST_ROUNDS + 1):
        if best.effective >= ENOUGH_ROWS:
            break
        latest = weighed(*_laid_anew(latest, _normals(assumption, round_)))
        best = max(best, latest, key=lambda rows: rows.effective)
    return best


def of_rows(assumption: Assumption, z: Floats) -> tuple[Floats, Nuisance]:
    """Make couplings and values of rows of normals.

    Returns
    -------
    b : ndarray, shape (n, 1, 4)
    nuisance : Nuisance
        Of leading shape (n, 1).
    """
    mean_b, nuisance = assumption.values(z[:, : assumption.n_values])
    b = mean_b + assumption.spread * z[:, assumption.n_values :]
    return b[:, np.newaxis], of_draws(nuisance, (slice(None), np.newaxis))


def own_draws(assumption: Assumption, rows: Rows) -> Population:
    """Take ``N_OWN`` draws of equal weight, one of them several times if it is heavy."""
    z = rows.z[_taken(rows, N_OWN)]
    return assumption.draws(z[:, : assumption.n_values])


def own_points(
    assumption: Assumption, rows: Rows, n_points: int
) -> tuple[Floats, Nuisance]:
    """Take rows of equal weight that stand for all, an even number; see ``of_rows``."""
    return of_rows(assumption, rows.z[_taken(rows, n_points)])


def _taken(rows: Rows, n: int) -> Ints:
    """Places of n rows that stand for all, an even number."""
    if not rows.alike:
        return spaced(rows.weights, n)
    half = len(rows.z) // 2
    one, other = rows.weights[:half], rows.weights[half:]
    places = spaced(one + other, n // 2)
    return np.concatenate([places, places + half])


def _newest(ratings: ArrayLike) -> Floats:
    """Ratings, those before the newest sessions left out."""
    y = np.array(ratings, dtype=float)
    if y.ndim:
        y[:-MOST_SESSIONS] = np.nan
    return y


def _laid_anew(rows: Rows, normals: Floats) -> tuple[Floats, Floats]:
    """Lay rows around the heavy ones, and tell the log density that they are laid with."""
    weights = _evened_out(rows)
    centre = weights @ rows.z
    away = rows.z - centre
    n, d = float(effective_number(weights)), rows.z.shape[1]
    apart = (weights[:, np.newaxis] * away).T @ away
    covariance = _WIDER * (n * apart + _HELD * np.eye(d)) / (n + _HELD)
    values, vectors = np.linalg.eigh(covariance)
    half = len(normals) // 2
    before = np.arange(len(normals)) % half < round(_AS_BEFORE * half)
    # The symmetric root: unlike a triangle it has no first seat.
    around = centre + normals @ ((vectors * np.sqrt(values)) @ vectors.T)
    z = np.where(before[:, np.newaxis], normals, around)
    log_around = _log_normal((z - centre) @ vectors / np.sqrt(values))
    log_around -= 0.5 * np.log(values).sum()
    share = before.mean()
    log_laid = np.logaddexp(
        np.log(share) + _log_normal(z), np.log1p(-share) + log_around
    )
    return z, log_laid


def _evened_out(rows: Rows) -> Floats:
    """Weights raised to the power at which they are worth rows enough to tell a width."""
    power = 1.0
    while True:
        weights = shares(power * rows.log_weights)
        if effective_number(weights) >= _EVEN or power < _LEAST_POWER:
            return weights
        power *= 0.7


def _log_normal(z: Floats) -> Floats:
    """Log density of independent standard normals, up to a constant."""
    return np.asarray(-0.5 * (z * z).sum(axis=-1))


@lru_cache(maxsize=16)
def _all_normals(n: int, exchanged: tuple[int, ...], round_: int) -> Floats:
    # Too many dimensions to lay them evenly: fixed random ones.
    rng = np.random.Generator(np.random.Philox([20_261_127, round_]))
    one = rng.standard_normal((n // 2, len(exchanged)))
    both = np.concatenate([one, one[:, exchanged]])
    both.setflags(write=False)
    return both


def _normals(assumption: Assumption, round_: int) -> Floats:
    """Fix rows of normals, one half of which mirrors the other."""
    n = assumption.n_values
    exchanged = (*assumption.exchanged, *(n + i for i in (3, 2, 1, 0)))
    return _all_normals(N_ROWS, exchanged, round_)
