"""How often chance alone makes each card: a seeded simulation of every rule.

    python benchmarks/validate.py                        print the page
    python benchmarks/validate.py --write docs/validation.md
    python benchmarks/validate.py --quick                fewer courses, wider errors

The courses are made up from an autoregressive series, and the rules are the program's
own functions. The exit code is 1 where a chance line of the program states a rate that
lies more than a quarter below the one measured for unchanging courses with
autocorrelation .3, early, in the middle or late in a course: chance must never be
understated. It is also 1 where the table that the rule was chosen from does not come
out again.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from duologue.engine.unsaid import together
from duologue.engine.usual import SMALLEST_DEPARTURE, quieter, usual
from duologue.engine.views import two_views
from duologue.relationship.chance import NEAR_TOP, ORDINARY, TOP, Chances, chances
from duologue.relationship.levels import likely_levels
from duologue.relationship.quieter import LIKELY, both_fell, likely_quieter
from figures_page import written

SEED = 20_261_125
SD = 12.0
"""Spread of one person's answers, in points of 100."""

CORRELATION = 0.45
"""Between the answers of two people to the same prompt."""

N_SESSIONS = 42
FIRST = 12
"""From this answer on a card may be made."""

RHOS = (0.0, 0.3, 0.5)
JUDGED = 0.3
"""The autocorrelation at which what is stated is held against what is measured."""

TOLERANCE = 0.25
GAP_LEVEL = 0.995

COURSES = {
    "no change": (60.0, 0.0),
    "a rise": (45.0, 1.0),
    "a fall": (75.0, -1.0),
    "below the top": (TOP - 2, 0.0),
    "near the top": (90.0, 0.0),
}
"""First level, and points a session (1 point is 0.08 SD)."""

QUIET_COURSES = ((60.0, 6.0), (60.0, 12.0), (60.0, 20.0), (90.0, 12.0))
"""Level and spread of courses that the dyad model is asked about."""

STRETCHES = ((12, 16), (17, 26), (27, 42))

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many made-up courses each question gets."""

    n_courses: int
    n_slow: int
    """For the rules that are asked course by course."""
    n_model: int
    """For the one rule that asks the dyad model."""


FULL = Size(n_courses=40_000, n_slow=12_000, n_model=300)
QUICK = Size(n_courses=3_000, n_slow=400, n_model=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share and its standard error, courses being independent and sessions not."""

    value: float
    error: float

    def __str__(self) -> str:
        """Write the share with as many digits as a reader can use."""
        return f"{self.value:.4f}" if self.value < 0.1 else f"{self.value:.3f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that makes a card, and the chance that the program states for it."""

    id: str
    words: str
    stated: float


def rules(stated: Chances = ORDINARY) -> tuple[Rule, ...]:
    """Return the rules with what the program states at present."""
    return (
        Rule(
            id="one",
            words="one answer below the person's own usual",
            stated=stated.one,
        ),
        Rule(
            id="twice",
            words="so in two or more of the last three, the newest among them",
            stated=stated.twice,
        ),
        Rule(
            id="either",
            words="one or the other of two people below their usual",
            stated=2 * stated.one,
        ),
        Rule(
            id="both",
            words="both below their usual in one session",
            stated=stated.one,
        ),
        Rule(
            id="either twice",
            words="two of three, for one or the other of two",
            stated=2 * stated.twice,
        ),
        Rule(
            id="gap",
            words="the gap of the two outside the pair's own usual",
            stated=stated.gap,
        ),
        Rule(
            id="gap twice",
            words="so in two or more of the last three, the newest among them",
            stated=stated.gap_twice,
        ),
        Rule(
            id="quieter",
            words="both quieter over their last three",
            stated=stated.quieter,
        ),
    )


# Made-up courses ---------------------------------------------------------------


def deviations(
    rng: np.random.Generator, n_sessions: int, n_courses: int, *, rho: float
) -> Floats:
    """Return stationary series of two people, shape (n_sessions, 2, n_courses).

    Each has mean 0, SD 1 and autocorrelation rho; the two are correlated.
    """
    root = np.linalg.cholesky([[1.0, CORRELATION], [CORRELATION, 1.0]])
    new = np.einsum("ij,sjc->sic", root, rng.normal(size=(n_sessions, 2, n_courses)))
    out = np.empty_like(new)
    out[0] = new[0]
    for j in range(1, n_sessions):
        out[j] = rho * out[j - 1] + np.sqrt(1 - rho**2) * new[j]
    return out


