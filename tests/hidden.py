"""Changes that one person of a pair makes: hidden from the other, or seen by both.

Each takes the practice (see ``stories``) and the seat that makes it.
"""

import os
from dataclasses import replace
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from app_people import AGREED, NOW
from duologue.records import CalendarEvent, CalendarSeries, Seat, Status, Tag
from duologue.sharing import Purpose
from duologue.store import actions, queries
from duologue.store.models import (
    Card,
    Dyad,
    FilledForm,
    Goal,
    GoalReview,
    Reflection,
    Room,
)
from duologue.store.models.event import What
from duologue.store.versions import version_of
from stories import GOAL, PAGE, PERSON, will, write
from transcripts import MARKED, kept, marked
from visitors import browser, everything, gets, make_visitors, pages


def after(prepare):
    """Say what must have happened before a change can be made."""

    def add(change):
        change.prepare = prepare
        return change

    return add


def prepare(changes, world, seat):
    """Let what must have happened before these changes happen; return whether any."""
    needed = [change.prepare for change in changes if hasattr(change, "prepare")]
    for each in needed:
        each(world, seat)
    return bool(needed)


def alone(change):
    """Say that a change would hide what others have done: it is made by itself."""
    change.alone = True
    return change


OTHER = {"client": "therapist", "therapist": "client"}

EACH_ALONE = os.environ.get("DUOLOGUE_EACH_ALONE") == "yes"
"""Whether everything is tried alone and in both seats, as ``make validate`` does."""

TOGETHER, TOGETHER_WHEN_PREPARED = 12, 5


def in_groups(changes):
    """Return changes in groups that are made together, and looked for once.

    What stands side by side in a list is about the same thing, and might undo what came
    before: it is put into different groups. What needs something to have happened before
    is put with few others that do. Whoever finds something looks again for each alone, to
    name it.
    """
    single = [[each] for each in changes if EACH_ALONE or hasattr(each, "alone")]
    rest = [each for each in changes if [each] not in single]
    ready = [each for each in rest if not hasattr(each, "prepare")]
    prepared = [each for each in rest if hasattr(each, "prepare")]
    return [
        *_strided(ready, TOGETHER),
        *_strided(prepared, TOGETHER_WHEN_PREPARED),
        *single,
    ]


def _strided(changes, together):
    n_groups = -(-len(changes) // together)
    return [changes[i::n_groups] for i in range(n_groups)]


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


def _a_card_lies_there(world, seat):
    """A card of this person's lies with the other today."""
    sends_a_card(world, seat)
    day = NOW.date()
    Card.objects.filter(seat=seat).update(sent_on=day - timedelta(days=1), lies_on=day)


@after(_a_card_lies_there)
def sends_another_on_the_day_of_a_card(world, seat):
    """Send one for the next session, while one lies there."""
    sends_a_card(world, seat)


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


def invites_somebody_else(world, seat):
    """Let the therapist keep a seat free for somebody, and make the code for it."""
    now, who = NOW, world.therapist
    ref = actions.invite(
        who, called="new", me="T.", kind="therapy", seat=Seat.CLIENT, now=now
    )
    actions.invite_again(who, ref, now=now)


def makes_a_way_in(world, seat):
    """Sign in on one more device, and change how one does."""
    person = world.people[PERSON[seat]]
    for what in (What.SIGNED_IN, What.WAY_IN_ADDED, What.WAY_IN_REMOVED):
        actions.note_way_in(person, what, now=NOW)
    actions.note_way_in(person, What.SIGN_IN_REFUSED, now=NOW, once_a_day=True)
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": "sealed"}
    )


def writes_in_another_pair(world, seat):
    """Let another pair of the therapist's write, open and close."""
    for who in ("bo", "therapist"):
        person, ref = world.people[who], world.ref("bo")
        actions.reflect(person, ref, 2, {"open": 5.0, "line": "elsewhere"}, now=NOW)
        actions.say_willing(person, ref, 2, now=NOW)


def writes_a_private_page(world, seat):
    """Write something for oneself, about a session and about none."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    actions.write_page(person, ref, "hidden words", now=NOW)
    actions.write_page(person, ref, "more hidden words", session=3, now=NOW)


def changes_a_private_page(world, seat):
    """Change a page of one's own."""
    actions.edit_page(
        *(world.people[PERSON[seat]], world.ref("ann"), PAGE[seat], "other words"),
        was=version_of(f"a private page of the {seat}"),
        now=NOW,
    )


