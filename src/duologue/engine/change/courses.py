"""Courses of scores: one instrument each, their two ends, and totals of answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Reason
from duologue.errors import ParameterError

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Scores of one instrument.

    Attributes
    ----------
    scores : ndarray, shape (n_courses, n_sessions)
        In the instrument's own points; ``nan`` where blank, and throughout a course
        in which the instrument changed.
    reason : ndarray of int8, shape (n_courses,)
        `Reason.TWO_INSTRUMENTS` there, `Reason.BLANK` where a course has no score,
        else `Reason.NONE`.
    """

    scores: Scores
    reason: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The first and the last score of each course.

    Attributes
    ----------
    pre, post : ndarray, shape (n_courses,)
        ``nan`` with fewer than two scores, or two instruments.
    reason : ndarray of int8, shape (n_courses,)
        Why they are ``nan``: a `Reason`.
    """

    pre: Scores
    post: Scores
    reason: NDArray[np.int8]


def courses(scores: ArrayLike, *, instrument: ArrayLike | None = None) -> Courses:
    """Take scores as courses of one instrument.

    Two instruments are never mixed: a course in which the instrument changed becomes
    blank and says why; courses that differ from each other must be asked apart.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        In the instrument's own points; ``nan`` where blank.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        A code of the instrument (or version) of each score; read only where there is
        a score. Without it the caller vouches for one instrument.

    Returns
    -------
    Courses
        A copy; what was given is left as it is.

    Raises
    ------
    ParameterError
        If the shapes differ, a score is infinite, or two courses are of different
        instruments.
    """
    y = np.array(scores, dtype=float)
    if y.ndim != 2:
        raise ParameterError(
            f"scores must have two axes, courses and sessions, got {y.ndim}."
        )
    if np.isinf(y).any():
        raise ParameterError("scores must be finite or nan, got an infinite one.")
    changed = np.zeros(len(y), dtype=bool)
    if instrument is not None:
        changed = _changed(y, np.asarray(instrument))
        y[changed] = np.nan
    blank = np.isnan(y).all(axis=1)
    reason = np.select(
        [changed, blank], [Reason.TWO_INSTRUMENTS, Reason.BLANK], Reason.NONE
    )
    return Courses(scores=y, reason=reason.astype(np.int8))


def ends(scores: ArrayLike, *, instrument: ArrayLike | None = None) -> Ends:
    """Find the first and the last score of each course.

    Parameters
    ----------
    scores, instrument : array_like, shape (n_courses, n_sessions)
        As for `courses`; blanks are passed over.

    Returns
    -------
    Ends
        With `Reason.FEW_SCORES` where there are fewer than two scores.

    Raises
    ------
    ParameterError
        As for `courses`.

    Examples
    --------
    >>> found = ends([[float("nan"), 14, 9], [11, float("nan"), float("nan")]])
    >>> print(found.pre, found.post, Reason(found.reason[1]).name)
    [14. nan] [ 9. nan] FEW_SCORES
    """
    found = courses(scores, instrument=instrument)
    there = ~np.isnan(found.scores)
    few = there.sum(axis=1) < 2
    reason = np.where(
        (found.reason == Reason.NONE) & few, Reason.FEW_SCORES, found.reason
    )
    if not found.scores.shape[1]:
        none = np.full(len(found.scores), np.nan)
        return Ends(pre=none, post=none.copy(), reason=found.reason)
    rows = np.arange(len(there))
    first = there.argmax(axis=1)
    last = there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return Ends(
        pre=np.where(few, np.nan, found.scores[rows, first]),
        post=np.where(few, np.nan, found.scores[rows, last]),
        reason=reason.astype(np.int8),
    )


def two_scores(pre: ArrayLike, post: ArrayLike) -> tuple[Scores, Scores]:
    """Check two scores of each course.

    Parameters
    ----------
    pre, post : array_like, shape (...)
        ``nan`` where blank.

    Returns
    -------
    pre, post : ndarray, shape (...)
        The same, as numbers.

    Raises
    ------
    ParameterError
        If the two differ in shape or a score is infinite.
    """
    x1, x2 = np.asarray(pre, dtype=float), np.asarray(post, dtype=float)
    if x1.shape != x2.shape:
        raise ParameterError(
            f"pre and post must have the same shape, got {x1.shape} and {x2.shape}."
        )
    if np.isinf(x1).any() or np.isinf(x2).any():
        raise ParameterError("pre and post must be finite or nan, got an infinite one.")
    return x1, x2


def totals(
    answers: ArrayLike,
    *,
    lowest: float,
    highest: float,
    turned: Sequence[int] = (),
    max_blank: int = 0,
) -> Scores:
    """Add the answers of many forms to totals.

    A few blanks may be made up by the mean of the other answers, where the
    instrument allows it: the total is then ``n_items`` times that mean.

    Parameters
    ----------
    answers : array_like, shape (..., n_items)
        As they were given; ``nan`` where blank.
    lowest, highest : float
        The ends of an item's scale, as given.
    turned : sequence of int
        Places of the items that count the other way: lowest + highest - answer.
    max_blank : int >= 0
        How many blank items a total may have.

    Returns
    -------
    ndarray, shape (...)
        ``nan`` where more items are blank than that, or all.

    Raises
    ------
    ParameterError
        If ``lowest`` is not below ``highest``, ``max_blank`` is negative, there is no
        item, or an answer lies outside the scale.
    """
    given = np.asarray(answers, dtype=float)
    _check_answers(given, lowest=lowest, highest=highest, max_blank=max_blank)
    if turned:
        given, places = given.copy(), list(turned)
        given[..., places] = lowest + highest - given[..., places]
    total: Scores = given.sum(axis=-1)
    blank = np.isnan(total)
    if max_blank and blank.any():
        some = given[blank]
        n = (~np.isnan(some)).sum(axis=-1)
        n_items = given.shape[-1]
        enough = (n > 0) & (n_items - n <= max_blank)
        mean = np.nansum(some, axis=-1) / np.maximum(n, 1)
        total[blank] = np.where(enough, mean * n_items, np.nan)
    return total


def _changed(y: Scores, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    if codes.shape != y.shape or not np.issubdtype(codes.dtype, np.integer):
        raise ParameterError(
            f"instrument must be whole numbers of the shape of scores, {y.shape}, got "
            f"{codes.dtype} of shape {codes.shape}."
        )
    there = ~np.isnan(y)
    if not there.any():
        return np.zeros(len(y), dtype=bool)
    least, most = codes.min(), codes.max()
    low = np.where(there, codes, most).min(axis=1)
    high = np.where(there, codes, least).max(axis=1)
    changed: NDArray[np.bool_] = low < high
    whole = codes[there & ~changed[:, None]]
    if whole.size and whole.min() != whole.max():
        raise ParameterError(
            "instrument must be the same for all courses: ask each instrument apart."
        )
    return changed


def _check_answers(
    given: Scores, *, lowest: float, highest: float, max_blank: int
) -> None:
    if not lowest < highest:
        raise ParameterError(f"lowest must be below highest, got {lowest}, {highest}.")
    if max_blank < 0:
        raise ParameterError(f"max_blank must be 0 or more, got {max_blank}.")
    if given.ndim == 0 or not given.shape[-1]:
        raise ParameterError("answers must have an axis of items, got none.")
    if not given.size:
        return
    # These pass blanks over; of blanks alone they are blank, and no comparison holds.
    least, most = np.fmin.reduce(given, axis=None), np.fmax.reduce(given, axis=None)
    if least < lowest or most > highest:
        raise ParameterError(f"answers must lie in {lowest} to {highest}, or be nan.")
