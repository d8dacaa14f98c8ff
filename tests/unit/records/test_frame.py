"""Which edges of a session moved: from planned and real times, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from duologue.engine import frame as engine_frame
from duologue.errors import RecordError
from duologue.records import EdgeKind, Session, Status, edges_moved
from duologue.records.frame import A_FEW_MINUTES

PLANNED = datetime(2026, 3, 2, 14, tzinfo=UTC)


def session(late=0, lasts=50, **more):
    started = PLANNED + timedelta(minutes=late)
    ended = None if lasts is None else started + timedelta(minutes=lasts)
    times = {"planned_start": PLANNED, "started": started, "ended": ended}
    return Session(number=1, **{**times, **more})


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        (session(), ()),
        (session(late=5, lasts=55), ()),
        (session(late=-20), ()),
        (session(late=6), (EdgeKind.LATE_START,)),
        (session(lasts=56), (EdgeKind.OVERRAN,)),
        (session(lasts=44), (EdgeKind.ENDED_EARLY,)),
        (session(late=10, lasts=40), (EdgeKind.LATE_START, EdgeKind.ENDED_EARLY)),
        (session(lasts=None), ()),
        (session(late=9, planned_start=None), ()),
        (session(lasts=90, planned_minutes=90), ()),
        (session(lasts=50, planned_minutes=90), (EdgeKind.ENDED_EARLY,)),
        (session(late=9, started=None, ended=None), ()),
        (session(late=9, status=Status.CANCELLED), ()),
    ],
)
def test_an_edge_moves_by_more_than_a_few_minutes(given, moved):
    assert edges_moved(given, length_min=50) == moved


def test_without_a_length_no_end_moves():
    assert edges_moved(session(late=6, lasts=90), length_min=None) == (
        EdgeKind.LATE_START,
    )


def test_a_few_minutes_are_as_many_as_in_the_reading():
    assert timedelta(minutes=engine_frame.A_FEW_MINUTES) == A_FEW_MINUTES


@pytest.mark.parametrize("minutes", [0, 481])
def test_a_session_is_planned_for_minutes(minutes):
    with pytest.raises(RecordError, match="1 to 480 minutes"):
        Session(number=1, planned_minutes=minutes)
