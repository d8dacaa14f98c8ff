"""The ledger of consent in the store: what is added, and what of it the other can load."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app_people import NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Mode, Seat, Status
from duologue.sharing.consent import BY_BOTH, PER_SESSION, Purpose, both, shown
from duologue.store import actions, queries
from duologue.store.models import Consent, Session, Withdrawal
from duologue.store.models.consent import said_by, shown_to
from two_seats import C, T, undone

RECORDING, RESEARCH = Purpose.RECORDING, Purpose.RESEARCH


def asked(two, seat, purpose=RECORDING, now=NOW):
    """Return how one purpose stands for one of the two."""
    ledger = queries.ledger(two.pair(seat), now=now)
    return next(each for each in ledger.asked if each.purpose is purpose)


def test_at_first_nothing_is_given_but_that_what_one_writes_is_kept(two):
    for seat in Seat:
        ledger = queries.ledger(two.pair(seat), now=NOW)
        given_ = {each.purpose for each in ledger.asked if each.given}
        assert given_ == {Purpose.KEEPING}
        assert ledger.history == ()


def test_the_client_is_asked_about_what_comes_and_the_therapist_about_what_they_said(
    two,
):
    assert asked(two, C).asks == (4, 5, 6)
    assert asked(two, T).asks == ()

    two.do(actions.say_yes, C, RECORDING, sessions=[4, 5])

    assert asked(two, C).asks == (6,)
    assert asked(two, C).to_other == (4, 5)
    assert asked(two, T).asks == (4, 5)
    two.do(actions.say_yes, T, RECORDING, sessions=[4])
    assert [asked(two, seat).both_sessions for seat in Seat] == [(4,), (4,)]
    assert asked(two, T).asks == (5,)


def test_a_session_that_is_off_is_not_the_next_and_not_asked_about(two):
    off = actions.Noted(status=Status.CANCELLED)
    for week in (2, 3):
        start = NOW + timedelta(weeks=week)
        two.do(actions.add_session, T, start, mode=Mode.ROOM)
    two.do(actions.say_yes, C, RECORDING, sessions=[4, 5, 6])
    two.do(actions.note_frame, T, 4, off)
    assert queries.ledger(two.pair(C), now=NOW).coming == 5
    assert asked(two, T).asks == (5, 6)
    with pytest.raises(NotNowError, match="not asked of you"):
        two.do(actions.say_yes, T, RECORDING, sessions=[4])

    for number in (5, 6):
        two.do(actions.note_frame, T, number, off)

    assert queries.ledger(two.pair(C), now=NOW).coming == 7


@pytest.mark.parametrize("sessions", [[3], [7], [1], [10**6], []])
def test_no_yes_reaches_what_is_over_or_beyond_the_six(two, sessions):
    with pytest.raises(NotNowError, match="not asked of you"):
        two.do(actions.say_yes, C, RECORDING, sessions=sessions)

    assert not Consent.objects.exists()


def test_without_a_session_to_come_the_next_number_is_asked_about(two):
    Session.objects.filter(dyad__ref=two.ref, number=4).delete()

    assert asked(two, C).asks == (5, 6)


def test_once_the_six_are_over_no_yes_is_left(two):
    two.do(actions.say_yes, C, RECORDING, sessions=[4, 5, 6])
    later = NOW + timedelta(weeks=8)
    for number in (5, 6):
        start = NOW + timedelta(weeks=number - 3)
        Session.objects.create(dyad=two.dyad(), number=number, planned_start=start)

    assert asked(two, C, now=later).asks == (7, 8, 9, 10, 11, 12)
    assert asked(two, T, now=later).asks == ()


def test_the_therapist_cannot_say_yes_before_the_client_nor_after_a_withdrawal(two):
    for prepare in (
        lambda: None,
        lambda: two.do(actions.say_no, C, RECORDING, sessions=[4]),
        lambda: two.do(actions.say_yes, C, RECORDING, sessions=[4]),
    ):
        prepare()
        two.do(actions.say_no, C, RECORDING)
        with pytest.raises(NotNowError, match="not asked of you"):
            two.do(actions.say_yes, T, RECORDING, sessions=[4])
    two.do(actions.say_no, T, RECORDING, sessions=[4])

    assert not Consent.objects.filter(seat=T).exists()


def test_said_twice_it_stands_once_and_each_withdrawal_is_listed(two):
    for _ in range(2):
        two.do(actions.say_yes, C, RESEARCH)
        two.do(actions.say_yes, C, RECORDING, sessions=[4, 5])
    for _ in range(2):
        two.do(actions.say_no, C, RESEARCH)
        two.do(actions.say_no, C, RECORDING)

    rows = Consent.objects.values_list("purpose", "session", "given")
    assert list(rows) == [
        ("research", None, True),
        ("recording", 4, True),
        ("recording", 5, True),
        ("research", None, False),
        ("recording", 4, False),
        ("recording", 5, False),
    ]
    assert Withdrawal.objects.filter(what="consent").count() == 3
    history = queries.ledger(two.pair(C), now=NOW).history
    assert [(word.purpose, word.given, word.sessions) for word in history] == [
        (RECORDING, False, (4, 5)),
        (RESEARCH, False, ()),
        (RECORDING, True, (4, 5)),
        (RESEARCH, True, ()),
    ]
    assert {word.day for word in history} == {timezone.localdate(NOW)}


def test_the_therapists_yes_is_asked_for_anew_after_the_client_took_theirs_back(two):
    for seat in (C, T):
        two.do(actions.say_yes, seat, RECORDING, sessions=[4])
    two.do(actions.say_no, C, RECORDING)
    two.do(actions.say_yes, C, RECORDING, sessions=[4])

    assert asked(two, T).asks == (4,)
    assert asked(two, C).both_sessions == ()
    two.do(actions.say_yes, T, RECORDING, sessions=[4])
    assert asked(two, C).both_sessions == (4,)


@pytest.mark.parametrize("who", ["bo", "sup", "out"])
def test_nobody_else_says_anything_for_the_two(two, who):
    for say in (actions.say_yes, actions.say_no):
        with pytest.raises(NotYoursError):
            say(two.world.people[who], two.ref, RESEARCH, now=NOW)

    assert not Consent.objects.exists()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(Seat),
        st.sampled_from(sorted(PER_SESSION | BY_BOTH)),
        st.sampled_from([4, 5]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_what_is_loaded_of_the_other_is_what_the_rule_lets_one_see(two, steps):
    with undone():
        for seat, purpose, number, yes in steps:
            Consent.objects.create(
                dyad=two.dyad(),
                seat=seat,
                purpose=purpose,
                session=number if purpose in PER_SESSION else None,
                given=yes,
                at=NOW,
            )
        pk = two.dyad().pk
        for seat in Seat:
            mine, theirs = said_by(pk, seat), said_by(pk, seat.other)
            loaded = shown_to(pk, seat, mine)

            assert {word.key: word for word in loaded} == shown(seat, mine, theirs)
            assert both(seat, mine, loaded) == both(seat, mine, theirs)
