"""What the dyad model costs: many pairs read and learned from, and one pair refreshed.

    python benchmarks/dyad_speed.py [--quick]           print this part alone

The caseload is made up: 500 pairs, 20 sessions, two ratings each, 15 % of forms blank.
Peers are timed where they are installed and said to be absent where they are not; the
slow version of the filter is written here, pair by pair and matrix by matrix.
"""

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.engine.dyad.caseload import read_caseload
from duologue.engine.dyad.couplings import points_of
from duologue.engine.dyad.fitting import fit
from duologue.engine.dyad.levels import levels, pooled
from duologue.engine.dyad.model import Nuisance, matrix_of
from duologue.engine.dyad.pair_state import level_points
from duologue.engine.dyad.pairs import log_likelihoods
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reading import N_LEVEL_POINTS, read_pair
from duologue.engine.dyad.simulate import (
    Simulated,
    recovery_population,
    simulate,
)
from speed_tables import Single, table_of_ratios, table_of_singles, verdict
from turns import Comparison, take_turns

Array = NDArray[np.float64]

SEED = 20_261_127
N_SESSIONS = 20
N_POINTS = 1024
REFRESH_MS, LEVELS_MS, FIT_S, MEMORY_MB = 60, 5, 60, 500
LME4 = """
suppressMessages(library(lme4))
d <- read.csv(commandArgs(TRUE)[1])
took <- system.time(for (s in 0:1)
  suppressWarnings(lmer(y ~ own + other + (1 + own + other || pair), d[d$seat == s, ])))
cat(took[["elapsed"]])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is timed."""

    n_pairs: int
    sizes: tuple[int, ...]
    n_sweeps: int
    n_burn: int
    n_slow: int
    compiled: bool