def answers(z: Floats, course: str) -> Floats:
    """Turn deviations into answers: whole points between 0 and 100."""
    start, slope = COURSES[course]
    level = start + slope * np.arange(z.shape[0]).reshape(-1, 1, 1)
    return np.clip(np.round(level + SD * z), 0.0, 100.0)


# The rules, asked of every session -----------------------------------------------


def again(outside: Bools) -> Bools:
    """Whether two or more of the last three lie outside, the newest among them."""
    n = outside.astype(int)
    n[2:] = n[2:] + outside[1:-1] + outside[:-2]
    return outside & (n >= 2)


def own(values: Floats) -> dict[str, Bools]:
    """Ask the rules of one person's own line, and of the two lines side by side."""
    below = usual(values).below
    twice = again(below)
    return {
        "one": below.reshape(len(values), -1),
        "twice": twice.reshape(len(values), -1),
        "either": below.any(axis=1),
        "both": below.all(axis=1),
        "either twice": twice.any(axis=1),
    }


def gaps(values: Floats) -> dict[str, Bools]:
    """Ask the rules of the gap, for many pairs at once, as ``two_views`` asks one."""
    gap = values[:, 1] - values[:, 0]
    band = usual(
        gap,
        level=GAP_LEVEL,
        smallest_departure=2 * SMALLEST_DEPARTURE,
        follow_rise=False,
    )
    outside = band.below | band.above
    for pair in range(min(20, gap.shape[1])):
        one = two_views(values[:, 0, pair], values[:, 1, pair]).departures
        assert np.array_equal(one.below | one.above, outside[:, pair])
    return {"gap": outside, "gap twice": again(outside)}


def both_quieter(values: Floats) -> Bools:
    """Ask, after each session, whether both people have grown quieter."""
    found = np.zeros((values.shape[0], values.shape[2]), dtype=bool)
    for n in range(FIRST, values.shape[0] + 1):
        found[n - 1] = quieter(values[:n]).all(axis=0)
    return found


def one_quiet_session(values: Floats) -> Bools:
    """Ask, after each session, whether both were likely quieter in it than foretold."""
    found = np.zeros((values.shape[0], values.shape[2]), dtype=bool)
    for pair in range(values.shape[2]):
        for n in range(FIRST, values.shape[0] + 1):
            both = values[:n, :, pair]
            found[n - 1, pair] = both_fell(both) and likely_quieter(
                likely_levels(both), n
            )
    return found


def rate(hits: Bools) -> Rate:
    """Pool over sessions, and take the error from the spread between courses."""
    share = hits.mean(axis=0)
    error = share.std(ddof=1) / np.sqrt(share.size)
    return Rate(value=float(share.mean()), error=float(error))


def hits_of(course: str, rho: float, size: Size) -> dict[str, Bools]:
    """Ask every rule of the same made-up courses."""
    place = [list(COURSES).index(course), RHOS.index(rho)]
    rng = np.random.default_rng([SEED, *place])
    values = answers(deviations(rng, N_SESSIONS, size.n_courses, rho=rho), course)
    return {
        **own(values),
        **gaps(values),
        "quieter": both_quieter(values[:, :, : size.n_slow]),
    }


# Findings of the simulation --------------------------------------------------------


Rates = dict[str, Rate]


def rate_tables(
    size: Size,
) -> tuple[dict[tuple[str, float], Rates], dict[tuple[int, int], Rates]]:
    """Measure every rule for every kind of course, and early and late in one kind."""
    kinds: dict[tuple[str, float], Rates] = {}
    stretches: dict[tuple[int, int], Rates] = {}
    for course in COURSES:
        for rho in RHOS:
            found = hits_of(course, rho, size)
            kinds[course, rho] = rates_in(found, FIRST, N_SESSIONS)
            if (course, rho) == ("no change", JUDGED):
                stretches = {s: rates_in(found, *s) for s in STRETCHES}
    return kinds, stretches


