"""Calendars: what is read, what is left out and why, and what is refused in time."""

import itertools
import pathlib
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duologue.errors import FileError, RecordError
from duologue.formats import ics
from duologue.formats.ics import reader
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


@pytest.mark.parametrize(
    ("start", "ends", "head"),
    [
        (":20260407T170000", "COUNT=3", "X-WR-TIMEZONE:America/New_York"),
        (":20260407T170000", "UNTIL=20260421T170000", "X-WR-TIMEZONE:Asia/Tokyo"),
        (":20260407T170000", "UNTIL=20260421", ""),
        (":20260407T163000Z", "COUNT=3", "X-WR-TIMEZONE:Europe/London"),
        (";TZID=America/Los_Angeles:20260407T170000", "UNTIL=20260421", ""),
        (";TZID=America/Los_Angeles:20260407T170000", "UNTIL=20260422T000000Z", ""),
        (";TZID=Pacific/Auckland:20260407T080000", "UNTIL=20260421", ""),
        (";TZID=Pacific/Auckland:20260407T080000", "COUNT=3", ""),
    ],
)
def test_a_series_has_its_last_time_wherever_it_is(start, ends, head):
    event = without(
        "DT", f"DTSTART{start}", "DURATION:PT50M", f"RRULE:FREQ=WEEKLY;{ends}"
    )

    found = starts(file(event, head=f"{head}\r\n" if head else ""))

    assert [b - a for a, b in itertools.pairwise(found)] == [timedelta(weeks=1)] * 2


def test_by_the_clock_of_the_calendar_a_series_in_utc_stays_at_its_hour():
    event = without(
        "DT", "DTSTART:20261019T130000Z", "DURATION:PT50M", "RRULE:FREQ=WEEKLY;COUNT=2"
    )

    found = starts(file(event, head="X-WR-TIMEZONE:Europe/London\r\n"))

    assert [start.hour for start in found] == [13, 14]


def test_while_the_clocks_change_a_session_lasts_as_long_as_the_clock_says():
    for start, end in (("20261025T013000", "022000"), ("20270328T013000", "022000")):
        event = without(
            "DT",
            f"DTSTART;TZID=Europe/London:{start}",
            f"DTEND;TZID=Europe/London:{start[:9]}{end}",
        )
        assert [e.minutes for e in events(file(event))] == [50]


OWN = (
    "BEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"
    "\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\n"
    "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"
    "\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Our own", [12, 13]),  # as the calendar says
        ("Europe/London", [13, 14]),  # as everybody says
        ('"W. Europe Standard Time"', [12, 13]),
        ("/program.example/2007/Europe/London", [13, 14]),
    ],
)
def test_a_zone_is_known_by_its_name_or_by_what_the_calendar_says_of_it(name, hours):
    event = without(
        "DT",
        f"DTSTART;TZID={name}:20261019T140000",
        "DURATION:PT50M",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )

    assert [s.hour for s in starts(file(event, head=OWN.format(name)))] == hours


# What was changed of a series


SERIES = (*ONE, "RRULE:FREQ=WEEKLY;COUNT=4")
SECOND = "20260414T140000Z"


def changed(*lines, params=""):
    """Return a series of four of which the second was changed."""
    return file(
        SERIES, ("UID:one", f"RECURRENCE-ID{params}:{SECOND}", "SEQUENCE:1", *lines)
    )


def test_of_one_and_all_after_it_each_is_moved_and_keeps_its_name():
    content = changed(
        *("DTSTART:20260415T100000Z", "DTEND:20260415T110000Z"),
        params=";RANGE=THISANDFUTURE",
    )

    assert [(e.recurrence, f"{e.start:%d %H}", e.minutes) for e in events(content)] == [
        ("20260407T140000Z", "07 14", 50),
        ("20260414T140000Z", "15 10", 60),
        ("20260421T140000Z", "22 10", 60),
        ("20260428T140000Z", "29 10", 60),
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("DTSTART;VALUE=DATE:20260414", "DTEND;VALUE=DATE:20260415"), reader.ALL_DAY),
        (("DTSTART;TZID=No/Where:20260414T150000",), reader.NO_ZONE),
        (("DTSTART:20260414T090000Z", "DTEND:20260414T190000Z"), reader.TOO_LONG),
        (("DTSTART:soon",), reader.UNREADABLE),
    ],
)
def test_one_that_says_no_time_is_left_out_and_does_not_come_back(lines, reason):
    (series,) = read(changed(*lines)).groups[0].series

    assert series.unsaid == (SECOND,)
    assert [e.start.day for e in series.events] == [7, 21, 28]
    assert left_out(changed(*lines)) == {reason: 1}


