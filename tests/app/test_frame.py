"""The pages of the frame: both see the same list, and the therapist holds it."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from app_people import NOW
from duologue.errors import NotNowError
from duologue.records import CalendarEvent, CalendarSeries
from duologue.relationship.templates import FELT_MET
from duologue.store import actions
from duologue.store.models import Session
from duologue.web import clock
from duologue.web.frame import forms, held
from stories import write
from visitors import ICS, SEATED, at, gets, shown, undone

TOLD_ONCE = True

REF = "ref-of-ann"
LIST = re.compile(r'<ul class="sessions">.*?</ul>', re.DOTALL)
HOLDS = re.compile(r'<a class="small" href="/with/ref-of-ann/\d+/frame/">.*?</a>')
LONDON = ZoneInfo("Europe/London")


def lists(visitor):
    """Return the lists of sessions, without the links to change them."""
    found = LIST.findall(at(visitor, "sessions", REF))
    return [re.sub(r"\s+(?=<)|(?<=>)\s+", "", HOLDS.sub("", each)) for each in found]


def send(visitors, name, *args, seat="therapist", **fields):
    return visitors[seat].post(reverse(name, args=[REF, *args]), fields)


def upload(visitors, content):
    file = SimpleUploadedFile("somebody.ics", content)
    return send(visitors, "calendar-choose", calendar=file)


def held_in(response):
    found = re.search(r'name="held" value="([^"]*)"', response.content.decode())
    return found.group(1).replace("&quot;", '"')


# What is noted


def test_both_see_the_same_list_in_the_same_words(told, visitors):
    for fields in (
        {"began": "19:10", "ended": "20:15", "status": "held", "tag": "meant"},
        {"status": "no_show", "by": "client"},
    ):
        send(visitors, "note-frame", 3, **fields)
        client, therapist = (lists(visitors[seat]) for seat in SEATED)
        assert client == therapist

    assert "missed by the client" in therapist[1]


def test_real_times_are_told_in_plain_words(told, visitors):
    send(
        visitors,
        "note-frame",
        3,
        began="19:10",
        ended="20:15",
        status="held",
        tag="meant",
    )

    assert "began 19:10, ended 20:15; meant" in at(visitors["client"], "sessions", REF)
    page = at(visitors["therapist"], "frame", REF, 3)
    assert 'value="19:10"' in page
    assert re.search(r'value="meant" checked', page)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "held", "began": "soon"},
        {"status": "late"},
        {"began": "19:00"},
        {"status": "held", "tag": "wrong"},
        {"status": "held", "began": "21:00", "ended": "20:59", "by": "nobody"},
    ],
)
def test_what_cannot_be_noted_is_refused_kindly(told, visitors, fields):
    before = list(Session.objects.values())

    refused = send(visitors, "note-frame", 3, **fields)

    assert refused.status_code == 409
    assert list(Session.objects.values()) == before


def test_a_session_to_come_is_moved_and_cancelled(told, visitors):
    send(visitors, "move-session", 4, starts="2026-04-10T09:30")
    assert "Friday 10 April" in at(visitors["client"], "sessions", REF)
    assert send(visitors, "move-session", 4, starts="soon").status_code == 409

    send(visitors, "note-frame", 4, status="cancelled", by="therapist")

    assert "cancelled by the therapist" in at(visitors["client"], "sessions", REF)


def test_a_session_that_was_not_held_can_still_be_reached_by_whoever_wrote(
    told, visitors
):
    write(told, "client", 3, line="written before that was noted")
    send(visitors, "note-frame", 3, status="cancelled")

    for seat in SEATED:
        address = reverse("session", args=[REF, 3])
        assert f'href="{address}"' in at(visitors[seat], "sessions", REF)
        assert "Noted as not held." in at(visitors[seat], "session", REF, 3)
    assert "written before" in at(visitors["client"], "session", REF, 3)
    assert "written before" not in at(visitors["therapist"], "session", REF, 3)


def test_the_therapist_gets_the_same_whether_or_not_the_client_had_written(
    told, visitors
):
    found = []
    for writes in (lambda: None, lambda: write(told, "client", 3, line="hidden")):
        with undone():
            writes()
            answers = [
                send(visitors, "note-frame", 3, status="no_show", by="client"),
                *(visitors["therapist"].get(address) for address in gets()),
            ]
            found.append([shown(answer) for answer in answers])

    assert found[0] == found[1]


def test_what_is_to_come_for_a_year_does_not_hide_what_has_been(told, visitors):
    start = NOW + timedelta(days=1)
    events = tuple(
        CalendarEvent(
            recurrence=str(i),
            start=start + timedelta(weeks=i),
            end=start + timedelta(weeks=i, minutes=50),
        )
        for i in range(50)
    )
    chosen = [CalendarSeries(uid="a", events=events)]
    actions.import_calendar(told.therapist, REF, chosen, now=NOW)

    page = at(visitors["client"], "sessions", REF)
    assert page.index("And later ones") < page.index("So far")
    assert page.index("Tuesday 31 March") < page.index("And later ones")


# A calendar


def test_a_calendar_is_chosen_from_looked_at_and_followed(told, visitors):
    chosen = upload(visitors, ICS)
    page = chosen.content.decode()
    assert "Made up" in page.partition("With ann-code")[2]
    assert "once, next Tuesday 7 April, 15:00" in page
    assert "checked" not in page

    looked = send(visitors, "calendar-look", held=held_in(chosen), choose="0")
    assert "1 new" in looked.content.decode()
    assert Session.objects.filter(dyad__ref=REF).count() == 4

    for count in (5, 5):
        done = send(visitors, "calendar-follow", held=held_in(looked))
        assert done.status_code == 302
        assert Session.objects.filter(dyad__ref=REF).count() == count
    again = send(visitors, "calendar-look", held=held_in(looked), choose="0")
    assert "Nothing changes." in again.content.decode()
    assert "1 already there" in again.content.decode()


def test_what_would_move_and_be_cancelled_is_said_before_it_is_done(told, visitors):
    two = ICS.replace(b"DTEND", b"SUMMARY:x\nRRULE:FREQ=WEEKLY;COUNT=2\nDTEND", 1)
    two = two.replace(b"SUMMARY:x\n", b"")
    send(visitors, "calendar-follow", held=held_in(upload(visitors, two)))
    moved = (
        two.replace(b"END:VCALENDAR\n", b"")
        + b"BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260407T140000Z\nSUMMARY:Made up\n"
        b"DTSTART:20260408T140000Z\nDURATION:PT50M\nSEQUENCE:1\nEND:VEVENT\n"
        b"BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260414T140000Z\nSUMMARY:Made up\n"
        b"DTSTART:20260414T140000Z\nDURATION:PT50M\nSEQUENCE:1\nSTATUS:CANCELLED\n"
        b"END:VEVENT\nEND:VCALENDAR\n"
    )

    looked = send(
        visitors, "calendar-look", held=held_in(upload(visitors, moved)), choose="0"
    )

    page = re.sub(r"<[^>]+>", "", looked.content.decode())
    assert "1 movedsession 5, to Wednesday 8 April, 15:00" in page
    assert "1 cancelledsession 6" in page


def test_what_is_on_again_and_what_cannot_move_is_said_before_it_is_done(
    told, visitors
):
    off = ICS.replace(b"DTEND", b"STATUS:CANCELLED\nSEQUENCE:1\nDTEND", 1)
    again = ICS.replace(b"DTEND", b"SEQUENCE:2\nDTEND", 1)
    onto = again.replace(b"20260407", b"20260408").replace(b"CE:2", b"CE:3")
    said = []
    for content in (ICS, off, again, onto):
        if content is onto:
            start = "2026-04-08T15:00"
            send(visitors, "add-session", starts=start, mode="room")
        chosen = upload(visitors, content)
        looked = send(visitors, "calendar-look", held=held_in(chosen), choose="0")
        said.append(re.sub(r"<[^>]+>", "", looked.content.decode()))
        send(visitors, "calendar-follow", held=held_in(looked))

    assert "1 cancelledsession 5" in said[1]
    assert "1 on againsession 5, Tuesday 7 April, 15:00" in said[2]
    assert "1 not moved: another session is at that time" in said[3]


def test_on_the_day_of_a_card_its_sender_can_send_one_for_the_session_after(
    told, visitors, monkeypatch
):
    send(visitors, "card", seat="client", do="send")
    assert "It is there on" in at(visitors["client"], "choices", REF)

    day = NOW + timedelta(days=6)
    monkeypatch.setattr(clock, "now", lambda: day)
    assert "Send one for the session after" in at(visitors["client"], "choices", REF)
    send(visitors, "card", seat="client", do="send")

    page = at(visitors["client"], "choices", REF)
    assert "The one that you sent before is there today." in page
    assert "today, and a new one on the day" in at(visitors["client"], "they-see", REF)


def test_a_title_is_on_the_page_where_one_chooses_and_nowhere_else(
    told, visitors, caplog
):
    chosen = upload(visitors, ICS.replace(b"Made up", b"<b>Quince</b>"))
    looked = send(visitors, "calendar-look", held=held_in(chosen), choose="0")
    send(visitors, "calendar-follow", held=held_in(looked))

    assert "&lt;b&gt;Quince&lt;/b&gt;" in chosen.content.decode()
    assert "Quince" not in held_in(chosen) + looked.content.decode() + caplog.text
    for visitor in visitors.values():
        for address in gets():
            assert b"Quince" not in visitor.get(address).content
    assert not any("Quince" in str(row) for row in Session.objects.values())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\0", "binary data"),
        (b"BEGIN:VCALENDAR\nSomebody\n", "Your calendar: must be whole, but ends"),
        (b"BEGIN:VCALENDAR\nEND:SOMEBODY\n", "Your calendar, line 2: must end what"),
        (b"BEGIN:VCALENDAR\n" + b"X:" + b"a" * 10_000_000, "at most 4 MB"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_kindly(told, visitors, content, words):
    refused = upload(visitors, content)

    assert refused.status_code == 409
    assert words in refused.content.decode()
    assert "omebody" not in refused.content.decode()


def test_a_calendar_without_anything_says_so_and_what_was_left_out(told, visitors):
    page = upload(visitors, ICS.replace(b"T140000Z", b"").replace(b"T145000Z", b""))

    assert "Nothing in it is within a year" in page.content.decode()
    assert "whole days: a session has a time" in page.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[[1]]", "[[[1]]]", '[[["a",true,[[1]],[]]]]', "[" * 100_000),
        '[[["a",true,[["",1e30,3000,false,0]],[]]]]',
        '[[["a",true,[["",1,99999999,false,0]],[]]]]',
        '[[["a",true,[["","1",3000,false,0]],[]]]]',
        '[[["a",true,[["",1,3000,false,-1]],[]]]]',
        '[[["a",true,[["",NaN,3000,false,0]],[]]]]',
        '[[["a",true,[["",Infinity,3000,false,0]],[]]]]',
    ],
)
def test_a_form_that_holds_something_else_is_refused_kindly(told, visitors, text):
    with pytest.raises(NotNowError, match="once more"):
        held.from_text(text)
    assert send(visitors, "calendar-follow", held=text).status_code == 409


def test_a_form_holds_what_was_put_there():
    start = datetime(2026, 4, 7, 14, tzinfo=UTC)
    event = CalendarEvent(
        recurrence="1",
        start=start,
        end=start + timedelta(minutes=50),
        cancelled=True,
        sequence=3,
    )
    one = CalendarSeries(uid="ä\ud800", events=(event,), whole=True, unsaid=("2",))
    groups = [(one,), ()]

    assert held.from_text(held.to_text(groups)) == groups


# Did it feel met?


def open_together(visitors):
    send(visitors, "show-code")
    code = re.search(
        r'name="code" value="(\d+)"', at(visitors["therapist"], "room", REF)
    )
    for seat in SEATED:
        send(visitors, "tap", seat=seat, code=code.group(1), number="3")


def question(visitor):
    page = at(visitor, "room", REF)
    return re.search(r'class="one-question">([^<]*)<', page).group(1)


def test_every_third_opening_asks_both_whether_it_felt_met(told, visitors):
    asked = []
    for _ in range(6):
        open_together(visitors)
        both = {question(visitors[seat]) for seat in SEATED}
        assert len(both) == 1
        asked.append(FELT_MET in both)

    assert asked == [False, False, True, False, False, True]


@pytest.mark.parametrize("writer", SEATED)
def test_no_answer_and_no_tap_of_one_moves_the_question(told, visitors, writer):
    asked = []
    for writes in (
        lambda: None,
        lambda: write(told, writer, 3, deep=90.0, line="hidden"),
        lambda: send(visitors, "show-code", seat=writer),
    ):
        with undone():
            open_together(visitors)
            open_together(visitors)
            writes()
            open_together(visitors)
            asked.append(question(visitors["client"]))

    assert asked == [FELT_MET] * 3


# Times of the day


@pytest.mark.parametrize(
    ("planned", "began", "ended", "lasted"),
    [
        ((2026, 3, 29, 14, 0), time(14, 5), time(15, 10), 65),
        ((2026, 3, 28, 23, 30), time(0, 5), time(0, 50), 45),
        ((2026, 3, 29, 0, 10), time(23, 55), time(0, 45), 50),
        ((2026, 3, 29, 0, 30), time(0, 30), time(2, 20), 50),  # clocks go on at one
        ((2026, 10, 25, 0, 30), time(0, 30), time(1, 20), 50),  # and back at two
        ((2026, 10, 25, 1, 30), time(1, 30), time(1, 10), 40),
    ],
)
def test_a_time_of_the_day_is_the_one_of_that_session(planned, began, ended, lasted):
    moment = datetime(*planned, tzinfo=LONDON).astimezone(UTC)

    start = forms.nearest(moment, began).astimezone(UTC)
    end = forms.first_after(start, ended).astimezone(UTC)

    assert abs(start - moment) < timedelta(hours=1)
    assert end - start == timedelta(minutes=lasted)
