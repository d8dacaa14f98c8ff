"""A note by mail after a session: what it says, when it comes, and that it comes once."""

import logging
import re
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from app_people import NOW
from duologue.records import Status
from duologue.relationship.lint import banned_words
from duologue.store import actions, queries
from duologue.store.models import Event, Reminder, Session
from duologue.web import carrier, clock
from duologue.web.carrier import Carrier
from duologue.web.reminder import note, sending
from duologue.web.reminder.sending import EVERY_S, LATER_S, Went, look, send_due
from hidden import (
    HIDDEN,
    VISIBLE,
    asks_for_a_note,
    in_groups,
    looks_at_everything,
    prepare,
    wants_no_note_any_more,
)
from rules import TRIGGERS, forget
from stories import PERSON, write
from visitors import SEATED, at, undone

BEFORE = NOW - timedelta(days=2)
DUE = NOW - timedelta(days=1) + timedelta(minutes=50 + 60)
"""An hour after the sessions of the day before: on it the clocks went on in London."""

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ADDRESS = {"client": "one@example.org", "therapist": "two@example.org"}
CARRIER = Carrier(host="localhost", port=465, sender="notes@example.org", tls=True)
THEIR_OWN = (asks_for_a_note, wants_no_note_any_more)


def ask_for(world, seat, *, hour=None, now=BEFORE):
    """Let the person in a seat have notes."""
    actions.keep_reminder(world.people[PERSON[seat]], ADDRESS[seat], hour=hour, now=now)


def send(when=DUE):
    """Send what is due at a moment; return what became of it."""
    return dict(send_due(CARRIER, now=lambda: when))


def sent():
    """Return what is sent to whom, but for its random id and the clock's; it is undone."""
    mail.outbox.clear()
    with undone():
        send()
    return {
        note.to[0]: re.sub(
            "(?m)^(Message-ID: <.*@|Date: .*)", "", note.message().as_string()
        )
        for note in mail.outbox
    }


# What it says ----------------------------------------------------------------------


@pytest.mark.parametrize("seat", SEATED)
def test_the_note_says_just_this_and_nothing_of_anybody(told, seat):
    ask_for(told, seat)
    mail.outbox.clear()

    assert send() == {Went.SENT: 1}

    (sent_one,) = mail.outbox
    message = sent_one.message()
    assert message.get_payload() == (
        "If you like, take a minute for yourself.\n\n"
        "You asked for this note. Where you asked for it, you can switch it off.\n"
        "A machine sent it: nobody waits for a reply.\n"
    )
    headers = dict(message.items())
    assert re.fullmatch("<[0-9a-f]{32}@example.org>", headers.pop("Message-ID"))
    assert re.fullmatch(r"\w{3}, \d\d? \w{3} \d{4} [\d:]{8} -0000", headers.pop("Date"))
    assert headers == {
        "Subject": "A minute for you?",
        "From": "notes@example.org",
        "To": ADDRESS[seat],
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "Auto-Submitted": "auto-generated",
    }
    assert sent_one.recipients() == [ADDRESS[seat]]


def test_no_word_of_it_is_banned():
    assert banned_words(f"{note.SUBJECT} {note.BODY}") == ()


# When it comes ---------------------------------------------------------------------


@pytest.mark.parametrize("hider", SEATED)
def test_no_answer_and_no_choice_of_anybody_moves_a_note(told, hider):
    for seat in SEATED:
        ask_for(told, seat)
    changes = [c for c in (*HIDDEN, *VISIBLE) if c is not looks_at_everything]
    before = sent()
    assert set(before) == set(ADDRESS.values())
    # Each takes its turn in one of the seats.
    for group in in_groups(changes[SEATED.index(hider) :: 2]):
        with undone():
            for change in group:
                prepare((change,), told, hider)
                change(told, hider)
            found = sent()
        if {*THEIR_OWN} & {*group}:
            found[ADDRESS[hider]] = before[ADDRESS[hider]]
        found = {address: found[address] for address in before}
        assert found == before, group


