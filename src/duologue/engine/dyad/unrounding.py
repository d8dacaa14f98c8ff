"""Learning from answers that tell only between which points a rating lies.

Given a level, a rating is normal around nu + lam x with variance R, cut off at the two
points. It is drawn from that after each sweep, and the next sweep takes what was drawn
for the rating: the chain then visits ratings, levels and all else that is unknown
together (Tanner and Wong 1987).
"""

from dataclasses import replace

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from duologue.engine.dyad.answers import Scale, intervals
from duologue.engine.dyad.model import Floats, Nuisance
from duologue.engine.dyad.states import Answers, Between


def between(y: Floats, on: Scale) -> Between | None:
    """Find the ratings that are not known, and where they lie.

    Parameters
    ----------
    y : ndarray, shape (n_pairs, n_sessions, 2, n_ratings)
        Answers; ``nan`` where blank.
    on : Scale
        A bounded scale or one of categories.

    Returns
    -------
    Between or None
        ``None`` where every rating is known.

    Raises
    ------
    ParameterError
        If an answer is not on the scale.
    """
    lower, upper = (end.transpose(3, 2, 1, 0) for end in intervals(y, on))
    at = np.nonzero(lower < upper)
    if not len(at[0]):
        return None
    return Between(at=np.stack(at), lower=lower[at], upper=upper[at])


def with_drawn_ratings(
    answers: Answers, nuisance: Nuisance, x: Floats, rng: np.random.Generator
) -> Answers:
    """Draw the ratings that are not known, given the levels.

    Parameters
    ----------
    answers : Answers
        With what was drawn before.
    nuisance : Nuisance
        One draw.
    x : ndarray, shape (n_sessions, 2, n_pairs)
        Levels.
    rng : numpy.random.Generator
        Where chance comes from; not touched where every rating is known.

    Returns
    -------
    Answers
    """
    told = answers.between
    if told is None:
        return answers
    k, seat, session, pair = told.at
    place = seat, k
    mean = nuisance.nu[place] + nuisance.lam[place] * x[session, seat, pair]
    sd = np.sqrt(nuisance.R[place])
    z = drawn_between((told.lower - mean) / sd, (told.upper - mean) / sd, rng)
    ratings = answers.ratings.copy()
    ratings[k, seat, session, pair] = mean + sd * z
    return replace(answers, ratings=ratings)


def drawn_between(alpha: Floats, beta: Floats, rng: np.random.Generator) -> Floats:
    """Draw standard normals between two ends, far out in the tails too.

    Parameters
    ----------
    alpha, beta : ndarray, shape (n,)
        Lower and upper ends, alpha < beta; they may be infinite.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (n,)
    """
    # The upper tail is drawn from as the lower one, where small chances have digits.
    turned = alpha > 0
    below, above = np.where(turned, -beta, alpha), np.where(turned, -alpha, beta)
    log_above = log_ndtr(above)
    missed = -np.expm1(log_ndtr(below) - log_above) * rng.random(alpha.shape)
    z = np.clip(ndtri_exp(log_above + np.log1p(-missed)), below, above)
    return np.asarray(np.where(turned, -z, z))
