"""Every field of every table: whose pages change when it changes.

Each field is changed in the store, behind the back of the app, in a row of the client's
and in a row of the therapist's alike. Just those whose pages may change do see a change:
what is not in the list fails, and so does a field without an entry. Since one list
serves both seats, it is the reciprocity of law 2 as well.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session as Visit
from django.utils import timezone

import transcripts
from app_people import NOW
from duologue.records import Seat
from duologue.relationship.spoken import spoken_in
from duologue.sharing import Purpose
from duologue.store import actions
from duologue.store.models import (
    Agreement,
    Answer,
    Card,
    Consent,
    Contact,
    Dyad,
    Event,
    FilledForm,
    FormRhythm,
    GoalRating,
    GoalReview,
    GoalWording,
    HereAndNow,
    LaterThought,
    Person,
    Practice,
    Preferences,
    PrivatePage,
    Recording,
    Reflection,
    Reminder,
    Room,
    Session,
    Transcript,
)
from duologue.store.models.recording import as_found
from duologue.store.models.transcript import as_counted, as_marks, as_segments
from duologue.web import shown as looks
from hidden import (
    EACH_ALONE,
    act,
    asks_for_a_note,
    both_tap,
    fill_in,
    proposes,
    shows_a_code,
)
from made_up_synchrony import FOUND
from recordings import kept
from rules import TRIGGERS, forget
from stories import PAGE, PERSON
from visitors import (
    OUTSIDE,
    PEOPLE,
    SEATED,
    browser,
    difference,
    gets,
    likely_first,
    looking_at,
    pages,
    undone,
)

TOLD_ONCE = True

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover

OWNER, OTHER = "owner", "other"
BOTH = {OWNER, OTHER}
AT_WORK = {"therapist", "supervisor", "another therapist"}
OF_THE_PRACTICE = {*BOTH, "supervisor", "another client", "another therapist"}

KEYS = {
    "Answer.id": "a row's own number; in no page",
    "Answer.reflection": "whose answer it is: the addresses are tested in test_matrix",
    "Dyad.key": "opens what the pair has written; in no page",
    "Event.number": "a row's own number, and its place in the chain; in no page",
    "Event.previous": "ties it to the event before; in no page",
    "Event.digest": "ties the next event to it; in no page",
    **{
        f"Withdrawal.{name}": "read by a restore only; in no page"
        for name in ("ref", "what", "dyad", "session", "seat", "item")
    },
    "Agreement.id": "a row's own number; in no page",
    "Agreement.ref": "only a proposal's own forms have it, to answer it",
    "Agreement.dyad": "whose agreement it is",
    "Consent.id": "a row's own number, by which the newest counts; in no page",
    "Consent.dyad": "whose yes it is",
    "Consent.seat": "whose yes it is",
    **{
        f"{table}.id": "a row's own number; in no page"
        for table in (
            *("Goal", "GoalWording", "GoalRating", "GoalReview"),
            *("FilledForm", "FormRhythm"),
        )
    },
    **{
        f"FormPack.{name}": why
        for name, why in {
            "id": "a row's own number; in no page",
            "ref": "only the pack's own form has it, to remove it",
            "practice": "whose pack it is",
            "sha256": "the digest of its file, by which it is found; in no page",
            "content": "what is shown of it is tested in test_packs",
            "added_on": "stands on a page of the practice: see test_packs",
            "removed_on": "says whether it is asked: see test_packs",
        }.items()
    },
    **{
        f"PutCard.{name}": "what was put, to whom and when: see test_wonder"
        for name in ("id", "person", "week", "dyad", "session", "item")
    },
    "Recording.id": "a row's own number; in no page",
    "Recording.ref": "under which its series are sealed; in no page",
    "Recording.dyad": "whose recording it is",
    "Recording.session": "what it was made of",
    "Recording.series": "opened by no page",
    "Transcript.id": "a row's own number; in no page",
    "Transcript.ref": "under which its words are sealed; in no page",
    "Transcript.dyad": "whose transcript it is",
    "Transcript.session": "what was said in it",
    "HereAndNow.id": "a row's own number; in no page",
    "HereAndNow.ref": "under which the marks are sealed; in no page",
    "HereAndNow.person": "whose marks they are",
    "HereAndNow.transcript": "of which turns they are",
    "Goal.ref": "only the goal's own forms have it, to rate or change it",
    "Goal.dyad": "whose goal it is",
    "Goal.number": "its place among the goals of the pair",
    "GoalWording.ref": "only a proposal's own forms have it, to answer it",
    "GoalWording.goal": "what it is about",
    "GoalRating.goal": "what it is about",
    "GoalRating.session": "what it follows",
    "GoalReview.dyad": "whose goals they looked at",
    "FilledForm.dyad": "whose form it is",
    "FilledForm.session": "what it follows; its day is shown",
    "FormRhythm.dyad": "whose rhythm it is",
    "Preferences.id": "a row's own number; in no page",
    "Preferences.dyad": "whose preferences they are",
    "Card.id": "a row's own number; in no page",
    "Card.dyad": "whose card it is",
    "Card.seat": "whose card it is",
    "Dyad.id": "a row's own number; in no page",
    "Dyad.ref": "the pair's address: tested in test_matrix",
    "Dyad.kind": "fixed by a trigger",
    "Dyad.practice": "whose words of help are shown: see Practice.crisis",
    "Dyad.client": "fixed by a trigger",
    "Dyad.therapist": "fixed by a trigger",
    "LaterThought.id": "a row's own number; in no page",
    "LaterThought.ref": "only its author's own page has it, to remove it",
    "LaterThought.answer": "beside which answer it stands",
    "Person.id": "a row's own number; in no page",
    "Person.ref": "for whom the person's key opens; in no page",
    "Person.key": "opens what a person has written for themselves; in no page",
    "PrivatePage.id": "a row's own number; in no page",
    "PrivatePage.ref": "its address, which only its author's pages have",
    "PrivatePage.person": "fixed by a trigger",
    "PrivatePage.dyad": "fixed by a trigger",
    "Contact.id": "a row's own number; in no page",
    "Contact.ref": "for which card its key opens; in no page",
    "Contact.key": "opens what somebody has filled in; in no page",
    "Contact.person": "whose card it is",
    "Reachable.id": "a row's own number; in no page",
    "Reachable.dyad": "where somebody lets the other see their card",
    "Reachable.seat": "who lets the other see their card",
    "Reminder.id": "a row's own number; in no page",
    "Reminder.ref": "for which row its key opens; in no page",
    "Reminder.key": "opens the address for notes; in no page",
    "Reminder.person": "whose notes they are",
    "Reminder.since": "by what none is sent twice; in no page",
    "Practice.id": "a row's own number; in no page",
    "Reflection.id": "a row's own number; in no page",
    "Reflection.session": "whose side of what",
    "Reflection.seat": "whose side of what",
    "Room.id": "a row's own number; in no page",
    "Room.code": "masked here, being random; test_reflect looks for it on both pages",
    "Room.dyad": "whose room it is",
    "Room.session": "fixed while a code is shown",
    **{
        f"Attempts.{name}": "read by the limit on tries alone; in no page"
        for name in ("cache_key", "value", "expires")
    },
    **{
        f"Invitation.{name}": "there while a seat is free: see test_joining"
        for name in ("id", "practice", "dyad", "seat", "person", "digest", "ends_at")
    },
    "Session.id": "a row's own number; in no page",
    "Session.dyad": "fixed by a trigger",
    **{
        f"Session.{name}": "by what a calendar is read again; in no page"
        for name in (
            *("calendar", "calendar_start", "calendar_sequence", "calendar_off"),
        )
    },
    "Session.number": "fixed by a trigger",
}
"""Fields that say which row it is rather than what it holds, each with a word why."""


def answer(seat, number, item):
    return Answer.objects.filter(
        reflection__seat=seat, reflection__session__number=number, item=item
    )


def side(seat, number):
    return Reflection.objects.filter(
        seat=seat, session__number=number, session__dyad__ref="ref-of-ann"
    )


def session(number):
    return Session.objects.filter(dyad__ref="ref-of-ann", number=number)


def of_pair():
    return Dyad.objects.filter(ref="ref-of-ann")


def card(world, seat):
    actions.send_card(world.people[PERSON[seat]], "ref-of-ann", now=NOW)
    return Card.objects.filter(seat=seat)


def room(world, seat, *, shown_by=None):
    shows_a_code(world, shown_by or seat)
    return Room.objects.all()


def page_of(seat):
    """A private page of the one in this seat."""
    return PrivatePage.objects.filter(ref=PAGE[seat])


def contact(world, seat, *, shown_to_other):
    """How the one in this seat can be reached, as they filled it in."""
    person = world.people[PERSON[seat]]
    fill_in(world, seat)
    actions.share_reach(person, "ref-of-ann", on=shown_to_other, now=NOW)
    return Contact.objects.filter(person=person)


def note(world, seat):
    """The note by mail that the one in this seat has asked for."""
    asks_for_a_note(world, seat)
    return Reminder.objects.all()


def look(world, seat):
    """What the other has opened is shown to the one in this seat."""
    return Event.objects.filter(what="shown", who=world.people[PERSON[seat]].pk)


def agreed():
    """What the pair has agreed."""
    return Agreement.objects.filter(dyad__ref="ref-of-ann", version__isnull=False)


def waiting(world, seat):
    """A proposal of the one in this seat, which waits."""
    proposes(world, seat)
    return Agreement.objects.filter(version=None)


def yes(world, *seats, of=None):
    """A yes of one of those who say it, to what takes both to say yes to."""
    for seat in seats:
        act(world, str(seat), actions.say_yes, Purpose.RESEARCH)
    return Consent.objects.filter(seat=of or seats[0])


def answered(world, seat):
    """A yes of the one in this seat to a recording: the client's, or the answer to it."""
    for each in ("client", "therapist")[: 1 + (seat == "therapist")]:
        act(world, each, actions.say_yes, Purpose.RECORDING, sessions=[4])
    return Consent.objects.filter(seat=seat)


