"""The page of what was validated of the dyad model, from the figures of finished jobs."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from dyad_app import SCATTERS
from dyad_calibration import N_DRAWS
from dyad_counts import FLAG
from dyad_jobs import (
    COUPLINGS,
    SEED,
    SESSIONS,
    SHUFFLES,
    SPREADS,
    WORLDS,
    Job,
    Settings,
)
from dyad_predictive import LOOKED_AT

Figures = dict[str, Any]
Done = Mapping[str, Figures]
Lines = list[str]

LOWEST, HIGHEST = 0.87, 0.93
FEWEST = 10
"""Caseloads below which nothing is called met or missed."""
FEW = 5
"""Caseloads below which no standard error is shown: it would tell nothing itself."""
MOST_APART = 1e-9
ENOUGH_RANKS = 100
"""Fits from which a chi-square of twenty ranks has five expected in each."""

# What is told, in columns; each may stand for two numbers of a pair.
TOLD = {
    "levels": ("level",),
    "set-points": ("set_point",),
    "couplings": ("B_ct", "B_tc"),
    "inertia": ("B_cc", "B_tt"),
    "balance, raw": ("balance, raw",),
    "balance, standardised": ("balance, standardised",),
    "next level": ("next_level",),
    "next rating": ("next_rating",),
}
WAYS = ("last value", "own mean", "mixed model")
SCORES = ("root mean square error", "CRPS", "log score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share over caseloads, its standard error, and the number of caseloads."""

    value: float
    error: float
    n: int

    @property
    def verdict(self) -> str:
        """Hold it against the bar."""
        if self.n < FEWEST:
            return "open"
        away = max(LOWEST - self.value, self.value - HIGHEST)
        if away <= 0:
            return "met"
        return "missed" if away > 2 * self.error else "open"

    def __str__(self) -> str:
        """Write it with its error, and a mark where it lies outside the bar."""
        if not self.n:
            return "-"
        outside = not LOWEST <= self.value <= HIGHEST
        error = f"{self.error:.3f}" if self.n >= FEW else "few"
        text = f"{self.value:.3f} ({error})"
        return f"**{text}**" if outside else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One thing that was to be reached."""

    name: str
    verdict: str
    measured: str


def share(done: Sequence[Figures], names: Sequence[str]) -> Share:
    """Share of intervals that hold the truth, caseloads being what is independent."""
    each, told, inside = [], 0.0, 0.0
    for figures in done:
        counts = np.sum([figures["pairs"][name] for name in names], axis=0)
        if counts[1]:
            each.append(counts[2] / counts[1])
            told, inside = told + counts[1], inside + counts[2]
    n = len(each)
    error = float(np.std(each, ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    return Share(value=inside / told if told else float("nan"), error=error, n=n)


def of_study(jobs: Sequence[Job], done: Done, study: str, cell: str) -> list[Figures]:
    """Figures of what was done of one cell, without what failed."""
    found = [
        done[job.key]
        for job in jobs
        if job.study == study and job.cell == cell and job.key in done
    ]
    return [figures for figures in found if "failed" not in figures]


def number(jobs: Sequence[Job], done: Done, study: str, cell: str) -> str:
    """Tell how many of how many caseloads of a cell were done."""
    wanted = sum(job.study == study and job.cell == cell for job in jobs)
    return f"{len(of_study(jobs, done, study, cell))} of {wanted}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    """Write a table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def section(title: str, said: str, *tables: Lines) -> Lines:
    """Write a title, what is measured, and its tables."""
    lines = ["", f"## {title}", "", said]
    for each in tables:
        lines += ["", *each]
    return lines


# Exactness


def exactness(jobs: Sequence[Job], done: Done) -> tuple[Lines, list[Bar]]:
    """Write what must be exact."""
    found = of_study(jobs, done, "exactness", "all")
    if not found:
        return [], []
    rows, bars = [], []
    for name, told in found[0].items():
        rows.append([name, told["cases"], f"{told['difference']:.1e}"])
        holds = told["difference"] <= MOST_APART
        bars.append(
            Bar(
                name=f"exactness: {name}",
                verdict="met" if holds else "missed",
                measured=f"{told['difference']:.1e}",
            )
        )
    said = (
        "Largest difference over random courses with blanks, empty sessions and one to "
        "three ratings, and over what was worked beforehand (as many digits as were "
        f"printed). The bar is {MOST_APART:.0e}."
    )
    head = ["what", "cases", "largest difference"]
    return section("Exactness", said, table(head, rows)), bars


