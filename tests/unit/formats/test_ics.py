"""Calendars: what is read, what is left out and why, and what is refused in time."""

import pathlib
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duologue.errors import FileError, RecordError
from duologue.formats import ics
from duologue.formats.ics import reader, rules
from duologue.records import CalendarEvent

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "calendars"
NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ONE = (
    "UID:one",
    "SUMMARY:Pear",
    "DTSTART:20260407T140000Z",
    "DTEND:20260407T145000Z",
)


def file(*events, head=""):
    """Return a calendar of these events, each a tuple of lines, as the bytes of a file."""
    each = ("\r\n".join(("BEGIN:VEVENT", *event, "END:VEVENT", "")) for event in events)
    return f"BEGIN:VCALENDAR\r\n{head}{''.join(each)}END:VCALENDAR\r\n".encode()


def read(content, *, zone=LONDON, now=NOW):
    return ics.read_calendar(content, where="your calendar", zone=zone, now=now)


def events(content, **options):
    """Return every event of a calendar, in the order of time."""
    groups = read(content, **options).groups
    found = [event for g in groups for one in g.series for event in one.events]
    return sorted(found, key=lambda event: (event.start, event.cancelled))


def starts(content, **options):
    return [event.start for event in events(content, **options)]


def left_out(content, **options):
    return {line.reason: line.n for line in read(content, **options).left_out}


def without(line, *more):
    """Return the event with other lines in the place of one."""
    return (*(each for each in ONE if not each.startswith(line)), *more)


# Golden


def golden(title):
    found = read((FIXTURES / "a-week.ics").read_bytes())
    (group,) = (g for g in found.groups if g.title == title)
    return group


def test_a_weekly_series_of_a_windows_calendar_follows_the_local_clock():
    found = golden("Pear").events

    assert [f"{e.start:%m-%d %H:%M}" for e in found[:7]] == [
        "03-05 14:00",
        "03-12 14:00",
        "03-19 14:00",
        "03-26 14:00",
        "04-02 13:00",  # British Summer Time has begun
        "04-17 08:30",  # the 9th is left out, the 16th was moved
        "04-29 08:00",  # an event of its own, by the same title
    ]
    assert found[-1].start == datetime(2027, 3, 25, 14, 0, tzinfo=UTC)
    assert {event.minutes for event in found} == {50}


def test_one_that_was_cancelled_is_named_and_one_that_was_left_out_is_not():
    weekly = golden("Pear").series[1]
    by_name = {event.recurrence: event for event in weekly.events}

    assert by_name["20260423T130000Z"].cancelled
    assert "20260409T130000Z" not in by_name
    assert by_name["20260416T130000Z"].start == datetime(2026, 4, 17, 8, 30, tzinfo=UTC)
    assert weekly.whole


def test_a_title_gathers_what_is_called_so_in_whatever_case():
    assert [len(one.events) for one in golden("Pear").series] == [1, 55]
    assert golden("Pear").upcoming(NOW) == datetime(2026, 4, 2, 13, tzinfo=UTC)


def test_times_without_a_zone_are_local_and_a_single_date_is_added():
    assert [f"{e.start:%m-%d %H:%M}" for e in golden("Plum").events] == [
        "05-01 10:00",
        "05-02 10:00",
    ]


def test_whole_days_and_unknown_zones_are_left_out_with_their_reason():
    found = read((FIXTURES / "a-week.ics").read_bytes())

    assert {line.reason: line.n for line in found.left_out} == {
        reader.ALL_DAY: 1,
        reader.NO_ZONE: 1,
    }
    assert [group.title for group in found.groups] == ["Pear", "Plum"]


def test_a_mark_at_the_beginning_and_other_line_ends_change_nothing():
    content = (FIXTURES / "a-week.ics").read_bytes()
    unix = content.replace(b"\r\n", b"\n")

    assert read(b"\xef\xbb\xbf" + unix) == read(unix.replace(b"\n", b"\r\n"))


# What an event may be


def test_an_event_alone_keeps_its_name_when_it_is_moved():
    (first,) = events(file(ONE))
    (later,) = events(file(without("DT", "DTSTART:20260408T140000Z", "DURATION:PT1H")))

    assert (first.recurrence, later.recurrence) == ("", "")
    assert later.minutes == 60


def test_one_of_a_series_keeps_its_name_when_it_is_moved():
    moved = (
        "UID:one",
        "SUMMARY:Pear",
        "RECURRENCE-ID:20260407T140000Z",
        "DTSTART:20260409T090000Z",
        "DTEND:20260409T095000Z",
    )
    rule = (*ONE, "RRULE:FREQ=WEEKLY;COUNT=2")

    assert [e.recurrence for e in events(file(rule))] == [
        "20260407T140000Z",
        "20260414T140000Z",
    ]
    for content in (file(rule, moved), file(moved)):
        found = {e.recurrence: e.start.day for e in events(content)}
        assert found["20260407T140000Z"] == 9


def test_a_rule_that_counts_ends_after_its_last_one():
    found = starts(file((*ONE, "RRULE:FREQ=WEEKLY;COUNT=3")))

    assert [start.day for start in found] == [7, 14, 21]
    assert (
        starts(file((*ONE, "RRULE:FREQ=DAILY;COUNT=100000")))[-1]
        <= NOW + reader.HORIZON
    )


def test_a_rule_that_ends_ends_and_one_without_end_is_cut_a_year_ahead():
    until = starts(file((*ONE, "RRULE:FREQ=WEEKLY;UNTIL=20260421T140000Z")))
    endless = starts(file((*ONE, "RRULE:FREQ=MONTHLY")))

    assert [start.day for start in until] == [7, 14, 21]
    assert len(endless) == 12
    assert max(endless) <= NOW + reader.HORIZON


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "UTC"])
def test_a_time_without_a_zone_is_local_to_the_practice(zone):
    (found,) = starts(
        file(without("DT", "DTSTART:20260407T140000", "DTEND:20260407T145000")),
        zone=ZoneInfo(zone),
    )

    assert found == datetime(2026, 4, 7, 14, tzinfo=ZoneInfo(zone))


