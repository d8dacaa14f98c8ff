"""What moving in step costs, against a plain loop that does what rMEA does.

    python benchmarks/synchrony.py [--quick]            print this part alone

Sessions are made up: slow, bursty series of two people, the second following now and then.
The plain loop correlates each window at each lag by itself, as rMEA does, and must find the
same. rMEA itself is timed where R and the package are installed, and said to be absent
where they are not; in a run of its own it took .42 s for such a matrix.
"""

import argparse
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.engine.synchrony.crossed import made_ready, sums_between
from duologue.engine.synchrony.episodes import episodes
from duologue.engine.synchrony.lagged import MIN_PRESENT, lagged
from duologue.engine.synchrony.orders import Shuffle, drawn_orders, sums_of_orders
from duologue.engine.synchrony.preparing import smooth
from duologue.engine.synchrony.pseudo import all_pairs
from duologue.engine.synchrony.shifts import against_shifts
from duologue.engine.synchrony.summing import sums_for
from duologue.engine.synchrony.susy import susy
from duologue.engine.synchrony.windows import Windows, windows_of
from dyad_speed import per
from speed_tables import Single, table_of_ratios, table_of_singles, verdict
from turns import Comparison, take_turns

Array = NDArray[np.float64]

SEED = 20_261_127
SEGMENT_S = 30
GOAL = 1 / 100
IN_CACHE, N_DOTS = 4096, 250
SHUFFLES_MS, SHIFTS_MS = 500, 1000
LOOP = "a plain loop, one correlation a window and lag"
RMEA = """
suppressMessages(library(rMEA))
d <- read.csv(commandArgs(TRUE)[1], header = FALSE)
f <- file.path(dirname(commandArgs(TRUE)[1]), "1_1.txt")
write.table(d, f, row.names = FALSE, col.names = FALSE)
q <- function(e) { capture.output(r <- e); r }
m <- q(suppressWarnings(readMEA(f, sampRate = as.numeric(commandArgs(TRUE)[2]),
  s1Col = 1, s2Col = 2, s1Name = "a", s2Name = "b", skip = 0,
  idOrder = c("id", "session"), idSep = "_")))
took <- system.time(q(MEAccf(m, lagSec = 5, winSec = 30, incSec = 10, r2Z = TRUE,
  ABS = FALSE, cores = FALSE)))
cat(took[["user.self"]] + took[["sys.self"]])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is timed."""

    rate: float
    minutes: tuple[int, ...]
    lags_s: tuple[int, ...]
    n_surrogates: tuple[int, ...]
    n_sessions: tuple[int, ...]
    has_moments: bool


