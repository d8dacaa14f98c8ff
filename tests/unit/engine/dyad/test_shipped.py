"""The population that the program brings along."""

import numpy as np
import pytest

from duologue.engine.dyad.model import is_stable, mirrored, mirrored_couplings
from duologue.engine.dyad.population import from_dict, to_dict
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.shipped import STRIDES, shipped
from duologue.errors import ParameterError

VERSION = "6e4eb3ffa84b8ce5"
"""What a page is kept under; whoever changes a value changes what every pair is told."""

PARTS = ("bm", "Sm", "delta", "P1", "Q", "nu", "lam", "R")


def test_it_is_an_assumption_of_one_version():
    found = shipped()

    assert (found.made, found.n_pairs, found.version) == ("assumed", 0, VERSION)
    assert found.sound
    assert from_dict(to_dict(found)).version == found.version


def test_its_draws_are_stable_and_their_mirror_images_are_there():
    found = shipped(2)
    n = len(found.mean_b)
    turned = mirrored(found.nuisance)

    assert is_stable(found.mean_b).all()
    np.testing.assert_array_equal(
        np.roll(mirrored_couplings(found.mean_b), n // 2, axis=0), found.mean_b
    )
    for part in PARTS:
        np.testing.assert_array_equal(
            np.roll(getattr(turned, part), n // 2, axis=0),
            getattr(found.nuisance, part),
        )


def test_its_values_run_over_their_ranges_each_in_strides_of_its_own():
    u = np.arange(1, 257)[:, None] * np.array(STRIDES) % 257
    alike = np.corrcoef(u.T)

    np.testing.assert_array_equal(np.sort(u, axis=0)[:, 0], np.arange(1, 257))
    np.testing.assert_array_equal(np.sort(u.T), np.tile(np.arange(1, 257), (17, 1)))
    assert np.abs(alike[~np.eye(17, dtype=bool)]).max() < 0.13


def test_what_is_expected_of_a_pair_that_nobody_knows_lies_on_the_scale():
    nuisance = shipped().nuisance
    spread = np.sqrt(np.diagonal(nuisance.Sm, axis1=1, axis2=2))

    assert nuisance.bm.mean() == pytest.approx(6.0, abs=0.05)
    assert (nuisance.bm - 1.5 * spread > 0).all()
    assert (nuisance.bm + 1.5 * spread < 12).all()


def test_exchanging_the_two_people_exchanges_what_is_told():
    rng = np.random.default_rng(5)
    y = np.clip(6 + rng.normal(size=(12, 2, 1)), 0, 10)
    y[3, 0], y[7, 1] = np.nan, np.nan

    found, turned = read_pair(y, shipped()), read_pair(y[:, ::-1], shipped())

    np.testing.assert_allclose(turned.level, found.level[:, ::-1], atol=1e-9)
    np.testing.assert_allclose(turned.p_low, found.p_low[:, ::-1], atol=1e-9)
    np.testing.assert_allclose(
        turned.balance.couplings,
        mirrored_couplings(found.balance.couplings),
        atol=1e-9,
    )


def test_few_answers_leave_a_level_wide_and_many_narrow_it():
    rng = np.random.default_rng(6)
    y = 6 + rng.normal(scale=0.7, size=(24, 2, 1))

    few, many = read_pair(y[:2], shipped()), read_pair(y, shipped())
    width = [np.diff(state.level_ends[-1], axis=-1).mean() for state in (few, many)]

    assert width[0] > width[1] > 0.5


def test_at_least_one_rating_is_needed():
    with pytest.raises(ParameterError, match="n_ratings must be 1 or more, got 0"):
        shipped(0)
