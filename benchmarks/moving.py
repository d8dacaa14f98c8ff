"""How often people who have nothing to do with each other seem to move in step.

    python benchmarks/moving.py                  print the page
    python benchmarks/moving.py --write docs/validation-synchrony.md
    python benchmarks/moving.py --quick          few recordings, wide errors

Recordings are made up (`moving_series`), and the program's own functions are asked
(`moving_trials`). The program states a chance of 1 in 20: for each p of .05, for the band
over all lags, for a session with a moment. The exit code is 1 where unrelated people
exceed that by more than a quarter, where a p is not evenly spread (at .001), or where what
is truly shared is found less often than the least stated below; shares beyond two standard
errors each.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duologue.engine.synchrony.orders import Shuffle
from duologue.engine.synchrony.partners import Statistic
from duologue.engine.synchrony.preparing import SMOOTH_S
from duologue.engine.synchrony.shifts import APART, LONG_ENOUGH, MIN_SHIFTS
from figures_page import machine, page, section, written
from moving_series import Way, World
from moving_trials import (
    N_PERMUTATIONS,
    N_SHIFTS_MOMENTS,
    SEED,
    Embedding,
    Practice,
    Setting,
    by_moments,
    by_partners,
    by_recurrence,
    by_segments,
    by_shifts,
)

STATED, TOLERANCE, UNEVEN = 0.05, 0.25, 0.001
LEAST_PEAK, LEAST_PARTNERS, LEAST_MOMENTS = 0.95, 0.90, 0.70
"""How often what is there is found at the least: a coupling of .3 in one session, the same
over ten pairs or more, and a minute together at .85."""

Floats = NDArray[np.float64]
Trial = Callable[[int], Sequence[float]]
Run = Callable[[Trial, int], Floats]
Rates = list[tuple[str, float, int]]

SLOWLY = Way(cut_hz=0.05)
ORDINARY, SLOW, ARC, TURNS, COUPLED = (
    "ordinary, low-passes from .5 Hz",
    "slow, from .05 Hz",
    "an arc of activity that both share",
    "turns of 10 to 20 s: one moves, the other rests",
    "**coupled**, r = .3 at .6 s",
)
WORLDS = {
    ORDINARY: World(),
    SLOW: World(way=SLOWLY),
    ARC: World(arc=1.0),
    TURNS: World(turns=1.0),
    COUPLED: World(r=0.3),
}
UNRELATED = (ORDINARY, SLOW, ARC)
SHIFTS, BOTH, ONE = "shifts", "segments, both shuffled", "segments, one deranged"
WAYS: dict[str, Callable[[World, Setting, int, int], list[float]]] = {
    SHIFTS: by_shifts,
    BOTH: partial(by_segments, Shuffle.BOTH),
    ONE: partial(by_segments, Shuffle.ONE),
}
"""How chance is made within a session."""

N_DESIGN = 300
DESIGNED = {
    (ORDINARY, SHIFTS): (0.063, 0.047, 0.057, 0.063),
    (ORDINARY, BOTH): (0.047, 0.060, 0.060, 0.057),
    (ORDINARY, ONE): (0.060, 0.063, 0.070, 0.070),
    (SLOW, SHIFTS): (0.060, 0.060, 0.053, 0.060),
    (SLOW, BOTH): (0.077, 0.157, 0.053, 0.070),
    (SLOW, ONE): (0.090, 0.100, 0.067, 0.070),
    (ARC, SHIFTS): (0.057, 0.060, 0.057, 0.073),
    (ARC, BOTH): (0.027, 0.080, 0.057, 0.067),
    (ARC, ONE): (0.057, 0.087, 0.073, 0.067),
    (TURNS, SHIFTS): (0.0, 0.0, 0.0, 0.0),
    (TURNS, BOTH): (0.0, 0.0, 0.0, 0.0),
    (TURNS, ONE): (0.0, 0.0, 0.0, 0.0),
    (COUPLED, SHIFTS): (0.47, 0.43, 0.60, 0.99),
    (COUPLED, BOTH): (0.51, 0.46, 0.57, 0.99),
    (COUPLED, ONE): (0.50, 0.46, 0.63, 1.00),
}
"""The table that the statistic was chosen from, of so many pairs a row: grand mean, mean of
absolute values, without a lag, peak."""

PEAK, ASYMMETRY, BEYOND = 3, 4, 5
"""Places in a row of figures."""

SHORTEST = LONG_ENOUGH * APART * Setting().window_s / 60
SHORT_WINDOWS = {"window_s": 8.0, "step_s": 2.0, "lag_s": 2.0}
MORE: dict[str, tuple[World, dict[str, float]]] = {
    "ordinary, smoothed over .5 s first": (World(), {"smooth_s": SMOOTH_S}),
    "ordinary, 30 min": (World(minutes=30), {}),
    "7.4925 samples a second": (World(), {"rate": 7.4925}),
    f"the shortest session with a p, {SHORTEST:g} min": (World(minutes=SHORTEST), {}),
    "the shortest, slow": (World(minutes=SHORTEST, way=SLOWLY), {}),
    "windows of 8 s, and the shortest session for these": (
        World(minutes=LONG_ENOUGH * APART * SHORT_WINDOWS["window_s"] / 60),
        SHORT_WINDOWS,
    ),
}
"""Where a p must be even as well."""

GAPS = (0.05, 0.1, 0.2)
"""Shares that are missing of each, in different places."""

ALONE = Practice(n_pairs=0)
PRACTICES = {
    "all move alike": ALONE,
    "all move alike, without a lag": replace(ALONE, statistic=Statistic.LAG_ZERO),
    "sessions of 2, 5 and 10 min": replace(ALONE, lengths=(2.0, 5.0, 10.0)),
    "each has an own pace and rhythm in all sessions": replace(ALONE, rhythm=0.3),
}
NOT_SO = "the same, but each session exchanged by itself: not what the program does"
AS_SESSIONS = replace(ALONE, rhythm=0.3, as_one_each=True)
COUPLED_PRACTICES = {
    "coupled, r = .15": replace(ALONE, world=World(r=0.15)),
    "**coupled, r = .3**": replace(ALONE, world=World(r=0.3)),
}

N_DESIGN_MOMENTS, N_DESIGN_FOUND = 200, 60
DESIGNED_MOMENTS = {10.0: 0.05, 15.0: 0.05}
DESIGNED_FOUND = {0.5: 0.05, 0.7: 0.48, 0.85: 0.87}

EMBEDDINGS = {
    "one sample": Embedding(),
    "three, .4 s apart": Embedding(embed=3, delay=2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many recordings or caseloads are made up for each row, and at which rate."""

    rate: float
    within: int
    coupled: int
    segments: int
    gaps: int
    partners: Mapping[int, int]
    moments: Mapping[float, int]
    found: int
    recurrence: int
    workers: int