def deletes_a_private_page(world, seat):
    """Delete a page of one's own."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    actions.remove_page(person, ref, PAGE[seat], now=NOW)


def looks_for_something_of_ones_own(world, seat):
    """Look for words in one's own pages."""
    address = reverse("find-pages", args=[world.ref("ann")])
    visitor = browser(world, PERSON[seat])
    assert b"<mark>" in visitor.post(address, {"find": "private"}).content


def keeps_a_line_for_oneself(world, seat):
    """Say what would help after a session, and what the work is teaching one."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    write(world, seat, 3, leaving=90.0)
    actions.keep_aftercare(person, ref, 3, "hidden words", now=NOW)
    if seat == "therapist":
        actions.keep_teaching(person, ref, "hidden words", now=NOW)


def fill_in(world, seat, name="Hidden Name"):
    """Fill in how one can be reached."""
    details = {"name": name, "email": "a@b.example", "phone": "0", "safely": "never"}
    actions.keep_contact(world.people[PERSON[seat]], details, now=NOW)


def fills_in_and_shows_nobody(world, seat):
    """Fill in how one can be reached, and let nobody see it."""
    fill_in(world, seat)


def shows_details_that_are_not_filled_in(world, seat):
    """Let the other see how to reach one, and fill in nothing."""
    person = world.people[PERSON[seat]]
    actions.share_reach(person, world.ref("ann"), on=True, now=NOW)


@after(fill_in)
def shows_details_and_takes_them_back(world, seat):
    """Let the other see how to reach one, and then rather not."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    actions.share_reach(person, ref, on=True, now=NOW)
    actions.share_reach(person, ref, on=False, now=NOW)


@after(fill_in)
def shows_details_and_deletes_them(world, seat):
    """Let the other see how to reach one, and delete it all."""
    person, ref = world.people[PERSON[seat]], world.ref("ann")
    actions.share_reach(person, ref, on=True, now=NOW)
    actions.delete_contact(person, now=NOW)


def asks_for_a_note(world, seat):
    """Have a note sent by mail after each session."""
    person = world.people[PERSON[seat]]
    actions.keep_reminder(person, "hidden@example.org", hour=20, now=NOW)


@after(asks_for_a_note)
def wants_no_note_any_more(world, seat):
    """Have it sent elsewhere, and then not at all."""
    person = world.people[PERSON[seat]]
    actions.keep_reminder(person, "other@example.org", hour=None, now=NOW)
    actions.end_reminder(person, now=NOW)


# The agreement, consent, and how the client would like to work.


def act(world, seat, action, *args, **more):
    """Let the person in a seat do something to the pair."""
    return action(world.people[PERSON[seat]], world.ref("ann"), *args, now=NOW, **more)


def says_yes_alone(world, seat):
    """Say yes to what it takes both to say yes to, and to which the other does not."""
    act(world, seat, actions.say_yes, Purpose.RESEARCH)


def says_yes_and_withdraws_it(world, seat):
    """Say yes, to all that one can alone, and withdraw it before the other has looked."""
    for purpose in (Purpose.SUPERVISION, Purpose.RESEARCH):
        act(world, seat, actions.say_yes, purpose)
    if seat == "client":
        act(world, seat, actions.say_yes, Purpose.RECORDING, sessions=[4, 5])
    for purpose in (Purpose.SUPERVISION, Purpose.RESEARCH, Purpose.RECORDING):
        act(world, seat, actions.say_no, purpose)


def declines_to_be_recorded(world, seat):
    """Say no to being recorded, and to being read by machine."""
    for purpose in (Purpose.RECORDING, Purpose.TRANSCRIPT):
        act(world, seat, actions.say_no, purpose, sessions=[4])


def _the_client_says_yes_to_a_recording(world, seat):
    act(world, "client", actions.say_yes, Purpose.RECORDING, sessions=[4])


@after(_the_client_says_yes_to_a_recording)
def declines_where_the_client_said_yes(world, seat):
    """Say no where the client has said yes; to the client, say no to what is not asked."""
    if seat == "therapist":
        act(world, seat, actions.say_no, Purpose.RECORDING, sessions=[4])
    else:
        act(world, seat, actions.say_no, Purpose.TRANSCRIPT, sessions=[4])


@after(lambda world, seat: act(world, OTHER[seat], actions.say_yes, Purpose.RESEARCH))
def declines_where_the_other_said_yes(world, seat):
    """Say no to what the other has said yes to."""
    act(world, seat, actions.say_no, Purpose.RESEARCH)


