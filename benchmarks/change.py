"""What change over a course costs: many courses at once against one after the other.

    python benchmarks/change.py [--quick]               print this part alone

Courses are made up: twelve sessions of nine answers from 0 to 3, one form in ten blank.
All ways begin with the answers and end with totals, six indices of reliable change,
what became of each course by a cut-off, percent of the start, and sudden gains; all must
find the same. The plain loop is written here in Python's own numbers, course by course;
beside it the same functions are called for one course after the other.
"""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.engine.change.clinical import Kind, Norm, clinical_change, cut_off
from duologue.engine.change.codes import Better, Category
from duologue.engine.change.courses import ends, totals
from duologue.engine.change.percent import percent_change
from duologue.engine.change.reliable import (
    Index,
    Reference,
    reference_of,
    reliable_change,
)
from duologue.engine.change.slopes import slopes
from duologue.engine.change.sudden import sudden_changes
from dyad_speed import per
from speed_tables import Single, table_of_ratios, table_of_singles
from turns import Comparison, take_turns

Array = NDArray[np.float64]
Answers = list[list[list[int | None]]]

SEED = 20_261_127
N_SESSIONS, N_ITEMS, HIGHEST = 12, 9, 3
RELIABILITY, FUNCTIONAL = 0.89, Norm(mean=6.5, sd=4.5)
T_TABLE = {2: 4.302652729749464, 3: 3.182446305284263, 4: 2.7764451051977987}
GOAL = 1 / 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is timed."""

    n_courses: int
    n_slow: int
    n_alone: int
    sizes: tuple[int, ...]


FULL = Scale(
    n_courses=100_000, n_slow=2_000, n_alone=100, sizes=(1_000, 10_000, 100_000)
)
QUICK = Scale(n_courses=300, n_slow=100, n_alone=20, sizes=(100, 300))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    singles: tuple[Single, ...]
    rounds: int
    date: str

    def as_markdown(self) -> str:
        """Write what stands on the page below the dyad model."""
        return "\n".join(
            [
                "## Change over a course",
                "",
                f"{self.date}, {self.rounds} rounds. Milliseconds of the processor for a",
                f"thousand courses of {N_SESSIONS} sessions with {N_ITEMS} answers each, the",
                "others from as many as take seconds; every way finds the same.",
                "",
                *table_of_ratios("Of change", self.comparisons),
                "",
                *table_of_singles("As courses grow", self.singles),
                "",
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What each way finds, to see that it is the same: arrays or lists."""

    indices: dict[str, Any]
    became: Any
    shares: Any
    gains: Any


def made_up(n_courses: int) -> Array:
    """Draw answers of courses that get better, most of them."""
    rng = np.random.default_rng([SEED, n_courses])
    start = rng.normal(0.7, 0.15, size=(n_courses, 1, 1))
    step = rng.normal(0.035, 0.03, size=(n_courses, 1, 1))
    level = start - step * np.arange(N_SESSIONS)[:, None]
    # Now and then a course falls at once, and stays there.
    falls = (rng.random((n_courses, N_SESSIONS, 1)) < 0.03) * 0.4
    level = np.clip(level - falls.cumsum(axis=1), 0, 1)
    answers = rng.binomial(HIGHEST, level, size=(n_courses, N_SESSIONS, N_ITEMS))
    blank = rng.random((n_courses, N_SESSIONS, 1)) < 0.1
    return np.where(blank, np.nan, answers)


def as_lists(answers: Array) -> Answers:
    """Write answers as Python has them from a form: whole numbers, None where blank."""
    whole = answers.astype(object)
    whole[np.isnan(answers)] = None
    lists: Answers = whole.tolist()
    return lists


# Many at once


def at_once(answers: Array, own: Reference | None = None) -> Found:
    """Score and judge all courses together, by their own numbers or by those given."""
    scores = totals(answers, lowest=0, highest=HIGHEST)
    both = ends(scores)
    if own is None:
        own = reference_of(both.pre, both.post, reliability=RELIABILITY)
    changes = {
        index: reliable_change(
            both.pre, both.post, reference=own, better=Better.LOWER, index=index
        )
        for index in Index
    }
    cut = cut_off(
        Kind.C,
        better=Better.LOWER,
        clinical=Norm(mean=own.mean, sd=own.sd),
        functional=FUNCTIONAL,
    )
    became = clinical_change(both.pre, both.post, change=changes[Index.JT], cut=cut)
    share = percent_change(both.pre, both.post, better=Better.LOWER, improved=0.5)
    gains = sudden_changes(
        scores, better=Better.LOWER, cut=1.959964 * own.sd_of_difference
    )
    return Found(
        indices={str(name): change.values for name, change in changes.items()},
        became=became.category,
        shares=share.values,
        gains=np.stack([gains.course, gains.interval], axis=1),
    )


