"""Before the two meet: what one may see, a line each."""

import pytest

from build import C, T, course
from duologue.practice import before
from duologue.records import Goal, Seat
from duologue.relationship import read
from duologue.sharing import seen_by

NEEDS = {("need", C): (("quiet",), None, ("slower",)), ("need", T): (("stay",),) * 3}
LINES = {("line", C): ("Hers, first.", None, "Hers."), ("line", T): ("His.",) * 3}


def lines(made, seat):
    """Return what the person in this seat may want in mind."""
    seen = seen_by(made, made.dyad.person(Seat(seat)))
    return before(read(seen, drawn=False), seen)


@pytest.mark.parametrize(("seat", "words"), [(C, "His."), (T, "Hers.")])
def test_it_is_the_newest_words_that_the_other_let_open(seat, words):
    found = lines(course(LINES), seat)

    assert (found.shared.session, found.shared.words) == (3, words)


def test_what_the_other_keeps_back_is_not_in_it():
    kept_back = course(LINES, shared={("line", T)})
    absent = course({("line", T): LINES["line", T]}, shared={("line", T)})

    assert lines(kept_back, T) == lines(absent, T)
    assert lines(kept_back, T).shared is None


@pytest.mark.parametrize("seat", Seat)
def test_what_both_need_next_time_is_said_where_both_let_it_open(seat):
    found = lines(course(NEEDS), seat)

    assert found.need.sessions == (3,)
    assert found.need.sentence.startswith("After session 3: ")


def test_what_one_needs_oneself_is_said_where_nothing_is_open():
    found = lines(course(NEEDS, shared=False), C)

    assert found.need.sentence.startswith("After session 3 you said: ")


def test_the_goals_are_both_peoples_to_see():
    goal = Goal(code="goal-1", words="To sleep.", ratings=((1, 3.0), (3, 4.0)))
    made = course(n=3, goals=(goal,))

    assert lines(made, C).goals == lines(made, T).goals == (goal,)


@pytest.mark.parametrize("seat", Seat)
def test_where_there_is_nothing_there_is_nothing(seat):
    found = lines(course(n=1), seat)

    assert (found.need, found.shared, found.mend, found.goals) == (None, None, None, ())


@pytest.mark.parametrize("seat", Seat)
def test_the_last_time_apart_is_told_where_both_said_so(seat):
    apart = ("no", "came_back", "no")
    made = course({("apart", C): apart, ("apart", T): apart})

    found = lines(made, seat)

    assert found.mend is not None
    assert 2 in found.mend.sessions
