"""Dynamic complexity: how much and how evenly a series moves over its scale."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.courses import courses
from duologue.errors import ParameterError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complexity:
    """Of the window that ends at each session; ``nan`` before the first, or with a blank.

    Attributes
    ----------
    fluctuation : ndarray, shape (n_courses, n_sessions)
        F, 0 to 1: how far and how fast it moves.
    distribution : ndarray, shape (n_courses, n_sessions)
        D, 0 to 1: how evenly it uses its scale.
    complexity : ndarray, shape (n_courses, n_sessions)
        C = F D.
    """

    fluctuation: Array
    distribution: Array
    complexity: Array


def dynamic_complexity(
    scores: ArrayLike,
    *,
    lowest: float,
    highest: float,
    window: int = 7,
    instrument: ArrayLike | None = None,
) -> Complexity:
    r"""Dynamic complexity in a moving window (Schiepek and Strunk 2010).

    Turning points are the ends of a window of w sessions and every point at which the
    slope changes its sign, to and from level among them. Over stretches from one
    turning point a to the next, b,

    .. math:: F = \sum \frac{|y_b - y_a|}{b - a} / ((max - min)(w - 1)).

    Over all pairs a < b of the sorted window, with dx their difference, dy that of
    values spread evenly over the scale, and h = a (w + 1 - b),

    .. math:: D = 1 - \sum \max(dy - dx, 0) h / \sum dy \, h.

    For description only. It warns of nothing: a window needs seven scores, courses
    have few more, and a published warning rate did not replicate.

    Parameters
    ----------
    scores : array_like, shape (n_courses, n_sessions)
        ``nan`` where blank: no window with a blank is judged.
    lowest, highest : float
        The ends of the scale.
    window : int >= 3
        w, in sessions.
    instrument : array_like of int, shape (n_courses, n_sessions), optional
        As for `courses.courses`.

    Returns
    -------
    Complexity
        0 for a series that does not move.

    Raises
    ------
    ParameterError
        If ``lowest`` is not below ``highest``, ``window`` is below 3, or a score lies
        outside the scale.

    References
    ----------
    Schiepek, G., & Strunk, G. (2010). Biological Cybernetics, 102(3), 197-207.
    https://doi.org/10.1007/s00422-009-0362-1
    """
    if not lowest < highest:
        raise ParameterError(f"lowest must be below highest, got {lowest}, {highest}.")
    if window < 3:
        raise ParameterError(f"window must be 3 or more, got {window}.")
    y = courses(scores, instrument=instrument).scores
    if ((y < lowest) | (y > highest)).any():
        raise ParameterError(f"scores must lie in {lowest} to {highest}, or be nan.")
    F, D = np.full((2, *y.shape), np.nan)
    if y.shape[1] >= window:
        windows = sliding_window_view(y, window, axis=1)
        F[:, window - 1 :] = _fluctuation(windows, lowest=lowest, highest=highest)
        D[:, window - 1 :] = _distribution(windows, lowest=lowest, highest=highest)
    return Complexity(fluctuation=F, distribution=D, complexity=F * D)


def critical_instability(
    complexity: ArrayLike, *, z: float = 1.645
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark where complexity stands out: in each item, and in all items together.

    Parameters
    ----------
    complexity : array_like, shape (n_items, n_sessions)
        Of several items of one person; ``nan`` where unknown.
    z : float > 0
        Beyond so many standard deviations (n - 1) of the item's own, over sessions.

    Returns
    -------
    items : ndarray of bool, shape (n_items, n_sessions)
        Items by themselves.
    together : ndarray of bool, shape (n_sessions,)
        The sum of items, judged in the same way; ``False`` where any is unknown.

    Raises
    ------
    ParameterError
        If ``z`` is not positive or ``complexity`` has not two axes.
    """
    C = courses(complexity).scores
    if not z > 0:
        raise ParameterError(f"z must be above 0, got {z}.")
    return _standing_out(C, z), _standing_out(C.sum(axis=0, keepdims=True), z)[0]


def _fluctuation(windows: Array, *, lowest: float, highest: float) -> Array:
    steps = np.diff(windows, axis=-1)
    sign = np.sign(steps)
    length = np.ones(steps.shape)
    for k in range(1, steps.shape[-1]):
        on = sign[..., k] == sign[..., k - 1]
        length[..., k] += np.where(on, length[..., k - 1], 0.0)
    for k in range(steps.shape[-1] - 1, 0, -1):
        on = sign[..., k] == sign[..., k - 1]
        length[..., k - 1] = np.where(on, length[..., k], length[..., k - 1])
    # Steps of one stretch have one sign, so that they add up to |y_b - y_a|.
    most = (highest - lowest) * (windows.shape[-1] - 1)
    total: Array = (np.abs(steps) / length).sum(axis=-1) / most
    return total


def _distribution(windows: Array, *, lowest: float, highest: float) -> Array:
    w = windows.shape[-1]
    # A blank sorts to the end, and makes every sum that it enters blank.
    ordered = np.sort(windows, axis=-1)
    even = np.linspace(lowest, highest, w)
    short, whole = np.zeros(windows.shape[:-1]), 0.0
    for a in range(w - 1):
        for b in range(a + 1, w):
            h = (a + 1) * (w - b)
            dy = even[b] - even[a]
            short += h * np.maximum(dy - (ordered[..., b] - ordered[..., a]), 0.0)
            whole += h * dy
    share: Array = 1 - short / whole
    return share


def _standing_out(rows: Array, z: float) -> NDArray[np.bool_]:
    there = ~np.isnan(rows)
    n = np.maximum(there.sum(axis=1, keepdims=True), 1)
    mean = np.where(there, rows, 0.0).sum(axis=1, keepdims=True) / n
    off = np.where(there, rows - mean, 0.0)
    sd = np.sqrt((off * off).sum(axis=1, keepdims=True) / np.maximum(n - 1, 1))
    out: NDArray[np.bool_] = there & (sd > 0) & (off > z * sd)
    return out
