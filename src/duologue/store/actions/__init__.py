"""Every write: who does it is given, all or nothing is kept, and it may be repeated."""

from duologue.store.actions.agreeing import (
    accept_proposal,
    propose,
    set_aside,
    take_back_proposal,
)
from duologue.store.actions.cards import send_card, withdraw_card
from duologue.store.actions.consenting import say_no, say_yes
from duologue.store.actions.forgetting import forget_all_of
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
from duologue.store.actions.preferring import keep_preferences, share_preferences
from duologue.store.actions.reflecting import Kept, reflect, skip
from duologue.store.actions.rooms import leave_room, show_room, tap
from duologue.store.actions.sessions import add_session, remove_session

__all__ = [
    "Kept",
    "accept_proposal",
    "add_later_thought",
    "add_session",
    "forget_all_of",
    "import_course",
    "keep_preferences",
    "leave_room",
    "note_shown",
    "open_again",
    "propose",
    "reflect",
    "remove_later_thought",
    "remove_session",
    "say_no",
    "say_not_willing",
    "say_willing",
    "say_yes",
    "send_card",
    "set_aside",
    "set_up_practice",
    "share_preferences",
    "share_unsaid",
    "show_room",
    "skip",
    "take_back",
    "take_back_proposal",
    "tap",
    "withdraw_card",
]
