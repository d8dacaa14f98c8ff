"""How levels and forecasts fare where many answers lie at an end of the scale.

    python benchmarks/near_the_ends.py            print the tables
    python benchmarks/near_the_ends.py --quick    fewer pairs, wider errors

Caseloads are drawn from the population of `recovery_population` with two ratings each,
16 sessions and 15 % of forms missing. Three worlds: five categories, one answer in five
the highest; a slider of 101 answers on whose end one in five lies; a slider whose ends
nobody meets. On each scale a population is learned from some of the pairs, and the others are read.
The exit code is 1 where 90 % intervals of levels, read on the scale that answers were
made on, hold less than 86 or more than 94 of 100 by more than three standard errors.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.answers import Kind, Scale, scale
from duologue.engine.dyad.choosing import Choice, chosen
from duologue.engine.dyad.fitting import fit
from duologue.engine.dyad.forecasts import one_step_ahead
from duologue.engine.dyad.model import of_draws
from duologue.engine.dyad.population import Population, assumed
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.simulate import (
    Simulated,
    World,
    recovery_population,
    simulate,
)

SEED = 20_261_127
N_SESSIONS = 16
ONE_IN_FIVE = 0.8
LEAST, MOST = 0.86, 0.94

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many pairs are learned from and how many are read, and how long chains are."""

    n_learned: int
    n_pairs: int
    n_sweeps: int
    n_burn: int


