r"""All that the ratings of one form say of a level: one weighted mean.

Several ratings y_k = nu_k + lam_k x + e_k of one person in one session say of x what a
single rating of it would,

.. math:: z = v \sum_k \lambda_k (y_k - \nu_k) / R_k, \qquad
          1 / v = \sum_k \lambda_k^2 / R_k,

with error variance v. What is lost is the part of their density in which x does not
occur; it is kept as a constant. So a filter meets each seat once a session, however
many ratings there are, and in whatever order.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.components import course_at_end, in_front
from duologue.engine.dyad.model import Bools, Floats, Nuisance, leading_shape, n_ratings
from duologue.errors import ParameterError

LOG_2_PI = math.log(2 * math.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What each said of their level in each session.

    Attributes
    ----------
    seen : ndarray of bool, shape (..., n_sessions, 2)
        Whether there is any rating; the leading axes are those of the ratings alone.
    value, variance : ndarray, shape (..., n_sessions, 2)
        The weighted mean z and its error variance v; 0 and 1 where nothing was said.
    constant : ndarray, shape (..., n_sessions)
        The part of the log density of each session's ratings that no level changes.
    """

    seen: Bools
    value: Floats
    variance: Floats
    constant: Floats


def said(ratings: ArrayLike, nuisance: Nuisance) -> Said:
    """Weigh the ratings of every form into one.

    Parameters
    ----------
    ratings : array_like, shape (..., n_sessions, 2, n_ratings)
        In points of the scale; ``nan`` where blank, which is left out.
    nuisance : Nuisance
        One draw, or a stack whose leading axes broadcast against those of ``ratings``.

    Returns
    -------
    Said

    Raises
    ------
    ParameterError
        If the shape is another, there is no session, or a rating is infinite.
    """
    y = checked_ratings(ratings, n_ratings(nuisance))
    # The axes of draws stand last here: then each rating of all draws is one piece.
    n_leading = max(y.ndim - 3, len(leading_shape(nuisance)))
    told = in_front(y, 3, n_leading)
    nu, lam, R = (
        in_front(part, 2, n_leading) for part in (nuisance.nu, nuisance.lam, nuisance.R)
    )
    present = ~np.isnan(told)
    seen, each = present.any(axis=2), lam / R
    above = np.where(present, told, nu) - nu
    variance = 1 / np.where(seen, (present * (lam * each)).sum(axis=2), 1.0)
    value = variance * (above * each).sum(axis=2)
    logs = (present * (LOG_2_PI + np.log(R))).sum(axis=(1, 2))
    # The variance is 1 where nothing was said: one log tells those of both seats.
    logs -= LOG_2_PI * seen.sum(axis=1) + np.log(variance[:, 0] * variance[:, 1])
    if told.shape[2] > 1:  # a single rating is its mean
        misfit = above - lam * value[:, :, np.newaxis]
        logs += (present * (misfit * misfit / R)).sum(axis=(1, 2))
    return Said(
        seen=np.asarray(~np.isnan(y).all(axis=-1)),
        value=course_at_end(value.swapaxes(0, 1), 1),
        variance=course_at_end(variance.swapaxes(0, 1), 1),
        constant=course_at_end(-0.5 * logs, 0),
    )


def checked_ratings(ratings: ArrayLike, n_ratings: int) -> Floats:
    """Ratings as an array of float, shape (..., n_sessions, 2, n_ratings).

    Raises
    ------
    ParameterError
        If the shape is another, there is no session, or a rating is infinite.
    """
    y = np.asarray(ratings, dtype=float)
    if y.ndim < 3 or y.shape[-2:] != (2, n_ratings) or y.shape[-3] == 0:
        raise ParameterError(
            f"ratings must have shape (..., n_sessions, 2, {n_ratings}), got {y.shape}."
        )
    if np.isinf(y).any():
        raise ParameterError("ratings must be finite or nan, got an infinite one.")
    return y