# Intervals


def cover_rows(
    jobs: Sequence[Job], done: Done, study: str, cells: Mapping[str, str]
) -> list[list[object]]:
    """Coverage of everything that is told, a row a cell."""
    rows: list[list[object]] = []
    for cell, words in cells.items():
        found = of_study(jobs, done, study, cell)
        shares = [share(found, names) for names in TOLD.values()]
        rows.append([words, number(jobs, done, study, cell), *shares])
    return rows


def gate_rows(
    jobs: Sequence[Job], done: Done, study: str, cells: Mapping[str, str]
) -> list[list[object]]:
    """How often couplings would be told, from how many draws, and which outcomes."""
    rows: list[list[object]] = []
    for cell, words in cells.items():
        found = of_study(jobs, done, study, cell)
        if not found:
            continue
        sound = sum(figures["sound"] for figures in found)
        least = [figures["least_effective"] for figures in found]
        rows.append(
            [
                words,
                f"{sound} of {len(found)}",
                f"{np.median(least):.0f}",
                f"{max(figures['r_hat'] for figures in found):.3f}",
                *said_rightly(found),
                *(mean_of(found, f"b{name}") for name in COUPLINGS),
            ]
        )
    return rows


GATE_HEAD = (
    "caseload", "couplings may be told", "draws, median", "R-hat, worst",
    "outcomes said", "right", "bB_cc", "bB_ct", "bB_tc", "bB_tt",
)  # fmt: skip


def mean_of(found: Sequence[Figures], name: str) -> str:
    """Mean over caseloads of a posterior mean, and how often its interval holds."""
    values = [figures["in_common"][name] for figures in found]
    holds = sum(value[2] for value in values)
    return f"{np.mean([value[0] for value in values]):.3f}; {holds} of {len(values)}"


def coverage(jobs: Sequence[Job], done: Done) -> tuple[Lines, list[Bar]]:
    """Write coverage where the model is right."""
    cells = {str(n): f"{n} sessions" for n in SESSIONS}
    rows = cover_rows(jobs, done, "coverage", cells)
    bars = [
        Bar(name=f"{row[0]}: {name}", verdict=cell.verdict, measured=str(cell))
        for row in rows
        for name, cell in zip(TOLD, row[2:], strict=True)
        if isinstance(cell, Share) and cell.n
    ]
    said = (
        "Share of 90 % intervals that hold the truth, and in brackets its standard error "
        "over caseloads (“few”: fewer than five); **outside .87 to .93** in bold. The pairs of one caseload share "
        "the error of its population, so the caseload is the unit. Couplings are those "
        "between the two people, inertia what each keeps. Drawn from the model: 15 % of "
        "forms missing at random, two ratings each. Couplings are shown here even where "
        "the program would withhold them (next table)."
    )
    gates = (
        "How often the chains met what the program asks for before it tells any coupling "
        "(R-hat 1.01 or less, 100 effective draws of each mean coupling); outcomes of "
        "the balance that would be said if they had; and mean couplings: the mean over "
        "caseloads (truth .55, .20, .10, .60), and how many 90 % intervals hold the truth."
    )
    lines = section(
        "Intervals where the model is right",
        said,
        table(["sessions", "caseloads", *TOLD], rows),
        [gates],
        table(GATE_HEAD, gate_rows(jobs, done, "coverage", cells)),
    )
    return lines, bars


