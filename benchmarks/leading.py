"""How often one series is found to lead another: when it does not, and when it does.

    python benchmarks/leading.py                  print the page
    python benchmarks/leading.py --write docs/validation-leading.md
    python benchmarks/leading.py --quick          fewer studies, wider errors

The caseloads are made up (`duologue.engine.leading_power`). The exit code is 1 where an
interval of 90 % holds the truth in less than 86 of 100, or where nothing leads, the page
claims that this is seen, and yet more than 6 of 100 studies find something beyond both
exchanged courses and turned order; each by more than three standard errors.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from duologue.engine.leading import leading
from duologue.engine.leading_power import (
    LeadingCaseload,
    LeadingRates,
    PowerOfLeading,
    made_up_courses,
    power_of_leading,
)
from figures_page import machine, outside, page, section, written

SEED = 20_261_127
N_PERMUTATIONS = 99
MOST_ALARMS, LEAST = 0.06, 0.86
failures = partial(outside, most=MOST_ALARMS, least=LEAST)

EXACT = {"common_trend": True, "answers_err": False}
TAKEN_OUT = {
    "sessions and lines": EXACT | {"follow_line": True},
    "sessions": EXACT | {"follow_line": False},
}
LEFT_IN = EXACT | {"common_trend": False, "follow_line": False}
USUAL = {"common_trend": True, "follow_line": False, "answers_err": True}

NOTHING = {
    "no autocorrelation": LeadingCaseload(autocorrelation=0.0),
    "autocorrelation .3": LeadingCaseload(),
    "autocorrelation .6": LeadingCaseload(autocorrelation=0.6),
    "new together .6": LeadingCaseload(together=0.6),
    "the reverse, .2": LeadingCaseload(follows=0.2),
    "the reverse, .2, autocorrelation .6": LeadingCaseload(
        follows=0.2, autocorrelation=0.6
    ),
    "everybody rises by 4": LeadingCaseload(common_trend=4.0),
    "outcome in every third session, of 24": LeadingCaseload(every=3, n_sessions=24),
    "30 courses of 24 sessions": LeadingCaseload(n_courses=30, n_sessions=24),
    "each rises their own way, 1": LeadingCaseload(own_trend=1.0),
    "each rises their own way, 2": LeadingCaseload(own_trend=2.0),
}
OWN_WAYS = "each rises their own way"
POWERS = (0.1, 0.2, 0.3)

HELD_SAID = (
    "The process leads by .2 and the outcome by .1, autocorrelation .3. Share of 90 % "
    "intervals that hold the truth, both directions together, and in brackets the share of "
    "studies with an answer: the others say that courses are too short. Taken out first: "
    "what all courses have in common in each session, and each course's own line. In this table "
    "and the next answers do not err, and that they might is not allowed for. "
    "The truth is that of the next session; since a tenth of answers are blank, some effects are "
    "over two sessions and so smaller, which long courses of many people show."
)
ALARMS_SAID = (
    "The process does not lead. Share of studies with an answer that find it with p of .05 or "
    "less: beyond exchanged courses, beyond turned order, beyond both, which is what counts; "
    "then the share of 90 % intervals that hold 0. 60 courses of 12 sessions, autocorrelation "
    ".3, what is new in one session correlated by .3, 10 % blank, unless stated. Each half "
    "says what was taken out first."
)
LEFT_IN_SAID = (
    "The same where nothing at all is taken out, to show why the trend must go: everybody "
    "rises by 4 standard deviations within people over the course, most of it early."
)
ERRORS_SAID = (
    "Answers of questionnaires err. Here what is new in one session is correlated by .5, and each "
    "answer errs by the stated part of a standard deviation within people; 20 sessions, 100 "
    "courses unless stated, sessions taken out. Left, as if answers did not err: mean effect, "
    "share of answers that find it beyond both, share of 90 % intervals that hold the truth. "
    "Right, the instrument of the session before, as is usual: the same, and the share of "
    "studies with an answer. The truth is 0 unless it is said that the process leads."
)
ERRING = LeadingCaseload(n_courses=100, n_sessions=20, together=0.5)
ERRORS = {
    "errs by .5, autocorrelation .3": replace(ERRING, error=0.5),
    "errs by 1, autocorrelation .3": replace(ERRING, error=1.0),
    "errs by .5, autocorrelation .6": replace(ERRING, error=0.5, autocorrelation=0.6),
    "errs by 1, autocorrelation .6": replace(ERRING, error=1.0, autocorrelation=0.6),
    "errs by .5, autocorrelation .6, each rises their own way, 1": replace(
        ERRING, error=0.5, autocorrelation=0.6, own_trend=1.0
    ),
    "errs by .5, autocorrelation .6, the process leads by .2": replace(
        ERRING, error=0.5, autocorrelation=0.6, leads=0.2
    ),
    "the same, 300 courses": replace(
        ERRING, n_courses=300, error=0.5, autocorrelation=0.6, leads=0.2
    ),
}
MEANS_SAID = (
    "Why course means are not taken out: the outcome leads by .2, the process does not, "
    "autocorrelation .6, 100 courses, no blanks. Mean of what is carried over (truth .6) and of "
    "the effect (truth 0), by least squares on deviations from course means, and as here with "
    "sessions taken out."
)
POWER_SAID = (
    "Share of all studies that find it beyond both, autocorrelation .3, 10 % blank; an effect "
    "of .2 is a fifth of a standard deviation within people for each of what leads. Answers do "
    "not err, and that they might is not allowed for; where it is, it takes far more (above)."
)
ERROR_COLUMNS = (
    "| caseload | not allowed for: mean | both | interval | "
    "allowed for: mean | both | interval | told |"
)
ALARM_COLUMNS = (
    "| caseload | sessions and lines: courses | order | both | interval | "
    "sessions: courses | order | both | interval |"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many studies are simulated for each cell, and of which caseloads."""

    studies: int
    power: int
    courses: tuple[int, ...]
    sessions: tuple[int, ...]
    most: int


