"""The chain of events: one for each thing done, tied together and to a file outside."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from app_people import NOW
from duologue.errors import NotYoursError
from duologue.store import actions, chain
from duologue.store.chain import BEGINNING, NO_EVENT, Head
from duologue.store.models import Event
from duologue.store.models.event import What
from two_seats import C, T

HOUR = timedelta(hours=1)


def event(number, previous, **told):
    """Return an event that fits the one before."""
    made = Event(
        number=number,
        at=NOW + number * HOUR,
        **{"what": "reflected", "who": 1, "dyad": 2, "session": 3, **told},
        previous=previous,
    )
    made.digest = chain.digest_of(made)
    return made


def made_of(n, **told):
    """Return a chain of so many events."""
    found, before = [], BEGINNING
    for number in range(1, n + 1):
        found.append(event(number, before, **told))
        before = found[-1].digest
    return found


def head_of(events):
    """Return the head that was written after the last of these."""
    return Head(number=events[-1].number, digest=events[-1].digest)


def events():
    """Return what has been done, by whom, in which session."""
    return list(Event.objects.values_list("what", "who", "dyad", "session"))


ACTS = {
    What.REFLECTED: lambda two: two.answer(C, 2, open=1.0),
    What.WILLING: lambda two: two.do(actions.say_willing, C, 2),
    What.NOT_WILLING: lambda two: two.do(actions.say_not_willing, C, 3),
    What.TAKEN_BACK: lambda two: two.do(actions.take_back, C, 3, "open"),
    What.OPENED_AGAIN: lambda two: two.do(actions.open_again, C, 3, "open"),
    What.UNSAID_SHARED: lambda two: two.do(actions.share_unsaid, C, on=True),
    What.UNSAID_KEPT: lambda two: two.do(actions.share_unsaid, C, on=False),
    What.THOUGHT_ADDED: lambda two: two.do(
        actions.add_later_thought, C, 3, "open", "More."
    ),
    What.THOUGHT_REMOVED: lambda two: two.do(actions.remove_later_thought, C, "none"),
    What.CARD_SENT: lambda two: two.do(actions.send_card, C),
    What.CARD_WITHDRAWN: lambda two: two.do(actions.withdraw_card, C),
    What.ROOM_SHOWN: lambda two: two.do(actions.show_room, C, 3),
    What.ROOM_TAPPED: lambda two: (
        two.do(actions.show_room, C, 3),
        two.do(actions.tap, C, 3, two.room(C).code),
    ),
    What.ROOM_LEFT: lambda two: two.do(actions.leave_room, C),
    What.SHOWN: lambda two: two.do(actions.note_shown, C),
}
"""What a client can do; the frame is the therapist's, and see test_importing."""

OF_A_SESSION = {
    **dict.fromkeys((What.REFLECTED, What.WILLING), 2),
    **dict.fromkeys((What.NOT_WILLING, What.TAKEN_BACK, What.OPENED_AGAIN), 3),
    **dict.fromkeys((What.THOUGHT_ADDED, What.ROOM_SHOWN, What.ROOM_TAPPED), 3),
}


@pytest.mark.parametrize("what", ACTS)
def test_whatever_is_done_is_one_event_and_says_who_and_where(two, what):
    two.open()
    before = len(events())

    ACTS[what](two)

    *earlier, last = events()[before:]
    assert last == (what, two.person(C).pk, two.dyad().pk, OF_A_SESSION.get(what))
    assert [one[0] for one in earlier] == ["room_shown"] * (what is What.ROOM_TAPPED)


def test_sessions_that_are_added_and_removed_are_events(two):
    number = two.do(actions.add_session, T, NOW + 24 * 60 * HOUR / 2, mode="room")
    two.do(actions.remove_session, T, number)
    two.do(actions.remove_session, T, number)
    two.do(actions.remove_session, T, 2**70)

    told = [(what, session) for what, _, _, session in events()]
    assert told == [
        ("session_added", number),
        ("session_removed", number),
        ("session_removed", None),
        ("session_removed", None),
    ]


def test_answering_and_skipping_are_the_same_event(two):
    two.answer(C, 2, open=1.0)
    two.do(actions.skip, C, 3)

    assert [what for what, *_ in events()] == ["reflected", "reflected"]


def test_what_is_refused_leaves_no_event(two):
    with pytest.raises(NotYoursError):
        two.do(actions.take_back, C, 3, "open")
    with pytest.raises(NotYoursError):
        actions.skip(two.world.out, two.ref, 3, now=NOW)

    assert events() == []


def test_what_is_done_makes_a_chain_without_a_break(two):
    two.open(line=("a", "b"))

    found = chain.check(Event.objects.all(), NO_EVENT)

    assert found.whole
    assert found.n_events == found.n_past_head == 6


def test_no_event_holds_a_word_of_anybody(two):
    two.open(line=("What I said.", "What I heard."))

    told = repr(list(Event.objects.values()))
    assert not any(word in told for word in ("said", "heard", "70.0", "line"))


