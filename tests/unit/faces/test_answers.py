"""One answer in words, without a number."""

import re

import pytest

from duologue import instruments
from duologue.faces import as_svg
from duologue.faces.answers import in_words, share_of
from duologue.records import Kind, Seat

PROMPTS = instruments.prompts(Kind.THERAPY)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "Not safe"),
        (4.9, "Not safe"),
        (5.0, "nearer to “Not safe”"),
        (35.0, "about half way"),
        (64.9, "about half way"),
        (65.0, "nearer to “Very safe”"),
        (95.0, "Very safe"),
        (100.0, "Very safe"),
    ],
)
def test_a_place_on_a_scale_is_said_in_five_wordings(value, words):
    assert in_words(PROMPTS.item("safe"), Seat.CLIENT, value) == words


def test_each_seat_hears_its_own_ends():
    safe = PROMPTS.item("safe")

    assert in_words(safe, Seat.THERAPIST, 100.0) == "Very"


def test_choices_and_chips_are_said_by_their_labels():
    assert in_words(PROMPTS.item("apart"), Seat.CLIENT, "not_sure") == "Not sure"
    assert (
        in_words(PROMPTS.item("need"), Seat.THERAPIST, ("slower", "quiet"))
        == "To go slower, More quiet"
    )


def test_words_are_said_as_they_were_written():
    assert in_words(PROMPTS.item("line"), Seat.CLIENT, "the door") == "the door"


def test_no_wording_of_a_scale_holds_a_number():
    for item in PROMPTS.items:
        for seat in Seat:
            for value in range(101) if item.is_number else ():
                assert not re.search(r"\d", in_words(item, seat, float(value)))


def test_two_answers_are_marked_on_one_line_of_equal_weight():
    drawn = as_svg.marks({Seat.CLIENT: 0.0, Seat.THERAPIST: 1.0})

    assert drawn.count("<circle") == drawn.count("<rect") == 1
    assert 'aria-hidden="true"' in drawn
    assert "style=" not in drawn


def test_the_share_of_a_scale_runs_from_0_to_1():
    assert share_of(PROMPTS.item("open"), 25.0) == 0.25
