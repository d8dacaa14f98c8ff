"""Published forms in the store: the client fills them in, and both see them as given."""

from datetime import timedelta

import pytest
from django.utils import timezone

from app_people import NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.instruments import SHIPPED
from duologue.store import actions, queries
from duologue.store.models import FilledForm, FormRhythm, Session
from two_seats import C, T

DAY = timedelta(days=1)
TODAY = NOW.date()


def fill(two, instrument="phq9", now=NOW, **answers):
    """Let the client fill in a form, its items called i1, i2, ..."""
    given = {item[1:]: value for item, value in answers.items()}
    two.do(actions.fill_form, C, instrument, given, now=now)


def test_a_form_is_seen_by_both_as_it_was_given(two):
    fill(two, i1=2.0, i9=1.0, i3=None)

    for seat in (C, T):
        (form,) = two.forms(seat).filled
        assert form.answers == {"1": 2.0, "9": 1.0}
        assert (form.day, form.session) == (TODAY, 3)
        (measure,) = two.seen(seat).ours.measures
        assert dict(measure.answers) == {"1": 2.0, "9": 1.0}


def test_filled_in_again_on_the_same_day_a_blank_takes_nothing_back(two):
    fill(two, i1=2.0, i9=2.0)
    fill(two, i1=3.0, i9=None)

    assert [form.answers for form in two.forms().filled] == [{"1": 3.0, "9": 2.0}]


def test_two_that_follow_one_session_both_stay(two):
    fill(two, i1=2.0)
    fill(two, i1=3.0, now=NOW + DAY)

    assert [form.day for form in two.forms().filled] == [TODAY + DAY, TODAY]
    measures = two.seen(T).ours.measures
    assert [dict(measure.answers) for measure in measures] == [{"1": 2.0}, {"1": 3.0}]


@pytest.mark.parametrize(
    "answers", [{"1": 4.0}, {"1": 0.5}, {"12": 1.0}, {"1": float("nan")}]
)
def test_an_answer_that_the_form_does_not_take_is_refused_and_not_repeated(
    two, answers
):
    with pytest.raises(NotNowError) as refused:
        two.do(actions.fill_form, C, "phq9", {"2": 1.0, **answers})

    assert "0, 1, 2, 3" in str(refused.value) or "the items" in str(refused.value)
    assert not FilledForm.objects.exists()


def test_a_form_of_which_everything_is_blank_is_not_kept(two):
    with pytest.raises(NotNowError, match="nothing was answered"):
        fill(two, i1=None)


def test_before_the_first_session_there_is_nothing_to_fill_in(two):
    Session.objects.filter(dyad__ref=two.ref).update(planned_start=NOW + DAY)

    with pytest.raises(NotNowError, match="from the first session on"):
        fill(two, i1=1.0)


@pytest.mark.parametrize("instrument", ["arm5", "no-such", "", "x\0"])
def test_a_form_that_clients_are_not_asked_for_is_not_there(two, instrument):
    for act, more in (
        (actions.fill_form, ({"1": 1.0},)),
        (actions.delete_form, (TODAY,)),
        (actions.keep_form_rhythm, (28,)),
    ):
        with pytest.raises(NotYoursError):
            two.do(act, C, instrument, *more)


def test_the_therapist_fills_in_and_deletes_nothing(two):
    fill(two, i1=1.0)

    for act, more in (
        (actions.fill_form, ({"1": 1.0},)),
        (actions.delete_form, (TODAY,)),
        (actions.keep_form_rhythm, (28,)),
    ):
        with pytest.raises(NotYoursError):
            two.do(act, T, "phq9", *more)
    assert two.forms(T).filled[0].answers == {"1": 1.0}


def test_a_form_that_is_deleted_is_gone_for_both(two):
    fill(two, i1=1.0)
    before = two.revisions()

    for _ in range(2):
        two.do(actions.delete_form, C, "phq9", timezone.localdate(NOW))

    assert two.forms(T).filled == ()
    assert two.seen(T).ours.measures == ()
    assert two.revisions()[2] == before[2] + 1


