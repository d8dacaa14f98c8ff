"""What a yes lets the other see: nothing, until it must."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.records import Seat
from duologue.sharing.consent import (
    BY_BOTH,
    PER_SESSION,
    Purpose,
    Said,
    asked,
    both,
    ends_with,
    is_kept,
    newest,
    shown,
    standing,
)

C, T = Seat.CLIENT, Seat.THERAPIST
RECORDING = (Purpose.RECORDING, 4)


def said(*words, purpose=Purpose.RECORDING, session=4):
    """Return what two people say in this order: (seat, yes or no), by seat."""
    found = {C: [], T: []}
    for order, (seat, given_) in enumerate(words):
        word = Said(order=order, purpose=purpose, session=session, given=given_)
        found[seat].append(word)
    return found


def seen(seat, words):
    """Return the yeses of the other that somebody in this seat sees."""
    return set(shown(seat, words[seat], words[seat.other]))


def test_the_therapist_is_asked_once_the_client_has_said_yes():
    before, after = said(), said((C, True))

    assert asked(before[T], before[C]) == ()
    assert asked(after[T], after[C]) == (RECORDING,)
    assert seen(C, after) == set()
    assert both(C, after[C], after[T]) == frozenset()


def test_both_see_it_once_both_have_said_yes():
    words = said((C, True), (T, True))

    assert seen(C, words) == seen(T, words) == {RECORDING}
    assert {both(s, words[s], words[s.other]) for s in Seat} == {frozenset([RECORDING])}
    assert asked(words[T], words[C]) == ()


def test_a_yes_of_the_therapists_before_the_clients_counts_for_nothing():
    words = said((T, True), (C, True))

    assert seen(C, words) == set()
    assert both(T, words[T], words[C]) == frozenset()
    assert asked(words[T], words[C]) == (RECORDING,)


def test_after_a_withdrawal_the_therapist_is_asked_anew():
    gone = said((C, True), (T, True), (C, False))
    again = said((C, True), (T, True), (C, False), (C, True))

    assert seen(T, gone) == seen(C, gone) == set()
    assert both(T, again[T], again[C]) == frozenset()
    assert asked(again[T], again[C]) == (RECORDING,)


def test_the_therapist_is_not_asked_twice_after_a_no():
    words = said((C, True), (T, False))

    assert asked(words[T], words[C]) == ()
    assert seen(C, words) == set()


@pytest.mark.parametrize(
    "words",
    [(), ((C, False),), ((C, True), (C, False)), ((C, False), (C, True), (C, False))],
)
def test_to_the_therapist_no_answer_a_no_and_a_withdrawal_are_one(words):
    found = said(*words)

    assert seen(T, found) == set()
    assert asked(found[T], found[C]) == ()
    assert both(T, found[T], found[C]) == frozenset()


@pytest.mark.parametrize("purpose", sorted(BY_BOTH))
@pytest.mark.parametrize("seat", Seat)
def test_what_takes_both_is_seen_by_neither_before(purpose, seat):
    alone = said((seat, True), purpose=purpose, session=None)
    together = said((seat, True), (seat.other, True), purpose=purpose, session=None)

    assert [seen(each, alone) for each in Seat] == [set(), set()]
    assert [seen(each, together) for each in Seat] == [{(purpose, None)}] * 2


@pytest.mark.parametrize("given_", [True, False])
def test_nobody_sees_whether_the_other_is_kept(given_):
    words = said((C, given_), (T, given_), purpose=Purpose.KEEPING, session=None)

    assert [seen(each, words) for each in Seat] == [set(), set()]
    assert [is_kept(words[each]) for each in Seat] == [given_, given_]
    assert is_kept([])


KEYS = [(p, n) for p in PER_SESSION for n in (4, 5)] + [(p, None) for p in BY_BOTH]
WORDS = st.lists(
    st.tuples(st.sampled_from(Seat), st.sampled_from(KEYS), st.booleans()), max_size=20
)


def by_seat(words):
    found = {C: [], T: []}
    for order, (seat, (purpose, session), given_) in enumerate(words):
        found[seat].append(
            Said(order=order, purpose=purpose, session=session, given=given_)
        )
    return found


@given(WORDS)
def test_both_see_the_same_of_what_both_said_yes_to(words):
    found = by_seat(words)

    ours = [both(seat, found[seat], found[seat.other]) for seat in Seat]

    assert ours[0] == ours[1]
    for key in ours[0]:
        assert all(newest(found[seat])[key].given for seat in Seat)
        assert key in shown(C, found[C], found[T])


@given(WORDS)
def test_nothing_but_a_yes_that_stands_changes_what_the_other_sees(words):
    found = by_seat(words)
    for seat in Seat:
        mine, theirs = found[seat], found[seat.other]
        only_yes = list(standing(theirs).values())

        assert shown(seat, mine, theirs) == shown(seat, mine, only_yes)
        assert both(seat, mine, theirs) == both(seat, mine, only_yes)
    assert asked(found[T], found[C]) == asked(found[T], standing(found[C]).values())


def test_each_six_sessions_end_where_the_next_begin():
    ends = [ends_with(number) for number in range(1, 25)]

    assert [len(list(run)) for _, run in itertools.groupby(ends)] == [6, 6, 6, 6]
    assert all(end >= number for number, end in enumerate(ends, start=1))
