"""An answer is checked against its instrument, and nothing that came is repeated."""

import math

import pytest

from duologue.errors import InstrumentError
from duologue.instruments import check_answer, load, names
from duologue.records import Seat

SENTINEL = "zebra7193"


@pytest.mark.parametrize("name", names())
def test_every_answer_of_the_form_and_a_blank_are_taken(name):
    instrument = load(name)

    for item in instrument.items:
        for seat in instrument.answered_by:
            for option in item.options[seat]:
                check_answer(name, seat, item.id, option.value)
            check_answer(name, seat, item.id, None)


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ((SENTINEL, Seat.CLIENT, "1", 1.0), "must be one of arm5, gad7, phq4, phq9"),
        (("phq9", Seat.THERAPIST, "1", 1.0), "phq9 is filled in by the client only"),
        (
            ("phq4", Seat.CLIENT, SENTINEL, 1.0),
            "phq4 has the items 1, 2, 3, 4 and no other",
        ),
        (("phq4", Seat.CLIENT, "1", 7193.0), "phq4 item 1 takes one of 0, 1, 2, 3"),
        (("arm5", Seat.THERAPIST, "3", 0.0), "arm5 item 3 takes one of 1, 2, 3, 4, 5"),
        (("phq4", Seat.CLIENT, "1", 1.5), "phq4 item 1 takes one of"),
        (("phq4", Seat.CLIENT, "1", math.nan), "phq4 item 1 takes one of"),
    ],
)
def test_any_other_answer_is_refused_with_what_is_allowed(given, allowed):
    with pytest.raises(InstrumentError, match=allowed) as error:
        check_answer(*given)

    assert "7193" not in str(error.value)
    assert "nan" not in str(error.value)


def test_both_seats_fill_in_the_measure_of_the_relationship():
    for seat in Seat:
        check_answer("arm5", seat, "5", 7.0)
