"""The start of the day: local to the practice, also when the clocks change.

The card reaches the other at the local midnight at which the day of the next session
begins, and is there all that day, however many hours it has.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duologue.formats.ics import read_calendar
from duologue.records import Mode
from duologue.store import actions, queries
from duologue.store.models import Session
from two_seats import C, T

SECOND = timedelta(seconds=1)
SUNDAYS = [
    ("Europe/London", (2026, 3, 29), 23),  # clocks go on
    ("Europe/London", (2026, 10, 25), 25),  # clocks go back
    ("America/New_York", (2026, 3, 8), 23),
    ("America/New_York", (2026, 11, 1), 25),
    ("Pacific/Auckland", (2026, 4, 5), 25),
    ("Europe/London", (2026, 6, 7), 24),  # and one like any other
]
HOURS = [(0, 30), (1, 30), (14, 0), (23, 30)]


@pytest.fixture
def two(two):
    """The pair, before its first session."""
    Session.objects.filter(dyad=two.dyad()).delete()
    return two


def local(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day_of(zone, day):
    """Return the two midnights of a day, in UTC."""
    after = date(*day) + timedelta(days=1)
    return local(zone, *day), local(zone, after.year, after.month, after.day)


def card_is_there(two, now):
    """Whether it is there, on the page of the pair and in the list of several alike."""
    pairs = queries.pairs_of(two.person(T))
    listed = queries.for_today(pairs, now=now)
    there = queries.today(two.pair(T), now=now).card
    assert [p.ref for p, found in zip(pairs, listed, strict=True) if found.card] == (
        [two.ref] if there else []
    )
    return there


def check_card(two, begins, ends):
    """Fail where the card is there at any other time than that day."""
    sent = begins - timedelta(hours=20)
    two.do(actions.send_card, C, now=sent)

    seen = {
        moment: card_is_there(two, moment)
        for moment in (
            *(sent, begins - SECOND, begins, begins + timedelta(hours=12)),
            *(ends - SECOND, ends),
        )
    }

    assert list(seen.values()) == [False, False, True, True, True, False]


@pytest.mark.parametrize("hour", HOURS, ids=lambda h: f"{h[0]:02}:{h[1]:02}")
@pytest.mark.parametrize(
    ("zone", "day", "hours"), SUNDAYS, ids=lambda v: v if isinstance(v, str) else None
)
def test_the_card_is_there_from_local_midnight_to_local_midnight(
    two, settings, zone, day, hours, hour
):
    settings.TIME_ZONE = zone
    begins, ends = day_of(zone, day)
    start = local(zone, *day, *hour)
    two.do(actions.add_session, T, start, mode=Mode.ROOM, now=begins - 9 * SECOND)

    assert ends - begins == timedelta(hours=hours)
    check_card(two, begins, ends)


@pytest.mark.parametrize(
    ("zone", "day"), [(zone, day) for zone, day, _ in SUNDAYS], ids=str
)
def test_a_session_on_the_day_before_or_after_is_on_another_day(
    two, settings, zone, day
):
    settings.TIME_ZONE = zone
    begins, ends = day_of(zone, day)
    for start in (begins - SECOND, ends):
        two.do(actions.add_session, T, start, mode=Mode.ROOM, now=begins - 9 * SECOND)
    two.do(actions.send_card, C, now=begins - timedelta(days=1, hours=5))

    assert card_is_there(two, begins - SECOND)
    assert not any(card_is_there(two, now) for now in (begins, ends - SECOND, ends))


@pytest.mark.parametrize(
    ("there", "at", "day"),
    [
        ("America/New_York", "20260328T203000", (2026, 3, 29)),  # half past midnight
        ("America/New_York", "20260329T180000", (2026, 3, 29)),  # at 23:00
        ("America/New_York", "20261024T193000", (2026, 10, 25)),
        ("America/New_York", "20261025T190000", (2026, 10, 25)),
        ("Asia/Tokyo", "20261026T083000", (2026, 10, 25)),  # at 23:30
    ],
)
def test_a_session_that_a_calendar_of_another_zone_names_is_on_its_local_day(
    two, there, at, day
):
    begins, ends = day_of("Europe/London", day)
    content = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n"
        f"DTSTART;TZID={there}:{at}\nDURATION:PT30M\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    now = begins - timedelta(days=2)
    zone = ZoneInfo("Europe/London")
    found = read_calendar(content.encode(), where="it", zone=zone, now=now)
    two.do(actions.import_calendar, T, found.groups[0].series, now=now)

    check_card(two, begins, ends)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/London", [(3, 22), (3, 29), (4, 5)]),
        ("Europe/London", [(10, 18), (10, 25), (11, 1)]),
        ("America/New_York", [(3, 1), (3, 8), (3, 15)]),
        ("America/New_York", [(10, 25), (11, 1), (11, 8)]),
    ],
)
def test_a_weekly_session_stays_at_its_hour_when_the_clocks_change(
    two, settings, zone, days
):
    settings.TIME_ZONE = zone
    month, day = days[0]
    content = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n"
        f"DTSTART;TZID={zone}:2026{month:02}{day:02}T233000\nDURATION:PT50M\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    now = local(zone, 2026, month, day)
    found = read_calendar(content.encode(), where="it", zone=ZoneInfo(zone), now=now)
    two.do(actions.import_calendar, T, found.groups[0].series, now=now)

    starts = [s.planned_start for s in two.seen(C).ours.sessions]
    assert [(s.month, s.day, s.hour, s.minute) for s in starts] == [
        (*each, 23, 30) for each in days
    ]
