"""Transcripts: kept where both said yes, the same for both, deleted by either; and marks."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

import transcripts as made
from app_people import NOW
from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.records import Seat
from duologue.relationship.spoken import spoken_in, texts_of
from duologue.sharing import Purpose
from duologue.store import actions, queries
from duologue.store.actions.replaying import withdraw_again
from duologue.store.models import Event, HereAndNow, Transcript, Withdrawal
from duologue.store.models import transcript as rows
from strategies import turns as any_turns
from transcripts import AFTER, MARKED, OWN_WORD, add, agree, turns
from two_seats import C, T

MARK = {MARKED[0]: True, MARKED[1]: False}


def seen(two, seat):
    return queries.transcripts(two.pair(seat), now=AFTER)


def mark(two, marks, seat=T, number=4):
    two.do(actions.mark_here_and_now, seat, number, marks, now=AFTER)


@pytest.fixture
def agreed(two):
    agree(two)
    return two


@pytest.fixture
def held(agreed):
    """The two, who hold a transcript of session 4."""
    add(agreed)
    return agreed


@pytest.mark.parametrize("adds", Seat)
def test_either_adds_one_and_both_see_the_same(agreed, adds):
    before = agreed.revisions()
    add(agreed, adds)

    shown = [seen(agreed, seat) for seat in Seat]
    said = [queries.said(agreed.pair(seat), 4) for seat in Seat]
    counted = [agreed.seen(seat).ours.spoken for seat in Seat]
    assert shown[0] == shown[1]
    assert said[0] == said[1]
    assert counted[0] == counted[1] == (said[0].spoken,)
    assert [each.number for each in shown[0].kept] == [4]
    assert shown[0].may_be_added == ()
    assert agreed.revisions()[2] == before[2] + 1
    assert agreed.seen(adds).mine.spoken == ()
    assert all(not agreed.seen(seat).ours.turns for seat in Seat)


def test_what_is_counted_is_what_a_reading_of_the_kept_words_gives(held):
    said = queries.said(held.pair(C), 4)

    assert said.spoken == spoken_in(said.turns)
    assert OWN_WORD in " ".join(texts_of(said.turns))
    assert said.turns.notes == turns().notes


def test_of_whoever_is_neither_no_word_is_kept_but_when_they_spoke(held):
    segments = queries.said(held.pair(C), 4).turns.segments

    assert [s.text for s in segments if s.seat is None] == [""]
    assert [s.start_s for s in segments] == [s.start_s for s in turns().segments]


def test_no_list_of_many_pairs_opens_what_was_counted(held):
    pairs = queries.pairs_of(held.person(T))

    assert all(seen.ours.spoken == () for seen in queries.seen_of_all(pairs))


@pytest.mark.parametrize("deletes", Seat)
def test_either_deletes_it_for_both_and_it_stays_deleted(held, deletes):
    listed, before = Withdrawal.objects.count(), held.revisions()[2]

    for _ in range(2):
        held.do(actions.delete_transcript, deletes, 4, now=AFTER)

    assert not Transcript.objects.exists()
    assert held.seen(C).ours.spoken == held.seen(T).ours.spoken == ()
    assert Withdrawal.objects.count() == listed + 2  # the words, and what was counted
    assert held.revisions()[2] == before + 1
    with pytest.raises(NotYoursError):
        queries.said(held.pair(deletes), 4)


@pytest.mark.parametrize("field", ["segments", "found"])
def test_what_was_deleted_is_removed_again_after_a_restore(held, field):
    row = Transcript.objects.get()
    name = bytes(row.__dict__[field])[1:17].hex()

    withdraw_again([Withdrawal(what="record", ref=name)])

    assert not Transcript.objects.exists()


@pytest.mark.parametrize(
    "purposes",
    [(Purpose.RECORDING,), (Purpose.TRANSCRIPT,)],
    ids=lambda purposes: str(purposes[0]),
)
def test_one_yes_of_both_is_not_enough(two, purposes):
    agree(two, *purposes)

    assert seen(two, C).may_be_added == ()
    with pytest.raises(NotNowError, match="both of you have said yes"):
        add(two)
    assert not Transcript.objects.exists()


def test_a_yes_of_one_alone_is_not_enough(two):
    for purpose in (Purpose.RECORDING, Purpose.TRANSCRIPT):
        two.do(actions.say_yes, C, purpose, sessions=[4])

    for seat in Seat:
        with pytest.raises(NotNowError, match="both of you have said yes"):
            add(two, seat)


def test_it_is_added_once_its_session_has_begun(agreed):
    assert queries.transcripts(agreed.pair(C), now=NOW).may_be_added == ()
    with pytest.raises(NotYoursError):
        add(agreed, now=NOW)

    assert seen(agreed, C).may_be_added == (4,)


@pytest.mark.parametrize("who", Seat)
@pytest.mark.parametrize("purpose", [Purpose.RECORDING, Purpose.TRANSCRIPT])
def test_who_takes_back_a_yes_deletes_it_for_both(held, who, purpose):
    before = held.revisions()[2]

    held.do(actions.say_no, who, purpose, now=AFTER)

    assert not Transcript.objects.exists()
    assert held.revisions()[2] == before + 1


def test_a_yes_that_is_taken_back_again_after_a_restore_deletes_it_again(held):
    act = {"dyad": held.ref, "session": 4, "seat": "client", "item": "transcript"}

    withdraw_again([Withdrawal(what="consent", ref="f" * 32, **act)])

    assert not Transcript.objects.exists()


@pytest.mark.parametrize("who", Seat)
@pytest.mark.parametrize("pages_stay", [False, True])
def test_who_has_all_of_theirs_deleted_takes_it_along_with_every_mark(
    held, who, pages_stay
):
    mark(held, MARK)
    before = held.revisions()[2]

    held.do(actions.forget_all_of, who, now=AFTER, pages_stay=pages_stay)

    assert not Transcript.objects.exists()
    assert not HereAndNow.objects.exists()
    assert held.revisions()[2] == before + 1
    for adds in Seat:  # it would hold both of them again
        with pytest.raises(NotNowError):
            add(held, adds)


def test_one_for_each_session(held):
    with pytest.raises(NotNowError, match="a transcript of this session already"):
        add(held, T)


@pytest.mark.parametrize("name", ["bo", "kim", "other_therapist", "sup", "out"])
def test_nobody_else_adds_sees_deletes_or_marks_one(held, world, name):
    said = turns(4)
    act = partial(_refused, world.people[name], held.ref)

    act(actions.keep_transcript, said, spoken_in(said), now=AFTER)
    act(actions.delete_transcript, 4, now=AFTER)
    act(actions.mark_here_and_now, 4, MARK, now=AFTER)
    act(queries.find_pair)
    assert Transcript.objects.count() == 1


def _refused(who, ref, action, *args, **more):
    with pytest.raises(NotYoursError):
        action(who, ref, *args, **more)


def test_words_and_numbers_are_sealed_apart_and_no_name_is_kept(held):
    stored = Transcript.objects.values_list("segments", "found").get()
    opened = Transcript.objects.select_related("dyad").get()

    assert not any(OWN_WORD.encode() in bytes(each) for each in stored)
    assert OWN_WORD in opened.segments
    assert OWN_WORD not in opened.found
    assert not any(w in opened.found for w in ("happens", "fine", "hands", "somebody"))


def test_a_transcript_that_is_too_long_is_refused(agreed, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST_SEGMENTS", 50)

    with pytest.raises(NotNowError, match="must be shorter"):
        add(agreed)
    with pytest.raises(ParameterError, match="must be shorter"):
        rows.as_segments(turns())
    assert not Transcript.objects.exists()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(said=any_turns(3))
def test_whatever_was_said_reads_back_as_it_was_with_all_that_was_counted(said):
    of_two = rows.of_the_two(said)
    counted = spoken_in(of_two)

    assert rows.turns_in(rows.as_segments(said), session=said.session) == said
    assert rows.spoken_in(rows.as_counted(counted), session=3) == counted
    assert len(texts_of(of_two)) == len(counted.stretches)


def test_the_number_of_a_session_is_the_one_it_has_now():
    counted = spoken_in(turns(4))

    assert rows.spoken_in(rows.as_counted(counted), session=7) == replace(
        counted, session=7
    )


# Here and now ------------------------------------------------------------------------


def test_a_therapist_marks_their_own_candidates_and_changes_it_at_any_time(held):
    assert queries.here_and_now(held.pair(T)) == {}

    mark(held, MARK | {1: True, 99: True})  # the client's turn, and none
    assert queries.here_and_now(held.pair(T)) == {4: MARK}
    record = bytes(HereAndNow.objects.values_list("marks", flat=True).get())[1:17]

    mark(held, {MARKED[1]: True})
    mark(held, {MARKED[1]: True})
    assert queries.here_and_now(held.pair(T)) == {4: {MARKED[1]: True}}
    now = bytes(HereAndNow.objects.values_list("marks", flat=True).get())
    assert now[1:17] == record

    mark(held, {})
    mark(held, {})
    assert not HereAndNow.objects.exists()
    assert Withdrawal.objects.filter(ref=record.hex()).exists()


def test_to_the_client_there_is_nothing_to_mark(held):
    assert queries.here_and_now(held.pair(C)) is None
    with pytest.raises(NotYoursError):
        mark(held, MARK, seat=C)
    assert not HereAndNow.objects.exists()


def test_a_session_without_a_transcript_has_nothing_to_mark(held):
    for number in (1, 99):
        with pytest.raises(NotYoursError):
            mark(held, MARK, number=number)


def test_marks_are_sealed_under_the_therapists_own_key_and_told_as_any_private_page(
    held,
):
    client, _, ours = held.revisions()
    mark(held, MARK)

    row = HereAndNow.objects.select_related("person").get()
    assert row.place_of(None).holder.startswith("person:")
    assert rows.marks_in(row.marks) == MARK
    assert (held.revisions()[0], held.revisions()[2]) == (client, ours)
    assert Event.objects.order_by("number").last().what == "page_written"


@pytest.mark.parametrize("deletes", Seat)
def test_marks_go_with_the_transcript(held, deletes):
    mark(held, MARK)

    held.do(actions.delete_transcript, deletes, 4, now=AFTER)

    assert not HereAndNow.objects.exists()


def test_whether_there_are_marks_costs_whoever_deletes_no_more_and_no_less(
    held,
):
    def statements():
        with CaptureQueriesContext(connection) as found:
            held.do(actions.delete_transcript, C, 4, now=AFTER)
        return [query["sql"].split(" ", 1)[0] for query in found]

    without = statements()
    add(held)
    mark(held, MARK)
    assert HereAndNow.objects.exists()

    assert statements() == without


def test_whoever_keeps_nothing_more_marks_nothing_but_may_unmark(held):
    mark(held, MARK)
    transcript = Transcript.objects.get()
    held.do(actions.forget_all_of, T, now=AFTER)
    again = made.kept(held.dyad(), 4)
    assert again.pk != transcript.pk

    with pytest.raises(NotNowError, match="nothing more of yours"):
        mark(held, MARK)
    mark(held, {})