def fills_in_preferences(world, seat):
    """Put down how one would like to work, and share it not; clients are asked."""
    if seat == "client":
        values = {"pace": 20.0, "silence": 90.0}
        act(world, seat, actions.keep_preferences, values)


def shares_preferences_that_are_blank(world, seat):
    """Share how one would like to work, with nothing put down."""
    if seat == "client":
        act(world, seat, actions.share_preferences, on=True)


def shares_preferences_and_then_not(world, seat):
    """Share how one would like to work, and take it back before the other has looked."""
    fills_in_preferences(world, seat)
    if seat == "client":
        for on in (True, False):
            act(world, seat, actions.share_preferences, on=on)


def chooses_when_to_be_asked(world, seat):
    """Choose how often to be asked for a form, and not to be asked for one."""
    if seat == "client":
        act(world, seat, actions.keep_form_rhythm, "phq9", 84)
        act(world, seat, actions.keep_form_rhythm, "phq4", None)


def _never_answered_what_is_open(world, seat):
    """Nothing of this person's has ever opened, and something of theirs is written."""
    Reflection.objects.filter(
        session__dyad__ref=world.ref("ann"), session__number=1, seat=seat
    ).delete()
    of_both = (Goal, GoalReview, FilledForm)  # which are seen by both from the first
    for model in of_both:
        model.objects.filter(dyad__ref=world.ref("ann")).delete()


@alone
@after(_never_answered_what_is_open)
def forgets_what_was_not_open(world, seat):
    """Delete all that one has written, of which nothing has ever opened."""
    act(world, seat, actions.forget_all_of)


def a_transcript(world, seat):
    """Let the two hold what was said in session 1, of which one turn is marked."""
    dyad = Dyad.objects.get(ref=world.ref("ann"))
    if not dyad.transcripts.exists():
        marked(dyad, kept(dyad))


@after(a_transcript)
def marks_other_moments_as_here_and_now(world, seat):
    """The therapist marks two turns otherwise; the client marks none."""
    if seat == "therapist":
        marks = {MARKED[0]: False, MARKED[1]: True}
        act(world, seat, actions.mark_here_and_now, 1, marks)


@after(a_transcript)
def takes_every_mark_back(world, seat):
    """The therapist says nothing more of any turn; the client never did."""
    if seat == "therapist":
        act(world, seat, actions.mark_here_and_now, 1, {})


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
    sends_another_on_the_day_of_a_card,
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
    makes_a_way_in,
    writes_a_private_page,
    changes_a_private_page,
    deletes_a_private_page,
    looks_for_something_of_ones_own,
    keeps_a_line_for_oneself,
    fills_in_and_shows_nobody,
    shows_details_that_are_not_filled_in,
    shows_details_and_takes_them_back,
    shows_details_and_deletes_them,
    asks_for_a_note,
    wants_no_note_any_more,
    says_yes_alone,
    says_yes_and_withdraws_it,
    declines_to_be_recorded,
    declines_where_the_client_said_yes,
    declines_where_the_other_said_yes,
    fills_in_preferences,
    shares_preferences_that_are_blank,
    shares_preferences_and_then_not,
    chooses_when_to_be_asked,
    marks_other_moments_as_here_and_now,
    takes_every_mark_back,
    forgets_what_was_not_open,
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


def shows_how_to_reach_them(world, seat):
    """Fill in how one can be reached, and let the other see it."""
    fill_in(world, seat)
    person = world.people[PERSON[seat]]
    actions.share_reach(person, world.ref("ann"), on=True, now=NOW)


def proposes(world, seat):
    """Propose a change to what was agreed."""
    act(world, seat, actions.propose, replace(AGREED, length_min=45))


@after(lambda world, seat: proposes(world, OTHER[seat]))
def accepts(world, seat):
    """Accept what the other proposes."""
    act(world, seat, actions.accept_proposal, waiting(world))


@after(lambda world, seat: proposes(world, OTHER[seat]))
def sets_aside(world, seat):
    """Set aside what the other proposes."""
    act(world, seat, actions.set_aside, waiting(world))


@after(proposes)
def takes_a_proposal_back(world, seat):
    """Take back what one has proposed."""
    act(world, seat, actions.take_back_proposal, waiting(world))


def waiting(world):
    """Return the proposal that waits."""
    pair = queries.find_pair(world.ann, world.ref("ann"))
    return queries.agreed(pair).proposal.ref


@after(lambda world, seat: act(world, OTHER[seat], actions.say_yes, Purpose.RESEARCH))
def says_yes_with_the_other(world, seat):
    """Say yes to what the other has said yes to."""
    act(world, seat, actions.say_yes, Purpose.RESEARCH)