def preferences(world, *, shared):
    """How the client would like to work."""
    values = dict.fromkeys(("pace", "challenge", "structure", "silence"), 20.0)
    act(world, "client", actions.keep_preferences, values)
    act(world, "client", actions.share_preferences, on=shared)
    return Preferences.objects.all()


def proposed(world, seat):
    """What the one in this seat proposes for a goal, which waits."""
    person = world.people[PERSON[seat]]
    actions.propose_goal(person, "ref-of-ann", "To say more.", now=NOW)
    return GoalWording.objects.filter(accepted_on=None)


def words_of_goal():
    """What both have accepted as their goal."""
    return GoalWording.objects.exclude(accepted_on=None)


def rhythm(world, seat):
    """How often the client wants to be asked for a form."""
    actions.keep_form_rhythm(world.ann, "ref-of-ann", "phq4", 84, now=NOW)
    return FormRhythm.objects.all()


def recording(world, seat):
    """What a recording of session 1 showed of the two."""
    made = kept(of_pair().get())
    return Recording.objects.filter(pk=made.pk)


def transcript(world, seat):
    """What was said in session 1."""
    made = transcripts.kept(of_pair().get())
    return Transcript.objects.filter(pk=made.pk)


def marks(world, seat):
    """What the therapist marked of their own turns in session 2."""
    dyad = of_pair().get()
    made = transcripts.marked(dyad, transcripts.kept(dyad, 2))
    return HereAndNow.objects.filter(pk=made.pk)