def rates_in(found: dict[str, Bools], first: int, last: int) -> Rates:
    """Pool over these sessions, both ends among them."""
    return {name: rate(hits[first - 1 : last]) for name, hits in found.items()}


def drift_power(size: Size) -> dict[float, tuple[Rate, Rate]]:
    """Measure how often a slow slide of both is seen by, and at, session 22."""
    out = {}
    for place, slope in enumerate((0.0, -0.05, -0.10, -0.15, -0.20)):
        rng = np.random.default_rng([SEED, 50, place])
        z = deviations(rng, 22, size.n_slow, rho=JUDGED)
        level = 70 + SD * slope * np.arange(22).reshape(-1, 1, 1)
        seen = both_quieter(np.clip(np.round(level + SD * z), 0, 100))
        out[slope] = (rate(seen.any(axis=0)[None]), rate(seen[-1:]))
    return out


def quiet_sessions(size: Size) -> dict[tuple[float, float], Rate]:
    """Measure how often chance alone makes one quiet session of both."""
    out = {}
    for place, (level, sd) in enumerate(QUIET_COURSES):
        rng = np.random.default_rng([SEED, 70, place])
        z = deviations(rng, N_SESSIONS, size.n_model, rho=JUDGED)
        values = np.clip(np.round(level + sd * z), 0.0, 100.0)
        out[level, sd] = rate(one_quiet_session(values)[FIRST - 1 :])
    return out


