"""What recurrence of two series costs: against plain rows, PyRQA and AccRQA.

    python benchmarks/recurrence.py [--quick]           print this part alone

Series are made up: smoothed noise, in which long lines recur as they do in movement. All
embed three samples five apart, and count diagonal lines and lines along the second series
within a radius of half a standard deviation. The plain way is written here with numpy,
row by row; peers are timed where they are installed, and said to be absent where they are
not. PyRQA counts in single precision, so it may differ in a point of a million. AccRQA
compares a series with itself, which is as many pairs of moments; it is called twice, once
for diagonal lines and once for the others.
"""

import argparse
import ctypes
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.engine.synchrony.recurrence import Recurrence, recurrence
from speed_tables import Single, table_of_ratios, table_of_singles, verdict
from turns import Comparison, take_turns

Array = NDArray[np.float64]

SEED = 20_261_127
EMBED, DELAY, RADIUS = 3, 5, 0.5
WIDTH = 40
"""Samples over which noise is smoothed: the rate at which movement changes at 25 Hz."""

FEW = 3
"""Rounds where a peer takes half a minute for each."""

GOALS = {"PyRQA": 0.01, "AccRQA": 0.2}
MEMORY_MB = 10
PEAK = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is timed."""

    sizes: tuple[int, ...]
    n_plain: int
    n_memory: int


FULL = Scale(sizes=(1_000, 5_000, 15_000), n_plain=5_000, n_memory=100_000)
QUICK = Scale(sizes=(60, 200), n_plain=60, n_memory=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    singles: tuple[Single, ...]
    rounds: int
    date: str

    def as_markdown(self) -> str:
        """Write what stands on the page below change over a course."""
        return "\n".join(
            [
                "## Recurrence",
                "",
                f"{self.date}, {self.rounds} rounds, {FEW} at most of the longest series.",
                "Milliseconds of the processor, all threads together, for every measure of",
                f"two series; states of {EMBED} samples {DELAY} apart. Peers run on a processor",
                "here, and are faster on a graphics card, for which they are made.",
                "",
                *table_of_ratios("Of recurrence", self.comparisons),
                "",
                *table_of_singles("As series grow", self.singles),
                "",
            ]
        )


def measure_recurrence(*, rounds: int, quick: bool) -> RecurrenceFigures:
    """Measure in processes of their own, whose memory nothing else fills."""
    scale = QUICK if quick else FULL
    if find_spec("numba") is None:
        comparisons: list[Comparison] = []
        singles = [Single(name="a compiler, numba", value="absent")]
    else:
        comparisons, grown = alone(compared_and_grown, scale, rounds)
        singles = [*absent(), *grown, memory(scale)]
    return RecurrenceFigures(
        comparisons=tuple(comparisons),
        singles=tuple(singles),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d"),
    )


def alone(task: Callable[..., Any], *arguments: object) -> Any:
    """Do it in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def made_up(n: int) -> Array:
    """Draw two series of smoothed noise that are still at times, of mean 0 and sd 1."""
    rng = np.random.default_rng([SEED, n])
    noise = rng.normal(size=(2, n + WIDTH))
    kernel = np.hanning(WIDTH)
    smooth = np.array([np.convolve(row, kernel, "same")[:n] for row in noise])
    moving = np.maximum(smooth, 0.0)  # movement is mostly rest
    return (moving - moving.mean(axis=1, keepdims=True)) / moving.std(
        axis=1, keepdims=True
    )


def ours(first: Array, second: Array) -> Recurrence:
    """Find every measure within the radius."""
    return recurrence(first, second, embed=EMBED, delay=DELAY, radius=RADIUS)


# Plain rows


