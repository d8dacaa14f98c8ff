"""The model's parts: worked numbers, long-run properties, and what is refused."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.dyad.model import (
    Nuisance,
    balance,
    checked,
    constants,
    couplings,
    expected_path,
    is_stable,
    leading_shape,
    matrix_of,
    mirrored,
    mirrored_couplings,
    n_ratings,
    of_draws,
    stationary_covariance,
    steady_state,
)
from duologue.errors import ParameterError
from worked_dyads import (
    DELTA,
    MU,
    B,
    Q,
    example,
    random_couplings,
    random_draw,
    stacked,
)

PARTS = tuple(Nuisance.__dataclass_fields__)


def parts_of(nuisance):
    return {name: getattr(nuisance, name) for name in PARTS}


def test_constants_and_steady_states_of_the_worked_example():
    a = constants(B, MU)

    np.testing.assert_allclose(a, [1.21, 1.58], atol=1e-12)
    np.testing.assert_allclose(steady_state(B, a), MU, atol=1e-12)
    np.testing.assert_allclose(
        steady_state(B, a, influenced=False), [2.68888889, 3.95], atol=5e-9
    )


def test_expected_openness_of_the_worked_example():
    path = expected_path(MU, B, DELTA, 6)

    expected = [
        [3.5, 4.2],
        [3.975, 4.45],
        [4.28625, 4.6475],
        [4.496938, 4.797125],
        [4.642741, 4.907969],
        [4.745101, 4.989055],
    ]
    np.testing.assert_allclose(path, expected, atol=5.1e-7)


def test_stationary_covariance_of_the_worked_example():
    V = stationary_covariance(B, Q)

    expected = [[0.44344291, 0.21549134], [0.21549134, 0.29733342]]
    np.testing.assert_allclose(V, expected, atol=5e-9)


def test_balance_of_the_worked_example():
    assert balance(B, Q) == pytest.approx(-0.1, abs=1e-15)
    assert balance(B, Q, standardised=True) == pytest.approx(-0.04164662, abs=5e-9)


def test_stable_is_what_the_eigenvalues_say():
    b = np.random.default_rng(1).uniform(-1.6, 1.6, size=(2000, 4))

    inside = np.abs(np.linalg.eigvals(matrix_of(b))).max(axis=-1) < 1
    assert (is_stable(b) == inside).all()
    assert 0.1 < inside.mean() < 0.9


def test_the_stationary_covariance_stays_as_it_is_after_a_step():
    rng = np.random.default_rng(2)
    b, draw = random_couplings(rng, (3, 50)), random_draw(rng)

    V, matrices = stationary_covariance(b, draw.Q), matrix_of(b)

    after = matrices @ V @ np.swapaxes(matrices, -1, -2) + draw.Q
    np.testing.assert_allclose(after, V, atol=1e-12)


def test_without_a_long_run_there_is_no_stationary_covariance():
    b = [[1.01, 0, 0, 0.5], B]

    V = stationary_covariance(b, Q)

    assert np.isnan(V[0]).all()
    assert np.isfinite(V[1]).all()
    assert np.isnan(balance(b, Q, standardised=True)).tolist() == [True, False]
    assert np.isfinite(balance(b, Q)).all()


@given(seed=st.integers(0, 2**32 - 1), standardised=st.booleans())
def test_exchanging_the_seats_turns_the_balance(seed, standardised):
    rng = np.random.default_rng(seed)
    b, draw = random_couplings(rng), random_draw(rng)

    there = balance(b, draw.Q, standardised=standardised)
    back = balance(mirrored_couplings(b), mirrored(draw).Q, standardised=standardised)

    assert there == pytest.approx(-back, abs=1e-12)


def test_mirrored_twice_is_the_same_draw():
    draw = random_draw(np.random.default_rng(3), n_ratings=3)

    once, twice = mirrored(draw), mirrored(mirrored(draw))

    assert once.P1[0, 0] == draw.P1[1, 1]
    assert once.nu[0].tolist() == draw.nu[1].tolist()
    for name in PARTS:
        assert np.array_equal(getattr(twice, name), getattr(draw, name))


def test_draws_are_picked_from_a_stack():
    rng = np.random.default_rng(4)
    draws = [random_draw(rng) for _ in range(3)]
    stack = stacked(draws)

    assert leading_shape(stack) == (3,)
    assert leading_shape(draws[0]) == ()
    assert n_ratings(stack) == 2
    assert of_draws(stack, 1).Q.tolist() == draws[1].Q.tolist()
    assert leading_shape(of_draws(stack, (slice(None), None))) == (3, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bm": [5.0, np.nan]}, "bm must be finite"),
        ({"delta": [0.0, 0.0, 0.0]}, "delta must have shape (2,), got (3,)"),
        ({"Sm": np.ones((3, 2, 2))}, "Sm must have shape (2, 2), got (3, 2, 2)"),
        ({"P1": [[1.0, 0.2], [0.3, 1.0]]}, "P1 must be symmetric"),
        ({"Q": [[1.0, 1.0], [1.0, 1.0]]}, "Q must be positive definite"),
        ({"Q": [[-1.0, 0.0], [0.0, -1.0]]}, "Q must be positive definite"),
        ({"lam": [[1.0], [1.0]]}, "lam must have shape (2, 2), got (2, 1)"),
        ({"lam": [[1.0, 0.0], [1.0, 1.0]]}, "lam must not be 0"),
        ({"nu": 0.0}, "nu must have a rating or more"),
        ({"R": [[0.3, 0.0], [0.3, 0.3]]}, "R must be positive, got 0.0"),
    ],
)
def test_what_could_be_no_draw_is_refused(change, message):
    with pytest.raises(ParameterError, match=re.escape(message)):
        checked(**(parts_of(example()) | change))


@pytest.mark.parametrize("b", [0.5, [0.5, 0.1, 0.1], [0.5, 0.1, np.nan, 0.5]])
def test_couplings_are_four_finite_numbers(b):
    with pytest.raises(ParameterError, match="b must"):
        couplings(b)


def test_a_level_that_never_rests_has_no_steady_state():
    with pytest.raises(ParameterError, match="no eigenvalue of 1"):
        steady_state([1.0, 0.0, 0.0, 0.5], [1.0, 1.0])
    with pytest.raises(ParameterError, match="B_cc and B_tt other than 1"):
        steady_state([1.0, 0.5, -0.5, 0.5], [1.0, 1.0], influenced=False)
    with pytest.raises(ParameterError, match="n_sessions must be 1 or more, got 0"):
        expected_path(MU, B, DELTA, 0)