def readings(jobs: Sequence[Job], done: Done) -> tuple[Lines, list[Bar]]:
    """Write coverage where nothing is learned: the population known, or shipped."""
    cells = {str(n): f"{n} sessions" for n in SESSIONS}
    exact = cover_rows(jobs, done, "known", cells)
    bars = [
        Bar(
            name=f"population known, {row[0]}: {name}",
            verdict=cell.verdict,
            measured=str(cell),
        )
        for row in exact
        for name, cell in zip(TOLD, row[2:], strict=True)
        if isinstance(cell, Share) and cell.n
    ]
    said = (
        "The reading by itself: couplings spread over pairs by .15 as is taken to be, and "
        "everything that pairs have in common known."
    )
    then = (
        "The same pairs as above read against what the program assumes, which knows "
        "nothing of them; wide intervals hold too often. "
        "In the last two columns outcomes of the balance that were said, and right ones."
    )
    head = ["sessions", "caseloads", *TOLD]
    rows = [
        [*row, *said_rightly(of_study(jobs, done, "shipped", cell))]
        for cell, row in zip(
            cells, cover_rows(jobs, done, "shipped", cells), strict=True
        )
    ]
    lines = section(
        "Intervals where nothing is learned",
        said,
        table(head, exact),
        [then],
        table([*head, "outcomes", "right"], rows),
    )
    return lines, bars


def scattered(jobs: Sequence[Job], done: Done) -> Lines:
    """Write how the assumed values do for people whose answers scatter otherwise."""
    rows: list[list[object]] = []
    for cell in SCATTERS:
        found = of_study(jobs, done, "scatter", cell)
        if not found:
            continue
        levels = share(found, ("level",))
        _, told, _, width, *_ = np.sum([f["pairs"]["level"] for f in found], axis=0)
        steps, false, _, _ = np.sum([f["quiet"] for f in found], axis=0)
        _, flagged, shocks, right = np.sum([f["shocked"] for f in found], axis=0)
        rows.append(
            [
                cell,
                number(jobs, done, "scatter", cell),
                levels,
                f"{10 * width / told:.0f}",
                share(found, ("next_rating",)),
                f"{false} of {steps}",
                f"{right} of {flagged}",
                f"{right} of {shocks}",
            ]
        )
    said = (
        "Pairs as a page reads them: one slider answer a session, against what the program "
        "assumes, weighed by the pair's own answers. In points of 100: how far answers lie "
        "from levels, and what a session brings (the program expects 7 and 5.5, times or by "
        "1.9). Width is that of a level's interval. Both quieter is said "
        f"above a probability of {FLAG}: how often where nothing happened, how many of "
        "those said were sessions in which both were suddenly 12 points less open, and how "
        "many of these were found."
    )
    head = (
        "scatter and news", "caseloads", "levels", "width", "next answer",
        "said of nothing", "said rightly", "found",
    )  # fmt: skip
    return section("As a page reads a pair", said, table(head, rows))


def said_rightly(found: Sequence[Figures]) -> tuple[str, str]:
    """Write how many pairs got an outcome, and how many a right one."""
    if not found:
        return "-", "-"
    pairs, said, right = np.sum([figures["outcomes"] for figures in found], axis=0)
    return f"{said} of {pairs}", f"{right} of {said}"


def drawn(jobs: Sequence[Job], done: Done) -> dict[str, list[Share]]:
    """Shares that the picture shows, by caseload; the first are those of the model."""
    cells = [("coverage", str(n), f"{n} sessions") for n in SESSIONS]
    cells += [("world", name, name) for name in WORLDS]
    return {
        words: [
            share(of_study(jobs, done, study, cell), names) for names in TOLD.values()
        ]
        for study, cell, words in cells
    }


def worlds(jobs: Sequence[Job], done: Done) -> Lines:
    """Write coverage where the model is wrong, worst cells in words."""
    cells = dict(zip(WORLDS, WORLDS, strict=True))
    rows = cover_rows(jobs, done, "world", cells)
    worst = sorted(
        (
            (cell.value, f"{name} in “{row[0]}”: {cell.value:.3f}")
            for row in rows
            for name, cell in zip(TOLD, row[2:], strict=True)
            if isinstance(cell, Share) and cell.n and cell.value < LOWEST
        ),
    )
    words = "; ".join(text for _, text in worst[:6]) or "none below .87"
    said = (
        "The same for worlds that the model does not describe, 16 sessions each: ratings "
        "of five points with a fifth in the highest; forms the likelier missing the less "
        "open a person is; set-points that rise by .05 a session (what is asked for is "
        "the last session's); 5 % of sessions in which both are suddenly 1.2 less open; "
        "sessions half, one or two usual gaps apart, read as if even."
    )
    return section(
        "Intervals where the model is wrong",
        said,
        table(["world", "caseloads", *TOLD], rows),
        [f"Worst: {words}."],
        table(GATE_HEAD, gate_rows(jobs, done, "world", cells)),
    )


