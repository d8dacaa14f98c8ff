"""Whatever two people propose, accept, set aside and take back, in whatever order.

The store is compared with a model of a few lines, step by step, and the same steps with
the seats exchanged lead to the same agreement with the seats exchanged.
"""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app_people import AGREED, make_world
from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.store import actions, queries
from two_seats import Two, undone

STEPS = st.lists(
    st.tuples(
        st.sampled_from(Seat),
        st.sampled_from(["propose", "accept", "set_aside", "take_back"]),
        st.integers(20, 22),
    ),
    max_size=14,
)
ANSWERS = {
    "accept": actions.accept_proposal,
    "set_aside": actions.set_aside,
    "take_back": actions.take_back_proposal,
}


@pytest.fixture
def two(db):
    return Two(make_world())


def model(steps):
    """Return what is in force, what waits and by whom, and all that was ever in force."""
    in_force, waits, history, aside = 50, None, [50], 0
    for seat, do, length in steps:
        if do == "propose":
            if waits is None and length != in_force:
                waits = (seat, length)
        elif waits is None:
            continue
        elif do == "take_back":
            waits = None if waits[0] is seat else waits
        elif waits[0] is not seat:
            if do == "accept":
                in_force = waits[1]
                history.append(in_force)
            else:
                aside += 1
            waits = None
    return in_force, waits, history, aside


def step(two, seat, do, length):
    """Do one of them, to whatever waits."""
    waiting = queries.agreed(two.pair(seat)).proposal
    with suppress(NotNowError):
        if do == "propose":
            two.do(actions.propose, seat, replace(AGREED, length_min=length))
        else:
            two.do(ANSWERS[do], seat, waiting.ref if waiting else "none")


def found(two, seat):
    """Return the same of the store, as one of the two sees it."""
    agreed = queries.agreed(two.pair(seat))
    waits = agreed.proposal
    numbered = [agreed.in_force, *(v for v in agreed.earlier if v.number is not None)]
    numbered.sort(key=lambda version: version.number)
    assert [version.number for version in numbered] == list(range(1, len(numbered) + 1))
    assert all(
        version.client_accepted_on and version.therapist_accepted_on
        for version in numbered
    )
    return (
        agreed.in_force.terms.length_min,
        waits and (waits.proposed_by, waits.terms.length_min),
        [version.terms.length_min for version in numbered],
        sum(version.set_aside_on is not None for version in agreed.earlier),
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_only_what_both_accepted_is_in_force_and_one_thing_waits(two, steps):
    with undone():
        for n, (seat, do, length) in enumerate(steps, start=1):
            step(two, seat, do, length)
            seen = [found(two, each) for each in Seat]
            assert seen == [model(steps[:n])] * 2
            assert two.dyad().terms().length_min == seen[0][0]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_the_two_seats_have_the_same_say(two, steps):
    def after(each_seat):
        with undone():
            for seat, do, length in steps:
                step(two, each_seat(seat), do, length)
            return found(two, Seat.CLIENT)

    plain, crossed = after(lambda seat: seat), after(lambda seat: seat.other)

    waits = crossed[1] and (crossed[1][0].other, crossed[1][1])
    assert plain == (crossed[0], waits, *crossed[2:])
