"""How often holding back is found to go together: when it does not, and when it does.

    python benchmarks/caseload_unsaid.py                print the page
    python benchmarks/caseload_unsaid.py --write docs/validation-unsaid.md
    python benchmarks/caseload_unsaid.py --quick        fewer studies, wider errors

The caseloads are made up (`duologue.engine.unsaid_power`). The exit code is 1 where
nothing goes together and yet more than 6 of 100 studies find it beyond both shuffled
partners and turned order, by more than three standard errors, or where an interval of
95 % holds 0 in less than 91 of 100 although nothing drifts alike.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from duologue.engine.unsaid_power import Caseload, Power, Rates, power
from figures_page import machine, outside, page, section, written

SEED = 20_261_127
N_PERMUTATIONS = 199
MOST_ALARMS, LEAST = 0.06, 0.91
failures = partial(outside, most=MOST_ALARMS, least=LEAST)

NOTHING = {
    "no autocorrelation": Caseload(autocorrelation=0.0),
    "autocorrelation .3": Caseload(),
    "autocorrelation .6": Caseload(autocorrelation=0.6),
    "autocorrelation .8": Caseload(autocorrelation=0.8),
    "held back in 1 of 10": Caseload(rate=0.1),
    "20 pairs of 10 sessions": Caseload(n_pairs=20, n_sessions=10),
    "each drifts their own way": Caseload(own_drift=1.5),
    "everybody drifts alike": Caseload(common_drift=1.5),
}
ALIKE = "everybody drifts alike"

LEAKS = {
    "autocorrelation 0": Caseload(together=0.4, autocorrelation=0.0),
    "autocorrelation .3": Caseload(together=0.4),
    "autocorrelation .6": Caseload(together=0.4, autocorrelation=0.6),
}

PAIRS = (20, 50, 100, 200)
SESSIONS = (8, 20)
TRUE = {
    "together .1": {"together": 0.1},
    "together .2": {"together": 0.2},
    "together .3": {"together": 0.3},
    "carried .1": {"carried": 0.1},
    "carried .2": {"carried": 0.2},
}

ALARMS_SAID = (
    "Nothing goes together. Share of studies that find it with p of .05 or less (one-sided): "
    "beyond shuffled partners, beyond turned order, beyond both, which is what counts, and if "
    "sessions were taken for independent. The last column of each half: the share of 95 % "
    "intervals of the log odds ratio that hold 0. 100 pairs, 20 sessions, held back in 3 of "
    "10, 15 % blank, unless stated. The next session is that of either seat."
)
LEAKS_SAID = (
    "What is new in both is correlated by .4 within each session, and nothing is carried to "
    "the next. Share of studies that nevertheless find the next session, beyond both."
)
POWER_SAID = (
    "Share of studies that find it beyond both, and in brackets the mean log odds ratio of "
    "the largest caseload in the row. Autocorrelation .3, held back in 3 of 10, 15 % blank. "
    '"Together" is looked for in the same session, "carried" in the next.'
)
ALARM_COLUMNS = (
    "| caseload | partners | order | both | independent | interval | next: partners | "
    "order | both | independent | interval |"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many studies are simulated for each row."""

    alarms: int
    power: int


FULL = Size(alarms=500, power=150)
QUICK = Size(alarms=3, power=1)


def studies(caseload: Caseload, n: int) -> Power:
    """Run studies of one kind of caseload."""
    return power(caseload, n_studies=n, n_permutations=N_PERMUTATIONS, seed=SEED)


def either(found: Power) -> tuple[Rates, Rates]:
    """Return both questions of the next session."""
    return found.therapist_after_client, found.client_after_therapist


def shares(rates: Sequence[Rates]) -> list[float]:
    """Return shares of each answer, and of intervals that hold 0."""
    told = max(1, sum(r.n_told for r in rates))
    names = ("n_partners", "n_order", "n_both", "n_independent")
    held = sum(r.n_held for r in rates) / max(1, sum(r.n_intervals for r in rates))
    return [sum(getattr(r, n) for r in rates) / told for n in names] + [held]


def alarm_rows(n: int) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Measure false alarms."""
    rows, rates = [], []
    for name, caseload in NOTHING.items():
        found = studies(caseload, n)
        halves = shares([found.same_session]), shares(either(found))
        cells = " | ".join(f"{share:.3f}" for half in halves for share in half)
        rows.append(f"| {name} | {cells} |")
        for half, times in zip(halves, (1, 2), strict=True):
            rates.append((f"claim: {name}", half[2], times * n))
            if name != ALIKE:
                rates.append((name, half[4], times * n))
    return rows, rates


def leak_rows(n: int) -> list[str]:
    """Measure how often the same session is taken for the next."""
    rows = []
    for name, caseload in LEAKS.items():
        found = studies(caseload, n)
        odds = sum(r.log_odds for r in either(found))
        mean = odds / max(1, sum(r.n_intervals for r in either(found)))
        rows.append(f"| {name} | {shares(either(found))[2]:.3f} | {mean:.2f} |")
    return rows


def power_rows(n: int) -> list[str]:
    """Measure how often what is there is found."""
    rows = []
    for name, true in TRUE.items():
        for n_sessions in SESSIONS:
            cells, mean = [], float("nan")
            for n_pairs in PAIRS:
                found = studies(
                    Caseload(n_pairs=n_pairs, n_sessions=n_sessions, **true), n
                )
                asked = [found.same_session] if "together" in true else either(found)
                cells.append(f"{shares(asked)[2]:.2f}")
                n_intervals = max(1, sum(r.n_intervals for r in asked))
                mean = sum(r.log_odds for r in asked) / n_intervals
            rows.append(f"| {name} | {n_sessions} | {' | '.join(cells)} ({mean:.2f}) |")
    return rows


def build(size: Size, date: str) -> tuple[str, int]:
    """Write the page; 1 where something does not hold."""
    alarms, rates = alarm_rows(size.alarms)
    wrong = failures(rates)
    pairs = " | ".join(f"{n} pairs" for n in PAIRS)
    sections = [
        section("False alarms", ALARMS_SAID, ALARM_COLUMNS, alarms),
        section(
            "The same session taken for the next",
            LEAKS_SAID,
            "| caseload | found | mean log odds ratio |",
            leak_rows(size.alarms),
        ),
        section(
            "Power",
            POWER_SAID,
            f"| truth | sessions | {pairs} |",
            power_rows(size.power),
        ),
    ]
    return page(
        "Left unsaid over a caseload: false alarms and power",
        "caseload_unsaid",
        run=f"{date} with {machine()}; seed {SEED}; {size.alarms} studies a row of the "
        f"first two tables, {size.power} a cell of the last; {N_PERMUTATIONS} "
        "permutations of each kind.",
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
        description="Measure false alarms and power.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
