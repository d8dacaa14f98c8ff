"""Every write: who does it is given, all or nothing is kept, and it may be repeated."""

from duologue.store.actions.calendars import import_calendar
from duologue.store.actions.cards import send_card, withdraw_card
from duologue.store.actions.frame import Noted, note_frame
from duologue.store.actions.importing import import_course
from duologue.store.actions.noting import note_shown
from duologue.store.actions.opening import (
    add_later_thought,
    open_again,
    remove_later_thought,
    say_not_willing,
    say_willing,
    share_unsaid,
    take_back,
)
from duologue.store.actions.practices import set_up_practice
from duologue.store.actions.reflecting import Kept, reflect, skip
from duologue.store.actions.rooms import leave_room, show_room, tap
from duologue.store.actions.sessions import add_session, move_session, remove_session

__all__ = [
    "Kept",
    "Noted",
    "add_later_thought",
    "add_session",
    "import_calendar",
    "import_course",
    "leave_room",
    "move_session",
    "note_frame",
    "note_shown",
    "open_again",
    "reflect",
    "remove_later_thought",
    "remove_session",
    "say_not_willing",
    "say_willing",
    "send_card",
    "set_up_practice",
    "share_unsaid",
    "show_room",
    "skip",
    "take_back",
    "tap",
    "withdraw_card",
]