FULL = Size(n_learned=100, n_pairs=100, n_sweeps=1200, n_burn=400)
QUICK = Size(n_learned=30, n_pairs=12, n_sweeps=150, n_burn=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """Answers with their truth, the ends of their scale, and the scale they came by."""

    drawn: Simulated
    answers: Floats
    after: Floats
    ends: dict[str, object]
    true_kind: Kind
    kinds: tuple[Kind, ...]

    def on(self, kind: Kind) -> Scale:
        """Give the scale of one kind that has these answers."""
        return scale(kind, **self.ends)  # type: ignore[arg-type]


def drawn_in(world: World, size: Size) -> Simulated:
    """Draw pairs to learn from and pairs to read."""
    rng = np.random.default_rng(SEED)
    known = recovery_population()
    return simulate(
        known, size.n_learned + size.n_pairs, N_SESSIONS, rng=rng, world=world
    )


def five_categories(size: Size) -> Caseload:
    """Answer in five categories, one in five the highest."""
    drawn = drawn_in(World(n_categories=5, share_at_ceiling=1 - ONE_IN_FIVE), size)
    high = np.nanmax(drawn.ratings, axis=(0, 1))
    return Caseload(
        drawn=drawn,
        answers=drawn.ratings,
        after=drawn.next_ratings,
        ends={"low": high - 4, "high": high, "n_answers": 5},
        true_kind=Kind.CATEGORIES,
        kinds=(Kind.CONTINUOUS, Kind.CATEGORIES, Kind.LOGIT),
    )


def slider(size: Size, share_below_end: float) -> Caseload:
    """Answer on a slider of ten points whose end this share does not reach."""
    drawn = drawn_in(World(), size)
    every = np.quantile(drawn.ratings[~np.isnan(drawn.ratings)], share_below_end)
    high = np.round(every + (1.0 if share_below_end == 1 else 0.0), 1)
    low = high - 10

    def answered(ratings: Floats) -> Floats:
        return np.asarray(low + np.round(np.clip(ratings, low, high) - low, 1))

    return Caseload(
        drawn=drawn,
        answers=answered(drawn.ratings),
        after=answered(drawn.next_ratings),
        ends={"low": low, "high": high, "n_answers": 101},
        true_kind=Kind.BOUNDED,
        kinds=(Kind.CONTINUOUS, Kind.BOUNDED, Kind.LOGIT),
    )


WORLDS: dict[str, Callable[[Size], Caseload]] = {
    "five categories, one in five the highest": five_categories,
    "slider, one in five at its end": lambda size: slider(size, ONE_IN_FIVE),
    "slider, nobody near an end": lambda size: slider(size, 1.0),
}


def true_population() -> Population:
    """Give the values that all pairs were drawn from."""
    known = recovery_population()
    one = of_draws(known.common, np.newaxis)
    return assumed(known.bB[np.newaxis], one, spread=0.13)


def learned(of: Caseload, kind: Kind, size: Size) -> Population:
    """Learn the population from the first pairs."""
    return fit(
        of.answers[: size.n_learned],
        scale=of.on(kind),
        n_chains=2,
        n_sweeps=size.n_sweeps,
        n_burn=size.n_burn,
        seed=1,
    )


def read(of: Caseload, kind: Kind, population: Population, size: Size) -> list[str]:
    """Read the other pairs: coverage, width and error of levels, and of the next answer."""
    held = slice(size.n_learned, None)
    states = [
        read_pair(y, population, scale=of.on(kind), n_points=64, enough=0)
        for y in of.answers[held]
    ]
    ends = np.stack([state.level_ends for state in states])
    level = np.stack([state.level for state in states])
    truth = of.drawn.levels[held, :-1]
    inside = (ends[..., 0] <= truth) & (truth <= ends[..., 1])
    high = np.broadcast_to(of.on(kind).high, of.answers.shape[-2:])
    at_end = (of.answers[held] >= high - 1e-9).any(axis=-1)
    next_ends = np.stack([state.next_rating_ends for state in states])
    after = of.after[held]
    held_next = (next_ends[..., 0] <= after + 1e-9) & (
        after - 1e-9 <= next_ends[..., 1]
    )
    cells = [
        f"{inside.mean():.3f}",
        f"{inside[at_end].mean():.3f}" if at_end.any() else "",
        f"{np.ptp(ends, axis=-1).mean():.2f}",
        f"{np.sqrt(((level - truth) ** 2).mean()):.3f}",
        f"{(level - truth)[at_end].mean():+.2f}" if at_end.any() else "",
    ]
    if kind is Kind.LOGIT:  # its levels are in stretched points, which have no truth
        cells = [""] * len(cells)
    return [*cells, f"{held_next.mean():.3f}"]


def deviation(of: Caseload, kind: Kind, population: Population, size: Size) -> float:
    """Tell how far the transforms of the next answers lie from uniform, at worst."""
    each = [
        one_step_ahead(y, population, scale=of.on(kind), n_points=16)
        for y in of.answers[size.n_learned :]
    ]
    lower, upper = (
        np.concatenate([getattr(scores, end).ravel() for scores in each])
        for end in ("lower", "upper")
    )
    seen = ~np.isnan(lower)
    u = np.linspace(0, 1, 201)[:, np.newaxis]
    width = np.maximum(upper - lower, 1e-12)[seen]
    shares = np.clip((u - lower[seen]) / width, 0, 1).mean(axis=1)
    return float(np.abs(shares - u[:, 0]).max())


def rows_of(name: str, of: Caseload, size: Size) -> tuple[list[str], list[float]]:
    """Measure one world on all its scales, with the true population and a learned one."""
    populations = {kind: learned(of, kind, size) for kind in of.kinds}
    options = {str(kind): (of.on(kind), populations[kind]) for kind in of.kinds}
    choice = chosen(of.answers[size.n_learned :], options, n_points=16)
    rows, covered = [], []
    for kind in of.kinds:
        for source in ("true", "learned"):
            if source == "true" and kind is Kind.LOGIT:
                continue
            known = true_population() if source == "true" else populations[kind]
            cells = read(of, kind, known, size)
            if kind is of.true_kind:
                covered.append(float(cells[0]))
            gains = told(choice, str(kind)) if source == "learned" else ["", ""]
            cells += [*gains, f"{deviation(of, kind, known, size):.3f}"]
            rows.append(f"| {name} | {kind} | {source} | {' | '.join(cells)} |")
    rows.append(
        f"| {name} | chosen: **{choice.name}** | | | | | | | | {choice.n_answers} answers | | |"
    )
    return rows, covered


def told(choice: Choice, name: str) -> list[str]:
    """Tell how well the next answer was foretold."""
    gain, error = choice.gain[name], choice.gain_error[name]
    shown = f"{round(gain):+d} ({error:.0f})" if error else "0"
    return [shown, f"{choice.crps[name]:.4f}"]


def build(size: Size) -> tuple[str, int]:
    """Write the table; 1 where levels are not covered as they should be."""
    head = (
        "| world | read on | population | levels held | at the end | width | error | "
        "bias at the end | next answer held | log score gained (error) | CRPS | PIT |"
    )
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    slack = 3 * np.sqrt(0.09 / (2 * size.n_pairs))  # as if a person were one answer
    wrong = False
    for name, make in WORLDS.items():
        started = time.process_time()
        rows, covered = rows_of(name, make(size), size)
        lines += rows
        wrong |= any(not LEAST - slack <= share <= MOST + slack for share in covered)
        print(f"{name}: {time.process_time() - started:.0f} s", file=sys.stderr)
    return "\n".join(lines) + "\n", int(wrong)


def main(arguments: Sequence[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure answers near the ends.")
    parser.add_argument("--quick", action="store_true")
    picked = parser.parse_args(arguments)
    table, code = build(QUICK if picked.quick else FULL)
    print(table)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
