"""Every read: who asks is given, and what comes back has passed through ``sharing``."""

from duologue.store.queries.invitations import (
    Invited,
    find_invitation,
    invited_until,
)
from duologue.store.queries.looks import days_shown_to_other
from duologue.store.queries.pairs import Pair, Times, find_pair, pairs_of, times_of
from duologue.store.queries.people import DemoPerson, demo_people, demo_person
from duologue.store.queries.practices import (
    Help,
    OwnPractice,
    help_for,
    own_practice,
    practice_without_people,
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
    "Help",
    "Invited",
    "ItemSeen",
    "LastSession",
    "OpenSession",
    "OpenThought",
    "OwnCard",
    "OwnPractice",
    "Pair",
    "RoomSeen",
    "SessionLine",
    "SessionSeen",
    "Thought",
    "Times",
    "Today",
    "days_shown_to_other",
    "demo_people",
    "demo_person",
    "end_of_day",
    "find_invitation",
    "find_pair",
    "find_room",
    "help_for",
    "invited_until",
    "last_session",
    "open_thoughts",
    "opened_sessions",
    "own_card",
    "own_practice",
    "pairs_of",
    "practice_without_people",
    "seen",
    "seen_of_all",
    "session_seen",
    "sessions_of",
    "shown_to_other",
    "times_of",
    "today",
]