def flags(jobs: Sequence[Job], done: Done) -> Lines:
    """Write how often both are said to be quieter."""
    rows = []
    for study, cells in (("coverage", map(str, SESSIONS)), ("world", WORLDS)):
        for cell in cells:
            found = of_study(jobs, done, study, cell)
            if found:
                steps, flagged, shocks, right = np.sum(
                    [figures["flags"] for figures in found], axis=0
                )
                words = f"{cell} sessions" if study == "coverage" else cell
                rows.append(
                    [words, steps, f"{flagged} ({flagged / steps:.2%})", shocks, right]
                )
    said = (
        "Steps in which both are quieter than foretold with a probability above .8, and "
        "how many of those were shared shocks."
    )
    head = ["caseload", "steps", "flagged", "shared shocks", "flagged and a shock"]
    return section("Both quieter", said, table(head, rows))


# Forecasts


def forecast_rows(
    jobs: Sequence[Job], done: Done
) -> tuple[list[list[object]], list[Bar]]:
    """Scores of the model and of plainer ways, a row a cell and a score."""
    rows: list[list[object]] = []
    bars = []
    cells = [("coverage", str(n), f"{n} sessions") for n in SESSIONS]
    cells += [("world", name, name) for name in WORLDS]
    for study, cell, words in cells:
        found = [figures["forecasts"] for figures in of_study(jobs, done, study, cell)]
        if not found:
            continue
        n = sum(each["n"] for each in found)
        means = {
            way: np.sum([each[way] for each in found], axis=0) / n
            for way in ("model", *WAYS)
        }
        for score, name in enumerate(SCORES):
            values = [
                float(np.sqrt(mean[0]) if score == 0 else mean[score])
                for mean in means.values()
            ]
            rows.append([words, n, name, *(f"{value:.3f}" for value in values)])
            if study == "coverage":
                better = values[0] < min(values[1:])
                verdict = "open" if len(found) < FEWEST else "missed"
                bars.append(
                    Bar(
                        name=f"{words}: forecast by {name} better than the others",
                        verdict="met" if better and len(found) >= FEWEST else verdict,
                        measured=", ".join(f"{value:.3f}" for value in values),
                    )
                )
    return rows, bars


def forecasts(jobs: Sequence[Job], done: Done) -> tuple[Lines, list[Bar]]:
    """Write how well the session after the last is foretold."""
    rows, bars = forecast_rows(jobs, done)
    said = (
        "All ratings of the session after the last, which nobody had seen; smaller is "
        "better. The mixed model is a regression of each rating on both people's last "
        "one with a random intercept of each pair; every way gives a normal distribution. "
        "Ratings of people who never answered are left out."
    )
    head = ["caseload", "ratings", "score", "model", *WAYS]
    return section("The next session foretold", said, table(head, rows)), bars


# Predictive checks


def predictive(jobs: Sequence[Job], done: Done) -> Lines:
    """Write whether what the population would bring forth looks like the caseload."""
    rows = []
    for study, cells in (("coverage", map(str, SESSIONS)), ("world", WORLDS)):
        for cell in cells:
            found = of_study(jobs, done, study, cell)
            if found:
                words = f"{cell} sessions" if study == "coverage" else cell
                values = [[f["predictive"][name] for f in found] for name in LOOKED_AT]
                rows.append([words, len(found), *(spread(each) for each in values)])
    said = (
        "Share of caseloads brought forth by the learned population that lie above the "
        "one it was learned from: the median, and in brackets how many caseloads lie "
        "outside .01 to .99, of which the model right should leave few."
    )
    return section(
        "What the population brings forth",
        said,
        table(["caseload", "caseloads", *LOOKED_AT], rows),
    )


