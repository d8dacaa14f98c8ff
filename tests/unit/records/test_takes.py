import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue import instruments
from duologue.records import ItemType, Kind, Seat
from strategies import prompts, values

ITEMS = {item.id: item for item in prompts().items}
C, T = Seat.CLIENT, Seat.THERAPIST


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("open", 0.0),
        ("open", 100.0),
        ("open", 33.3),
        ("lead", -50.0),
        ("unsaid", "no"),
        ("unsaid", "decline"),
        ("need", ("slower",)),
        ("need", ("more_time", "slower", "quiet")),
        ("words", ""),
        ("words", "x" * 40),
        ("words", "\u00e5" * 40),
        ("carry", "x" * 5000),
    ],
)
def test_an_item_takes_what_was_asked_for(item, value):
    assert ITEMS[item].takes(C, value)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("open", -0.001),
        ("open", 100.001),
        ("open", math.nan),
        ("open", math.inf),
        ("open", -math.inf),
        ("open", 50),
        ("open", True),
        ("open", "50"),
        ("open", (50.0,)),
        ("lead", 50.5),
        ("unsaid", "perhaps"),
        ("unsaid", ""),
        ("unsaid", "No"),
        ("unsaid", ("no",)),
        ("unsaid", 1.0),
        ("need", ()),
        ("need", ("quiet", "quiet")),
        ("need", ("quiet", "nothing_of_the_kind")),
        ("need", ("",)),
        ("need", "quiet"),
        ("need", ["quiet"]),
        ("words", "x" * 41),
        ("words", 1.0),
        ("words", ("x",)),
    ],
)
def test_an_item_takes_nothing_else(item, value):
    assert not ITEMS[item].takes(C, value)


def test_each_seat_may_choose_among_its_own_options():
    need = ITEMS["need"]

    assert need.takes(C, ("more_time",))
    assert not need.takes(T, ("more_time",))
    assert need.takes(T, ("ask_more", "slower"))
    assert not need.takes(C, ("ask_more", "slower"))


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@given(data=st.data(), seat=st.sampled_from(Seat))
def test_every_answer_that_a_course_can_hold_is_taken(item, data, seat):
    value = data.draw(values(item, seat).filter(lambda v: v is not None))

    assert item.takes(seat, value)


@pytest.mark.parametrize("kind", Kind)
def test_every_option_on_screen_is_taken_from_the_seat_that_sees_it(kind):
    for item in instruments.prompts(kind).items:
        for seat in Seat:
            for option in item.option_ids(seat):
                one = (option,) if item.type is ItemType.CHIPS else option
                assert item.takes(seat, one)
