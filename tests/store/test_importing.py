"""A course that is kept in the store shows what it showed as a folder."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from app_people import CRISIS, NOW, person
from duologue import instruments
from duologue.errors import ParameterError
from duologue.records import (
    Agreement,
    Answer,
    Course,
    Dyad,
    EdgeKind,
    FrameEvent,
    Goal,
    Kind,
    Measure,
    Mode,
    Reflection,
    Seat,
    Session,
    Status,
    Tag,
)
from duologue.sharing import seen_by
from duologue.simulate import practice as simulated
from duologue.store import actions, models, queries
from two_seats import C, T, undone

START = datetime(2026, 1, 5, 14, tzinfo=UTC)
PEOPLE = {C: "her", T: "him"}


def place():
    return models.Practice.objects.create(name="A place", crisis=CRISIS, made_up=True)


def keep(course):
    """Keep a course; its people sign in under the codes that they have there."""
    return actions.import_course(
        course,
        now=NOW,
        practice=place(),
        client=person(course.dyad.client),
        therapist=person(course.dyad.therapist),
    )


def shown(course):
    """Return the sessions, and the answers that are not blank, by session and seat."""
    answers = {
        (r.session, r.seat): kept
        for r in course.reflections
        if (kept := [(a.item, a.value) for a in r.answers if says(a.value)])
    }
    return [session.number for session in course.sessions], answers


def says(value):
    return bool(value.strip()) if isinstance(value, str) else value is not None


def as_folder(course, seat):
    found = seen_by(course, course.dyad.person(seat))
    return shown(found.mine), shown(found.ours)


def as_stored(dyad, seat):
    found = queries.seen(queries.find_pair(dyad.person_of(seat), dyad.ref))
    return shown(found.mine), shown(found.ours)


def dated(session, number):
    """Return a session under another number, with a time if it had none."""
    planned = session.planned_start or session.started or session.ended
    zone = None if planned is None else planned.tzinfo
    start = START.replace(tzinfo=zone) + timedelta(weeks=number)
    return replace(session, number=number, planned_start=planned or start)


@st.composite
def courses(draw):
    """Return courses that the store can hold: numbered from 1, each session timed."""
    kind = draw(st.sampled_from(Kind))
    prompts = instruments.prompts(kind)
    made = draw(strategies.courses(prompts))
    return Course(
        dyad=Dyad(code="pair", client=PEOPLE[C], therapist=PEOPLE[T], kind=kind),
        prompts=prompts,
        sessions=tuple(dated(s, s.number + 1) for s in made.sessions),
        reflections=tuple(replace(r, session=r.session + 1) for r in made.reflections),
    )


@settings(
    suppress_health_check=[
        *settings().suppress_health_check,
        HealthCheck.function_scoped_fixture,
    ]
)
@given(course=courses())
def test_the_store_shows_each_of_the_two_what_the_folder_shows(db, course):
    with undone():
        dyad = keep(course)

        for seat in Seat:
            assert as_stored(dyad, seat) == as_folder(course, seat)


@pytest.mark.parametrize(
    "made",
    simulated(instruments.prompts(Kind.THERAPY), seed=4),
    ids=lambda made: made.dyad.code,
)
def test_a_simulated_pair_is_shown_as_in_its_folder(db, made):
    dyad = keep(made)

    for seat in Seat:
        assert as_stored(dyad, seat) == as_folder(made, seat)
        assert as_stored(dyad, seat)[0][1]


def course_of(*answers, **session):
    """Return a course of one session, from (seat, item, value, shared)."""
    given = {
        "planned_start": START,
        "started": START,
        "ended": START + timedelta(minutes=50),
        **session,
    }
    return Course(
        dyad=Dyad(code="pair", client=PEOPLE[C], therapist=PEOPLE[T]),
        prompts=instruments.prompts(Kind.THERAPY),
        sessions=(Session(**{"number": 1, **given}),),
        reflections=tuple(
            Reflection(session=1, seat=seat, answers=tuple(own))
            for seat in Seat
            if (own := [Answer(*rest) for who, *rest in answers if who is seat])
        ),
    )


def rows():
    """Return what is stored of each answer, by seat and item."""
    return {(a.reflection.seat, a.item): a for a in models.Answer.objects.all()}


def test_twins_have_opened_at_the_end_of_their_session_and_nothing_else_has(db):
    keep(
        course_of(
            *((seat, "open", 50.0, True) for seat in Seat),
            *((seat, "unsaid_why", ("timing",), True) for seat in Seat),
            (C, "deep", 20.0, True),
            (C, "safe", 20.0, True),
            (T, "safe", 20.0, False),
        )
    )

    moments = {key: row.opened_at for key, row in rows().items()}
    opened = {key: at for key, at in moments.items() if at is not None}
    assert opened == dict.fromkeys(
        [(C, "open"), (T, "open")], START + timedelta(minutes=50)
    )
    assert len(moments) == 7


def test_a_session_without_an_end_has_opened_when_it_was_planned(db):
    keep(course_of(*((seat, "open", 50.0, True) for seat in Seat), ended=None))

    assert {row.opened_at for row in rows().values()} == {START}


def test_what_was_unsaid_opens_though_nothing_else_of_the_form_was_shared(db):
    answers = [(seat, "unsaid", "no", True) for seat in Seat]

    dyad = keep(course_of(*answers, (C, "open", 1.0, False), (T, "open", 1.0, True)))

    mine, ours = as_stored(dyad, C)
    assert mine[1] == {(1, C): [("open", 1.0), ("unsaid", "no")]}
    assert ours[1] == {(1, seat): [("unsaid", "no")] for seat in Seat}


def test_what_one_kept_back_there_stays_kept_back_here(db):
    both = [(seat, "open", 50.0, True) for seat in Seat]
    dyad = keep(course_of(*both, (C, "deep", 9.0, False), (T, "deep", 8.0, True)))

    actions.say_willing(dyad.client, dyad.ref, 1, now=NOW)
    actions.reflect(dyad.client, dyad.ref, 1, {"deep": 9.0}, now=NOW)

    assert rows()[T, "deep"].opened_at is None
    assert as_stored(dyad, T)[1][1] == {(1, seat): [("open", 50.0)] for seat in Seat}


def test_a_form_of_which_nothing_was_shared_can_be_opened_here(db):
    dyad = keep(course_of(*((seat, "open", 50.0, False) for seat in Seat)))

    assert as_stored(dyad, C)[1][1] == {}

    for seat in Seat:
        actions.say_willing(dyad.person_of(seat), dyad.ref, 1, now=NOW)

    assert as_stored(dyad, C)[1][1] == {(1, seat): [("open", 50.0)] for seat in Seat}


@pytest.mark.parametrize("shares", [True, False])
def test_the_switch_for_what_was_unsaid_stands_as_it_was_used_last(db, shares):
    dyad = keep(course_of((C, "unsaid", "no", shares)))

    assert dyad.client_shares_unsaid is shares
    assert dyad.therapist_shares_unsaid is False


def test_the_frame_and_the_agreement_are_kept(db):
    agreed = Agreement(length_min=45, rhythm="weekly", frame="Mondays", crisis="theirs")
    course = course_of(mode=Mode.ONLINE, status=Status.CANCELLED, by=C)
    course = replace(course, dyad=replace(course.dyad, agreement=agreed))

    dyad = keep(course)

    found = queries.seen(queries.find_pair(dyad.client, dyad.ref)).ours
    assert found.sessions == course.sessions
    assert found.dyad.agreement == replace(agreed, crisis=CRISIS)


@pytest.mark.parametrize(("late", "kept"), [(9, True), (1, False)])
def test_a_word_on_an_edge_is_kept_where_an_edge_has_moved(db, late, kept):
    planned = datetime(2026, 3, 2, 14, tzinfo=UTC)
    course = course_of(
        planned_start=planned, started=planned + timedelta(minutes=late), ended=None
    )
    tagged = FrameEvent(session=1, kind=EdgeKind.LATE_START, tag=Tag.DRIFTED)
    event = replace(tagged, session=course.sessions[0].number)

    dyad = keep(replace(course, frame=(event,)))

    found = queries.seen(queries.find_pair(dyad.client, dyad.ref)).ours
    assert found.frame == ((event,) if kept else ())


def test_a_time_without_an_offset_is_local_to_the_practice(db):
    summer = datetime.fromisoformat("2026-07-06T14:00")

    dyad = keep(course_of(planned_start=summer, started=None, ended=None))

    assert dyad.sessions.get().planned_start == datetime(2026, 7, 6, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("session", "message"),
    [
        ({"planned_start": None, "started": None}, "must have a time"),
        ({"number": 0}, "numbered from 1 on"),
    ],
)
def test_a_course_that_the_store_cannot_hold_is_refused_as_a_whole(
    db, session, message
):
    with pytest.raises(ParameterError, match=message):
        keep(course_of(**session))

    assert not models.Dyad.objects.exists()


def test_the_next_session_is_numbered_after_the_last_one_that_was_kept(db):
    dyad = keep(course_of(number=7))

    number = actions.add_session(dyad.therapist, dyad.ref, NOW, mode=Mode.ROOM, now=NOW)

    assert number == 8


def form(session, **more):
    """Return a form of the client's after a session."""
    answers = {"instrument": "phq9", "seat": C, "answers": (("1", 2.0), ("9", 1.0))}
    return Measure(**{**answers, "session": session, **more})


