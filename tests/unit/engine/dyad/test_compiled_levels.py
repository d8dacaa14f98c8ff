"""Levels, chances and repairs of many pairs, compiled: the same numbers as one by one."""

from dataclasses import fields

import numpy as np
import pytest

from duologue.engine import compiling
from duologue.engine.dyad import compiled_levels
from duologue.engine.dyad.levels import Levels
from duologue.engine.dyad.likelihood import filtered
from duologue.engine.dyad.model import mirrored, mirrored_couplings, of_draws
from duologue.engine.dyad.normal import both_below
from duologue.engine.dyad.pair_state import Inferred, inferred_from, told_of
from duologue.engine.dyad.repair import WITHIN, normals
from duologue.engine.dyad.said import said
from uncompiled import uncompile
from worked_dyads import random_couplings, random_draw, random_ratings, stacked

NAMES = tuple(field.name for field in fields(Levels))


@pytest.fixture(params=["compiled", "plain"])
def functions(request, monkeypatch):
    """The module as it runs, and as the Python that it is made of."""
    if request.param == "plain":
        uncompile(monkeypatch, compiled_levels)


def longer(ratings):
    empty = np.full((len(ratings), WITHIN, *ratings.shape[2:]), np.nan)
    return np.concatenate([ratings, empty], axis=1)


def told_together(ratings, b, draws):
    heard = said(longer(ratings)[:, np.newaxis], draws)
    return compiled_levels.told_together(heard, b, draws)


def told_alone(pair, b, draws):
    each_row = of_draws(draws, (slice(None), np.newaxis))
    kept = filtered(longer(pair[np.newaxis])[0], b, each_row)
    inferred: Inferred = inferred_from(kept, b, each_row, n_sessions=len(pair))
    return told_of(inferred)


def case(seed, n_pairs=4, n_sessions=9, n_ratings=2):
    """Pairs with blanks of every kind, and dips; draws that differ in everything."""
    rng = np.random.default_rng(seed)
    ratings = np.stack(
        [random_ratings(rng, n_sessions, n_ratings) for _ in range(n_pairs)]
    )
    ratings[0, 2 * n_sessions // 3, :] -= 4.0
    ratings[-1, :, 1] = np.nan
    draws = stacked([random_draw(rng, n_ratings) for _ in range(3)])
    return ratings, random_couplings(rng, (n_pairs, 3, 5)), draws


@pytest.mark.parametrize("n_ratings", [1, 2])
@pytest.mark.parametrize("n_sessions", [1, 2, 9])
def test_each_pair_is_told_what_it_is_told_alone(functions, n_sessions, n_ratings):
    ratings, b, draws = case(90, n_sessions=n_sessions, n_ratings=n_ratings)

    found = told_together(ratings, b, draws)

    for pair in range(len(ratings)):
        alone = told_alone(ratings[pair], b[pair], draws)
        for name in NAMES:
            one, other = getattr(found.levels, name)[pair], getattr(alone.levels, name)
            np.testing.assert_allclose(one, other, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(found.foretold[pair], alone.foretold, atol=1e-9)
        np.testing.assert_allclose(found.repair[pair], alone.repair, atol=1e-3)


def test_the_repair_of_likely_dips_is_told():
    ratings, b, draws = case(91, n_pairs=12)

    found = told_together(ratings, b, draws)

    there = ~np.isnan(found.repair)
    np.testing.assert_array_equal(there, found.levels.p_low >= 0.5)
    assert there.any()
    assert ((found.repair[there] > 0) & (found.repair[there] < 1)).any()


def test_exchanging_the_seats_mirrors_everything_but_the_draws_of_repairs():
    ratings, b, draws = case(92)

    here = told_together(ratings, b, draws)
    there = told_together(
        ratings[:, :, ::-1], mirrored_couplings(b).copy(), mirrored(draws)
    )

    for name in NAMES:
        one, other = getattr(here.levels, name), getattr(there.levels, name)
        if name.startswith("next_rating"):
            other = other[..., ::-1, :]
        elif name.endswith("cov"):
            other = other[..., ::-1, ::-1]
        elif name != "p_both_low":
            other = other[..., ::-1]
        np.testing.assert_allclose(one, other, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(here.repair, there.repair[..., ::-1], atol=0.02)


def test_the_number_of_threads_changes_nothing(monkeypatch):
    import numba  # noqa: PLC0415 - an extra

    monkeypatch.setattr(compiling, "FEW", 0)
    ratings, b, draws = case(93)
    before = numba.get_num_threads()

    found = told_together(ratings, b, draws)
    numba.set_num_threads(1)
    alone = told_together(ratings, b, draws)
    numba.set_num_threads(before)

    for name in NAMES:
        np.testing.assert_array_equal(
            getattr(found.levels, name), getattr(alone.levels, name)
        )
    np.testing.assert_array_equal(found.repair, alone.repair)


def test_the_chance_of_both_is_that_of_owens_function(functions):
    rng = np.random.default_rng(94)
    mean, sd = rng.normal(0, 3, size=(400, 2)), rng.uniform(0.2, 2, size=(400, 2))
    rho, Q = rng.uniform(-1, 1, 400), np.array([1.0, 0.2, 0.6])
    rho[:4], mean[:2] = [1, -1, 0, 0.5], -np.sqrt(Q[[0, 2]])
    limit = -np.sqrt(Q[[0, 2]])

    found = [
        compiled_levels._low((*m, s[0] ** 2, r * s.prod(), s[1] ** 2), Q)
        for m, s, r in zip(mean, sd, rho, strict=True)
    ]

    z, rho = (limit - mean) / sd, np.clip(rho, -1 + 1e-12, 1 - 1e-12)
    expected = both_below(z[:, 0], z[:, 1], rho)
    np.testing.assert_allclose(np.array(found)[:, 2], expected, atol=2e-11)


def test_nobody_dips_where_a_dip_cannot_be():
    mean, root = np.zeros(4), np.eye(4)

    n_dips, n_mended = compiled_levels._count(mean, root, -1e9, 0.0, normals())

    assert (n_dips, n_mended) == (0, 0)


def test_little_work_is_done_by_one_thread():
    import numba  # noqa: PLC0415 - an extra

    before = numba.get_num_threads()

    with compiling.shared_among_threads(compiling.FEW - 1):
        few = numba.get_num_threads()
    with compiling.shared_among_threads(compiling.FEW):
        many = numba.get_num_threads()

    assert (few, many, numba.get_num_threads()) == (1, before, before)
