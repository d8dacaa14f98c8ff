"""Who is asked for what they came for, and when a form is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.records import Kind, Seat
from duologue.sharing.outcomes import USUAL_RHYTHM, due, rates

TODAY = date(2026, 3, 30)


def ago(days):
    """Return the day so many days ago."""
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("kind", "seat", "asked"),
    [
        (Kind.THERAPY, Seat.CLIENT, True),
        (Kind.THERAPY, Seat.THERAPIST, False),
        (Kind.SUPERVISION, Seat.CLIENT, False),
        (Kind.SUPERVISION, Seat.THERAPIST, False),
    ],
)
def test_the_client_of_a_therapy_is_asked_and_nobody_else(kind, seat, asked):
    assert rates(kind, seat) is asked


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ({}, ("phq9", "gad7")),
        ({"phq9": ago(0), "gad7": ago(0)}, ()),
        ({"phq9": ago(13), "gad7": ago(13)}, ()),
        ({"phq9": ago(14), "gad7": ago(14)}, ("phq4",)),
        ({"phq9": ago(14), "gad7": ago(14), "phq4": ago(13)}, ()),
        ({"phq9": ago(28), "gad7": ago(27)}, ("phq4", "phq9")),
        ({"phq9": ago(28), "gad7": ago(5)}, ("phq9",)),
        ({"phq9": ago(28), "gad7": ago(28)}, ("phq9", "gad7")),
    ],
)
def test_nobody_is_asked_the_same_twice_in_two_weeks(last, found):
    assert due(USUAL_RHYTHM, last, today=TODAY) == found


def test_what_one_does_not_want_to_be_asked_is_never_due():
    assert due({"phq4": None, "phq9": None}, {}, today=TODAY) == ()


@given(
    rhythm=st.dictionaries(
        st.sampled_from(list(USUAL_RHYTHM)), st.sampled_from([None, 14, 28, 84])
    ),
    since=st.dictionaries(st.sampled_from(list(USUAL_RHYTHM)), st.integers(0, 100)),
)
def test_a_form_is_due_only_after_its_own_time(rhythm, since):
    last = {name: ago(days) for name, days in since.items()}

    for name in due(rhythm, last, today=TODAY):
        assert rhythm[name] is not None
        assert name not in since or since[name] >= rhythm[name]