def with_forms(*forms):
    made = simulated(instruments.prompts(Kind.THERAPY), seed=1)[0]
    return replace(made, measures=forms)


def test_goals_and_forms_are_kept_with_their_days(db):
    made = simulated(instruments.prompts(Kind.THERAPY), seed=1)[0]
    first, second = (session.number for session in made.sessions[:2])
    day = made.sessions[0].day
    made = replace(
        made,
        goals=(Goal(code="g", words="To sleep.", ratings=((first, 3.0),)),),
        measures=(form(first), form(second, day=day + timedelta(days=1))),
    )
    dyad = keep(made)

    pair = queries.find_pair(dyad.client, dyad.ref)
    (goal,) = queries.goals(pair).in_force
    assert (goal.holds.words, goal.ratings) == ("To sleep.", ((first, 3.0),))
    days = [each.day for each in queries.forms(pair, now=NOW).filled]
    assert sorted(days) == [day, day + timedelta(days=1)]
    seen = queries.seen(pair).ours
    assert [dict(m.answers) for m in seen.measures] == [{"1": 2.0, "9": 1.0}] * 2


@pytest.mark.parametrize(
    ("forms", "problem"),
    [
        ([form(1, answers=(("1", 7.0),))], "one that is asked for"),
        ([form(1, answers=(("99", 1.0),))], "one that is asked for"),
        ([form(1), form(2, day=None)], "once a day"),
    ],
)
def test_forms_that_cannot_be_kept_are_refused_and_nothing_is(db, forms, problem):
    made = with_forms(*forms)
    day = made.sessions[0].day
    same = tuple(replace(each, day=day) for each in made.measures)

    with pytest.raises(ParameterError, match=problem):
        keep(replace(made, measures=same))

    assert not models.Dyad.objects.exists()


@pytest.mark.parametrize("words", ["x" * 281, "a\0b"])
def test_a_goal_that_cannot_be_kept_is_refused(db, words):
    made = replace(with_forms(), goals=(Goal(code="g", words=words),))

    with pytest.raises(ParameterError, match="1 to 280 characters"):
        keep(made)