EARLIER = NOW - timedelta(days=30)
OTHER_WORDS = transcripts.turns(
    rows=((Seat.THERAPIST, "Are you with me, right now, here?"), *transcripts.ROWS[1:])
)

CASES = [
    *(
        (
            f"GoalWording.{name}",
            "in force",
            lambda w, s, v=v: (words_of_goal(), v),
            BOTH,
        )
        for name, v in (
            ("words", "To rest (made up)."),
            ("rests", True),
            ("accepted_on", EARLIER.date()),
        )
    ),
    *(
        (
            f"GoalWording.{name}",
            "put forward",
            lambda w, s, v=v: (proposed(w, s), v),
            BOTH,
        )
        for name, v in (
            ("words", "To rest (made up)."),
            ("proposed_on", EARLIER.date()),
            ("set_aside_on", EARLIER.date()),
        )
    ),
    (
        "GoalWording.proposed_by",
        "put forward",
        lambda w, s: (proposed(w, s), Seat(s).other),
        BOTH,
    ),
    *(
        (f"Recording.{name}", "kept", lambda w, s, v=v: (recording(w, s), v), BOTH)
        for name, v in (
            ("modality", "voice"),
            ("kept_on", EARLIER.date()),
            ("found", as_found(replace(FOUND, p=0.5))),
        )
    ),
    *(
        (f"Transcript.{name}", "kept", lambda w, s, v=v: (transcript(w, s), v), BOTH)
        for name, v in (
            ("kept_on", EARLIER.date()),
            ("segments", as_segments(OTHER_WORDS)),
            ("found", as_counted(spoken_in(OTHER_WORDS))),
        )
    ),
    (
        "HereAndNow.marks",
        "kept",
        lambda w, s: (marks(w, s), as_marks({transcripts.MARKED[0]: False})),
        {"therapist"},
    ),
    ("GoalRating.rating", "any", lambda w, s: (GoalRating.objects.all(), 9.0), BOTH),
    (
        "GoalReview.day",
        "any",
        lambda w, s: (GoalReview.objects.all(), EARLIER.date()),
        BOTH,
    ),
    # Which of the two noted it, is told to neither.
    ("GoalReview.by", "any", lambda w, s: (GoalReview.objects.all(), "client"), set()),
    # Of another edition nobody knows what was asked: it is shown as it is.
    (
        "FilledForm.edition",
        "any",
        lambda w, s: (FilledForm.objects.all(), "0" * 64),
        BOTH,
    ),
    (
        "FilledForm.answers",
        "any",
        lambda w, s: (FilledForm.objects.all(), {"1": 3.0}),
        BOTH,
    ),
    (
        "FilledForm.instrument",
        "any",
        lambda w, s: (FilledForm.objects.all(), "gone"),
        BOTH,
    ),
    (
        "FilledForm.day",
        "any",
        lambda w, s: (FilledForm.objects.all(), EARLIER.date()),
        BOTH,
    ),
    (
        "FormRhythm.every_days",
        "chosen",
        lambda w, s: (rhythm(w, s), None),
        {"client"},
    ),
    (
        "FormRhythm.instrument",
        "chosen",
        lambda w, s: (rhythm(w, s), "gad7"),
        {"client"},
    ),
    # field, which row, what it becomes, who sees that
    ("Answer.item", "sealed", lambda w, s: (answer(s, 2, "deep"), "here"), {OWNER}),
    ("Answer.item", "open", lambda w, s: (answer(s, 1, "safe"), "here"), BOTH),
    ("Answer.number", "sealed", lambda w, s: (answer(s, 2, "open"), 90.5), {OWNER}),
    ("Answer.number", "open", lambda w, s: (answer(s, 1, "open"), 90.5), BOTH),
    ("Answer.choice", "sealed", lambda w, s: (answer(s, 2, "unsaid"), "no"), {OWNER}),
    ("Answer.choice", "open", lambda w, s: (answer(s, 1, "apart"), "not_sure"), BOTH),
    ("Answer.chips", "sealed", lambda w, s: (answer(s, 2, "need"), ["quiet"]), {OWNER}),
    ("Answer.chips", "open", lambda w, s: (answer(s, 1, "need"), ["quiet"]), BOTH),
    (
        "Answer.chips",
        "the author's alone",
        lambda w, s: (answer(s, 1, "unsaid_why"), ["protect"]),
        {OWNER},
    ),
    ("Answer.words", "sealed", lambda w, s: (answer(s, 2, "line"), "else"), {OWNER}),
    ("Answer.words", "open", lambda w, s: (answer(s, 1, "line"), "else"), BOTH),
    # Whether an item is its author's alone is decided by the prompts, not by the row.
    ("Answer.private", "any", lambda w, s: (answer(s, 1, "unsaid_why"), False), set()),
    ("Answer.shares", "sealed", lambda w, s: (answer(s, 2, "open"), False), set()),
    ("Answer.shares", "open", lambda w, s: (answer(s, 1, "open"), False), BOTH),
    ("Answer.taken_back", "open", lambda w, s: (answer(s, 1, "open"), True), BOTH),
    # What was open once cannot be changed, says its author's own form.
    ("Answer.opened_at", "sealed", lambda w, s: (answer(s, 2, "open"), NOW), {OWNER}),
    (
        "LaterThought.words",
        "open",
        lambda w, s: (LaterThought.objects.filter(answer__reflection__seat=s), "else"),
        BOTH,
    ),
    (
        "LaterThought.day",
        "open",
        lambda w, s: (
            LaterThought.objects.filter(answer__reflection__seat=s),
            timezone.localdate(EARLIER),
        ),
        BOTH,
    ),
    ("Reflection.willing", "sealed", lambda w, s: (side(s, 2), True), {OWNER}),
    ("Reflection.willing", "open", lambda w, s: (side(s, 1), False), BOTH),
    ("Reflection.finished", "any", lambda w, s: (side(s, 2), False), {OWNER}),
    ("Reflection.ask_again", "any", lambda w, s: (side(s, 2), True), {OWNER}),
    ("Session.planned_start", "any", lambda w, s: (session(2), EARLIER), BOTH),
    (
        "Session.started",
        "any",
        lambda w, s: (session(2), NOW - timedelta(days=9)),
        BOTH,
    ),
    ("Session.ended", "any", lambda w, s: (session(2), NOW), BOTH),
    ("Session.mode", "any", lambda w, s: (session(2), "online"), BOTH),
    ("Session.planned_minutes", "any", lambda w, s: (session(2), 90), BOTH),
    ("Session.tag", "any", lambda w, s: (session(2), "drifted"), BOTH),
    ("Dyad.openings", "in an open room", lambda w, s: (_opened(w), 3), BOTH),
    ("Session.status", "any", lambda w, s: (session(3), "cancelled"), BOTH),
    ("Session.by", "moved", lambda w, s: (_moved(), s), BOTH),
    ("Dyad.code", "any", lambda w, s: (of_pair(), "pair-else"), BOTH),
    ("Dyad.agreement", "any", lambda w, s: (of_pair(), None), BOTH),
    *(
        (f"Agreement.{name}", "in force", lambda w, s, v=v: (agreed(), v), BOTH)
        for name, v in (
            ("length_min", 30),
            ("rhythm", "each second week"),
            ("frame", "two days"),
            ("confidentiality", "but for two things"),
            ("supervision", "opened"),
            ("keep_free_text_days", 30),
            ("keep_numbers_years", 1),
            ("proposed_by", "client"),
            ("proposed_on", EARLIER.date()),
            ("client_accepted_on", EARLIER.date()),
            ("therapist_accepted_on", EARLIER.date()),
        )
    ),
    # The newest number is in force; which it is stands on no page.
    ("Agreement.version", "in force", lambda w, s: (agreed(), 7), set()),
    (
        "Agreement.set_aside_on",
        "waits",
        lambda w, s: (waiting(w, s), EARLIER.date()),
        BOTH,
    ),
    (
        "Consent.purpose",
        "alone",
        lambda w, s: (yes(w, s), Purpose.SUPERVISION),
        {OWNER},
    ),
    ("Consent.given", "alone", lambda w, s: (yes(w, s), False), {OWNER}),
    ("Consent.at", "alone", lambda w, s: (yes(w, s), EARLIER), {OWNER}),
    (
        "Consent.given",
        "with the other",
        lambda w, s: (yes(w, *Seat, of=s), False),
        BOTH,
    ),
    (
        "Consent.at",
        "with the other",
        lambda w, s: (yes(w, *Seat, of=s), EARLIER),
        {OWNER},
    ),
    ("Consent.session", "answered", lambda w, s: (answered(w, s), 5), BOTH),
    *(
        case
        for name in ("pace", "challenge", "structure", "silence")
        for case in (
            (
                f"Preferences.{name}",
                "kept back",
                lambda w, s: (preferences(w, shared=False), 90.0),
                {"client"},
            ),
            (
                f"Preferences.{name}",
                "shared",
                lambda w, s: (preferences(w, shared=True), 90.0),
                BOTH,
            ),
        )
    ),
    (
        "Preferences.shared",
        "kept back",
        lambda w, s: (preferences(w, shared=False), True),
        BOTH,
    ),
    ("Dyad.last_number", "any", lambda w, s: (of_pair(), 50), set()),
    ("Dyad.ours_revision", "any", lambda w, s: (of_pair(), 50), set()),
    # Its name stands in the account of who works there.
    ("Practice.name", "any", lambda w, s: (Practice.objects.all(), "else"), AT_WORK),
    (
        "Practice.telling",
        "any",
        lambda w, s: (Practice.objects.all(), "Else."),
        OF_THE_PRACTICE,
    ),
    *(
        (
            f"Practice.{name}",
            "any",
            lambda w, s: (Practice.objects.all(), "Else."),
            AT_WORK,
        )
        for name in ("supervisor", "wellbeing")
    ),
    *(
        # Nobody is told what they are called themselves.
        (
            f"Dyad.{seat}_code",
            "any",
            lambda w, s: (of_pair(), "else"),
            {seat.other.value},
        )
        for seat in Seat
    ),
    (
        "Person.practice",
        "any",
        lambda w, s: (
            Person.objects.filter(pk=w.people[PERSON[s]].pk),
            None if s == "therapist" else w.practice,
        ),
        {OWNER},
    ),
    (
        "Practice.crisis",
        "any",
        lambda w, s: (Practice.objects.all(), "Ring."),
        OF_THE_PRACTICE,
    ),
    # On the pages of the practice, of which outsiders look at none here.
    (
        "Practice.use",
        "any",
        lambda w, s: (Practice.objects.all(), "research"),
        {"therapist"},
    ),
    ("Practice.made_up", "any", lambda w, s: (Practice.objects.all(), False), BOTH),
    ("Card.sent_on", "on its way", lambda w, s: (card(w, s), EARLIER.date()), {OWNER}),
    (
        "Card.lies_on",
        "there today",
        lambda w, s: (card(w, s), NOW.date()),
        BOTH,
    ),
    ("Room.closes_at", "shown", lambda w, s: (room(w, s), EARLIER), {OWNER}),
    ("Room.opened_at", "tapped", lambda w, s: (_tapped(room(w, s)), NOW), BOTH),
    *(
        case
        for seat in Seat
        for case in (
            (
                f"Dyad.{seat}_shares_unsaid",
                "any",
                lambda w, s: (of_pair(), False),
                {str(seat)},
            ),
            (f"Dyad.{seat}_revision", "any", lambda w, s: (of_pair(), 50), set()),
            (
                f"Room.{seat}_away",
                "shown by the one who puts it away",
                lambda w, s, seat=seat: (room(w, s, shown_by=seat), True),
                {str(seat)},
            ),
            (
                f"Room.{seat}_tapped",
                "shown by the other",
                lambda w, s, seat=seat: (room(w, s, shown_by=seat.other), True),
                {str(seat)},
            ),
        )
    ),
    (
        "Room.shown_by",
        "shown",
        lambda w, s: (room(w, s), Seat(s).other),
        BOTH,
    ),
    (
        "Person.code",
        "any",
        lambda w, s: (Person.objects.filter(pk=w.people[PERSON[s]].pk), "else"),
        {OWNER},  # each pair has codes of its own
    ),
    # Who opened my records: the other sees it, by date; one's own looks nobody is told.
    ("Event.what", "a look", lambda w, s: (look(w, s), "imported"), {OTHER}),
    ("Event.at", "a look", lambda w, s: (look(w, s), EARLIER), {OTHER}),
    ("Event.who", "a look", lambda w, s: (look(w, s), None), {OTHER}),
    ("Event.dyad", "a look", lambda w, s: (look(w, s), None), {OTHER}),
    ("Event.session", "a look", lambda w, s: (look(w, s), 2), set()),
    ("PrivatePage.words", "any", lambda w, s: (page_of(s), "else"), {OWNER}),
    ("PrivatePage.day", "any", lambda w, s: (page_of(s), EARLIER.date()), {OWNER}),
    ("PrivatePage.session", "any", lambda w, s: (page_of(s), None), {OWNER}),
    ("PrivatePage.kind", "any", lambda w, s: (page_of(s), "teaching"), {OWNER}),
    *(
        (
            f"Contact.{field}",
            "seen by the other" if shown_to_other else "seen by nobody else",
            lambda w, s, shown_to_other=shown_to_other: (
                contact(w, s, shown_to_other=shown_to_other),
                "else",
            ),
            BOTH if shown_to_other else {OWNER},
        )
        for field in ("name", "email", "phone", "safely")
        for shown_to_other in (True, False)
    ),
    ("Reminder.address", "asked for", lambda w, s: (note(w, s), "else"), {OWNER}),
    ("Reminder.hour", "asked for", lambda w, s: (note(w, s), 21), {OWNER}),
    # Whoever is not made up cannot come in to a demo: the visit ends.
    (
        "Person.made_up",
        "any",
        lambda w, s: (Person.objects.filter(pk=w.people[PERSON[s]].pk), False),
        {OWNER},
    ),
    # A visit ends when its password changes; nobody has one yet.
    (
        "Person.password",
        "any",
        lambda w, s: (Person.objects.filter(pk=w.people[PERSON[s]].pk), "!else"),
        {OWNER},
    ),
]


