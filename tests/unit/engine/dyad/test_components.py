"""Small matrices with their own axes in front: the same algebra as one by one."""

import numpy as np
import pytest

from duologue.engine.dyad.components import (
    at_end,
    carried,
    course_at_end,
    course_in_front,
    flipped,
    in_front,
    inverse,
    product,
    unit_matrix,
)


@pytest.fixture
def rng():
    return np.random.default_rng(60)


def test_products_are_those_of_each_matrix_by_itself(rng):
    left, right = rng.normal(size=(2, 5, 3, 2, 2))
    vector, wide = rng.normal(size=(5, 3, 2)), rng.normal(size=(5, 3, 2, 4))

    M = in_front(left, 2, 2)

    for other, n_own in ((right, 2), (wide, 2)):
        found = at_end(product(M, in_front(other, n_own, 2)), n_own)
        np.testing.assert_allclose(found, left @ other, atol=1e-14)
    found = at_end(product(M, in_front(vector, 1, 2)), 1)
    np.testing.assert_allclose(found, (left @ vector[..., None])[..., 0], atol=1e-14)


def test_a_covariance_is_carried_by_a_matrix_from_both_sides(rng):
    M, root = rng.normal(size=(2, 7, 2, 2))
    C = root @ root.swapaxes(-1, -2)

    found = at_end(carried(in_front(M, 2, 1), in_front(C, 2, 1)), 2)

    np.testing.assert_allclose(found, M @ C @ M.swapaxes(-1, -2), atol=1e-13)


def test_an_inverse_leaves_the_unit_matrix(rng):
    M = rng.normal(size=(2, 2, 6, 4))

    found = product(M, inverse(M))

    np.testing.assert_allclose(
        found, np.broadcast_to(unit_matrix(2), found.shape), atol=1e-10
    )
    np.testing.assert_array_equal(flipped(flipped(M)), M)


def test_missing_axes_come_before_those_that_are_there(rng):
    array = rng.normal(size=(5, 1, 2))

    found = in_front(array, 1, 4)

    assert found.shape == (2, 1, 1, 5, 1)
    np.testing.assert_array_equal(found[:, 0, 0], np.moveaxis(array, -1, 0))


@pytest.mark.parametrize("n_own", [0, 1, 2])
def test_a_course_goes_to_the_front_and_back(rng, n_own):
    record = rng.normal(size=(3, 4, 9, *(2,) * n_own))

    front = course_in_front(record, n_own)

    assert front.shape == (*(2,) * n_own, 9, 3, 4)
    np.testing.assert_array_equal(course_at_end(front, n_own), record)