@pytest.mark.parametrize("seat", SEATED)
def test_it_comes_just_as_well_to_whoever_has_looked_back(told, seat):
    ask_for(told, seat)
    before = sent()

    write(told, seat, 3, open=50.0)

    assert sent() == before != {}


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.HELD])
@pytest.mark.parametrize("seat", SEATED)
def test_none_follows_a_session_that_was_not_held(world, seat, status):
    ask_for(world, seat)

    Session.objects.filter(number=3).update(status=status)

    assert send() == {}


def test_none_follows_a_session_that_was_moved_to_another_day(world):
    ask_for(world, "client")
    start = NOW + timedelta(days=1)
    Session.objects.filter(dyad__client=world.ann, number=3).update(planned_start=start)

    assert send() == {}
    assert send(start + 110 * MINUTE) == {Went.SENT: 1}


@pytest.mark.parametrize(
    ("when", "hour", "n"),
    [
        (DUE - MINUTE, None, 0),
        (DUE, None, 1),
        (DUE + 3 * HOUR - MINUTE, None, 1),
        (DUE + 3 * HOUR, None, 0),
        (DUE + timedelta(days=1), None, 0),
        # In London it is ten to nine.
        (DUE - MINUTE, 20, 0),
        (DUE, 20, 1),
        (DUE + 9 * MINUTE, 21, 0),
        (DUE + 10 * MINUTE, 21, 1),
    ],
)
def test_it_comes_within_its_hours_or_not_at_all(world, when, hour, n):
    ask_for(world, "client", hour=hour)

    assert sum(send(when).values()) == n


def test_a_machine_that_was_off_does_not_send_what_is_old(world):
    start = DUE.replace(hour=8, minute=0)
    Session.objects.filter(number=3).update(planned_start=start)
    ask_for(world, "client")

    for hours, n in ((5, 0), (4.8, 1)):
        assert len(queries.reminders_due(now=start + hours * HOUR)) == n


def test_what_was_planned_for_this_session_goes_before_what_was_agreed(world):
    ask_for(world, "client")
    Session.objects.filter(number=3).update(planned_minutes=90)

    assert send(DUE) == {}
    assert send(DUE + 40 * MINUTE) == {Went.SENT: 1}


def test_there_is_one_a_day_however_many_one_meets(world):
    ask_for(world, "therapist")  # she met three that day
    Session.objects.filter(dyad__client=world.bo, number=3).update(
        planned_start=DUE - HOUR
    )

    found = [send(DUE + n * 10 * MINUTE) for n in range(18)]

    assert found == [{Went.SENT: 1}] + [{}] * 17
    # And the next one after the next session.
    assert send(DUE + timedelta(weeks=1)) == {Went.SENT: 1}


def test_it_begins_with_the_next_session_also_when_asked_for_anew(world):
    ask_for(world, "client", now=DUE - 30 * MINUTE)
    assert send() == {}
    actions.end_reminder(world.ann, now=NOW)
    ask_for(world, "client")
    assert send() == {Went.SENT: 1}

    actions.end_reminder(world.ann, now=DUE)
    ask_for(world, "client", hour=21, now=DUE)
    ask_for(world, "client", hour=None, now=DUE)

    assert send(DUE + 20 * MINUTE) == {}


def test_another_address_or_time_brings_no_second_one(world):
    ask_for(world, "client")
    send()

    actions.keep_reminder(world.ann, "new@example.org", hour=21, now=DUE)

    assert send(DUE + 20 * MINUTE) == {}


def test_a_session_that_somebody_else_had_brings_nothing(world):
    ask_for(world, "client")
    Session.objects.filter(dyad__client=world.ann).delete()

    assert send() == {}


# That it comes once ----------------------------------------------------------------


def failing(monkeypatch, error):
    """Let the server take nothing, in the way of this error."""

    def refuse(*_):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_of_two_that_look_at_once_one_sends_it(world):
    ask_for(world, "client")
    (first,), (second,) = (queries.reminders_due(now=DUE) for _ in range(2))

    assert actions.take_reminder(first).address == ADDRESS["client"]
    assert actions.take_reminder(second) is None


