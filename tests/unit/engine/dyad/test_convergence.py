"""Diagnostics of chains: a slow version, known autocorrelations, and what is refused."""

import numpy as np
import pytest
from scipy.stats import norm

from duologue.engine.dyad.convergence import effective_draws, r_hat
from duologue.errors import ParameterError


def autoregressive(rng, rho, n_chains=4, n_draws=4000):
    noise = rng.normal(size=(n_chains, n_draws)) * np.sqrt(1 - rho**2)
    chain = np.empty_like(noise)
    chain[:, 0] = rng.normal(size=n_chains)
    for j in range(1, n_draws):
        chain[:, j] = rho * chain[:, j - 1] + noise[:, j]
    return chain


def slow_scores(chains):
    flat = [value for chain in chains for value in chain]
    n = len(flat)

    def score(value):
        below = sum(other < value for other in flat)
        same = sum(other == value for other in flat)
        rank = below + (same + 1) / 2
        return norm.ppf((rank - 3 / 8) / (n + 1 / 4))

    return [[score(value) for value in chain] for chain in chains]


def slow_r_hat_of(chains):
    n = len(chains[0])
    means = [sum(chain) / n for chain in chains]
    variances = [
        sum((value - mean) ** 2 for value in chain) / (n - 1)
        for chain, mean in zip(chains, means, strict=True)
    ]
    within = sum(variances) / len(chains)
    grand = sum(means) / len(chains)
    between = n * sum((mean - grand) ** 2 for mean in means) / (len(chains) - 1)
    return (((n - 1) / n * within + between / n) / within) ** 0.5


def slow_halves(chains):
    half = len(chains[0]) // 2
    first = [list(chain[:half]) for chain in chains]
    return first + [list(chain[-half:]) for chain in chains]


def slow_r_hat(chains):
    halves = slow_halves(chains)
    middle = np.median(halves)
    folded = [[abs(value - middle) for value in chain] for chain in halves]
    return max(slow_r_hat_of(slow_scores(halves)), slow_r_hat_of(slow_scores(folded)))


def slow_effective(chains):
    halves = slow_scores(slow_halves(chains))
    m, n = len(halves), len(halves[0])
    means = [sum(chain) / n for chain in halves]
    grand = sum(means) / m

    def covariance(lag):
        each = [
            sum((c[j] - mean) * (c[j + lag] - mean) for j in range(n - lag)) / (n - 1)
            for c, mean in zip(halves, means, strict=True)
        ]
        return sum(each) / m

    within = covariance(0)
    between = sum((mean - grand) ** 2 for mean in means) / (m - 1)
    total = within * (n - 1) / n + between
    tau, last = -1.0, np.inf
    for t in range(n // 2):
        own = 1.0 if t == 0 else 1 - (within - covariance(2 * t)) / total
        both = own + 1 - (within - covariance(2 * t + 1)) / total
        if both < 0:
            break
        last = min(last, both)
        tau += 2 * last
    return m * n / tau


@pytest.mark.parametrize("n_draws", [40, 41])
@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_both_numbers_are_those_of_a_slow_version(rho, n_draws):
    chains = autoregressive(np.random.default_rng(3), rho, n_draws=n_draws)
    chains[1] += 0.4
    chains[2, 5:9] = 0.25

    assert r_hat(chains) == pytest.approx(slow_r_hat(chains), rel=1e-12)
    assert effective_draws(chains) == pytest.approx(slow_effective(chains), rel=1e-9)


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.9])
def test_an_autoregressive_chain_has_the_effective_draws_it_is_known_to_have(rho):
    # The mean of an AR(1) chain varies as that of N (1 - rho) / (1 + rho) draws.
    chains = autoregressive(np.random.default_rng(4), rho)

    expected = chains.size * (1 - rho) / (1 + rho)
    assert effective_draws(chains) == pytest.approx(expected, rel=0.12)
    assert r_hat(chains) < 1.01


def test_chains_apart_or_of_different_width_are_found_out():
    rng = np.random.default_rng(5)
    apart, wide, trend = rng.normal(size=(3, 4, 1000))
    apart[0] += 1
    wide[0] *= 3
    trend += np.linspace(-1, 1, 1000)

    assert r_hat(apart) > 1.05
    assert r_hat(wide) > 1.05
    assert r_hat(trend) > 1.05
    assert effective_draws(apart) < 100


def test_each_parameter_is_judged_alone():
    draws = np.random.default_rng(6).normal(size=(4, 200, 2, 3))

    assert r_hat(draws).shape == (2, 3)
    assert r_hat(draws)[1, 2] == r_hat(draws[..., 1, 2])
    assert effective_draws(draws)[1, 2] == effective_draws(draws[..., 1, 2])


def test_a_chain_that_does_not_move_tells_nothing():
    still = np.repeat([[1.0], [2.0]], 20, axis=1)

    assert r_hat(still) == np.inf
    assert r_hat(np.ones((2, 20))) == 1
    assert effective_draws(still) == 0
    assert effective_draws(np.ones((2, 20))) == 0


@pytest.mark.parametrize("function", [r_hat, effective_draws])
def test_too_few_draws_and_blanks_are_refused(function):
    with pytest.raises(ParameterError, match=r"draws must have shape .* got \(4, 7\)"):
        function(np.zeros((4, 7)))
    with pytest.raises(ParameterError, match=r"draws must have shape .* got \(9,\)"):
        function(np.zeros(9))
    with pytest.raises(ParameterError, match="draws must be finite"):
        function(np.full((4, 9), np.nan))