def test_the_usual_rhythm_asks_for_the_two_that_hold_the_third(two):
    assert two.forms().due == ("phq9", "gad7")

    fill(two, "phq9", i1=1.0)
    fill(two, "gad7", i1=1.0)
    assert two.forms().due == ()
    assert two.forms(now=NOW + 14 * DAY).due == ("phq4",)
    assert two.forms(now=NOW + 28 * DAY).due == ("phq9", "gad7")


def test_when_one_is_asked_is_ones_own(two):
    two.do(actions.keep_form_rhythm, C, "phq9", None)
    two.do(actions.keep_form_rhythm, C, "gad7", 84)

    assert two.forms().rhythm == {"phq4": 14, "phq9": None, "gad7": 84}
    assert two.forms().due == ("phq4", "gad7")
    assert two.forms(T).rhythm == {}
    assert two.forms(T).due == ()


@pytest.mark.parametrize("every", [0, 1, 13, 365, -14])
def test_a_rhythm_that_is_not_offered_is_refused(two, every):
    with pytest.raises(NotNowError, match="none of the answers"):
        two.do(actions.keep_form_rhythm, C, "phq9", every)

    assert not FormRhythm.objects.exists()


def seen_form(day, **answers):
    """Return a form of the PHQ-9, its items called i1, i2, ..."""
    given = {item[1:]: value for item, value in answers.items()}
    return queries.FormSeen(instrument="phq9", day=day, session=1, answers=given)


@pytest.mark.parametrize(
    ("forms", "looked", "found"),
    [
        ([{"i9": 1.0}], None, [0]),
        ([{"i9": 1.0}], 1, [0]),
        ([{"i9": 0.0}], None, []),
        ([{"i1": 3.0}], None, []),
        # A blank takes nothing back.
        ([{"i1": 3.0}, {"i9": 2.0}], 9, [1]),
        # A later 0 does, once somebody has looked.
        ([{"i9": 0.0}, {"i9": 2.0}], None, [1]),
        ([{"i9": 0.0}, {"i9": 2.0}], -1, [1]),
        ([{"i9": 0.0}, {"i9": 2.0}], 0, []),
    ],
)
def test_an_answer_stands_until_it_is_answered_otherwise_and_was_looked_at(
    forms, looked, found
):
    shown = [seen_form(TODAY - i * DAY, **answers) for i, answers in enumerate(forms)]
    on = None if looked is None else TODAY + looked * DAY

    told = queries.unaltered(shown, SHIPPED, looked_on=on)
    assert list(told) == [shown[i] for i in found]


def test_of_a_form_that_is_not_known_any_more_every_answer_stands(two):
    fill(two, i1=2.0)
    FilledForm.objects.update(instrument="gone")

    assert queries.to_see_unaltered([two.pair(T)], now=NOW) == {two.ref}
    two.do(actions.delete_form, C, "gone", TODAY)
    assert not FilledForm.objects.exists()


def test_who_is_asked_and_cannot_keep_it_is_not_asked(two):
    assert two.forms().due
    two.do(actions.forget_all_of, C)
    assert two.forms().due == ()
    assert two.forms().rhythm == {}


def test_the_client_is_put_nothing_of_it(two):
    fill(two, i9=2.0)

    assert queries.to_see_unaltered([two.pair(C)], now=NOW) == frozenset()
    assert queries.to_see_unaltered([two.pair(T)], now=NOW) == {two.ref}


def test_when_the_therapist_last_looked_is_known_by_the_day(two):
    what = queries.outcomes_shown_on
    assert what(two.pair(C)) is None

    for days in (3, 1):
        actions.note_shown(
            two.person(T), two.ref, now=NOW - days * DAY, what="outcomes_shown"
        )

    assert what(two.pair(C)) == what(two.pair(T)) == (NOW - DAY).date()
    assert what(two.pair(T), before=(NOW - DAY).date()) == (NOW - 3 * DAY).date()


def test_nothing_is_kept_of_whom_nothing_is_to_be_kept(two):
    fill(two, i1=1.0)
    two.do(actions.keep_form_rhythm, C, "phq9", 84)

    two.do(actions.forget_all_of, C)

    assert not FilledForm.objects.exists()
    assert not FormRhythm.objects.exists()
    with pytest.raises(NotNowError, match="nothing more of yours be kept"):
        fill(two, i1=1.0)