def by_rows(first: Array, second: Array) -> tuple[float, float, float, int, int]:
    """Count plainly: a row of the plot at a time, and on each diagonal how long it runs.

    Returns
    -------
    (float, float, float, int, int)
        Share of moments that recur, of these on diagonal lines and on lines along the
        second; and the longest of each.
    """
    x, y = embedded(first), embedded(second)
    slant = np.zeros(len(y), dtype=int)
    diagonal, across = (np.zeros(len(y) + 1, dtype=int) for _ in range(2))
    for state in x:
        near = ((y - state) ** 2).sum(axis=1) <= RADIUS**2
        edges = np.flatnonzero(np.diff(near, prepend=False, append=False))
        across += np.bincount(edges[1::2] - edges[::2], minlength=across.size)
        came = np.roll(slant, 1)
        leaves, came[0] = slant[-1], 0
        diagonal += np.bincount(came[~near], minlength=diagonal.size)
        diagonal[leaves] += 1
        slant = np.where(near, came + 1, 0)
    diagonal += np.bincount(slant, minlength=diagonal.size)
    lengths = np.arange(len(y) + 1)
    n_points = int(across @ lengths)
    return (
        n_points / (len(x) * len(y)),
        float(diagonal[2:] @ lengths[2:]) / n_points,
        float(across[2:] @ lengths[2:]) / n_points,
        int(np.flatnonzero(diagonal)[-1]),
        int(np.flatnonzero(across)[-1]),
    )


def embedded(series: Array) -> Array:
    """Return states, a row each."""
    n = series.size - (EMBED - 1) * DELAY
    return np.stack([series[k * DELAY : k * DELAY + n] for k in range(EMBED)], axis=1)


def summed_up(found: Recurrence) -> tuple[float, float, float, int, int]:
    """Return of ours what the plain way tells."""
    return (
        found.rate,
        found.diagonal.share,
        found.along_second.share,
        found.diagonal.longest,
        found.along_second.longest,
    )


# Peers


def of_pyrqa(first: Array, second: Array) -> Callable[[], tuple[float, ...]]:
    """Set PyRQA up."""
    os.environ.setdefault("PYOPENCL_CTX", "0")
    from pyrqa.analysis_type import Cross  # noqa: PLC0415 - a peer
    from pyrqa.computation import RQAComputation  # noqa: PLC0415
    from pyrqa.metric import EuclideanMetric  # noqa: PLC0415
    from pyrqa.neighbourhood import FixedRadius  # noqa: PLC0415
    from pyrqa.settings import Settings  # noqa: PLC0415
    from pyrqa.time_series import TimeSeries  # noqa: PLC0415

    settings = Settings(
        tuple(
            TimeSeries(series, embedding_dimension=EMBED, time_delay=DELAY)
            for series in (first, second)
        ),
        analysis_type=Cross,
        neighbourhood=FixedRadius(RADIUS),
        similarity_measure=EuclideanMetric,
        theiler_corrector=0,
    )

    def run() -> tuple[float, ...]:
        found = RQAComputation.create(settings, verbose=False).run()
        found.min_diagonal_line_length = found.min_vertical_line_length = 2
        return found.recurrence_rate, found.determinism, found.laminarity

    return run


def of_accrqa(first: Array) -> Callable[[], tuple[float, ...]]:
    """Set AccRQA up: one series with itself."""
    import accrqa  # noqa: PLC0415 - a peer

    def run() -> tuple[float, ...]:
        (diagonal, across) = (
            measure(
                first,
                DELAY,
                EMBED,
                2,
                RADIUS,
                accrqa.accrqaDistance("euclidean"),
                calculate_ENTR=True,
                comp_platform=accrqa.accrqaCompPlatform("cpu"),
                tidy_data=False,
            ).ravel()
            for measure in (accrqa.DET, accrqa.LAM)
        )
        return diagonal[4], diagonal[0], across[0]

    return run


PEERS = {"PyRQA": "pyrqa", "AccRQA": "accrqa"}


def named(peer: str) -> str:
    """Return a peer's name with its version, where it is installed."""
    installed = find_spec(PEERS[peer]) is not None
    return f"{peer} {version(PEERS[peer])}" if installed else peer


def absent() -> list[Single]:
    """Name the peers that are not installed."""
    return [
        Single(name=f"{peer}, on a processor", value="absent")
        for peer, module in PEERS.items()
        if find_spec(module) is None
    ]


# What is measured


def compared_and_grown(
    scale: Scale, rounds: int
) -> tuple[list[Comparison], list[Single]]:
    """Measure what shares a process: what is compiled is read once."""
    return compared(scale, rounds), growing(scale, rounds)


