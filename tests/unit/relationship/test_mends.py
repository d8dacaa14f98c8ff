"""Findings on pulling apart and coming back."""

import pytest

from build import C, T, course, finding, ids, reading, sessions
from duologue.records import Kind, Seat
from duologue.relationship import Level, Picture

NO, BACK, STILL, UNSURE = "no", "came_back", "still_there", "not_sure"


def lines(client, therapist, item="apart"):
    return {(item, C): client, (item, T): therapist}


def ours(client, therapist, which="ours.apart", **options):
    return finding(course(lines(client, therapist), **options), which)


@pytest.mark.parametrize(("reader", "seat"), [("client", C), ("therapist", T)])
def test_a_person_s_own_marks_are_counted(reader, seat):
    values = (NO, None, BACK, UNSURE, STILL)
    made = course({("apart", seat): values}, shared=False)

    found = finding(made, "mine.apart", reader)

    assert found.level is Level.COUNT
    assert found.count == (2, 4)
    assert "You marked a moment apart in 2 of 4 sessions" in found.sentence
    assert "in which it was not asked is not a no" in found.how_sure
    assert ids(reading(made))[0] == "ours.nothing_open"


def test_where_it_was_never_answered_there_is_nothing_to_count():
    assert "mine.apart" not in ids(reading(course({("open", C): (50,)}), "client"))


def test_no_mark_is_said_as_none_among_those_that_opened():
    found = ours((NO, None, NO), (NO, NO, UNSURE))

    assert found.count == (0, 2)
    assert "in 2 sessions where the question opened" in found.sentence
    assert found.chart.spans == ()
    assert not found.card


@pytest.mark.parametrize(("by", "seat"), [("client", C), ("therapist", T)])
def test_a_mark_of_one_names_the_seat_and_is_no_card(by, seat):
    marks = {("apart", seat): (NO, BACK), ("apart", seat.other): (NO, NO)}
    found = finding(course(marks), "ours.apart")

    assert found.level is Level.COUNT
    assert f"In session 2 the {by} marked a moment" in found.sentence
    assert "Back in the same session." in found.sentence
    assert found.count == (1, 2)
    assert not found.card


def test_marked_by_both_and_still_open_is_a_card_without_a_chance_line():
    found = ours((NO, STILL, STILL), (NO, STILL, NO))

    assert found.level is Level.REPEATED
    assert found.card
    assert found.chance_rate is None
    assert "no chance applies" in found.how_sure
    assert "No mark of coming back has opened yet." in found.sentence
    assert found.chart.picture is Picture.SEAM
    assert found.chart.spans == ((2, None),)
    assert found.sessions == (2, 3)


def test_a_mend_says_by_which_session():
    found = ours((STILL, NO, NO, NO), (STILL, STILL, NO, NO))

    assert "Back by session 3." in found.sentence
    assert found.chart.spans == ((1, 3),)
    assert found.sessions == (1, 2, 3)


@pytest.mark.parametrize(("n_after", "is_card"), [(0, True), (4, True), (5, False)])
def test_a_mend_is_a_card_for_five_sessions_and_then_stays_in_the_seam(
    n_after, is_card
):
    found = ours((BACK,) + (NO,) * n_after, (BACK,) + (NO,) * n_after)

    assert found.card is is_card
    assert found.level is Level.REPEATED
    assert found.chart.spans == ((1, 1),)


@pytest.mark.parametrize(("since", "card"), [(4, True), (5, False)])
def test_a_time_apart_is_a_card_while_its_newest_answer_is_recent(since, card):
    marks = (STILL,) + (None,) * since

    found = ours(marks, marks, n=since + 1)

    assert found.card is card
    assert found.level is Level.REPEATED


def test_two_who_each_said_no_to_the_others_mark_have_not_both_marked_it():
    found = ours((STILL, NO, NO), (NO, STILL, NO))

    assert not found.card
    assert "The client marked a moment apart in session 1" in found.sentence
    assert "the therapist in session 2" in found.sentence


def test_a_second_time_apart_is_a_finding_of_its_own_and_one_chart_shows_both():
    client, therapist = (BACK, NO, STILL, NO), (BACK, NO, NO, NO)
    first = ours(client, therapist)
    second = ours(client, therapist, "ours.apart.2")

    assert "In session 3 the client marked" in second.sentence
    assert "Back by session 4." in second.sentence
    assert second.chart is None
    assert first.chart.spans == ((1, 1), (3, 4))


def test_numbers_of_sessions_are_said_and_not_places():
    marks = lines((None, None, STILL), (None, None, STILL))

    found = finding(course(marks, sessions=sessions(4)[1:]), "ours.apart")

    assert "from session 3 on" in found.sentence


@pytest.mark.parametrize("kept", list(Seat))
def test_a_mark_that_only_one_shares_stays_with_its_author(kept):
    made = course(lines((STILL,), (STILL,)), shared={("apart", kept.other)})

    for reader in ("client", "therapist", "ours"):
        assert "ours.apart" not in ids(reading(made, reader))


def test_supervision_has_its_own_question_with_other_ids():
    marks = lines(("no", "still", "no"), ("no", "back", "no"), item="sup_apart")
    found = finding(course(marks, kind=Kind.SUPERVISION), "ours.sup_apart")

    assert found.card
    assert "from session 2 on" in found.sentence
    assert "Back by session 3." in found.sentence


def test_a_mark_of_one_in_supervision_names_the_seat_of_supervision():
    marks = lines(("still",), ("no",), item="sup_apart")
    found = finding(course(marks, kind=Kind.SUPERVISION), "ours.sup_apart")

    assert "In session 1 the supervisee marked" in found.sentence


@pytest.mark.parametrize(
    ("client", "therapist", "said"),
    [
        ((NO,), (NO,), "No moment apart was marked in 1 session"),
        ((BACK,), (NO,), "In session 1 the client marked a moment apart."),
        ((BACK,), (BACK,), "From session 1 both marked a moment apart."),
    ],
)
def test_research_is_told_and_not_asked(client, therapist, said):
    made = course(lines(client, therapist), shared=False)
    found = finding(made, "ours.apart", "research")

    assert said in found.sentence
    assert found.question == ""


def test_marks_of_the_two_that_are_far_apart_are_not_called_one():
    found = ours((STILL, NO, NO, NO), (NO, UNSURE, UNSURE, BACK))

    assert found.level is Level.COUNT
    assert not found.card
    assert "The client marked a moment apart in session" in found.sentence
    assert "the therapist in session" in found.sentence