def each_alone(answers: Array, own: Reference) -> Found:
    """Call the same functions for one course after the other."""
    found = [at_once(course[None], own) for course in answers]
    return Found(
        indices={
            str(name): [each.indices[name][0] for each in found] for name in Index
        },
        became=[each.became[0] for each in found],
        shares=[each.shares[0] for each in found],
        gains=[(row, n) for row, each in enumerate(found) for _, n in each.gains],
    )


def numbers_of(answers: Array) -> Reference:
    """Take the numbers of the whole sample, which one course does not have."""
    both = ends(totals(answers, lowest=0, highest=HIGHEST))
    return reference_of(both.pre, both.post, reliability=RELIABILITY)


# One after the other, without arrays


def one_by_one(answers: Answers) -> Found:
    """Score and judge course by course, with plain numbers."""
    scores = [[total_of(form) for form in course] for course in answers]
    both = [ends_of(course) for course in scores]
    pairs = [pair for pair in both if pair is not None]
    m1, s1 = moments([pre for pre, _ in pairs])
    m2, s2 = moments([post for _, post in pairs])
    c = sum((pre - m1) * (post - m2) for pre, post in pairs)
    c /= (len(pairs) - 1) * s1 * s2
    sem = s1 * math.sqrt(1 - RELIABILITY)
    cut = (s1 * FUNCTIONAL.mean + FUNCTIONAL.sd * m1) / (s1 + FUNCTIONAL.sd)
    indices: dict[str, list[float]] = {str(name): [] for name in Index}
    became, shares = [], []
    for pair in both:
        found = indices_of(pair, m1=m1, s1=s1, m2=m2, s2=s2, c=c)
        for name, value in found.items():
            indices[name].append(value)
        became.append(category_of(pair, found["JT"], cut))
        shares.append(share_of(pair))
    gains = [
        (row, n)
        for row, course in enumerate(scores)
        for n in gains_of(course, 1.959964 * sem * math.sqrt(2))
    ]
    return Found(indices=indices, became=became, shares=shares, gains=gains)


def total_of(form: list[int | None]) -> int | None:
    """Add one form; no total with a blank."""
    total = 0
    for answer in form:
        if answer is None:
            return None
        total += answer
    return total


def ends_of(course: list[int | None]) -> tuple[int, int] | None:
    """Find the first and the last total."""
    given = [total for total in course if total is not None]
    return (given[0], given[-1]) if len(given) > 1 else None


def moments(values: list[int]) -> tuple[float, float]:
    """Mean and standard deviation (n - 1)."""
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return mean, math.sqrt(squares / (len(values) - 1))


def indices_of(
    pair: tuple[int, int] | None,
    *,
    m1: float,
    s1: float,
    m2: float,
    s2: float,
    c: float,
) -> dict[str, float]:
    """Six indices of one course, as the table of formulas has them."""
    if pair is None:
        return {str(name): math.nan for name in Index}
    pre, post = pair
    r = RELIABILITY
    sem = s1 * math.sqrt(1 - r)
    r1, r2 = 1 - sem**2 / s1**2, 1 - sem**2 / s2**2
    up = s1**2 * r1 + s2**2 * r2 - 2 * s1 * s2 * c
    R = up / (s1**2 + s2**2 - 2 * s1 * s2 * c)
    foretold = r * (pre - m1) + m1
    return {
        "JT": (post - pre) / (sem * math.sqrt(2)),
        "GLN": (post - foretold) / (s1 * math.sqrt(1 - r**2)),
        "HLL": ((post - m2) - r * (pre - m1)) / (s1 * math.sqrt(1 - r**2)),
        "EN": (post - foretold) / sem,
        "NK": (post - foretold) / math.sqrt(r**2 * s1**2 * (1 - r) + s1**2 * (1 - r)),
        "HA": ((post - pre) * R + (m2 - m1) * (1 - R))
        / (math.sqrt(R) * math.sqrt(2) * sem),
    }


