"""Reading a calendar: twice is once, its order says nothing, and nothing is lost."""

import random
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app_people import NOW
from duologue.errors import NotYoursError
from duologue.formats.ics import read_calendar
from duologue.records import CalendarEvent, CalendarSeries, Mode, Status
from duologue.store import actions, queries
from duologue.store.models import Dyad, Event, Session
from strategies_calendars import HOURS, calendars
from two_seats import C, T, undone

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LENGTH = timedelta(minutes=50)


def event(start, **more):
    return CalendarEvent(**{"start": start, "end": start + LENGTH, **more})


def series(*events, uid="a", whole=True):
    return CalendarSeries(uid=uid, events=events, whole=whole)


def weekly(n, *, first=NOW + 2 * DAY, **more):
    """Return a series of so many weeks."""
    return series(
        *(event(first + i * WEEK, recurrence=f"{i}") for i in range(n)), **more
    )


def follow(two, *chosen):
    return two.do(actions.import_calendar, T, chosen)


def rows(two):
    """Return the sessions of the pair, in the order of time."""
    return list(two.dyad().sessions.order_by("planned_start", "number"))


def frames(two):
    return [(s.number, s.planned_start, s.status) for s in rows(two)]


def table(two):
    """Return all that is stored of the sessions."""
    found = two.dyad().sessions.order_by("pk")
    return list(found.values()), two.dyad().last_number


# Properties


