"""Who moves whom in a group: what each signal adds to foretelling each other one.

References
----------
Guastello, S. J., & Peressini, A. F. (2017). Development of a synchronization coefficient
for biosocial interactions in groups and teams. Small Group Research, 48(1), 3-33.
https://doi.org/10.1177/1046496416675225
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.several import as_signals
from duologue.engine.synchrony.spectra import STILL
from duologue.engine.synchrony.windows import Floats
from duologue.errors import ParameterError

LAG = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What signals add to one another.

    Attributes
    ----------
    matrix : ndarray, shape (n_signals, n_signals)
        In row i and column j the coefficient of signal i in foretelling signal j, beside
        that one's own past; on the diagonal that of its own past alone. ``nan`` where it
        cannot be told: a signal does not vary, or follows from the other.
    drivers, empaths : ndarray, shape (n_signals,)
        Sums of squares over rows, and over columns: how much each moves others and goes
        on by itself, and how far each is moved.
    index : float
        The synchronisation index, as `index_of`.
    """

    matrix: Floats
    drivers: Floats
    empaths: Floats
    index: float


def transfer(signals: ArrayLike, *, lag: int = LAG) -> Transfer:
    r"""Return coefficients between all signals, and what they sum up to.

    .. math:: y_j(t + k) = a + b y_j(t) + m_{ij} y_i(t) + e

    Whoever is called a driver foretells others in this sense; that is no cause, and no
    statement on a person without what chance gives.

    Parameters
    ----------
    signals : array_like, shape (n_signals, n)
        Signals without a blank.
    lag : int
        Samples from the past that foretells to what is foretold, 1 or more.

    Raises
    ------
    ParameterError
        As for `several.as_signals`, or if they are not 4 samples longer than the lag.
    """
    if lag < 1:
        raise ParameterError(f"lag must be 1 or more, got {lag}.")
    found = as_signals(signals, least=lag + 4)
    n = len(found)
    matrix = np.array(
        [[_coefficient(found, i, j, lag) for j in range(n)] for i in range(n)]
    )
    return Transfer(
        matrix=matrix,
        drivers=(matrix**2).sum(axis=1),
        empaths=(matrix**2).sum(axis=0),
        index=index_of(matrix),
    )


def index_of(matrix: Floats) -> float:
    r"""Return the synchronisation index of a matrix of coefficients.

    .. math:: S = V^T M^{-1} V

    where the empath is the signal with the largest sum of squares in its column, V that
    column without its own row, and M the matrix without the empath. ``nan`` where the
    matrix holds a blank or M has no inverse.
    """
    if np.isnan(matrix).any():
        return float("nan")
    empath = int((matrix**2).sum(axis=0).argmax())
    others = np.delete(np.arange(len(matrix)), empath)
    v, m = matrix[others, empath], matrix[np.ix_(others, others)]
    try:
        return float(v @ np.linalg.solve(m, v))
    except np.linalg.LinAlgError:
        return float("nan")


def _coefficient(signals: Floats, i: int, j: int, lag: int) -> float:
    """Regress signal j on its own past, and on that of signal i where it is another."""
    columns = signals[[j, i] if i != j else [j], :-lag]
    past = (columns - columns.mean(axis=1, keepdims=True)).T
    size = np.linalg.norm(past, axis=0)
    rounding = STILL * np.abs(columns).max(axis=1) * np.sqrt(len(past))
    if (size <= rounding).any():
        return float("nan")
    wanted = signals[j, lag:] - signals[j, lag:].mean()
    found, _, rank, _ = np.linalg.lstsq(past / size, wanted, rcond=1e-10)
    return float(found[-1] / size[-1]) if rank == len(columns) else float("nan")
