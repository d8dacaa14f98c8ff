"""How well couplings foretell a pair's ratings, its set-point integrated exactly."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import (
    Kind,
    Scale,
    checked_answers,
    log_slope,
    stretched,
)
from duologue.engine.dyad.components import course_at_end, in_front
from duologue.engine.dyad.filtering import Filter, ended, mean_and_slope, of_u
from duologue.engine.dyad.gaps import steps
from duologue.engine.dyad.intervals import Heard, heard, meet_in_intervals
from duologue.engine.dyad.model import (
    Bools,
    Floats,
    Nuisance,
    couplings,
    leading_shape,
    matrix_of,
    n_ratings,
)
from duologue.engine.dyad.said import LOG_2_PI, Said, checked_ratings, said
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """The filter after each session, for every point.

    The leading axes (...) are those of the couplings and the draws together. Given the
    deviation u of the set-point from ``bm``, the levels after session j are
    N(mean_j + slope_j u, cov_j); u itself is N(u_mean_j, u_cov_j).

    Attributes
    ----------
    log_likelihood : ndarray, shape (...)
        Log density of all ratings.
    so_far : ndarray, shape (..., n_sessions)
        Log density of the ratings up to each session.
    mean, slope, cov : ndarray, shape (..., n_sessions, 2), (..., n_sessions, 2, 2)
        After each session's ratings.
    mean_before, slope_before, cov_before : ndarray
        The same before them.
    u_mean, u_cov : ndarray, shape (..., n_sessions, 2), (..., n_sessions, 2, 2)
        What is known of u after each session.
    B, Q : tuple of ndarray, each of shape (..., 2, 2)
        The couplings and innovations of each step, one fewer than sessions.
    """

    log_likelihood: Floats
    so_far: Floats
    mean: Floats
    slope: Floats
    cov: Floats
    mean_before: Floats
    slope_before: Floats
    cov_before: Floats
    u_mean: Floats
    u_cov: Floats
    B: tuple[Floats, ...]
    Q: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What the filter walks along."""

    shape: tuple[int, ...]
    said: Said | Heard
    nuisance: Nuisance
    B: list[Floats]
    Q: list[Floats]
    there: Bools


def log_likelihood(
    ratings: ArrayLike,
    b: ArrayLike,
    nuisance: Nuisance,
    *,
    gaps: ArrayLike | None = None,
    scale: Scale | None = None,
) -> Floats:
    """Log density of a pair's ratings given couplings, with the set-point integrated.

    Exact: the same as the multivariate normal density of all ratings at once.

    Parameters
    ----------
    ratings : array_like, shape (n_sessions, 2, n_ratings)
        In points of the scale, client first; ``nan`` where blank, which is left out.
    b : array_like, shape (..., 4)
        Couplings: the points.
    nuisance : Nuisance
        One draw, or a stack whose leading axes broadcast against those of ``b``: a
        draw for each point, or of shape (n_draws, 1) for ``b`` (n_draws, n_points, 4).
    gaps : array_like > 0, shape (n_sessions - 1,), optional
        Length of each step in usual gaps; without it every step is one.
    scale : Scale, optional
        How answers come of ratings; without it they are the ratings. On a bounded scale
        or one of categories what is answered in between two points counts with the
        chance of it, not its density, and levels are taken to be normal after each
        session (``intervals``), so that nothing is exact any more.

    Returns
    -------
    ndarray, shape (...)
        ``-inf`` where ``gaps`` are given and couplings have no such step. Couplings
        that are not stable have a density too; what they may be is the prior's matter.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite or not on the scale, or a gap is
        not positive.

    References
    ----------
    Durbin, J., & Koopman, S. J. (2012). Time Series Analysis by State Space Methods
    (2nd ed.). Oxford: section 5.2, the augmented filter.
    """
    course = _course(ratings, b, nuisance, gaps, scale)
    walked, constant = Filter(nuisance, course.shape), np.zeros(())
    each_step = _steps(course)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for session in range(course.said.seen.shape[0]):
            if session:
                walked.step(*each_step[session - 1])
            constant = constant + _meet(walked, course.said, session)
        return _log_likelihood(walked, constant, course)


