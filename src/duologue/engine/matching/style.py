"""Language style matching: function words, used by the two in like proportions.

A similarity of whole sessions says little of one session: a therapist and the client of
another session reach 98 hundredths of what the two themselves do. For averages over many
sessions and for comparing with earlier work.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.matching.pairs import Counts, Floats, Ints, seats_of
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError

EPSILON = 1e-4
"""Keeps a class that neither uses from dividing by zero: it matches fully."""

FEWEST_WORDS = 50
"""With fewer words by either there is no style to compare. Our choice."""


class Scale(StrEnum):
    """In which unit shares are compared: the epsilon weighs differently."""

    PERCENT = "percent"
    """0 to 100, as published."""

    PROPORTION = "proportion"
    """0 to 1: lower by .0003 on average, and by much for a class that one never uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleMatch:
    """How alike the two use function words over a session.

    Attributes
    ----------
    value : float
        Mean over the nine classes, 0 to 1; ``nan`` with too few words by either: 50 unless asked otherwise.
    by_class : ndarray, shape (9,)
        Of each class, in the order of `function_words.CLASSES`; ``nan`` likewise.
    n_words : tuple of int
        Words of (client, therapist).
    """

    value: float
    by_class: Floats
    n_words: Counts


def matching(
    one: ArrayLike, other: ArrayLike, *, scale: Scale = Scale.PERCENT
) -> Floats:
    r"""Return how alike two sets of shares are, class by class.

    .. math:: 1 - |p - q| / (p + q + .0001)

    Parameters
    ----------
    one, other : array_like, shape (...)
        Shares of a person's words, 0 to 1; they may be broadcast.
    scale : Scale
        In which unit they are compared.

    Returns
    -------
    ndarray, shape (...)
        0 to 1; ``nan`` where a share is.
    """
    unit = 100.0 if Scale(scale) is Scale.PERCENT else 1.0
    p, q = unit * np.asarray(one, np.float64), unit * np.asarray(other, np.float64)
    found: Floats = 1 - np.abs(p - q) / (p + q + EPSILON)
    return found


def shares(
    counts: ArrayLike,
    n_words: ArrayLike,
    seat: ArrayLike,
    *,
    fewest_words: int = FEWEST_WORDS,
) -> tuple[Floats, Counts]:
    """Return each seat's share of words in each class, over all of its turns.

    Parameters
    ----------
    counts : array_like of int, shape (n_turns, n_classes)
        Words of each class, as `function_words.count_classes` counts them.
    n_words : array_like of int, shape (n_turns,)
        All words of each turn.
    seat : array_like of int, shape (n_turns,)
        0 client, 1 therapist, -1 neither.
    fewest_words : int
        With fewer a seat has no share of anything, 1 or more.

    Returns
    -------
    ndarray, shape (2, n_classes)
        0 to 1, client first; ``nan`` for a seat with too few words.
    tuple of int
        Words of each seat.

    Raises
    ------
    ParameterError
        If the arrays are not of as many turns each, a seat is not -1, 0 or 1, or
        ``fewest_words`` is below 1.
    """
    of_class, words, seats = counted(counts, n_words, seat)
    if fewest_words < 1:
        raise ParameterError(f"fewest_words must be 1 or more, got {fewest_words}.")
    profile = np.full((2, of_class.shape[1]), np.nan)
    total = [int(words[seats == own].sum()) for own in SEATS]
    for own in SEATS:
        if total[own] >= fewest_words:
            profile[own] = of_class[seats == own].sum(axis=0) / total[own]
    return profile, (total[0], total[1])


def style_matching(
    counts: ArrayLike,
    n_words: ArrayLike,
    seat: ArrayLike,
    *,
    scale: Scale = Scale.PERCENT,
    fewest_words: int = FEWEST_WORDS,
) -> StyleMatch:
    """Compare the styles of the two over a whole session (LSM).

    **Not for telling of one session**: what it says of strangers is nearly as high, and
    it rises with length (r .58 with the logarithm of words, on AnnoMI).

    Parameters
    ----------
    counts, n_words, seat : array_like
        As for `shares`.
    scale : Scale
        Percentages as published, or proportions.
    fewest_words : int
        As for `shares`.

    Returns
    -------
    StyleMatch

    Raises
    ------
    ParameterError
        As for `shares`.

    References
    ----------
    Gonzales, A. L., Hancock, J. T., & Pennebaker, J. W. (2010). Language style matching
    as a predictor of social dynamics in small groups. Communication Research, 37, 3-19.
    Ireland, M. E., & Pennebaker, J. W. (2010). Journal of Personality and Social
    Psychology, 99, 549-571.
    """
    profile, total = shares(counts, n_words, seat, fewest_words=fewest_words)
    by_class = matching(profile[0], profile[1], scale=scale)
    return StyleMatch(value=float(by_class.mean()), by_class=by_class, n_words=total)


def counted(
    counts: ArrayLike, n_words: ArrayLike, seat: ArrayLike
) -> tuple[Ints, Ints, Ints]:
    """Return them as arrays, or refuse what is not of as many turns each.

    Raises
    ------
    ParameterError
        If the numbers of turns differ, or a seat is not -1, 0 or 1.
    """
    seats = seats_of(seat)
    of_class = np.asarray(counts, dtype=np.int64)
    words = np.asarray(n_words, dtype=np.int64)
    if of_class.ndim != 2 or len(of_class) != seats.size or words.shape != seats.shape:
        raise ParameterError(
            "counts, n_words and seat must be of as many turns each, got the shapes "
            f"{of_class.shape}, {words.shape} and {seats.shape}."
        )
    return of_class, words, seats
