"""Draws of one block given the rest, against plain algebra and known moments."""

import numpy as np
import pytest
from scipy.stats import halfcauchy, invwishart, kstest, t

import geweke
from duologue.engine.dyad import conditionals
from duologue.engine.dyad.fitting import answers_of
from duologue.engine.dyad.model import is_stable
from duologue.engine.dyad.packing import AT_Q, packed
from duologue.engine.dyad.states import SMALLEST
from uncompiled import uncompile
from worked_dyads import Q

N_COPIES = 40_000

OF_Q = Q[[0, 0, 1], [0, 1, 1]]
"""A covariance of two as its three numbers."""


def matrix(three):
    """Three numbers as the covariance of two."""
    return np.array(three)[[0, 1, 1, 2]].reshape(2, 2)


@pytest.fixture(params=["compiled", "plain"])
def functions(request, monkeypatch):
    """The module as it runs, and as the Python that it is made of."""
    if request.param == "plain":
        uncompile(monkeypatch, conditionals)
    return conditionals


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
        np.tile([[moments[0][0]], [moments[1]], [moments[0][1]]], N_COPIES),
        np.tile((after.T @ before)[..., None], N_COPIES),
        OF_Q,
        bB,
        spread,
        rng,
    )

    assert close_to_normal(found, cov @ right, cov)


def test_couplings_are_cut_down_to_the_stable_ones():
    rng = np.random.default_rng(2)
    bB, n = np.array([0.9, 0.1, 0.1, 0.9]), N_COPIES

    found = conditionals.couplings(
        np.zeros((4, n)), np.zeros((3, n)), np.zeros((2, 2, n)), OF_Q, bB, 0.15, rng
    )

    plain = bB + 0.15 * rng.standard_normal((4 * n, 4))
    kept = plain[is_stable(plain)].T
    assert is_stable(found.T).all()
    np.testing.assert_allclose(found.mean(axis=1), kept.mean(axis=1), atol=0.005)
    np.testing.assert_allclose(np.cov(found), np.cov(kept), atol=0.001)


def test_couplings_without_a_stable_try_stay_as_they_were(functions):
    old, bB = np.full((4, 3), 0.1), np.full(4, 50.0)
    none, rng = (np.zeros((3, 3)), np.zeros((2, 2, 3))), np.random.default_rng(3)

    found = functions.couplings(old, *none, OF_Q, bB, 0.01, rng)

    np.testing.assert_array_equal(found, old)


def test_a_normal_has_the_moments_that_its_precision_says():
    rng, right = np.random.default_rng(4), (1.0, -2.0)
    precision = conditionals.inverse(tuple(OF_Q))

    found = np.array([conditionals.normal(precision, right, rng) for _ in range(4000)])

    np.testing.assert_allclose(matrix(precision), np.linalg.inv(Q), rtol=1e-12)
    assert close_to_normal(found.T, Q @ right, Q)


def test_an_inverse_wishart_is_the_one_of_scipy():
    rng, df = np.random.default_rng(5), 9.0

    scale = tuple(5 * OF_Q)
    found = np.array(
        [matrix(conditionals.inverse_wishart(df, scale, rng)) for _ in range(4000)]
    )

    peer = invwishart(df, 5 * Q).rvs(4000, random_state=rng)
    np.testing.assert_allclose(found.mean(axis=0), 5 * Q / (df - 3), rtol=0.05)
    for i, k in ((0, 0), (0, 1), (1, 1)):
        assert kstest(found[:, i, k], peer[:, i, k]).pvalue > 0.001


def test_standard_deviations_have_the_half_t_prior_that_is_asked_for():
    # Without residuals, covariance and mixing numbers drawn in turn give the prior.
    rng, variance = np.random.default_rng(6), np.array([4.0, 0.25])
    scales, none, kept = variance.copy(), (0.0, 0.0, 0.0), []
    for _ in range(10_000):
        cc, _, tt = conditionals.covariance(none, 0, scales, variance, rng)
        kept.append(np.sqrt([cc, tt] / variance))
    thinned = np.array(kept)[::10]

    for seat in (0, 1):
        found = kstest(thinned[:, seat], lambda s: 2 * t(2).cdf(s) - 1)
        assert found.pvalue > 0.001
    assert kstest(thinned[:, 0], halfcauchy.cdf).pvalue < 0.001