FULL = Scale(
    n_pairs=500,
    sizes=(50, 500, 5000),
    n_sweeps=3500,
    n_burn=1000,
    n_slow=20,
    compiled=find_spec("numba") is not None,
)
QUICK = Scale(
    n_pairs=30, sizes=(2, 4), n_sweeps=60, n_burn=50, n_slow=2, compiled=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    singles: tuple[Single, ...]
    rounds: int
    date: str
    compiled: bool

    def as_markdown(self) -> str:
        """Write what stands on the page below the app."""
        how = "compiled" if self.compiled else "not compiled: numba is not installed"
        return "\n".join(
            [
                "## The dyad model",
                "",
                f"{self.date}, {self.rounds} rounds, {how}. Milliseconds of the processor, all",
                "threads together; a ratio below 1 is faster than what it stands against.",
                "Pairs of 20 sessions with two ratings each, 15 % of forms blank, and twenty",
                "draws of the population.",
                "",
                *table_of_ratios("Of the dyad model", self.comparisons),
                "",
                *table_of_singles("Once", self.singles),
                "",
            ]
        )


def measure_dyad(*, rounds: int, quick: bool) -> DyadFigures:
    """Measure in processes of their own, whose memory nothing else fills."""
    scale = QUICK if quick else FULL
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        comparisons, singles = pool.submit(compared, scale, rounds).result()
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        singles.append(pool.submit(memory, scale).result())
    return DyadFigures(
        comparisons=tuple(comparisons),
        singles=tuple(singles),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d"),
        compiled=scale.compiled,
    )


def caseload(n_pairs: int) -> Simulated:
    """Simulate a caseload."""
    rng = np.random.default_rng([SEED, n_pairs])
    return simulate(recovery_population(), n_pairs, N_SESSIONS, rng=rng)


def learned(made: Simulated, scale: Scale) -> tuple[Population, Single]:
    """Learn the population on as many processes as there are cores, by the clock."""
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        started, before = time.perf_counter(), of_children()
        population = fit(
            made.ratings, n_sweeps=scale.n_sweeps, n_burn=scale.n_burn, each=pool.map
        )
        clock = time.perf_counter() - started
    sound = "sound" if population.sound else "NOT sound"
    return population, Single(
        name=f"a population learned from {scale.n_pairs} pairs, four chains of "
        f"{scale.n_sweeps} sweeps",
        value=f"{clock:.0f} s by the clock, {of_children() - before:.0f} s of the "
        f"processor; {sound}",
        goal=verdict(clock, FIT_S, "s by the clock"),
    )


def of_children() -> float:
    """Seconds of the processor that processes started from here have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compared(scale: Scale, rounds: int) -> tuple[list[Comparison], list[Single]]:
    """Make every comparison, and measure what is measured once."""
    made = caseload(scale.n_pairs)
    population, fitted = learned(made, scale)
    absent: list[Single] = []
    comparisons = [
        *likelihoods(made, scale, rounds),
        *peers(made, population, scale, rounds),
    ]
    if find_spec("statsmodels") is None:
        absent.append(
            Single(name="statsmodels, one likelihood, and a pair alone", value="absent")
        )
    singles = [
        *absent,
        *refreshed(made, population, rounds),
        *whole_caseloads(population, scale),
        *mixed_models(made),
        fitted,
    ]
    return comparisons, singles


# One likelihood of every pair


def likelihoods(made: Simulated, scale: Scale, rounds: int) -> list[Comparison]:
    """Time one likelihood a pair at many points, and against the slow version."""
    common, b = recovery_population().common, made.b[:, None]
    some = made.ratings[: scale.n_slow]
    rng = np.random.default_rng(SEED)
    many = rng.normal(recovery_population().bB, 0.1, size=(1, N_POINTS, 4))
    tasks: dict[str, Callable[[], object]] = {
        "slow": lambda: [
            slow_log_likelihood(y, own, common)
            for y, own in zip(some, made.b, strict=False)
        ],
        "numpy": lambda: log_likelihoods(made.ratings, b, common, engine="numpy"),
        "numpy, many": lambda: log_likelihoods(some, many, common, engine="numpy"),
    }
    if scale.compiled:
        tasks["compiled"] = lambda: log_likelihoods(made.ratings, b, common)
        tasks["compiled, many"] = lambda: log_likelihoods(some, many, common)
    times = take_turns(tasks, rounds=rounds)
    a_pair = {name: per(found, scale.n_pairs) for name, found in times.items()}
    a_pair["slow"] = per(times["slow"], scale.n_slow)
    slow = "a filter in plain Python and small matrices"
    pairs = [("numpy", "slow", slow)]
    if scale.compiled:
        pairs += [("compiled", "slow", slow), ("compiled", "numpy", "numpy")]
    found = [
        Comparison(
            name=f"one likelihood of one pair, {one}",
            against=against,
            times_ms=a_pair[one],
            base_ms=a_pair[other],
        )
        for one, other, against in pairs
    ]
    at_once = {
        name: per(times[f"{name}, many"], scale.n_slow * N_POINTS)
        for name in ("numpy", "compiled")
        if f"{name}, many" in times
    }
    against = {"numpy": (slow, a_pair["slow"]), "compiled": ("numpy", at_once["numpy"])}
    return found + [
        Comparison(
            name=f"one likelihood of one pair, {name}, {N_POINTS} points at once",
            against=against[name][0],
            times_ms=times_ms,
            base_ms=against[name][1],
        )
        for name, times_ms in at_once.items()
    ]


def per(times: Sequence[float], n: float) -> tuple[float, ...]:
    """Share times among so many."""
    return tuple(each / n for each in times)


def slow_log_likelihood(y: Array, b: Array, common: Nuisance) -> float:
    """Filter levels and set-point together, four numbers, one rating at a time."""
    F, spread, mean, P = as_four(b, common)
    total = 0.0
    for session, ratings in enumerate(y):
        if session:
            mean, P = F @ mean, F @ P @ F.T + spread
        for (seat, k), value in np.ndenumerate(ratings):
            if np.isnan(value):
                continue
            h = np.zeros(4)
            h[seat] = common.lam[seat, k]
            s = h @ P @ h + common.R[seat, k]
            e = value - common.nu[seat, k] - h @ mean
            gain = P @ h / s
            mean, P = mean + gain * e, P - np.outer(gain, h @ P)
            total -= 0.5 * (np.log(2 * np.pi * s) + e * e / s)
    return float(total)


def as_four(b: Array, common: Nuisance) -> tuple[Array, Array, Array, Array]:
    """Write levels and set-point as one state: step, its covariance, and the start."""
    B, none = matrix_of(b), np.zeros((2, 2))
    F = np.block([[B, np.eye(2) - B], [none, np.eye(2)]])
    spread = np.block([[common.Q, none], [none, none]])
    mean = np.concatenate([common.bm + common.delta, common.bm])
    P = np.block([[common.Sm + common.P1, common.Sm], [common.Sm, common.Sm]])
    return F, spread, mean, P


# Peers


def peers(
    made: Simulated, population: Population, scale: Scale, rounds: int
) -> list[Comparison]:
    """Time likelihoods and whole pairs against statsmodels, where it is installed."""
    if find_spec("statsmodels") is None:
        return []
    common, some = recovery_population().common, made.ratings[: scale.n_slow]
    models = [
        of_statsmodels(y, own, common) for y, own in zip(some, made.b, strict=False)
    ]
    rng = np.random.default_rng(SEED)
    many = rng.normal(recovery_population().bB, 0.1, size=(1, N_POINTS, 4))
    told = replace(population, made="assumed", diagnostics=None)
    times = take_turns(
        {
            "peer": lambda: [model.loglike() for model in models],
            "ours": lambda: log_likelihoods(some, many, common),
            "peer, whole": lambda: [fit_alone(y, common) for y in some[:2]],
            "ours, whole": lambda: read_caseload(some, told, compiled=scale.compiled),
        },
        rounds=rounds,
    )
    return [
        Comparison(
            name=f"one likelihood of one pair, {N_POINTS} points at once",
            against="statsmodels, its filter alone, the model set up beforehand",
            times_ms=per(times["ours"], scale.n_slow * N_POINTS),
            base_ms=per(times["peer"], scale.n_slow),
            goal=0.01,
        ),
        Comparison(
            name="all that is told of one pair, read among others",
            against="statsmodels, the likelihood of nine numbers of a pair maximised",
            times_ms=per(times["ours, whole"], scale.n_slow),
            base_ms=per(times["peer, whole"], 2),
            goal=0.01,
        ),
    ]


def fit_alone(y: Array, common: Nuisance) -> Array:
    """Maximise the likelihood of one pair alone: B, set-point, and three variances.

    As statsmodels does it: differences for slopes, fifty steps at most.
    """
    model = of_statsmodels(y, recovery_population().bB, common)

    def minus(numbers: Array) -> float:
        b, mu, (q_c, q_t, r) = numbers[:4], numbers[4:6], np.exp(numbers[6:])
        tight = 1e-6 * np.eye(2)
        here = replace(
            common, bm=mu, Sm=tight, Q=np.diag([q_c, q_t]), R=np.full(common.R.shape, r)
        )
        set_up(model, b, here)
        return -float(model.loglike())

    start = np.array([0.5, 0.1, 0.1, 0.5, 5.0, 5.0, -1.5, -1.5, -1.5])
    bounds = [(-0.99, 0.99)] * 4 + [(0, 10)] * 2 + [(-7, 3)] * 3
    found = minimize(
        minus, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 50}
    )
    return np.asarray(found.x)


def of_statsmodels(y: Array, b: Array, common: Nuisance) -> Any:
    """Set the same model up in statsmodels."""
    from statsmodels.tsa.statespace.kalman_filter import (  # noqa: PLC0415 - a peer
        KalmanFilter,
    )

    n_ratings = y.shape[2]
    model = KalmanFilter(k_endog=2 * n_ratings, k_states=4)
    model.bind(np.ascontiguousarray(y.reshape(len(y), -1)))
    model["selection"] = np.eye(4)
    set_up(model, b, common)
    return model


def set_up(model: Any, b: Array, common: Nuisance) -> None:
    """Give a filter of statsmodels its matrices."""
    F, spread, mean, P = as_four(b, common)
    n_ratings = common.nu.shape[1]
    design = np.zeros((2 * n_ratings, 4))
    for row, (seat, k) in enumerate(np.ndindex(2, n_ratings)):
        design[row, seat] = common.lam[seat, k]
    model["design"] = design
    model["obs_intercept"] = common.nu.reshape(-1, 1)
    model["obs_cov"] = np.diag(common.R.ravel())
    model["transition"], model["state_cov"] = F, spread
    model.initialize_known(mean, P)


def mixed_models(made: Simulated) -> list[Single]:
    """Time lme4's lagged mixed model of both seats on the same ratings."""
    name = "lme4, a lagged mixed model of each seat on the same ratings"
    program = shutil.which("Rscript")
    with tempfile.TemporaryDirectory() as near:
        table, script = Path(near) / "lagged.csv", Path(near) / "lme4.R"
        script.write_text(LME4)
        write_lagged(made.ratings[..., 0], table)
        if program is None:
            return [Single(name=name, value="absent")]
        ran = subprocess.run(
            [program, str(script), str(table)],
            capture_output=True,
            text=True,
            check=False,
        )
    value = f"{float(ran.stdout):.1f} s" if ran.returncode == 0 else "absent"
    return [Single(name=name, value=value)]


def write_lagged(ratings: Array, path: Path) -> None:
    """Write each rating beside both people's last one; rows with a blank are left out."""
    rows = ["pair,seat,y,own,other"]
    for pair, seat in np.ndindex(len(ratings), 2):
        course = ratings[pair]
        lagged = np.stack(
            [course[1:, seat], course[:-1, seat], course[:-1, 1 - seat]], axis=1
        )
        whole = lagged[~np.isnan(lagged).any(axis=1)]
        rows += [
            f"{pair},{seat},{y:.4f},{own:.4f},{other:.4f}" for y, own, other in whole
        ]
    path.write_text("\n".join(rows) + "\n")


# Reading


def refreshed(made: Simulated, population: Population, rounds: int) -> list[Single]:
    """Time one pair after a session: everything, and levels alone."""
    y = made.ratings[0]
    told = replace(population, made="assumed", diagnostics=None)
    points = points_of(y, told)
    b, nuisance = level_points(points, told, N_LEVEL_POINTS)
    weights = np.ones(b.shape[:-1])
    times = take_turns(
        {
            "whole": lambda: read_pair(y, told),
            "levels": lambda: pooled(levels(y, b, nuisance), weights),
        },
        rounds=rounds,
    )
    whole, alone = median(times["whole"]), median(times["levels"])
    n_draws = len(told.mean_b)
    return [
        Single(
            name=f"one pair read anew, {n_draws} draws of {N_POINTS} points",
            value=f"{whole:.0f} ms of the processor",
            goal=verdict(whole, REFRESH_MS, "ms"),
        ),
        Single(
            name="its levels alone, the couplings of last time",
            value=f"{alone:.1f} ms of the processor",
            goal=verdict(alone, LEVELS_MS, "ms"),
        ),
    ]


def whole_caseloads(population: Population, scale: Scale) -> list[Single]:
    """Time caseloads of several sizes, everything told of every pair."""
    told = replace(population, made="assumed", diagnostics=None)
    # What is compiled for it is compiled before.
    read_caseload(caseload(scale.sizes[0]).ratings, told, compiled=scale.compiled)
    took = {}
    for n_pairs in scale.sizes:
        made = caseload(n_pairs)
        started, clock = time.process_time(), time.perf_counter()
        read_caseload(made.ratings, told, compiled=scale.compiled)
        took[n_pairs] = time.process_time() - started, time.perf_counter() - clock
    first = took[scale.sizes[0]][0] / scale.sizes[0]
    found = []
    for n_pairs, (seconds, clock_s) in took.items():
        a_pair = seconds / n_pairs
        found.append(
            Single(
                name=f"{n_pairs} pairs read against a given population",
                value=f"{seconds:.2f} s of the processor ({1000 * a_pair:.1f} ms a "
                f"pair), {clock_s:.2f} s by the clock",
                goal=f"cost a pair as for {scale.sizes[0]}: {a_pair / first:.2f} times",
            )
        )
    return found


def memory(scale: Scale) -> Single:
    """Learn and read in one process, and tell the most memory that it took."""
    made = caseload(scale.n_pairs)
    population = fit(made.ratings, n_sweeps=60, n_burn=50, n_chains=2)
    told = replace(population, made="assumed", diagnostics=None)
    read_caseload(made.ratings, told, compiled=scale.compiled)
    # Kilobytes, but bytes on a Mac.
    unit = 1024**2 if platform.system() == "Darwin" else 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return Single(
        name=f"memory of a process that learns from {scale.n_pairs} pairs and reads them",
        value=f"{most:.0f} MB",
        goal=verdict(most, MEMORY_MB, "MB"),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of the dyad model.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=11)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_dyad(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
