"""Sessions at uneven distances: the couplings and innovations of a longer step.

The model's step is the usual gap. Over g usual gaps, with V the stationary covariance,

    B(g) = B^g,    Q(g) = V - B(g) V B(g)'.

For a whole g these are g steps one after the other, whatever B is. For any other g the
power is the principal one, exp(g log B), which there is only where B has no eigenvalue
on the negative real axis or at 0; and the innovations of a part of a step must have a
covariance, which not every B and Q allow. Couplings without either belong to no course
in continuous time.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.dyad.model import (
    Bools,
    Floats,
    couplings,
    determinant,
    matrix_of,
    stationary_covariance,
    turned,
)
from duologue.errors import ParameterError

Complexes = NDArray[np.complex128]

STAND_IN = (0.5, 0.0, 0.0, 0.5)
"""Couplings that are stable and have every gap: to compute with in the place of others."""


def over_gap(b: ArrayLike, Q: ArrayLike, gap: float) -> tuple[Floats, Floats]:
    """Couplings and covariance of the innovations over a gap of another length.

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings over the usual gap.
    Q : array_like, shape (..., 2, 2)
        Covariance of the innovations over the usual gap.
    gap : float > 0
        Length in usual gaps.

    Returns
    -------
    B : ndarray, shape (..., 2, 2)
        B(g).
    Q : ndarray, shape (..., 2, 2)
        Q(g).

    Raises
    ------
    ParameterError
        If ``gap`` is not positive, or ``b`` has no such step (``has_gap``).
    """
    if not has_gap(b, Q, gap).all():
        raise ParameterError(
            f"b must be couplings of a course in continuous time for gap {gap:g} "
            "(stable, no eigenvalue on the negative real axis), got others."
        )
    return _over_gap(b, Q, gap)


def has_gap(b: ArrayLike, Q: ArrayLike, gap: float) -> Bools:
    """Whether there is a step of this length: always for whole gaps.

    Parameters
    ----------
    b, Q, gap
        As for ``over_gap``.

    Returns
    -------
    ndarray of bool, shape (...)

    Raises
    ------
    ParameterError
        If ``gap`` is not a positive number.
    """
    _check_gap(gap)
    Q = np.asarray(Q, dtype=float)
    array = couplings(b)
    shape = np.broadcast_shapes(array.shape[:-1], Q.shape[:-2])
    if float(gap).is_integer():
        return np.ones(shape, dtype=bool)
    there = has_logarithm(array)
    _, Qg = _over_gap(np.where(there[..., None], array, STAND_IN), Q, gap)
    # Steps of Q(g) add up to V, so it cannot be negative definite: its determinant
    # tells. Where couplings are not stable V is blank, and nothing above 0.
    positive = determinant(Qg) > 0
    return np.asarray(there & positive)


def has_gaps(b: ArrayLike, Q: Floats, gaps: Floats) -> Bools:
    """Whether there is a step of each of these lengths, as ``has_gap`` for one."""
    shape = np.broadcast_shapes(couplings(b).shape[:-1], Q.shape[:-2])
    there = np.ones(shape, dtype=bool)
    for gap in np.unique(gaps):
        there &= has_gap(b, Q, float(gap))
    return there


def has_logarithm(b: ArrayLike) -> Bools:
    """Whether B has a real principal logarithm: no eigenvalue that is 0 or negative.

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings.

    Returns
    -------
    ndarray of bool, shape (...)
        Both eigenvalues are positive or complex: det B > 0, and trace B > 0 or
        (trace B)^2 < 4 det B.
    """
    cc, ct, tc, tt = np.moveaxis(couplings(b), -1, 0)
    trace, det = cc + tt, cc * tt - ct * tc
    return np.asarray((det > 0) & ((trace > 0) | (_discriminant(cc, ct, tc, tt) < 0)))


def steps(
    b: Floats, Q: Floats, gaps: Floats
) -> tuple[list[Floats], list[Floats], Bools]:
    """B(g) and Q(g) of each step, and which couplings have them all.

    Where couplings lack one, their B(g) and Q(g) are those of ``STAND_IN``, to be
    computed with and thrown away.
    """
    there = has_gaps(b, Q, gaps)
    safe = np.where(there[..., None], b, STAND_IN)
    made = {gap: _over_gap(safe, Q, float(gap)) for gap in np.unique(gaps)}
    return [made[gap][0] for gap in gaps], [made[gap][1] for gap in gaps], there


def _check_gap(gap: float) -> None:
    if not (np.isfinite(gap) and gap > 0):
        raise ParameterError(f"gap must be a positive number, got {gap}.")


def _over_gap(b: ArrayLike, Q: ArrayLike, gap: float) -> tuple[Floats, Floats]:
    Q = np.asarray(Q, dtype=float)
    if float(gap).is_integer():
        return _whole_steps(matrix_of(b), Q, int(gap))
    V = stationary_covariance(b, Q)
    Bg = _power(couplings(b), gap)
    return Bg, V - Bg @ V @ turned(Bg)


def _whole_steps(B: Floats, Q: Floats, n_steps: int) -> tuple[Floats, Floats]:
    """N steps one after the other, by doubling."""
    if n_steps == 1:
        return B, np.broadcast_to(Q, np.broadcast_shapes(B.shape, Q.shape))
    half_B, half_Q = _whole_steps(B, Q, n_steps // 2)
    Bn, Qn = half_B @ half_B, half_B @ half_Q @ turned(half_B) + half_Q
    if n_steps % 2:
        Bn, Qn = B @ Bn, B @ Qn @ turned(B) + Q
    return Bn, Qn


def _power(b: Floats, gap: float) -> Floats:
    r"""Principal power of B, without its eigenvectors.

    With eigenvalues :math:`\rho e^{\pm h}`, by Cayley and Hamilton,

    .. math:: B^g = \rho^{g-1} S_g B - \rho^g S_{g-1} I,
              \quad S_g = \sinh(g h) / \sinh(h),

    where h is imaginary for complex eigenvalues (then the ratio is one of sines) and
    :math:`S_g = g` at h = 0: nothing is divided by a difference of eigenvalues.
    """
    cc, ct, tc, tt = np.moveaxis(b, -1, 0)
    rho = np.sqrt(cc * tt - ct * tc)
    root = np.emath.sqrt(_discriminant(cc, ct, tc, tt) + 0j)
    h = np.log((cc + tt + root) / (2 * rho))
    whole, less = (
        rho ** (power - 1) * _ratio_of_sinh(power, h) for power in (gap, gap - 1)
    )
    of_one = (rho * rho * less)[..., None, None] * np.eye(2)
    return np.asarray(whole[..., None, None] * matrix_of(b) - of_one)


def _discriminant(cc: Floats, ct: Floats, tc: Floats, tt: Floats) -> Floats:
    """(trace B)^2 - 4 det B, without its cancellation."""
    return np.asarray((cc - tt) ** 2 + 4 * ct * tc)


def _ratio_of_sinh(power: float, h: Complexes) -> Floats:
    """sinh(power h) / sinh(h), whose limit at h = 0 is power."""
    safe = np.where(h == 0, 1.0, h)
    ratio = np.where(h == 0, power, np.sinh(power * safe) / np.sinh(safe))
    return np.asarray(ratio.real)
