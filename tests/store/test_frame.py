"""Holding the frame: what really became of a session, and its place in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app_people import AGREED, NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.records import EdgeKind, FrameEvent, Mode, Seat, Status, Tag
from duologue.relationship import read
from duologue.store import actions, queries
from duologue.store.models import Event, Session
from two_seats import C, T, undone

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BEGUN = NOW - DAY
"""When session 3 was planned; session 4 is to come."""

LATE = actions.Noted(started=BEGUN + 10 * MINUTE, ended=BEGUN + 75 * MINUTE)


def note(two, number=3, **noted):
    two.do(actions.note_frame, T, number, actions.Noted(**noted))


def row(two, number=3):
    return two.dyad().sessions.get(number=number)


def lines(two, seat):
    return queries.sessions_of(two.pair(seat), now=NOW)


# Noting


def test_what_is_noted_is_seen_by_both_in_the_same_words(two):
    two.do(actions.note_frame, T, 3, LATE)

    assert lines(two, C) == lines(two, T)
    line = queries.session_line(two.pair(C), 3, now=NOW)
    assert line.edges == (EdgeKind.LATE_START, EdgeKind.OVERRAN)
    assert (line.session.started, line.session.ended) == (LATE.started, LATE.ended)


def test_a_word_on_an_edge_is_kept_where_one_has_moved_and_reaches_the_reading(two):
    note(two, started=LATE.started, ended=LATE.ended, tag=Tag.MEANT)

    assert two.seen(C).ours.frame == two.seen(T).ours.frame
    assert two.seen(C).ours.frame == (
        FrameEvent(session=3, kind=EdgeKind.LATE_START, tag=Tag.MEANT),
    )

    note(two, started=BEGUN, ended=BEGUN + 50 * MINUTE, tag=Tag.MEANT)

    assert (row(two).tag, two.seen(C).ours.frame) == ("", ())


def test_what_was_planned_for_this_session_goes_before_what_was_agreed(two):
    Session.objects.filter(pk=row(two).pk).update(planned_minutes=65)

    note(two, started=BEGUN, ended=BEGUN + 66 * MINUTE)

    line = queries.session_line(two.pair(C), 3, now=NOW)
    assert (line.edges, line.minutes) == ((), 65)
    assert line.planned_end == BEGUN + 65 * MINUTE


@pytest.fixture
def longer(two):
    """The pair, after a session that ran over, once they agreed on 80 minutes."""
    note(two, started=BEGUN, ended=BEGUN + 60 * MINUTE, tag=Tag.MEANT)
    two.do(actions.propose, T, replace(AGREED, length_min=80))
    proposal = queries.agreed(two.pair(C)).proposal
    two.do(actions.accept_proposal, C, proposal.ref)
    return two


def test_a_session_keeps_the_length_that_was_agreed_on_its_day(longer):
    was, to_come = lines(longer, C)[1], lines(longer, C)[0]

    assert (was.minutes, was.edges) == (50, (EdgeKind.OVERRAN,))
    assert (to_come.minutes, to_come.edges) == (80, ())
    assert longer.seen(T).ours.frame == (
        FrameEvent(session=3, kind=EdgeKind.OVERRAN, tag=Tag.MEANT),
    )
    (said,) = (
        f.sentence for f in read(longer.seen(C)).findings if f.id == "ours.frame"
    )
    assert "Ran over by as much: 1 of 3; ended early by as much: 0." in said
    note(longer, started=BEGUN, ended=BEGUN + 60 * MINUTE, tag=Tag.DRIFTED)
    assert row(longer).tag == "drifted"


def test_of_the_day_on_which_a_length_is_agreed_it_holds_already(longer):
    number = longer.do(actions.add_session, T, NOW - MINUTE, mode=Mode.ROOM)

    assert queries.session_line(longer.pair(C), number, now=NOW).minutes == 80


def test_what_was_not_held_has_no_times_and_says_by_whom(two):
    note(two, status=Status.NO_SHOW, by=Seat.CLIENT, started=BEGUN, tag=Tag.MEANT)

    noted = row(two)
    assert (noted.status, noted.by, noted.started, noted.ended, noted.tag) == (
        *("no_show", "client"),
        *(None, None, ""),
    )

    note(two, by=Seat.CLIENT)

    assert (row(two).status, row(two).by) == ("held", "")


@pytest.mark.parametrize(
    ("number", "noted", "words"),
    [
        (4, {"started": NOW}, "once the session has begun"),
        (4, {"status": Status.NO_SHOW}, "once the session has begun"),
        (3, {"ended": BEGUN}, "beside a beginning"),
        (3, {"started": NOW + MINUTE}, "still to come"),
        (3, {"started": BEGUN, "ended": NOW + MINUTE}, "still to come"),
        (3, {"started": BEGUN, "ended": BEGUN - MINUTE}, "ends after it began"),
        (3, {"started": BEGUN - 13 * 60 * MINUTE}, "near its planned time"),
        (3, {"started": BEGUN, "ended": BEGUN + 13 * 60 * MINUTE}, "near its planned"),
    ],
)
def test_times_that_cannot_be_are_refused_kindly(two, number, noted, words):
    with pytest.raises(NotNowError, match=words):
        note(two, number, **noted)


def test_one_to_come_can_be_cancelled_and_be_on_again(two):
    note(two, 4, status=Status.CANCELLED, by=Seat.THERAPIST)
    (times,) = queries.times_of([two.pair(C)], now=NOW)
    assert times.upcoming is None

    note(two, 4)
    (times,) = queries.times_of([two.pair(C)], now=NOW)
    assert times.upcoming == row(two, 4).planned_start


ON_THE_FRAME = {
    "note_frame": (actions.note_frame, 3, actions.Noted(status=Status.CANCELLED)),
    "move_session": (actions.move_session, 4, NOW + 9 * DAY),
    "import_calendar": (actions.import_calendar, []),
}


@pytest.mark.parametrize("name", ON_THE_FRAME)
def test_the_frame_is_the_therapists_to_hold_and_nobody_elses(two, name):
    action, *rest = ON_THE_FRAME[name]
    before = list(Session.objects.order_by("pk").values())

    with pytest.raises(NotYoursError, match="the therapist's to hold"):
        two.do(action, C, *rest)
    for who in ("bo", "kim", "other_therapist", "sup", "out"):
        with pytest.raises(NotYoursError, match="there is no such pair"):
            action(two.world.people[who], two.ref, *rest, now=NOW)

    assert list(Session.objects.order_by("pk").values()) == before
    assert not Event.objects.exists()


def test_in_supervision_it_is_the_supervisors(two):
    ref, supervisor = two.world.ref("sup"), two.world.sup
    noted = actions.Noted(status=Status.CANCELLED)

    actions.note_frame(supervisor, ref, 3, noted, now=NOW)
    with pytest.raises(NotYoursError, match="to hold"):
        actions.note_frame(two.world.therapist, ref, 3, noted, now=NOW)


def test_there_must_be_such_a_session(two):
    for number in (0, 99, 2**70):
        with pytest.raises(NotYoursError, match="no such session"):
            note(two, number)
        with pytest.raises(NotYoursError, match="no such session"):
            queries.session_line(two.pair(T), number, now=NOW)


def test_noting_is_an_event_and_a_change_for_both_only_if_something_changes(two):
    *_, before = two.revisions()
    two.do(actions.note_frame, T, 3, LATE)
    *_, once = two.revisions()
    two.do(actions.note_frame, T, 3, LATE)
    *_, twice = two.revisions()

    assert (once - before, twice - once) == (1, 0)
    assert list(Event.objects.values_list("what", "session")) == [
        ("session_noted", 3),
        ("session_noted", 3),
    ]


# Nothing that anybody has written goes by it


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.MOVED])
@pytest.mark.parametrize("seat", list(Seat))
def test_what_was_written_is_there_though_the_session_was_not_held(two, seat, status):
    two.answer(seat, open=70.0, line="what I wrote")
    before = two.session(seat).own_items

    note(two, status=status, by=Seat.CLIENT)

    assert two.session(seat).own_items == before
    two.answer(seat, line="what I wrote, and more")
    assert two.item(seat, "line").mine == "what I wrote, and more"
    assert two.item(seat.other, "line").theirs is None


def test_what_had_opened_stays_open_though_the_session_was_not_held(two):
    two.open()

    note(two, status=Status.CANCELLED)

    for seat in Seat:
        assert two.item(seat).theirs is not None


def test_what_comes_of_noting_does_not_depend_on_what_was_written(two):
    found = []
    for writes in (lambda: None, lambda: two.answer(C, open=70.0, line="hidden")):
        with undone():
            writes()
            note(two, status=Status.CANCELLED, by=Seat.CLIENT)
            found.append((lines(two, T), two.seen(T), two.session(T)))

    assert found[0] == found[1]


# Moving, and numbers


def test_a_session_to_come_is_moved_and_keeps_its_number(two):
    two.do(actions.move_session, T, 4, NOW + 9 * DAY)

    assert row(two, 4).planned_start == NOW + 9 * DAY
    assert Event.objects.get().what == "session_moved"
    *_, before = two.revisions()
    two.do(actions.move_session, T, 4, NOW + 9 * DAY)
    assert two.revisions()[2] == before


@pytest.mark.parametrize(
    ("number", "start", "words"),
    [
        (3, NOW + DAY, "before it begins"),
        (99, NOW + DAY, "before it begins"),
        (4, NOW - MINUTE, "to a time to come"),
        (4, NOW + 400 * DAY, "a year ahead at most"),
        (4, NOW + 20 * DAY, "at a time of its own"),
    ],
)
def test_where_a_session_cannot_be_moved(two, number, start, words):
    two.do(actions.add_session, T, NOW + 20 * DAY, mode=Mode.ROOM)

    with pytest.raises(NotNowError, match=words):
        two.do(actions.move_session, T, number, start)


def test_one_that_was_cancelled_is_not_moved(two):
    note(two, 4, status=Status.CANCELLED)

    with pytest.raises(NotNowError, match="before it begins"):
        two.do(actions.move_session, T, 4, NOW + 9 * DAY)


def test_a_session_between_those_to_come_has_its_place_in_the_numbers(two):
    later = row(two, 4)

    number = two.do(actions.add_session, T, NOW + DAY, mode=Mode.ONLINE)

    assert number == 5
    numbers = two.dyad().sessions.order_by("planned_start").values_list("number", "pk")
    assert [n for n, _ in numbers] == [1, 2, 3, 5, 6]
    assert numbers[4] == (6, later.pk)  # the same one, by another number
    assert [s.number for s in two.seen(C).ours.sessions] == [1, 2, 3, 5, 6]


def test_what_has_begun_never_changes_its_number(two):
    two.open()
    two.do(actions.add_session, T, NOW - MINUTE, mode=Mode.ROOM)

    numbers = two.dyad().sessions.order_by("planned_start").values_list("number")
    assert [n for (n,) in numbers] == [1, 2, 3, 5, 6]
    assert two.item(C, number=3).theirs is not None


# Openings together


def test_openings_together_are_counted_and_outlast_the_rooms(two):
    counted = []
    for _ in range(4):
        two.do(actions.show_room, T, 3)
        code = two.room(T).code
        for seat in Seat:
            two.do(actions.tap, seat, 3, code)
            two.do(actions.tap, seat, 3, code)  # again, which counts nothing
        counted.append({two.room(seat).opening for seat in Seat})
        two.dyad().rooms.all().delete()

    assert counted == [{1}, {2}, {3}, {4}]


def test_a_code_that_only_one_taps_counts_as_no_opening(two):
    two.do(actions.show_room, T, 3)
    two.do(actions.tap, T, 3, two.room(T).code)

    assert two.dyad().openings == 0


# The record


def test_a_record_has_the_planned_minutes(two):
    Session.objects.filter(pk=row(two).pk).update(planned_minutes=90)

    (found,) = (s for s in two.seen(C).ours.sessions if s.number == 3)
    assert found.planned_minutes == 90
    assert found.started == datetime(2026, 3, 29, 18, tzinfo=UTC)
