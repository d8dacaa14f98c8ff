"""What may be done to series before they are compared."""

import numpy as np
import pytest

from duologue.engine.synchrony.changing import (
    at_rest,
    differences,
    left_out,
    logged,
    without_outliers,
)
from duologue.errors import ParameterError
from motion_files import UIDS, records, session

NAN = float("nan")


@pytest.mark.parametrize("uid", UIDS)
def test_as_many_samples_are_missing_as_rmea_sets_missing(shared, uid):
    path = shared / "reference" / "mirroring" / "rmea" / "preprocessing.csv"
    told = [int(r["outliers_set_missing"]) for r in records(path) if r["uid"] == uid]

    found = without_outliers(*session(shared, uid))

    assert [int(np.isnan(v).sum()) for v in found] == told


def test_what_is_not_far_stays_as_it_is_and_a_blank_stays_blank():
    first, second = np.random.default_rng(1).random((2, 500))
    first[7], second[9] = 100.0, NAN

    one, other = without_outliers(first, second)

    assert np.flatnonzero(np.isnan(one)).tolist() == [7]
    np.testing.assert_array_equal(other, second)
    np.testing.assert_array_equal(np.delete(one, 7), np.delete(first, 7))


def test_the_logarithm_is_of_one_more():
    np.testing.assert_allclose(logged([0, np.e - 1, NAN]), [0, 1, NAN])
    with pytest.raises(ParameterError, match="values must be 0 or more"):
        logged([1, -0.5])


def test_a_drift_is_the_same_difference_everywhere():
    np.testing.assert_array_equal(differences([1, 3, 5, NAN, 9]), [2, 2, NAN, NAN])
    with pytest.raises(ParameterError, match="2 samples or more, got 1"):
        differences([1])


def test_stretches_are_left_out_from_their_start_up_to_their_end():
    found = left_out(10, 2.0, [(1, 2), (1.5, 2.5), (4.5, 99)])

    assert np.flatnonzero(found).tolist() == [2, 3, 4, 9]
    assert not left_out(10, 2.0, []).any()


@pytest.mark.parametrize("stretch", [(2, 1), (1, 1), (-1, 2), (NAN, 2), (1, np.inf)])
def test_a_stretch_ends_after_it_starts(stretch):
    with pytest.raises(ParameterError, match="must start at 0 s or later and end"):
        left_out(10, 2.0, [stretch])


def test_a_rest_is_a_run_of_nothing_that_is_long_enough():
    values = [0, 0, 0, 1, 0, 0, NAN, 0, 0, 0, 0]

    found = at_rest(values, 2.0, 1.5)

    assert np.flatnonzero(found).tolist() == [0, 1, 2, 7, 8, 9, 10]
    assert not at_rest([1, 2], 2.0, 1.0).any()
    with pytest.raises(ParameterError, match="least_s must be above 0 s, got 0 s"):
        at_rest(values, 2.0, 0)
