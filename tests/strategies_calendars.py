"""Calendars and sessions for properties: small, so that they meet often."""

from datetime import timedelta

from hypothesis import strategies as st

from app_people import NOW
from duologue.records import CalendarEvent, CalendarSeries

HOURS = st.integers(-40, 40).map(lambda n: NOW + timedelta(hours=6 * n))
UIDS = ("a", "b", "c")


@st.composite
def calendar_events(draw):
    start = draw(HOURS)
    return CalendarEvent(
        recurrence=draw(st.sampled_from(["", "1", "2", "3"])),
        start=start,
        end=start + timedelta(minutes=draw(st.sampled_from([50, 60, 90]))),
        cancelled=draw(st.booleans()),
        sequence=draw(st.integers(0, 2)),
    )


@st.composite
def calendars(draw):
    """Return the series of a calendar, each identifier once."""
    uids = draw(st.lists(st.sampled_from(UIDS), unique=True, min_size=1))
    return [
        CalendarSeries(
            uid=uid,
            events=tuple(draw(st.lists(calendar_events(), max_size=5))),
            whole=draw(st.booleans()),
        )
        for uid in uids
    ]