def drop_power(size: Size) -> dict[tuple[int, float], Rate]:
    """Measure how often a drop in one session is seen in that session."""
    out = {}
    for session in (13, 22, 42):
        for drop in (2.0, 3.0):
            rng = np.random.default_rng([SEED, 60, session, int(drop)])
            z = deviations(rng, session, size.n_courses // 2, rho=JUDGED)
            z[-1] -= drop
            values = np.clip(np.round(60 + SD * z), 0, 100)
            out[session, drop] = rate(usual(values).below[-1:].reshape(1, -1))
    return out


def count_tables(size: Size) -> dict[float, tuple[Rate, Rate]]:
    """Measure how often the two counts that are no cards state a chance of 1 in 20.

    The split of higher answers, and both holding back in the same sessions: two people
    who have nothing to do with each other, 22 sessions.
    """
    out = {}
    for place, rho in enumerate(RHOS):
        rng = np.random.default_rng([SEED, 70, place])
        a = deviations(rng, 22, size.n_slow, rho=rho)[:, 0]
        b = deviations(rng, 22, size.n_slow, rho=rho)[:, 0]
        pairs = range(size.n_slow)
        split = [two_views(a[:, i], b[:, i]).uneven_by_chance <= 0.05 for i in pairs]
        held_a, held_b = (a > 0.5).astype(float), (b > 0.5).astype(float)
        both = [
            together(held_a[:, i], held_b[:, i]).both_by_chance <= 0.05 for i in pairs
        ]
        out[rho] = (rate(np.array([split])), rate(np.array([both])))
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The row of the table that the rule was chosen from that led to the rule."""

    a_week: float
    early: float
    a_year: float
    ever: float


DESIGNED = Design(a_week=0.21, early=0.21, a_year=8, ever=0.34)


def design_row() -> Design:
    """Repeat that row: 18 clients, 42 sessions, each judged from the fifth on.

    No smallest departure and no rise followed, on answers that are not rounded.
    """
    rng = np.random.default_rng([SEED, 80])
    z = deviations(rng, N_SESSIONS, 9 * 2_000, rho=JUDGED).reshape(N_SESSIONS, -1)
    below = usual(50 + SD * z, smallest_departure=0.0, follow_rise=False).below
    judged = below[4:]
    a_week = 18 * float(judged.mean())
    return Design(
        a_week=a_week,
        early=18 * float(judged[:4].mean()),
        a_year=a_week * judged.shape[0],
        ever=float(judged.any(axis=0).mean()),
    )


# What is stated against what is measured ---------------------------------------------


def is_too_low(stated: float, measured: Rate) -> bool:
    """Whether a stated rate lies too far below the measured one.

    What the size of the simulation leaves open (two standard errors) is not held
    against the program.
    """
    return measured.value - 2 * measured.error > (1 + TOLERANCE) * stated


def understated(measured: Rates, stated: Chances = ORDINARY) -> tuple[str, ...]:
    """Name the rules whose stated rate lies too far below the measured one."""
    return tuple(
        rule.id for rule in rules(stated) if is_too_low(rule.stated, measured[rule.id])
    )


def agrees(found: Design) -> bool:
    """Whether the row of the design table comes out again, within a tenth."""
    pairs = (
        (found.a_week, DESIGNED.a_week),
        (found.early, DESIGNED.early),
        (found.a_year, DESIGNED.a_year),
        (found.ever, DESIGNED.ever),
    )
    return all(abs(a - b) <= 0.1 * b for a, b in pairs)


# The page ---------------------------------------------------------------------------


def one_in(value: float) -> str:
    """Write a share as "1 in n" for a table."""
    return "never seen" if value == 0 else f"1 in {1 / value:,.0f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is stated for people of one usual level, and what was measured for it."""

    title: str
    course: str
    stated: Chances
    measured: tuple[Rates, ...]

    def too_low(self) -> frozenset[str]:
        """Name the rules that understate chance, overall or in a stretch."""
        return frozenset(
            name for rates in self.measured for name in understated(rates, self.stated)
        )


def claims(
    rates: dict[tuple[str, float], Rates], stretches: dict[tuple[int, int], Rates]
) -> tuple[Claim, ...]:
    """Return everything that the program states, with what it is held against."""
    return (
        Claim(
            title="People whose usual lies in the middle of the scale",
            course="a level of 60",
            stated=ORDINARY,
            measured=(rates["no change", JUDGED], *stretches.values()),
        ),
        Claim(
            title="The highest usual for which the same is stated",
            course=f"a level of {TOP - 2:g}",
            stated=ORDINARY,
            measured=(rates["below the top", JUDGED],),
        ),
        Claim(
            title="People whose usual lies near the top",
            course="a level of 90",
            stated=NEAR_TOP,
            measured=(rates["near the top", JUDGED],),
        ),
    )


def stated_section(made: tuple[Claim, ...]) -> list[str]:
    """Set what the program states against what was measured."""
    lines = [
        "## What the program states",
        "",
        (
            "Unchanging courses, autocorrelation .3, sessions 12 to 42, whole points of "
            "100. The error is one standard error."
        ),
        "",
    ]
    for claim in made:
        lines += [f"**{claim.title}** ({claim.course})", "", *_claim_table(claim)]
    return [
        *lines,
        (
            "A stated rate may be too high, since that makes a card look no surer than it "
            "is. It holds unless it lies more than a quarter below the measured rate, over "
            "all these sessions or, in the first table, in one of the three stretches "
            "below."
        ),
        "",
    ]


def _claim_table(claim: Claim) -> list[str]:
    low = claim.too_low()
    measured = claim.measured[0]
    return table(
        ["A card is made by", "stated", "", "measured", "error", "verdict"],
        (
            [
                rule.words,
                f"{rule.stated:.4f}",
                one_in(rule.stated),
                str(measured[rule.id]),
                f"{measured[rule.id].error:.5f}",
                "too low" if rule.id in low else "holds",
            ]
            for rule in rules(claim.stated)
        ),
    )


def rates_section(found: dict[tuple[str, float], Rates]) -> list[str]:
    """Give the rates of every rule for every kind of course."""
    names = [rule.id for rule in rules()]
    lines = [
        "## Every rule, every kind of course",
        "",
        (
            "The share of sessions 12 to 42 with a card; the columns are the rules of the "
            "first table, in its order. In a course without change, or with a steady rise "
            "(1 point a session from 45), every card is by chance. In a fall (1 point a "
            "session from 75) the cards are right: a slow slide is seen by “both quieter”, "
            "and hardly by the band of the usual, since no answer in it is unlike those "
            "just before. Near the top (a level of 90) answers are cut off at 100, and "
            "what spread is left lies on the low side."
        ),
        "",
    ]
    rows = (
        [course, f"{rho:.1f}", *(str(rates[name]) for name in names)]
        for (course, rho), rates in found.items()
    )
    head = ["course", "autocorrelation", *names]
    return lines + table(head, rows)


def stretches_section(found: dict[tuple[int, int], Rates]) -> list[str]:
    """Give the rates by how long the course has been."""
    names = [rule.id for rule in rules()]
    return [
        "## Early and late in a course",
        "",
        "No change, autocorrelation .3.",
        "",
        *table(
            ["sessions", *names],
            (
                [f"{first} to {last}", *(str(rates[name]) for name in names)]
                for (first, last), rates in found.items()
            ),
        ),
    ]


def power_section(
    drift: dict[float, tuple[Rate, Rate]], drop: dict[tuple[int, float], Rate]
) -> list[str]:
    """Give how often a true change is seen."""
    small = [100 * seen.value for (_, size), seen in drop.items() if size == 2.0]
    low, high = min(small), max(small)
    return [
        "## What is seen, and what is missed",
        "",
        (
            "Both people slide slowly, by so many standard deviations a session, over 22 "
            "sessions (autocorrelation .3, correlation .45). How often “both quieter” has "
            "been said:"
        ),
        "",
        *table(
            ["slide, SD a session", "at some time by session 22", "after session 22"],
            (
                [f"{slope:+.2f}" if slope else "0", str(ever), str(last)]
                for slope, (ever, last) in drift.items()
            ),
        ),
        (
            "One answer drops by so much in one session. How often it is called lower than "
            "usual:"
        ),
        "",
        *table(
            ["in session", "drop of 2 SD", "drop of 3 SD"],
            (
                [str(session), str(drop[session, 2.0]), str(drop[session, 3.0])]
                for session in sorted({session for session, _ in drop})
            ),
        ),
        (
            f"Of the drops of 2 SD {low:.0f} to {high:.0f} in 100 are seen, and the others "
            "missed. No card does not mean nothing is happening, and every page says so."
        ),
        "",
    ]


def quiet_section(found: dict[tuple[float, float], Rate]) -> list[str]:
    """Set the chance of one quiet session against what was measured."""
    low = quiet_too_low(found)
    return [
        "## One session in which both were quieter",
        "",
        (
            "Unchanging courses, autocorrelation .3, correlation .45, sessions 12 to 42. "
            "The dyad model is asked wherever both answered below their average so far; "
            f"a card is made above a probability of {LIKELY}. Since the two resemble each "
            "other, sessions in which both are lower than before do occur: such a card is "
            "then right, and nothing follows from it."
        ),
        "",
        *table(
            ["level", "spread", "stated", "", "measured", "error", "verdict"],
            (
                [
                    f"{level:g}",
                    f"{sd:g}",
                    f"{stated_quiet(level):.4f}",
                    one_in(stated_quiet(level)),
                    f"{each.value:.4f}",
                    f"{each.error:.4f}",
                    "too low" if (level, sd) in low else "holds",
                ]
                for (level, sd), each in found.items()
            ),
        ),
    ]


def stated_quiet(level: float) -> float:
    """Return the chance that the program states for people of this usual level."""
    return chances([level]).quieter_once


def quiet_too_low(
    found: dict[tuple[float, float], Rate],
) -> frozenset[tuple[float, float]]:
    """Name the courses for which the chance is understated."""
    return frozenset(
        (level, sd)
        for (level, sd), each in found.items()
        if is_too_low(stated_quiet(level), each)
    )


def counts_section(found: dict[float, tuple[Rate, Rate]]) -> list[str]:
    """Give how the two counts behave that state a chance and make no card."""
    return [
        "## Two counts that are no cards",
        "",
        (
            "Two people who have nothing to do with each other, 22 sessions. How often a "
            "count states a chance of 1 in 20 or less; with no autocorrelation this should "
            "be at most .05."
        ),
        "",
        *table(
            [
                "autocorrelation",
                "who was higher (sign test)",
                "both held back (Fisher)",
            ],
            (
                [f"{rho:.1f}", str(split), str(both)]
                for rho, (split, both) in found.items()
            ),
        ),
        (
            "Both tests take sessions for independent. Where one session is like the "
            "last, an uneven split of who was higher comes about more often than the "
            "page says, and the more so the more alike sessions are. It is a "
            "description and never a card."
        ),
        "",
    ]


def design_section(found: Design) -> list[str]:
    """Give the row of the design table, and whether it came out again."""
    return [
        "## The table that the rule was chosen from",
        "",
        (
            "18 clients, 42 weekly sessions, no change, autocorrelation .3, each session "
            "from the fifth on held against a one-sided 99 % limit, with no smallest "
            "departure and no rise followed."
        ),
        "",
        *table(
            ["", "in the design", "here"],
            [
                [
                    "false cards a week, 18 clients",
                    f"{DESIGNED.a_week}",
                    f"{found.a_week:.2f}",
                ],
                [
                    "the same in sessions 5 to 8",
                    f"{DESIGNED.early}",
                    f"{found.early:.2f}",
                ],
                [
                    "in a year of 42 weeks",
                    f"{DESIGNED.a_year:g}",
                    f"{found.a_year:.1f}",
                ],
                [
                    "clients ever carded",
                    f"{100 * DESIGNED.ever:.0f} %",
                    f"{100 * found.ever:.0f} %",
                ],
            ],
        ),
        (
            "It comes out again within a tenth."
            if agrees(found)
            else "It does **not** come out again within a tenth."
        ),
        "",
        (
            "So even with nothing changing a third of clients are carded at some time. That "
            "is why a card is a question."
        ),
        "",
    ]


def machine() -> str:
    """Describe the machine in words: no name, no path."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}"
    )


def head(size: Size, day: str) -> list[str]:
    """Open the page."""
    return [
        "# How often chance alone makes a card",
        "",
        "<!-- Written by benchmarks/validate.py; do not edit by hand. -->",
        "",
        (
            f"Run on {day} with {machine()}; seed {SEED}; {size.n_courses:,} made-up "
            f"courses of two people for each row, {size.n_slow:,} for the rules that are "
            "asked course by course (both quieter, and the counts)."
        ),
        "",
        (
            "Each answer is a level plus a deviation that resembles the one before it "
            "(an autoregressive series of order 1), with a standard deviation of 12 "
            "points of 100; the two people's deviations are correlated by .45. The rules "
            "are the program's own functions. Real answers are not like this in every "
            "respect: see the limits at the end."
        ),
        "",
    ]


LIMITS = [
    "## Limits",
    "",
    (
        "- The series are made up. Nobody's answers were used, and the prompts have not "
        "been validated."
    ),
    (
        "- The spread of 12 points, the correlation of .45 and the autocorrelation of .3 "
        "are our assumptions. At .5 most rates are higher than stated: see the second "
        "table."
    ),
    (
        "- Each rate is that of one rule on one scale. A page shows several scales at once, "
        "and says how often some card turns up among them."
    ),
    (
        "- A rate among ordinary sessions is not the share of cards that are chance. That "
        "share depends on how often something truly changes, and is far higher."
    ),
    "",
]


def build(size: Size, day: str) -> tuple[str, int]:
    """Run everything; return the page and the exit code."""
    rates, stretches = rate_tables(size)
    made = claims(rates, stretches)
    design = design_row()
    quiet = quiet_sessions(size)
    lines = [
        *head(size, day),
        *stated_section(made),
        *rates_section(rates),
        *stretches_section(stretches),
        *power_section(drift_power(size), drop_power(size)),
        *quiet_section(quiet),
        *counts_section(count_tables(size)),
        *design_section(design),
        *LIMITS,
    ]
    low = quiet_too_low(quiet) or any(claim.too_low() for claim in made)
    code = 1 if low or not agrees(design) else 0
    return "\n".join(lines).rstrip() + "\n", code


def main(
    arguments: Sequence[str], *, build: Callable[[Size, str], tuple[str, int]] = build
) -> int:
    """Run the command line; 1 where a rate is understated."""
    code = written(
        arguments,
        build,
        full=FULL,
        quick=QUICK,
        description="Measure every chance line.",
    )
    if code:
        print(
            "A stated chance is too low, or the design does not come out again.",
            file=sys.stderr,
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
