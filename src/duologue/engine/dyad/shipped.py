"""What the program assumes of every pair beforehand, and labels so.

Nobody has published a caseload in which client and therapist both rated every session
of whole therapies, so what pairs have in common cannot be learned yet. A page that a
client sees must not depend on other clients' answers either. So one pair is read
against values that were chosen once, before any pair was seen:

- nothing is held to be known exactly: every value has a wide distribution, above all how
  far one person's answers scatter from session to session. A pair's own ratings say
  which values hold for it (``own``);
- the two seats are equals: exchanging the two people exchanges whatever is said of them,
  and nothing else;
- couplings are held to be as the literature on couples finds most: each keeps about
  half of the last session, and a seventh comes over from the other.

Points are those of a slider of 0 to 100, divided by 10.
"""

import hashlib
from functools import lru_cache, partial

import numpy as np
from scipy.special import ndtr

from duologue.engine.dyad.assumption import Assumption
from duologue.engine.dyad.model import Floats, Nuisance, checked
from duologue.errors import ParameterError

SPREAD = 0.15
"""Standard deviation of each coupling over pairs."""

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

# Which standard normal each value is made of. Exchanging the two people exchanges some.
N_VALUES = 17
_COUPLINGS, _TENDS, _BEGINS = slice(0, 4), slice(4, 6), slice(6, 8)
_OVER_PAIRS, _AT_FIRST = slice(8, 9), slice(9, 10)
_NEWS, _ERROR = slice(10, 12), slice(12, 14)
_ALIKE = slice(14, 17)
EXCHANGED = (3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 11, 10, 13, 12, 14, 15, 16)


@lru_cache(maxsize=4)
def shipped(n_ratings: int = 1) -> Assumption:
    """Return what one pair is read against.

    Parameters
    ----------
    n_ratings : int >= 1
        Ratings of each person that tell of one level. Further ones are taken to be as
        good as the first.

    Returns
    -------
    Assumption
        Points are 0 to 10: a slider of 0 to 100, divided by 10. No number in it was
        learned from anybody.

    Raises
    ------
    ParameterError
        If ``n_ratings`` is below 1.
    """
    if n_ratings < 1:
        raise ParameterError(f"n_ratings must be 1 or more, got {n_ratings}.")
    return Assumption(
        values=partial(_values, n_ratings=n_ratings),
        n_values=N_VALUES,
        exchanged=EXCHANGED,
        spread=SPREAD,
        version=_version(n_ratings),
    )


def _version(n_ratings: int) -> str:
    """Digest of the values at a few places, which change if any of them does."""
    places = np.concatenate([np.zeros((1, N_VALUES)), np.eye(N_VALUES)])
    mean_b, nuisance = _values(places, n_ratings=n_ratings)
    parts = (mean_b, nuisance.bm, nuisance.delta, nuisance.Sm, nuisance.P1, nuisance.Q)
    told = [np.round(part, 9).tolist() for part in (*parts, nuisance.R)]
    return hashlib.sha256(repr([SPREAD, told]).encode()).hexdigest()[:16]


def _values(z: Floats, *, n_ratings: int) -> tuple[Floats, Nuisance]:
    """Mean couplings, and all else that pairs have in common, of standard normals."""
    usual = (MEAN_COUPLING, MEAN_EFFECT, MEAN_EFFECT, MEAN_COUPLING)
    mean_b = np.array(usual) + SD_COUPLING * z[:, _COUPLINGS]
    ratings = np.ones((len(z), 2, n_ratings))
    alike = ndtr(z[:, _ALIKE])
    nuisance = checked(
        bm=MEAN_SET_POINT + SD_SET_POINT * z[:, _TENDS],
        delta=MEAN_START + SD_START * z[:, _BEGINS],
        Sm=_covariance(
            _log_normal(OVER_PAIRS, z[:, _OVER_PAIRS]), ALIKE_OVER_PAIRS, alike[:, 0]
        ),
        P1=_covariance(
            _log_normal(AT_FIRST, z[:, _AT_FIRST]), ALIKE_AT_FIRST, alike[:, 1]
        ),
        Q=_covariance(_log_normal(INNOVATION, z[:, _NEWS]), ALIKE_IN_NEWS, alike[:, 2]),
        nu=0 * ratings,
        lam=ratings,
        R=_log_normal(ERROR, z[:, _ERROR])[..., np.newaxis] ** 2 * ratings,
    )
    return mean_b, nuisance


def _log_normal(of: tuple[float, float], z: Floats) -> Floats:
    median, factor = of
    return np.asarray(median * factor**z)


def _covariance(sd: Floats, ends: tuple[float, float], u: Floats) -> Floats:
    """Of two seats' standard deviations, and a correlation between these ends."""
    client, therapist = np.broadcast_to(sd, (len(u), 2)).T
    off = (ends[0] + (ends[1] - ends[0]) * u) * client * therapist
    rows = [[client**2, off], [off, therapist**2]]
    return np.moveaxis(np.array(rows), -1, 0)