def test_whoever_dies_on_the_way_loses_it_and_nobody_gets_it_twice(world, monkeypatch):
    ask_for(world, "client")
    with monkeypatch.context() as patch:
        failing(patch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            send()

    assert send(DUE + MINUTE) == {}


@pytest.mark.parametrize(
    ("error", "went"),
    [
        (SMTPRecipientsRefused({"one@example.org": (450, b"later")}), Went.WAITS),
        (SMTPSenderRefused(451, b"later", "notes@example.org"), Went.WAITS),
        (SMTPDataError(421, b"later"), Went.WAITS),
        (SMTPRecipientsRefused({"one@example.org": (550, b"no")}), Went.REFUSED),
        (SMTPDataError(554, b"no"), Went.REFUSED),
        # It may have been taken.
        (SMTPDataError(-1, b""), Went.UNKNOWN),
        (SMTPServerDisconnected("gone"), Went.UNKNOWN),
        (TimeoutError(), Went.UNKNOWN),
    ],
)
def test_it_is_tried_again_only_where_the_server_has_not_taken_it(
    world, monkeypatch, error, went
):
    ask_for(world, "client")
    with monkeypatch.context() as patch:
        failing(patch, error)
        assert send() == {went: 1}

    again = send(DUE + 5 * MINUTE)

    assert again == ({Went.SENT: 1} if went is Went.WAITS else {})


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), SMTPAuthenticationError(535, b"who?")]
)
def test_a_server_that_cannot_be_reached_is_asked_again(world, monkeypatch, error):
    for seat in SEATED:
        ask_for(world, seat)

    def refuse(_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", refuse)
        assert send() == {Went.WAITS: 2}

    assert send() == {Went.SENT: 2}


def test_it_stops_before_the_next_one_when_it_is_told_to(world):
    for seat in SEATED:
        ask_for(world, seat)
    told_to = iter((False, True))

    went = send_due(CARRIER, now=lambda: DUE, stopped=lambda: next(told_to))

    assert dict(went) == {Went.SENT: 1}


def test_what_took_too_long_to_come_to_is_left(world):
    ask_for(world, "client")
    clocks = iter((DUE, DUE + 4 * HOUR))

    assert not send_due(CARRIER, now=lambda: next(clocks))


def test_failures_are_said_by_counts_alone(world, monkeypatch, caplog):
    ask_for(world, "client")
    monkeypatch.setattr(clock, "now", lambda: DUE)
    refused = SMTPRecipientsRefused({"one@example.org": (450, b"one@example.org?")})
    with caplog.at_level(logging.DEBUG, logger="duologue"):
        with monkeypatch.context() as patch:
            failing(patch, refused)
            assert look(CARRIER) == LATER_S
        with monkeypatch.context() as patch:
            fault = ValueError("one@example.org")
            patch.setattr(sending, "send_due", lambda *_, **__: failed(fault))
            assert look(CARRIER) == LATER_S
        assert look(CARRIER) == EVERY_S

    assert caplog.messages == [
        "notes by mail: 1 to be tried again.",
        "notes by mail: a fault, ValueError.",
    ]
    assert "example.org" not in caplog.text


def failed(error):
    raise error


# Asking for it ---------------------------------------------------------------------


@pytest.fixture
def outside_a_demo(monkeypatch):
    """Let a practice be a real one, whose mail nobody carries."""
    monkeypatch.setattr(settings, "DEMO", False)
    settings_of = "duologue.web.account.backend.settings"
    monkeypatch.setattr(settings_of, type("In", (), {"DEMO": True}))


def test_the_page_says_first_what_it_says_and_who_might_see_it(world, visitors):
    page = at(visitors["client"], "reminder")

    for words in (note.SUBJECT, *note.BODY.strip().split("\n\n")):
        assert words in page
    assert page.index("Others may read your inbox") < page.index("<form class")
    assert page.index("even if you have looked back") < page.index("<form class")
    assert "Switch it off</button>" not in page


def test_it_is_asked_for_changed_and_switched_off(world, visitors):
    visitor = visitors["client"]
    keep = reverse("keep-reminder")

    first = visitor.post(keep, {"note-address": " a@b.example ", "at": "20"})
    page = at(visitor, "reminder")

    assert first.url == reverse("reminder")
    assert 'value="a@b.example"' in page
    assert '<option value="20" selected>' in page
    assert "It is on:" in at(visitor, "me")
    visitor.post(keep, {"note-address": "a@b.example", "at": "soon"})
    assert queries.own_reminder(world.ann).hour is None
    visitor.post(reverse("end-reminder"))
    assert not Reminder.objects.exists()
    assert "It is off:" in at(visitor, "me")
    told = ["reminder_kept", "reminder_kept", "reminder_ended"]
    assert list(Event.objects.values_list("what", flat=True)) == told


@pytest.mark.parametrize(
    ("address", "when"),
    [
        ("", "soon"),
        ("no address", "soon"),
        ("a@b.example\nBcc: c@d.example", "soon"),
        ("a@b.example,c@d.example", "soon"),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 30}.org", "soon"),
        ("a\0@b.example", "soon"),
        ("a@b.example", "16"),
        ("a@b.example", "often"),
    ],
)
def test_what_is_no_address_or_no_time_is_refused_kindly(
    world, visitors, address, when
):
    fields = {"note-address": address, "at": when}

    answered = visitors["client"].post(reverse("keep-reminder"), fields)

    assert answered.status_code == 409
    assert not Reminder.objects.exists()


