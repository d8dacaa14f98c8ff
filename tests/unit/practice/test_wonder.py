"""Over a caseload: one card a week at most, from what each client has let open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import FIRST, FLAT, C, T, course
from duologue.errors import ParameterError
from duologue.practice.wonder import this_week, week_of, wonder_over
from duologue.relationship.wonder import wonders
from duologue.sharing import seen_by

LOW = (*FLAT, 20)
CARD = FIRST.date() + timedelta(weeks=11)
WEEK = timedelta(weeks=1)


def pair(code, values=LOW, **more):
    """Return the code of a pair, and its cards."""
    lines = {("safe", C): values, ("safe", T): (50,) * len(values)}
    return code, wonders(seen_by(course(lines, **more), "him"))


def shown(*caseload, **more):
    found = wonder_over([cards for _, cards in caseload], **more)
    return [(caseload[each.place][0], each.week) for each in found]


def test_a_week_begins_on_its_monday():
    assert week_of(date(2026, 11, 27)) == date(2026, 11, 23)
    assert week_of(date(2026, 11, 23)) == date(2026, 11, 23)


def test_a_card_is_put_once_its_week_has_ended():
    assert shown(pair("a")) == [("a", week_of(CARD) + WEEK)]


def test_of_two_in_one_week_the_further_one_comes_first_and_the_other_waits():
    near, far = pair("near"), pair("far", (*FLAT, 5))

    found = shown(near, far)

    assert found == [("far", week_of(CARD) + WEEK), ("near", week_of(CARD) + 2 * WEEK)]
    assert shown(far, near) == found


@pytest.mark.parametrize("day", range(7))
def test_what_is_put_does_not_change_within_a_week(day):
    caseload = pair("near"), pair("far", (*FLAT, 5))
    monday = week_of(CARD) + WEEK

    found = shown(*caseload, as_of=monday + timedelta(days=day))

    assert found == [("far", monday)]


def test_what_has_waited_two_weeks_lapses():
    caseload = [pair(f"pair-{i}") for i in range(5)]

    assert len(shown(*caseload)) == 3


def test_as_of_a_day_nothing_later_is_told():
    monday = week_of(CARD) + WEEK
    assert shown(pair("a"), as_of=monday - timedelta(days=1)) == []
    assert shown(pair("a"), as_of=monday) == [("a", monday)]
    waiting = pair("a"), pair("b", (*FLAT, 5))
    assert len(shown(*waiting, as_of=monday)) == 1
    assert len(shown(*waiting, as_of=monday + WEEK)) == 2


def test_one_pair_changes_nothing_of_what_another_keeps_back():
    quiet = pair("quiet", shared={("safe", T)})

    assert shown(pair("a"), quiet) == shown(pair("a"))


def test_without_days_there_are_no_weeks():
    with pytest.raises(ParameterError, match="needs a date"):
        shown(pair("a", dated=False))


def test_an_empty_caseload_has_none():
    assert shown() == []


@st.composite
def caseloads(draw):
    """Cards of a few pairs over some weeks, each found by its pair and session."""
    (_, (made, *_)) = pair("a")
    n_pairs = draw(st.integers(1, 4))
    return [
        [
            replace(
                made,
                session=session,
                day=CARD + week * WEEK + timedelta(days=draw(st.integers(0, 6))),
                strength=draw(st.sampled_from([1.0, 1.5, 2.0])),
            )
            for session, week in enumerate(
                draw(st.lists(st.integers(0, 8), max_size=4, unique=True))
            )
        ]
        for _ in range(n_pairs)
    ]


@given(caseloads())
def test_who_looks_each_week_is_put_what_the_rule_chooses(caseload):
    put, mondays = {}, [week_of(CARD) + i * WEEK for i in range(14)]
    for monday in mondays:
        found = this_week(caseload, put, as_of=monday + timedelta(days=2))
        if found is not None:
            put[monday] = (found.place, found.card)

    chosen = wonder_over(caseload, as_of=mondays[-1])
    assert [(s.week, (s.place, s.card)) for s in chosen] == list(put.items())


def test_what_nobody_looked_at_waits_for_two_weeks_more():
    (_, (card,)) = pair("a")
    monday = week_of(CARD) + WEEK

    weeks = [
        this_week([[card]], {}, as_of=monday + i * WEEK) is not None
        for i in range(-1, 5)
    ]

    assert weeks == [False, True, True, True, False, False]


def test_what_was_put_and_is_gone_takes_its_week_and_nothing_else():
    (_, (card,)) = pair("a")
    monday = week_of(CARD) + WEEK

    found = this_week([[card]], {monday: None}, as_of=monday + WEEK)

    assert found is not None
    assert found.week == monday + WEEK
