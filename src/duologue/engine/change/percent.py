"""Change in percent of the start, and by the least difference that matters to people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Better, Reason
from duologue.engine.change.courses import Scores, two_scores
from duologue.engine.change.reliable import category_of
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainChange:
    """A change without a model of error, and what it says.

    Attributes
    ----------
    values : ndarray, shape (...)
        Share of the start (``percent_change``) or points (``matters``), positive
        where the score rose; ``nan`` where undefined.
    category : ndarray of int8, shape (...)
        A `Category`: improved, unchanged, deteriorated or undefined.
    reason : ndarray of int8, shape (...)
        Why it is undefined: a `Reason`.
    """

    values: Scores
    category: NDArray[np.int8]
    reason: NDArray[np.int8]


def percent_change(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    better: Better,
    improved: float = 0.5,
    deteriorated: float | None = None,
    floor: float = 0.0,
) -> PlainChange:
    r"""Change as a share of the start, counted from the floor of the scale.

    .. math:: p = (x_2 - x_1) / (x_1 - floor)

    Improved is a share of ``improved`` or more towards better, deteriorated one of
    ``deteriorated`` or more towards worse. A start on the floor has no share, and
    a scale that begins at 12 has to say so: else its shares depend on that 12.

    Parameters
    ----------
    pre, post : array_like, shape (...)
        Scores in the instrument's own points; ``nan`` where blank.
    better : Better
        Which way is better.
    improved : float > 0
        Least share; 0.25 and 0.5 are common.
    deteriorated : float > 0, optional
        As ``improved`` where left out.
    floor : float
        The lowest score there can be. 0 is what published programs take.

    Returns
    -------
    PlainChange
        Undefined where a score is blank (`Reason.BLANK`), and where the start is not
        above the floor (`Reason.NO_RATIO`), whatever the second score.

    Raises
    ------
    ParameterError
        If a share is not above 0, ``floor`` is not finite, the scores differ in shape
        or are infinite.

    Examples
    --------
    >>> found = percent_change([25, 0], [13, 4], better=Better.LOWER, improved=0.25)
    >>> found.values.round(2), [Reason(r).name for r in found.reason]
    (array([-0.48,   nan]), ['NONE', 'NO_RATIO'])
    """
    x1, x2 = two_scores(pre, post)
    worse = improved if deteriorated is None else deteriorated
    for name, share in (("improved", improved), ("deteriorated", worse)):
        if not share > 0:
            raise ParameterError(f"{name} must be above 0, got {share}.")
    if not np.isfinite(floor):
        raise ParameterError(f"floor must be a finite number, got {floor}.")
    blank = np.isnan(x1) | np.isnan(x2)
    start = x1 - floor
    none = ~blank & ~(start > 0)
    values = np.full(x1.shape, np.nan)
    np.divide(x2 - x1, start, out=values, where=~blank & ~none)
    return PlainChange(
        values=values,
        category=category_of(better * values, improved, -worse, strict=False),
        reason=np.select(
            [blank, none], [Reason.BLANK, Reason.NO_RATIO], Reason.NONE
        ).astype(np.int8),
    )


def matters(
    pre: ArrayLike, post: ArrayLike, *, better: Better, difference: float
) -> PlainChange:
    """Change against the least difference that matters to the people themselves.

    The difference comes from an anchor outside the instrument: what people who call
    themselves better have changed by. It says nothing of error.

    Parameters
    ----------
    pre, post : array_like, shape (...)
        Scores in the instrument's own points; ``nan`` where blank.
    better : Better
        Which way is better.
    difference : float > 0
        Minimal important difference, in points: a change of just that counts.

    Returns
    -------
    PlainChange
        Undefined where a score is blank (`Reason.BLANK`).

    Raises
    ------
    ParameterError
        If ``difference`` is not above 0, the scores differ in shape or are infinite.
    """
    x1, x2 = two_scores(pre, post)
    if not difference > 0:
        raise ParameterError(f"difference must be above 0, got {difference}.")
    values = x2 - x1
    return PlainChange(
        values=values,
        category=category_of(better * values, difference, -difference, strict=False),
        reason=np.where(np.isnan(values), Reason.BLANK, Reason.NONE).astype(np.int8),
    )
