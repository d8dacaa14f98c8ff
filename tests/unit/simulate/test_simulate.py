from dataclasses import replace

import numpy as np
import pytest

from duologue import instruments
from duologue.corpus.recorded import with_synchrony
from duologue.records import Kind, Seat, Status
from duologue.simulate import DEMO_SEED, SCENARIOS, course, practice
from duologue.simulate.generator import COUPLING

PROMPTS = instruments.prompts(Kind.THERAPY)


def mean_level(made, seat, sessions):
    """Mean of the five core scales of one seat over some sessions."""
    found = [
        value
        for item in ("open", "understood", "safe", "here", "deep")
        for number, answer in made.answers(item, seat)
        if number in sessions
        for value in [answer.value]
    ]
    return np.mean(found)


def test_the_same_seed_gives_the_same_practice():
    assert practice(PROMPTS, seed=4) == practice(PROMPTS, seed=4)
    assert practice(PROMPTS, seed=4) != practice(PROMPTS, seed=5)


def test_a_pair_does_not_change_with_the_pairs_beside_it():
    alone = course(SCENARIOS["an-ending"], PROMPTS, seed=4)

    assert alone == practice(PROMPTS, seed=4)[-1]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_made_up_course_says_so(name):
    made = course(SCENARIOS[name], PROMPTS, seed=1)

    assert made.made_up
    assert all("made up" in goal.words for goal in made.goals)
    assert "made up" in made.dyad.agreement.crisis


def test_people_are_codes_with_an_initial():
    people = {made.dyad.client for made in practice(PROMPTS, seed=1)}

    assert people == {f"client-{letter}" for letter in "ABDKMR"}


def test_the_coupling_is_stable():
    assert np.abs(np.linalg.eigvals(COUPLING)).max() < 1


def test_growth_rises_and_the_quieter_pair_falls():
    grows = course(SCENARIOS["steady-growth"], PROMPTS, seed=2)
    falls = course(SCENARIOS["both-quieter"], PROMPTS, seed=2)

    for seat in Seat:
        assert mean_level(grows, seat, range(18, 25)) > mean_level(
            grows, seat, range(1, 6)
        )
        assert mean_level(falls, seat, range(18, 23)) < mean_level(
            falls, seat, range(1, 6)
        )


def test_a_shock_is_felt_by_both_and_marked_until_it_is_mended():
    scenario = replace(SCENARIOS["rupture-and-mend"], missing=(0.0, 0.0))
    made = course(scenario, PROMPTS, seed=2)
    before, hard = range(10, 15), [16]

    for seat in Seat:
        assert mean_level(made, seat, hard) < mean_level(made, seat, before)
        marks = dict(made.answers("apart", seat))
        assert marks[16].value == "still_there"
        assert marks[19].value == "came_back"
        assert marks[10].value == "no"


def test_nothing_is_shared_where_sharing_is_off():
    made = course(SCENARIOS["sharing-off"], PROMPTS, seed=2)

    shared = {
        seat: any(
            a.shared for r in made.reflections if r.seat is seat for a in r.answers
        )
        for seat in Seat
    }

    assert shared == {Seat.CLIENT: False, Seat.THERAPIST: True}


def test_unsaid_is_shared_only_from_the_session_that_both_agreed_on():
    made = course(SCENARIOS["an-ending"], PROMPTS, seed=2)

    shared = {number for number, a in made.answers("unsaid", Seat.CLIENT) if a.shared}

    assert min(shared) == 3


def test_nobody_answers_for_a_session_that_was_not_held():
    made = course(SCENARIOS["an-ending"], PROMPTS, seed=2)
    off = {s.number for s in made.sessions if s.status is not Status.HELD}

    assert off == {19, 23}
    assert not off & {r.session for r in made.reflections}


def test_only_what_is_asked_is_answered():
    for made in practice(PROMPTS, seed=3):
        for reflection in made.reflections:
            for answer in reflection.answers:
                assert PROMPTS.asked(answer.item, reflection.session)


def test_the_ninth_item_is_never_made_up():
    for made in practice(PROMPTS, seed=3):
        for form in made.measures:
            assert dict(form.answers)["9"] == 0.0


def test_no_answer_to_a_form_is_less_than_nothing():
    answers = [
        value
        for made in practice(PROMPTS, seed=3)
        for form in made.measures
        for _, value in form.answers
    ]

    assert 0.0 in answers
    assert not np.signbit(answers).any()


def test_the_hard_session_has_a_transcript_with_both_voices():
    made = course(SCENARIOS["rupture-and-mend"], PROMPTS, seed=2)

    (turns,) = made.turns

    assert turns.session == 16
    assert {segment.seat for segment in turns.segments} == set(Seat)
    assert turns.has_ends


def test_a_supervision_pair_can_be_made_up_too():
    made = course(
        SCENARIOS["steady-growth"], instruments.prompts(Kind.SUPERVISION), seed=1
    )

    assert any(made.answers("sup_heard", Seat.CLIENT))


def test_a_recording_changes_no_answer():
    scenario = SCENARIOS["rupture-and-mend"]
    with_it, without = (
        course(each, PROMPTS, seed=3)
        for each in (scenario, replace(scenario, recorded={}))
    )

    assert [each.session for each in with_it.recorded] == [16, 19]
    assert replace(with_it, recorded=()) == without


def test_the_demo_finds_the_moments_that_were_made_up_and_no_others():
    scenario = SCENARIOS["rupture-and-mend"]
    made = course(scenario, PROMPTS, seed=DEMO_SEED)

    for found in with_synchrony(made).synchrony:
        planted = scenario.recorded[found.session]
        assert len(found.moments) == len(planted)
        for moment, stretch in zip(found.moments, planted, strict=True):
            assert moment.first is stretch.first
            assert moment.start_s == pytest.approx(stretch.start_s, abs=45)
            assert moment.end_s == pytest.approx(stretch.end_s, abs=45)
        assert (found.p <= 0.05) is bool(planted)
