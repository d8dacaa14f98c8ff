"""Which scale the answers of a caseload are best read on: the one that foretells best."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import Scale
from duologue.engine.dyad.forecasts import N_POINTS, one_step_ahead
from duologue.engine.dyad.model import Floats
from duologue.engine.dyad.population import Population
from duologue.errors import ParameterError

N_ERRORS = 2.0
"""By how many of its standard errors another scale must be better than the default."""

MIN_PAIRS = 10
"""Fewest pairs from which a scale is chosen: with fewer the error itself is a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The scale that is chosen, and what for.

    Attributes
    ----------
    name : str
        Of the option.
    log_score : dict of str to float
        Of each option, summed over all answers of all pairs.
    crps : dict of str to float
        Of each option, the mean over all answers, in points of the scale.
    gain, gain_error : dict of str to float
        By how much its log score is larger than the default's, and the standard error
        of that; 0 and 0 for the default.
    n_pairs, n_answers : int
        What it rests on.
    """

    name: str
    log_score: dict[str, float]
    crps: dict[str, float]
    gain: dict[str, float]
    gain_error: dict[str, float]
    n_pairs: int
    n_answers: int


def chosen(
    ratings: ArrayLike,
    options: Mapping[str, tuple[Scale, Population]],
    *,
    default: str = "continuous",
    n_points: int = N_POINTS,
) -> Choice:
    r"""Choose the scale on which the next session's answers were foretold best.

    With :math:`d_p` the log score of a pair's answers less that under the default, an
    option gains :math:`\sum_p d_p`, with standard error :math:`\sqrt{n} \, sd(d_p)`. The
    default stays unless an option gains more than two standard errors; of several such,
    the one with the largest log score is chosen.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        Answers of pairs from which no population was learned; ``nan`` where blank. Pairs
        without any answer are left out.
    options : mapping of str to (Scale, Population)
        What to choose from. All scales have the same answers; each population is one of
        its scale's ratings (for a logit scale learned from ``answers.stretched`` ones).
    default : str
        The option that stays unless another is clearly better.
    n_points : int, even, 16 or more
        As for ``forecasts.one_step_ahead``.

    Returns
    -------
    Choice

    Raises
    ------
    ParameterError
        If the default is not an option, scales differ in their answers, fewer than
        10 pairs answered anything, or an answer is not on a scale.
    """
    y = _checked(ratings, options, default)
    n_answers = int((~np.isnan(y)).sum())
    log_scores, crps = {}, {}
    for name, (scale, population) in options.items():
        each = [
            one_step_ahead(pair, population, scale=scale, n_points=n_points)
            for pair in y
        ]
        log_scores[name] = np.array([np.nansum(scores.log_score) for scores in each])
        crps[name] = sum(float(np.nansum(scores.crps)) for scores in each) / n_answers
    gains = {name: own - log_scores[default] for name, own in log_scores.items()}
    gain = {name: float(own.sum()) for name, own in gains.items()}
    error = {
        name: float(math.sqrt(len(y)) * own.std(ddof=1)) for name, own in gains.items()
    }
    better = [name for name in options if gain[name] > N_ERRORS * error[name]]
    return Choice(
        name=max(better, key=gain.__getitem__, default=default),
        log_score={name: float(own.sum()) for name, own in log_scores.items()},
        crps=crps,
        gain=gain,
        gain_error=error,
        n_pairs=len(y),
        n_answers=n_answers,
    )


def _checked(
    ratings: ArrayLike, options: Mapping[str, tuple[Scale, Population]], default: str
) -> Floats:
    """Give the ratings of all pairs that answered anything."""
    if default not in options:
        raise ParameterError(f"default must be one of the options, got {default!r}.")
    first, *others = (scale for scale, _ in options.values())
    for scale in others:
        alike = scale.n_answers == first.n_answers and (
            np.array_equal(scale.low, first.low)
            and np.array_equal(scale.high, first.high)
        )
        if not alike:
            raise ParameterError("options must have the same answers, got others.")
    y: Floats = np.asarray(ratings, dtype=float)
    if y.ndim != 4:
        raise ParameterError(
            f"ratings must have shape (n_pairs, n_sessions, 2, n_ratings), got {y.shape}."
        )
    y = y[~np.isnan(y).all(axis=(1, 2, 3))]
    if len(y) < MIN_PAIRS:
        raise ParameterError(
            f"ratings must be those of {MIN_PAIRS} pairs or more, got {len(y)}."
        )
    return y
