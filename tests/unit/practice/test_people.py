from datetime import UTC, datetime, timedelta

import pytest

from build import C, T, course, reading
from duologue.practice import place_of, said_of
from duologue.relationship import Finding, Level, Reading, Strand, Whose
from duologue.sharing import Scope

NEED, APART = Strand.NEED, Strand.APART
OURS, MINE = Whose.OURS, Whose.MINE


def line_of(reading):
    """Return the sentence that stands beside a pair; blank where there is none."""
    found = said_of(reading)
    return "" if found is None else found.sentence


def said(strand, whose, sentence, **more):
    return Finding(
        id=f"{whose}.{strand}",
        strand=strand,
        whose=whose,
        title="A title",
        sessions=(1,),
        level=Level.COUNT,
        sentence=sentence,
        **more,
    )


def of(*findings):
    return Reading(
        scope=Scope.THERAPIST,
        pair="pair",
        kind=course().dyad.kind,
        made_up=True,
        as_of=None,
        n_sessions=1,
        n_held=1,
        first_day=None,
        last_day=None,
        findings=findings,
        notes=(),
        help_now=(),
        prompts="",
        prompts_status="",
    )


OUR_NEED = said(NEED, OURS, "What both need.")
MY_NEED = said(NEED, MINE, "What I need.")
OUR_APART = said(APART, OURS, "A time apart.")


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ((OUR_APART, MY_NEED, OUR_NEED), "What both need."),
        ((OUR_NEED, MY_NEED, OUR_APART), "What both need."),
        ((OUR_APART, MY_NEED), "What I need."),
        ((OUR_APART,), "A time apart."),
        ((OUR_APART, said(APART, OURS, "A later one.")), "A later one."),
        ((), ""),
    ],
)
def test_the_line_is_the_first_that_there_is_and_of_those_the_newest(findings, line):
    assert line_of(of(*findings)) == line


@pytest.mark.parametrize("strand", [s for s in Strand if s not in (NEED, APART)])
@pytest.mark.parametrize("whose", Whose)
def test_nothing_else_ever_stands_in_the_line(strand, whose):
    assert line_of(of(said(strand, whose, "Something else.", card=True))) == ""


def test_what_one_said_alone_of_a_time_apart_stays_out_of_the_list():
    assert line_of(of(said(APART, MINE, "What I alone said."))) == ""


def needs(shared=True):
    """One session of need, of which the client's words differ from the therapist's."""
    return course(
        {("need", C): [("quiet",)], ("need", T): [("ask_more",)]}, shared=shared
    )


def test_what_the_other_kept_back_is_not_in_the_line():
    opened, kept_back = needs(), needs(shared={("need", T)})

    line = line_of(reading(kept_back, "therapist"))

    assert "quiet" in line_of(reading(opened, "therapist")).lower()
    assert "quiet" not in line.lower()
    assert line == line_of(reading(needs(shared=False), "therapist")) != ""


def test_both_have_the_same_line_of_what_has_opened():
    lines = {
        line_of(reading(needs(), seat)) for seat in ("client", "therapist", "ours")
    }

    assert len(lines) == 1


TOMORROW = datetime(2026, 3, 31, tzinfo=UTC)


def test_who_meets_today_stands_first_the_earlier_the_sooner_and_the_rest_as_it_was():
    hours = {"a": None, "b": 24, "c": -1, "d": 0, "e": -9, "f": 999}
    starts = {
        pair: None if hour is None else TOMORROW + timedelta(hours=hour)
        for pair, hour in hours.items()
    }

    listed = sorted(starts, key=lambda pair: place_of(starts[pair], tomorrow=TOMORROW))

    assert listed == ["e", "c", "a", "b", "d", "f"]