def test_a_calendar_of_cancellations_cancels_what_it_names():
    (found,) = events(file(ONE, head="METHOD:CANCEL\r\n"))
    series = read(file(ONE, head="METHOD:CANCEL\r\n")).groups[0].series[0]

    assert found.cancelled
    assert not series.whole


def test_the_same_event_twice_is_the_one_that_was_changed_last():
    later = without("DT", "SEQUENCE:2", "DTSTART:20260408T140000Z", "DURATION:PT50M")

    for content in (file(ONE, later), file(later, ONE)):
        assert max(events(content), key=lambda e: e.sequence).start.day == 8


def test_without_a_title_each_event_stands_alone():
    two = (without("SUMMARY"), ("UID:two", *without("SUMMARY")[1:]))

    assert [(g.title, len(g.series)) for g in read(file(*two)).groups] == [("", 1)] * 2


def test_what_lies_further_away_than_a_year_is_not_returned():
    far = without("DT", "DTSTART:20280407T140000Z", "DURATION:PT50M")
    old = without("DT", "DTSTART:20200407T140000Z", "DURATION:PT50M")

    assert (read(file(far)).groups, read(file(old)).groups) == ((), ())


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (without("DT", "DTSTART;VALUE=DATE:20260407"), reader.ALL_DAY),
        (without("DTEND"), reader.TOO_LONG),
        (without("DTEND", "DTEND:20260408T140000Z"), reader.TOO_LONG),
        (without("DTSTART"), reader.UNREADABLE),
        (without("UID"), reader.UNREADABLE),
        (without("DTSTART", "DTSTART:soon"), reader.UNREADABLE),
        (without("DTSTART", "DTSTART;TZID=No/Where:20260407T140000"), reader.NO_ZONE),
        ((*ONE, "RRULE:FREQ=SECONDLY"), reader.TOO_OFTEN),
        ((*ONE, "RRULE:FREQ=HOURLY;COUNT=3"), reader.TOO_OFTEN),
        ((*ONE, "RRULE:FREQ=DAILY;BYHOUR=9,10"), reader.TOO_OFTEN),
        ((*ONE, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), reader.TOO_OFTEN),
        ((*ONE, "RRULE:FREQ=DAILY;COUNT=0"), reader.TOO_OFTEN),
        ((*ONE, "EXRULE:FREQ=DAILY"), reader.TOO_OFTEN),
        (
            without(
                "DT", "DTSTART:19200407T140000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"
            ),
            reader.TOO_OFTEN,
        ),
    ],
)
def test_what_is_no_session_is_left_out_with_its_reason(event, reason):
    assert left_out(file(event)) == {reason: 1}
    assert events(file(event)) == []


# What is refused


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\0\0", "binary data"),
        (b"hello", "line 1: must be NAME:value"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "line 1: must be a calendar"),
        (file(ONE)[:-20], "line 7: must end what was begun last"),
        (file(ONE)[:40], "ends in the middle"),
        (file(ONE).replace(b"SUMMARY:Pear", b"Pear"), "line 4: must be NAME:value"),
        (file(ONE).decode().encode("utf-16"), "UTF-16"),
        (file(ONE).replace(b"Pear", b"P\xeear"), "line 4: must be UTF-8"),
        (b"BEGIN:VCALENDAR\r\n" + b"X-A:b\r\n" * 600_000, "at most 4 MB"),
        (
            file((*ONE, "RDATE:" + "20260407T140000Z," * 3000)),
            "line 7: must name at most",
        ),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_line(content, words):
    with pytest.raises(FileError, match=words) as refused:
        read(content)

    assert "Pear" not in str(refused.value)


def test_a_time_zone_with_a_hostile_rule_is_refused():
    head = (
        "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )

    with pytest.raises(FileError, match="line 6: the rules of a time zone"):
        read(file(ONE, head=head))


def test_hostile_rules_are_bounded_in_time():
    begun = time.monotonic()
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    for rule, words in (
        ("RRULE:FREQ=DAILY", "at most 20000 times"),
        (never, "fewer rules that repeat"),
    ):
        many = [(f"UID:{i}", *ONE[1:], rule) for i in range(300)]
        with pytest.raises(FileError, match=words):
            read(file(*many))

    assert time.monotonic() - begun < 60


def test_more_events_than_anybody_has_are_refused():
    with pytest.raises(FileError, match="at most 10000 events"):
        read(file(*[("UID:a",)] * 10_001))


def test_no_title_and_no_identifier_is_shown_by_what_was_read():
    found = read(file(without("UID", "UID:somebody@example.invalid")))

    assert "Pear" not in repr(found)
    assert "somebody" not in repr(found)


def test_without_the_packages_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(reader, "find_spec", lambda _: None)

    with pytest.raises(FileError, match=r"duologue\[web\]"):
        read(file(ONE))


# The record


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": NOW.replace(tzinfo=None)},
        {"end": NOW},
        {"end": NOW + timedelta(hours=9)},
        {"sequence": -1},
    ],
)
def test_an_event_has_a_zone_a_length_and_a_sequence(wrong):
    with pytest.raises(RecordError, match="must"):
        CalendarEvent(**{"start": NOW, "end": NOW + timedelta(minutes=50), **wrong})


def test_a_rule_is_looked_at_in_years_that_are_the_same():
    assert rules.CYCLE * 365.2425 % 7 == 0