def compared(scale: Scale, rounds: int) -> list[Comparison]:
    """Time ours against plain rows and peers; where they differ there is nothing to time."""
    found = []
    for n in scale.sizes:
        first, second = made_up(n)
        tasks: dict[str, Callable[[], Any]] = {
            "ours": lambda a=first, b=second: summed_up(ours(a, b)),
            "with itself": lambda a=first: summed_up(ours(a, a)),
        }
        if n <= scale.n_plain:
            tasks["plain"] = lambda a=first, b=second: by_rows(a, b)
            np.testing.assert_allclose(tasks["ours"](), tasks["plain"](), rtol=1e-12)
        if find_spec("pyrqa") is not None:
            tasks["PyRQA"] = of_pyrqa(first, second)
            np.testing.assert_allclose(tasks["ours"]()[:3], tasks["PyRQA"](), rtol=1e-5)
        if find_spec("accrqa") is not None:
            tasks["AccRQA"] = of_accrqa(first)
            np.testing.assert_allclose(
                tasks["with itself"]()[:3], tasks["AccRQA"](), rtol=1e-12
            )
        few = rounds if n <= scale.n_plain else min(FEW, rounds)
        found += against(n, take_turns(tasks, rounds=few), last=n == scale.sizes[-1])
    return found


def against(
    n: int, times: dict[str, tuple[float, ...]], *, last: bool
) -> list[Comparison]:
    """Pair the times of one size."""
    others = {
        "plain": ("ours", "the same with numpy, row by row"),
        "PyRQA": ("ours", f"{named('PyRQA')}, single precision"),
        "AccRQA": ("with itself", f"{named('AccRQA')}, diagonal lines and the others"),
    }
    return [
        Comparison(
            name=f"{n} samples, {'two series' if ours == 'ours' else 'one with itself'}",
            against=what,
            times_ms=times[ours],
            base_ms=times[key],
            goal=GOALS.get(key) if last else None,
        )
        for key, (ours, what) in others.items()
        if key in times
    ]


def growing(scale: Scale, rounds: int) -> list[Single]:
    """Time several sizes, with a radius and with one to be found, and the cost of a pair."""
    found = []
    series = {n: made_up(n) for n in scale.sizes}
    for what, radius in (("a radius given", RADIUS), ("a radius found", None)):
        times = take_turns(
            {
                str(n): lambda n=n, radius=radius: recurrence(
                    *series[n], embed=EMBED, delay=DELAY, radius=radius
                )
                for n in scale.sizes
            },
            rounds=min(FEW, rounds),
        )
        took = {n: median(times[str(n)]) for n in scale.sizes}
        last = scale.sizes[-1]
        found += [
            Single(
                name=f"{what}, {n} samples",
                value=f"{ms:.3g} ms of the processor ({1e6 * ms / n**2:.3g} ns a pair "
                "of moments)",
                goal="cost a pair of moments as for "
                f"{last}: {ms / n**2 * last**2 / took[last]:.2f} times",
            )
            for n, ms in took.items()
        ]
    return found


def memory(scale: Scale) -> Single:
    """Tell how much memory a long series takes above the interpreter, its radius found."""
    name = f"memory of {scale.n_memory} samples above the interpreter, a radius found"
    if platform.libc_ver()[0] != "glibc":
        return Single(name=name, value="told by Linux with glibc alone")
    most = alone(most_memory, scale.n_memory)
    return Single(
        name=name, value=f"{most:.1f} MB", goal=verdict(most, MEMORY_MB, "MB")
    )


def most_memory(n: int) -> float:
    """Return how much more memory, in MB, this process comes to hold for one series."""
    recurrence(*made_up(1_000), embed=EMBED, delay=DELAY)  # compiled, and read
    series = made_up(n)
    # What was freed is given back, else it would be used again and not seen.
    ctypes.CDLL(None).malloc_trim(0)
    PEAK.write_text("5")  # so that the most that was held is what is held now
    before = most_held()
    recurrence(*series, embed=EMBED, delay=DELAY)
    return most_held() - before


def most_held() -> float:
    """Return the most memory that was held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(s.split()[1]) / 1024 for s in lines if s.startswith("VmHWM:"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of recurrence.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_recurrence(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
