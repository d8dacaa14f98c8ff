"""Goals in the store: what one proposes and both accept, and what the client rates."""

import pytest

from app_people import NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Seat
from duologue.sharing import seen_together
from duologue.store import actions, queries
from duologue.store.models import (
    Goal,
    GoalRating,
    GoalReview,
    GoalWording,
    Withdrawal,
)
from duologue.store.models.withdrawal import Withdrawn
from two_seats import C, T, Two

REFUSED = pytest.raises(NotNowError)


def propose(two, seat, words="To say so.", **more):
    """Let one of the two propose, and return what waits."""
    two.do(actions.propose_goal, seat, words, **more)
    return next(goal for goal in two.goals(seat).all if goal.waits)


@pytest.mark.parametrize("seat", Seat)
def test_what_one_proposes_is_a_goal_once_the_other_accepts(two, seat):
    goal = propose(two, seat)

    assert two.goals(seat.other) == two.goals(seat)
    assert two.goals().in_force == ()
    assert two.seen(C).ours.goals == ()

    two.do(actions.accept_goal, seat.other, goal.waits.ref)

    (holds,) = two.goals().in_force
    assert (holds.holds.words, holds.holds.proposed_by) == ("To say so.", seat)
    assert [g.words for g in two.seen(T).ours.goals] == ["To say so."]
    assert two.seen(C).ours == two.seen(T).ours


def test_nobody_accepts_or_sets_aside_their_own_or_takes_back_the_others(two):
    mine = propose(two, C).waits.ref

    with pytest.raises(NotNowError, match="takes the other"):
        two.do(actions.accept_goal, C, mine)
    with pytest.raises(NotNowError, match="you take back"):
        two.do(actions.set_goal_aside, C, mine)
    with pytest.raises(NotNowError, match="only your own"):
        two.do(actions.take_goal_back, T, mine)

    assert two.goals().new[0].waits.ref == mine


@pytest.mark.parametrize(
    "act", [actions.accept_goal, actions.set_goal_aside, actions.take_goal_back]
)
def test_what_is_done_with_a_proposal_may_be_done_twice(two, act):
    proposal, who = propose(two, C).waits.ref, T
    if act is actions.take_goal_back:
        who = C

    two.do(act, who, proposal)
    once = two.goals()
    two.do(act, who, proposal)

    assert two.goals() == once


def test_a_proposal_that_is_sent_twice_stands_once(two):
    for _ in range(2):
        propose(two, C, "To  say \n so.")

    assert [g.waits.words for g in two.goals().new] == ["To say so."]
    assert Goal.objects.count() == GoalWording.objects.count() == 1


def test_what_is_taken_back_leaves_nothing(two):
    two.do(actions.take_goal_back, C, propose(two, C).waits.ref)

    assert not Goal.objects.exists()
    assert not GoalWording.objects.exists()


def test_words_change_once_both_accept_and_what_it_said_before_stays(two):
    two.goal("To sleep.")
    goal = propose(two, T, "To sleep well.", goal=two.goals().in_force[0].ref)

    assert two.goals().in_force[0].holds.words == "To sleep."

    two.do(actions.accept_goal, C, goal.waits.ref)

    (now,) = two.goals().in_force
    assert now.holds.words == "To sleep well."
    assert [w.words for w in now.earlier] == ["To sleep."]


def test_a_goal_rests_and_is_taken_up_again_with_its_ratings(two):
    ref = two.goal("To sleep.")
    two.do(actions.rate_goals, C, 3, {ref: 4.0})
    two.do(actions.accept_goal, C, propose(two, T, "", goal=ref, rests=True).waits.ref)

    assert two.goals().in_force == ()
    assert two.seen(C).ours.goals == ()
    assert two.goals().rest[0].ratings == ((3, 4.0),)
    with pytest.raises(NotNowError, match="each goal is rated"):
        two.do(actions.rate_goals, C, 3, {ref: 5.0})

    two.do(actions.accept_goal, T, propose(two, C, "To sleep.", goal=ref).waits.ref)

    assert two.seen(T).ours.goals[0].ratings == ((3, 4.0),)


def test_only_a_goal_that_both_accepted_can_rest(two):
    ref = propose(two, C).ref

    with pytest.raises(NotNowError, match="both accepted can rest"):
        two.do(actions.propose_goal, T, "", goal=ref, rests=True)