AS_IT_WAS = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""Each example undoes what it does, so one practice does for all."""


@AS_IT_WAS
@given(known=st.lists(HOURS, unique=True, max_size=4), chosen=calendars())
def test_to_read_a_calendar_twice_is_to_read_it_once(two, known, chosen):
    with undone():
        place(two, known)
        follow(two, *chosen)
        once = table(two)

        found = queries.calendar_plan(two.pair(T), chosen, now=NOW)
        follow(two, *chosen)

        assert table(two) == once
        assert not found.changes


@AS_IT_WAS
@given(
    known=st.lists(HOURS, unique=True, max_size=4),
    chosen=calendars(),
    seed=st.integers(0, 2**16),
)
def test_the_order_of_the_events_says_nothing(two, known, chosen, seed):
    results = []
    shuffle = random.Random(seed)  # noqa: S311 - an order, nothing to guard
    mixed = [
        CalendarSeries(
            uid=one.uid,
            whole=one.whole,
            events=tuple(shuffle.sample(one.events, len(one.events))),
        )
        for one in shuffle.sample(chosen, len(chosen))
    ]
    for each in (chosen, mixed):
        with undone():
            place(two, known)
            follow(two, *each)
            results.append(without_ids(two))

    assert results[0] == results[1]


@AS_IT_WAS
@given(known=st.lists(HOURS, unique=True, max_size=4), chosen=calendars())
def test_nothing_is_removed_what_has_begun_stays_and_no_two_are_at_one_time(
    two, known, chosen
):
    with undone():
        place(two, known)
        before = {s.pk: s for s in rows(two)}
        follow(two, *chosen)
        after = {s.pk: s for s in rows(two)}

        assert before.keys() <= after.keys()
        for pk, session in before.items():
            if session.planned_start <= NOW:
                now = after[pk]
                assert (now.number, now.planned_start, now.status) == (
                    session.number,
                    session.planned_start,
                    session.status,
                )
        numbers = [s.number for s in rows(two)]
        assert numbers == sorted(set(numbers))
        held = [s.planned_start for s in rows(two) if s.status == "held"]
        assert len(held) == len(set(held))


def place(two, known):
    """Let the pair have sessions at these times, and no others."""
    Session.objects.filter(dyad=two.dyad()).delete()
    for start in sorted(known):
        two.do(actions.add_session, T, start, mode=Mode.ROOM)


def without_ids(two):
    return [
        {name: value for name, value in row.items() if name != "id"}
        for row in two.dyad().sessions.order_by("number").values()
    ]


# What happens


def test_new_ones_are_numbered_in_the_order_of_time_among_those_to_come(two):
    found = follow(two, weekly(3))

    assert len(found.new) == 3
    begun, to_come = frames(two)[:3], frames(two)[3:]
    assert [number for number, *_ in begun] == [1, 2, 3]
    assert [number for number, *_ in to_come] == [5, 6, 7, 8]
    days = [(start - NOW).days for _, start, _ in to_come]
    assert days == [2, 6, 9, 16]


def test_what_is_there_at_the_same_time_is_known_again_by_it(two):
    fourth = rows(two)[3].planned_start

    found = follow(two, series(event(fourth)))
    moved = follow(two, series(event(fourth + DAY, sequence=1)))

    assert (found.changes, found.n_same) == (False, 1)
    assert list(moved.moved) == [4]
    assert frames(two)[3][:2] == (4, fourth + DAY)


def test_one_that_was_moved_keeps_its_number_unless_it_passes_another(two):
    follow(two, weekly(3, first=NOW + 8 * DAY))
    numbers = [number for number, *_ in frames(two)]

    follow(
        two,
        series(
            event(NOW + 9 * DAY, recurrence="0", sequence=1),
            event(NOW + 40 * DAY, recurrence="1", sequence=1),
            event(NOW + 22 * DAY, recurrence="2"),
        ),
    )

    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert [number for number, *_ in frames(two)] == [1, 2, 3, 4, 5, 7, 8]


def test_what_was_moved_by_hand_is_not_moved_back(two):
    follow(two, weekly(1))
    two.do(actions.move_session, T, 5, NOW + 3 * DAY)

    again = follow(two, weekly(1))
    later = follow(two, weekly(1, first=NOW + 4 * DAY))

    assert (again.changes, list(later.moved)) == (False, [5])


def of_calendar(two):
    """Return number, start and status of what a calendar has named."""
    return [(s.number, s.planned_start, s.status) for s in rows(two) if s.calendar]


@pytest.mark.parametrize(
    "by", [timedelta(hours=1), -3 * DAY, 4 * DAY, 4 * DAY + timedelta(hours=2)], ids=str
)
def test_where_a_whole_series_is_at_other_times_each_session_moves(two, by):
    first = NOW + 10 * DAY
    follow(two, weekly(4, first=first))
    before = of_calendar(two)
    moved = [event(first + by + i * WEEK, recurrence=f"new {i}") for i in range(5)]

    follow(two, series(*moved))

    assert of_calendar(two)[:4] == [(n, start + by, "held") for n, start, _ in before]
    assert not follow(two, series(*moved)).changes


def test_what_a_series_no_longer_has_does_not_take_the_place_of_another(two):
    first, hour = NOW + 10 * DAY, timedelta(hours=1)
    follow(two, weekly(4, first=first))
    left = [event(first + i * WEEK + hour, recurrence=f"new {i}") for i in (1, 2, 4)]

    follow(two, series(*left))

    assert [(start - first, status) for _, start, status in of_calendar(two)] == [
        (timedelta(0), "cancelled"),
        (WEEK + hour, "held"),
        (2 * WEEK + hour, "held"),
        (3 * WEEK, "cancelled"),
        (4 * WEEK + hour, "held"),
    ]


def test_today_is_not_moved_to_where_its_series_has_been(two):
    first = NOW + timedelta(hours=2)
    follow(two, weekly(3, first=first))
    before = [event(first - DAY + i * WEEK, recurrence=f"new {i}") for i in range(3)]

    found = follow(two, series(*before))

    assert (len(found.moved), found.n_left) == (2, 1)
    assert [start - first for _, start, _ in of_calendar(two)] == [
        timedelta(0),
        WEEK - DAY,
        2 * WEEK - DAY,
    ]


def test_one_event_that_becomes_a_series_is_its_first_session(two):
    follow(two, series(event(NOW + 2 * DAY)))

    found = follow(two, weekly(3))

    assert (len(found.new), found.moved, found.cancelled) == (2, {}, ())
    assert [n for n, *_ in of_calendar(two)] == [5, 7, 8]


def test_of_what_the_calendar_says_no_time_nothing_is_changed(two):
    follow(two, weekly(2))
    rest = event(NOW + 9 * DAY, recurrence="1")
    one = CalendarSeries(uid="a", events=(rest,), whole=True, unsaid=("0",))

    assert not follow(two, one).changes


@pytest.mark.parametrize("later", [True, False], ids=["later", "at once"])
@pytest.mark.parametrize("named", [True, False], ids=["called off", "gone"])
def test_what_was_called_off_and_made_anew_takes_place(two, later, named):
    start = NOW + 2 * DAY
    follow(two, series(event(start, recurrence="0")))
    off = [event(start, recurrence="0", cancelled=True, sequence=1)] if named else []
    anew = series(event(start), uid="b")

    if later:
        follow(two, series(*off))
    found = follow(two, series(*off), anew)

    assert of_calendar(two) == [(5, start, "held")]
    assert found.changes == later
    assert not follow(two, series(*off), anew).changes


@pytest.mark.parametrize(
    "at", [NOW + 2 * DAY, NOW + 3 * DAY], ids=["as it was", "moved"]
)
def test_what_the_calendar_called_off_and_confirms_is_on_again(two, at):
    start = NOW + 2 * DAY
    follow(two, series(event(start)))
    follow(two, series(event(start, cancelled=True, sequence=1)))

    found = follow(two, series(event(at, sequence=2)))

    assert (list(found.restored), of_calendar(two)) == ([5], [(5, at, "held")])


def test_what_the_calendar_called_off_and_is_on_here_stays_on(two):
    follow(two, series(event(NOW + 2 * DAY)))
    off = series(event(NOW + 2 * DAY, cancelled=True, sequence=1))
    follow(two, off)
    two.do(actions.note_frame, T, 5, actions.Noted())

    assert not follow(two, off).changes
    assert of_calendar(two)[0][2] == "held"


def test_a_calendar_moves_no_session_onto_another(two):
    first, hour = NOW + 10 * DAY, timedelta(hours=1)
    both = [series(event(first + i * hour), uid=f"{i}") for i in range(2)]
    follow(two, *both)
    two.do(actions.add_session, T, first + 5 * hour, mode=Mode.ROOM)
    onto = series(event(first + 5 * hour, sequence=1), uid="1")

    for chosen in ([onto], [onto, series(event(first + hour), uid="c")]):
        found = follow(two, *chosen)
        assert (found.changes, found.n_taken) == (False, 1)
    swapped = [
        series(event(first + i * hour, sequence=1), uid=f"{1 - i}") for i in range(2)
    ]
    assert len(follow(two, *swapped).moved) == 2


def test_an_older_calendar_moves_nothing_back(two):
    follow(two, series(event(NOW + 2 * DAY, sequence=3)))

    found = follow(two, series(event(NOW + 5 * DAY, sequence=2)))

    assert (found.changes, found.n_same) == (False, 1)


def test_one_that_is_cancelled_is_cancelled_and_stays_on_the_list(two):
    follow(two, weekly(2))

    follow(two, series(event(NOW + 2 * DAY, recurrence="0", cancelled=True)))

    assert [s.status for s in rows(two)[3:]] == ["cancelled", "held", "cancelled"]


def test_a_part_of_a_calendar_cancels_only_what_it_names(two):
    follow(two, weekly(3))
    off = event(NOW + 2 * DAY, recurrence="0", cancelled=True)

    follow(two, series(off, whole=False))

    assert [s.status for s in rows(two)[3:]] == ["cancelled", *["held"] * 3]


def test_a_series_that_is_cancelled_as_one_is_cancelled_as_far_as_it_is_to_come(two):
    follow(two, weekly(4, first=NOW - 10 * DAY + timedelta(hours=1)))
    off = event(NOW + 4 * DAY, cancelled=True)

    follow(two, series(off, whole=False))

    status = {(s.planned_start > NOW, bool(s.calendar), s.status) for s in rows(two)}
    assert (True, True, "held") not in status
    assert (False, True, "cancelled") not in status


def test_one_that_the_calendar_no_longer_has_is_off(two):
    follow(two, weekly(3))

    found = follow(two, weekly(2))

    assert found.cancelled == (8,)


def test_what_has_begun_is_never_changed_by_a_calendar(two):
    third = rows(two)[2].planned_start
    follow(two, series(event(third)))
    before = table(two)

    for changed in (
        event(third + 2 * DAY, sequence=4),
        event(third, cancelled=True, sequence=4),
    ):
        found = follow(two, series(changed))
        assert (found.changes, found.n_same) == (False, 1)

    assert table(two) == before


def test_what_comes_before_the_sessions_that_there_are_is_left_out(two):
    found = follow(two, series(event(rows(two)[0].planned_start - DAY)))

    assert (found.changes, found.n_left) == (False, 1)


def test_one_that_moved_into_the_past_stays_where_it_is(two):
    follow(two, series(event(NOW + 2 * DAY)))

    found = follow(two, series(event(NOW - timedelta(hours=2), sequence=1)))

    assert (found.changes, found.n_left) == (False, 1)


def test_an_hour_in_the_diary_for_fifty_minutes_is_fifty_minutes(two):
    hour, double = timedelta(hours=1), timedelta(minutes=100)
    starts = [NOW + i * DAY for i in (1, 2, 3)]
    chosen = [
        CalendarEvent(recurrence=str(i), start=at, end=at + length)
        for i, (at, length) in enumerate(zip(starts, (hour, hour, double), strict=True))
    ]

    follow(two, series(*chosen))

    made = [s.planned_minutes for s in rows(two) if s.calendar]
    assert made == [None, None, 100]

    Dyad.objects.filter(ref=two.ref).update(agreement=None)
    follow(two, series(event(NOW + 4 * DAY), uid="b"))
    assert rows(two)[6].planned_minutes == 50


# Who may, and what is kept


def test_the_client_reads_no_calendar_and_asks_of_none(two):
    with pytest.raises(NotYoursError, match="the therapist's to hold"):
        two.do(actions.import_calendar, C, [weekly(1)])
    with pytest.raises(NotYoursError, match="the therapist's to hold"):
        queries.calendar_plan(two.pair(C), [weekly(1)], now=NOW)


def test_a_supervisor_reads_one_for_a_supervision_pair(two):
    ref = two.world.ref("sup")

    found = actions.import_calendar(two.world.sup, ref, [weekly(2)], now=NOW)

    assert len(found.new) == 2


def test_neither_an_identifier_nor_the_same_name_for_two_pairs_is_stored(two):
    uid = "somebody@example.invalid"
    follow(two, weekly(1, uid=uid))
    bo = two.world.ref("bo")
    actions.import_calendar(two.world.therapist, bo, [weekly(1, uid=uid)], now=NOW)

    names = list(
        Session.objects.exclude(calendar="").values_list("calendar", flat=True)
    )
    assert len(set(names)) == len(names) == 2
    assert not any("somebody" in str(row) for row in Session.objects.values())


def test_it_is_one_event_and_a_change_for_both_only_if_something_changes(two):
    *_, before = two.revisions()
    follow(two, weekly(2))
    *_, once = two.revisions()
    follow(two, weekly(2))
    *_, twice = two.revisions()

    assert (once - before, twice - once) == (1, 0)
    told = Event.objects.filter(what="calendar_imported")
    assert told.count() == 2


def test_a_session_that_was_cancelled_here_stays_off(two):
    follow(two, weekly(1))
    two.do(actions.note_frame, T, 5, actions.Noted(status=Status.CANCELLED))

    assert not follow(two, weekly(1)).changes
    copy = weekly(1, uid="b")
    assert not follow(two, weekly(1), copy).changes
    assert not follow(two, weekly(1), copy).changes

    found = follow(two, weekly(1, first=NOW + 3 * DAY))  # it has changed since
    assert list(found.restored) == [5]


def test_a_file_of_another_zone_is_read_into_the_days_of_the_practice(two):
    content = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Pear\n"
        b"DTSTART;TZID=America/New_York:20260402T190000\n"
        b"DTEND;TZID=America/New_York:20260402T195000\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    zone = ZoneInfo("Europe/London")
    found = read_calendar(content, where="it", zone=zone, now=NOW)

    follow(two, *found.groups[0].series)

    (made,) = (s for s in rows(two) if s.calendar)
    assert made.planned_start.astimezone(UTC).hour == 23
    assert made.as_record().day.isoformat() == "2026-04-03"  # half past midnight there
