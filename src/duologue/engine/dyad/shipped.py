"""The population that the program brings along: an assumption, and labelled so.

Nobody has published a caseload in which client and therapist both rated every session
of whole therapies, so what pairs have in common cannot be learned yet. A page that a
client sees must not depend on other clients' answers either. So one pair is read
against values that were chosen once, before any pair was seen:

- nothing is held to be known exactly: 256 draws run over a wide range of each value,
  above all of how far one person's answers scatter from session to session. A pair's
  own ratings say which of them count for it (``own``);
- the two seats are equals: of every draw its mirror image is there too, so exchanging
  the two people exchanges whatever is said of them, and nothing else;
- couplings are held to be as the literature on couples finds most: each keeps about
  half of the last session, and a seventh comes over from the other.

Points are those of a slider of 0 to 100, divided by 10. Values are rounded, so that the
same version comes out on every machine.
"""

from dataclasses import fields
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from duologue.engine.dyad.model import (
    Floats,
    Nuisance,
    checked,
    mirrored,
    mirrored_couplings,
)
from duologue.engine.dyad.population import Population, assumed
from duologue.errors import ParameterError

SPREAD = 0.15
"""Standard deviation of each coupling over pairs."""

N_CHOSEN = 256
"""Draws, before each one's mirror image is added."""

# Mean and standard deviation of what is normal, seat by seat.
MEAN_COUPLING, MEAN_EFFECT, SD_COUPLING = 0.5, 0.15, 0.1
MEAN_SET_POINT, SD_SET_POINT = 6.0, 0.7
MEAN_START, SD_START = -0.5, 0.5

# Median of what is log-normal, and the factor of one standard deviation.
OVER_PAIRS = (1.5, 1.25)  # standard deviation of the set-points
AT_FIRST = (0.8, 1.5)  # of the first session around its expectation
INNOVATION = (0.55, 1.9)  # of what a session brings that the last did not foretell
ERROR = (0.7, 1.9)  # of one rating around the level

# Ends of what is uniform: correlations of the two seats.
ALIKE_OVER_PAIRS, ALIKE_AT_FIRST, ALIKE_IN_NEWS = (0.0, 0.6), (0.0, 0.6), (-0.1, 0.6)

STRIDES = (75, 134, 18, 138, 30, 4, 205, 143, 198, 152, 196, 31, 84, 127, 218, 7, 147)
"""Each value runs through 256 equal parts of its range in strides of its own, round a
circle of 257 (a lattice of Korobov's kind): these, so that no two of them correlate by
more than .13."""

_DECIMALS = 4


@lru_cache(maxsize=4)
def shipped(n_ratings: int = 1) -> Population:
    """Return the population against which one pair is read.

    Parameters
    ----------
    n_ratings : int >= 1
        Ratings of each person that tell of one level. Further ones are taken to be as
        good as the first.

    Returns
    -------
    Population
        Of 512 draws, ``made`` "assumed". No number in it was learned from anybody.

    Raises
    ------
    ParameterError
        If ``n_ratings`` is below 1.
    """
    if n_ratings < 1:
        raise ParameterError(f"n_ratings must be 1 or more, got {n_ratings}.")
    around = N_CHOSEN + 1
    u = np.arange(1, around)[:, np.newaxis] * np.array(STRIDES) % around / around
    z = np.asarray(ndtri(u))
    chosen = _chosen(z, u, n_ratings)
    usual = (MEAN_COUPLING, MEAN_EFFECT, MEAN_EFFECT, MEAN_COUPLING)
    mean_b = np.round(np.array(usual) + SD_COUPLING * z[:, :4], _DECIMALS)
    return assumed(
        np.concatenate([mean_b, mirrored_couplings(mean_b)]),
        _both(chosen, mirrored(chosen)),
        spread=SPREAD,
    )


def _chosen(z: Floats, u: Floats, n_ratings: int) -> Nuisance:
    """Draws of everything but couplings, each value from a column of its own."""
    ratings = np.ones((N_CHOSEN, 2, n_ratings))
    innovation, error = _scale(INNOVATION, z[:, 10:12]), _scale(ERROR, z[:, 12:14])
    parts = {
        "bm": MEAN_SET_POINT + SD_SET_POINT * z[:, 4:6],
        "delta": MEAN_START + SD_START * z[:, 6:8],
        "Sm": _covariance(_scale(OVER_PAIRS, z[:, 8:9]), ALIKE_OVER_PAIRS, u[:, 14]),
        "P1": _covariance(_scale(AT_FIRST, z[:, 9:10]), ALIKE_AT_FIRST, u[:, 15]),
        "Q": _covariance(innovation, ALIKE_IN_NEWS, u[:, 16]),
        "nu": 0 * ratings,
        "lam": ratings,
        "R": error[..., np.newaxis] ** 2 * ratings,
    }
    return checked(**{name: np.round(part, _DECIMALS) for name, part in parts.items()})


def _scale(of: tuple[float, float], z: Floats) -> Floats:
    median, factor = of
    return np.asarray(median * factor**z)


def _covariance(sd: Floats, ends: tuple[float, float], u: Floats) -> Floats:
    """Of two seats' standard deviations, and a correlation between these ends."""
    client, therapist = np.broadcast_to(sd, (len(u), 2)).T
    off = (ends[0] + (ends[1] - ends[0]) * u) * client * therapist
    rows = [[client**2, off], [off, therapist**2]]
    return np.moveaxis(np.array(rows), -1, 0)


def _both(one: Nuisance, other: Nuisance) -> Nuisance:
    parts = {
        f.name: (getattr(one, f.name), getattr(other, f.name)) for f in fields(one)
    }
    return Nuisance(**{name: np.concatenate(pair) for name, pair in parts.items()})
