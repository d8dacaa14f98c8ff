"""What became of a session, in a few words that blame nobody."""

from datetime import UTC, datetime

import pytest

from duologue.records import Kind, Seat, Session, Status, Tag
from duologue.relationship import became_of
from duologue.relationship.lint import banned_words

BEGAN, ENDED = (datetime(2026, 3, 2, h, 5, tzinfo=UTC) for h in (14, 15))


def hour(time):
    return f"{time:%H:%M}"


def words(tag=None, kind=Kind.THERAPY, **session):
    return became_of(Session(number=1, **session), tag, kind, hour=hour)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"started": BEGAN}, "began 14:05"),
        ({"started": BEGAN, "ended": ENDED}, "began 14:05, ended 15:05"),
        (
            {"started": BEGAN, "ended": ENDED, "tag": Tag.MEANT},
            "began 14:05, ended 15:05; meant",
        ),
        ({"status": Status.CANCELLED}, "cancelled"),
        ({"status": Status.NO_SHOW, "by": Seat.CLIENT}, "missed by the client"),
        (
            {"status": Status.MOVED, "by": Seat.CLIENT, "kind": Kind.SUPERVISION},
            "moved by the supervisee",
        ),
    ],
)
def test_what_became_of_it_is_said_in_few_words(given, said):
    assert words(**given) == said
    assert banned_words(said) == ()
