"""Expected change: the course that a clinic's own finished cases would foretell."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from duologue.engine.change.codes import Better
from duologue.engine.change.courses import courses
from duologue.engine.change.mixed import Array, MixedModel, effects, fit_mixed
from duologue.engine.change.reliable import TWO_SIDED
from duologue.errors import ParameterError

MIN_CASES = 100
"""Fewest finished cases from which a clinic draws a band (our choice)."""

AMBER, RED = 0.80, 0.90
"""Bands beyond which a course is not on track (Finch and others 2001: worst tenth)."""

FIRST_SESSION = 3
"""Before this session nobody is called not on track."""

NO_CHANGE_BY = 8
"""Without a band, no reliable change by this session is amber."""


class Track(IntEnum):
    """Whether a course goes as expected; an internal state, and a question at most."""

    UNDEFINED = -1
    ON = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What finished cases foretell.

    Attributes
    ----------
    model : MixedModel
        Scores over the logarithm of session + 1.
    n_cases : int
        Finished cases with two scores or more.
    research : bool
        Whether fewer than 100 cases were let through: not for use with a person.
    """

    model: MixedModel
    n_cases: int
    research: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where scores are expected.

    Attributes
    ----------
    sessions : ndarray, shape (n_sessions,)
        At which session; 0 is intake.
    mean, sd : ndarray, shape (n_sessions,) or (n_people, n_sessions)
        Of one new score there, its own error within it.
    """

    sessions: Array
    mean: Array
    sd: Array

    def upper(self, band: float) -> Array:
        """Upper end of a band that holds this share: mean + sd z((1 + band) / 2)."""
        return self.mean + self.sd * _z_of(band)

    def lower(self, band: float) -> Array:
        """Lower end of a band that holds this share."""
        return self.mean - self.sd * _z_of(band)


def fit_growth(
    scores: ArrayLike,
    *,
    sessions: ArrayLike | None = None,
    instrument: ArrayLike | None = None,
    research: bool = False,
) -> Growth:
    r"""Learn the expected course from finished cases.

    .. math:: y = b_0 + u_0 + (b_1 + u_1) \log(session + 1) + e

    by restricted likelihood (`mixed.fit_mixed`). No curve comes with the program: a
    clinic learns its own or has none.

    Parameters
    ----------
    scores : array_like, shape (n_cases, n_sessions)
        Of finished cases only, in the instrument's own points; ``nan`` where blank.
    sessions : array_like, shape (n_sessions,), optional
        Number of each session, 0 or more, 0 being intake; 0, 1, 2, ... where left out.
    instrument : array_like of int, shape (n_cases, n_sessions), optional
        As for `courses.courses`.
    research : bool
        Learn from fewer than 100 cases all the same; the result says so.

    Returns
    -------
    Growth
        What `expected` and `expected_after` go by.

    Raises
    ------
    ParameterError
        With fewer than 100 cases of two scores or more (unless for research), a
        session below 0, or cases from which nothing can be learned: too few, or all
        alike.

    References
    ----------
    Finch, A. E., Lambert, M. J., & Schaalje, B. G. (2001). Clinical Psychology &
    Psychotherapy, 8(4), 231-242. https://doi.org/10.1002/cpp.286
    """
    found = courses(scores, instrument=instrument)
    x = _log_of(_sessions(sessions, found.scores.shape[1]))
    n_cases = int(((~np.isnan(found.scores)).sum(axis=1) >= 2).sum())
    if n_cases < MIN_CASES and not research:
        raise ParameterError(
            f"scores must hold {MIN_CASES} finished cases of two scores or more, unless "
            f"research=True, got {n_cases}."
        )
    model, why = fit_mixed(found.scores, x)
    if model is None:
        raise ParameterError(
            f"scores must differ and suffice to learn from: {why.name}."
        )
    return Growth(model=model, n_cases=n_cases, research=n_cases < MIN_CASES)


def expected(growth: Growth, sessions: ArrayLike) -> Band:
    r"""Foretell the scores of a new person of whom nothing is known.

    With :math:`z = (1, \log(t + 1))`: mean :math:`z' b`, variance :math:`z' G z +
    \sigma^2`.

    Parameters
    ----------
    growth : Growth
        Learned from finished cases.
    sessions : array_like, shape (n_sessions,)
        Which sessions, 0 being intake.

    Returns
    -------
    Band
        ``mean`` and ``sd`` of shape (n_sessions,).

    Raises
    ------
    ParameterError
        If a session is below 0 or not finite.
    """
    at = _sessions(sessions, None)
    z = np.stack([np.ones(at.size), _log_of(at)], axis=1)
    model = growth.model
    variance = np.einsum("si,ij,sj->s", z, model.G, z) + model.residual
    return Band(sessions=at, mean=z @ model.fixed, sd=np.sqrt(variance))


def expected_after(
    growth: Growth,
    scores: ArrayLike,
    sessions: ArrayLike,
    *,
    seen_at: ArrayLike | None = None,
) -> Band:
    r"""Foretell the scores of people some of whose scores are known.

    After scores y at Z, with :math:`V = Z G Z' + \sigma^2 I`, a person's own line lies
    :math:`G Z' V^{-1} (y - Z b)` from the mean line, with covariance :math:`G - G Z'
    V^{-1} Z G`.

    Parameters
    ----------
    growth : Growth
        Learned from finished cases.
    scores : array_like, shape (n_people, n_seen)
        What is known of each person; ``nan`` where blank. Without any score the band
        is that of `expected`.
    sessions : array_like, shape (n_sessions,)
        Which sessions to foretell. For one that was seen, the band is of a second
        score there: a score must not be judged by a band that knows it.
    seen_at : array_like, shape (n_seen,), optional
        Session of each known score; 0, 1, 2, ... where left out.

    Returns
    -------
    Band
        ``mean`` and ``sd`` of shape (n_people, n_sessions).

    Raises
    ------
    ParameterError
        If a session is below 0 or not finite, or shapes do not fit.
    """
    y = courses(scores).scores
    x = _log_of(_sessions(seen_at, y.shape[1]))
    at = _sessions(sessions, None)
    model = growth.model
    u, covariance = effects(model, y, x)
    z = np.stack([np.ones(at.size), _log_of(at)], axis=1)
    variance = np.einsum("si,nij,sj->ns", z, covariance, z) + model.residual
    return Band(sessions=at, mean=(model.fixed + u) @ z.T, sd=np.sqrt(variance))


def track(
    scores: ArrayLike,
    band: Band,
    *,
    better: Better,
    sd_of_difference: float,
    amber: float = AMBER,
    red: float = RED,
) -> NDArray[np.int8]:
    """Say, session by session, whether a course lies worse than expected.

    Not on track is: from session 3 on, beyond the band on the side of worse, **and**
    worse than the person's own first score by more than the standard error of a
    difference. Nothing in the program asks this by itself.

    Parameters
    ----------
    scores : array_like, shape (n_people, n_sessions)
        At the sessions of ``band``; ``nan`` where blank.
    band : Band
        From `expected`, or from `expected_after` on what was known before.
    better : Better
        Which way is better.
    sd_of_difference : float > 0
        Of the instrument (`reliable.Reference.sd_of_difference`).
    amber, red : float in (0, 1)
        The share that each band holds.

    Returns
    -------
    ndarray of int8, shape (n_people, n_sessions)
        A `Track`; undefined where the score is blank.

    Raises
    ------
    ParameterError
        If a share or ``sd_of_difference`` is out of range, or shapes do not fit.
    """
    y = courses(scores).scores
    if y.shape[1] != band.sessions.size:
        raise ParameterError(
            f"scores must have the {band.sessions.size} sessions of band, got "
            f"{y.shape[1]}."
        )
    _check_difference(sd_of_difference)
    worse = -better * y
    below = worse - _first(worse)[:, None] > sd_of_difference
    below &= band.sessions >= FIRST_SESSION
    off = worse + better * band.mean
    is_red, is_amber = (below & (off > band.sd * _z_of(p)) for p in (red, amber))
    return np.select(
        [np.isnan(y), is_red, is_amber],
        [Track.UNDEFINED, Track.RED, Track.AMBER],
        Track.ON,
    ).astype(np.int8)


def track_alone(
    scores: ArrayLike, *, better: Better, sd_of_difference: float
) -> NDArray[np.int8]:
    """Say the same where there is no band: by the person's own first score alone.

    Red is worse than the first score by more than the reliable change, in any later
    session; amber is no reliable change for the better by session 8, from then on
    until there is one. (Our choice, without a study behind it.)

    Parameters
    ----------
    scores : array_like, shape (n_people, n_sessions)
        From session 0, intake, on; ``nan`` where blank.
    better : Better
        Which way is better.
    sd_of_difference : float > 0
        Of the instrument; the reliable change is 1.959964 times this.

    Returns
    -------
    ndarray of int8, shape (n_people, n_sessions)
        A `Track`; undefined where the score is blank.

    Raises
    ------
    ParameterError
        If ``sd_of_difference`` is out of range, or shapes do not fit.
    """
    y = courses(scores).scores
    _check_difference(sd_of_difference)
    gained = better * (y - _first(y)[:, None])
    points = TWO_SIDED * sd_of_difference
    late = np.arange(y.shape[1]) >= NO_CHANGE_BY
    return np.select(
        [np.isnan(y), gained < -points, late & ~(gained > points)],
        [Track.UNDEFINED, Track.RED, Track.AMBER],
        Track.ON,
    ).astype(np.int8)


def _first(y: Array) -> Array:
    """First score of each person; ``nan`` without one."""
    if not y.shape[1]:
        return np.full(len(y), np.nan)
    first: Array = y[np.arange(len(y)), (~np.isnan(y)).argmax(axis=1)]
    return first


def _check_difference(sd_of_difference: float) -> None:
    if not 0 < sd_of_difference < np.inf:
        raise ParameterError(
            f"sd_of_difference must be above 0, got {sd_of_difference}."
        )


def _log_of(sessions: Array) -> Array:
    out: Array = np.log1p(sessions)
    return out


def _sessions(sessions: ArrayLike | None, n: int | None) -> Array:
    if sessions is None:
        return np.arange(n or 0, dtype=float)
    at = np.asarray(sessions, dtype=float)
    if at.ndim != 1 or (n is not None and at.size != n):
        raise ParameterError(
            f"sessions must have one axis, one for each score, got {at.shape}."
        )
    if not (np.isfinite(at) & (at >= 0)).all():
        raise ParameterError("sessions must be finite and 0 or more.")
    return at


def _z_of(band: float) -> float:
    if not 0 < band < 1:
        raise ParameterError(f"band must lie in (0, 1), got {band}.")
    return float(ndtri((1 + band) / 2))