MAKES = dict.fromkeys((row for _, row, *_ in CASES), False) | dict.fromkeys(
    (
        *("waits", "alone", "with the other", "answered", "kept back", "shared"),
        *("moved", "on its way", "shown", "tapped", "shown by the other"),
        *("seen by the other", "seen by nobody else", "asked for"),
        *("put forward", "chosen", "kept"),
        *("shown by the one who puts it away", "in an open room"),
    ),
    True,
)
"""Whether a case first makes what it changes."""

PARTS = 3
"""So many tests a seat, so that they can run beside one another."""


def _moved():
    session(3).update(status="moved")
    return session(3)


def _opened(world):
    """Open a room for the two, and return their pair."""
    both_tap(world, "client")
    return of_pair()


def _tapped(rows):
    rows.update(client_tapped=True, therapist_tapped=True)
    return rows


def test_every_field_of_every_table_has_an_entry():
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("store").get_models()
        for field in model._meta.concrete_fields
    }

    assert fields - {field for field, *_ in CASES} == set(KEYS)


LIBRARY = {"Authenticator": Authenticator, "UserSession": UserSession, "Visit": Visit}
"""Tables of the library for signing in, and of visits. No row of them is of a pair."""

OF_THE_LIBRARY = {
    "Authenticator.type": Authenticator.Type.TOTP,
    "Authenticator.data": {"name": "else"},
    "Authenticator.created_at": EARLIER,
    "Authenticator.last_used_at": EARLIER,
    "UserSession.created_at": EARLIER,
    "UserSession.last_seen_at": EARLIER,
    "UserSession.ip": "192.0.2.7",
    "UserSession.user_agent": "Firefox on Android",
    "UserSession.data": {"else": 1},
    "Visit.session_data": "else",
    "Visit.expire_date": NOW + timedelta(days=5000),
}
"""What each field of theirs becomes: seen, if by anybody, by whose account it is."""

