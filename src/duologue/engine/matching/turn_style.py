"""Style matching from turn to turn (Duologue form): for averages over many sessions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.matching.pairs import (
    MIN_WORDS,
    Floats,
    Pair,
    TurnPairs,
    neighbouring,
)
from duologue.engine.matching.style import Scale, counted, matching
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMatch:
    """Turn-level matching of style (Duologue form); pairs are (client, therapist).

    Attributes
    ----------
    follows : tuple of float
        Mean over the pairs in which that seat speaks second, 0 to 1; ``nan`` where
        there is none.
    difference : float
        The therapist's less the client's.
    mean : float
        Of all pairs together.
    values : ndarray, shape (n_pairs,)
        Of each pair; ``nan`` where the first speaker used no function word.
    pairs : TurnPairs
        Which turns they are of.
    """

    follows: Pair
    difference: float
    mean: float
    values: Floats
    pairs: TurnPairs


def turn_matching(
    counts: ArrayLike,
    n_words: ArrayLike,
    seat: ArrayLike,
    *,
    min_words: int = MIN_WORDS,
) -> TurnMatch:
    """Compare the style of each turn with the turn before it: our own form.

    Of each pair, the mean match over the classes that its first speaker used, of shares
    in proportions. Reciprocal matching is Müller-Frommeyer's idea (2019); this is not
    her formula.

    Parameters
    ----------
    counts, n_words, seat : array_like
        As for `shares`.
    min_words : int
        Both turns of a pair have so many words or more, 1 or more.

    Returns
    -------
    TurnMatch

    Raises
    ------
    ParameterError
        As for `shares`, or if ``min_words`` is below 1.
    """
    of_class, words, seats = counted(counts, n_words, seat)
    if min_words < 1:
        raise ParameterError(f"min_words must be 1 or more, got {min_words}.")
    pairs = neighbouring(seats, words, min_words=min_words)
    profile = of_class / np.maximum(words, 1)[:, None]
    values = matched_turns(profile[pairs.first], profile[pairs.second])
    client, therapist = (_mean(values[pairs.responder == own]) for own in SEATS)
    return TurnMatch(
        follows=(client, therapist),
        difference=therapist - client,
        mean=_mean(values),
        values=values,
        pairs=pairs,
    )


def matched_turns(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the match of turns over the classes that their first speaker used.

    Parameters
    ----------
    first, second : array_like, shape (..., n_classes)
        Shares of the words of each turn, 0 to 1; they may be broadcast.

    Returns
    -------
    ndarray, shape (...)
        0 to 1; ``nan`` where the first speaker used none of the classes.
    """
    p, q = np.asarray(first, np.float64), np.asarray(second, np.float64)
    shape = np.broadcast_shapes(p.shape, q.shape)[:-1]
    total, n_used = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    for k in range(p.shape[-1]):  # a table of all classes at once takes much memory
        used = p[..., k] > 0
        alike = matching(p[..., k], q[..., k], scale=Scale.PROPORTION)
        total += np.where(used, alike, 0.0)
        n_used += used
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(n_used > 0, total / n_used, np.nan)
    return found


def _mean(values: Floats) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if there.size else float("nan")
