"""What the pair of Ann and the therapist have written before a test begins."""

from django.utils import timezone

from app_people import NOW
from duologue.records import Kind, Seat
from duologue.store import actions
from duologue.store.models import Goal, GoalWording, PrivatePage
from duologue.store.models.event import What
from duologue.store.models.private import PageKind, own_kind

PERSON = {"client": "ann", "therapist": "therapist"}
PAGE = {"client": "page-of-the-client", "therapist": "page-of-the-therapist"}
"""The name, in addresses, of a private page of each."""


def write(world, seat, number, pair="ann", **answers):
    """Let the person in a seat answer."""
    actions.reflect(
        world.people[PERSON[seat]], world.ref(pair), number, answers, now=NOW
    )


def will(world, seat, number, *, yes=True):
    """Let the person in a seat say whether they are willing."""
    say = actions.say_willing if yes else actions.say_not_willing
    say(world.people[PERSON[seat]], world.ref("ann"), number, now=NOW)


def history(world):
    """Session 1 is open; in session 2 both wrote and nobody is willing; 3 is blank.

    Both have looked today at what the other has opened, and both have pages of their own.
    """
    for seat, shift in (("client", 0.0), ("therapist", 7.0)):
        actions.share_unsaid(
            world.people[PERSON[seat]], world.ref("ann"), on=True, now=NOW
        )
        write(
            world,
            seat,
            1,
            open=41.0 + shift,
            safe=52.0 + shift,
            unsaid="a_little",
            unsaid_why=("too_raw",),
            apart="no",
            need=("slower",),
            line=f"an open line of the {seat}",
        )
        will(world, seat, 1)
        write(
            world,
            seat,
            2,
            open=33.0 + shift,
            deep=44.0 + shift,
            unsaid="matters",
            unsaid_why=("timing",),
            need=("slower",),
            line=f"a sealed line of the {seat}",
        )
    for seat in PERSON:
        actions.add_later_thought(
            world.people[PERSON[seat]],
            world.ref("ann"),
            1,
            "line",
            f"a later thought of the {seat}",
            now=NOW,
        )
    for who in PERSON.values():
        actions.note_shown(world.people[who], world.ref("ann"), now=NOW)
    for seat in PERSON:
        write_for_oneself(world, seat)
    come_for_something(world)


GOAL, WORDING = "goal-of-ann", "wording-of-ann"
"""The names, in forms, of the goal that both have accepted, and of its words."""


def come_for_something(world):
    """Let the two have a goal, rated after session 1, and the client a form filled in.

    The therapist has looked at it today.
    """
    ref = world.ref("ann")
    goal = Goal.objects.create(ref=GOAL, dyad=world.dyads["ann"], number=1)
    GoalWording.objects.create(
        ref=WORDING,
        goal=goal,
        words="To say what I want (made up).",
        proposed_by=Seat.CLIENT,
        proposed_on=timezone.localdate(NOW),
        accepted_on=timezone.localdate(NOW),
    )
    actions.rate_goals(world.ann, ref, 1, {GOAL: 4.0}, now=NOW)
    answers = {"1": 1.0, "2": 2.0, "9": 1.0}
    actions.fill_form(world.ann, ref, "phq9", answers, now=NOW)
    actions.note_goals_reviewed(world.therapist, ref, now=NOW)
    actions.note_shown(world.therapist, ref, now=NOW, what=What.OUTCOMES_SHOWN)


def write_for_oneself(world, seat):
    """Let the person in a seat have a private page, and a line after session 2."""
    for kind, ref, words in (
        (
            own_kind(Kind.THERAPY, Seat(seat)),
            PAGE[seat],
            f"a private page of the {seat}",
        ),
        (PageKind.AFTERCARE, f"line-{seat}", f"a private line of the {seat}"),
    ):
        PrivatePage.objects.create(
            ref=ref,
            person=world.people[PERSON[seat]],
            dyad=world.dyads["ann"],
            kind=kind,
            session=2,
            day=timezone.localdate(NOW),
            words=words,
        )
