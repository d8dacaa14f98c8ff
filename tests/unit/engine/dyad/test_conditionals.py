"""Draws of one block given the rest, against plain algebra and known moments."""

import numpy as np
import pytest
from scipy.stats import halfcauchy, invwishart, kstest, t

from duologue.engine.dyad import conditionals
from duologue.engine.dyad.model import is_stable
from worked_dyads import Q

N_COPIES = 40_000


def close_to_normal(draws, mean, cov):
    """Whether draws (p, n) have this mean and covariance within five standard errors."""
    n, sd = draws.shape[1], np.sqrt(np.diag(cov))
    mean_fits = (np.abs(draws.mean(axis=1) - mean) < 5 * sd / n**0.5).all()
    apart = np.abs(np.cov(draws) - cov) / np.outer(sd, sd)
    return mean_fits and (apart < 5 * (2 / n) ** 0.5).all()


def test_couplings_are_drawn_from_the_regression_of_every_session_on_the_last():
    rng = np.random.default_rng(1)
    z = rng.normal(size=(7, 2))
    bB, spread = np.array([0.2, 0.1, -0.1, 0.1]), 0.15
    # Written out: one long regression of both seats' sessions on the last ones'.
    X = np.concatenate([np.kron(np.eye(2), before) for before in z[:-1]])
    weights = np.kron(np.eye(6), np.linalg.inv(Q))
    precision = X.T @ weights @ X + np.eye(4) / spread**2
    right = X.T @ weights @ z[1:].ravel() + bB / spread**2
    cov = np.linalg.inv(precision)
    before, after = z[:-1], z[1:]
    moments = (before**2).sum(axis=0), (before[:, 0] * before[:, 1]).sum()

    found = conditionals.couplings(
        np.zeros((4, N_COPIES)),
        moments=np.tile([[moments[0][0]], [moments[1]], [moments[0][1]]], N_COPIES),
        cross=np.tile((after.T @ before)[..., None], N_COPIES),
        Q=Q,
        bB=bB,
        spread=spread,
        rng=rng,
    )

    assert close_to_normal(found, cov @ right, cov)


def test_couplings_are_cut_down_to_the_stable_ones():
    rng = np.random.default_rng(2)
    bB, n = np.array([0.9, 0.1, 0.1, 0.9]), N_COPIES

    found = conditionals.couplings(
        np.zeros((4, n)), moments=np.zeros((3, n)), cross=np.zeros((2, 2, n)),
        Q=Q, bB=bB, spread=0.15, rng=rng,
    )  # fmt: skip

    plain = bB + 0.15 * rng.standard_normal((4 * n, 4))
    kept = plain[is_stable(plain)].T
    assert is_stable(found.T).all()
    np.testing.assert_allclose(found.mean(axis=1), kept.mean(axis=1), atol=0.005)
    np.testing.assert_allclose(np.cov(found), np.cov(kept), atol=0.001)


def test_couplings_without_a_stable_try_stay_as_they_were():
    old = np.full((4, 3), 0.1)

    found = conditionals.couplings(
        old, moments=np.zeros((3, 3)), cross=np.zeros((2, 2, 3)),
        Q=Q, bB=np.full(4, 50.0), spread=0.01, rng=np.random.default_rng(3),
    )  # fmt: skip

    np.testing.assert_array_equal(found, old)


def test_a_normal_has_the_moments_that_its_precision_says():
    rng, precision = np.random.default_rng(4), np.linalg.inv(Q)
    right = np.array([1.0, -2.0])

    found = np.array([conditionals.normal(precision, right, rng) for _ in range(4000)])

    assert close_to_normal(found.T, Q @ right, Q)


def test_an_inverse_wishart_is_the_one_of_scipy():
    rng, df = np.random.default_rng(5), 9.0

    found = np.array(
        [conditionals.inverse_wishart(df, 5 * Q, rng) for _ in range(4000)]
    )

    peer = invwishart(df, 5 * Q).rvs(4000, random_state=rng)
    np.testing.assert_allclose(found.mean(axis=0), 5 * Q / (df - 3), rtol=0.05)
    for i, k in ((0, 0), (0, 1), (1, 1)):
        assert kstest(found[:, i, k], peer[:, i, k]).pvalue > 0.001


def test_standard_deviations_have_the_half_t_prior_that_is_asked_for():
    # Without residuals, covariance and mixing numbers drawn in turn give the prior.
    rng, variance = np.random.default_rng(6), np.array([4.0, 0.25])
    scales, kept = variance.copy(), []
    for _ in range(10_000):
        Sigma, scales = conditionals.covariance(
            np.zeros((2, 1)), 0, scales=scales, variance=variance, rng=rng
        )
        kept.append(np.sqrt(np.diag(Sigma)) / np.sqrt(variance))
    thinned = np.array(kept)[::10]

    for seat in (0, 1):
        found = kstest(thinned[:, seat], lambda s: 2 * t(2).cdf(s) - 1)
        assert found.pvalue > 0.001
    assert kstest(thinned[:, 0], halfcauchy.cdf).pvalue < 0.001


def test_a_covariance_from_many_residuals_is_theirs_and_never_vanishes():
    rng = np.random.default_rng(7)
    rest = np.linalg.cholesky(Q) @ rng.standard_normal((2, 20_000))

    found, scales = conditionals.covariance(
        rest, 20_000, scales=np.ones(2), variance=np.ones(2), rng=rng
    )
    none, _ = conditionals.covariance(
        0 * rest, 20_000, scales=np.full(2, 1e12), variance=np.ones(2), rng=rng
    )

    np.testing.assert_allclose(found, Q, atol=0.01)
    assert (scales > 0).all()
    assert (np.diag(none) >= conditionals.SMALLEST).all()
    assert np.linalg.det(none) > 0


@pytest.mark.parametrize("size", [2, 4])
def test_triangles_of_many_matrices_are_those_of_each(size):
    roots = np.random.default_rng(8).normal(size=(5, size, 6))
    matrices = roots @ roots.swapaxes(1, 2)
    lines = [[matrices[:, i, k] for k in range(size)] for i in range(size)]

    found = conditionals.cholesky(lines)

    for i in range(size):
        for k in range(i + 1):
            np.testing.assert_allclose(
                found[i][k], np.linalg.cholesky(matrices)[:, i, k], rtol=1e-9
            )
