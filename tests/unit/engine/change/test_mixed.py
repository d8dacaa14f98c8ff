"""The mixed model against matrices written out, its maximum, and what it cannot learn."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from duologue.engine.change import mixed
from duologue.engine.change.codes import Reason
from duologue.engine.change.mixed import effects, fit_mixed, lines

NAN = float("nan")


def made(n_courses, n_sessions=6, *, seed=3, blank=0.2, sds=(6.0, 1.5), noise=3.0):
    """Draw courses with their own lines, and leave some sessions blank."""
    rng = np.random.default_rng(seed)
    x = np.arange(n_sessions, dtype=float)
    u = rng.normal(size=(n_courses, 2)) * sds
    y = (
        30
        + u[:, :1]
        + (-1.2 + u[:, 1:]) * x
        + noise * rng.normal(size=(n_courses, len(x)))
    )
    y[rng.random(y.shape) < blank] = NAN
    return y, x


def dense(y, x, G, residual):
    """Restricted log-likelihood, mean line, and effects with whole matrices."""
    XVX, XVy, pieces = np.zeros((2, 2)), np.zeros(2), []
    for row in y:
        there = ~np.isnan(row)
        if there.any():
            Z = np.stack([np.ones(there.sum()), x[there]], axis=1)
            V = Z @ G @ Z.T + residual * np.eye(len(Z))
            XVX += Z.T @ np.linalg.solve(V, Z)
            XVy += Z.T @ np.linalg.solve(V, row[there])
            pieces.append((Z, V, row[there]))
    b = np.linalg.solve(XVX, XVy)
    n = sum(len(Z) for Z, _, _ in pieces)
    total = (n - 2) * np.log(2 * np.pi) + np.linalg.slogdet(XVX)[1]
    u, covariance = [], []
    for Z, V, own in pieces:
        r = own - Z @ b
        total += np.linalg.slogdet(V)[1] + r @ np.linalg.solve(V, r)
        u.append(G @ Z.T @ np.linalg.solve(V, r))
        covariance.append(G - G @ Z.T @ np.linalg.solve(V, Z @ G))
    return -0.5 * total, b, XVX, np.array(u), np.array(covariance)


def test_the_model_is_that_of_whole_matrices():
    y, x = made(25)

    model, why = fit_mixed(y, x)
    u, covariance = effects(model, y, x)

    log_likelihood, b, XVX, u_slow, covariance_slow = dense(
        y, x, model.G, model.residual
    )
    assert why == Reason.NONE
    assert model.log_likelihood == pytest.approx(log_likelihood, rel=1e-12)
    np.testing.assert_allclose(model.fixed, b, rtol=1e-9)
    np.testing.assert_allclose(model.fixed_covariance, np.linalg.inv(XVX), rtol=1e-9)
    np.testing.assert_allclose(u, u_slow, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(covariance, covariance_slow, rtol=1e-8)


def test_no_other_spread_is_more_likely():
    y, x = made(25)
    model, _ = fit_mixed(y, x)
    rng = np.random.default_rng(5)

    for _ in range(100):
        nearby = np.linalg.cholesky(model.G) * np.exp(0.1 * rng.normal(size=(2, 2)))
        residual = model.residual * np.exp(0.1 * rng.normal())
        other = dense(y, x, nearby @ nearby.T, residual)[0]
        assert other < model.log_likelihood


@pytest.mark.parametrize("theta", [(1.0, 0.0, 1.0), (0.4, -0.7, 0.2), (3.0, 2.0, 0.1)])
def test_the_slope_of_the_likelihood_is_the_one_of_differences(theta):
    own = lines(*made(12))

    slope = mixed._deviance(np.array(theta), own)[1]

    differences = approx_fprime(
        np.array(theta), lambda at: mixed._deviance(at, own)[0], 1e-7
    )
    np.testing.assert_allclose(slope, differences, rtol=1e-4, atol=1e-6)


def test_units_change_nothing_but_units():
    y, x = made(30)

    model, _ = fit_mixed(y, x)
    other, _ = fit_mixed(100 + 7 * y, 2000 + 3 * x)

    # Intercepts lie at x = 0, which has moved: slopes are compared.
    assert other.fixed[1] == pytest.approx(model.fixed[1] * 7 / 3, rel=1e-6)
    assert other.G[1, 1] == pytest.approx(model.G[1, 1] * 49 / 9, rel=1e-4)
    assert other.residual == pytest.approx(model.residual * 49, rel=1e-5)


def test_the_order_of_courses_and_of_sessions_does_not_matter():
    y, x = made(30)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(30), rng.permutation(6)

    model, _ = fit_mixed(y, x)
    other, _ = fit_mixed(y[rows][:, columns], x[columns])

    np.testing.assert_allclose(other.fixed, model.fixed, rtol=1e-6)
    np.testing.assert_allclose(other.G, model.G, rtol=1e-4)


def test_courses_without_a_score_change_nothing():
    y, x = made(30)
    empty = np.vstack([y[:10], np.full((4, 6), NAN), y[10:]])

    model, _ = fit_mixed(y, x)
    other, _ = fit_mixed(empty, x)
    u, covariance = effects(other, empty, x)

    assert other.n_courses == 30
    np.testing.assert_allclose(other.G, model.G, rtol=1e-9)
    np.testing.assert_array_equal(u[10:14], 0)
    np.testing.assert_allclose(covariance[10], other.G)


def test_the_truth_is_found_in_many_courses():
    y, x = made(1500)

    model, _ = fit_mixed(y, x)

    np.testing.assert_allclose(model.fixed, [30, -1.2], atol=0.3)
    np.testing.assert_allclose(np.sqrt(np.diag(model.G)), [6.0, 1.5], rtol=0.04)
    assert np.sqrt(model.residual) == pytest.approx(3, rel=0.02)


def test_lines_that_do_not_differ_have_no_spread_and_are_sound():
    y, x = made(40, blank=0.0)
    own = lines(y, x).c
    y += (own.mean(axis=0) - own) @ np.stack([np.ones(6), x])  # one line for all

    model, _ = fit_mixed(y, x)

    np.testing.assert_allclose(model.G, 0, atol=1e-6)
    expected = dense(y, x, np.zeros((2, 2)), model.residual)[0]
    assert model.log_likelihood == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("n_courses", "n_sessions", "sds", "seed"),
    [(12, 5, (5.0, 0.0), 0), (30, 8, (5.0, 0.0), 0), (30, 8, (2.0, 2.0), 10)],
)
def test_no_spread_near_an_edge_is_missed(n_courses, n_sessions, sds, seed):
    # A search that keeps the factor's diagonal above 0 stays at a lower place here.
    y, x = made(n_courses, n_sessions, seed=seed, sds=sds)
    rng = np.random.default_rng(seed)

    model, _ = fit_mixed(y, x)

    own = lines(y, x - x.mean())
    n = own.n_scores.sum()
    sd0, sd1 = np.exp(rng.uniform(-3, 1.5, size=(2, 1500)))
    slant = np.clip(rng.normal(size=1500), -1, 1)  # a third of them on the edge
    thetas = np.stack([sd0, slant * sd1, np.sqrt(1 - slant**2) * sd1], axis=1)
    best = -0.5 * n * min(mixed._deviance(theta, own)[0] for theta in thetas)
    assert model.log_likelihood - 3 < best <= model.log_likelihood + 1e-8


def test_a_search_that_comes_to_no_end_gives_no_model(monkeypatch):
    monkeypatch.setattr(mixed, "FLAT", 0.0)

    assert fit_mixed(*made(12)) == (None, Reason.NOT_FOUND)


def test_one_course_has_the_line_of_least_squares():
    # 1 3 2 at 0 1 2: slope (-1 * 1 + 1 * 2) / 2 = .5, mean 2, so 1.5 + .5 x; rest
    # .25 + 1 + .25.
    found = lines(np.array([[1.0, NAN, 3, 2]]), np.array([0.0, 9, 1, 2]))

    np.testing.assert_allclose(found.c, [[1.5, 0.5]])
    assert found.rest == pytest.approx(1.5)
    np.testing.assert_array_equal(found.S, [[[3, 3], [3, 5]]])


@pytest.mark.shared
def test_the_line_of_one_client_is_that_of_the_reference(reference, numbers, bdi):
    expected = numbers(reference("growth/ols_one_client.csv"), "b0", "b1", "sigma")

    found = lines(bdi[:1], np.log1p(np.arange(13)))

    sigma = np.sqrt(found.rest / (found.n_scores[0] - 2))
    np.testing.assert_allclose([*found.c[0], sigma], np.ravel(expected), rtol=1e-12)


def test_what_cannot_be_learned_says_why():
    y, x = made(6, blank=0.0)
    one_each = np.where(np.arange(6) == 2, y, NAN)

    for scores, times, expected in (
        (y[:2], x, Reason.FEW_PEOPLE),
        (np.full((6, 6), NAN), x, Reason.FEW_PEOPLE),
        (np.zeros((6, 0)), x[:0], Reason.FEW_PEOPLE),
        (one_each, x, Reason.FEW_SCORES),
        (y[:, :2], x[:2], Reason.FEW_SCORES),
        (np.full((6, 6), 10.1), x, Reason.NO_SPREAD),
        (y, np.ones(6), Reason.NO_SPREAD),
        (30 + np.arange(6)[:, None] * x, x, Reason.NO_SPREAD),
        (y, np.repeat(np.arange(6.0)[:, None], 6, axis=1), Reason.NO_SPREAD),
    ):
        model, why = fit_mixed(scores, times)
        assert (model, why) == (None, expected)