def says_yes_to_a_recording(world, seat):
    """The client says yes, and the therapist is asked; then the therapist, too."""
    _the_client_says_yes_to_a_recording(world, seat)
    if seat == "therapist":
        act(world, seat, actions.say_yes, Purpose.RECORDING, sessions=[4])


def shares_preferences(world, seat):
    """The client shares how they would like to work; the therapist answers nothing."""
    act(world, "client", actions.keep_preferences, {"pace": 20.0})
    act(world, "client", actions.share_preferences, on=True)


def proposes_a_goal(world, seat):
    """Propose other words for a goal, and one more."""
    act(world, seat, actions.propose_goal, "To say much.", goal=GOAL)
    act(world, seat, actions.propose_goal, "To say more.")


@after(lambda world, seat: proposes_a_goal(world, OTHER[seat]))
def accepts_a_goal(world, seat):
    """Accept what the other proposes."""
    act(world, seat, actions.accept_goal, goals_of(world).new[0].waits.ref)


@after(lambda world, seat: proposes_a_goal(world, OTHER[seat]))
def sets_a_goal_aside(world, seat):
    """Set aside what the other proposes."""
    act(world, seat, actions.set_goal_aside, goals_of(world).in_force[0].waits.ref)


@after(proposes_a_goal)
def takes_a_goal_back(world, seat):
    """Take back what one has proposed."""
    act(world, seat, actions.take_goal_back, goals_of(world).new[0].waits.ref)


def goals_of(world):
    """Return the goals of the pair."""
    return queries.goals(queries.find_pair(world.ann, world.ref("ann")))


def rates_a_goal(world, seat):
    """The client says how near they are to a goal; the therapist rates nothing."""
    act(world, "client", actions.rate_goals, 2, {GOAL: 6.0})


def fills_in_a_form(world, seat):
    """The client fills in a form; the therapist fills in none."""
    act(world, "client", actions.fill_form, "gad7", {"1": 1.0})


def deletes_a_form(world, seat):
    """The client deletes a form."""
    act(world, "client", actions.delete_form, "phq9", timezone.localdate(NOW))


def forgets_what_was_open(world, seat):
    """Delete all that one has written, of which something is open."""
    act(world, seat, actions.forget_all_of)


def notes_the_frame(world, seat):
    """Note when a session really was; the therapist does, whoever looks."""
    noted = actions.Noted(
        started=NOW - timedelta(days=1, minutes=-9),
        ended=NOW - timedelta(days=1, minutes=-75),
        tag=Tag.DRIFTED,
    )
    actions.note_frame(world.therapist, world.ref("ann"), 3, noted, now=NOW)


def notes_that_it_was_not_held(world, seat):
    """Note that a session was not held."""
    noted = actions.Noted(status=Status.CANCELLED, by=Seat.CLIENT)
    actions.note_frame(world.therapist, world.ref("ann"), 2, noted, now=NOW)


def moves_a_session(world, seat):
    """Move a session to come."""
    start = NOW + timedelta(days=9)
    actions.move_session(world.therapist, world.ref("ann"), 4, start, now=NOW)


def reads_a_calendar(world, seat):
    """Let the sessions follow a calendar."""
    start = NOW + timedelta(days=20)
    event = CalendarEvent(start=start, end=start + timedelta(minutes=50))
    series = [CalendarSeries(uid="a", events=(event,))]
    actions.import_calendar(world.therapist, world.ref("ann"), series, now=NOW)


@after(a_transcript)
def deletes_a_transcript(world, seat):
    """Delete what was said, for both."""
    act(world, seat, actions.delete_transcript, 1)


VISIBLE = (
    deletes_a_transcript,
    shows_how_to_reach_them,
    notes_the_frame,
    notes_that_it_was_not_held,
    moves_a_session,
    reads_a_calendar,
    adds_a_later_thought,
    opens_with_the_other,
    both_tap,
    stops_sharing_what_was_unsaid,
    takes_one_back,
    closes_a_session,
    proposes,
    accepts,
    sets_aside,
    takes_a_proposal_back,
    says_yes_with_the_other,
    says_yes_to_a_recording,
    shares_preferences,
    proposes_a_goal,
    accepts_a_goal,
    sets_a_goal_aside,
    takes_a_goal_back,
    rates_a_goal,
    fills_in_a_form,
    deletes_a_form,
    forgets_what_was_open,
)
"""What both see: the positive control. They can be done one after another."""
