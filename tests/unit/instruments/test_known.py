"""What ships and what packs hold, known together."""

from dataclasses import replace

import pytest

from duologue import instruments
from duologue.errors import InstrumentError
from duologue.instruments import SHIPPED, Known
from duologue.instruments.packs import read_pack
from duologue.records import Kind, Seat
from made_up_forms import hours, made_up, packed

PROMPTS = instruments.prompts(Kind.THERAPY)


def known(*forms):
    return Known((read_pack(packed(*forms)),))


def test_what_ships_is_known_everywhere():
    assert SHIPPED.names() == instruments.names()
    assert SHIPPED.load("phq9") is instruments.load("phq9")
    assert known(hours()).find("phq9") is instruments.load("phq9")
    assert SHIPPED.extend(PROMPTS) == PROMPTS


def test_what_a_pack_holds_is_known_with_its_credit():
    there = known(hours(), made_up())

    assert there.names() == (*instruments.names(), "hours", "weather")
    assert there.load("hours").credit == made_up().credit
    assert replace(there.load("hours"), credit="") == hours()


def test_of_two_packs_with_one_id_the_first_counts():
    first, second = hours(), hours(name="Another")
    packs = [read_pack(packed(each)) for each in (first, second)]

    assert Known(tuple(packs)).load("hours").name == first.name


@pytest.mark.parametrize("at", [SHIPPED, known(hours())])
def test_what_is_not_known_is_refused_without_saying_what_came(at):
    assert at.find("no-such") is None
    with pytest.raises(InstrumentError, match="must be one of arm5, gad7") as refused:
        at.load("no-such")
    assert "no-such" not in str(refused.value)


def test_an_answer_is_checked_by_the_definition_that_is_known():
    there = known(hours())

    there.check_answer("hours", Seat.CLIENT, "a", 3.0)
    there.check_answer("phq9", Seat.CLIENT, "1", 3.0)
    for item, value in (("a", 2.0), ("z", 1.0)):
        with pytest.raises(InstrumentError, match="hours"):
            there.check_answer("hours", Seat.CLIENT, item, value)
    with pytest.raises(InstrumentError, match="client only"):
        there.check_answer("hours", Seat.THERAPIST, "a", 1.0)


def test_a_form_that_the_client_alone_fills_in_by_choosing_is_asked():
    found = known(hours()).extend(PROMPTS)

    assert found.outcomes == PROMPTS.outcomes | {"hours"}
    assert replace(found, outcomes=PROMPTS.outcomes) == PROMPTS


@pytest.mark.parametrize(
    "form",
    [
        hours(answered_by=["client", "therapist"]),
        hours(answered_by=["therapist"]),
        hours(about="the relationship"),
        hours(answers=None),
        made_up(),
    ],
)
def test_any_other_form_is_known_and_asked_of_nobody(form):
    there = known(form)

    assert there.find(form.id) is not None
    assert there.extend(PROMPTS) == PROMPTS


def test_where_the_client_is_asked_for_no_form_none_is_added():
    supervision = instruments.prompts(Kind.SUPERVISION)

    assert known(hours()).extend(supervision) == supervision
