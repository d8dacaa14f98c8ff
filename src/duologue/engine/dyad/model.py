"""The dyad model's parts: what is common to all pairs, and one pair's couplings.

Couplings are written ``b = (B_cc, B_ct, B_tc, B_tt)``, the rows of B one after the
other: how much of the last session each keeps (B_cc, B_tt), the effect of the
therapist on the client (B_ct) and of the client on the therapist (B_tc). Every
function takes them with any leading axes and works on all of them at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.dyad.components import at_end, carried, in_front
from duologue.errors import ParameterError

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuisance:
    """One draw of everything but a pair's own set-point and couplings, or many draws.

    Many draws have further axes in front, the same for every array; ``checked`` makes
    one whose parts have been looked at. Seats are client (0) and therapist (1).

    Attributes
    ----------
    bm : ndarray, shape (..., 2)
        Mean of the set-points, in points of the ratings.
    Sm : ndarray, shape (..., 2, 2)
        Covariance of the set-points over pairs.
    delta : ndarray, shape (..., 2)
        How far from their set-point pairs begin; negative where openness grows.
    P1 : ndarray, shape (..., 2, 2)
        Covariance of the first session's levels around ``mu + delta``.
    Q : ndarray, shape (..., 2, 2)
        Covariance of the innovations: what a session brings that the last did not
        foretell.
    nu, lam : ndarray, shape (..., 2, n_ratings)
        Intercept and loading of each rating; 0 and 1 for the first, which gives each
        seat's level its origin and its unit.
    R : ndarray, shape (..., 2, n_ratings)
        Variance of each rating's error.
    """

    bm: Floats
    Sm: Floats
    delta: Floats
    P1: Floats
    Q: Floats
    nu: Floats
    lam: Floats
    R: Floats


def checked(
    *,
    bm: ArrayLike,
    Sm: ArrayLike,
    delta: ArrayLike,
    P1: ArrayLike,
    Q: ArrayLike,
    nu: ArrayLike,
    lam: ArrayLike,
    R: ArrayLike,
) -> Nuisance:
    """Make a ``Nuisance`` of array-likes, and refuse what could not be one.

    Parameters
    ----------
    bm, Sm, delta, P1, Q, nu, lam, R : array_like
        As the attributes of ``Nuisance`` of the same names.

    Returns
    -------
    Nuisance
        Arrays of float.

    Raises
    ------
    ParameterError
        If a shape does not fit, a number is blank or infinite, a covariance is not
        symmetric and positive definite, a loading is 0, or an error variance is not
        positive.
    """
    parts = {
        name: np.asarray(part, dtype=float)
        for name, part in {
            "bm": bm, "Sm": Sm, "delta": delta, "P1": P1, "Q": Q,
            "nu": nu, "lam": lam, "R": R,
        }.items()
    }  # fmt: skip
    _check_shapes(parts)
    for name, part in parts.items():
        if not np.isfinite(part).all():
            raise ParameterError(f"{name} must be finite, got a blank or an infinite.")
    for name in ("Sm", "P1", "Q"):
        _check_covariance(name, parts[name])
    if (parts["lam"] == 0).any():
        raise ParameterError("lam must not be 0: such a rating says nothing.")
    if (parts["R"] <= 0).any():
        raise ParameterError(f"R must be positive, got {parts['R'].min()}.")
    return Nuisance(**parts)


def _check_shapes(parts: dict[str, Floats]) -> None:
    leading = parts["bm"].shape[:-1]
    n_ratings = parts["nu"].shape[-1] if parts["nu"].ndim else 0
    if n_ratings < 1:
        raise ParameterError(
            "nu must have a rating or more on its last axis, got none."
        )
    ends: dict[str, tuple[int, ...]] = dict.fromkeys(("bm", "delta"), (2,))
    ends |= dict.fromkeys(("Sm", "P1", "Q"), (2, 2))
    ends |= dict.fromkeys(("nu", "lam", "R"), (2, n_ratings))
    for name, end in ends.items():
        if parts[name].shape != leading + end:
            raise ParameterError(
                f"{name} must have shape {leading + end}, got {parts[name].shape}."
            )


def _check_covariance(name: str, matrix: Floats) -> None:
    off, mirrored_off = matrix[..., 0, 1], matrix[..., 1, 0]
    scale = np.sqrt(np.abs(matrix[..., 0, 0] * matrix[..., 1, 1]))
    if (np.abs(off - mirrored_off) > 1e-9 * scale).any():
        raise ParameterError(f"{name} must be symmetric, got another matrix.")
    positive = (
        (matrix[..., 0, 0] > 0) & (matrix[..., 1, 1] > 0) & (determinant(matrix) > 0)
    )
    if not positive.all():
        raise ParameterError(f"{name} must be positive definite, got another matrix.")


def determinant(matrix: Floats) -> Floats:
    """Work out determinants of 2 x 2 matrices, shape (..., 2, 2) to (...)."""
    product: Floats = matrix[..., 0, 0] * matrix[..., 1, 1]
    return product - matrix[..., 0, 1] * matrix[..., 1, 0]


def turned(matrix: Floats) -> Floats:
    """Transpose matrices, shape (..., n, k) to (..., k, n)."""
    return np.swapaxes(matrix, -1, -2)


def times(matrix: Floats, vector: Floats) -> Floats:
    """Multiply matrices (..., n, k) by vectors (..., k): shape (..., n)."""
    product: Floats = (matrix @ vector[..., None])[..., 0]
    return product


def n_ratings(nuisance: Nuisance) -> int:
    """How many ratings each seat gives (K)."""
    return int(nuisance.nu.shape[-1])


def leading_shape(nuisance: Nuisance) -> tuple[int, ...]:
    """Tell the axes of a stack of draws; empty for one draw."""
    return nuisance.bm.shape[:-1]


def of_draws(nuisance: Nuisance, index: object) -> Nuisance:
    """Pick draws from a stack by an index of its leading axes.

    ``of_draws(nuisance, 3)`` is the fourth draw; with ``(slice(None), None)`` a stack
    of n gets the leading shape (n, 1), so that each draw meets all points of its row.
    """
    fields = Nuisance.__dataclass_fields__
    return Nuisance(**{name: getattr(nuisance, name)[index] for name in fields})


def mirrored(nuisance: Nuisance) -> Nuisance:
    """Exchange the two seats of a draw."""
    return Nuisance(
        bm=nuisance.bm[..., ::-1],
        Sm=nuisance.Sm[..., ::-1, ::-1],
        delta=nuisance.delta[..., ::-1],
        P1=nuisance.P1[..., ::-1, ::-1],
        Q=nuisance.Q[..., ::-1, ::-1],
        nu=nuisance.nu[..., ::-1, :],
        lam=nuisance.lam[..., ::-1, :],
        R=nuisance.R[..., ::-1, :],
    )


def mirrored_couplings(b: ArrayLike) -> Floats:
    """Couplings with the two seats exchanged: (B_tt, B_tc, B_ct, B_cc)."""
    return couplings(b)[..., ::-1]


def couplings(b: ArrayLike) -> Floats:
    """Couplings as an array of float, shape (..., 4).

    Raises
    ------
    ParameterError
        If the last axis does not hold four finite numbers.
    """
    array = np.asarray(b, dtype=float)
    if array.ndim == 0 or array.shape[-1] != 4:
        raise ParameterError(f"b must have shape (..., 4), got {array.shape}.")
    if not np.isfinite(array).all():
        raise ParameterError("b must be finite, got a blank or an infinite.")
    return array


def matrix_of(b: ArrayLike) -> Floats:
    """Couplings (..., 4) as matrices B (..., 2, 2): the row is the person affected."""
    array = couplings(b)
    return array.reshape(*array.shape[:-1], 2, 2)


def is_stable(b: ArrayLike) -> Bools:
    """Whether what moves the two dies away: both eigenvalues inside the unit circle.

    That is abs(det B) < 1 and abs(trace B) < 1 + det B (Jury's conditions for two).

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings.

    Returns
    -------
    ndarray of bool, shape (...)

    Raises
    ------
    ParameterError
        If ``b`` does not hold fours of finite numbers.
    """
    cc, ct, tc, tt = np.moveaxis(couplings(b), -1, 0)
    det = cc * tt - ct * tc
    return np.asarray((np.abs(det) < 1) & (np.abs(cc + tt) < 1 + det))


def stationary_covariance(b: ArrayLike, Q: ArrayLike) -> Floats:
    """Covariance V of the two levels in the long run: V = B V B' + Q.

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings.
    Q : array_like, shape (..., 2, 2)
        Covariance of the innovations; leading axes broadcast against those of ``b``.

    Returns
    -------
    ndarray, shape (..., 2, 2)
        ``nan`` where the couplings are not stable, since there is no long run.

    Raises
    ------
    ParameterError
        If ``b`` does not hold fours of finite numbers.
    """
    stable = is_stable(b)
    Q = np.asarray(Q, dtype=float)
    n_leading = max(stable.ndim, Q.ndim - 2)
    B = in_front(matrix_of(b) * stable[..., None, None], 2, n_leading)
    Q = in_front(Q, 2, n_leading)
    # V is Q, once carried and twice: by Cayley and Hamilton the rest is made of these.
    once = carried(B, Q)
    det, trace = B[0, 0] * B[1, 1] - B[0, 1] * B[1, 0], B[0, 0] + B[1, 1]
    square = trace * trace
    of_once = 1 - square + det
    of_none = of_once + det * (square - det)
    V = carried(B, once) + of_once * once + of_none * Q
    V /= (1 - det) * ((1 + det) ** 2 - square)
    return np.where(stable[..., None, None], at_end(V, 2), np.nan)


def balance(b: ArrayLike, Q: ArrayLike, *, standardised: bool = False) -> Floats:
    r"""How much more the client moves the therapist than the other way round.

    .. math:: \Delta = B_{tc} - B_{ct}, \quad \text{or standardised} \quad
              B_{tc} s_c / s_t - B_{ct} s_t / s_c,

    with s the stationary standard deviation of each level, so that a seat whose
    level moves little is not thought to lead for that alone.

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings.
    Q : array_like, shape (..., 2, 2)
        Covariance of the innovations; only the standardised form uses it.
    standardised : bool
        Which of the two.

    Returns
    -------
    ndarray, shape (...)
        Positive where the client leads. Exchanging the seats turns the sign. The
        standardised form is ``nan`` where the couplings are not stable.

    Raises
    ------
    ParameterError
        If ``b`` does not hold fours of finite numbers.
    """
    array = couplings(b)
    ct, tc = array[..., 1], array[..., 2]
    if not standardised:
        return np.asarray(tc - ct)
    V = stationary_covariance(array, Q)
    ratio = np.sqrt(V[..., 0, 0] / V[..., 1, 1])
    return np.asarray(tc * ratio - ct / ratio)


def constants(b: ArrayLike, mu: ArrayLike) -> Floats:
    """Gottman's constants a = (I - B) mu of a pair that tends to ``mu``, shape (..., 2)."""
    B = matrix_of(b)
    mu = np.asarray(mu, dtype=float)
    return np.asarray(mu - times(B, mu))


def steady_state(b: ArrayLike, a: ArrayLike, *, influenced: bool = True) -> Floats:
    """Where the two come to rest, with the other's influence or without it.

    Influenced, (I - B)^-1 a, which is the set-point mu; uninfluenced,
    a_i / (1 - B_ii): where each would come to rest if the other moved them nothing.

    Parameters
    ----------
    b : array_like, shape (..., 4)
        Couplings.
    a : array_like, shape (..., 2)
        The constants of x_{j+1} = a + B x_j.
    influenced : bool
        Which of the two.

    Returns
    -------
    ndarray, shape (..., 2)

    Raises
    ------
    ParameterError
        If a level never comes to rest (an eigenvalue of B is 1; uninfluenced, a B_ii).

    References
    ----------
    Gottman, J. M., et al. (2002). The Mathematics of Marriage. MIT Press.
    """
    B = matrix_of(b)
    a = np.asarray(a, dtype=float)
    if not influenced:
        own = np.stack([B[..., 0, 0], B[..., 1, 1]], axis=-1)
        if (own == 1).any():
            raise ParameterError("b must have B_cc and B_tt other than 1, got 1.")
        return np.asarray(a / (1 - own))
    C = np.eye(2) - B
    if (determinant(C) == 0).any():
        raise ParameterError("b must have no eigenvalue of 1, got one.")
    return np.asarray(np.linalg.solve(C, a[..., None])[..., 0])


def expected_path(
    mu: ArrayLike, b: ArrayLike, delta: ArrayLike, n_sessions: int
) -> Floats:
    """Where the two are expected to be, mu + B^(j-1) delta, for sessions j = 1, 2, ...

    Parameters
    ----------
    mu, delta : array_like, shape (..., 2)
        Set-point, and how far from it they begin.
    b : array_like, shape (..., 4)
        Couplings.
    n_sessions : int >= 1
        How many sessions.

    Returns
    -------
    ndarray, shape (..., n_sessions, 2)

    Raises
    ------
    ParameterError
        If ``n_sessions`` is below 1 or ``b`` does not hold fours of finite numbers.
    """
    if n_sessions < 1:
        raise ParameterError(f"n_sessions must be 1 or more, got {n_sessions}.")
    B = matrix_of(b)
    mu, away = np.asarray(mu, dtype=float), np.asarray(delta, dtype=float)
    path = [mu + away]
    for _ in range(n_sessions - 1):
        away = times(B, away)
        path.append(mu + away)
    return np.stack(np.broadcast_arrays(*path), axis=-2)
