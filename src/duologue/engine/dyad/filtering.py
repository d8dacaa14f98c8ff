"""The filter of two levels whose set-points are integrated, one number at a time.

Written mu = bm + u with u ~ N(0, Sm). The filter runs once with u = 0 and carries A,
the derivative of the levels' mean by u; S and r gather what the ratings say of u, which
is N(S^-1 r, S^-1) given all of them. Nothing here is a small matrix: every number is an
array over couplings (points), so that numpy works on all of them at once.
"""

import numpy as np

from duologue.engine.dyad.model import Bools, Floats, Nuisance

_LOG_EVERY = 12
"""Updates whose variances are multiplied before a log is taken: between 1e-25 and 1e25
each, their product neither overflows nor vanishes."""

Pairs = list[list[Floats]]


class Filter:
    """Where the filter stands: means, covariances, and what is known of u.

    Attributes
    ----------
    m : list of ndarray
        Mean of each level given u = 0.
    A, P : list of list of ndarray
        Derivative of the means by u; covariance of the levels given u.
    S, r : lists of ndarray
        Precision of u and S times its mean, given all that was met.
    log_density : ndarray
        Sum of -(log s + e^2 / s) / 2 over the updates whose log has been taken.
    """

    def __init__(self, nuisance: Nuisance, shape: tuple[int, ...]) -> None:
        one, none = np.ones(shape), np.zeros(shape)
        bm, delta, P1 = nuisance.bm, nuisance.delta, nuisance.P1
        self.bm = [bm[..., 0], bm[..., 1]]
        self.m = [none + bm[..., i] + delta[..., i] for i in (0, 1)]
        self.A: Pairs = [[one, none], [none, one]]
        self.P: Pairs = [[none + P1[..., i, j] for j in (0, 1)] for i in (0, 1)]
        Sm = nuisance.Sm
        self.det_Sm = Sm[..., 0, 0] * Sm[..., 1, 1] - Sm[..., 0, 1] ** 2
        off = none - Sm[..., 0, 1] / self.det_Sm
        self.S: Pairs = [
            [none + Sm[..., 1, 1] / self.det_Sm, off],
            [off, none + Sm[..., 0, 0] / self.det_Sm],
        ]
        self.r = [none, none]
        self.log_density = none
        self._squares, self._product, self._n_waiting = none, one, 0

    def step(self, B: Floats, Q: Floats) -> None:
        """Go to the next session: m <- C bm + B m, A <- C + B A, P <- B P B' + Q."""
        B_ = [[B[..., i, j] for j in (0, 1)] for i in (0, 1)]
        away = [self.m[0] - self.bm[0], self.m[1] - self.bm[1]]
        self.m = [self.bm[i] + B_[i][0] * away[0] + B_[i][1] * away[1] for i in (0, 1)]
        less = [
            [self.A[0][0] - 1, self.A[0][1]],
            [self.A[1][0], self.A[1][1] - 1],
        ]
        self.A = [
            [(i == j) + B_[i][0] * less[0][j] + B_[i][1] * less[1][j] for j in (0, 1)]
            for i in (0, 1)
        ]
        P = self.P
        BP = [[B_[i][0] * P[0][j] + B_[i][1] * P[1][j] for j in (0, 1)] for i in (0, 1)]
        off = BP[0][0] * B_[1][0] + BP[0][1] * B_[1][1] + Q[..., 0, 1]
        own = [BP[i][0] * B_[i][0] + BP[i][1] * B_[i][1] + Q[..., i, i] for i in (0, 1)]
        self.P = [[own[0], off], [off, own[1]]]

    def update(
        self, seat: int, value: Floats, variance: Floats, seen: Bools | None = None
    ) -> None:
        """Meet what one person said: their level plus an error of this variance.

        Where several pairs are walked together, ``seen`` tells which of them said
        anything; nothing changes for the others.
        """
        i, o = seat, 1 - seat
        P, A = self.P, self.A
        e = value - self.m[i]
        inverse = density = 1 / (P[i][i] + variance)
        kept = variance * inverse
        if seen is not None:
            inverse, density = (
                np.where(seen, inverse, 0.0),
                np.where(seen, density, 1.0),
            )
            kept = np.where(seen, kept, 1.0)
        g_own, g_other = P[i][i] * inverse, P[i][o] * inverse
        h = A[i]
        self._gather(e, h, inverse, density)
        m = self.m[i] + g_own * e, self.m[o] + g_other * e
        slope_o = [A[o][0] - g_other * h[0], A[o][1] - g_other * h[1]]
        slope = [kept * h[0], kept * h[1]], slope_o
        off, other = kept * P[i][o], P[o][o] - g_other * P[i][o]
        own_row, other_row = [kept * P[i][i], off], [off, other]
        if seat == 0:
            self.m, self.A, self.P = [*m], [*slope], [own_row, other_row]
        else:
            self.m, self.A = [*reversed(m)], [*reversed(slope)]
            self.P = [other_row[::-1], own_row[::-1]]

    def _gather(
        self, e: Floats, h: list[Floats], inverse: Floats, density: Floats
    ) -> None:
        """Add to S, r and the log density what one update brings."""
        e_s = e * inverse
        h0_s, h1_s = h[0] * inverse, h[1] * inverse
        off = self.S[0][1] + h[0] * h1_s
        self.S = [
            [self.S[0][0] + h[0] * h0_s, off],
            [off, self.S[1][1] + h[1] * h1_s],
        ]
        self.r = [self.r[0] + h[0] * e_s, self.r[1] + h[1] * e_s]
        self._squares = self._squares + e * e_s
        self._product = self._product * density
        self._n_waiting += 1
        if self._n_waiting == _LOG_EVERY:
            self._take_log()

    def _take_log(self) -> None:
        """Log of the variances so far: a log of their product costs one, not twelve."""
        half = 0.5 * (np.log(self._product) - self._squares)
        self.log_density = self.log_density + half
        self._squares = np.zeros_like(half)
        self._product, self._n_waiting = np.ones_like(half), 0

    def of_u(self) -> tuple[list[Floats], Pairs]:
        """Mean and covariance of u given all that was met: S^-1 r and S^-1."""
        S, r = self.S, self.r
        det = S[0][0] * S[1][1] - S[0][1] * S[0][1]
        off = -S[0][1] / det
        cov = [[S[1][1] / det, off], [off, S[0][0] / det]]
        mean = [cov[i][0] * r[0] + cov[i][1] * r[1] for i in (0, 1)]
        return mean, cov

    def end(self) -> Floats:
        """Log density of all that was met with u integrated, less its log 2 pi."""
        self._take_log()
        S, r = self.S, self.r
        det_S = S[0][0] * S[1][1] - S[0][1] * S[0][1]
        quadratic = (
            S[1][1] * r[0] * r[0] - 2 * S[0][1] * r[0] * r[1] + S[0][0] * r[1] * r[1]
        ) / det_S
        ended: Floats = self.log_density + 0.5 * (
            quadratic - np.log(det_S * self.det_Sm)
        )
        return ended