FULL = Size(
    rate=10.0,
    within=600,
    coupled=200,
    segments=150,
    gaps=120,
    partners={4: 240, 6: 200, 10: 100, 20: 40},
    moments={10.0: 240, 15.0: 200, 60.0: 40},
    found=60,
    recurrence=40,
    workers=os.cpu_count() or 1,
)
QUICK = Size(
    rate=2.0,
    within=4,
    coupled=4,
    segments=2,
    gaps=2,
    partners={4: 2, 6: 2},
    moments={10.0: 2},
    found=1,
    recurrence=1,
    workers=1,
)


@contextmanager
def several(workers: int) -> Iterator[Run]:
    """Give what does trials 0 up to n, and returns a row of each in that order."""
    if workers == 1:
        yield lambda trial, n: np.array([trial(k) for k in range(n)])
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield lambda trial, n: np.array(
            list(pool.map(trial, range(n), chunksize=max(1, n // (8 * workers))))
        )


# Shares and how evenly they are spread ---------------------------------------------------


def share(values: Floats) -> tuple[float, int]:
    """Return how many p of those that are said are .05 or less, and how many are said."""
    said = values[~np.isnan(values)]
    return (float((said <= STATED).mean()) if said.size else np.nan), said.size


def error(value: float, n: int) -> float:
    """Return the binomial standard error of a share."""
    return float(np.sqrt(value * (1 - value) / n))


def with_error(value: float, n: int) -> str:
    """Write a share with its binomial standard error."""
    return f"{value:.3f} ± {error(value, n):.3f}" if n else "not told"


def evenness(values: Floats, *, both_sides: bool = False) -> float:
    """Return the p of a chi-square of ten bins: whether values of p are evenly spread.

    A p of n surrogates takes n + 1 values only, and of both sides every other one: what
    is expected of each bin is counted, not a tenth.
    """
    n = 2 * MIN_SHIFTS + 1
    ranks = np.arange(1, n + 1)
    possible = np.minimum(1, 2 * np.minimum(ranks, n + 1 - ranks) / n)
    expected = np.histogram(possible if both_sides else ranks / n, 10, (0, 1))[0]
    said = values[~np.isnan(values)]
    observed = np.histogram(said, 10, (0, 1))[0]
    if not said.size:
        return np.nan
    return float(stats.chisquare(observed, expected * said.size / n).pvalue)


def failures(rates: Rates) -> list[str]:
    """Name false alarms more than a quarter above what is stated, by two errors or more."""
    return [
        f"{where}: {rate:.3f}"
        for where, rate, n in rates
        if n and rate - 2 * error(rate, n) > (1 + TOLERANCE) * STATED
    ]


def missed(rates: Rates, least: float) -> list[str]:
    """Name what is found less often than that, by two errors or more."""
    return [
        f"{where}: found in {rate:.3f}"
        for where, rate, n in rates
        if n and rate + 2 * error(least, n) < least
    ]


# Within a session -----------------------------------------------------------------------

Within = dict[tuple[str, str], Floats]


def within(size: Size, run: Run) -> Within:
    """Ask of each world, in every way that chance is made."""
    found = {}
    for place, (name, world) in enumerate(WORLDS.items()):
        for way, trial in WAYS.items():
            n = size.within if name in UNRELATED else size.coupled
            n = n if way == SHIFTS else size.segments
            at = Setting(rate=size.rate)
            found[name, way] = run(partial(trial, world, at, place), n)
    return found


def more(size: Size, run: Run) -> dict[str, Floats]:
    """Ask where recordings are not as they should be, or hardly long enough."""
    return {
        name: run(
            partial(
                by_shifts,
                world,
                replace(Setting(rate=size.rate), **changed),
                100 + place,
            ),
            size.within,
        )
        for place, (name, (world, changed)) in enumerate(MORE.items())
    }


def within_section(found: Within) -> tuple[list[str], list[str]]:
    """Set the table that the statistic was chosen from beside what comes out."""
    rows, claims, seen = [], [], []
    for (name, way), figures in found.items():
        cells = []
        for place, of_design in enumerate(DESIGNED[name, way]):
            value, n = share(figures[:, place])
            cells.append(f"{with_error(value, n)} ({of_design:.3f})")
            if name != COUPLED and way == SHIFTS:
                claims.append((f"{name}, {way}, column {place + 1}", value, n))
        if name == COUPLED and way == SHIFTS:
            seen.append((f"{name}, {way}, peak", *share(figures[:, PEAK])))
        rows.append(f"| {name} | {way} | {len(figures)} | {' | '.join(cells)} |")
    columns = (
        "| recordings | chance by | pairs | grand mean | mean of absolute z "
        "| without a lag | **peak of the profile** |"
    )
    wrong = failures(claims) + missed(seen, LEAST_PEAK)
    return section("Within a session", WITHIN_SAID, columns, rows), wrong


def even_section(found: Mapping[str, Floats]) -> tuple[list[str], list[str]]:
    """Say whether values of p are evenly spread, and how often the band is left."""
    rows, claims, wrong = [], [], []
    together = np.concatenate(list(found.values()))
    for name, figures in [*found.items(), ("**all of these**", together)]:
        cells = []
        for place, title in ((PEAK, "peak"), (ASYMMETRY, "asymmetry")):
            value, n = share(figures[:, place])
            even = evenness(figures[:, place], both_sides=place == ASYMMETRY)
            cells += [with_error(value, n), f"{even:.3f}"]
            claims.append((f"{name}, {title}", value, n))
            if even < UNEVEN:
                wrong.append(f"{name}, {title}: not evenly spread, p = {even:.2g}")
        beyond, n = float(figures[:, BEYOND].mean()), len(figures)
        claims.append((f"{name}, band", beyond, n))
        rows.append(f"| {name} | {n} | {' | '.join(cells)} | {with_error(beyond, n)} |")
    columns = (
        "| unrelated recordings | sessions | peak, p <= .05 | even | asymmetry, p <= .05 "
        "| even | any lag above the band |"
    )
    title = "The whole range of p, and the band over all lags"
    return section(title, EVEN_SAID, columns, rows), failures(claims) + wrong


def gaps_section(size: Size, run: Run) -> tuple[list[str], list[str]]:
    """Say what becomes of p, and of what is found, where something is missing."""
    rows, claims = [], []
    at = Setting(rate=size.rate)
    for place, gaps in enumerate(GAPS):
        none, some = (
            run(partial(by_shifts, World(r=r, gaps=gaps), at, 150 + place), size.gaps)
            for r in (0.0, 0.3)
        )
        cells = []
        for column in (PEAK, ASYMMETRY):
            value, n = share(none[:, column])
            cells.append(with_error(value, n))
            claims.append((f"{gaps:g} missing, column {column}", value, n))
        beyond = float(none[:, BEYOND].mean())
        claims.append((f"{gaps:g} missing, band", beyond, len(none)))
        cells += [with_error(beyond, len(none)), f"{np.nanmean(none[:, PEAK]):.2f}"]
        cells.append(with_error(*share(some[:, PEAK])))
        rows.append(f"| {gaps:g} | {' | '.join(cells)} |")
    columns = (
        "| missing of each | unrelated: peak, p <= .05 | asymmetry | any lag above the band "
        "| mean p of the peak | coupled, r = .3: peak |"
    )
    made = section("Where something is missing", GAPS_SAID, columns, rows)
    return made, failures(claims)


# Many sessions --------------------------------------------------------------------------


def partners_of(
    practice: Practice, size: Size, run: Run, place: int
) -> dict[int, Floats]:
    """Ask of caseloads of several sizes."""
    at = Setting(rate=size.rate / 2)
    return {
        n_pairs: run(
            partial(by_partners, replace(practice, n_pairs=n_pairs), at, place), n
        )[:, 0]
        for n_pairs, n in size.partners.items()
    }


def partners_section(size: Size, run: Run) -> tuple[list[str], list[str]]:
    """Measure what partners that are exchanged make of unrelated and of coupled pairs."""
    rows, claims, seen = [], [], []
    kinds = {**PRACTICES, NOT_SO: AS_SESSIONS, **COUPLED_PRACTICES}
    for place, (name, practice) in enumerate(kinds.items()):
        found = partners_of(practice, size, run, 200 + place)
        cells = []
        for n_pairs, values in found.items():
            value, n = share(values)
            cells.append(with_error(value, n))
            if name in PRACTICES:
                claims.append((f"{name}, {n_pairs} pairs", value, n))
            if practice.world.r >= 0.3 and n_pairs >= 10:
                seen.append((f"{name}, {n_pairs} pairs", value, n))
        rows.append(f"| {name} | {' | '.join(cells)} |")
    heads = " | ".join(f"{n} pairs, {of} times" for n, of in size.partners.items())
    made = section("Over many sessions", PARTNERS_SAID, f"| caseload | {heads} |", rows)
    return made, failures(claims) + missed(seen, LEAST_PARTNERS)


# Moments --------------------------------------------------------------------------------


def moments_section(size: Size, run: Run) -> tuple[list[str], list[str]]:
    """Measure how many unrelated sessions have a moment."""
    rows, claims = [], []
    for place, (minutes, n) in enumerate(size.moments.items()):
        at = Setting(rate=size.rate if minutes < 60 else size.rate / 2)
        world = World(minutes=minutes)
        found = run(partial(by_moments, world, at, 300 + place), n)[:, 0]
        value = float(found.mean())
        of_design = DESIGNED_MOMENTS.get(minutes)
        beside = "" if of_design is None else f" ({of_design:.2f})"
        claims.append((f"a moment in {minutes:g} min", value, n))
        rows.append(
            f"| {minutes:g} min, {at.rate:g} samples a second | {n} | {with_error(value, n)}{beside} |"
        )
    columns = "| unrelated recordings | sessions | with a moment |"
    return section("Moments, where there are none", NONE_SAID, columns, rows), failures(
        claims
    )


def found_section(size: Size, run: Run) -> tuple[list[str], list[str]]:
    """Measure how often a minute together is found, and how exactly."""
    rows, seen = [], []
    for place, (r, of_design) in enumerate(DESIGNED_FOUND.items()):
        world = World(r=r, together_s=60.0)
        at = Setting(rate=size.rate)
        figures = run(partial(by_moments, world, at, 400 + place), size.found)
        value, n = float(figures[:, 1].mean()), len(figures)
        there = figures[figures[:, 1] > 0]
        exact = (
            f"{np.median(there[:, 2]):.2f} | {np.median(there[:, 3]):.2f} s "
            f"| {(there[:, 4] > 0).mean():.2f} | {(there[:, 4] < 0).mean():.2f}"
            if len(there)
            else "none | none | none | none"
        )
        elsewhere = with_error(float(figures[:, 5].mean()), n)
        rows.append(
            f"| {r:g} | {with_error(value, n)} ({of_design:.2f}) | {exact} | {elsewhere} |"
        )
        if r == max(DESIGNED_FOUND):
            seen.append((f"a minute together at {r:g}", value, n))
    columns = (
        "| r of the levels | found | share covered, median | lag is off by, median "
        "| right person first | wrong one | a moment elsewhere |"
    )
    made = section("Moments, where there is one", FOUND_SAID, columns, rows)
    return made, missed(seen, LEAST_MOMENTS)


# What recurs ----------------------------------------------------------------------------


def recurrence_section(size: Size, run: Run) -> list[str]:
    """Describe what recurs between unrelated people, and between coupled ones."""
    rows = []
    at = Setting(rate=5.0, smooth_s=SMOOTH_S)
    worlds = {"unrelated": World(minutes=5), "coupled, r = .7": World(minutes=5, r=0.7)}
    for name, world in worlds.items():
        for how, embedding in EMBEDDINGS.items():
            figures = run(
                partial(by_recurrence, world, at, embedding, 500), size.recurrence
            )
            middle = np.median(figures, axis=0)
            cells = " | ".join(f"{value:.2f}" for value in middle[:5])
            rows.append(f"| {name} | {how} | {cells} | {figures[:, 5].mean():.2f} |")
    columns = (
        "| recordings | a state | radius | rate | DET | LAM, first | LAM, second "
        "| largest at the true lag |"
    )
    return section("What recurs", RECURRENCE_SAID, columns, rows)


# The page -------------------------------------------------------------------------------

WITHIN_SAID = (
    "Share of sessions with p of .05 or less, its binomial standard error, and in brackets "
    f"that of the table which the statistic was chosen from ({N_DESIGN} pairs a row, "
    "standard error .013). Ten minutes, windows of 30 s every 10 s, lags up to 5 s, "
    f"{2 * MIN_SHIFTS} surrogates, the fewest that the program takes. Turns hide what people "
    "share: where one moves while the other rests, no p is small. Segment shuffles are there to "
    "compare with earlier work: shifts are what the program goes by, and what is judged. A "
    "share does not hold if it lies more than a quarter above .05, two standard errors taken "
    "off."
)
GAPS_SAID = (
    "In stretches of 1 to 20 s, each person's in their own places, ten minutes as above. "
    "A shift brings other gaps together than the session has, so each surrogate is held "
    "against the session compared on the same samples, and the mean of p is .50. A "
    "session then stands for many that are alike but not equal, p lies nearer to its "
    "mean, and of unrelated people fewer than 1 in 20 have a p of .05; the band over all "
    "lags rests on the surrogates alone, and is wide. Both err on the safe side."
)
EVEN_SAID = (
    "Where nothing is shared, every value of p must come equally often, and 1 session of 20 "
    "have a lag above the band. Even: the p of a chi-square of ten bins over all values of p. "
    "Of the shortest sessions one sample less has no p. Settings as above, unless stated."
)
PARTNERS_SAID = (
    "Share of caseloads with p of .05 or less: real partners beside exchanged ones, one to "
    "three sessions a pair of 5 minutes each unless stated, peak of the profile unless stated, "
    f"{N_PERMUTATIONS} permutations. An own pace and rhythm: low-passes from .1 to .8 Hz and a "
    "sine of 2.5 to 4.3 s with 3 tenths of the variance, drawn for each person, with another "
    "phase in each session. Two people may share theirs by chance, and then in all of their "
    "sessions; whoever exchanges sessions and not people takes that for moving together. Of "
    "4 pairs there are 24 exchanges, and the least p is .04."
)
NONE_SAID = (
    "Share of sessions in which any moment is told, in brackets as the rule was chosen. "
    f"Windows of 10 s every second, lags up to 5 s, {2 * N_SHIFTS_MOMENTS} surrogates, the "
    "fewest that the program takes."
)
FOUND_SAID = (
    "Ten minutes, of which one is shared: found is whatever overlaps it. In brackets as the "
    f"rule was chosen ({N_DESIGN_FOUND} sessions a row). The lag is .4, 1 or 1.8 s to either "
    "side. Right of it, of those found: how much of the minute is told, how far its lag is "
    "off, and how often the right person or the wrong one is said to be first; else neither is. Weak coupling is not seen."
)
RECURRENCE_SAID = (
    "The program gives no p of what recurs: this is what unrelated people give all the same, "
    "medians of sessions of five minutes at 5 samples a second, radius as by default. Rest "
    "matches rest: where both are still much of the time, even a radius of 0 holds far more "
    "than 5 in 100 moments. The last column: how often the largest of the profile of lags up "
    "to 5 s lies within .2 s of the true lag (of unrelated people, of a lag that means "
    "nothing)."
)
LIMITS = [
    "",
    "## Limits",
    "",
    "- The recordings are made up: bursts between rests, no camera, no light, no room.",
    (
        "- What moves in one rhythm throughout cannot be told from chance by shifts, nor by "
        "anything else within one session."
    ),
    "- A rate among unrelated people is not the share of findings that are chance.",
]


def build(size: Size, day: str) -> tuple[str, int]:
    """Run everything; return the page and the exit code."""
    with several(size.workers) as run:
        own = within(size, run)
        alike = {name: own[name, SHIFTS] for name in UNRELATED}
        parts = [
            within_section(own),
            even_section({**alike, **more(size, run)}),
            gaps_section(size, run),
            partners_section(size, run),
            moments_section(size, run),
            found_section(size, run),
        ]
        recurring = recurrence_section(size, run)
    return page(
        "Moving in step: false alarms and what is found",
        "moving",
        run=f"{day} with {machine()}; seed {SEED}; {size.rate:g} samples a second within a "
        f"session unless stated, {size.rate / 2:g} over many.",
        sections=[*(made for made, _ in parts), recurring, LIMITS],
        wrong=[words for _, wrong in parts for words in wrong],
        made_up="recordings",
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command line."""
    return written(
        arguments,
        build,
        full=FULL,
        quick=QUICK,
        description="Measure false alarms of moving in step, and what is found.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
