"""Draws of one block of parameters given everything else.

Each is a known distribution: normal, inverse Wishart or inverse gamma. Pairs stand on
the last axis.
"""

import numpy as np

from duologue.engine.dyad.model import Floats, is_stable

MAX_TRIES = 30
"""Draws of a pair's couplings until stable ones come; after that the old ones stay."""

SMALLEST = 1e-8
"""A variance does not fall below this share of the variance of a seat's ratings."""


def covariance(
    rest: Floats,
    n: int,
    *,
    scales: Floats,
    variance: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    r"""Draw a covariance of two whose standard deviations have half-t(2) priors.

    With W the sum of r r' over n residuals r and a the mixing numbers,

    .. math:: \Sigma \sim IW(3 + n, W + 4 \, diag(1/a)), \quad
              a_k \sim IG(2, 2 (\Sigma^{-1})_{kk} + 1/A_k^2).

    Parameters
    ----------
    rest : ndarray, shape (2, ...)
        Residuals, 0 where there is none.
    n : int
        How many there are.
    scales : ndarray, shape (2,)
        a, from the last sweep.
    variance : ndarray, shape (2,)
        A^2, the variance of each seat's first rating.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    Sigma : ndarray, shape (2, 2)
    scales : ndarray, shape (2,)

    References
    ----------
    Huang, A., & Wand, M. P. (2013). Simple marginally noninformative prior
    distributions for covariance matrices. Bayesian Analysis, 8(2), 439-452.
    https://doi.org/10.1214/13-BA815
    """
    W = np.array([[(rest[i] * rest[k]).sum() for k in (0, 1)] for i in (0, 1)])
    Sigma = inverse_wishart(3 + n, W + np.diag(4 / scales), rng)
    Sigma += np.diag(np.maximum(SMALLEST * variance - np.diag(Sigma), 0.0))
    rate = 2 * np.diag(np.linalg.inv(Sigma)) + 1 / variance
    return Sigma, rate / rng.standard_gamma(2.0, size=2)


def inverse_wishart(df: float, scale: Floats, rng: np.random.Generator) -> Floats:
    """Draw an inverse Wishart matrix of two, mean scale / (df - 3).

    By Bartlett: with the scale L L' and T lower triangular, T T' Wishart of df degrees
    of freedom, it is L (T T')^-1 L'.
    """
    T = np.zeros((2, 2))
    T[0, 0], T[1, 1] = np.sqrt(2 * rng.standard_gamma([df / 2, (df - 1) / 2]))
    T[1, 0] = rng.standard_normal()
    root = np.linalg.solve(T, np.linalg.cholesky(scale).T)
    drawn: Floats = root.T @ root
    return drawn


def normal(precision: Floats, right: Floats, rng: np.random.Generator) -> Floats:
    """Draw from the normal of a precision matrix and precision times mean."""
    root = np.linalg.cholesky(precision)
    noise = rng.standard_normal(right.size)
    return np.linalg.solve(root.T, np.linalg.solve(root, right) + noise)


def couplings(
    old: Floats,
    *,
    moments: Floats,
    cross: Floats,
    Q: Floats,
    bB: Floats,
    spread: float,
    rng: np.random.Generator,
) -> Floats:
    """Draw every pair's couplings given its levels, cut down to the stable ones.

    Parameters
    ----------
    old : ndarray, shape (4, n_pairs)
        Couplings from the last sweep, kept where no try is stable.
    moments : ndarray, shape (3, n_pairs)
        Sums of z_j z_j' over the steps, z = x - mu: cc, ct, tt.
    cross : ndarray, shape (2, 2, n_pairs)
        Sums of z_{j+1} z_j'.
    Q : ndarray, shape (2, 2)
        Covariance of the innovations.
    bB : ndarray, shape (4,)
        Mean couplings.
    spread : float
        Their standard deviation over pairs.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (4, n_pairs)
    """
    precision, right = regression(moments, cross, Q)
    for i in range(4):
        precision[i][i] = precision[i][i] + 1 / spread**2
    right += bB[:, None] / spread**2
    root = cholesky(precision)
    centre = _solved_down(root, right)
    found, waiting = old.copy(), np.arange(old.shape[1])
    for _ in range(MAX_TRIES):
        noise = rng.standard_normal((4, waiting.size))
        lines = [[entry[waiting] for entry in line] for line in root]
        tried = _solved_up(lines, centre[:, waiting] + noise)
        good = is_stable(tried.T)
        found[:, waiting[good]] = tried[:, good]
        waiting = waiting[~good]
        if not waiting.size:
            break
    return found


def regression(
    moments: Floats, cross: Floats, Q: Floats
) -> tuple[list[list[Floats]], Floats]:
    """Precision of B's rows one after the other, Q^-1 kron moments, and its right side.

    Returns
    -------
    precision : list of list of ndarray, 4 x 4 of shape (n_pairs,)
    right : ndarray, shape (4, n_pairs)
        Rows of Q^-1 cross.
    """
    inverse = np.linalg.inv(Q)
    square = [[moments[0], moments[1]], [moments[1], moments[2]]]
    precision = [
        [inverse[i // 2, k // 2] * square[i % 2][k % 2] for k in range(4)]
        for i in range(4)
    ]
    right = [
        inverse[i, 0] * cross[0, a] + inverse[i, 1] * cross[1, a]
        for i in (0, 1)
        for a in (0, 1)
    ]
    return precision, np.stack(right)


def cholesky(matrix: list[list[Floats]]) -> list[list[Floats]]:
    """Lower triangles L of symmetric matrices L L', number by number."""
    root: list[list[Floats]] = []
    for i, line in enumerate(matrix):
        row: list[Floats] = []
        for k in range(i + 1):
            rest = line[k]
            for inner in range(k):
                upper = row[inner] if k == i else root[k][inner]
                rest = rest - row[inner] * upper
            row.append(np.sqrt(rest) if k == i else rest / root[k][k])
        root.append(row)
    return root


def _solved_down(root: list[list[Floats]], right: Floats) -> Floats:
    """L^-1 right."""
    solved: list[Floats] = []
    for line, value in zip(root, right, strict=True):
        rest = value
        for k, known in enumerate(solved):
            rest = rest - line[k] * known
        solved.append(rest / line[-1])
    return np.stack(solved)


def _solved_up(root: list[list[Floats]], right: Floats) -> Floats:
    """L'^-1 right."""
    solved = right.copy()
    for i in range(len(root) - 1, -1, -1):
        for k in range(i + 1, len(root)):
            solved[i] -= root[k][i] * solved[k]
        solved[i] /= root[i][i]
    return solved