def test_a_covariance_from_many_residuals_is_theirs_and_never_vanishes():
    rng, variance, scales = np.random.default_rng(7), np.ones(2), np.ones(2)
    rest = np.linalg.cholesky(Q) @ rng.standard_normal((2, 20_000))
    W, none = tuple((rest @ rest.T)[[0, 0, 1], [0, 1, 1]]), (0.0, 0.0, 0.0)

    found = conditionals.covariance(W, 20_000, scales, variance, rng)
    least = conditionals.covariance(none, 20_000, np.full(2, 1e12), variance, rng)

    np.testing.assert_allclose(found, OF_Q, atol=0.01)
    assert (scales > 0).all()
    assert min(least[0], least[2]) >= SMALLEST
    assert np.linalg.det(matrix(least)) > 0


@pytest.mark.parametrize("size", [2, 4])
def test_the_triangle_of_a_matrix_is_the_one_of_numpy_and_is_solved_both_ways(
    functions, size
):
    rng = np.random.default_rng(8)
    root = rng.normal(size=(size, 6))
    triangle, right = root @ root.T, rng.normal(size=size)
    expected = np.linalg.cholesky(triangle)
    down, up = right.copy(), right.copy()

    functions._take_root(triangle)
    functions._solve_down(triangle, down)
    functions._solve_up(triangle, up)

    np.testing.assert_allclose(np.tril(triangle), expected, rtol=1e-9)
    np.testing.assert_allclose(down, np.linalg.solve(expected, right), rtol=1e-9)
    np.testing.assert_allclose(up, np.linalg.solve(expected.T, right), rtol=1e-9)


def filled_in(rng, n_pairs=9, n_sessions=5, n_ratings=3):
    """A state, set-points, levels, and answers with blanks; two courses end early."""
    state = geweke.from_prior(geweke.PRIOR, n_pairs, n_ratings, rng)
    mu, x = geweke.filled_in(state, n_sessions, rng)
    blank = rng.random((n_pairs, n_sessions, 2, n_ratings)) < 0.3
    blank[:2, 3:] = True
    return state, mu, x, answers_of(geweke.rated(state, x, blank, rng))


def test_couplings_are_those_of_plain_algebra_with_the_same_chance(functions):
    rng = np.random.default_rng(9)
    n, bB, spread = 40, np.array([0.85, 0.1, 0.1, 0.85]), 0.2
    z = rng.normal(size=(n, 4, 2))
    squares = np.einsum("dji,djk->dik", z[:, :-1], z[:, :-1])
    cross = np.einsum("dji,djk->dik", z[:, 1:], z[:, :-1])
    moments = squares[:, [0, 0, 1], [0, 1, 1]].T.copy()
    turned, old = np.moveaxis(cross, 0, -1).copy(), np.zeros((4, n))

    found = functions.couplings(
        old, moments, turned, OF_Q, bB, spread, np.random.default_rng(10)
    )

    chance, n_tries = np.random.default_rng(10), 0
    for pair in range(n):
        precision = np.kron(np.linalg.inv(Q), squares[pair]) + np.eye(4) / spread**2
        right = (np.linalg.inv(Q) @ cross[pair]).ravel() + bB / spread**2
        root, stable = np.linalg.cholesky(precision), False
        while not stable:
            away = np.linalg.solve(root.T, chance.standard_normal(4))
            expected = np.linalg.solve(precision, right) + away
            stable, n_tries = is_stable(expected), n_tries + 1
        np.testing.assert_allclose(found[:, pair], expected, atol=1e-10)
    assert n_tries > n + 3


def test_levels_in_common_are_those_of_plain_algebra_with_the_same_chance(functions):
    state, mu, x, answers = filled_in(np.random.default_rng(11))
    common, scales, prior = state.common.copy(), state.scales.copy(), geweke.PRIOR

    functions.draw_levels_in_common(
        common, scales, mu, x, state.b, answers.steps, prior.variance,
        prior.bm_mean, prior.bm_precision, prior.delta_precision,
        np.random.default_rng(12),
    )  # fmt: skip

    expected = plain_levels_in_common(
        state, mu, x, answers.steps, np.random.default_rng(12)
    )
    np.testing.assert_allclose(common[: AT_Q + 3], expected[0], rtol=1e-10)
    np.testing.assert_allclose(scales[:6], expected[1], rtol=1e-10)
    np.testing.assert_array_equal(common[AT_Q + 3 :], state.common[AT_Q + 3 :])
    np.testing.assert_array_equal(scales[6:], state.scales[6:])