def test_an_event_stands_only_in_the_transaction_that_it_tells_of(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        chain.append(What.IMPORTED, at=NOW)


@given(st.integers(1, 8), st.data())
def test_a_change_anywhere_is_found_where_it_is(n, data):
    events = made_of(n)
    which = data.draw(st.integers(0, n - 1))
    name, value = data.draw(
        st.sampled_from(
            [
                *[("at", NOW - HOUR), ("what", "willing"), ("who", 9), ("who", None)],
                *[("dyad", 9), ("session", 9), ("session", None), ("number", 99)],
                *[("previous", bytes(31) + b"\1"), ("digest", bytes(32))],
            ]
        )
    )
    setattr(events[which], name, value)

    found = chain.check(events, NO_EVENT)

    assert found.broken_at == which + 1
    assert not found.whole


@given(st.integers(2, 8), st.data())
def test_an_event_that_is_taken_out_is_missed(n, data):
    events = made_of(n)
    which = data.draw(st.integers(0, n - 1))
    head = head_of(events)
    del events[which]

    found = chain.check(events, head)

    assert not found.whole
    assert found.broken_at == (which + 1 if which < n - 1 else None)
    assert found.n_missing == 1


@given(st.integers(2, 8), st.integers(1, 8))
def test_an_older_database_does_not_reach_the_head(n, cut):
    events = made_of(n)

    found = chain.check(events[: max(0, n - cut)], head_of(events))

    assert found.broken_at is None
    assert found.n_missing == min(n, cut)


@given(st.integers(1, 8))
def test_a_chain_that_was_made_anew_is_not_the_one_of_the_head(n):
    found = chain.check(made_of(n, who=9), head_of(made_of(n)))

    assert (found.broken_at, found.n_missing, found.forked) == (None, 0, True)


@given(st.integers(1, 8), st.integers(0, 8))
def test_a_chain_may_be_ahead_of_its_head(n, behind):
    events = made_of(n)
    k = max(1, n - behind)

    found = chain.check(events, head_of(events[:k]))

    assert found.whole
    assert found.n_past_head == n - k


def test_a_clock_that_went_back_is_told_and_breaks_nothing():
    events = made_of(3)
    events[2] = event(3, events[1].digest)
    events[2].at = NOW - HOUR
    events[2].digest = chain.digest_of(events[2])

    found = chain.check(events, head_of(events))

    assert found.whole
    assert found.backwards == (3,)


def test_the_day_of_a_look_is_no_clock_that_went_back():
    first = event(1, BEGINNING)
    look = event(2, first.digest, what="shown")
    look.at = NOW - 9 * HOUR
    look.digest = chain.digest_of(look)
    third = event(3, look.digest)

    assert chain.check([first, look, third], head_of([third])).backwards == ()


def test_the_head_is_the_newest_that_was_written(tmp_path):
    path = tmp_path / "head"
    assert chain.read_head(path) is None

    for one in made_of(5):
        head = head_of([one])
        chain.write_head(path, head)
        assert chain.read_head(path) == head

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_write_harms_one_half_of_the_head(tmp_path):
    path, events = tmp_path / "head", made_of(4)
    for one in events:
        chain.write_head(path, head_of([one]))
    content = path.read_bytes()

    for torn in range(len(content) // 2):
        path.write_bytes(content[:torn] + bytes(1) + content[torn + 1 :])
        found = chain.read_head(path)
        assert found in (head_of(events[:3]), head_of(events))


def test_a_head_that_somebody_else_wrote_is_none(tmp_path, monkeypatch):
    path, (first,) = tmp_path / "head", made_of(1)
    chain.write_head(path, head_of([first]))
    other = dataclasses.replace(chain.ring.current(), head=bytes(32))

    monkeypatch.setattr(chain.ring, "current", lambda: other)

    assert chain.read_head(path) is None


def test_the_head_is_written_once_the_database_has_kept_it(
    two, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FOLDER = tmp_path

    with django_capture_on_commit_callbacks(execute=True):
        two.answer(C, 2, open=1.0)
        before = list(tmp_path.iterdir())

    assert before == []
    last = Event.objects.latest("number")
    assert chain.read_head(tmp_path / chain.HEAD) == Head(
        number=last.number, digest=bytes(last.digest)
    )


def test_an_answer_is_kept_though_the_head_cannot_be_written(
    two, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FOLDER = tmp_path / "nowhere"

    with django_capture_on_commit_callbacks(execute=True):
        two.answer(C, 2, open=1.0)

    assert two.item(C, number=2).mine == 1.0


def test_plain_sql_cannot_change_the_chain(two):
    two.answer(C, 2, open=1.0)

    for words in ("UPDATE store_event SET who = 9", "DELETE FROM store_event"):
        with (
            pytest.raises(Exception, match="event_is_not_"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words)
