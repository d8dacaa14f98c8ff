"""What followed confirmed moments, against a count by hand."""

from dataclasses import replace

import pytest

from duologue.records import Seat, Segment, Turns
from duologue.relationship.confirmed import (
    Followed,
    after_confirmed,
    candidates,
    usual_words,
)
from duologue.relationship.spoken import spoken_in

C, T = Seat.CLIENT, Seat.THERAPIST
ROWS = (
    (T, "How is this right now?"),
    (C, "I am well and you?"),
    (T, "I notice a smile."),
    (C, "My own, mine."),
    (T, "So it is."),
    (C, "You saw it. I did not see it at all until you said it."),
    (T, "It is here."),
    (C, "Yes, it is here now."),
    (T, "And what comes between us?"),
)


def said(session=1, rows=ROWS):
    segments = tuple(
        Segment(seat, 4.0 * n, 4.0 * n + 3.5, words)
        for n, (seat, words) in enumerate(rows)
    )
    return spoken_in(Turns(session=session, segments=segments, resolution_s=0.1))


def test_candidates_are_the_therapists_own_turns_with_such_wording():
    assert [each.stretch for each in candidates(said())] == [0, 2, 8]


def test_the_next_three_turns_are_counted_each_once():
    found = after_confirmed([said()], {1: {0, 2, 8}})

    assert found == Followed(
        n_moments=3,
        n_sessions=1,
        n_answered=2,  # nobody spoke after the last
        n_longer=0,  # 5 and 3 words; half of the turns have 5 or fewer
        n_turns=4,
        n_words=5 + 3 + 14 + 5,
        i_words=1 + 2 + 1,
        you_words=1 + 2,
        n_asking=1,
    )


def test_what_was_not_confirmed_or_is_no_such_turn_counts_for_nothing():
    nothing = after_confirmed([said()], {})

    assert nothing == after_confirmed([said()], {1: {1, 3, 4, 99}, 2: {0}})
    assert set(vars_of(nothing)) == {0}


def vars_of(found):
    return [getattr(found, name) for name in Followed.__dataclass_fields__]


def test_several_sessions_are_added_up():
    one = after_confirmed([said()], {1: {0}})
    both = after_confirmed([said(1), said(2)], {1: {0}, 2: {0}})

    assert vars_of(both) == [2 * value for value in vars_of(one)]


@pytest.mark.parametrize(
    ("words", "n_longer"), [("One two three four five six.", 1), ("One.", 0)]
)
def test_longer_is_longer_than_half_of_the_clients_turns_of_that_session(
    words, n_longer
):
    rows = list(ROWS)
    rows[1] = (C, words)

    assert after_confirmed([said(rows=rows)], {1: {0}}).n_longer == n_longer


def test_usual_is_a_length_that_one_of_the_turns_has():
    spoken = said()

    assert usual_words(spoken) == 5
    assert usual_words(replace(spoken, stretches=())) == 0
