"""The bivariate normal against integration, and at the edges of its formula."""

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from duologue.engine.dyad.normal import both_below
from duologue.errors import ParameterError

LIMITS = (-6.0, -1.5, -0.3, -0.0, 0.0, 1e-9, 0.7, 2.5, 9.0)


def integrated(h, k, rho):
    """The chance as an integral over the first variable."""
    root = np.sqrt(1 - rho * rho)

    def density(x):
        return np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((k - rho * x) / root)

    edges = [
        -12.0,
        *sorted(x for x in (-2.0, k / rho if rho else 0.0) if -12 < x < h),
        h,
    ]
    return sum(
        quad(density, a, b, epsabs=1e-14, epsrel=1e-13, limit=200)[0]
        for a, b in itertools.pairwise(edges)
    )


@pytest.mark.parametrize("rho", [-0.999, -0.6, 0.0, 0.3, 0.93, 0.9999])
def test_the_chance_is_the_integral_of_the_density(rho):
    for h, k in itertools.product(LIMITS, LIMITS):
        assert both_below(h, k, rho) == pytest.approx(integrated(h, k, rho), abs=1e-12)


def test_two_that_know_nothing_of_each_other_multiply():
    h, k = np.meshgrid(LIMITS, LIMITS)

    np.testing.assert_allclose(both_below(h, k, 0.0), ndtr(h) * ndtr(k), atol=1e-15)


def test_below_the_middle_of_both_is_a_quarter_and_the_angle():
    rho = np.array([-0.5, 0.0, 0.5])

    np.testing.assert_allclose(both_below(0, 0, rho), [1 / 6, 1 / 4, 1 / 3], atol=1e-15)


def test_a_blank_gives_a_blank_and_a_correlation_is_inside_one():
    assert np.isnan(both_below(np.nan, 0.0, 0.5))
    with pytest.raises(ParameterError, match="rho must lie between -1 and 1"):
        both_below(0.0, 0.0, [0.5, 1.0])
