"""Every write: who does it is given, all or nothing is kept, and it may be repeated."""

from duologue.store.actions.agreeing import (
    accept_proposal,
    propose,
    set_aside,
    take_back_proposal,
)
from duologue.store.actions.calendars import import_calendar
from duologue.store.actions.cards import send_card, withdraw_card
from duologue.store.actions.codes import digest_of
from duologue.store.actions.consenting import say_no, say_yes
from duologue.store.actions.contacts import (
    delete_contact,
    keep_contact,
    share_reach,
)
from duologue.store.actions.forgetting import forget_all_of
from duologue.store.actions.forms import delete_form, fill_form, keep_form_rhythm
from duologue.store.actions.frame import Noted, note_frame
from duologue.store.actions.goals import (
    MOST_GOALS,
    accept_goal,
    note_goals_reviewed,
    propose_goal,
    rate_goals,
    set_goal_aside,
    take_goal_back,
)
from duologue.store.actions.importing import import_course
from duologue.store.actions.inviting import (
    end_invitation,
    invite,
    invite_again,
    invite_to_work,
)
from duologue.store.actions.joining import (
    become,
    choose_password,
    kept_person,
    settle,
    still_kept,
    take_seat,
)
from duologue.store.actions.noting import note_shown, note_way_in
from duologue.store.actions.opening import (
    add_later_thought,
    open_again,
    remove_later_thought,
    say_not_willing,
    say_willing,
    share_unsaid,
    take_back,
)
from duologue.store.actions.packs import add_pack, remove_pack
from duologue.store.actions.practices import change_practice, set_up_practice
from duologue.store.actions.preferring import keep_preferences, share_preferences
from duologue.store.actions.private import (
    edit_page,
    keep_aftercare,
    keep_teaching,
    remove_page,
    write_page,
)
from duologue.store.actions.putting import note_put
from duologue.store.actions.recordings import (
    ONE_OF_A_KIND,
    delete_recording,
    keep_recording,
)
from duologue.store.actions.reflecting import Kept, reflect, skip
from duologue.store.actions.reminding import (
    TakenReminder,
    end_reminder,
    give_reminder_back,
    keep_reminder,
    take_reminder,
)
from duologue.store.actions.rooms import leave_room, show_room, tap
from duologue.store.actions.sessions import add_session, move_session, remove_session
from duologue.store.actions.transcripts import (
    NOT_AGREED,
    ONE_A_SESSION,
    delete_transcript,
    keep_transcript,
    mark_here_and_now,
)
from duologue.store.actions.ways import list_way_in

__all__ = [
    "MOST_GOALS",
    "NOT_AGREED",
    "ONE_A_SESSION",
    "ONE_OF_A_KIND",
    "Kept",
    "Noted",
    "TakenReminder",
    "accept_goal",
    "accept_proposal",
    "add_later_thought",
    "add_pack",
    "add_session",
    "become",
    "change_practice",
    "choose_password",
    "delete_contact",
    "delete_form",
    "delete_recording",
    "delete_transcript",
    "digest_of",
    "edit_page",
    "end_invitation",
    "end_reminder",
    "fill_form",
    "forget_all_of",
    "give_reminder_back",
    "import_calendar",
    "import_course",
    "invite",
    "invite_again",
    "invite_to_work",
    "keep_aftercare",
    "keep_contact",
    "keep_form_rhythm",
    "keep_preferences",
    "keep_recording",
    "keep_reminder",
    "keep_teaching",
    "keep_transcript",
    "kept_person",
    "leave_room",
    "list_way_in",
    "mark_here_and_now",
    "move_session",
    "note_frame",
    "note_goals_reviewed",
    "note_put",
    "note_shown",
    "note_way_in",
    "open_again",
    "propose",
    "propose_goal",
    "rate_goals",
    "reflect",
    "remove_later_thought",
    "remove_pack",
    "remove_page",
    "remove_session",
    "say_no",
    "say_not_willing",
    "say_willing",
    "say_yes",
    "send_card",
    "set_aside",
    "set_goal_aside",
    "set_up_practice",
    "settle",
    "share_preferences",
    "share_reach",
    "share_unsaid",
    "show_room",
    "skip",
    "still_kept",
    "take_back",
    "take_back_proposal",
    "take_goal_back",
    "take_reminder",
    "take_seat",
    "tap",
    "withdraw_card",
    "write_page",
]
