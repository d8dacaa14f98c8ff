"""When a note follows a session: an hour after its planned end, in every night of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duologue.sharing.reminding import HOURS, window_of

LONDON = ZoneInfo("Europe/London")


def at(*when, fold=0):
    """Return a moment as the clocks of London show it."""
    return datetime(*when, tzinfo=LONDON, fold=fold)


def utc(*when):
    """Return a moment as the clocks of London show it, to be compared as a moment."""
    return at(*when).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "hour", "opens"),
    [
        (at(2026, 3, 2, 14, 0), 50, None, utc(2026, 3, 2, 15, 50)),
        (at(2026, 7, 6, 14, 0), 90, None, utc(2026, 7, 6, 16, 30)),
        # Nobody said how long.
        (at(2026, 3, 2, 14, 0), None, None, utc(2026, 3, 2, 16, 0)),
        (at(2026, 3, 2, 14, 0), 50, 20, utc(2026, 3, 2, 20, 0)),
        (at(2026, 7, 6, 14, 0), 50, 20, utc(2026, 7, 6, 20, 0)),
        # Its hour has passed when the session is over.
        (at(2026, 3, 2, 19, 30), 50, 20, utc(2026, 3, 2, 21, 20)),
        # In spring the clocks go from 1 to 2: an hour is an hour all the same.
        (at(2026, 3, 29, 0, 30), 20, None, datetime(2026, 3, 29, 1, 50, tzinfo=UTC)),
        (at(2026, 3, 29, 10, 0), 50, 17, datetime(2026, 3, 29, 16, 0, tzinfo=UTC)),
        # In autumn from 2 to 1: half past one is twice, and the second is later.
        (at(2026, 10, 25, 1, 30), 50, None, datetime(2026, 10, 25, 2, 20, tzinfo=UTC)),
        (
            at(2026, 10, 25, 1, 30, fold=1),
            *(50, None),
            datetime(2026, 10, 25, 3, 20, tzinfo=UTC),
        ),
        (at(2026, 10, 25, 0, 50), 50, 21, datetime(2026, 10, 25, 21, 0, tzinfo=UTC)),
    ],
)
def test_it_is_due_an_hour_after_the_planned_end_or_in_the_evening(
    start, minutes, hour, opens
):
    window = window_of(start, minutes=minutes, hour=hour)

    assert window.opens == opens
    assert window.closes == min(opens + timedelta(hours=3), window.day_ends)


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        (at(2026, 3, 28, 9, 0), 24),
        (at(2026, 3, 29, 9, 0), 23),  # the day on which an hour is missing
        (at(2026, 10, 25, 9, 0), 25),
    ],
)
def test_a_day_ends_at_its_own_midnight(start, hours):
    window = window_of(start, minutes=50, hour=None)

    midnight = start.replace(hour=0).astimezone(UTC)
    assert window.day_ends - midnight == timedelta(hours=hours)


@pytest.mark.parametrize("hour", [None, *HOURS])
@pytest.mark.parametrize("start", [(22, 0), (22, 20), (23, 30)])
def test_what_would_fall_on_another_day_is_never_sent(start, hour):
    window = window_of(at(2026, 3, 2, *start), minutes=50, hour=hour)

    assert (window.opens < window.closes) == (start == (22, 0))
    assert window.closes <= utc(2026, 3, 3, 0, 0)