def test_an_address_stands_on_a_page_of_ones_own_alone(world, visitors):
    ask_for(world, "client")

    for role, visitor in visitors.items():
        for name in ("reminder", "me", "people", "my-reach"):
            page = visitor.get(reverse(name), follow=True).content.decode()
            shown = (role, name) == ("client", "reminder")
            assert (ADDRESS["client"] in page) == shown


def test_a_practice_whose_mail_nobody_carries_does_not_offer_it(
    world, visitors, outside_a_demo
):
    visitor = visitors["client"]
    assert "A note after a session" not in at(visitor, "me")
    assert "This practice sends no mail." in at(visitor, "reminder")
    fields = {"note-address": "a@b.example", "at": "soon"}
    assert visitor.post(reverse("keep-reminder"), fields).status_code == 409

    # Whoever had asked before can still switch it off.
    ask_for(world, "client")
    assert "Switch it off</button>" in at(visitor, "reminder")
    assert "It is on:" in at(visitor, "me")


def test_it_says_from_which_address_it_comes(
    world, visitors, outside_a_demo, monkeypatch
):
    monkeypatch.setattr(carrier, "current", lambda: CARRIER)
    monkeypatch.setattr(carrier._Held, "carrier", CARRIER)

    assert "It comes from notes@example.org, with" in at(visitors["client"], "reminder")


def test_nothing_else_can_be_mailed(settings):
    settings.EMAIL_BACKEND = "duologue.web.reminder.smtp.ByCarrier"

    with pytest.raises(TypeError, match="carrier"):
        mail.EmailMessage("subject", "body", None, ["a@b.example"]).send()


# How it is kept --------------------------------------------------------------------


def test_an_address_is_sealed_and_its_key_goes_with_it(world):
    for seat in SEATED:
        ask_for(world, seat)
    first, second = Reminder.objects.order_by("pk")
    assert b"example" not in bytes(first.__dict__["address"])
    assert first.place("").open_holder_key() != second.place("").open_holder_key()

    actions.keep_reminder(world.ann, "new@example.org", hour=None, now=NOW)

    changed = Reminder.objects.get(person=world.ann)
    assert changed.key != first.key
    assert changed.ref != first.ref
    forget(*TRIGGERS)
    Reminder.objects.filter(pk=second.pk).update(address=changed.__dict__["address"])
    with pytest.raises(ValueError, match="moved"):
        assert Reminder.objects.get(pk=second.pk).address
