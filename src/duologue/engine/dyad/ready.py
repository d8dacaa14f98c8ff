"""Compiling beforehand what learns from many pairs and what reads them, and saying so."""

from collections.abc import Callable

import numpy as np

from duologue.engine.dyad.caseload import read_caseload
from duologue.engine.dyad.fitting import MIN_PAIRS, fit
from duologue.engine.dyad.simulate import recovery_population, simulate

STEPS = ("learns from a caseload", "reads one")
"""What is compiled, in this order."""


def make_ready(tell: Callable[[str], object] = print) -> None:
    """Compile everything that a caseload needs, if it is not yet.

    What is compiled is kept by its file, so on one machine this takes about a minute
    once, and a second or two from then on. Whoever does not call it waits as long at
    their first caseload. One pair needs nothing of it.

    Parameters
    ----------
    tell : callable
        Is told of each step before it begins, and of the end.

    Raises
    ------
    NotNowError
        If numba (the extra ``corpus``) is not installed.
    """
    made = simulate(recovery_population(), MIN_PAIRS, 4, rng=np.random.default_rng(0))
    n = len(STEPS)
    tell(f"1 of {n}: compiling what {STEPS[0]}")
    population = fit(made.ratings, n_chains=2, n_sweeps=58, n_burn=50, n_draws=8)
    tell(f"2 of {n}: compiling what {STEPS[1]}")
    read_caseload(made.ratings[:2], population)
    tell("ready")
