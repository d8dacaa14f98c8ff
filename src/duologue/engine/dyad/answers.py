r"""How answers come of a rating: as it is, cut off at the ends, rounded, or stretched.

A rating y* = nu + lam x + e may lie anywhere; an answer may not. Four readings of the
same answers, on a scale from ``low`` to ``high`` with ``n_answers`` equally spaced
answers, ``step`` apart:

- continuous: the answer is the rating;
- bounded: it is, but an answer at an end stands for every rating from half a step
  before it on;
- categories: each answer stands for every rating nearer to it than to another, the two
  outer ones for all beyond as well;
- logit: the answer, stretched so that the ends lie far out, is the rating:

.. math:: y^* = \frac{low + high}{2} + \frac{w}{4}
          \log \frac{y - low + c}{high + c - y}, \quad w = high - low + 2 c,

  whose slope is 1 in the middle, so that points there are the points of the scale.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from duologue.engine.dyad.model import Floats
from duologue.errors import ParameterError

_ROUNDING = 1e-6  # of a step, by which an answer may miss its category


class Kind(StrEnum):
    """How an answer comes of a rating."""

    CONTINUOUS = "continuous"
    BOUNDED = "bounded"
    CATEGORIES = "categories"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What may be answered, and what an answer stands for; ``scale`` makes one.

    Attributes
    ----------
    kind : Kind
        How an answer comes of a rating.
    low, high : ndarray, shape () or (2, n_ratings)
        The outermost answers, of every rating or each one's own.
    n_answers : int
        How many answers there are.
    shift : float
        The c of the logit, in points of the scale; nothing else uses it.
    """

    kind: Kind
    low: Floats
    high: Floats
    n_answers: int
    shift: float

    @property
    def step(self) -> Floats:
        """From one answer to the next, in points of the scale."""
        return np.asarray((self.high - self.low) / (self.n_answers - 1))

    @property
    def in_intervals(self) -> bool:
        """Whether some answers tell only between which two points a rating lies."""
        return self.kind in {Kind.BOUNDED, Kind.CATEGORIES}


def scale(
    kind: str = Kind.CONTINUOUS,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = 10.0,
    n_answers: int = 101,
    shift: float = 0.5,
) -> Scale:
    """Make a scale, by default that of a slider of 0 to 100 divided by 10.

    Parameters
    ----------
    kind : {"continuous", "bounded", "categories", "logit"}
        How an answer comes of a rating.
    low, high : array_like, shape () or (2, n_ratings)
        The outermost answers.
    n_answers : int >= 2
        How many answers there are, both ends counted.
    shift : float > 0
        The c of the logit: the smaller, the farther out the ends are stretched.

    Returns
    -------
    Scale

    Raises
    ------
    ParameterError
        If a value is out of range, ``low`` is not below ``high``, or their shape is
        another.
    """
    if kind not in tuple(Kind):
        raise ParameterError(f"kind must be one of {', '.join(Kind)}, got {kind!r}.")
    ends = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
    if not (np.isfinite(ends).all() and (ends[0] < ends[1]).all()):
        raise ParameterError("low must be a number below high, got another.")
    if ends[0].ndim and (ends[0].ndim != 2 or ends[0].shape[0] != 2):
        raise ParameterError(
            f"low must have shape () or (2, n_ratings), got {ends[0].shape}."
        )
    if n_answers < 2:
        raise ParameterError(f"n_answers must be 2 or more, got {n_answers}.")
    if not 0 < shift < np.inf:
        raise ParameterError(f"shift must be a positive number, got {shift}.")
    return Scale(
        kind=Kind(kind),
        low=ends[0],
        high=ends[1],
        n_answers=int(n_answers),
        shift=float(shift),
    )


def checked_answers(answers: ArrayLike, on: Scale) -> Floats:
    """Answers as an array of float, each one that the scale has.

    Parameters
    ----------
    answers : array_like, shape (..., 2, n_ratings)
        ``nan`` where blank.
    on : Scale
        The scale. A continuous one has every number.

    Returns
    -------
    ndarray, of the same shape

    Raises
    ------
    ParameterError
        If an answer lies beyond the ends, or off its category.
    """
    y = np.asarray(answers, dtype=float)
    if on.kind is Kind.CONTINUOUS:
        return y
    if ((y < on.low - _ROUNDING) | (y > on.high + _ROUNDING)).any():
        raise ParameterError("ratings must lie on the scale, got one beyond its ends.")
    place = (y - on.low) / on.step
    off = np.abs(place - np.round(place)) > _ROUNDING
    if on.kind is Kind.CATEGORIES and off.any():
        raise ParameterError("ratings must be categories, got one between two of them.")
    return np.asarray(np.clip(y, on.low, on.high))


def intervals(answers: ArrayLike, on: Scale) -> tuple[Floats, Floats]:
    """Between which points the rating of each answer lies.

    Parameters
    ----------
    answers : array_like, shape (..., 2, n_ratings)
        ``nan`` where blank.
    on : Scale
        A bounded one or one of categories.

    Returns
    -------
    lower, upper : ndarray, of the same shape
        Infinite beyond an end; the same number twice where the answer is the rating;
        ``nan`` where blank.

    Raises
    ------
    ParameterError
        If an answer is not on the scale.
    """
    y = checked_answers(answers, on)
    half = 0.5 * on.step
    at_low, at_high = y < on.low + half, y > on.high - half
    width = half if on.kind is Kind.CATEGORIES else 0.0
    lower = np.where(at_low, -np.inf, np.where(at_high, on.high - half, y - width))
    upper = np.where(at_high, np.inf, np.where(at_low, on.low + half, y + width))
    return lower, upper


def stretched(answers: ArrayLike, on: Scale) -> Floats:
    """Ratings of which the answers are a logit scale's; ``nan`` stays blank.

    Points beyond the scale by more than its shift have none: they become infinite.
    """
    share = np.clip(_share(answers, on), 0.0, 1.0)
    return np.asarray(_middle(on) + 0.25 * _width(on) * logit(share))


def log_slope(answers: ArrayLike, on: Scale) -> Floats:
    """Log of how much ``stretched`` stretches, the Jacobian of a density of answers."""
    share = _share(answers, on)
    return np.asarray(-np.log(4 * share * (1 - share)))


def shrunk(ratings: ArrayLike, on: Scale) -> Floats:
    """Answers of stretched ratings; those beyond an end become the end."""
    away = np.asarray(ratings, dtype=float) - _middle(on)
    answer = on.low - on.shift + _width(on) * expit(4 * away / _width(on))
    return np.asarray(np.clip(answer, on.low, on.high))


def _width(on: Scale) -> Floats:
    """Return the w of the logit."""
    return np.asarray(on.high - on.low + 2 * on.shift)


def _middle(on: Scale) -> Floats:
    return np.asarray(0.5 * (on.low + on.high))


def _share(answers: ArrayLike, on: Scale) -> Floats:
    """Where answers lie between the points that are stretched to no end, 0 to 1."""
    return np.asarray(
        (np.asarray(answers, dtype=float) - on.low + on.shift) / _width(on)
    )