def filtered(
    ratings: ArrayLike,
    b: ArrayLike,
    nuisance: Nuisance,
    *,
    gaps: ArrayLike | None = None,
    scale: Scale | None = None,
) -> Filtered:
    """Filter as ``log_likelihood`` does, and keep where it stood at every session.

    Parameters
    ----------
    ratings, b, nuisance, gaps, scale
        As for ``log_likelihood``.

    Returns
    -------
    Filtered

    Raises
    ------
    ParameterError
        As for ``log_likelihood``, and if couplings have no step of a given gap.
    """
    course = _course(ratings, b, nuisance, gaps, scale)
    if not course.there.all():
        raise ParameterError("b must be couplings that have every gap, got others.")
    return _filtered(course)


def filtered_together(ratings: ArrayLike, b: ArrayLike, nuisance: Nuisance) -> Filtered:
    """Filter several pairs at once, whoever of them answered when.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        In points of the scale; ``nan`` where blank, which is left out.
    b : array_like, shape (n_pairs, n_draws, n_points, 4)
        Couplings, each pair's own.
    nuisance : Nuisance
        A stack of leading shape (n_draws, 1).

    Returns
    -------
    Filtered
        Of leading shape (n_pairs, n_draws, n_points); ``Q`` is without the pairs. Each
        pair's is what ``filtered`` gives of it alone.

    Raises
    ------
    ParameterError
        If a shape does not fit or a rating is infinite.
    """
    y, array = np.asarray(ratings, dtype=float), couplings(b)
    if y.ndim != 4 or array.ndim != 4 or len(y) != len(array):
        raise ParameterError(
            f"b must have shape (n_pairs, n_draws, n_points, 4) for the pairs of "
            f"ratings, {y.shape}, got {array.shape}."
        )
    told = said(y[:, np.newaxis, np.newaxis], nuisance)
    n_steps, shape = y.shape[1] - 1, array.shape[:-1]
    return _filtered(
        _Course(
            shape=shape,
            said=told,
            nuisance=nuisance,
            B=[matrix_of(array)] * n_steps,
            Q=[nuisance.Q] * n_steps,
            there=np.ones(shape, dtype=bool),
        )
    )


def _filtered(course: _Course) -> Filtered:
    walked = Filter(course.nuisance, course.shape)
    sessions = (course.said.seen.shape[-2], *course.shape)
    before, after = _Stood(sessions), _Stood(sessions)
    constants, each_step = np.zeros(sessions), _steps(course)
    for session in range(sessions[0]):
        if session:
            walked.step(*each_step[session - 1])
        before.note(walked, session)
        constants[session] = _meet(walked, course.said, session)
        walked.take_log()
        after.note(walked, session)
    Sm = walked.Sm[:, :, np.newaxis]
    u_mean, u_cov = of_u(after.gathered, Sm)
    constants = np.cumsum(constants, axis=0)
    so_far = ended(after.log_density, after.gathered, Sm) + constants
    so_far = course_at_end(np.where(course.there, so_far, -np.inf), 0)
    mean, slope = mean_and_slope(after.X, walked.bm[:, np.newaxis])
    mean_before, slope_before = mean_and_slope(before.X, walked.bm[:, np.newaxis])
    return Filtered(
        log_likelihood=so_far[..., -1],
        so_far=so_far,
        mean=course_at_end(mean, 1),
        slope=course_at_end(slope, 2),
        cov=course_at_end(after.P, 2),
        mean_before=course_at_end(mean_before, 1),
        slope_before=course_at_end(slope_before, 2),
        cov_before=course_at_end(before.P, 2),
        u_mean=course_at_end(u_mean, 1),
        u_cov=course_at_end(u_cov, 2),
        B=tuple(course.B),
        Q=tuple(course.Q),
    )


