"""How often intervals over a caseload hold the truth, and what is claimed of nothing.

    python benchmarks/caseload_views.py                 print the page
    python benchmarks/caseload_views.py --write docs/validation-two-views.md
    python benchmarks/caseload_views.py --quick         fewer caseloads, wider errors

The caseloads are made up, and the methods are the program's own functions. The exit code
is 1 where an interval of 95 % holds the truth in less than 91 of 100 caseloads, by more
than three standard errors, or where agreement is claimed of a surface without it in more
than 5 of 100.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from duologue.engine.estimates import Estimate
from duologue.engine.response_surface import Claim, Surface, response_surface
from duologue.engine.truth_and_bias import TruthAndBias, truth_and_bias
from figures_page import machine, outside, page, section, written

SEED = 20_261_127
LEAST = 0.91
MOST_CLAIMS = 0.05
failures = partial(outside, most=MOST_CLAIMS, least=LEAST)
GAP, TRACKING, SPREAD, PROJECTION, OWN_BETWEEN = -5.0, 0.4, 0.2, 0.3, 0.2
SIZES = ((10, 6), (10, 20), (30, 6), (30, 20), (100, 20))
RHOS = (0.0, 0.5)

SURFACES = {
    "a ridge along agreement": ((0, 0, 0, -0.5, 1.0, -0.5), True),
    "a rising ridge": ((0, 0.4, 0.4, -0.4, 0.8, -0.4), True),
    "a plane (two levels, no meeting)": ((0, 0.5, 0.2, 0, 0, 0), False),
    "nothing at all": ((0, 0, 0, 0, 0, 0), False),
    "a round dome (a4 below 0)": ((0, 0, 0, -0.5, 0, -0.5), False),
    "a ridge beside agreement": ((0, 0.6, -0.6, -0.5, 1.0, -0.5), False),
    "a ridge turned by 20 degrees": ((0, 0, 0, -0.82, 0.766, -0.18), False),
    "a valley": ((0, 0, 0, 0.5, -1.0, 0.5), False),
}
VIEW_COLUMNS = (
    "| pairs x sessions | autocorrelation | gap | tracking | projection | between | "
    "own, between | told | its spread |"
)
CLUSTER_COLUMNS = "| therapists x clients | labelled | gap | tracking |"
COVER_COLUMNS = "| surface | pairs x sessions | a1 | a2 | a3 | a4 | a5 | turn |"
CLAIM_COLUMNS = (
    "| surface | pairs x sessions | agreement matters | strict | broad | "
    "checklist alone | a4 alone |"
)
CLUSTERS = ((10, 10), (20, 5))
SURFACE_SIZES = ((30, 12), (100, 12), (200, 1))

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is simulated."""

    views: int
    surfaces: int


FULL = Size(views=1000, surfaces=300)
QUICK = Size(views=8, surfaces=5)


def series(rng: np.random.Generator, shape: tuple[int, int], rho: float) -> Array:
    """Autoregressive series of order 1 with variance 1."""
    new = rng.normal(size=(shape[0], shape[1] + 50)) * np.sqrt(1 - rho**2)
    kept: Array = lfilter([1], [1, -rho], new, axis=1)[:, 50:]
    return kept


def views(
    rng: np.random.Generator, n_pairs: int, n_sessions: int, rho: float
) -> tuple[Array, Array, Array]:
    """Judgement, truth and own rating; 15 % of the first two blank."""
    shape = (n_pairs, n_sessions)
    level, own_level = rng.normal(0, 10, (n_pairs, 1)), rng.normal(0, 8, (n_pairs, 1))
    moves, own = 8 * series(rng, shape, rho), 5 * series(rng, shape, rho)
    slope = TRACKING + SPREAD * rng.normal(size=(n_pairs, 1))
    judgement = 60 + GAP + 0.6 * level + 4 * rng.normal(size=(n_pairs, 1))
    judgement = judgement + slope * moves + PROJECTION * own + OWN_BETWEEN * own_level
    judgement += 8 * series(rng, shape, rho)
    truth = 60 + level + moves
    for table in (judgement, truth):
        table[rng.random(shape) < 0.15] = np.nan
    return judgement, truth, own_level + own


def covered(
    estimates: Sequence[Estimate], truth: float, *, turns: bool = False
) -> float:
    """Share of intervals that hold the truth; those that tell nothing are left out.

    A line turned by half a circle is the same line.
    """
    told = [estimate for estimate in estimates if estimate.told]
    same = (truth - 180, truth, truth + 180) if turns else (truth,)
    held = [any(e.holds(number) for number in same) for e in told]
    return float(np.mean(held)) if told else float("nan")


