"""Pairs read as a page reads them: slider answers, against what the program assumes.

Nobody knows beforehand how far a person's answers scatter. Here they scatter, and
levels move, by far less and by far more than what is assumed on average.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.answers import scale
from duologue.engine.dyad.model import checked
from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.shipped import shipped
from duologue.engine.dyad.simulate import (
    Simulated,
    TrueValues,
    World,
    recovery_population,
    simulate,
)
from dyad_counts import flags, held, stacked

Array = NDArray[np.float64]

ERRORS, INNOVATIONS = (3, 6, 12, 20), (2.5, 5, 10)
SCATTERS = {
    f"{error} and {innovation:g}": (error / 10, innovation / 10)
    for error in ERRORS
    for innovation in INNOVATIONS
}
"""In points of 100: how far answers lie from levels, and what a session brings."""

QUIET, SHOCKED = World(), World(joint_shocks=0.05)


def read_as_on_a_page(
    cell: str, seed: list[int], *, n_pairs: int, n_sessions: int
) -> dict[str, Any]:
    """Simulate pairs of one scatter, with shared shocks and without, and read them."""
    true = scattering(*SCATTERS[cell])
    found: dict[str, Any] = {}
    for name, world in (("quiet", QUIET), ("shocked", SHOCKED)):
        rng = np.random.default_rng(seed)
        made = simulate(true, n_pairs, n_sessions, rng=rng, world=world)
        states = [_read(on_a_slider(pair)) for pair in made.ratings]
        found[name] = flags(states, made)
        if name == "quiet":
            found["pairs"] = of_pairs(states, made)
    return found


def scattering(error: float, innovation: float) -> TrueValues:
    """Pairs whose answers scatter, and levels move, by so much of ten points."""
    true = recovery_population(sB=0.15)
    Q = innovation**2 * np.array([[1.0, 0.3], [0.3, 1.0]])
    common = checked(
        bm=true.common.bm + 1,
        Sm=3 * true.common.Sm,
        delta=true.common.delta,
        P1=2 * Q,
        Q=Q,
        nu=np.zeros((2, 1)),
        lam=np.ones((2, 1)),
        R=np.full((2, 1), error**2),
    )
    return replace(true, common=common)


def on_a_slider(ratings: Array) -> Array:
    """Answers as a slider of 0 to 100 takes them, in tens."""
    return np.clip(np.round(ratings, 1), 0, 10)


def _read(answers: Array) -> PairState:
    return read_pair(answers, shipped(), scale=scale("bounded"), whole=False)


def of_pairs(states: list[PairState], made: Simulated) -> dict[str, list[float]]:
    """Hold intervals of levels and next answers to truth."""
    truths = {
        "level": made.levels[:, :-1],
        "next_rating": on_a_slider(made.next_ratings),
    }
    return {
        name: held(stacked(states, f"{name}_ends"), stacked(states, name), truth)
        for name, truth in truths.items()
    }