class _Stood:
    """Where the filter stood at every session; the session is the axis before (...)."""

    def __init__(self, sessions: tuple[int, ...]) -> None:
        self.X, self.P = np.empty((2, 3, *sessions)), np.empty((2, 2, *sessions))
        self.gathered, self.log_density = np.empty((6, *sessions)), np.empty(sessions)

    def note(self, walked: Filter, session: int) -> None:
        """Write down where it stands."""
        self.X[:, :, session], self.P[:, :, session] = walked.X, walked.P
        self.gathered[:, session] = walked.gathered
        self.log_density[session] = walked.log_density


def _course(
    ratings: ArrayLike,
    b: ArrayLike,
    nuisance: Nuisance,
    gaps: ArrayLike | None,
    scale: Scale | None,
) -> _Course:
    array, told = couplings(b), _told(ratings, nuisance, scale)
    if told.seen.ndim != 2:
        raise ParameterError("ratings must be those of one pair, got several.")
    try:
        shape = np.broadcast_shapes(array.shape[:-1], leading_shape(nuisance))
    except ValueError:
        raise ParameterError(
            f"b must have leading axes that fit {leading_shape(nuisance)}, "
            f"got {array.shape[:-1]}."
        ) from None
    n_steps = told.seen.shape[0] - 1
    if gaps is None:
        B, Q = [matrix_of(array)] * n_steps, [nuisance.Q] * n_steps
        there = np.ones(shape, dtype=bool)
    else:
        B, Q, there = steps(array, nuisance.Q, checked_gaps(gaps, n_steps))
    return _Course(shape=shape, said=told, nuisance=nuisance, B=B, Q=Q, there=there)


def _steps(course: _Course) -> list[tuple[Floats, Floats]]:
    """B and Q of every step, their own axes in front; made once where steps are alike."""
    n, made = len(course.shape), {}
    for part in (*course.B, *course.Q):
        if id(part) not in made:
            made[id(part)] = in_front(part, 2, n)
    return [(made[id(B)], made[id(Q)]) for B, Q in zip(course.B, course.Q, strict=True)]


def _told(ratings: ArrayLike, nuisance: Nuisance, scale: Scale | None) -> Said | Heard:
    """Gather what ratings say of levels, on their scale."""
    if scale is None or scale.kind is Kind.CONTINUOUS:
        return said(ratings, nuisance)
    if scale.in_intervals:
        return heard(ratings, nuisance, scale)
    y = checked_answers(checked_ratings(ratings, n_ratings(nuisance)), scale)
    told = said(stretched(y, scale), nuisance)
    slopes = np.where(np.isnan(y), 0.0, log_slope(y, scale)).sum(axis=(-1, -2))
    return replace(told, constant=told.constant + slopes)


def checked_gaps(gaps: ArrayLike, n_steps: int) -> Floats:
    """Gaps as an array of float, one for each step.

    Raises
    ------
    ParameterError
        If there are more or fewer, or one is not a positive number.
    """
    array = np.asarray(gaps, dtype=float)
    if array.shape != (n_steps,):
        raise ParameterError(f"gaps must have shape ({n_steps},), got {array.shape}.")
    if not (np.isfinite(array) & (array > 0)).all():
        raise ParameterError("gaps must be positive numbers, got others.")
    return array


def _meet(walked: Filter, told: Said | Heard, session: int) -> Floats | float:
    """Meet a session's ratings; returns what the filter's log density lacks of theirs."""
    if isinstance(told, Heard):
        if told.is_open[session]:
            return meet_in_intervals(walked, told, session)
        told = told.known
    for seat in (0, 1):
        place = (..., session, seat)
        seen = told.seen[place]
        if seen.any():
            of_some = None if seen.all() else seen
            walked.update(seat, told.value[place], told.variance[place], of_some)
    n_met = told.seen[..., session, :].sum(axis=-1)
    return np.asarray(told.constant[..., session] - 0.5 * LOG_2_PI * n_met)


def _log_likelihood(walked: Filter, constant: Floats, course: _Course) -> Floats:
    return np.where(course.there, walked.end() + constant, -np.inf)
