"""The chain of preparation that sync_ident has, step by step."""

import math
from statistics import median

import numpy as np
import pytest

from duologue.engine.synchrony.sync_ident import as_sync_ident, per_cent
from duologue.errors import ParameterError

NAN = float("nan")


def session(seed=1, size=60):
    rng = np.random.default_rng(seed)
    return rng.random((2, size)) * 8, rng.random((2, size))


def slowly(values):
    """Take the median of five of whole values, ends mirrored, and log(1 + x)."""
    wide = [values[1], values[0], *values, values[-1], values[-2]]
    return [math.log(1 + median(wide[t : t + 5])) for t in range(len(values))]


def test_pixels_are_per_cent_of_their_region():
    np.testing.assert_allclose(per_cent([0, 5, NAN], 50), [0, 10, NAN])
    with pytest.raises(ParameterError, match="region_pixels must be 1 or more, got 0"):
        per_cent([1], 0)


def test_of_a_sound_video_only_median_and_logarithm_are_taken():
    bodies, backgrounds = session()

    found = as_sync_ident(bodies, backgrounds)

    assert not found.is_faulty.any()
    np.testing.assert_allclose(found.bodies, [slowly(row) for row in bodies])
    assert found.heads.shape == (0, 60)
    assert found.n_long_runs == 0


def test_a_background_a_body_or_a_head_that_jumps_makes_a_moment_faulty_for_all():
    bodies, backgrounds = session()
    heads = np.full((2, 60), 1.0)
    backgrounds[1, 10] = 5.1
    bodies[0, 20] = 40.0  # rises from 19 to 20, falls from 20 to 21
    heads[1, 30:32] = 26.5  # rises at 30; falls after 31
    heads[0, 40] = 25.9  # rises by less than 25

    found = as_sync_ident(bodies, backgrounds, heads=heads)

    assert np.flatnonzero(found.is_faulty).tolist() == [10, 20, 30, 31]
    assert (found.heads[1] < math.log(1 + 2)).all()  # the jump is gone from it
    assert found.bodies[0, 20] < math.log(1 + 9)


def test_what_is_filled_lies_just_above_a_straight_line_and_not_alike_in_both():
    ramp = np.arange(40) / 10
    bodies, backgrounds = np.array([ramp, ramp]), np.zeros((1, 40))
    backgrounds[0, 15:23] = 9.0

    found = as_sync_ident(bodies, backgrounds, seed=3)
    again = as_sync_ident(bodies, backgrounds, seed=3)

    away = np.expm1(found.bodies[:, 17:21]) - ramp[17:21]
    assert (away > 0).all()
    assert (away < 6 * ramp.std() / 1000).all()
    assert (found.bodies[0, 15:23] != found.bodies[1, 15:23]).any()
    assert found.n_long_runs == 1
    np.testing.assert_array_equal(found.bodies, again.bodies)


@pytest.mark.parametrize("missing", [slice(20, 29), slice(0, 1), slice(59, 60)])
def test_too_long_a_run_or_an_end_that_is_missing_is_refused(missing):
    bodies, backgrounds = session()
    bodies[0, missing] = NAN

    with pytest.raises(
        ParameterError, match="at most 8 frames in a row may be missing"
    ):
        as_sync_ident(bodies, backgrounds)


@pytest.mark.parametrize(
    ("bodies", "backgrounds", "says"),
    [
        (np.ones(9), np.ones((1, 9)), "bodies must be rows of numbers"),
        (np.ones((1, 9)), -np.ones((1, 9)), "backgrounds must be finite and 0 or more"),
        (np.ones((1, 9)), np.ones((1, 8)), "must be of the same 5 frames or more"),
    ],
)
def test_what_cannot_be_is_refused(bodies, backgrounds, says):
    with pytest.raises(ParameterError, match=says):
        as_sync_ident(bodies, backgrounds)