KEYS_OF_THE_LIBRARY = {
    "Authenticator.id": "a row's own number; only its owner's forms have it",
    "Authenticator.user": "whose it is",
    "UserSession.id": "a row's own number; only its owner's forms have it",
    "UserSession.user": "whose it is",
    "UserSession.session_key": "lets in whoever has it; in no page",
    "Visit.session_key": "lets in whoever has it; in no page",
}


def test_every_field_of_the_library_has_an_entry():
    fields = {
        f"{name}.{field.name}"
        for name, model in LIBRARY.items()
        for field in model._meta.concrete_fields
    }

    assert fields == {*OF_THE_LIBRARY, *KEYS_OF_THE_LIBRARY}


@pytest.mark.parametrize("seat", list(PERSON))
def test_how_one_signs_in_and_where_is_seen_by_nobody_else(told, visitors, seat):
    person = told.people[PERSON[seat]]
    device = browser(told, PERSON[seat])
    passkey = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Passkey"}
    )
    UserSession.objects.create(
        user=person,
        session_key=device.session.session_key,
        ip="192.0.2.1",
        user_agent="Edge on Mac",
        last_seen_at=NOW,
    )
    rows = {
        "Authenticator": Authenticator.objects.filter(pk=passkey.pk),
        "UserSession": UserSession.objects.filter(user=person),
        "Visit": Visit.objects.filter(pk=device.session.session_key),
    }
    others = {**dict.fromkeys(visitors, OUTSIDE), Seat(seat).other.value: gets()}

    def look():
        looked_at = {**others, seat: ["/me/"]}
        return {role: pages(visitors[role], looked_at[role]) for role in visitors}

    before = look()
    assert b"Passkey" in before[seat]["/me/"].body
    assert b"Edge on Mac" in before[seat]["/me/"].body

    for field, value in OF_THE_LIBRARY.items():
        table, _, name = field.partition(".")
        assert rows[table].update(**{name: value}) == 1
    after = look()

    assert [role for role in before if before[role] != after[role]] == [seat]


