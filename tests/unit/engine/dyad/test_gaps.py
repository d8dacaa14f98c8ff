"""Steps of another length: worked numbers, and that steps follow on each other."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.linalg import expm, logm

from duologue.engine.dyad.gaps import has_gap, has_logarithm, over_gap
from duologue.engine.dyad.model import matrix_of
from duologue.errors import ParameterError
from worked_dyads import B, Q, random_couplings, random_draw

STEPS_OF_B = {
    2: [[0.3225, 0.23], [0.115, 0.38]],
    0.5: [[0.73563872, 0.13293357], [0.06646679, 0.76887212]],
    2.5: [[0.25253085, 0.21971166], [0.10985583, 0.30745877]],
}
STEPS_OF_Q = {
    2: [[0.349625, 0.14095], [0.14095, 0.2297]],
    0.5: [[0.156067, 0.03963], [0.03963, 0.097576]],
}
ONE_EACH = [
    B,
    (0.5, 0.3, -0.4, 0.5),  # turns
    (0.5, 0.0, 0.0, 0.5),  # one eigenvalue twice
    (0.5, 0.2, 0.0, 0.5),  # the same, without two eigenvectors
    (0.5, 0.2, 1e-15, 0.5),
    (-0.2, 0.6, -0.6, -0.1),  # turns by more than a quarter
]


@pytest.mark.parametrize("gap", STEPS_OF_B)
def test_couplings_over_other_gaps_of_the_worked_example(gap):
    np.testing.assert_allclose(over_gap(B, Q, gap)[0], STEPS_OF_B[gap], atol=5.1e-9)


@pytest.mark.parametrize("gap", STEPS_OF_Q)
def test_innovations_over_other_gaps_of_the_worked_example(gap):
    np.testing.assert_allclose(over_gap(B, Q, gap)[1], STEPS_OF_Q[gap], atol=5.1e-7)


@pytest.mark.parametrize("b", ONE_EACH)
@pytest.mark.parametrize("gap", [0.5, 1.3, 2.5])
def test_a_power_is_the_exponential_of_the_logarithm(b, gap):
    # Q = I allows every B of these; logm is good to about 1e-8 where B is defective.
    expected = expm(gap * logm(matrix_of(b)))

    np.testing.assert_allclose(over_gap(b, np.eye(2), gap)[0], expected, atol=1e-7)


@given(seed=st.integers(0, 2**32 - 1), first=st.floats(0.1, 3), then=st.floats(0.1, 3))
def test_one_gap_after_another_is_the_gap_of_both(seed, first, then):
    rng = np.random.default_rng(seed)
    b, Q = random_couplings(rng), random_draw(rng).Q
    assume(all(has_gap(b, Q, g) for g in (first, then, first + then)))

    B1, Q1 = over_gap(b, Q, first)
    B2, Q2 = over_gap(b, Q, then)
    both_B, both_Q = over_gap(b, Q, first + then)

    np.testing.assert_allclose(B2 @ B1, both_B, atol=1e-11)
    np.testing.assert_allclose(B2 @ Q1 @ B2.T + Q2, both_Q, atol=1e-11)


@pytest.mark.parametrize("n_steps", [1, 2, 3, 7, 12])
def test_a_whole_gap_is_that_many_steps_for_any_couplings(n_steps):
    b = [(-0.5, 0.1, 0.2, 0.4), (1.1, 0.0, 0.3, 0.7), B]
    step = matrix_of(b)
    Bn, Qn = np.broadcast_to(np.eye(2), (3, 2, 2)), np.zeros((3, 2, 2))
    for _ in range(n_steps):
        Bn, Qn = step @ Bn, step @ Qn @ np.swapaxes(step, -1, -2) + Q

    found = over_gap(b, Q, n_steps)

    np.testing.assert_allclose(found[0], Bn, atol=1e-12)
    np.testing.assert_allclose(found[1], Qn, atol=1e-12)


def test_a_logarithm_there_is_where_no_eigenvalue_is_negative_or_zero():
    b = np.random.default_rng(5).uniform(-1, 1, size=(500, 4))

    eigenvalues = np.linalg.eigvals(matrix_of(b))
    on_the_axis = ((np.abs(eigenvalues.imag) == 0) & (eigenvalues.real <= 0)).any(-1)
    assert (has_logarithm(b) == ~on_the_axis).all()
    assert not has_logarithm((0.5, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("b", "Q"),
    [
        ((-0.5, 0.0, 0.0, 0.5), Q),  # alternates
        ((1.1, 0.0, 0.0, 0.5), Q),  # has no long run
        # A quick turn, and innovations so alike that a part of it would need less
        # than none.
        ((-0.3, 0.8, -0.8, -0.3), [[1.0, 0.99], [0.99, 1.0]]),
    ],
)
def test_couplings_of_no_course_in_time_have_whole_steps_only(b, Q):
    with pytest.raises(ParameterError, match=r"b must be couplings .* for gap 0\.5"):
        over_gap(b, Q, 0.5)
    assert has_gap(b, Q, 2)


@pytest.mark.parametrize("gap", [0, -1, np.nan, np.inf])
def test_a_gap_is_a_positive_number(gap):
    with pytest.raises(ParameterError, match="gap must be a positive number"):
        over_gap(B, Q, gap)
