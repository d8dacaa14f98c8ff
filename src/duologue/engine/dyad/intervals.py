r"""What a form says of a level when it tells only between which points a rating lies.

A rating y* = nu + lam x + e that lies in [a, b] cuts its predicted N(m, s^2) off at both
points. With alpha = (a - m)/s, beta = (b - m)/s, Z = Phi(beta) - Phi(alpha),

.. math:: q = \frac{\phi(\alpha) - \phi(\beta)}{Z}, \qquad
          d = q^2 - \frac{\alpha \phi(\alpha) - \beta \phi(\beta)}{Z},

what is left has mean m + s q and variance s^2 (1 - d). The level is moved and narrowed
accordingly and taken to be normal again (assumed density). That is what an exact
observation of the level would do, of precision rho and value eta / rho,

.. math:: \rho = \frac{\lambda^2 d / s^2}{1 - \kappa d}, \qquad
          \eta = \rho m_x + \frac{\lambda q / s}{1 - \kappa d}, \qquad
          \kappa = \lambda^2 P / s^2,

for a level of mean m_x and variance P. So the filter that integrates set-points exactly
meets these observations in place of the answers, which is the same as carrying the
set-point as two further, unmoving components of the level.

Several such ratings of one session, of either person, are met together: each is seen
from what the others say, a few times round (expectation propagation). No rating and no
seat comes first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from duologue.engine.dyad.answers import Scale, intervals
from duologue.engine.dyad.components import at_end, carried, product
from duologue.engine.dyad.filtering import Filter, mean_and_slope
from duologue.engine.dyad.model import Bools, Floats, Ints, Nuisance, n_ratings
from duologue.engine.dyad.said import LOG_2_PI, Said, checked_ratings, said

N_ROUNDS = 5
"""How often each rating of a session is seen from the others. More rounds moved no level
by more than 1e-3 of its standard deviation (20 random courses each of 1 to 3 ratings)."""

_LEAST_PRECISION = 1e-12
"""Of an observation that says nothing, so that its value is still a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Between which points each rating lies.

    Attributes
    ----------
    lower, upper : ndarray, shape (n_sessions, 2, n_ratings)
        Equal where the rating is known; ``nan`` where blank.
    seen : ndarray of bool, shape (n_sessions, 2)
        Whether there is any rating.
    nuisance : Nuisance
        Of what the ratings are made.
    is_open : ndarray of bool, shape (n_sessions,)
        Whether any rating of a session is not known.
    known : Said
        What the others say; sessions in which all are known need no more.
    """

    lower: Floats
    upper: Floats
    seen: Bools
    nuisance: Nuisance
    is_open: Bools
    known: Said


@dataclass(frozen=True, slots=True)
class _Site:
    """An observation exp(a + eta x - rho x^2 / 2) of a level, seen from its mean."""

    rho: Floats
    eta: Floats
    a: Floats


def heard(ratings: ArrayLike, nuisance: Nuisance, on: Scale) -> Heard:
    """Tell between which points the ratings of a pair lie.

    Parameters
    ----------
    ratings : array_like, shape (n_sessions, 2, n_ratings)
        Answers; ``nan`` where blank.
    nuisance : Nuisance
        One draw, or a stack.
    on : Scale
        A bounded scale or one of categories.

    Returns
    -------
    Heard

    Raises
    ------
    ParameterError
        If the shape is another, or an answer is not on the scale.
    """
    y = checked_ratings(ratings, n_ratings(nuisance))
    lower, upper = intervals(y, on)
    seen = np.asarray(~np.isnan(y).all(axis=-1))
    return Heard(
        lower=lower,
        upper=upper,
        seen=seen,
        nuisance=nuisance,
        is_open=np.asarray((lower < upper).any(axis=(-1, -2))),
        known=said(np.where(lower == upper, y, np.nan), nuisance),
    )


def cut_off(alpha: ArrayLike, beta: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Log Z, q and d of a standard normal cut off at alpha and beta.

    Parameters
    ----------
    alpha, beta : array_like
        Lower and upper end, alpha < beta; they may be infinite.

    Returns
    -------
    log_mass, q, d : ndarray
        Log of the share between the ends; the mean there; by how much of 1 the variance
        is less. Good far out in the tails too.
    """
    alpha, beta = np.broadcast_arrays(np.asarray(alpha, float), np.asarray(beta, float))
    # The upper tail is looked at from below: there a small share is not lost beside 1.
    turned = alpha > 0
    below, above = np.where(turned, -beta, alpha), np.where(turned, -alpha, beta)
    log_above = log_ndtr(above)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_mass = log_above + np.log1p(-np.exp(log_ndtr(below) - log_above))
        at_below, at_above = _density(below, log_mass), _density(above, log_mass)
    q = at_below - at_above
    edges = _times_density(below, at_below) - _times_density(above, at_above)
    d = np.clip(q * q - edges, 0.0, 1.0)
    return log_mass, np.where(turned, -q, q), d


def _density(z: Floats, log_mass: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * (z * z + LOG_2_PI) - log_mass))


def _times_density(z: Floats, density: Floats) -> Floats:
    return np.where(np.isinf(z), 0.0, z) * density