def all_pages(visitors):
    """Return what everybody gets; of the pair's pages a few stand for all to outsiders."""
    return {role: pages(visitor, asked_by(role)) for role, visitor in visitors.items()}


def asked_by(role):
    """Return the addresses at which somebody looks."""
    return gets() if role in SEATED else OUTSIDE


def sees_a_change(visitor, before):
    """Whether a visitor gets anything else than before."""
    return difference(before, looking_at(visitor, likely_first(before))) is not None


def put(rows, name, value):
    """Change a field of one row, behind the back of the app; a text is sealed."""
    row = rows.get()
    setattr(row, name, value)
    row.save(update_fields=[name])


def check_fields(world, visitors, seat, cases):
    """Fail where somebody sees a field who may not, or does not see it who may."""
    forget(*TRIGGERS)
    with patch.object(looks, "note"):  # what is changed is not noted anew meanwhile
        _check_fields(world, visitors, seat, cases)


def _check_fields(world, visitors, seat, cases):
    untouched, found = all_pages(visitors), {}
    roles = {OWNER: seat, OTHER: Seat(seat).other.value}
    for batch in _batches(cases):
        with undone():
            made = [each for group in batch for each in _made(group, world, seat)]
            before = all_pages(visitors)
            for case, rows, value in made:
                found[case[:2]] = _seen_by(visitors, before, case, rows, value)
    for group, outside in _together(cases, roles):
        # Whoever may see none of them looks once, and at each alone where they see any.
        blind = _blind(world, visitors, seat, group, outside, untouched)
        looking = {role: untouched[role] for role in set(untouched) - blind}
        for case in group:
            with undone():
                rows, value = case[2](world, seat)
                found[case[:2]] = _seen_by(visitors, looking, case, rows, value)
    assert found == {
        (field, row): {roles.get(role, role) for role in seen_by}
        for field, row, _, seen_by in cases
    }


