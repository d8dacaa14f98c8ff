"""Phases of several signals beside that of their group.

Unrelated signals do not give 0: two have a rho of about .64.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import hilbert
from scipy.stats import t as student_t

from duologue.engine.synchrony.several import as_signals
from duologue.engine.synchrony.windows import Floats
from duologue.errors import ParameterError


def phases_of(signals: ArrayLike) -> Floats:
    """Return the phase of each signal at each moment, in radians, by its Hilbert transform.

    What is slower or faster than the rhythm that is meant is to be filtered out before, as
    `phase.analytic` does. Shapes and errors as for `as_signals`.
    """
    found: Floats = np.angle(hilbert(as_signals(signals), axis=1))
    return found


def rho(phases: ArrayLike) -> Floats:
    r"""Return how near signals are to their usual place around the group's phase.

    .. math:: q(t) = \overline{e^{i \phi_k(t)}}, \quad \psi_k = \phi_k - \arg q, \quad
        \rho(t) = |\overline{e^{i (\psi_k(t) - \bar\psi_k)}}|

    Parameters
    ----------
    phases : array_like, shape (n_signals, n)
        In radians.

    Returns
    -------
    ndarray, shape (n,)
        From 0 to 1. Its mean is the group's rho.

    Raises
    ------
    ParameterError
        As for `as_signals`.

    References
    ----------
    Richardson, M. J., Garcia, R. L., Frank, T. D., Gergor, M., & Marsh, K. L. (2012).
    Measuring group synchrony: a cluster-phase method for analyzing multivariate movement
    time-series. Frontiers in Physiology, 3, 405. https://doi.org/10.3389/fphys.2012.00405
    """
    phi = as_signals(phases, least=1)
    psi = phi - np.angle(np.exp(1j * phi).mean(axis=0))
    usual = np.angle(np.exp(1j * psi).mean(axis=1, keepdims=True))
    found: Floats = np.abs(np.exp(1j * (psi - usual)).mean(axis=0))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakNull:
    """Whether phases of many recordings are nearer than those of independent signals.

    ``order`` is the mean square of the Kuramoto order parameter, ``expected`` what
    independent signals give, ``t`` and ``df`` those of the test, ``p`` one-sided.
    """

    order: float
    expected: float
    t: float
    df: int
    p: float


def kuramoto_weak_null(recordings: Sequence[ArrayLike]) -> WeakNull:
    r"""Compare phases of several recordings with those of independent signals.

    .. math:: y_r = \overline{|\overline{e^{i \phi_k(t)}}|^2}, \quad
        t = (\bar y - 1 / K) / (s / \sqrt{R})

    where s has the divisor R. **It takes each moment's phases as independent of what the
    signals do by themselves**: signals of one frequency pass it without any coupling.

    Parameters
    ----------
    recordings : sequence of array_like, each of shape (n_signals, n)
        Phases in radians; as many signals in each, 2 recordings or more.

    Raises
    ------
    ParameterError
        As for `as_signals`, or if there are too few recordings or unlike ones.

    References
    ----------
    Frank, T. D., & Richardson, M. J. (2010). On a test statistic for the Kuramoto order
    parameter of synchronization. Physica D, 239(23-24), 2084-2092.
    https://doi.org/10.1016/j.physd.2010.07.015
    """
    found = [as_signals(each, least=1) for each in recordings]
    if len(found) < 2 or len({len(each) for each in found}) != 1:
        raise ParameterError("recordings must be 2 or more, of as many signals each.")
    y = np.array(
        [float((np.abs(np.exp(1j * v).mean(axis=0)) ** 2).mean()) for v in found]
    )
    order, expected, sd = float(y.mean()), 1 / len(found[0]), float(y.std())
    t = (order - expected) / (sd / math.sqrt(y.size)) if sd > 0 else math.nan
    p = float(student_t.sf(t, y.size - 1))
    return WeakNull(order=order, expected=expected, t=t, df=y.size - 1, p=p)
