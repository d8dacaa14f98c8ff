"""Whether a course as a whole goes up or down: its slope among those of a caseload."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Better, Reason
from duologue.engine.change.courses import Courses, courses
from duologue.engine.change.mixed import NOTHING, Array, MixedModel, effects, fit_mixed
from duologue.engine.change.reliable import TWO_SIDED, category_of
from duologue.errors import ParameterError

MIN_SCORES = 3
"""Fewest scores of a course whose slope is judged; others are left out of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """The slope of each course, and what it says.

    Attributes
    ----------
    total : ndarray, shape (n_courses,)
        Slope in points a unit of time, the caseload's mean slope within it; ``nan``
        where undefined.
    random : ndarray, shape (n_courses,)
        What of it differs from the mean slope.
    sd : ndarray, shape (n_courses,)
        Standard deviation of the random part, given the scores and the model.
    values : ndarray, shape (n_courses,)
        The index: total slope over ``sd`` (with ``compat`` the random part over it).
    category : ndarray of int8, shape (n_courses,)
        A `Category`: improved, unchanged, deteriorated or undefined.
    reason : ndarray of int8, shape (n_courses,)
        Why it is undefined: a `Reason`.
    model : MixedModel or None
        What was learned from the caseload; ``None`` where nothing could be.
    """

    total: Array
    random: Array
    sd: Array
    values: Array
    category: NDArray[np.int8]
    reason: NDArray[np.int8]
    model: MixedModel | None


def slopes(
    scores: ArrayLike,
    *,
    better: Better,
    times: ArrayLike | None = None,
    instrument: ArrayLike | None = None,
    z: float = TWO_SIDED,
    compat: bool = False,
) -> Slopes:
    r"""Judge each course by its slope in a mixed model of the whole caseload.

    .. math:: y_{ij} = b_0 + u_{0i} + (b_1 + u_{1i}) t_{ij} + e_{ij}, \qquad
              index = (b_1 + u_{1i}) / sd(u_{1i} | y)

    by restricted likelihood (`mixed.fit_mixed`). Whether somebody improved asks for
    the whole slope. The random part alone asks whether they differ from the others:
    where all improve, half of them would be called deteriorated.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        In the instrument's own points; ``nan`` where blank (left out).
    better : Better
        Which way is better.
    times : array_like, shape (n_sessions,) or (n_courses, n_sessions), optional
        When scores were given, in any unit; 0, 1, 2, ... where left out.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        As for `courses.courses`.
    z : float > 0
        Changed is strictly beyond it.
    compat : bool
        The random part alone, as clinicalsignificance 3.0.0.9000 has it.

    Returns
    -------
    Slopes
        Undefined with fewer than 3 scores (`Reason.FEW_SCORES`), two instruments, or
        where slopes do not differ over courses or the model cannot be learned
        (``NO_SPREAD``, ``FEW_PEOPLE``).

    Raises
    ------
    ParameterError
        If shapes do not fit, a value is infinite, a time is missing where there is a
        score, or ``z`` is not positive.

    Notes
    -----
    The standard deviation takes the model as known, and with it the mean slope.
    """
    if not z > 0:
        raise ParameterError(f"z must be above 0, got {z}.")
    found = courses(scores, instrument=instrument)
    x = times_of(found, times)
    few = (~np.isnan(found.scores)).sum(axis=1) < MIN_SCORES
    y = np.where(few[:, None], np.nan, found.scores)
    model, why = fit_mixed(y, x)
    short = np.where(found.reason == Reason.NONE, Reason.FEW_SCORES, found.reason)
    random, sd = np.full((2, len(y)), np.nan)
    if model is not None:
        u, covariance = effects(model, y, x)
        random, sd = u[:, 1], np.sqrt(covariance[:, 1, 1])
        why = Reason.NONE if _differ(model, y, x) else Reason.NO_SPREAD
    reason = np.where(few, short, why).astype(np.int8)
    undefined = reason != Reason.NONE
    random, sd = (np.where(undefined, np.nan, part) for part in (random, sd))
    total = random + (np.nan if model is None else model.fixed[1])
    values = (random if compat else total) / sd
    return Slopes(
        total=total,
        random=random,
        sd=sd,
        values=values,
        category=category_of(better * values, z, -z, strict=True),
        reason=reason,
        model=model,
    )


def times_of(found: Courses, times: ArrayLike | None) -> Array:
    """Check times against scores; 0, 1, 2, ... where there are none.

    Parameters
    ----------
    found : Courses
        The scores.
    times : array_like, shape (n_sessions,) or (n_courses, n_sessions), or None
        As given.

    Returns
    -------
    ndarray, shape (n_courses, n_sessions)
        0 where there is no score.

    Raises
    ------
    ParameterError
        If the shape does not fit, or a score has no finite time.
    """
    y = found.scores
    x = (
        np.arange(y.shape[1], dtype=float)
        if times is None
        else np.asarray(times, float)
    )
    if x.shape not in {y.shape, y.shape[1:]}:
        raise ParameterError(
            f"times must have shape {y.shape[1:]} or {y.shape}, got {x.shape}."
        )
    x = np.where(np.isnan(y), 0.0, x)
    if not np.isfinite(x).all():
        raise ParameterError("times must be finite wherever there is a score.")
    return x


def _differ(model: MixedModel, y: Array, x: Array) -> bool:
    """Whether slopes differ over courses by more than digits."""
    spread = np.nanvar(np.where(np.isnan(y), np.nan, x))
    return bool(model.G[1, 1] * spread > NOTHING * model.residual)
