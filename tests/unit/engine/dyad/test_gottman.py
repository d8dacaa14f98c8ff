"""The marriage equations: published forms, worked equilibria and first steps."""

import numpy as np
import pytest

from duologue.engine.dyad.gottman import (
    Equations,
    Influence,
    fixed_points,
    linear,
    matrix_at,
    next_step,
    path,
)
from duologue.engine.dyad.model import expected_path, steady_state
from duologue.errors import ParameterError


def linear_two(*, sequential):
    return Equations(
        inertia=(0.55, 0.6),
        constants=(0.5, 0.5),
        influences=(linear(0.2), linear(0.1)),
        sequential=sequential,
    )


def bilinear_two(*, sequential=False):
    influence = Influence(below=0.8, above=0.3, threshold=0.0)
    return Equations(
        inertia=(0.4, 0.4),
        constants=(0.3, 0.3),
        influences=(influence, influence),
        sequential=sequential,
    )


@pytest.mark.parametrize("sequential", [True, False])
def test_where_two_with_linear_influence_come_to_rest(sequential):
    equations = linear_two(sequential=sequential)

    np.testing.assert_allclose(fixed_points(equations), [[1.875, 1.71875]], atol=1e-14)
    np.testing.assert_allclose(
        path(equations, [0, 0], 200)[-1], [1.875, 1.71875], atol=1e-12
    )


@pytest.mark.parametrize(
    ("sequential", "expected"),
    [(False, [0.43138593, 0.71861407]), (True, [0.47443328, 0.69556672])],
)
def test_eigenvalues_of_linear_influence(sequential, expected):
    matrix = matrix_at(linear_two(sequential=sequential), [0.0, 0.0])

    found = np.sort(np.linalg.eigvals(matrix))
    np.testing.assert_allclose(found, expected, atol=5.1e-9)


@pytest.mark.parametrize(
    ("sequential", "expected"),
    [
        (True, [[0.5, 0.55], [0.885, 0.9185], [1.17045, 1.168145]]),
        (False, [[0.5, 0.5], [0.875, 0.85], [1.15125, 1.0975]]),
    ],
)
def test_first_steps_from_nothing(sequential, expected):
    found = path(linear_two(sequential=sequential), [0, 0], 3)

    np.testing.assert_allclose(found, expected, atol=1e-14)


def test_two_slopes_make_a_rest_and_a_saddle():
    equations = bilinear_two()

    high, low = fixed_points(equations)

    np.testing.assert_allclose(high, [1, 1], atol=1e-14)
    np.testing.assert_allclose(low, [-1.5, -1.5], atol=1e-14)
    for point, eigenvalues in ((high, [0.1, 0.7]), (low, [-0.4, 1.2])):
        found = np.sort(np.linalg.eigvals(matrix_at(equations, point)))
        np.testing.assert_allclose(found, eigenvalues, atol=1e-14)


@pytest.mark.parametrize("start", [1.0, -1.0, -1.49])
def test_from_above_the_saddle_the_two_come_back(start):
    end = path(bilinear_two(), [start, start], 300)[-1]

    np.testing.assert_allclose(end, [1, 1], atol=1e-9)


@pytest.mark.parametrize("start", [-1.51, -3.0])
def test_from_below_the_saddle_they_fall_without_bound(start):
    steps = path(bilinear_two(), [start, start], 100)

    assert (np.diff(steps, axis=0) < 0).all()
    assert (steps[-1] < -1000).all()


def test_up_to_the_threshold_the_lower_line_holds():
    influence = Influence(below=0.8, above=0.3, threshold=1.0)

    assert [influence.slope(x) for x in (0.5, 1.0, 1.5)] == [0.8, 0.8, 0.3]
    assert [influence(x) for x in (0.5, 1.0, 1.5)] == pytest.approx([-0.4, 0.0, 0.15])


def test_a_small_change_is_carried_as_the_matrix_says():
    equations, point, change = bilinear_two(sequential=True), [0.4, -0.9], 1e-6

    for seat in (0, 1):
        moved = np.array(point)
        moved[seat] += change
        slope = (next_step(equations, moved) - next_step(equations, point)) / change
        np.testing.assert_allclose(
            slope, matrix_at(equations, point)[:, seat], atol=1e-8
        )


def test_the_mean_of_the_dyad_model_is_the_simultaneous_form():
    equations, b = linear_two(sequential=False), (0.55, 0.2, 0.1, 0.6)

    mu = steady_state(b, equations.constants)

    np.testing.assert_allclose(mu, fixed_points(equations)[0], atol=1e-12)
    expected = expected_path(mu, b, -mu, 5)[1:]
    np.testing.assert_allclose(path(equations, [0, 0], 4), expected, atol=1e-12)


def test_two_who_only_carry_on_never_rest():
    equations = Equations(
        inertia=(1.0, 1.0), constants=(0.1, 0.0), influences=(linear(0), linear(0))
    )

    assert fixed_points(equations).shape == (0, 2)


def test_scores_are_two_finite_numbers_and_steps_one_or_more():
    with pytest.raises(ParameterError, match="scores must be two finite numbers"):
        next_step(bilinear_two(), [0.0, np.nan])
    with pytest.raises(ParameterError, match="n_steps must be 1 or more, got 0"):
        path(bilinear_two(), [0.0, 0.0], 0)