@pytest.mark.parametrize("end", [(), ("DTEND:20260415T100000Z",)])
def test_one_that_was_moved_without_a_length_lasts_as_long_as_the_others(end):
    found = events(changed("DTSTART:20260415T100000Z", *end))

    assert [(e.start.day, e.minutes) for e in found] == [
        (7, 50),
        (15, 50),
        (21, 50),
        (28, 50),
    ]


@pytest.mark.parametrize("start", [(), (f"DTSTART:{SECOND}",)])
def test_one_that_was_called_off_needs_to_say_no_more(start):
    found = {
        e.start.day: e.cancelled for e in events(changed("STATUS:CANCELLED", *start))
    }

    assert found == {7: False, 14: True, 21: False, 28: False}
    assert left_out(changed("STATUS:CANCELLED", *start)) == {}


def test_a_day_names_the_one_time_of_that_day():
    moved = ("UID:one", "DTSTART:20260415T100000Z", "DURATION:PT50M")
    named = (*moved, "RECURRENCE-ID;VALUE=DATE:20260414")
    gone = (*SERIES, "EXDATE;VALUE=DATE:20260421", "RDATE;VALUE=DATE:20260423")

    assert [e.start.day for e in events(file(SERIES, named))] == [7, 15, 21, 28]
    assert [e.start.day for e in events(file(gone))] == [7, 14, 23, 28]


# What is passed over


def test_a_line_that_is_none_is_counted_and_passed_over():
    odd = file(
        *((*ONE, "X-A_B:1", "item1.X-FOO:2", "of a description", "", ":"),),
        head="NAME\r\n",
    )

    assert len(events(odd)) == 1
    assert left_out(odd) == {reader.NO_LINE: 3}


def test_a_line_may_be_folded_within_a_letter():
    folded = file(without("SUMMARY", "SUMMARY:Bj?")).replace(
        b"?", b"\xc3\r\n \xb6rn\\, and"
    )

    assert [group.title for group in read(folded).groups] == ["Bj\xf6rn, and"]


def test_what_stands_in_a_reminder_is_not_of_the_event():
    event = (*ONE, "BEGIN:VALARM", "DURATION:PT5M", "UID:other", "END:VALARM")

    assert [e.minutes for e in events(file(event))] == [50]


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
        (b"hello", "line 1: must be a calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "line 1: must be a calendar"),
        (file(ONE)[:-20], "line 7: must end what was begun last"),
        (file(ONE)[:40], "ends in the middle"),
        (file(ONE).replace(b"UID:one", b"END:VTODO"), "line 3: must end what"),
        (file(ONE).decode().encode("utf-16"), "UTF-16"),
        (file(ONE).replace(b"Pear", b"P\xeear"), "line 4: must be UTF-8"),
        (b"BEGIN:VCALENDAR\r\n" + b"X-A:b\r\n" * 600_000, "at most 4 MB"),
        (
            file((*ONE, "RDATE:" + "20260407T140000Z," * 3000)),
            "line 7: must name at most",
        ),
        (
            file((*ONE, *["EXDATE:" + "20260407T140000Z," * 1999] * 11)),
            "must name at most 20000 single dates",
        ),
        (b"BEGIN:VCALENDAR\r\n" + b"UID:a\r\n" * 300_000, "at most 250000 lines"),
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


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["RRULE:FREQ=DAILY"], "at most 20000 times"),
        (["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "fewer rules that repeat"),
        (["RRULE:FREQ=YEARLY;BYDAY=60MO"], "fewer rules that repeat"),
        (["RRULE:FREQ=DAILY;UNTIL=20200101"] * 11, reader.TOO_OFTEN),
        (["DTSTART;TZID=Nowhere/{}:20260407T140000"], reader.UNREADABLE),
        (["RECURRENCE-ID:20260407T140000Z"], ""),
    ],
)
def test_a_hostile_calendar_costs_about_a_second(lines, words):
    many = [
        (f"UID:{i}", *ONE[1:], *(line.format(i) for line in lines)) for i in range(3000)
    ]
    begun = time.process_time()

    try:
        said = ", ".join(left_out(file(*many)))
    except FileError as refused:
        said = str(refused)

    assert time.process_time() - begun < 2
    assert words in said


def test_one_series_of_more_entries_than_a_year_has_hours_for_is_left_out():
    changes = [
        (*ONE, f"RECURRENCE-ID:20260407T14{i // 60:02}{i % 60:02}Z")
        for i in range(1000)
    ]

    assert left_out(file(ONE, *changes)) == {reader.TOO_OFTEN: 1001}


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