def category_of(pair: tuple[int, int] | None, jt: float, cut: float) -> int:
    """Tell what became of one course, lower better."""
    if pair is None:
        return Category.UNDEFINED
    pre, post = pair
    improved, worse = -jt > 1.959963984540054, jt > 1.959963984540054
    before, after = pre > cut, post < cut
    if improved:
        return Category.RECOVERED if before and after else Category.IMPROVED
    if worse:
        return Category.DETERIORATED if before or after else Category.HARMED
    return Category.UNCHANGED


def share_of(pair: tuple[int, int] | None) -> float:
    """Change of one course as a share of its start."""
    if pair is None or pair[0] <= 0:
        return math.nan
    return (pair[1] - pair[0]) / pair[0]


def gains_of(course: list[int | None], cut: float) -> list[int]:
    """Find the intervals of one course with a sudden gain."""
    found = []
    for n in range(1, len(course) - 2):
        a, b = course[n], course[n + 1]
        if a is None or b is None or a - b < cut or a - b < 0.25 * a:
            continue
        before = [v for v in course[max(n - 2, 0) : n + 1] if v is not None]
        after = [v for v in course[n + 1 : n + 4] if v is not None]
        if len(before) < 2 or len(after) < 2:
            continue
        m1, m2 = sum(before) / len(before), sum(after) / len(after)
        squares = sum((v - m1) ** 2 for v in before)
        squares += sum((v - m2) ** 2 for v in after)
        df = len(before) + len(after) - 2
        if m1 - m2 > T_TABLE[df] * math.sqrt(squares / df):
            found.append(n)
    return found


# Measuring


def measure_change(*, rounds: int, quick: bool) -> ChangeFigures:
    """Measure both ways, and how the first grows."""
    scale = QUICK if quick else FULL
    answers = made_up(scale.n_courses)
    some, few = answers[: scale.n_slow], answers[: scale.n_alone]
    lists, own = as_lists(some), numbers_of(answers)
    check_same(at_once(some), one_by_one(lists))
    check_same(at_once(few, own), each_alone(few, own))
    times = take_turns(
        {
            "at once": lambda: at_once(answers),
            "plain": lambda: one_by_one(lists),
            "alone": lambda: each_alone(few, own),
        },
        rounds=rounds,
    )
    comparisons = [
        Comparison(
            name=f"scoring and change of {scale.n_courses} courses at once",
            against=against,
            times_ms=per(times["at once"], scale.n_courses / 1000),
            base_ms=per(times[base], n / 1000),
            goal=None if quick else GOAL,
        )
        for base, n, against in (
            ("alone", scale.n_alone, "the same functions, course by course"),
            ("plain", scale.n_slow, "a plain loop in Python's own numbers"),
        )
    ]
    return ChangeFigures(
        comparisons=tuple(comparisons),
        singles=(*growing(scale, rounds), *growing_slopes(scale)),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d"),
    )


def check_same(ours: Found, plain: Found) -> None:
    """Stop where the two ways differ: then there is nothing to compare."""
    for name, values in plain.indices.items():
        np.testing.assert_allclose(ours.indices[name], values, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.shares, plain.shares, rtol=1e-12)
    np.testing.assert_array_equal(ours.became, plain.became)
    np.testing.assert_array_equal(ours.gains, np.reshape(plain.gains, (-1, 2)))


def growing(scale: Scale, rounds: int) -> list[Single]:
    """Time several sizes, and their cost a course."""
    courses = {n: made_up(n) for n in scale.sizes}
    times = take_turns(
        {str(n): lambda n=n: at_once(courses[n]) for n in scale.sizes}, rounds=rounds
    )
    took = {n: median(times[str(n)]) for n in scale.sizes}
    return in_rows("scoring and change", took)


def growing_slopes(scale: Scale) -> list[Single]:
    """Time the mixed model of several sizes, once each."""
    took = {}
    for n in scale.sizes:
        scores = totals(made_up(n), lowest=0, highest=HIGHEST)
        started = time.process_time()
        assert slopes(scores, better=Better.LOWER).model is not None
        took[n] = 1000 * (time.process_time() - started)
    return in_rows("a mixed model and every slope", took)


def in_rows(what: str, took: dict[int, float]) -> list[Single]:
    """Write each size with its cost a course, against that of the smallest."""
    first = min(took)
    return [
        Single(
            name=f"{what}, {n} courses",
            value=f"{ms:.4g} ms of the processor ({1000 * ms / n:.3g} \u00b5s a course)",
            goal=f"cost a course as for {first}: {ms / n * first / took[first]:.2f} times",
        )
        for n, ms in took.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of change over a course.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_change(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