def width(estimates: Iterable[Estimate]) -> float:
    """Median width of intervals."""
    told = [e.upper - e.lower for e in estimates if e.told]
    return float(np.median(told)) if told else float("nan")


def view_rows(size: Size) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Coverage of every estimate of truth and bias."""
    rows, all_rates = [], []
    for n_pairs, n_sessions in SIZES:
        for rho in RHOS:
            rng = np.random.default_rng([SEED, n_pairs, n_sessions, int(10 * rho)])
            found = [
                truth_and_bias(j, t, own=o)
                for j, t, o in (
                    views(rng, n_pairs, n_sessions, rho) for _ in range(size.views)
                )
            ]
            rates = view_rates(found)
            where = f"{n_pairs} x {n_sessions}, {rho}"
            all_rates += [(where, rate, size.views) for rate, _ in rates]
            spread = np.median([f.tracking_spread for f in found if f.tracking.told])
            told = np.mean([f.tracking.told for f in found])
            cells = " | ".join(f"{rate:.3f} ({wide:.2f})" for rate, wide in rates)
            rows.append(
                f"| {n_pairs} x {n_sessions} | {rho} | {cells} | {told:.2f} | "
                f"{spread:.2f} |"
            )
    return rows, all_rates


def cluster_rows(n: int) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Measure coverage where half of what pairs differ in is their therapist's."""
    rows, rates = [], []
    for n_clusters, n_each in CLUSTERS:
        rng = np.random.default_rng([SEED, n_clusters, n_each])
        codes = np.repeat(np.arange(n_clusters), n_each)
        plain, labelled = [], []
        for _ in range(n):
            judgement, truth = clustered(rng, codes)
            plain.append(truth_and_bias(judgement, truth))
            labelled.append(truth_and_bias(judgement, truth, clusters=codes))
        where = f"{n_clusters} x {n_each}"
        for name, found in (("no", plain), ("yes", labelled)):
            shares = [
                covered([getattr(f, k) for f in found], v)
                for k, v in (("gap", GAP), ("tracking", TRACKING))
            ]
            rows.append(f"| {where} | {name} | {shares[0]:.3f} | {shares[1]:.3f} |")
            if name == "yes":
                rates += [(where, share, n) for share in shares]
    return rows, rates


