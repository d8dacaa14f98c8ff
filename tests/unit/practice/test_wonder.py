"""Over a caseload: one card a week at most, from what each client has let open."""

from datetime import date, timedelta

import pytest

from build import FIRST, FLAT, C, T, course
from duologue.errors import ParameterError
from duologue.practice.wonder import week_of, wonder_over
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
