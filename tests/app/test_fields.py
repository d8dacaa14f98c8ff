"""Every field of every table: whose pages change when it changes.

Each field is changed in the store, behind the back of the app, in a row of the client's
and in a row of the therapist's alike. Just those whose pages may change do see a change:
what is not in the list fails, and so does a field without an entry. Since one list
serves both seats, it is the reciprocity of law 2 as well.
"""

from datetime import timedelta
from importlib import import_module
from unittest.mock import patch

import pytest
from django.apps import apps
from django.utils import timezone

from app_people import NOW
from duologue.records import Seat
from duologue.store import actions
from duologue.store.models import (
    Answer,
    Card,
    Dyad,
    Event,
    LaterThought,
    Person,
    Practice,
    Reflection,
    Room,
    Session,
)
from duologue.web import shown
from hidden import EACH_ALONE, shows_a_code
from rules import forget
from stories import PERSON
from visitors import OUTSIDE, SEATED, gets, pages, undone

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover

TRIGGERS = [
    name
    for migration in ("0002_what_has_opened_stays", "0004_events_and_withdrawals")
    for name in import_module(f"duologue.store.migrations.{migration}").TRIGGERS
]
OWNER, OTHER = "owner", "other"
BOTH = {OWNER, OTHER}
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
    "Practice.id": "a row's own number; in no page",
    "Reflection.id": "a row's own number; in no page",
    "Reflection.session": "whose side of what",
    "Reflection.seat": "whose side of what",
    "Room.id": "a row's own number; in no page",
    "Room.code": "masked here, being random; test_reflect looks for it on both pages",
    "Room.dyad": "whose room it is",
    "Room.session": "fixed while a code is shown",
    "Session.id": "a row's own number; in no page",
    "Session.dyad": "fixed by a trigger",
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


def look(world, seat):
    """What the other has opened is shown to the one in this seat."""
    return Event.objects.filter(what="shown", who=world.people[PERSON[seat]].pk)


EARLIER = NOW - timedelta(days=30)

CASES = [
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
    # Kept, and shown nowhere yet.
    ("Session.mode", "any", lambda w, s: (session(2), "online"), set()),
    ("Session.status", "any", lambda w, s: (session(3), "cancelled"), BOTH),
    ("Session.by", "moved", lambda w, s: (_moved(), s), BOTH),
    ("Dyad.code", "any", lambda w, s: (of_pair(), "pair-else"), BOTH),
    ("Dyad.length_min", "any", lambda w, s: (of_pair(), 30), BOTH),
    ("Dyad.rhythm", "any", lambda w, s: (of_pair(), "weekly"), set()),
    ("Dyad.frame", "any", lambda w, s: (of_pair(), "two days"), set()),
    ("Dyad.last_number", "any", lambda w, s: (of_pair(), 50), set()),
    ("Dyad.ours_revision", "any", lambda w, s: (of_pair(), 50), set()),
    ("Practice.name", "any", lambda w, s: (Practice.objects.all(), "else"), set()),
    (
        "Practice.crisis",
        "any",
        lambda w, s: (Practice.objects.all(), "Ring."),
        OF_THE_PRACTICE,
    ),
    ("Practice.made_up", "any", lambda w, s: (Practice.objects.all(), False), BOTH),
    ("Card.sent_on", "on its way", lambda w, s: (card(w, s), EARLIER.date()), {OWNER}),
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
        BOTH,
    ),
    # Who opened my records: the other sees it, by date; one's own looks nobody is told.
    ("Event.what", "a look", lambda w, s: (look(w, s), "imported"), {OTHER}),
    ("Event.at", "a look", lambda w, s: (look(w, s), EARLIER), {OTHER}),
    ("Event.who", "a look", lambda w, s: (look(w, s), None), {OTHER}),
    ("Event.dyad", "a look", lambda w, s: (look(w, s), None), {OTHER}),
    ("Event.session", "a look", lambda w, s: (look(w, s), 2), set()),
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
        *("moved", "on its way", "shown", "tapped", "shown by the other"),
        "shown by the one who puts it away",
    ),
    True,
)
"""Whether a case first makes what it changes."""

PARTS = 2
"""So many tests a seat, so that they can run beside one another."""


def _moved():
    session(3).update(status="moved")
    return session(3)


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


def all_pages(visitors):
    """Return what everybody gets; of the pair's pages a few stand for all to outsiders."""
    return {
        role: pages(visitor, gets() if role in SEATED else OUTSIDE)
        for role, visitor in visitors.items()
    }


def put(rows, name, value):
    """Change a field of one row, behind the back of the app; a text is sealed."""
    row = rows.get()
    setattr(row, name, value)
    row.save(update_fields=[name])


def check_fields(world, visitors, seat, cases):
    """Fail where somebody sees a field who may not, or does not see it who may."""
    forget(*TRIGGERS)
    with patch.object(shown, "note"):  # what is changed is not noted anew meanwhile
        _check_fields(world, visitors, seat, cases)


def _check_fields(world, visitors, seat, cases):
    roles = {OWNER: seat, OTHER: Seat(seat).other.value}
    untouched = all_pages(visitors)
    found, expected = {}, {}
    for field, row, changed, seen_by in cases:
        with undone():
            rows, value = changed(world, seat)
            before = all_pages(visitors) if MAKES[row] else untouched
            put(rows, field.split(".")[1], value)
            after = all_pages(visitors)
        found[field, row] = {role for role in before if before[role] != after[role]}
        expected[field, row] = {roles.get(role, role) for role in seen_by}
    assert found == expected


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("seat", list(PERSON))
def test_a_field_is_seen_by_those_who_may_and_by_nobody_else(
    told, visitors, seat, part
):
    # One list serves both seats; each case takes its turn in one of them, and in
    # `make validate` in both.
    turn = 1 if EACH_ALONE else len(PERSON)
    cases = CASES[list(PERSON).index(seat) % turn :: turn]
    check_fields(told, visitors, seat, cases[part::PARTS])