def clustered(
    rng: np.random.Generator, codes: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Judgement and truth of 12 sessions; therapists differ as much as their pairs."""
    n, half = codes.size, np.sqrt(0.5)
    own = half * rng.normal(size=(n, 2)) + half * rng.normal(size=(n, 2))[codes]
    moves = 8 * series(rng, (n, 12), 0.3)
    slope = TRACKING + SPREAD * own[:, :1]
    noise = 8 * series(rng, (n, 12), 0.3)
    return 60 + GAP + 5 * own[:, 1:] + slope * moves + noise, 60 + moves


def view_rates(found: Sequence[TruthAndBias]) -> list[tuple[float, float]]:
    """Coverage and width; the slope between means is held against its own mean."""
    between = float(np.mean([f.between.value for f in found]))
    columns = {
        "gap": ([f.gap for f in found], GAP),
        "tracking": ([f.tracking for f in found], TRACKING),
        "projection": ([f.projection for f in found if f.projection], PROJECTION),
        "between": ([f.between for f in found], between),
        "own": ([f.between_projection for f in found if f.between_projection], 0.2),
    }
    return [
        (covered(estimates, truth), width(estimates))
        for estimates, truth in columns.values()
    ]


def surface_caseload(
    rng: np.random.Generator, n_pairs: int, n_sessions: int, b: Sequence[float]
) -> tuple[Array, Array, Array]:
    """Two related views and an outcome whose spread grows with the gap."""
    level = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n_pairs)
    shape = (n_pairs, n_sessions)
    x = level[:, :1] + 0.7 * rng.normal(size=shape)
    y = level[:, 1:] + 0.7 * rng.normal(size=shape)
    z = b[0] + b[1] * x + b[2] * y + b[3] * x * x + b[4] * x * y + b[5] * y * y
    noise = rng.normal(size=shape) * (1 + 0.3 * np.abs(x - y))
    return x, y, z + noise + rng.normal(size=(n_pairs, 1))


def surface_truth(b: Sequence[float]) -> dict[str, float]:
    """Return what the estimates should be, by the formulas of Edwards and Parry."""
    _, b1, b2, b3, b4, b5 = b
    truth = {
        "a1": b1 + b2,
        "a2": b3 + b4 + b5,
        "a3": b1 - b2,
        "a4": b3 - b4 + b5,
        "a5": b3 - b5,
    }
    if b4:
        truth["turn"] = float(np.degrees(np.arctan2(b4, b3 - b5)) / 2 - 45)
    return truth


def surface_rows(
    size: Size,
) -> tuple[list[str], list[str], list[tuple[str, float, int]]]:
    """Coverage of every surface, and what was claimed of it."""
    covers, claims, rates = [], [], []
    for i, (name, (b, agree)) in enumerate(SURFACES.items()):
        for n_pairs, n_sessions in SURFACE_SIZES:
            rng = np.random.default_rng([SEED, n_pairs, i])
            found = [
                response_surface(
                    *surface_caseload(rng, n_pairs, n_sessions, b),
                    centre=0,
                    n_draws=499,
                )
                for _ in range(size.surfaces)
            ]
            where = f"{name} | {n_pairs} x {n_sessions}"
            truth = surface_truth(b)
            shares = {
                k: covered([getattr(f, k) for f in found], v, turns=k == "turn")
                for k, v in truth.items()
            }
            rates += [(where, share, size.surfaces) for share in shares.values()]
            covers.append(f"| {where} | {cells(shares)} |")
            said = said_of(found)
            claims.append(f"| {where} | {'yes' if agree else 'no'} | {said[0]} |")
            if not agree:
                rates.append((f"claim: {where}", said[1], size.surfaces))
    return covers, claims, rates


def cells(shares: dict[str, float]) -> str:
    """One cell for each estimate; a dash where the surface has no axis."""
    names = ("a1", "a2", "a3", "a4", "a5", "turn")
    return " | ".join(f"{shares[n]:.3f}" if n in shares else "-" for n in names)


def said_of(found: Sequence[Surface]) -> tuple[str, float]:
    """Return shares of each claim, of the checklist alone, of a4 alone, and the sum."""
    counts = Counter(f.claim for f in found)
    n = len(found)
    claims = [counts[c] / n for c in (Claim.STRICT, Claim.BROAD)]
    listed = np.mean([on_the_checklist(f) for f in found])
    arch = np.mean([f.a4.upper < 0 for f in found])
    text = " | ".join(f"{share:.3f}" for share in [*claims, listed, arch])
    return text, sum(claims)


def on_the_checklist(found: Surface) -> bool:
    """Say whether the published checklist holds, however uncertain the axis is."""
    arch = found.a4.upper < 0 and found.a3.holds(0)
    return arch and found.turn.holds(0) and found.shift.holds(0)


VIEWS_SAID = (
    "Share of 95 % intervals that hold the truth, and in brackets their median width. "
    f"Gap {GAP}, tracking {TRACKING} with a spread of {SPREAD} between pairs, projection "
    f"{PROJECTION}; 15 % of answers blank; what remains of a judgement has the same "
    "autocorrelation as the truth. The slope between pairs' means is held against the "
    "mean of all its estimates. The last two columns: the share of caseloads in which "
    "tracking could be told at all, and the median of its spread as estimated."
)
CLUSTERS_SAID = (
    "The same where half of the variance between pairs, in gap and in tracking, is their "
    "therapist's: whether pairs are taken for independent, or therapists are the unit."
)
SURFACES_SAID = (
    "Share of 95 % intervals that hold the truth. The spread of the outcome grows with "
    "the gap, and pairs have levels of their own."
)
CLAIMS_SAID = (
    "The last two columns are no claims of the program: how often the published checklist "
    "holds, which a round dome meets because the direction of its axis is unknown, and "
    "how often the interval of a4 lies below 0, which alone is often taken for a sign of "
    "agreement."
)


def build(size: Size, date: str) -> tuple[str, int]:
    """Write the page; 1 where something does not hold."""
    view_table, view_all = view_rows(size)
    covers, claims, surface_all = surface_rows(size)
    clusters, cluster_all = cluster_rows(size.views)
    wrong = failures([*view_all, *cluster_all, *surface_all])
    sections = [
        section("Truth and bias", VIEWS_SAID, VIEW_COLUMNS, view_table),
        section("Clients of one therapist", CLUSTERS_SAID, CLUSTER_COLUMNS, clusters),
        section("Surfaces: intervals", SURFACES_SAID, COVER_COLUMNS, covers),
        section("Surfaces: what is claimed", CLAIMS_SAID, CLAIM_COLUMNS, claims),
    ]
    return page(
        "Two views over a caseload: how often intervals hold",
        "caseload_views",
        run=f"{date} with {machine()}; seed {SEED}; {size.views} caseloads a row of the "
        f"first table, {size.surfaces} of the others.",
        sections=sections,
        wrong=wrong,
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command line."""
    return written(
        arguments,
        build,
        full=FULL,
        quick=QUICK,
        description="Measure intervals over a caseload.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