def test_one_proposal_waits_for_a_goal_at_a_time(two):
    ref = two.goal()
    propose(two, C, "Other words.", goal=ref)

    with pytest.raises(NotNowError, match="waits already"):
        two.do(actions.propose_goal, T, "Words of mine.", goal=ref)


def test_what_a_goal_says_already_is_not_proposed(two):
    ref = two.goal("To sleep.")

    with pytest.raises(NotNowError, match="accepted already"):
        two.do(actions.propose_goal, C, "To sleep.", goal=ref)
    with pytest.raises(NotNowError, match="one of your goals already"):
        two.do(actions.propose_goal, T, "To sleep.")
    other = two.goal("To rise.")
    with pytest.raises(NotNowError, match="one of your goals already"):
        two.do(actions.propose_goal, T, "To sleep.", goal=other)


def test_there_are_three_at_most_at_a_time(two):
    refs = [two.goal(f"Goal {i}.") for i in range(2)]
    propose(two, T, "The third.")

    with pytest.raises(NotNowError, match="3 goals at most"):
        two.do(actions.propose_goal, C, "The fourth.")

    two.do(actions.accept_goal, C, two.goals().new[0].waits.ref)
    two.do(
        actions.accept_goal,
        C,
        propose(two, T, "", goal=refs[0], rests=True).waits.ref,
    )
    two.do(actions.propose_goal, C, "The fourth.")
    with pytest.raises(NotNowError, match="3 goals at most"):
        two.do(actions.propose_goal, C, "Goal 0.", goal=refs[0])


@pytest.mark.parametrize("words", ["", " \n ", "x" * 281, "a\0b"])
def test_words_that_cannot_be_kept_are_refused(two, words):
    with pytest.raises(NotNowError, match="1 to 280 characters"):
        two.do(actions.propose_goal, C, words)

    assert not Goal.objects.exists()


def test_the_client_rates_and_both_see_it(two):
    ref = two.goal()
    before = two.revisions()

    two.do(actions.rate_goals, C, 3, {ref: 0.0})
    two.do(actions.rate_goals, C, 2, {ref: 10.0})

    assert two.goals(T).in_force[0].ratings == ((2, 10.0), (3, 0.0))
    assert two.seen(T).ours.goals[0].ratings == ((2, 10.0), (3, 0.0))
    assert two.revisions()[2] > before[2]


def test_a_rating_is_changed_or_left_blank_again(two):
    ref = two.goal()
    two.do(actions.rate_goals, C, 3, {ref: 4.0})
    two.do(actions.rate_goals, C, 3, {ref: 5.0})
    assert two.goals().in_force[0].rated_after(3) == 5.0

    for _ in range(2):
        two.do(actions.rate_goals, C, 3, {ref: None})

    assert two.goals().in_force[0].rated_after(3) is None


def test_an_earlier_rating_is_taken_back_also_of_a_goal_that_rests(two):
    ref = two.goal("To sleep.")
    two.do(actions.rate_goals, C, 2, {ref: 4.0})
    two.do(actions.rate_goals, C, 3, {ref: 5.0})
    two.do(actions.rate_goals, C, 2, {ref: None})
    two.do(actions.accept_goal, C, propose(two, T, "", goal=ref, rests=True).waits.ref)
    assert two.goals().rest[0].ratings == ((3, 5.0),)

    two.do(actions.rate_goals, C, 3, {ref: None})

    assert two.goals(T).rest[0].ratings == ()
    taken = Withdrawal.objects.filter(what=Withdrawn.RATING)
    assert sorted(taken.values_list("session", flat=True)) == [2, 3]


def test_a_rating_that_could_not_be_kept_takes_nothing_back(two):
    ref = two.goal("To sleep.")
    two.do(actions.rate_goals, C, 2, {ref: 4.0})

    with pytest.raises(NotNowError, match="0 to 10"):
        two.do(actions.rate_goals, C, 2, {ref: 11.0})

    assert two.goals().in_force[0].ratings == ((2, 4.0),)


