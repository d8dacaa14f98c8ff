"""The share of stable couplings, and moves that never leave them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import qmc, truncnorm

from duologue.engine.dyad.model import is_stable
from duologue.engine.dyad.truncation import (
    log_share_stable,
    moved_along,
    stable_stretch,
)

MEAN = np.array([0.55, 0.2, 0.1, 0.6])
SEEDS = st.integers(0, 2**32 - 1)


def stable_pairs(rng, n_pairs, mean=MEAN, spread=0.15):
    found = []
    while len(found) < n_pairs:
        b = mean + spread * rng.standard_normal(4)
        if is_stable(b):
            found.append(b)
    return np.array(found).T


@pytest.mark.parametrize(("tt", "share"), [(0.55, 0.974), (0.6, 0.961), (0.65, 0.941)])
def test_the_share_is_the_one_printed_in_the_specification(tt, share):
    found = np.exp(log_share_stable(np.array([0.55, 0.2, 0.1, tt]), 0.15))

    assert found == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize("spread", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("mean", [MEAN, (0.8, 0.3, 0.2, 0.7), (0.0, -0.4, 0.6, 0.1)])
def test_the_share_is_that_of_counted_points(mean, spread):
    sobol = qmc.MultivariateNormalQMC(
        mean=mean, cov=spread**2 * np.eye(4), rng=np.random.default_rng(1)
    )
    counted = is_stable(sobol.random(2**16)).mean()

    found = np.exp(log_share_stable(np.asarray(mean), spread))

    assert found == pytest.approx(counted, abs=1e-3)


def over_the_sum_alone(mean, spread, z):
    """Mean over points of the other three dimensions (3, n), each at its own place."""
    wide = spread * 2**0.5
    across = (mean[1] + spread * z[0]) * (mean[2] + spread * z[1])
    apart = (mean[0] - mean[3] + wide * z[2]) ** 2 + 4 * across
    turning = np.sqrt(np.maximum(4 + apart, 0))
    ends = np.where(apart < 0, turning, 2 - np.sqrt(np.maximum(apart, 0)))
    ends, middle = np.maximum(ends, 0), mean[0] + mean[3]
    return (ndtr((ends - middle) / wide) - ndtr((-ends - middle) / wide)).mean()


@pytest.mark.parametrize("spread", [0.1, 0.15, 0.2])
def test_the_share_is_within_1e_4_where_chains_go(spread):
    points = qmc.MultivariateNormalQMC(mean=np.zeros(3), rng=np.random.default_rng(3))
    z = points.random(2**15).T
    for mean in product((0.0, 0.4, 0.8), repeat=4):
        found = log_share_stable(np.array(mean), spread)

        share = over_the_sum_alone(mean, spread, z)
        if share > 1e-3:
            # In the share: 2^15 points are not good for 1e-4 of its log where it is small.
            assert np.exp(found) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize("mean", [MEAN, np.array([0.8, 0.2, 0.1, 0.8])])
def test_the_share_is_smooth_and_the_same_with_the_seats_exchanged(mean):
    steps = np.linspace(-1e-4, 1e-4, 21)
    shares = [log_share_stable(mean + step * np.eye(4)[3], 0.15) for step in steps]

    assert np.abs(np.diff(shares, 2)).max() < 1e-8
    assert np.abs(np.diff(shares, 3)).max() < 1e-12
    assert log_share_stable(mean[::-1], 0.15) == pytest.approx(shares[10], abs=1e-12)


def test_means_without_any_stable_couplings_have_a_share_of_next_to_nothing():
    assert log_share_stable(np.array([9.0, 0.0, 0.0, 9.0]), 0.1) < -600


@given(seed=SEEDS, flat=st.booleans())
def test_a_stretch_ends_where_stability_does(seed, flat):
    rng = np.random.default_rng(seed)
    b, along = stable_pairs(rng, 8), rng.standard_normal(4)
    along = np.array([1.0, 0, 0, 0]) if flat else along

    lower, upper = stable_stretch(b, along)

    line = along[:, None]
    inside = rng.uniform(size=8)
    between = np.maximum(lower, -50) * inside + np.minimum(upper, 50) * (1 - inside)
    assert is_stable((b + line * between).T).all()
    for end in (lower, upper):
        there = np.isfinite(end)
        assert is_stable((b + line * end * (1 - 1e-7))[:, there].T).all()
        assert not is_stable((b + line * end * (1 + 1e-7))[:, there].T).any()


def test_a_pair_keeps_its_rank_among_the_stable_ones_of_its_line():
    # Along B_tt alone, with B_ct = B_tc = 0, couplings are stable for B_tt in (-1, 1).
    old, new = np.array([0.5, 0, 0, 0.6]), np.array([0.5, 0, 0, 0.75])
    tt = np.array([-0.2, 0.3, 0.6, 0.9, 0.99])
    b = np.array([np.full(5, 0.4), np.zeros(5), np.zeros(5), tt])

    moved, _ = moved_along(b, old, new, 0.15)

    def rank(values, mean):
        return truncnorm.cdf(
            values, (-1 - mean) / 0.15, (1 - mean) / 0.15, loc=mean, scale=0.15
        )

    np.testing.assert_allclose(rank(moved[3], 0.75), rank(tt, 0.6), rtol=1e-9)
    np.testing.assert_array_equal(moved[:3], b[:3])
    assert moved[3, 0] - tt[0] == pytest.approx(0.15, abs=0.002)
    assert moved[3, 4] < 1


@given(seed=SEEDS)
def test_the_way_back_leads_where_it_came_from_and_stays_stable(seed):
    rng = np.random.default_rng(seed)
    b, new = stable_pairs(rng, 50), MEAN + 0.05 * rng.standard_normal(4)

    moved, log_ratio = moved_along(b, MEAN, new, 0.15)
    back, log_ratio_back = moved_along(moved, new, MEAN, 0.15)

    assert is_stable(moved.T).all()
    np.testing.assert_allclose(back, b, atol=1e-11)
    assert log_ratio_back == pytest.approx(-log_ratio, abs=1e-9)


def test_the_ratio_is_that_of_the_densities_times_the_stretch_of_space():
    rng = np.random.default_rng(2)
    new, h = MEAN + np.array([0.02, -0.01, 0.03, 0.04]), 1e-6
    for b in stable_pairs(rng, 20).T:
        moved, log_ratio = moved_along(b[:, None], MEAN, new, 0.15)

        ends = [
            moved_along((b + sign * h * unit)[:, None], MEAN, new, 0.15)[0][:, 0]
            for unit in np.eye(4)
            for sign in (1, -1)
        ]
        stretch = np.linalg.det(np.diff(ends, axis=0)[::2].T / (-2 * h))
        densities = (b - MEAN) @ (b - MEAN) - (moved[:, 0] - new) @ (moved[:, 0] - new)
        expected = densities / (2 * 0.15**2) + np.log(stretch)
        assert log_ratio == pytest.approx(expected, abs=1e-6)
