"""The population that the program brings along: an assumption, and labelled so.

Nobody has published a caseload in which client and therapist both rated every session
of whole therapies, so what pairs have in common cannot be learned yet. A page that a
client sees must not depend on other clients' answers either. So one pair is read
against values that were chosen once, before any pair was seen:

- nothing is held to be known exactly: sixteen draws run over a wide range of each value;
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

N_CHOSEN = 16
"""Draws, before each one's mirror image is added."""

# Mean and standard deviation of what is normal, seat by seat.
MEAN_COUPLING, MEAN_EFFECT, SD_COUPLING = 0.5, 0.15, 0.1
MEAN_SET_POINT, SD_SET_POINT = 6.0, 0.7
MEAN_START, SD_START = -0.5, 0.5

# Median of what is log-normal, and the factor of one standard deviation.
OVER_PAIRS = (1.3, 1.25)  # standard deviation of the set-points
AT_FIRST = (0.8, 1.3)  # of the first session around its expectation
INNOVATION = (0.5, 1.4)  # of what a session brings that the last did not foretell
ERROR = (0.6, 1.4)  # of one rating around the level

# Ends of what is uniform: correlations of the two seats.
ALIKE_OVER_PAIRS, ALIKE_AT_FIRST, ALIKE_IN_NEWS = (0.0, 0.6), (0.0, 0.6), (-0.1, 0.6)

# The order in which each value runs through sixteen equal parts of its range, a column
# a value; looked for so that no two of them correlate by more than .15.
ORDERS = (
    "0123456789abcdef",
    "a1f078e94d6b5c23",
    "cb4320d1aef56897",
    "9760d843f52aecb1",
    "c1b4f8a39675d02e",
    "153deac49fb67082",
    "81ce3642b5f7ad09",
    "918b427e5d3cf0a6",
    "0fc5718a9b42d63e",
    "451da6f9b8073e2c",
    "78c9b3a2615f04de",
    "ec2b93046d5f7a18",
    "46e9d8120f735cba",
    "2bc90e71da3f8456",
    "68be91f32457dca0",
    "25c7e03df8ba1964",
    "1c53d79a04efb826",
)

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
        Of 32 draws, ``made`` "assumed". No number in it was learned from anybody.

    Raises
    ------
    ParameterError
        If ``n_ratings`` is below 1.
    """
    if n_ratings < 1:
        raise ParameterError(f"n_ratings must be 1 or more, got {n_ratings}.")
    part = np.array([[int(digit, N_CHOSEN) for digit in order] for order in ORDERS]).T
    u = (part + 0.5) / N_CHOSEN
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
    """Sixteen draws of everything but couplings, each from a column of its own."""
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