def _seen_by(visitors, before, case, rows, value):
    """Return who of those whose pages are given sees it if a row gets another value."""
    with undone():
        put(rows, case[0].split(".")[1], value)
        return {role for role in before if sees_a_change(visitors[role], before[role])}


def _blind(world, visitors, seat, group, outside, untouched):
    """Return who of those outside sees nothing of all these cases together."""
    if not outside:
        return set()
    with undone():
        for field, _, changed, _ in group:
            rows, value = changed(world, seat)
            put(rows, field.split(".")[1], value)
        return {r for r in outside if not sees_a_change(visitors[r], untouched[r])}


def _made(group, world, seat):
    """Make what these cases first make; return each, its row, and what a field becomes."""
    values = []
    for _, _, changed, _ in group:
        with undone():
            values.append(changed(world, seat)[1])
    rows, _ = group[0][2](world, seat)
    return [(case, rows, value) for case, value in zip(group, values, strict=True)]


def _batches(cases):
    """Return lists of groups of cases that first make what they change, beside one another.

    The cases of a group make the very same. No two groups of a list are about the same
    table, nor two about sessions: what one makes would be in the way of the other.
    """
    groups = defaultdict(list)
    for n, case in enumerate(cases):
        if MAKES[case[1]]:
            groups[n if EACH_ALONE else _what_is_made(case)].append(case)
    batches = []
    for group in groups.values():
        table = group[0][0].split(".")[0]
        about = table if table in (*MADE_ALIKE, "Agreement") else "sessions"
        free = [batch for batch in batches if not EACH_ALONE and about not in batch]
        if not free:
            batches.append({})
        (free or batches[-1:])[0][about] = group
    return [list(batch.values()) for batch in batches]