def test_the_therapist_rates_nothing_and_takes_nothing_back(two):
    ref = two.goal()

    with pytest.raises(NotYoursError):
        two.do(actions.rate_goals, T, 3, {ref: 4.0})
    assert not GoalRating.objects.exists()
    two.do(actions.rate_goals, C, 3, {ref: 4.0})

    with pytest.raises(NotYoursError):
        two.do(actions.rate_goals, T, 3, {ref: None})

    assert GoalRating.objects.exists()


@pytest.mark.parametrize("rating", [-1.0, 10.5, float("nan"), float("inf")])
def test_a_rating_out_of_its_bounds_is_refused_and_nothing_else_is_kept(two, rating):
    first, second = two.goal("One."), two.goal("Two.")

    with pytest.raises(NotNowError, match="0 to 10"):
        two.do(actions.rate_goals, C, 3, {first: 4.0, second: rating})

    assert not GoalRating.objects.exists()


def test_a_session_to_come_and_a_goal_of_another_pair_are_not_rated(two):
    ref = two.goal()
    with pytest.raises(NotYoursError):
        two.do(actions.rate_goals, C, 4, {ref: 4.0})
    bo, other = two.world.bo, two.world.ref("bo")
    actions.propose_goal(bo, other, "Of Bo.", now=NOW)
    goal = Goal.objects.get(dyad__ref=other)

    with REFUSED:
        two.do(actions.rate_goals, C, 3, {goal.ref: 4.0})
    with pytest.raises(NotYoursError):
        two.do(actions.propose_goal, T, "Other words.", goal=goal.ref)
    with REFUSED:
        two.do(actions.accept_goal, C, goal.wordings.get().ref)


@pytest.mark.parametrize("seat", Seat)
def test_either_notes_that_they_looked_at_them_together_once_a_day(two, seat):
    with pytest.raises(NotNowError, match="no goal to look at"):
        two.do(actions.note_goals_reviewed, seat)
    two.goal()
    for each in (seat, seat.other, seat):
        two.do(actions.note_goals_reviewed, each)

    assert GoalReview.objects.get().by == seat
    assert two.goals(seat.other).reviewed_on == NOW.date()


def test_in_supervision_nobody_is_the_others_client(two):
    ref = two.world.ref("sup")
    pair = queries.find_pair(two.world.sup, ref)

    for asked in (queries.goals, lambda pair: queries.forms(pair, now=NOW)):
        with pytest.raises(NotYoursError):
            asked(pair)
    with pytest.raises(NotYoursError):
        actions.propose_goal(two.world.therapist, ref, "A goal.", now=NOW)
    with pytest.raises(NotYoursError):
        actions.fill_form(two.world.therapist, ref, "phq4", {"1": 1.0}, now=NOW)


@pytest.mark.parametrize("seat", Seat)
def test_goals_go_with_the_clients_words_and_not_with_the_others(two, seat):
    two.do(actions.rate_goals, C, 3, {two.goal("Both.").strip(): 4.0})
    two.do(actions.propose_goal, seat, "Waits.")

    two.do(actions.forget_all_of, seat)

    kept = [] if seat is C else ["Both."]
    assert [goal.holds.words for goal in two.goals().all] == kept
    assert Goal.objects.count() == len(kept)


def test_nothing_is_proposed_or_rated_by_whom_nothing_is_kept_of(two):
    ref = two.goal()
    two.do(actions.forget_all_of, T)

    with pytest.raises(NotNowError, match="nothing more of yours be kept"):
        two.do(actions.propose_goal, T, "Words.", goal=ref)
    two.do(actions.rate_goals, C, 3, {ref: 4.0})


def test_a_goal_is_seen_the_same_by_the_two_together(two):
    two.do(actions.rate_goals, C, 3, {two.goal(): 4.0})
    seen = two.seen(C)

    assert seen.together() == two.seen(T).together()
    assert seen_together(seen.ours).ours.goals == seen.ours.goals
    assert seen.mine.goals == ()


def test_another_pair_of_the_therapist_has_none_of_it(two):
    two.goal()

    others = queries.pairs_of(two.world.therapist)
    found = dict(zip([p.ref for p in others], queries.seen_of_all(others), strict=True))

    assert [bool(seen.ours.goals) for seen in found.values()].count(True) == 1
    assert Two(two.world).goals(T).in_force