def plain_levels_in_common(state, mu, x, steps, chance):
    """All numbers from bm to Q, and their scales, with matrices."""
    prior, draw, z = geweke.PRIOR, state.nuisance, x - mu
    B = state.b.T.reshape(-1, 2, 2)
    w = z[1:] - np.einsum("dik,jkd->jid", B, z[:-1])
    residuals = (
        np.concatenate([w[j][:, steps[j]] for j in range(len(w))], axis=1),
        z[0] - draw.delta[:, None],
        mu - draw.bm[:, None],
    )
    old = state.scales[4:6], state.scales[2:4], state.scales[:2]
    (Q_, of_Q), (P1, of_P1), (Sm, of_Sm) = (
        plain_covariance(rest, a, prior.variance, chance)
        for rest, a in zip(residuals, old, strict=True)
    )
    delta = plain_mean(z[0], P1, np.zeros(2), prior.delta_precision, chance)
    bm = plain_mean(mu, Sm, prior.bm_mean, prior.bm_precision, chance)
    ends = [part[[0, 0, 1], [0, 1, 1]] for part in (Sm, P1, Q_)]
    return np.concatenate([bm, delta, *ends]), np.concatenate([of_Sm, of_P1, of_Q])


def plain_covariance(rest, a, variance, chance):
    """Huang and Wand's draw, Bartlett's way."""
    df, scale = 3 + rest.shape[1], rest @ rest.T + np.diag(4 / a)
    T = np.diag(np.sqrt(2 * chance.standard_gamma([df / 2, (df - 1) / 2])))
    T[1, 0] = chance.standard_normal()
    root = np.linalg.cholesky(scale)
    Sigma = root @ np.linalg.inv(T @ T.T) @ root.T
    rate = 2 * np.diag(np.linalg.inv(Sigma)) + 1 / variance
    return Sigma, rate / chance.standard_gamma(2.0, size=2)


def plain_mean(values, Sigma, prior_mean, prior_precision, chance):
    """Draw the mean of values (2, n)."""
    inverse = np.linalg.inv(Sigma)
    precision = values.shape[1] * inverse + np.diag(prior_precision)
    right = inverse @ values.sum(axis=1) + prior_precision * prior_mean
    return plain_normal(precision, right, chance)


def plain_normal(precision, right, chance):
    turned = np.linalg.cholesky(precision).T
    away = np.linalg.solve(turned, chance.standard_normal(2))
    return np.linalg.solve(precision, right) + away


@pytest.mark.parametrize("n_ratings", [1, 3])
def test_ratings_in_common_are_those_of_plain_algebra_with_the_same_chance(
    functions, n_ratings
):
    state, _, x, answers = filled_in(np.random.default_rng(13), n_ratings=n_ratings)
    common, scales, prior = state.common.copy(), state.scales.copy(), geweke.PRIOR

    functions.draw_ratings_in_common(
        common, scales, x, answers.ratings, answers.present, prior.variance,
        prior.nu_variance, prior.lam_variance, np.random.default_rng(14),
    )  # fmt: skip

    draw, of_R = plain_ratings_in_common(state, x, answers, np.random.default_rng(14))
    np.testing.assert_allclose(common, packed(draw), rtol=1e-9)
    np.testing.assert_allclose(scales[6:], of_R.ravel(), rtol=1e-9)
    np.testing.assert_array_equal(common[: AT_Q + 3], state.common[: AT_Q + 3])


def plain_ratings_in_common(state, x, answers, chance):
    """The draw with new nu, lam and R, and the scales of R, by regressions."""
    prior, draw = geweke.PRIOR, state.nuisance
    of_R = state.scales[6:].reshape(draw.R.shape).copy()
    for seat, k in np.ndindex(draw.R.shape):
        there = answers.present[k, seat] > 0
        y, levels = answers.ratings[k, seat][there], x[:, seat][there]
        X = np.stack([np.ones(y.size), levels], axis=1)
        if k:
            before = np.diag([1 / prior.nu_variance, 1 / prior.lam_variance])
            precision = X.T @ X / draw.R[seat, k] + before
            right = X.T @ y / draw.R[seat, k] + before @ [0.0, 1.0]
            nu_lam = plain_normal(precision, right, chance)
            draw.nu[seat, k], draw.lam[seat, k] = nu_lam
        rest = y - X @ [draw.nu[seat, k], draw.lam[seat, k]]
        rate = rest @ rest / 2 + 2 / of_R[seat, k]
        draw.R[seat, k] = rate / chance.standard_gamma(1 + y.size / 2)
        rate = 2 / draw.R[seat, k] + 1 / prior.variance[seat]
        of_R[seat, k] = rate / chance.standard_gamma(1.5)
    return draw, of_R


def test_the_error_of_a_rating_that_copies_its_level_does_not_vanish(functions):
    rng, many = np.random.default_rng(15), 10**12

    R, scale = functions._error(0.0, many, 1.0, 2.0, rng)

    assert R == 2.0 * SMALLEST
    assert scale > 0