FULL = Size(
    studies=150, power=40, courses=(30, 60, 200), sessions=(6, 12, 24), most=300
)
QUICK = Size(studies=1, power=1, courses=(30,), sessions=(6, 12), most=100)


def studies(caseload: LeadingCaseload, n: int, out: dict[str, bool]) -> PowerOfLeading:
    """Run studies of one kind of caseload."""
    return power_of_leading(
        caseload, n_studies=n, n_permutations=N_PERMUTATIONS, seed=SEED, **out
    )


def share(rates: Sequence[LeadingRates], name: str) -> float:
    """Return the share of answers that are counted under this name."""
    told = sum(r.n_told for r in rates)
    return sum(getattr(r, name) for r in rates) / told if told else float("nan")


def held_rows(size: Size) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Measure how often intervals hold the truth."""
    rows, rates = [], []
    for out, options in TAKEN_OUT.items():
        for n_sessions in size.sessions:
            cells = []
            for n_courses in size.courses:
                caseload = LeadingCaseload(
                    n_courses=n_courses, n_sessions=n_sessions, leads=0.2, follows=0.1
                )
                found = studies(caseload, size.studies, options)
                both = (found.process_leads, found.outcome_leads)
                told = sum(r.n_told for r in both)
                held = share(both, "n_held")
                cells.append(
                    f"{held:.3f} ({told / 2 / size.studies:.2f})" if told else "(0.00)"
                )
                if told:
                    rates.append((f"{out}, {n_courses} x {n_sessions}", held, told))
            rows.append(f"| {out} | {n_sessions} | {' | '.join(cells)} |")
    return rows, rates


def alarm_cells(rates: LeadingRates) -> str:
    """Write how often it is found that the process leads."""
    names = ("n_partners", "n_order", "n_both", "n_held")
    return " | ".join(f"{share([rates], name):.3f}" for name in names)


def alarm_rows(size: Size) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Measure false alarms."""
    rows, rates = [], []
    for name, caseload in NOTHING.items():
        halves = []
        for out, options in TAKEN_OUT.items():
            found = studies(caseload, size.studies, options).process_leads
            halves.append(alarm_cells(found))
            lines = options["follow_line"]
            if found.n_told and (lines or not name.startswith(OWN_WAYS)):
                where = f"{name}, {out}"
                claim, held = share([found], "n_both"), share([found], "n_held")
                rates.append((f"claim: {where}", claim, found.n_told))
                rates.append((where, held, found.n_told))
        rows.append(f"| {name} | {' | '.join(halves)} |")
    return rows, rates


def left_in_rows(size: Size) -> list[str]:
    """Measure false alarms where the trend is left in."""
    rows = []
    for n_courses in size.courses:
        caseload = replace(NOTHING["everybody rises by 4"], n_courses=n_courses)
        found = studies(caseload, size.power, LEFT_IN).process_leads
        rows.append(f"| {n_courses} courses | {alarm_cells(found)} |")
    return rows