FULL = Scale(
    rate=25.0,
    minutes=(10, 20, 40),
    lags_s=(5, 10, 20),
    n_surrogates=(200, 1000),
    n_sessions=(10, 30, 100),
    has_moments=True,
)
QUICK = Scale(
    rate=2.0,
    minutes=(9, 18),
    lags_s=(5, 10),
    n_surrogates=(200, 400),
    n_sessions=(2, 3),
    has_moments=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SynchronyFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    singles: tuple[Single, ...]
    rounds: int
    date: str
    scale: Scale

    def as_markdown(self) -> str:
        """Write what stands on the page below change."""
        compiled = find_spec("numba") is not None
        how = "compiled" if compiled else "not compiled: numba is not installed"
        return "\n".join(
            [
                "## Moving in step",
                "",
                f"{self.date}, {self.rounds} rounds, {how}. Milliseconds of the processor",
                f"for a session of {self.scale.minutes[0]} minutes at {self.scale.rate:g} Hz",
                "with windows of 30 s every 10 s and lags up to 5 s. The plain loop does what",
                "rMEA does and finds the same; rMEA itself took 420 ms for such a matrix, in a",
                "run of its own on a virtual machine of two cores.",
                "",
                *table_of_ratios("Of moving in step", self.comparisons),
                "",
                *table_of_singles("Of many", self.singles),
                "",
            ]
        )


def made_up(scale: Scale, minutes: int, seed: int = 0) -> tuple[Array, Array]:
    """Draw two bursty series, smooth as motion energy is."""
    n = round(60 * minutes * scale.rate)
    rng = np.random.default_rng([SEED, n, seed])
    wide = np.ones(round(scale.rate)) / math.sqrt(scale.rate)
    first, other = (np.convolve(v, wide, "same") for v in rng.normal(size=(2, n)))
    second = 0.3 * np.roll(first, round(scale.rate)) + 0.95 * other
    return np.maximum(first - 0.5, 0.0), np.maximum(second - 0.5, 0.0)


# The plain loop


def plain_matrix(first: Array, second: Array, windows: Windows) -> Array:
    """Correlate each window at each lag by itself, as rMEA does."""
    n, m = windows.window, windows.lag
    found = np.full((windows.count(first.size), 2 * m + 1), np.nan)
    for w, a in enumerate(windows.starts(first.size)):
        for lag in range(-m, m + 1):
            p = first[a + max(0, -lag) :][:n]
            q = second[a + max(0, lag) :][:n]
            p, q = p - p.mean(), q - q.mean()
            squares = math.sqrt((p @ p) * (q @ q))
            if squares > 0:
                found[w, lag + m] = math.atanh((p @ q) / squares)
    return found


def plain_smooth(values: Array, half: int) -> Array:
    """Average each sample with its neighbours, one after the other."""
    return np.array(
        [values[max(0, t - half) : t + half + 1].mean() for t in range(values.size)]
    )


def plain_susy(first: Array, second: Array, n: int, m: int) -> Array:
    """Correlate each segment with each of the other's, as SUSY does: mean |z| by lag."""
    k = first.size // n
    a, b = (v[: k * n].reshape(k, n) for v in (first, second))
    total = np.zeros(2 * m + 1)
    for i in range(k):
        for j in range(k):
            p, q = a[i] - a[i].mean(), b[j] - b[j].mean()
            whole = np.correlate(q, p, "full") / n / (p.std() * q.std())
            if i != j:
                total += np.abs(np.arctanh(whole[n - 1 - m : n + m]))
    return total / (k * (k - 1))


# Comparisons


def compared(scale: Scale, rounds: int) -> list[Comparison]:
    """Time each way against the plain one, after seeing that both find the same."""
    first, second = made_up(scale, scale.minutes[0])
    windows = windows_of(scale.rate)
    n_many = scale.n_surrogates[-1]
    shifts = np.random.default_rng(SEED).integers(1, first.size, size=n_many)
    segment = round(SEGMENT_S * scale.rate)
    orders = drawn_orders(
        first, second, first.size // segment, Shuffle.BOTH, n_shuffles=n_many, seed=0
    )
    ready = made_ready([first, second], windows)
    z = plain_matrix(first, second, windows)
    np.testing.assert_allclose(lagged(first, second, windows).z, z, atol=1e-9)
    half = math.floor(0.25 * scale.rate)
    whole = smooth(first, scale.rate)
    np.testing.assert_allclose(whole, plain_smooth(first, half), atol=1e-12)
    of_susy = susy(first, second, scale.rate).absolute_pseudo
    in_susy = plain_susy(first, second, segment, round(5 * scale.rate))
    np.testing.assert_allclose(of_susy, in_susy, atol=1e-9)
    bound = np.random.default_rng(SEED).random((2, IN_CACHE))
    tasks: dict[str, Callable[[], Any]] = {
        "loop": lambda: plain_matrix(first, second, windows),
        "matrix": lambda: lagged(first, second, windows),
        "matrix, compiled": lambda: matrix_for(first, second, windows),
        "pair": lambda: sums_between(*ready, windows, MIN_PRESENT),
        "shift": lambda: sums_for(first, second, windows, shifts, MIN_PRESENT),
        "shuffle": lambda: sums_of_orders(first, second, windows, orders, segment),
        "smooth, loop": lambda: plain_smooth(first, half),
        "smooth": lambda: smooth(first, scale.rate),
        "susy, loop": lambda: plain_susy(first, second, segment, round(5 * scale.rate)),
        "susy": lambda: susy(first, second, scale.rate),
        "bound": lambda: [bound[0] @ bound[1] for _ in range(N_DOTS)],
    }
    times = take_turns(tasks, rounds=rounds)
    for name in ("shift", "shuffle"):
        times[name] = per(times[name], n_many)
    n_done = N_DOTS * IN_CACHE
    times["bound"] = per(times["bound"], n_done / multiplied(windows, first.size))
    rows = [
        ("a session's matrix, in numpy", "matrix", "loop", LOOP, None),
        ("a session's matrix, compiled", "matrix, compiled", "loop", LOOP, GOAL),
        ("a pseudo pair's averages, both ready", "pair", "loop", LOOP, None),
        (f"a shifted surrogate, of {n_many:,}", "shift", "loop", LOOP, None),
        (f"a segment shuffle, of {n_many:,}", "shuffle", "loop", LOOP, None),
        ("smoothing", "smooth", "smooth, loop", "a loop over samples", None),
        ("SUSY", "susy", "susy, loop", "a loop over pairs of segments", None),
        (
            f"a shifted surrogate, of {n_many:,}",
            "shift",
            "bound",
            "its multiply-adds alone, as dot products in the cache",
            None,
        ),
    ]
    return [
        Comparison(
            name=name,
            against=against,
            times_ms=times[ours],
            base_ms=times[theirs],
            goal=goal,
        )
        for name, ours, theirs, against, goal in rows
    ]


def matrix_for(first: Array, second: Array, windows: Windows) -> Array:
    """Return the matrix compiled, or in numpy where numba is not."""
    try:
        from duologue.engine.synchrony.compiled_lagged import (  # noqa: PLC0415
            matrix_of,
        )
    except ImportError:
        return lagged(first, second, windows).z
    return matrix_of(first, second, windows)


def multiplied(windows: Windows, n_samples: int) -> int:
    """Return how many multiply-adds a matrix needs, each block at each lag once."""
    covered = (windows.count(n_samples) - 1) * windows.step + windows.window
    return covered * (2 * windows.lag + 1)


# Many


def many(scale: Scale, rounds: int) -> list[Single]:
    """Time what takes long: all surrogates, longer sessions, wider lags, many pairs."""
    first, second = made_up(scale, scale.minutes[0])
    windows = windows_of(scale.rate)
    segment = round(SEGMENT_S * scale.rate)
    found = []
    for n in scale.n_surrogates:
        orders = drawn_orders(
            first, second, first.size // segment, Shuffle.BOTH, n_shuffles=n, seed=0
        )
        took = timed(
            lambda o=orders: sums_of_orders(first, second, windows, o, segment), rounds
        )
        goal = verdict(took, SHUFFLES_MS, "ms") if n == 1000 else "none"
        found.append(ms(f"{n:,} segment shuffles", took, goal))
    for n in scale.n_surrogates:
        took = timed(
            lambda half=n // 2: against_shifts(first, second, windows, n_shifts=half),
            rounds,
        )
        goal = verdict(took, SHIFTS_MS, "ms") if n == 1000 else "none"
        found.append(ms(f"{n:,} shifted surrogates, and all p", took, goal))
    if scale.has_moments:
        took = timed(lambda: episodes(first, second, scale.rate), 1)
        found.append(ms("moments of a session, 200 surrogates, one round", took))
    return [*found, *growing(scale, rounds), *crossed(scale), of_rmea(scale)]


def growing(scale: Scale, rounds: int) -> list[Single]:
    """Time a session's averages as it gets longer, and as lags get wider."""
    found = []
    for minutes in scale.minutes:
        pair, windows = made_up(scale, minutes), windows_of(scale.rate)
        took = timed(lambda p=pair, w=windows: averages(*p, w), rounds)
        each = f"{took / minutes:.2f} ms a minute"
        found.append(ms(f"averages of {minutes} minutes", took, each))
    pair = made_up(scale, scale.minutes[0])
    for lag_s in scale.lags_s:
        windows = windows_of(scale.rate, lag_s=lag_s)
        took = timed(lambda w=windows: averages(*pair, w), rounds)
        each = f"{took / lag_s:.2f} ms a second of lag"
        found.append(ms(f"averages with lags up to {lag_s} s", took, each))
    return found


def averages(first: Array, second: Array, windows: Windows) -> object:
    """Sum one session over its windows, at each lag."""
    return sums_for(first, second, windows, np.zeros(1, dtype=np.int64), MIN_PRESENT)


def crossed(scale: Scale) -> list[Single]:
    """Time every pair of many sessions, by one thread and by two: the same answer."""
    windows, found = windows_of(scale.rate), []
    for n in scale.n_sessions:
        firsts, seconds = zip(
            *(made_up(scale, scale.minutes[0], seed) for seed in range(n)), strict=True
        )
        sums = []
        for n_workers in (1, 2):
            used, clock = time.process_time(), time.perf_counter()
            pairs = all_pairs(firsts, seconds, windows, n_workers=n_workers)
            used, clock = time.process_time() - used, time.perf_counter() - clock
            n_pairs = n + len(pairs.places)
            workers = f"{n_workers} thread{'s' * (n_workers > 1)}"
            found.append(
                Single(
                    name=f"all {n_pairs:,} pairs of {n} sessions, {workers}",
                    value=f"{used:.2f} s of the processor ({1000 * used / n_pairs:.2f} "
                    f"ms a pair), {clock:.2f} s by the clock",
                )
            )
            sums.append(pairs.pseudo.z)
        np.testing.assert_array_equal(*sums)
    return found


def of_rmea(scale: Scale) -> Single:
    """Time rMEA's matrix of the same session, where it is installed."""
    name, program = "rMEA, a session's matrix", shutil.which("Rscript")
    if program is None:
        return Single(name=name, value="absent")
    with tempfile.TemporaryDirectory() as near:
        series, script = Path(near) / "series.csv", Path(near) / "rmea.R"
        script.write_text(RMEA)
        pair = np.column_stack(made_up(scale, scale.minutes[0]))
        np.savetxt(series, pair, delimiter=",")
        ran = subprocess.run(
            [program, str(script), str(series), f"{scale.rate:g}"],
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode != 0:  # R without the package
        return Single(name=name, value="absent")
    return ms(name, 1000 * float(ran.stdout))


def timed(task: Callable[[], object], rounds: int) -> float:
    """Return the median of some rounds, in milliseconds of the processor."""
    return median(take_turns({"it": task}, rounds=rounds)["it"])


def ms(name: str, took: float, goal: str = "none") -> Single:
    """Write what was measured once."""
    return Single(name=name, value=f"{took:.3g} ms", goal=goal)


def measure_synchrony(*, rounds: int, quick: bool) -> SynchronyFigures:
    """Measure everything."""
    scale = QUICK if quick else FULL
    return SynchronyFigures(
        comparisons=tuple(compared(scale, rounds)),
        singles=tuple(many(scale, rounds)),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d"),
        scale=scale,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of moving in step.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=11)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_synchrony(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
