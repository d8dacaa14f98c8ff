"""Every read: who asks is given, and what comes back has passed through ``sharing``."""

from duologue.store.queries.calendars import calendar_plan
from duologue.store.queries.looks import days_shown_to_other
from duologue.store.queries.pairs import Pair, Times, find_pair, pairs_of, times_of
from duologue.store.queries.people import (
    DemoPerson,
    crisis_words,
    demo_people,
    demo_person,
)
from duologue.store.queries.rooms import RoomSeen, find_room
from duologue.store.queries.seen import seen, seen_of_all, shown_to_other
from duologue.store.queries.sessions import (
    ItemSeen,
    OpenSession,
    OpenThought,
    SessionLine,
    SessionSeen,
    Thought,
    open_thoughts,
    opened_sessions,
    session_line,
    session_seen,
    sessions_of,
)
from duologue.store.queries.today import (
    LastSession,
    OwnCard,
    Today,
    end_of_day,
    last_session,
    own_card,
    today,
)

__all__ = [
    "DemoPerson",
    "ItemSeen",
    "LastSession",
    "OpenSession",
    "OpenThought",
    "OwnCard",
    "Pair",
    "RoomSeen",
    "SessionLine",
    "SessionSeen",
    "Thought",
    "Times",
    "Today",
    "calendar_plan",
    "crisis_words",
    "days_shown_to_other",
    "demo_people",
    "demo_person",
    "end_of_day",
    "find_pair",
    "find_room",
    "last_session",
    "open_thoughts",
    "opened_sessions",
    "own_card",
    "pairs_of",
    "seen",
    "seen_of_all",
    "session_line",
    "session_seen",
    "sessions_of",
    "shown_to_other",
    "times_of",
    "today",
]