def error_rows(size: Size) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Measure what comes of answers that err."""
    rows, rates = [], []
    for name, caseload in ERRORS.items():
        if caseload.n_courses > size.most:
            continue
        cells = []
        for options in (TAKEN_OUT["sessions"], USUAL):
            found = studies(caseload, size.power, options).process_leads
            mean = found.total / found.n_told if found.n_told else float("nan")
            cells.append(
                f"{mean:.2f} | {share([found], 'n_both'):.3f} "
                f"| {share([found], 'n_held'):.3f}"
            )
            if options is USUAL:
                cells.append(f"{found.n_told / size.power:.2f}")
            if options is USUAL and found.n_told:
                rates.append((name, share([found], "n_held"), found.n_told))
                if not caseload.leads:
                    claim = share([found], "n_both")
                    rates.append((f"claim: {name}", claim, found.n_told))
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows, rates


def by_course_means(process: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return what is carried over and the effect, by deviations from course means."""
    before = np.stack([outcome[:, :-1], process[:, :-1]], axis=-1)
    before = before - before.mean(axis=1, keepdims=True)
    after = outcome[:, 1:] - outcome[:, 1:].mean(axis=1, keepdims=True)
    return np.linalg.lstsq(before.reshape(-1, 2), after.ravel())[0]


def as_here(process: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the same two as they are told."""
    found = leading(
        process, outcome, answers_err=False, n_permutations=N_PERMUTATIONS
    ).process_leads
    return np.array([found.carried_over.value, found.effect.value])


def means_rows(size: Size) -> list[str]:
    """Measure what comes of taking out course means."""
    rows = []
    for n_sessions in size.sessions:
        caseload = LeadingCaseload(
            n_courses=100,
            n_sessions=n_sessions,
            autocorrelation=0.6,
            follows=0.2,
            blank=0.0,
        )
        drawn = [
            made_up_courses(caseload, np.random.default_rng([SEED, study]))
            for study in range(size.power)
        ]
        cells = [
            f"{value:.2f}"
            for way in (by_course_means, as_here)
            for value in np.nanmean([way(*each) for each in drawn], axis=0)
        ]
        rows.append(f"| {n_sessions} | {' | '.join(cells)} |")
    return rows


def power_rows(size: Size) -> list[str]:
    """Measure how often what is there is found."""
    rows = []
    for out, options in TAKEN_OUT.items():
        for n_sessions in size.sessions[1:]:
            for leads in POWERS:
                cells = []
                for n_courses in size.courses:
                    caseload = LeadingCaseload(
                        n_courses=n_courses, n_sessions=n_sessions, leads=leads
                    )
                    found = studies(caseload, size.power, options).process_leads
                    cells.append(f"{found.n_both / size.power:.2f}")
                rows.append(f"| {out} | {n_sessions} | {leads} | {' | '.join(cells)} |")
    return rows


def build(size: Size, date: str) -> tuple[str, int]:
    """Write the page; 1 where something does not hold."""
    held, held_rates = held_rows(size)
    alarms, alarm_rates = alarm_rows(size)
    errors, error_rates = error_rows(size)
    wrong = failures(held_rates + alarm_rates + error_rates)
    courses = " | ".join(f"{n} courses" for n in size.courses)
    sections = [
        section("Intervals", HELD_SAID, f"| taken out | sessions | {courses} |", held),
        section("False alarms", ALARMS_SAID, ALARM_COLUMNS, alarms),
        section(
            "Where the trend is left in",
            LEFT_IN_SAID,
            "| caseload | courses | order | both | interval |",
            left_in_rows(size),
        ),
        section(
            "Answers that err",
            ERRORS_SAID,
            ERROR_COLUMNS,
            errors,
        ),
        section(
            "Course means, for comparison",
            MEANS_SAID,
            "| sessions | course means: carried over | effect | here: carried over | effect |",
            means_rows(size),
        ),
        section(
            "Power",
            POWER_SAID,
            f"| taken out | sessions | effect | {courses} |",
            power_rows(size),
        ),
    ]
    return page(
        "What leads what over a caseload: intervals, false alarms and power",
        "leading",
        run=f"{date} with {machine()}; seed {SEED}; {size.studies} studies a cell of the "
        f"first two tables, {size.power} of the others; {N_PERMUTATIONS} permutations of "
        "each kind.",
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
        description="Measure intervals, false alarms and power.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
