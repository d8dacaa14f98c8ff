"""Regions: which pixels a polygon has, corners that nobody reaches, what lies near."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.motion_energy.regions import (
    are_near,
    corners,
    overlap,
    polygon,
    rectangle,
)
from duologue.errors import ParameterError

H, W = 48, 64


def box(x, y, w, h):
    return polygon(rectangle(x, y, w, h), height=H, width=W)


@given(st.integers(0, 60), st.integers(0, 40), st.integers(1, 4), st.integers(1, 8))
def test_a_rectangle_has_exactly_its_pixels(x, y, w, h):
    expected = np.zeros((H, W), bool)
    expected[y : y + h, x : x + w] = True

    np.testing.assert_array_equal(box(x, y, w, h), expected)


def test_a_triangle_has_half_of_its_square_and_may_run_either_way():
    points = [(0, 0), (40, 0), (0, 40)]

    there = polygon(points, height=H, width=W)
    back = polygon(points[::-1], height=H, width=W)

    np.testing.assert_array_equal(there, back)
    assert there.sum() == 40 * 39 / 2
    assert there[0, :39].all()
    assert not there[39].any()


def test_regions_side_by_side_share_no_pixel_and_lose_none():
    left = polygon([(0, 0), (20, 0), (33, 48), (0, 48)], height=H, width=W)
    right = polygon([(20, 0), (64, 0), (64, 48), (33, 48)], height=H, width=W)

    assert not overlap(left, right)
    assert (left | right).all()


@pytest.mark.parametrize(
    ("points", "match"),
    [
        ([(0, 0), (5, 5)], "three corners"),
        ([(0, 0), (70, 0), (0, 40)], "64 by 48 pixels"),
        ([(-1, 0), (7, 0), (0, 40)], "must lie in the picture"),
        ([(0, 0), (float("nan"), 0), (0, 40)], "must lie in the picture"),
        ([(1, 1), (1.1, 1), (1, 1.1)], "a pixel or more"),
    ],
)
def test_a_region_that_is_none_is_refused(points, match):
    with pytest.raises(ParameterError, match=match):
        polygon(points, height=H, width=W)


def test_the_upper_corners_are_taken_unless_somebody_is_there():
    low, high = box(0, 20, 30, 28), box(0, 3, 30, 20)

    left, right = corners([low, box(40, 20, 20, 28)])
    below = corners([high, box(40, 20, 20, 18)])

    assert (left.sum(), right.sum()) == (48, 48)
    np.testing.assert_array_equal(left, right[:, ::-1])
    assert left[:6, :8].all()
    assert below[0][-6:, :8].all()
    assert below[1][-6:, -8:].all()
    assert corners([high, low]) is None


def test_near_is_so_many_pixels_or_fewer_apart():
    one, other = box(10, 10, 10, 10), box(23, 10, 10, 10)

    assert not are_near(one, other, pixels=3)
    assert are_near(one, other, pixels=4) is are_near(other, one, pixels=4) is True
