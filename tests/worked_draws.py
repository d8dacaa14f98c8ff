"""Populations to read a pair against: one that is known, and one that is not quite."""

from dataclasses import fields

import numpy as np
import pytest

from duologue.engine.dyad.balance import Balance
from duologue.engine.dyad.draws import checked_draws
from duologue.engine.dyad.reading import PairState
from duologue.engine.dyad.simulate import recovery_population, simulate
from worked_dyads import B, example, stacked


def certain(draw=None, b=B, spread=1e-12):
    """A population without doubt: one draw, and every pair has its couplings."""
    return checked_draws(b, example() if draw is None else draw, spread=spread)


def uncertain(n_draws=20, *, seed=5, spread=0.15):
    """Draws that differ a little in the mean couplings."""
    population = recovery_population()
    away = 0.03 * np.random.default_rng(seed).standard_normal((n_draws, 4))
    return checked_draws(
        population.bB + away, stacked([population.common] * n_draws), spread=spread
    )


def simulated(n_pairs=1, n_sessions=20, *, seed=1, **options):
    """A caseload of the population that simulations use."""
    population = recovery_population(**options)
    return simulate(population, n_pairs, n_sessions, rng=np.random.default_rng(seed))


def numbers_of(state):
    """Every array and number, the balance's among them."""
    found = {f.name: getattr(state, f.name) for f in fields(PairState)}
    balance = found.pop("balance")
    found |= {f"balance.{f.name}": getattr(balance, f.name) for f in fields(Balance)}
    return found


def assert_alike(one, other, *, atol=0.0, but=()):
    first, second = numbers_of(one), numbers_of(other)
    for name, value in first.items():
        if name in but:
            continue
        if isinstance(value, np.ndarray):
            np.testing.assert_allclose(value, second[name], atol=atol, err_msg=name)
        elif isinstance(value, float):
            assert second[name] == pytest.approx(value, abs=atol, nan_ok=True), name
        else:
            assert second[name] == value, name
