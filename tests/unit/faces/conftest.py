"""Every reading of the six made-up pairs, made once."""

import dataclasses
import itertools

import pytest

from duologue import instruments
from duologue.records import Kind
from duologue.relationship import read
from duologue.sharing import seen_each_way, seen_in_research, seen_together
from duologue.simulate import DEMO_SEED, practice
from made_up_synchrony import WITH_MOMENTS

HOSTILE = '</svg><script>alert("x")</script>[bold]x[/bold] [link=u]y[/link]\x1b[2J\x9b1m\u202e'
"""Words that steer a page, a picture, rich's mark-up and a terminal, if let."""


@pytest.fixture(scope="session")
def courses():
    """The six pairs; the first session of the first has a recording as well."""
    first, *rest = practice(instruments.prompts(Kind.THERAPY), seed=DEMO_SEED)
    return (dataclasses.replace(first, synchrony=(WITH_MOMENTS,)), *rest)


@pytest.fixture(scope="session")
def readings(courses):
    """The readings of six pairs in all four scopes, by (pair, scope)."""
    found = {}
    for course in courses:
        for seen in (*seen_each_way(course), seen_in_research(course)):
            found[course.dyad.code, seen.scope.value] = read(seen)
    return found


@pytest.fixture(scope="session")
def all_charts(readings):
    findings = itertools.chain.from_iterable(r.findings for r in readings.values())
    return tuple(f.chart for f in findings if f.chart is not None)


@pytest.fixture(scope="session")
def hostile(courses):
    """A reading of a course whose goal and codes hold words of the worst kind."""
    course = courses[2]
    goal = dataclasses.replace(course.goals[0], words=HOSTILE, code=HOSTILE)
    agreement = dataclasses.replace(course.dyad.agreement, crisis=HOSTILE)
    dyad = dataclasses.replace(course.dyad, code=HOSTILE, agreement=agreement)
    return read(
        seen_together(
            dataclasses.replace(course, dyad=dyad, goals=(goal, *course.goals[1:]))
        )
    )
