from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.sharing import reaches_on, sent_in

MONDAY = date(2026, 3, 2)
WEEKLY = [MONDAY + timedelta(weeks=n) for n in range(4)]
DAY = timedelta(days=1)

days = st.integers(0, 40).map(lambda n: MONDAY + n * DAY)
calendars = st.lists(days, max_size=6)


@pytest.mark.parametrize("after", range(7))
def test_whenever_it_is_sent_in_a_week_it_reaches_the_other_on_one_day(after):
    assert reaches_on(MONDAY + after * DAY, WEEKLY) == WEEKLY[1]


def test_on_the_day_of_a_session_it_waits_for_the_next():
    assert reaches_on(WEEKLY[1], WEEKLY) == WEEKLY[2]


@pytest.mark.parametrize("calendar", [[], [MONDAY], WEEKLY])
def test_without_a_session_to_come_it_waits(calendar):
    assert reaches_on(WEEKLY[-1], calendar) is None


def test_the_order_of_the_calendar_does_not_matter():
    assert reaches_on(MONDAY, reversed(WEEKLY)) == WEEKLY[1]


def test_on_a_day_without_a_session_no_card_can_come():
    assert sent_in(MONDAY + DAY, WEEKLY) is None
    assert sent_in(MONDAY, []) is None


def test_to_the_first_session_comes_whatever_was_sent_before():
    assert sent_in(MONDAY, WEEKLY) == (date.min, MONDAY - DAY)


@given(today=days, sent_on=days, calendar=calendars)
def test_what_comes_today_is_what_was_sent_in_these_days(today, sent_on, calendar):
    found = sent_in(today, calendar)

    came = found is not None and found[0] <= sent_on <= found[1]
    assert came == (reaches_on(sent_on, calendar) == today)