def spread(values: Sequence[float]) -> str:
    """Write a median, and how many are extreme."""
    extreme = sum(not 0.01 <= value <= 0.99 for value in values)
    return f"{np.median(values):.2f} ({extreme})"


# Partners who never met


def shuffled(jobs: Sequence[Job], done: Done, settings: Settings) -> Lines:
    """Write what is found between partners who never met."""
    rows: list[list[object]] = []
    for cell in SHUFFLES:
        found = of_study(jobs, done, "shuffled", cell)
        if not found:
            continue
        n_pairs = sum(figures["n_pairs"] for figures in found)
        ct, tc = np.sum([figures["beyond_nothing"] for figures in found], axis=0)
        steps, flagged = np.sum([figures["flags"] for figures in found], axis=0)
        rows.append(
            [
                cell,
                number(jobs, done, "shuffled", cell),
                *(interval(found, name) for name in ("bB_ct", "bB_tc", "Q_ct")),
                f"{ct / n_pairs:.1%}",
                f"{tc / n_pairs:.1%}",
                f"{flagged / steps:.2%}",
            ]
        )
    said = (
        f"{settings.n_null_pairs} pairs of {settings.n_null_sessions} sessions; shuffled, "
        "each client stands beside the next pair's therapist. The mean over caseloads of "
        "the mean couplings between the two and of what innovations share, and in "
        "brackets their mean 90 % interval; the share of pairs whose own interval does "
        "not hold 0; and the share of steps in which both are said to be quieter. All "
        "pairs rise from a low start, which looks like influence. Taken out: from each "
        "rating the caseload's mean at that session."
    )
    head = (
        "partners", "caseloads", "bB_ct", "bB_tc", "Q_ct", "pairs: B_ct not 0",
        "pairs: B_tc not 0", "both quieter",
    )  # fmt: skip
    return section("Partners who never met", said, table(head, rows))


def interval(found: Sequence[Figures], name: str) -> str:
    """Write the mean of means and of both ends."""
    rows = np.array([figures["in_common"][name] for figures in found], dtype=float)
    mean, _, _, low, high = rows.mean(axis=0)
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


# Spread of couplings


def spreads(jobs: Sequence[Job], done: Done) -> Lines:
    """Write what rests on the spread of couplings that is held."""
    cells = {f"{spread:.2f}": f"{spread:.2f}" for spread in SPREADS}
    rows = cover_rows(jobs, done, "spread", cells)
    gates = gate_rows(jobs, done, "spread", cells)
    middle = {"16": "0.15"}
    rows.insert(1, cover_rows(jobs, done, "coverage", middle)[0])
    gates[1:1] = gate_rows(jobs, done, "coverage", middle)
    said = (
        "16 sessions; the truth is .15. The caseloads are the same at each spread, as far "
        "as they were done."
    )
    return section(
        "How much couplings are taken to differ over pairs",
        said,
        table(["spread", "caseloads", *TOLD], rows),
        table(GATE_HEAD, gates),
    )


# Calibration


def calibration(jobs: Sequence[Job], done: Done) -> tuple[Lines, list[Bar]]:
    """Write whether ranks of the truth are uniform."""
    found = of_study(jobs, done, "calibration", "all")
    wanted = sum(job.study == "calibration" for job in jobs)
    rows, bars = [], []
    names = list(found[0]["ranks"]) if found else []
    for name in names:
        ranks = np.array([figures["ranks"][name] for figures in found])
        away, band = uneven(ranks), 1.628 / np.sqrt(len(ranks))
        p = chi_square(ranks)
        rows.append([name, f"{ranks.mean():.1f}", f"{away:.3f}", f"{band:.3f}", p])
    sound = sum(figures["sound"] for figures in found)
    if found:
        bars.append(calibration_bar(rows, len(found), wanted))
    said = (
        f"{len(found)} of {wanted} fits of caseloads whose every value was drawn from the "
        f"prior; {sound} of them met the gates. Where the program is right, the truth's "
        f"rank among {N_DRAWS} draws is uniform (mean {N_DRAWS / 2}); the largest "
        "deviation of its distribution stays within the 99 % band. The p of a "
        f"chi-square is given from {ENOUGH_RANKS} fits on, and .01 or less counts as "
        "missed: with so many numbers one does by chance in one table of five. B, mu and x "
        "are the first pair's couplings, set-point and last level."
    )
    head = ["number", "mean rank", "largest deviation", "99 % band", "p"]
    return section("Calibration by simulation", said, table(head, rows)), bars