def _together(cases, roles):
    """Give cases that can be made together, each with those who may see none of them.

    Those that first make what they change stand elsewhere. Of what is made together no
    two are of the same table: one would hide the other.
    """
    groups = defaultdict(list)
    for case in sorted(cases, key=_ends_a_visit):
        field, row, _, seen_by = case
        if MAKES[row]:
            continue
        if EACH_ALONE:
            yield [case], set()
            continue
        if _ends_a_visit(case):
            groups[frozenset(), field].append(case)
            continue
        who = frozenset(roles.get(role, role) for role in seen_by)
        table, n = field.split(".")[0], 0
        while table in {each[0].split(".")[0] for each in groups[who, n]}:
            n += 1
        groups[who, n].append(case)
    for (who, _), group in groups.items():
        yield group, set(PEOPLE) - who if len(group) > 1 else set()


def _dealt(cases):
    """Return cases in an order in which those that make the same row are dealt together."""
    units = defaultdict(list)
    for n, case in enumerate(cases):
        alone = EACH_ALONE or not MAKES[case[1]]
        units[n if alone else _what_is_made(case)].append(case)
    return list(units.values())


MADE_ALIKE = (
    *("Preferences", "Contact", "Consent", "Reminder"),
    *("GoalWording", "FormRhythm", "Recording", "Transcript", "HereAndNow"),
)
"""Tables of which every case of one row first makes the very same."""


def _what_is_made(case):
    """Name what a case first makes."""
    table, row = case[0].split(".")[0], case[1]
    return (table, row) if table in MADE_ALIKE else case[:2]


def _ends_a_visit(case):
    """Whether a case is to be the last: whoever it is about is no longer signed in."""
    return case[0].startswith("Person.")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("seat", list(PERSON))
def test_a_field_is_seen_by_those_who_may_and_by_nobody_else(
    told, visitors, seat, part
):
    # One list serves both seats; each case takes its turn in one of them, and in
    # `make validate` in both.
    turn = 1 if EACH_ALONE else len(PERSON)
    units = _dealt(CASES)[list(PERSON).index(seat) % turn :: turn][part::PARTS]
    check_fields(told, visitors, seat, [case for unit in units for case in unit])
