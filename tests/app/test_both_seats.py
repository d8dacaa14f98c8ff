"""Two accounts in several pairs, and in both seats at once: each pair stands alone.

Ann and the therapist sit in a second pair with their seats exchanged, and Ann in a third,
with the other therapist.
"""

import re
from dataclasses import replace

import pytest

import hidden
from app_people import dyad
from duologue.records import Seat
from stories import write
from visitors import difference, gets, looking_at, undone

pytestmark = pytest.mark.no_cover

SWAPPED, THIRD = "ref-swapped", "ref-third"
OF_BOTH = ("ref-of-ann", SWAPPED)
KEPT_BACK = (
    hidden.answers_afresh,
    hidden.changes_an_answer,
    hidden.is_willing_alone,
    hidden.sends_a_card,
    hidden.fills_in_and_shows_nobody,
    hidden.says_yes_alone,
)
"""A few of those acts, of different kinds, that can be done together."""


@pytest.fixture
def pairs(told):
    """The practice, in which the two sit in more than one pair."""
    return make_pairs(told)


def make_pairs(told):
    """Return the practice as each pair knows it: who is its client, and who its therapist."""
    people = {**told.people, "ann": told.therapist, "therapist": told.ann}
    swapped = dyad(told.practice, told.therapist, told.ann, ref=SWAPPED)
    third = dyad(told.practice, told.ann, told.other_therapist, ref=THIRD)
    found = {
        "ref-of-ann": told,
        SWAPPED: replace(told, people=people, dyads={**told.dyads, "ann": swapped}),
        THIRD: replace(
            told,
            people={**told.people, "therapist": told.other_therapist},
            dyads={**told.dyads, "ann": third},
        ),
    }
    for ref in (SWAPPED, THIRD):
        for seat in Seat:
            write(found[ref], seat, 2, open=33.0, line=f"a sealed line of {ref}")
    return found


def look(visitor):
    """Give what somebody sees of the two pairs of the same two people."""
    return looking_at(visitor, dict.fromkeys(a for ref in OF_BOTH for a in gets(ref)))


@pytest.mark.parametrize("hider", ["client", "therapist"])
def test_what_one_keeps_back_in_a_pair_changes_nothing_in_another(
    pairs, visitors, hider
):
    other = visitors[hidden.OTHER[hider]]
    seats = {"ref-of-ann": hider, SWAPPED: hidden.OTHER[hider]}
    if hider == "client":
        seats[THIRD] = "client"
    before = dict(look(other))

    for ref, seat in seats.items():
        with undone():
            for change in KEPT_BACK:
                change(pairs[ref], seat)
            assert difference(before, look(other)) is None, ref


@pytest.mark.parametrize(("ref", "not_there"), [OF_BOTH, OF_BOTH[::-1]])
def test_what_opens_in_one_pair_is_seen_in_that_pair(pairs, visitors, ref, not_there):
    before = dict(look(visitors["client"]))

    hidden.opens_with_the_other(pairs[ref], "client")

    found = [a for a, now in look(visitors["client"]) if before[a] != now]
    assert f"/with/{ref}/2/" in found
    assert [address for address in found if not_there in address] == []


def test_each_pair_has_its_own_line_among_my_people(pairs, visitors):
    listed = {
        role: re.findall(r"/with/([a-z-]+)/", visitors[role].get("/").content.decode())
        for role in ("client", "therapist")
    }

    assert sorted(set(listed["client"])) == sorted(pairs)
    assert sorted(set(listed["therapist"])) == sorted(
        [*OF_BOTH, "ref-of-bo", "ref-of-sup"]
    )
