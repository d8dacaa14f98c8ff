"""Recordings: kept where both said yes beforehand, the same for both, deleted by either."""

from dataclasses import replace

import pytest

from app_people import NOW
from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.records import Modality, Recorded, Seat
from duologue.sharing import Purpose
from duologue.store import actions, queries
from duologue.store.actions.replaying import withdraw_again
from duologue.store.models import Consent, Recording, Withdrawal
from duologue.store.models import recording as rows
from made_up_synchrony import FOUND
from recordings import AFTER, MOTION, add, agree
from two_seats import C, T


def seen(two, seat):
    return queries.recordings(two.pair(seat), now=AFTER)


@pytest.fixture
def agreed(two):
    agree(two)
    return two


@pytest.mark.parametrize("adds", Seat)
def test_either_adds_one_and_both_see_the_same(agreed, adds):
    before = agreed.revisions()
    add(agreed, adds)

    shown = [seen(agreed, seat) for seat in Seat]
    found = [agreed.seen(seat).ours.synchrony for seat in Seat]
    assert shown[0] == shown[1]
    assert found[0] == found[1] == (replace(FOUND, session=4),)
    assert [each.number for each in shown[0].kept] == [4]
    assert agreed.revisions()[2] == before[2] + 1
    assert agreed.seen(adds).mine.synchrony == ()


@pytest.mark.parametrize("deletes", Seat)
def test_either_deletes_it_for_both_and_it_stays_deleted(agreed, deletes):
    add(agreed)
    listed = Withdrawal.objects.count()

    for _ in range(2):
        agreed.do(actions.delete_recording, deletes, 4, Modality.MOTION, now=AFTER)

    assert not Recording.objects.exists()
    assert agreed.seen(C).ours.synchrony == agreed.seen(T).ours.synchrony == ()
    assert Withdrawal.objects.count() == listed + 2  # the series, and what was found


def test_what_was_deleted_is_removed_again_after_a_restore(agreed):
    add(agreed)
    row = Recording.objects.get()
    names = [bytes(row.__dict__[f])[1:17].hex() for f in ("series", "found")]

    withdraw_again([Withdrawal(what="record", ref=names[0])])

    assert not Recording.objects.exists()


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
    assert not Recording.objects.exists()


def test_a_yes_of_one_alone_is_not_enough(two):
    for purpose in (Purpose.RECORDING, Purpose.TRANSCRIPT):
        two.do(actions.say_yes, C, purpose, sessions=[4])

    for seat in Seat:
        with pytest.raises(NotNowError, match="both of you have said yes"):
            add(two, seat)


def test_it_is_added_once_its_session_has_begun(agreed):
    assert queries.recordings(agreed.pair(C), now=NOW).may_be_added == ()
    with pytest.raises(NotYoursError):
        add(agreed, now=NOW)

    assert seen(agreed, C).may_be_added == (4,)


@pytest.mark.parametrize("who", Seat)
@pytest.mark.parametrize("purpose", [Purpose.RECORDING, Purpose.TRANSCRIPT])
def test_who_takes_back_a_yes_deletes_it_for_both(agreed, who, purpose):
    add(agreed)
    before = agreed.revisions()[2]

    agreed.do(actions.say_no, who, purpose, now=AFTER)

    assert not Recording.objects.exists()
    assert agreed.revisions()[2] == before + 1


def test_taking_back_another_yes_deletes_none(agreed):
    agreed.do(actions.say_yes, C, Purpose.RESEARCH)
    add(agreed)

    agreed.do(actions.say_no, C, Purpose.RESEARCH, now=AFTER)

    assert Recording.objects.count() == 1


def test_a_yes_that_is_taken_back_again_after_a_restore_deletes_it_again(agreed):
    add(agreed)
    act = {"dyad": agreed.ref, "session": 4, "seat": "client", "item": "recording"}

    withdraw_again([Withdrawal(what="consent", ref="f" * 32, **act)])

    assert not Recording.objects.exists()
    assert not Consent.objects.order_by("pk").last().given


@pytest.mark.parametrize("who", Seat)
def test_who_has_all_of_theirs_deleted_takes_it_along_since_it_holds_both(agreed, who):
    add(agreed)

    agreed.do(actions.forget_all_of, who, now=AFTER)

    assert not Recording.objects.exists()
    for adds in Seat:  # it would hold both of them again
        with pytest.raises(NotNowError):
            add(agreed, adds)


@pytest.mark.parametrize("who", Seat)
def test_a_page_that_rests_on_a_recording_alone_is_made_anew_once_it_is_gone(
    agreed, who
):
    add(agreed)
    before = agreed.revisions()[2]

    agreed.do(actions.forget_all_of, who, now=AFTER)

    assert agreed.revisions()[2] == before + 1


@pytest.mark.parametrize("who", Seat)
def test_after_a_restore_no_yes_of_whoever_left_lets_a_recording_in(agreed, who):
    act = {"dyad": agreed.ref, "seat": who.value}

    withdraw_again([Withdrawal(what="keeping", ref="e" * 32, **act)])

    for adds in Seat:
        with pytest.raises(NotNowError):
            add(agreed, adds)


def test_one_of_a_kind_for_each_session(agreed):
    add(agreed)

    with pytest.raises(NotNowError, match="one of this kind"):
        add(agreed, T)
    add(agreed, T, modality=Modality.VOICE)

    assert [each.modality for each in seen(agreed, C).kept] == ["motion", "voice"]


def test_nobody_else_adds_or_deletes_one(agreed, world):
    add(agreed)
    recorded = Recorded(session=4, modality=Modality.VOICE, motion=MOTION)

    for name in ("bo", "kim", "other_therapist", "sup", "out"):
        who = world.people[name]
        with pytest.raises(NotYoursError):
            actions.keep_recording(who, agreed.ref, recorded, FOUND, now=AFTER)
        with pytest.raises(NotYoursError):
            actions.delete_recording(who, agreed.ref, 4, Modality.MOTION, now=AFTER)
    assert Recording.objects.count() == 1


def test_what_is_kept_reads_back_to_the_last_bit_and_is_sealed(agreed):
    add(agreed)
    row = Recording.objects.select_related("dyad").get()

    came = rows.recorded_in(row.series, session=4, modality=Modality.MOTION)
    found = rows.synchrony_in(row.found, session=4)

    assert came.motion == MOTION
    assert found == replace(FOUND, session=4)
    stored = Recording.objects.values_list("series", "found").get()
    assert not any(
        b"samples" in bytes(each) or b"0.2" in bytes(each) for each in stored
    )


def test_a_recording_longer_than_four_hours_is_refused(agreed, monkeypatch):
    monkeypatch.setattr(rows, "MOST_SAMPLES", 2)

    with pytest.raises(NotNowError, match="2 samples or fewer"):
        add(agreed)
    with pytest.raises(ParameterError):
        rows.as_series(MOTION)
