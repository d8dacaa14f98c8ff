"""Changes that one person of a pair makes: hidden from the other, or seen by both.

Each takes the practice (see ``stories``) and the seat that makes it.
"""

import os

from app_people import NOW
from duologue.store import actions
from duologue.store.models import Room
from stories import PERSON, will, write
from visitors import browser, everything, gets, make_visitors, pages


def after(prepare):
    """Say what must have happened before a change can be made."""

    def add(change):
        change.prepare = prepare
        return change

    return add


def prepare(change, world, seat):
    """Let what must have happened before a change happen."""
    getattr(change, "prepare", lambda *_: None)(world, seat)


OTHER = {"client": "therapist", "therapist": "client"}

EACH_ALONE = os.environ.get("DUOLOGUE_EACH_ALONE") == "yes"
"""Whether everything is tried alone and in both seats, as ``make validate`` does."""

TOGETHER = 5


def in_groups(changes):
    """Return changes in groups that are made together, and looked for once.

    What stands side by side in a list is about the same thing, and might undo what came
    before: it is put into different groups. What needs something to have happened before
    stands alone. Whoever finds something looks again for each alone, to name it.
    """
    alone = [[each] for each in changes if EACH_ALONE or hasattr(each, "prepare")]
    rest = [each for each in changes if [each] not in alone]
    n_groups = -(-len(rest) // TOGETHER)
    return [*(rest[i::n_groups] for i in range(n_groups)), *alone]


def answers_afresh(world, seat):
    """Answer a session about which nobody has written."""
    write(world, seat, 3, open=77.0, safe=12.0, line="hidden words", apart="no")


def changes_an_answer(world, seat):
    """Change sealed answers, in numbers, options and words."""
    write(world, seat, 2, open=99.0, deep=1.0, line="other words", need=("quiet",))


def takes_an_answer_out(world, seat):
    """Leave blank what had been answered."""
    write(world, seat, 2, open=None, line=None, need=None)


def declines(world, seat):
    """Rather not answer."""
    write(world, seat, 2, unsaid="decline")


def says_what_kept_it_unsaid(world, seat):
    """Answer what is the author's alone, in a session that is open."""
    write(world, seat, 1, unsaid_why=("protect", "timing"))


def answers_what_the_other_left_blank(world, seat):
    """Answer one more item of a session for which both are willing."""
    write(world, seat, 1, deep=64.0)


def is_willing_alone(world, seat):
    """Be willing for a session for which the other is not."""
    will(world, seat, 2)


def is_willing_and_then_not(world, seat):
    """Be willing, and take it back before anything opened."""
    will(world, seat, 2)
    will(world, seat, 2, yes=False)


def skips(world, seat):
    """Skip a session."""
    actions.skip(world.people[PERSON[seat]], world.ref("ann"), 3, now=NOW)


def wants_to_be_asked_again(world, seat):
    """Ask for one's own question before next time."""
    person = world.people[PERSON[seat]]
    actions.reflect(person, world.ref("ann"), 3, {}, ask_again=True, now=NOW)


def sends_a_card(world, seat):
    """Send the card, on a day that is not the day of a session."""
    actions.send_card(world.people[PERSON[seat]], world.ref("ann"), now=NOW)


def sends_and_withdraws_a_card(world, seat):
    """Send the card and withdraw it."""
    person = world.people[PERSON[seat]]
    actions.send_card(person, world.ref("ann"), now=NOW)
    actions.withdraw_card(person, world.ref("ann"), now=NOW)


def shows_a_code(world, seat):
    """Show a code for the room."""
    actions.show_room(world.people[PERSON[seat]], world.ref("ann"), 2, now=NOW)


def tap(world, seat, *, shown_by):
    """Tap the newest code that somebody shows."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    room = Room.objects.filter(shown_by=shown_by).latest("pk")
    actions.tap(person, ref, 2, room.code, now=NOW)


def shows_a_code_and_taps(world, seat):
    """Show a code and tap it oneself."""
    shows_a_code(world, seat)
    tap(world, seat, shown_by=seat)


def looks_at_everything(world, seat):
    """Look at every page, and send everything once, which is undone."""
    visitor = make_visitors(world)[seat]
    everything(visitor)
    pages(visitor, gets())


def _both_are_willing_and_the_other_answered(world, seat):
    for each in PERSON:
        write(world, each, 3, open=50.0)
        will(world, each, 3)
    write(world, OTHER[seat], 3, unsaid="no")


@after(_both_are_willing_and_the_other_answered)
def declines_where_both_are_willing(world, seat):
    """Rather not answer what the other answered, in a session that is open."""
    write(world, seat, 3, unsaid="decline")


def _only_the_other_shares(world, seat):
    for each, on in ((seat, False), (OTHER[seat], False), (OTHER[seat], True)):
        person = world.people[PERSON[each]]
        actions.share_unsaid(person, world.ref("ann"), on=on, now=NOW)


@after(_only_the_other_shares)
def shares_late(world, seat):
    """Switch sharing of what was left unsaid on: it never reaches back."""
    person = world.people[PERSON[seat]]
    actions.share_unsaid(person, world.ref("ann"), on=True, now=NOW)


@after(lambda world, seat: shows_a_code(world, OTHER[seat]))
def taps_where_shown(world, seat):
    """Tap the code that the other shows, before they do."""
    tap(world, seat, shown_by=OTHER[seat])


def shows_a_code_while_the_other_does(world, seat):
    """Show a code of one's own while the other shows theirs."""
    shows_a_code(world, seat)


shows_a_code_while_the_other_does.prepare = taps_where_shown.prepare


@after(lambda world, seat: shows_a_code(world, OTHER[seat]))
def taps_and_puts_it_away(world, seat):
    """Tap the code that the other shows, and then rather not."""
    taps_where_shown(world, seat)
    actions.leave_room(world.people[PERSON[seat]], world.ref("ann"), now=NOW)


@after(lambda world, seat: shows_a_code(world, OTHER[seat]))
def leaves_a_room_that_was_never_entered(world, seat):
    """Leave a room that one has not seen."""
    actions.leave_room(world.people[PERSON[seat]], world.ref("ann"), now=NOW)


def _the_other_tapped_mine(world, seat):
    shows_a_code(world, seat)
    tap(world, OTHER[seat], shown_by=seat)


@after(_the_other_tapped_mine)
def puts_away_what_the_other_tapped(world, seat):
    """Rather not, after all, when the other has tapped."""
    actions.leave_room(world.people[PERSON[seat]], world.ref("ann"), now=NOW)


def comes_in(world, seat):
    """Come in, on one more device."""
    browser(world, PERSON[seat])


def writes_in_another_pair(world, seat):
    """Let another pair of the therapist's write, open and close."""
    for who in ("bo", "therapist"):
        person, ref = world.people[who], world.ref("bo")
        actions.reflect(person, ref, 2, {"open": 5.0, "line": "elsewhere"}, now=NOW)
        actions.say_willing(person, ref, 2, now=NOW)


HIDDEN = (
    answers_afresh,
    changes_an_answer,
    takes_an_answer_out,
    declines,
    says_what_kept_it_unsaid,
    answers_what_the_other_left_blank,
    is_willing_alone,
    is_willing_and_then_not,
    skips,
    wants_to_be_asked_again,
    sends_a_card,
    sends_and_withdraws_a_card,
    shows_a_code,
    shows_a_code_and_taps,
    looks_at_everything,
    declines_where_both_are_willing,
    shares_late,
    taps_where_shown,
    shows_a_code_while_the_other_does,
    taps_and_puts_it_away,
    leaves_a_room_that_was_never_entered,
    puts_away_what_the_other_tapped,
    comes_in,
)
"""What the other must not notice."""


def takes_one_back(world, seat):
    """Close one answer that had opened."""
    person = world.people[PERSON[seat]]
    actions.take_back(person, world.ref("ann"), 1, "line", now=NOW)


def closes_a_session(world, seat):
    """Be no longer willing."""
    will(world, seat, 1, yes=False)


def adds_a_later_thought(world, seat):
    """Put a later thought beside what is open."""
    actions.add_later_thought(
        world.people[PERSON[seat]], world.ref("ann"), 1, "open", "later", now=NOW
    )


def opens_with_the_other(world, seat):
    """Be willing where the other is, too."""
    for each in PERSON:
        will(world, each, 2)


def stops_sharing_what_was_unsaid(world, seat):
    """Switch one's own sharing of what was left unsaid off."""
    person = world.people[PERSON[seat]]
    actions.share_unsaid(person, world.ref("ann"), on=False, now=NOW)


def both_tap(world, seat):
    """Open a session together in the room."""
    shows_a_code_and_taps(world, seat)
    tap(world, OTHER[seat], shown_by=seat)


VISIBLE = (
    adds_a_later_thought,
    opens_with_the_other,
    both_tap,
    stops_sharing_what_was_unsaid,
    takes_one_back,
    closes_a_session,
)
"""What both see: the positive control. They can be done one after another."""
