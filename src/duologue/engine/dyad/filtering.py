"""The filter of two levels whose set-points are integrated, all points at once.

Written mu = bm + u with u ~ N(0, Sm). The filter runs once with u = 0 and carries A,
the derivative of the levels' mean by u. Mean and derivative are moved by the same
couplings and corrected by the same gains, so they are one array of three columns: the
mean less bm, and A less the unit matrix. What is left of an answer once the three are
taken away, E = (e, -h), tells all that the answers say: the sum of E E' / s holds the
squared errors, and S and r, of which u is N(S^-1 r, S^-1) given all of them.

Every number is an array over couplings (points), its place in a matrix on the first
axes (``components``), so that numpy works on all of them at once.
"""

import numpy as np

from duologue.engine.dyad.components import carried, in_front, inverse, product
from duologue.engine.dyad.model import Bools, Floats, Nuisance

_LOG_EVERY = 12
"""Updates whose variances are multiplied before a log is taken: between 1e-25 and 1e25
each, their product neither overflows nor vanishes."""


class Filter:
    """Where the filter stands: means, covariances, and what is known of u.

    Attributes
    ----------
    X : ndarray, shape (2, 3, ...)
        Mean of each level given u = 0, less bm; derivative of the means by u, less the
        unit matrix.
    P : ndarray, shape (2, 2, ...)
        Covariance of the levels given u.
    gathered : ndarray, shape (6, ...)
        Sums of E E' / s: the squares, -r (two), and S without what was known of u
        beforehand (client, both, therapist).
    log_density : ndarray, shape (...)
        Sum of -log(s) / 2 over the updates whose log has been taken.
    """

    def __init__(self, nuisance: Nuisance, shape: tuple[int, ...]) -> None:
        n = len(shape)
        self.bm = in_front(nuisance.bm, 1, n)
        self.X = np.zeros((2, 3, *shape))
        self.X[:, 0] = in_front(nuisance.delta, 1, n)
        self.P = np.empty((2, 2, *shape))
        self.P[:] = in_front(nuisance.P1, 2, n)
        self.Sm = in_front(nuisance.Sm, 2, n)
        self.gathered = np.zeros((6, *shape))
        self.log_density = np.zeros(shape)
        self._product, self._n_waiting = np.ones(shape), 0

    def step(self, B: Floats, Q: Floats) -> None:
        """Go to the next session: m <- C bm + B m, A <- C + B A, P <- B P B' + Q."""
        self.X = product(B, self.X)
        self.P = carried(B, self.P)
        self.P += Q

    def update(
        self, seat: int, value: Floats, variance: Floats, seen: Bools | None = None
    ) -> None:
        """Meet what one person said: their level plus an error of this variance.

        Where several pairs are walked together, ``seen`` tells which of them said
        anything; nothing changes for the others.
        """
        i, o = seat, 1 - seat
        P = self.P
        inverse_s = density = 1 / (P[i, i] + variance)
        kept = variance * inverse_s
        if seen is not None:
            inverse_s = np.where(seen, inverse_s, 0.0)
            density, kept = np.where(seen, density, 1.0), np.where(seen, kept, 1.0)
        E = -self.X[i]
        E[0] += value - self.bm[i]
        E[1 + i] -= 1.0
        self._gather(E, E * inverse_s, density)
        gains = P[i] * inverse_s
        self.X += gains[:, None] * E
        P[o, o] -= gains[o] * P[i, o]
        P[i] *= kept
        P[o, i] = P[i, o]

    def _gather(self, E: Floats, E_s: Floats, density: Floats) -> None:
        """Add to S, r and the log density what one update brings."""
        self.gathered[:3] += E * E_s[0]
        self.gathered[3:5] += E[1:] * E_s[1]
        self.gathered[5] += E[2] * E_s[2]
        self._product *= density
        self._n_waiting += 1
        if self._n_waiting == _LOG_EVERY:
            self.take_log()

    def take_log(self) -> None:
        """Log of the variances so far: a log of their product costs one, not twelve."""
        if self._n_waiting:
            self.log_density += 0.5 * np.log(self._product)
            self._product[...], self._n_waiting = 1.0, 0

    def of_u(self) -> tuple[Floats, Floats]:
        """Mean and covariance of u given all that was met; see ``of_u``."""
        return of_u(self.gathered, self.Sm)

    def end(self) -> Floats:
        """Log density of all that was met with u integrated, less its log 2 pi."""
        self.take_log()
        return ended(self.log_density, self.gathered, self.Sm)


def mean_and_slope(X: Floats, bm: Floats) -> tuple[Floats, Floats]:
    """Take apart what ``Filter.X`` holds: mean (2, ...) and slope A (2, 2, ...).

    Parameters
    ----------
    X : ndarray, shape (2, 3, ...)
        As ``Filter.X``.
    bm : ndarray, shape (2, ...)
        Mean of the set-points.
    """
    slope = X[:, 1:].copy()
    slope[0, 0] += 1.0
    slope[1, 1] += 1.0
    return X[:, 0] + bm, slope


def of_u(gathered: Floats, Sm: Floats) -> tuple[Floats, Floats]:
    """Mean S^-1 r and covariance S^-1 of u, given what was gathered.

    Parameters
    ----------
    gathered : ndarray, shape (6, ...)
        As ``Filter.gathered``.
    Sm : ndarray, shape (2, 2, ...)
        Covariance of the set-points over pairs.

    Returns
    -------
    mean, cov : ndarray, shape (2, ...), (2, 2, ...)
    """
    cov = inverse(_precision(gathered, Sm))
    return -product(cov, gathered[1:3]), cov


def ended(log_density: Floats, gathered: Floats, Sm: Floats) -> Floats:
    """Log density of all that was met with u integrated, less its log 2 pi.

    Parameters
    ----------
    log_density, gathered, Sm
        As in ``Filter`` and ``of_u``.
    """
    S, r = _precision(gathered, Sm), gathered[1:3]
    det_S = S[0, 0] * S[1, 1] - S[0, 1] * S[0, 1]
    told = S[1, 1] * r[0] * r[0] - 2 * S[0, 1] * r[0] * r[1] + S[0, 0] * r[1] * r[1]
    det_Sm = Sm[0, 0] * Sm[1, 1] - Sm[0, 1] ** 2
    half = told / det_S - gathered[0] - np.log(det_S * det_Sm)
    return np.asarray(log_density + 0.5 * half)


def _precision(gathered: Floats, Sm: Floats) -> Floats:
    """Precision S of u: what the answers say, and what was known beforehand."""
    S = np.empty((2, 2, *gathered.shape[1:]))
    S[0, 0], S[1, 1] = gathered[3], gathered[5]
    S[0, 1] = S[1, 0] = gathered[4]
    S += inverse(Sm)
    return S
