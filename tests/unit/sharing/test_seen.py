from dataclasses import replace
from datetime import UTC, datetime

import pytest

from duologue import instruments
from duologue.errors import NotSeatedError
from duologue.records import (
    Answer,
    Course,
    Dyad,
    Goal,
    Kind,
    Measure,
    Reflection,
    Seat,
    Segment,
    Session,
    Turns,
)
from duologue.sharing import Scope, seen_by, seen_in_research, seen_together

PROMPTS = instruments.prompts(Kind.THERAPY)
CLIENT, THERAPIST = Seat.CLIENT, Seat.THERAPIST


def course_of(client=(), therapist=(), **more):
    """One session; each answer is (item, value, shared)."""
    given = {CLIENT: client, THERAPIST: therapist}
    return Course(
        dyad=Dyad(code="p", client="c1", therapist="t1"),
        prompts=PROMPTS,
        sessions=(
            Session(number=1, planned_start=datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ),
        reflections=tuple(
            Reflection(session=1, seat=seat, answers=tuple(Answer(*a) for a in answers))
            for seat, answers in given.items()
            if answers
        ),
        **more,
    )


def opened(course):
    """What has opened to both: {(item, seat): value}."""
    return {
        (answer.item, reflection.seat): answer.value
        for reflection in seen_together(course).ours.reflections
        for answer in reflection.answers
    }


def test_an_item_opens_where_both_answered_it_and_both_are_willing():
    course = course_of([("open", 40.0, True)], [("open", 70.0, True)])

    assert opened(course) == {("open", CLIENT): 40.0, ("open", THERAPIST): 70.0}


@pytest.mark.parametrize(
    ("client", "therapist"),
    [
        ([("open", 40.0, True)], []),
        ([("open", 40.0, True)], [("open", 70.0, False)]),
        ([("open", 40.0, False)], [("open", 70.0, True)]),
        ([("open", 40.0, True)], [("open", None, True)]),
        ([("open", 40.0, True)], [("deep", 70.0, True)]),
        ([], []),
    ],
)
def test_nothing_opens_while_either_side_is_missing(client, therapist):
    assert opened(course_of(client, therapist)) == {}


@pytest.mark.parametrize("nothing", ["decline", None])
def test_declining_unsaid_looks_like_not_answering_it(nothing):
    course = course_of([("unsaid", "no", True)], [("unsaid", nothing, True)])

    assert opened(course) == {}


@pytest.mark.parametrize("blank", ["", "   ", None])
def test_a_blank_line_is_no_answer(blank):
    course = course_of([("line", "mine", True)], [("line", blank, True)])

    assert opened(course) == {}


def test_empty_chips_are_no_answer():
    course = course_of([("need", (), True)], [("need", ("quiet",), True)])

    assert opened(course) == {}


def test_the_reasons_for_unsaid_never_open():
    course = course_of(
        [("unsaid_why", ("too_raw",), True)], [("unsaid_why", ("timing",), True)]
    )

    assert opened(course) == {}


def test_an_item_that_the_prompts_do_not_know_never_opens():
    course = course_of([("stray", 1.0, True)], [("stray", 2.0, True)])

    assert opened(course) == {}


def test_each_sees_their_own_answers_and_nobody_elses():
    course = course_of([("open", 40.0, False)], [("open", 70.0, False)])

    mine = seen_by(course, "c1").mine

    assert [r.seat for r in mine.reflections] == [CLIENT]
    assert mine.reflections[0].answer("open").value == 40.0


def test_a_stranger_is_refused_in_the_same_words_whatever_the_course_holds():
    messages = set()
    for course in (course_of(), course_of([("open", 40.0, True)])):
        with pytest.raises(NotSeatedError, match="only the two people") as refusal:
            seen_by(course, "somebody")
        messages.add(str(refusal.value))

    assert len(messages) == 1


def form(seat):
    return Measure(instrument="phq9", session=1, seat=seat, answers=(("1", 2.0),))


def test_a_clients_form_is_seen_by_both_as_said_before_it():
    course = course_of(measures=(form(CLIENT),), goals=(Goal(code="g", words="w"),))

    for person in ("c1", "t1"):
        seen = seen_by(course, person)
        assert seen.ours.measures == (form(CLIENT),)
        assert seen.ours.goals == course.goals
        assert seen.mine.measures == ()


def test_a_therapists_own_form_stays_with_the_therapist():
    course = course_of(measures=(form(THERAPIST),))

    assert seen_by(course, "t1").mine.measures == (form(THERAPIST),)
    assert seen_by(course, "t1").ours.measures == ()
    assert seen_by(course, "c1").mine.measures == ()
    assert seen_by(course, "c1").ours.measures == ()


def test_transcripts_and_the_frame_belong_to_both():
    turns = Turns(session=1, segments=(Segment(CLIENT, None, None, "Yes."),))
    course = course_of(turns=(turns,))

    assert seen_by(course, "c1").ours.turns == (turns,)
    assert seen_by(course, "c1").ours.sessions == course.sessions
    assert seen_by(course, "c1").mine.turns == ()


def test_research_sees_everything_and_says_who_it_is():
    course = course_of([("open", 40.0, False)], [("deep", 70.0, False)])

    seen = seen_in_research(course)

    assert seen.ours is course
    assert seen.mine is None
    assert seen.scope is Scope.RESEARCH


def test_the_order_in_which_answers_were_given_tells_nothing():
    one = course_of(
        [("deep", 1.0, True), ("open", 2.0, True)],
        [("deep", 3.0, True), ("open", 4.0, True)],
    )
    other = replace(
        one,
        reflections=tuple(
            replace(r, answers=r.answers[::-1]) for r in one.reflections[::-1]
        ),
    )

    assert seen_together(one).ours == seen_together(other).ours
    assert seen_by(one, "c1").mine == seen_by(other, "c1").mine


def test_a_clients_form_of_a_measure_for_both_seats_stays_with_the_client():
    alliance = replace(form(CLIENT), instrument="arm5")
    course = course_of(measures=(alliance,))

    assert seen_by(course, "c1").mine.measures == (alliance,)
    assert seen_by(course, "c1").ours.measures == ()
    assert seen_by(course, "t1").mine.measures == ()


def test_in_supervision_forms_and_goals_stay_with_the_supervisee():
    made = course_of(measures=(form(CLIENT),), goals=(Goal(code="g", words="w"),))
    course = replace(made, dyad=replace(made.dyad, kind=Kind.SUPERVISION))

    assert seen_by(course, "c1").mine.measures == made.measures
    assert seen_by(course, "c1").mine.goals == made.goals
    for seen in (seen_by(course, "t1"), seen_together(course)):
        assert seen.ours.measures == ()
        assert seen.ours.goals == ()
    assert seen_by(course, "t1").mine.goals == ()


def test_what_opened_stands_in_the_order_of_the_prompts():
    ids = [item.id for item in PROMPTS.items if item.is_number]
    answers = [(item, 50.0, True) for item in reversed(ids)]

    ours = seen_together(course_of(answers, answers)).ours

    for reflection in ours.reflections:
        assert [answer.item for answer in reflection.answers] == ids


def test_of_inferred_sessions_each_sees_those_of_answers_they_may_see():
    made = course_of([("open", 40.0, False)], [("deep", 70.0, True)])
    more = (*made.sessions, Session(number=2))
    only_theirs = Reflection(
        session=2, seat=THERAPIST, answers=(Answer("open", 5.0, shared=True),)
    )
    blank_of_mine = Reflection(
        session=2, seat=CLIENT, answers=(Answer("open", None, shared=True),)
    )
    course = replace(
        made,
        sessions=more,
        reflections=(*made.reflections, blank_of_mine, only_theirs),
        sessions_inferred=True,
    )

    def numbers(part):
        return [session.number for session in part.sessions]

    assert numbers(seen_by(course, "c1").mine) == [1]
    assert numbers(seen_by(course, "t1").mine) == [1, 2]
    assert numbers(seen_together(course).ours) == []
