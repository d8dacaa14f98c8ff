"""The app's two main pages against a bare page of the same app, in a full store.

Each store is made in a temporary folder by a process of its own: Django is set up once
a process, for one folder. A tiny store says whether the queries of a page are as many
there; only the other one is timed.
"""

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from duologue.store.keys import ring
from duologue.web.folder import set_up
from turns import Comparison

GOAL = 4
TOGETHER, PEOPLE, BARE = "the two of you", "my people", "a bare page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much there is in a store.

    Attributes
    ----------
    n_practices : int
        Practices, each with one therapist.
    n_pairs : int
        Pairs of each therapist.
    n_behind : int
        Sessions that the measured pair has behind it; one more is planned.
    n_sessions : int
        Sessions of a practice in all, with those that are planned.
    """

    n_practices: int
    n_pairs: int
    n_behind: int
    n_sessions: int

    def behind(self) -> list[int]:
        """Return how many sessions each pair has behind it, the measured pair first."""
        others = self.n_pairs - 1
        each, more = divmod(self.n_sessions - self.n_behind - 1, others)
        return [self.n_behind, *(each - 1 + (i < more) for i in range(others))]


FULL = Scale(n_practices=200, n_pairs=40, n_behind=60, n_sessions=1500)
QUICK = Scale(n_practices=3, n_pairs=6, n_behind=8, n_sessions=30)
TINY = Scale(n_practices=1, n_pairs=2, n_behind=2, n_sessions=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found in one store.

    Attributes
    ----------
    counts : mapping of str to int
        How many rows of each kind it holds.
    fill_s, size_mb : float
        How long the filling took, by the clock, and the size of the database.
    queries : mapping of (str, bool) to int
        Queries of each page, by whether the cache was warm.
    warm_ms, cold_ms : mapping of str to tuple of float
        Milliseconds of each page, one figure a round; empty where nothing was timed.
    """

    counts: Mapping[str, int]
    fill_s: float
    size_mb: float
    queries: Mapping[tuple[str, bool], int]
    warm_ms: Mapping[str, tuple[float, ...]]
    cold_ms: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFigures:
    """What was found in the store that is timed, and in a tiny one."""

    scale: Scale
    timed: Look
    tiny: Look

    def comparisons(self) -> list[Comparison]:
        """Return each page against the bare page, warm and cold."""
        found = (("warm", self.timed.warm_ms), ("cold", self.timed.cold_ms))
        return [
            Comparison(
                name=f"the page “{name}” of {of_whom}, {cache} cache",
                against="a bare signed-in page",
                times_ms=times[name],
                base_ms=times[BARE],
                goal=GOAL if cache == "warm" else None,
            )
            for cache, times in found
            for name, of_whom in self._pages().items()
        ]

    def _pages(self) -> dict[str, str]:
        return {
            TOGETHER: f"a pair with {self.scale.n_behind} sessions",
            PEOPLE: f"a therapist with {self.scale.n_pairs} pairs",
        }

    def as_markdown(self) -> str:
        """Write what stands on the page below the ratios."""
        held = self.timed.counts
        listed = ", ".join(f"{count:,} {kind}" for kind, count in held.items())
        took = f"{self.timed.size_mb:,.0f} MB, filled in {self.timed.fill_s:.0f} s"
        return "\n".join(
            [
                "## The app",
                "",
                f"In a store of {listed} ({took}).",
                "One practice is simulated and kept by the app's own import; the others",
                "are copies of it, made in the database with its constraints and triggers",
                "on.",
                "",
                "A request is timed from the first middleware to the finished page, the",
                "connection to the database being open, and so is the bare page: it says",
                "who is signed in, and nothing else. Cold: nothing is kept of what was",
                "made for an earlier page.",
                "",
                "| Page | Queries, warm | Queries, cold | In a tiny store |",
                "|---|---|---|---|",
                *(self._queries_row(name) for name in (TOGETHER, PEOPLE, BARE)),
                "",
            ]
        )

    def _queries_row(self, name: str) -> str:
        warm, cold = (self.timed.queries[name, warm] for warm in (True, False))
        tiny = tuple(self.tiny.queries[name, warm] for warm in (True, False))
        as_many = "as many" if tiny == (warm, cold) else f"NOT AS MANY: {tiny}"
        return f"| {name} | {warm} | {cold} | {as_many} |"


def measure_app(*, rounds: int, quick: bool) -> AppFigures:
    """Measure the app in a full store, or in a small one to see that it runs."""
    scale = QUICK if quick else FULL
    return AppFigures(
        scale=scale,
        timed=_in_a_process(scale, rounds=rounds),
        tiny=_in_a_process(TINY, rounds=0),
    )


def _in_a_process(scale: Scale, *, rounds: int) -> Look:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_look, scale, rounds).result()


def _look(scale: Scale, rounds: int) -> Look:
    """Make this process the app of a new store, fill it and look at its pages."""
    for name in ("DUOLOGUE_FOLDER", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)  # the folder of whoever runs this stays out of it
    with tempfile.TemporaryDirectory() as near:
        ring.hold(ring.Ring.new())
        set_up(Path(near), demo=True)
        from app_pages import look  # noqa: PLC0415 - needs an app that is set up

        return look(scale, rounds=rounds)
