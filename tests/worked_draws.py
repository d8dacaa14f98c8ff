"""Populations to read a pair against: one that is known, and one that is not quite."""

from dataclasses import fields, replace

import numpy as np
import pytest

from duologue.engine.dyad.balance import Balance
from duologue.engine.dyad.model import mirrored, mirrored_couplings
from duologue.engine.dyad.packing import COUPLINGS
from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.population import Diagnostics, assumed
from duologue.engine.dyad.simulate import recovery_population, simulate
from worked_dyads import B, example, stacked


def certain(draw=None, b=B, spread=1e-12):
    """A population without doubt: one draw, and every pair has its couplings."""
    common = stacked([example() if draw is None else draw])
    return assumed(np.array([b]), common, spread=spread)


def uncertain(n_draws=20, *, seed=5, spread=0.15):
    """Draws that differ a little in the mean couplings."""
    population = recovery_population()
    away = 0.03 * np.random.default_rng(seed).standard_normal((n_draws, 4))
    return assumed(
        population.bB + away, stacked([population.common] * n_draws), spread=spread
    )


def mirrored_population(population):
    """The population with the two seats exchanged."""
    return replace(
        population,
        mean_b=mirrored_couplings(population.mean_b),
        nuisance=mirrored(population.nuisance),
    )


def unsound(population):
    """The same values, learned by chains that do not agree."""
    return replace(
        population,
        made="fitted",
        diagnostics=Diagnostics(
            r_hat=dict.fromkeys(COUPLINGS, 1.2),
            effective=dict.fromkeys(COUPLINGS, 500.0),
            accepted=(0.5, 0.5),
            vanishing=(),
            seed=1,
            n_chains=4,
            n_sweeps=100,
            n_burn=10,
        ),
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
