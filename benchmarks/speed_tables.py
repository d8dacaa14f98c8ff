"""How figures of speed are written: tables of ratios, and of what is measured once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from turns import Comparison


class Figures(Protocol):
    """What was measured of one subject."""

    def as_markdown(self) -> str:
        """Write it as a part of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """What is measured once, and the goal that it should stay under."""

    name: str
    value: str
    goal: str = "none"


def table_of_ratios(what: str, comparisons: Iterable[Comparison]) -> Iterator[str]:
    """Write what is compared as the lines of a table, in three digits."""
    yield f"| {what} | Against | Ratio | Goal | ms | ms, against |"
    yield "|---|---|---|---|---|---|"
    for c in comparisons:
        yield (
            f"| {c.name} | {c.against} | {ratio(c)} | {goal_of(c)} "
            f"| {median(c.times_ms):.3g} | {median(c.base_ms):.3g} |"
        )


def table_of_singles(what: str, singles: Iterable[Single]) -> Iterator[str]:
    """Write what is measured once as the lines of a table."""
    yield f"| {what} | Measured | Goal |"
    yield "|---|---|---|"
    yield from (f"| {s.name} | {s.value} | {s.goal} |" for s in singles)


def ratio(comparison: Comparison) -> str:
    """Write a median with the smallest and the largest, in three digits."""
    ratios = comparison.ratios
    return f"{median(ratios):.3g} ({min(ratios):.3g} to {max(ratios):.3g})"


def goal_of(comparison: Comparison) -> str:
    """Say whether a comparison has a goal, and whether it is met."""
    if comparison.goal is None:
        return "none"
    return verdict(median(comparison.ratios), comparison.goal, "").replace(" :", ":")


def verdict(value: float, goal: float, unit: str) -> str:
    """Say whether a goal is met."""
    return f"under {goal:g} {unit}: {'met' if value < goal else 'NOT MET'}"
