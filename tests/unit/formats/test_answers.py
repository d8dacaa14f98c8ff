import pytest

from duologue.formats import answers
from duologue.records import Answer, Item, ItemType, Option, Seat


def item_of(item_type):
    options = tuple(Option(id=each, label=each) for each in ("one", "two"))
    return Item(
        id="it",
        type=item_type,
        options={Seat.CLIENT: options, Seat.THERAPIST: options[:1]},
        max_characters=5,
    )


@pytest.mark.parametrize(
    ("item_type", "cell", "value"),
    [
        (ItemType.SCALE, "50", 50.0),
        (ItemType.SCALE, "100.5", None),
        (ItemType.SCALE, "-1", None),
        (ItemType.BIPOLAR, "nan", None),
        (ItemType.CHOICE, "two", "two"),
        (ItemType.CHOICE, "three", None),
        (ItemType.CHIPS, "two|one", ("two", "one")),
        (ItemType.CHIPS, "one|one", None),
        (ItemType.CHIPS, "one|", None),
        (ItemType.TEXT, "later", "later"),
        (ItemType.TEXT, "longer", None),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_item(item_type, cell, value):
    assert answers.value_reader(item_of(item_type), Seat.CLIENT)(cell) == value


def test_each_seat_has_options_of_its_own():
    assert answers.value_reader(item_of(ItemType.CHOICE), Seat.THERAPIST)("two") is None


def test_a_text_without_a_limit_may_be_long():
    item = Item(id="it", type=ItemType.TEXT)

    assert answers.value_reader(item, Seat.CLIENT)("x" * 5000) == "x" * 5000


@pytest.mark.parametrize(
    ("item_type", "allowed"),
    [
        (ItemType.SCALE, "a number in 0 to 100"),
        (ItemType.CHOICE, "one of one, two"),
        (ItemType.CHIPS, "any of one, two, each once, joined by |"),
        (ItemType.TEXT, "at most 5 characters"),
    ],
)
def test_what_an_item_takes_is_said_in_words(item_type, allowed):
    words = answers.allowed_values(item_of(item_type), Seat.CLIENT)

    assert words == f"it of the client takes {allowed}, or a blank."


def test_answers_are_gathered_in_the_order_of_sessions_seats_and_items():
    found = {
        (10, 0, 0): Answer("a", 1.0),
        (2, 1, 1): Answer("b", 2.0),
        (2, 1, 0): Answer("a", 3.0),
        (2, 0, 1): Answer("b", None),
    }

    gathered = answers.gather(found)

    assert [(each.session, each.seat) for each in gathered] == [
        (2, Seat.CLIENT),
        (2, Seat.THERAPIST),
        (10, Seat.CLIENT),
    ]
    assert gathered[1].answers == (Answer("a", 3.0), Answer("b", 2.0))
