"""Who may be the therapist: a hint from "you" and "I", never more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.formats.transcripts.suggestion import suggest_seats
from duologue.records.seat import Seat

C, T = Seat.CLIENT, Seat.THERAPIST
WORDS = st.lists(
    st.sampled_from(["i", "i'm", "my", "you", "you're", "yours", "gate"]), max_size=20
)


def test_the_one_who_says_you_more_and_i_less_is_suggested():
    said = {"ash": ["i'm", "here", "for", "you"], "wren": ["are", "you", "here"]}

    assert suggest_seats(said) == {"ash": C, "wren": T}


def test_it_is_the_rate_that_counts_and_not_the_number():
    said = {"ash": ["you"] * 3 + ["gate"] * 97, "wren": ["you", "gate"]}

    assert suggest_seats(said) == {"ash": C, "wren": T}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"ash": ["you"]},
        {"ash": ["you"], "wren": ["i"], "fern": ["gate"]},
        {"ash": ["you"], "wren": []},
        {"ash": ["you", "i"], "wren": ["gate"]},
    ],
    ids=["nobody", "one", "three", "no words", "alike"],
)
def test_where_the_rule_cannot_tell_nothing_is_suggested(said):
    assert suggest_seats(said) == {}


@given(one=WORDS, other=WORDS)
def test_swapping_what_is_said_swaps_the_seats(one, other):
    straight = suggest_seats({"a": one, "b": other})
    swapped = suggest_seats({"a": other, "b": one})

    assert swapped == {label: seat.other for label, seat in straight.items()}
    assert set(straight.values()) in (set(), {C, T})
