from itertools import product

import pytest
from hypothesis import given

from duologue.records import (
    Answer,
    Item,
    ItemType,
    Prompts,
    Reflection,
    Seat,
    Visibility,
)
from duologue.sharing import Standing, items_open, may_open, standing
from duologue.sharing.opening import is_answered
from strategies import prompts, reflections

PROMPTS = prompts()
CLIENT, THERAPIST = Seat.CLIENT, Seat.THERAPIST


def side(seat, *answers):
    return Reflection(session=1, seat=seat, answers=tuple(Answer(*a) for a in answers))


def pair(client, therapist):
    return {CLIENT: side(CLIENT, *client), THERAPIST: side(THERAPIST, *therapist)}


@pytest.mark.parametrize(
    ("is_open", "was_open", "expected"),
    [
        (False, False, Standing.SEALED),
        (True, True, Standing.OPEN),
        (True, False, Standing.OPEN),
        (False, True, Standing.CLOSED),
    ],
)
def test_an_item_is_sealed_until_it_opens_and_closed_once_it_has(
    is_open, was_open, expected
):
    assert standing(is_open=is_open, was_open=was_open) is expected


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        (Visibility.PAIR_IF_BOTH, True),
        (Visibility.AUTHOR_ONLY_UNLESS_BOTH, True),
        (Visibility.AUTHOR_ONLY, False),
    ],
)
def test_what_is_its_authors_alone_may_never_open(visibility, expected):
    assert may_open(Item(id="x", type=ItemType.TEXT, visibility=visibility)) is expected


def test_what_nobody_asked_may_never_open():
    assert not may_open(None)


@pytest.mark.parametrize(
    ("item", "value", "expected"),
    [
        ("open", 0.0, True),
        ("open", None, False),
        ("lead", -50.0, True),
        ("unsaid", "no", True),
        ("unsaid", "decline", False),
        ("need", ("quiet",), True),
        ("need", (), False),
        ("words", "So be it.", True),
        ("words", "", False),
        ("words", " \n\t", False),
    ],
)
def test_a_blank_and_rather_not_are_no_answer_and_nought_is_one(item, value, expected):
    assert is_answered(PROMPTS.item(item), Answer(item, value)) is expected


def test_what_opens_stands_in_the_order_of_the_prompts():
    both = [("words", "mine", True), ("lead", 1.0, True), ("open", 2.0, True)]

    assert items_open(PROMPTS, pair(both, reversed(both))) == ("open", "lead", "words")


@pytest.mark.parametrize("absent", [CLIENT, THERAPIST])
def test_nothing_opens_where_one_side_is_missing(absent):
    both = pair([("open", 1.0, True)], [("open", 2.0, True)])

    assert items_open(PROMPTS, {**both, absent: None}) == ()
    assert items_open(PROMPTS, {absent.other: both[absent.other]}) == ()
    assert items_open(PROMPTS, {}) == ()


def test_two_numbers_open_only_where_both_said_yes_and_both_answered():
    for values in product([(1.0, True), (1.0, False), (None, True), None], repeat=2):
        client, therapist = ([("open", *v)] if v else [] for v in values)

        found = items_open(PROMPTS, pair(client, therapist))

        assert (found == ("open",)) == (values == ((1.0, True), (1.0, True)))


def opens(item, one, other):
    """Say, slowly, whether an item opens."""
    given = [r.answer(item.id) for r in (one, other)]
    return (
        item.visibility is not Visibility.AUTHOR_ONLY
        and all(a is not None and a.shared for a in given)
        and all(a.value not in (None, "", (), "decline") for a in given)
        and all(str(a.value).strip() for a in given)
    )


@given(found=reflections(PROMPTS, (1,)))
def test_both_seats_and_a_slower_way_agree_on_what_opens(found):
    sides = {seat: Reflection(session=1, seat=seat, answers=()) for seat in Seat}
    sides |= {r.seat: r for r in found}
    mirrored = {seat: sides[seat.other] for seat in Seat}

    slow = tuple(i.id for i in PROMPTS.items if opens(i, *sides.values()))

    assert items_open(PROMPTS, sides) == slow
    assert items_open(PROMPTS, mirrored) == slow


def test_without_questions_nothing_opens():
    nothing = Prompts(id="none", version="1", items=())

    assert items_open(nothing, pair([("open", 1.0, True)], [("open", 1.0, True)])) == ()
