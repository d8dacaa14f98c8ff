"""What the program assumes of every pair beforehand."""

import numpy as np
import pytest

from duologue.engine.dyad import shipped as module
from duologue.engine.dyad.model import is_stable, mirrored, mirrored_couplings
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.shipped import N_VALUES, shipped
from duologue.errors import ParameterError

VERSION = "596cd98150f54f4a"
"""What a page is kept under; whoever changes a value changes what every pair is told."""

PARTS = ("bm", "Sm", "delta", "P1", "Q", "nu", "lam", "R")

VALUES = (
    ("MEAN_COUPLING", 0.51), ("MEAN_EFFECT", 0.16), ("SD_COUPLING", 0.11),
    ("MEAN_SET_POINT", 6.1), ("SD_SET_POINT", 0.8), ("MEAN_START", -0.4),
    ("SD_START", 0.6), ("OVER_PAIRS", (1.5, 1.3)), ("AT_FIRST", (0.9, 1.5)),
    ("INNOVATION", (0.55, 1.8)), ("ERROR", (0.8, 1.9)), ("SPREAD", 0.14),
    ("ALIKE_OVER_PAIRS", (0.0, 0.5)), ("ALIKE_AT_FIRST", (0.0, 0.5)),
    ("ALIKE_IN_NEWS", (0.0, 0.6)),
)  # fmt: skip


def normals(n=500, *, seed=1):
    return np.random.default_rng(seed).standard_normal((n, N_VALUES))


def test_it_is_an_assumption_of_one_version():
    found = shipped()

    assert found.version == VERSION
    assert found.n_ratings == 1
    assert found.draws(normals(3)).made == "assumed"
    assert found.draws(normals(3)).sound


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_another_value_is_another_version(monkeypatch, name, value):
    monkeypatch.setattr(module, name, value)

    assert module._version(1) != VERSION


def test_exchanging_the_people_exchanges_every_value():
    found, z = shipped(2), normals()
    mean_b, nuisance = found.values(z)

    other_b, other = found.values(z[:, found.exchanged])

    turned = mirrored(nuisance)
    np.testing.assert_array_equal(other_b, mirrored_couplings(mean_b))
    for part in PARTS:
        np.testing.assert_allclose(getattr(other, part), getattr(turned, part))


def test_values_are_spread_as_they_are_said_to_be():
    mean_b, nuisance = shipped().values(normals(20_000))
    errors = np.log(nuisance.R[..., 0]) / 2

    assert is_stable(mean_b).mean() > 0.99
    np.testing.assert_allclose(mean_b.mean(axis=0), [0.5, 0.15, 0.15, 0.5], atol=0.005)
    np.testing.assert_allclose(mean_b.std(axis=0), 0.1, rtol=0.03)
    np.testing.assert_allclose(np.exp(np.median(errors, axis=0)), 0.7, rtol=0.02)
    np.testing.assert_allclose(errors.std(axis=0), np.log(1.9), rtol=0.03)
    alike = nuisance.Q[:, 0, 1] / np.sqrt(nuisance.Q[:, 0, 0] * nuisance.Q[:, 1, 1])
    np.testing.assert_allclose(np.quantile(alike, [0, 1]), [-0.1, 0.6], atol=0.001)


def test_what_is_expected_of_a_pair_that_nobody_knows_lies_on_the_scale():
    _, nuisance = shipped().values(normals(20_000))
    tends = (
        nuisance.bm
        + np.sqrt(np.diagonal(nuisance.Sm, axis1=1, axis2=2))
        * normals(20_000, seed=2)[:, :2]
    )

    assert tends.mean() == pytest.approx(6.0, abs=0.05)
    assert ((tends > 0) & (tends < 10)).mean() > 0.97


def test_exchanging_the_two_people_exchanges_what_is_told():
    rng = np.random.default_rng(5)
    y = np.clip(6 + rng.normal(size=(12, 2, 1)), 0, 10)
    y[3, 0], y[7, 1] = np.nan, np.nan

    found, turned = (
        read_pair(each, shipped(), n_points=64, enough=16) for each in (y, y[:, ::-1])
    )

    np.testing.assert_allclose(turned.level, found.level[:, ::-1], atol=1e-6)
    np.testing.assert_allclose(turned.p_low, found.p_low[:, ::-1], atol=1e-6)
    np.testing.assert_allclose(
        turned.balance.couplings,
        mirrored_couplings(found.balance.couplings),
        atol=1e-6,
    )


def test_two_people_with_the_same_answers_are_told_the_same():
    y = np.repeat(np.random.default_rng(3).normal(6, 1, (20, 1, 1)), 2, axis=1)

    found = read_pair(np.clip(y, 0, 10), shipped(), n_points=64, enough=16)

    np.testing.assert_allclose(found.level[:, 0], found.level[:, 1], atol=1e-6)
    np.testing.assert_allclose(*np.swapaxes(found.level_ends, 0, 1), atol=1e-6)
    assert found.balance.standardised == pytest.approx(0, abs=1e-6)
    low, high = found.balance.standardised_ends
    assert low == pytest.approx(-high, abs=1e-6)


def test_few_answers_leave_a_level_wide_and_many_narrow_it():
    rng = np.random.default_rng(6)
    y = 6 + rng.normal(scale=0.7, size=(24, 2, 1))

    few, many = (read_pair(each, shipped(), whole=False) for each in (y[:2], y))
    width = [np.diff(state.level_ends[-1], axis=-1).mean() for state in (few, many)]

    assert width[0] > width[1] > 0.5


def test_at_least_one_rating_is_needed():
    with pytest.raises(ParameterError, match="n_ratings must be 1 or more, got 0"):
        shipped(0)
