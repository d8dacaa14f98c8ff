"""Whether several chains tell the same story, and how much they tell."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri
from scipy.stats import rankdata

from duologue.engine.dyad.model import Floats
from duologue.errors import ParameterError

MIN_DRAWS = 8
"""Fewest draws of a chain: its halves have four each."""


def r_hat(draws: ArrayLike) -> Floats:
    r"""How much wider the chains are together than each alone: 1 where they agree.

    Split, rank-normalised and folded: with W the mean variance within half-chains of
    n draws and B/n the variance between their means,

    .. math:: \hat R = \sqrt{((n - 1) W / n + B / n) / W},

    the larger of that for the normal scores of the draws, which sees different means,
    and for those of their distance from the median, which sees different widths.

    Parameters
    ----------
    draws : array_like, shape (n_chains, n_draws, ...)
        8 draws or more a chain; an odd one in the middle is left out.

    Returns
    -------
    ndarray, shape (...)
        ``inf`` where half-chains do not move and stand apart; 1 where nothing moves
        anywhere.

    Raises
    ------
    ParameterError
        If there are too few draws, or one is not finite.

    References
    ----------
    Vehtari, A., Gelman, A., Simpson, D., Carpenter, B., & Bürkner, P.-C. (2021).
    Rank-normalization, folding, and localization: An improved R-hat. Bayesian
    Analysis, 16(2), 667-718. https://doi.org/10.1214/20-BA1221
    """
    halves = _halves(draws)
    middle = np.median(halves, axis=(0, 1), keepdims=True)
    folded = np.abs(halves - middle)
    return np.maximum(_r_hat(_scores(halves)), _r_hat(_scores(folded)))


def effective_draws(draws: ArrayLike) -> Floats:
    r"""How many independent draws would fix the middle of the distribution as well.

    On the normal scores of half-chains, n draws in m of them,

    .. math:: n m / \tau, \quad \tau = -1 + 2 \sum_t P_t, \quad
              P_t = \rho_{2t} + \rho_{2t+1},

    with rho the autocorrelation over all chains, and the sum cut where P first falls
    below 0 and made never to rise (Geyer's initial monotone sequence).

    Parameters
    ----------
    draws : array_like, shape (n_chains, n_draws, ...)
        As for ``r_hat``.

    Returns
    -------
    ndarray, shape (...)
        At most ``n m log10(n m)``; 0 where half-chains do not move.

    Raises
    ------
    ParameterError
        As for ``r_hat``.

    References
    ----------
    Geyer, C. J. (1992). Practical Markov chain Monte Carlo. Statistical Science, 7(4),
    473-483. https://doi.org/10.1214/ss/1177011137
    Vehtari et al. (2021), as for ``r_hat``: the bulk effective sample size.
    """
    scores = _scores(_halves(draws))
    flat = scores.reshape(*scores.shape[:2], -1)
    found = [_effective(flat[..., i]) for i in range(flat.shape[2])]
    return np.asarray(found).reshape(scores.shape[2:])


def _halves(draws: ArrayLike) -> Floats:
    """Cut each chain in two, shape (2 n_chains, n_draws // 2, ...)."""
    array = np.asarray(draws, dtype=float)
    if array.ndim < 2 or array.shape[0] < 1 or array.shape[1] < MIN_DRAWS:
        raise ParameterError(
            f"draws must have shape (n_chains, {MIN_DRAWS} or more, ...), "
            f"got {array.shape}."
        )
    if not np.isfinite(array).all():
        raise ParameterError("draws must be finite, got a blank or an infinite.")
    half = array.shape[1] // 2
    return np.concatenate([array[:, :half], array[:, -half:]])


def _scores(halves: Floats) -> Floats:
    """Rank all chains together and give each rank its normal score."""
    n = halves.shape[0] * halves.shape[1]
    ranks = rankdata(halves.reshape(n, -1), method="average", axis=0)
    scores: Floats = ndtri((ranks - 0.375) / (n + 0.25)).reshape(halves.shape)
    return scores


def _r_hat(scores: Floats) -> Floats:
    n = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean(axis=0)
    between = scores.mean(axis=1).var(axis=0, ddof=1)
    still = within == 0
    ratio = (n - 1) / n + between / np.where(still, 1.0, within)
    apart = np.where(between > 0, np.inf, 1.0)
    return np.where(still, apart, np.sqrt(ratio))


def _autocovariance(scores: Floats) -> Floats:
    """Autocovariances of each half-chain (m, n), by Fourier, divided by n."""
    n = scores.shape[1]
    away = scores - scores.mean(axis=1, keepdims=True)
    # Padded to a power of two beyond 2 n: the ends do not meet, and it is fast.
    spectrum = np.fft.rfft(away, n=2 ** (2 * n - 1).bit_length(), axis=1)
    products = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :n]
    return np.asarray(products / n)


def _effective(scores: Floats) -> float:
    m, n = scores.shape
    covariance = _autocovariance(scores)
    within = covariance[:, 0].mean() * n / (n - 1)
    if not within > 0:
        return 0.0
    total = within * (n - 1) / n + scores.mean(axis=1).var(ddof=1)
    rho = 1 - (within - covariance.mean(axis=0) * n / (n - 1)) / total
    rho[0] = 1.0
    pairs = rho[: n - n % 2].reshape(-1, 2).sum(axis=1)
    below = np.flatnonzero(pairs < 0)
    kept = pairs[: below[0]] if below.size else pairs
    tau = -1 + 2 * np.minimum.accumulate(kept).sum()
    return float(m * n / max(tau, 1 / np.log10(m * n)))