def meet_in_intervals(walked: Filter, told: Heard, session: int) -> Floats | float:
    """Let the filter meet all that was answered in one session.

    Parameters
    ----------
    walked : Filter
        Where it stands before the session; moved on.
    told : Heard
        What was answered.
    session : int
        Which session.

    Returns
    -------
    ndarray or float
        What to add to the filter's log density so that it is that of the answers: a
        share where a rating lies in an interval, a density where it is known.
    """
    if not told.seen[session].any():
        return 0.0
    mean, cov = _levels_before(walked)
    sites, seat_of = _sites(mean, cov, told, session)
    added = sites.a.sum(axis=-1)
    for seat in (0, 1):
        if told.seen[session, seat]:
            own = seat_of == seat
            eta = sites.eta[..., own].sum(axis=-1)
            rho = sites.rho[..., own].sum(axis=-1) + _LEAST_PRECISION
            walked.update(seat, mean[seat] + eta / rho, 1 / rho)
            added = added + 0.5 * (eta * eta / rho - np.log(rho))
    return np.asarray(added)


def _levels_before(walked: Filter) -> tuple[Floats, list[Floats]]:
    """Means, and the three covariances, of the levels with the set-point integrated."""
    u, V = walked.of_u()
    m, A = mean_and_slope(walked.X, walked.bm)
    cov = walked.P + carried(A, V)
    return m + product(A, u), [cov[0, 0], cov[0, 1], cov[1, 1]]


def _sites(
    mean: Floats, cov: list[Floats], told: Heard, session: int
) -> tuple[_Site, Ints]:
    """Make an observation of each rating of the session, and tell whose each is."""
    lower, upper = told.lower[session], told.upper[session]
    seat_of, rating_of = np.nonzero(~np.isnan(lower))
    place = (..., seat_of, rating_of)
    lam, R = told.nuisance.lam[place], told.nuisance.R[place]
    at = at_end(mean, 1)[..., seat_of]
    start = told.nuisance.nu[place] + lam * at
    a, b = lower[seat_of, rating_of] - start, upper[seat_of, rating_of] - start
    known = (lower == upper)[seat_of, rating_of]
    sites = _known(a, lam, R, known)
    n_open = int((~known).sum())
    for _ in range(N_ROUNDS if n_open > 1 else n_open):
        outside = _cavities(sites, cov, seat_of)
        sites = _seen_anew(sites, outside, (a, b), (lam, R), ~known)
    return sites, seat_of


def _known(e: Floats, lam: Floats, R: Floats, known: Bools) -> _Site:
    """Observations of the known ratings, e above what was expected; others say nothing."""
    e = np.where(known, e, 0.0)
    a = -0.5 * (LOG_2_PI + np.log(R) + e * e / R)
    parts = lam * lam / R + 0 * e, lam * e / R, a
    return _Site(*(np.where(known, part, 0.0) for part in parts))


def _cavities(sites: _Site, cov: list[Floats], seat_of: Ints) -> tuple[Floats, Floats]:
    """Mean and variance of each one's level by all other ratings of the session."""
    rho = [sites.rho[..., seat_of == i].sum(axis=-1) for i in (0, 1)]
    eta = [sites.eta[..., seat_of == i].sum(axis=-1) for i in (0, 1)]
    # (C^-1 + diag(rho))^-1 = C (I + diag(rho) C)^-1, which needs no inverse of C.
    det_C = cov[0] * cov[2] - cov[1] * cov[1]
    det = 1 + rho[0] * cov[0] + rho[1] * cov[2] + rho[0] * rho[1] * det_C
    own = [(cov[0] + rho[1] * det_C) / det, (cov[2] + rho[0] * det_C) / det]
    off = cov[1] / det
    mean = [own[0] * eta[0] + off * eta[1], off * eta[0] + own[1] * eta[1]]
    variance = np.stack(own, axis=-1)[..., seat_of]
    left = 1 - variance * sites.rho
    outside = np.stack(mean, axis=-1)[..., seat_of] - variance * sites.eta
    return outside / left, variance / left


def _seen_anew(
    sites: _Site,
    outside: tuple[Floats, Floats],
    ends: tuple[Floats, Floats],
    rating: tuple[Floats, Floats],
    in_interval: Bools,
) -> _Site:
    """Observations that do to the levels outside what the intervals do."""
    mean, variance = outside
    lam, R = rating
    wide = lam * lam * variance + R
    s = np.sqrt(wide)
    alpha, beta = ((end - lam * mean) / s for end in ends)
    log_mass, q, d = cut_off(
        np.where(in_interval, alpha, -1.0), np.where(in_interval, beta, 1.0)
    )
    left = 1 - lam * lam * variance / wide * d
    rho = lam * lam * d / wide / left
    eta = rho * mean + lam * q / s / left
    more = 1 + variance * rho
    moved = eta * eta * variance + 2 * eta * mean - rho * mean * mean
    a = log_mass + 0.5 * (np.log(more) - moved / more)
    parts = zip((rho, eta, a), (sites.rho, sites.eta, sites.a), strict=True)
    return _Site(*(np.where(in_interval, new, old) for new, old in parts))