def uneven(ranks: NDArray[np.int64]) -> float:
    """Largest deviation of the distribution of ranks from the uniform one."""
    at = np.arange(N_DRAWS + 1)
    reached = np.mean(ranks[:, None] <= at, axis=0)
    return float(np.abs(reached - (at + 1) / (N_DRAWS + 1)).max())


def chi_square(ranks: NDArray[np.int64]) -> str:
    """Write the p of a chi-square, where there are ranks enough."""
    if len(ranks) < ENOUGH_RANKS:
        return "-"
    return f"{chisquare(np.bincount(ranks, minlength=N_DRAWS + 1)).pvalue:.3f}"


def calibration_bar(rows: Sequence[Sequence[str]], n: int, wanted: int) -> Bar:
    """Hold every number's ranks against the band and the chi-square."""
    out = [
        row[0]
        for row in rows
        if row[2] > row[3] or (row[4] != "-" and row[4] <= "0.010")
    ]
    verdict = "met" if not out else "missed"
    return Bar(
        name="calibration: ranks uniform",
        verdict=verdict if n >= min(wanted, ENOUGH_RANKS) else "open",
        measured=f"{n} of {wanted} fits; outside: {', '.join(out) or 'none'}",
    )


# The page


def build(
    jobs: Sequence[Job], done: Done, settings: Settings, date: str, picture: str = ""
) -> tuple[str, int]:
    """Write the page, with a picture of this name; 1 where a bar is missed."""
    exact, bars = exactness(jobs, done)
    cover, of_cover = coverage(jobs, done)
    read, of_read = readings(jobs, done)
    next_session, of_next = forecasts(jobs, done)
    ranks, of_ranks = calibration(jobs, done)
    bars = [*bars, *of_cover, *of_read, *of_next, *of_ranks]
    n_done = sum(job.key in done for job in jobs)
    failed = [key for key, figures in done.items() if "failed" in figures]
    lines = [
        "# The dyad model: whether what it says holds",
        "",
        "<!-- Written by benchmarks/dyad.py; do not edit by hand. -->",
        "",
        (
            f"Run on {date} with Python {platform.python_version()}, numpy "
            f"{np.__version__}; seed {SEED}. {n_done} of {len(jobs)} caseloads were done, "
            f"{len(failed)} of them refused by the program; every table says how many of "
            f"its own. Caseloads of {settings.n_pairs} pairs unless stated, "
            f"{settings.n_chains} chains of {settings.n_sweeps} sweeps with "
            f"{settings.n_burn} of them to warm up, {settings.n_draws} draws carried into "
            "each pair. All answers are made up: nothing here tells how well the model "
            "fits anybody."
        ),
        *verdicts(bars),
        *(["", f"![How often intervals hold the truth]({picture})"] if picture else []),
        *exact,
        *cover,
        *read,
        *scattered(jobs, done),
        *worlds(jobs, done),
        *flags(jobs, done),
        *next_session,
        *predictive(jobs, done),
        *shuffled(jobs, done, settings),
        *spreads(jobs, done),
        *ranks,
    ]
    missed = any(bar.verdict == "missed" for bar in bars)
    return "\n".join(lines) + "\n", int(missed)


def verdicts(bars: Sequence[Bar]) -> Lines:
    """Write what was reached, what was not, and what is open."""
    said = (
        "Met or missed from ten caseloads on, missed where it lies outside by more than "
        "two standard errors; otherwise open. What is met needs no line of its own."
    )
    counts = [
        f"{sum(bar.verdict == verdict for bar in bars)} {verdict}"
        for verdict in ("met", "missed", "open")
    ]
    rows = [
        [bar.name, bar.verdict, bar.measured] for bar in bars if bar.verdict != "met"
    ]
    return section(
        "What holds",
        f"{said} {', '.join(counts)}.",
        table(["what was to be reached", "verdict", "measured"], rows),
    )
