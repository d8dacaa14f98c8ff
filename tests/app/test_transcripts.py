"""Transcripts over HTTP: a file in, who is who, the page of one session, and out again."""

import re
from html import unescape
from itertools import product
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from app_people import NOW
from duologue.records import Seat
from duologue.relationship.spoken import MOST_TURNS, spoken_in
from duologue.store import actions, queries
from duologue.store.models import HereAndNow, Transcript
from duologue.store.models.transcript import as_counted, as_segments
from duologue.web.transcripts import forms, held
from recordings import agree
from transcripts import (
    MARKED,
    OWN_WORD,
    ROWS,
    SEATED,
    as_vtt,
    kept,
    marked,
    turns,
)
from two_seats import C, T, Two, undone
from visitors import SEATED as BOTH
from visitors import at

TOLD_ONCE = True
REF = "ref-of-ann"
ADDRESS = reverse("transcripts", args=[REF])
NAMES = ("Marlowe", "Quill", "Sorrel")
DOCX = b"PK\x03\x04\x14\x00\x06\x00word/document.xml"


def main(page):
    """Return what stands on a page, without what stands on every page."""
    found = re.search(r"<main.*</main>", page, re.DOTALL).group()
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", found).split()))


def send(visitor, content=None, **fields):
    sent = {"session": "3", **fields}
    if content is not None:
        sent["file"] = SimpleUploadedFile("talk.vtt", content)
    return visitor.post(ADDRESS, sent)


def held_in(answer):
    return re.search(r'name="held" value="([^"]+)"', answer.content.decode())[1]


def seat(visitor, answer, **who):
    sent = {"session": "3", "held": held_in(answer), **(who or SEATED)}
    return visitor.post(reverse("seat-transcript", args=[REF]), sent)


def of_both(page):
    """Return the part of a session's page that both see."""
    return re.search(r'<div class="reading of-both">.*?\n</div>\n', page, re.DOTALL)[0]


@pytest.fixture
def agreed(told):
    """The two, who have both said yes to all that a transcript of session 3 takes."""
    both_agree(told)
    return told


def both_agree(told):
    asked = "duologue.store.actions.consenting.sessions_asked_about"
    with patch(asked, lambda *_, **__: (3,)):
        agree(Two(told), numbers=(3,))


@pytest.mark.parametrize("role", BOTH)
def test_before_both_have_said_yes_no_file_is_asked_for(told, visitors, role):
    page = at(visitors[role], "transcripts", REF)

    assert "There is no session to which one could be added." in main(page)
    assert 'type="file"' not in page
    refused = send(visitors[role], as_vtt())
    assert refused.status_code == 409
    assert "both of you have said yes to it beforehand" in main(
        refused.content.decode()
    )


@pytest.mark.parametrize("role", BOTH)
def test_a_file_becomes_what_both_read_and_either_deletes(agreed, visitors, role):
    other = next(each for each in BOTH if each != role)
    asked = send(visitors[role], as_vtt())
    assert asked.status_code == 200
    assert not Transcript.objects.exists()

    done = seat(visitors[role], asked)

    assert done.status_code == 302
    pages = {each: at(visitors[each], "transcript", REF, 3) for each in BOTH}
    assert of_both(pages["client"]) == of_both(pages["therapist"])
    assert OWN_WORD in pages[role]
    assert not any(name in page for page in pages.values() for name in NAMES)
    assert "Session 3" in main(at(visitors[other], "transcripts", REF))
    assert "What was said" in main(at(visitors[other], "together", REF))

    gone = {"session": "3"}
    assert visitors[other].post(reverse("delete-transcript", args=[REF]), gone)
    assert not Transcript.objects.exists()
    for each in BOTH:
        assert visitors[each].get(done.url).status_code == 404
        assert "What was said" not in main(at(visitors[each], "together", REF))


def test_who_is_who_is_asked_with_first_lines_and_a_guess_only_where_two_speak(
    agreed, visitors
):
    three = send(visitors["client"], as_vtt()).content.decode()
    two = send(visitors["client"], as_vtt(ROWS[:6])).content.decode()

    assert all(name in main(three) for name in NAMES)
    assert "checked" not in three
    assert "a guess" not in main(three)
    assert "a guess" in main(two)
    assert ROWS[0][1] in main(two)
    assert ROWS[2][1] in main(two)
    assert ROWS[4][1] not in main(two)
    assert re.findall(r'name="(who-\d)" value="(\w+)" checked', two) == [
        ("who-0", "therapist"),
        ("who-1", "client"),
    ]


def test_a_file_that_says_itself_who_is_who_needs_no_guess(agreed, visitors):
    lines = "C: You and you and your way.\nT: I did.\nC: You, too.\nT: I had.\n"
    page = send(visitors["client"], lines.encode()).content.decode()

    assert re.findall(r'name="(who-\d)" value="(\w+)" checked', page) == [
        ("who-0", "client"),
        ("who-1", "therapist"),
    ]


@pytest.mark.parametrize(
    "who",
    [
        {"who-0": "therapist", "who-1": "client"},
        {"who-0": "therapist", "who-1": "therapist", "who-2": "neither"},
        {"who-0": "client", "who-1": "judge", "who-2": "therapist"},
        {"session": "3"},
    ],
)
def test_until_it_is_said_of_everybody_nothing_is_kept_and_it_is_asked_again(
    agreed, visitors, who
):
    answer = seat(visitors["client"], send(visitors["client"], as_vtt()), **who)

    assert answer.status_code == 409
    assert "Say of each who it is." in main(answer.content.decode())
    assert not Transcript.objects.exists()
    assert seat(visitors["client"], answer).status_code == 302


def test_what_waits_in_the_form_is_sealed_for_whoever_sent_it(told, visitors):
    both_agree(told)
    asked = send(visitors["client"], as_vtt())
    sealed = held_in(asked)

    for other, session in (("therapist", "3"), ("client", "2")):
        sent = {"session": session, "held": sealed, **SEATED}
        answer = visitors[other].post(reverse("seat-transcript", args=[REF]), sent)
        assert answer.status_code == 409
    for broken in (sealed[:-9], "bm9uZQ==", "Ü", ""):
        sent = {"session": "3", "held": broken, **SEATED}
        answer = visitors["client"].post(reverse("seat-transcript", args=[REF]), sent)
        assert answer.status_code == 409
        assert "file of the transcript once more" in main(answer.content.decode())
    assert not Transcript.objects.exists()
    page = asked.content.decode()
    assert page.count(ROWS[6][1]) == 1  # a first line, and not the file beside it
    assert ROWS[7][1] not in page


NAMELESS = b"WEBVTT\n\n00:01.000 --> 00:02.000\nmarmalade\n"
SEVERAL = b"transcript_id,speaker,text\n1,a,hi\n1,b,ho\n2,a,marmalade\n2,b,ho\n"
BACKWARDS = as_vtt().replace(b"00:00:09.250", b"00:00:01.250")


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (None, {}, "choose a file that is not empty"),
        (b"", {}, "choose a file that is not empty"),
        (DOCX, {}, "Word"),
        (b"\0\1\2", {}, "binary data"),
        (BACKWARDS, {}, "line"),
        (b"A word of nobody, marmalade.\n", {}, "lines that begin with a speaker"),
        (NAMELESS, {}, "does not say who speaks"),
        (SEVERAL, {}, "holds 2 transcripts; only one can be added."),
        (b"T: Only me, marmalade.\nT: And me.\n", {}, "one speaker only"),
        (as_vtt(), {"session": "none"}, "of which session"),
        (as_vtt(), {"session": "2"}, "both of you have said yes"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_never_its_content(
    agreed, visitors, caplog, content, fields, said
):
    answer = send(visitors["therapist"], content, **fields)
    page = main(answer.content.decode())

    assert answer.status_code == 409
    assert said in page.replace("Choose", "choose")
    assert "Nothing was kept." in page
    assert "--" not in page
    assert OWN_WORD not in page + caplog.text
    assert not any(name in page + caplog.text for name in NAMES)
    assert not Transcript.objects.exists()


def test_too_large_a_file_is_not_read(agreed, visitors, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 100)
    answer = send(visitors["client"], as_vtt())
    assert answer.status_code == 409
    assert "A file may hold" in main(answer.content.decode())

    monkeypatch.undo()
    monkeypatch.setattr(held, "LONGEST", 100)
    answer = send(visitors["client"], as_vtt())
    assert answer.status_code == 409
    assert "This file is too large" in main(answer.content.decode())


def test_more_turns_than_can_be_set_beside_each_other_are_refused(agreed, visitors):
    talk = "T: I see it all.\nC: I do not see it.\n" * (MOST_TURNS // 2 + 1)
    asked = send(visitors["client"], talk.encode())
    done = seat(visitors["client"], asked, **{"who-0": "therapist", "who-1": "client"})

    assert done.status_code == 409
    assert "must be of 6,000 turns at most" in main(done.content.decode())
    assert not Transcript.objects.exists()


def test_three_hours_are_kept_and_shown(agreed, visitors):
    rows = [
        (who, f"{words} Number {n}.")
        for n, (who, words) in zip(
            range(2160), list(product(range(360), ROWS[:6])), strict=True
        )
        for who, words in [words]
    ]
    long = "WEBVTT\n\n" + "\n".join(
        f"{n * 5 // 3600}:{n * 5 // 60 % 60:02}:{n * 5 % 60:02}.000 --> "
        f"{n * 5 // 3600}:{n * 5 // 60 % 60:02}:{n * 5 % 60 + 4:02}.250\n"
        f"<v {'Marlowe' if who is C else 'Quill'}>{words}\n"
        for n, (who, words) in enumerate(rows)
    )
    asked = send(visitors["client"], long.encode())
    done = seat(visitors["client"], asked, **{"who-0": "therapist", "who-1": "client"})

    assert done.status_code == 302
    page = visitors["client"].get(done.url)
    assert page.status_code == 200
    assert "2:55:00 to" in page.content.decode() or "175:00 to" in page.content.decode()


def test_it_stands_on_no_page_of_anybody_else(told, visitors):
    with undone():
        kept(Two(told).dyad())
        address = reverse("transcript", args=[REF, 1])
        for role in ("another client", "another therapist", "supervisor", "stranger"):
            for where in (ADDRESS, address):
                assert visitors[role].get(where).status_code == 404
            for page in ("/", "/help/"):
                assert OWN_WORD not in visitors[role].get(page).content.decode()


def test_turns_that_an_earlier_version_cut_otherwise_are_counted_anew(told, visitors):
    row = kept(Two(told).dyad())
    merged = turns(rows=((C, "One."), *ROWS[1:]))
    with undone():
        row.delete()
        Transcript.objects.create(
            dyad=row.dyad,
            session=row.session,
            segments=as_segments(merged),
            found=as_counted(spoken_in(turns())),
            kept_on=NOW.date(),
        )

        assert "One. I notice" in main(at(visitors["client"], "transcript", REF, 1))


def test_the_words_stand_on_the_page_of_their_session_alone(told, visitors):
    kept(Two(told).dyad())

    for role in BOTH:
        for name in ("together", "ours", "mine", "they-see", "transcripts", "before"):
            assert OWN_WORD not in at(visitors[role], name, REF)
        assert OWN_WORD in at(visitors[role], "transcript", REF, 1)


# Here and now ------------------------------------------------------------------------


def mark(visitor, **marks):
    return visitor.post(reverse("mark-here-and-now", args=[REF, 1]), marks)


def test_a_therapist_marks_on_the_page_of_the_session_and_sees_what_followed(
    told, visitors
):
    kept(Two(told).dyad())
    therapist = visitors["therapist"]
    assert "You confirmed" not in at(therapist, "transcript", REF, 1)

    fields = {f"mark-{MARKED[0]}": "yes", f"mark-{MARKED[1]}": "no", "mark-1": "yes"}
    assert mark(therapist, **fields, **{"mark-x": "yes"}).status_code == 302

    page = at(therapist, "transcript", REF, 1)
    assert re.findall(r'name="mark-(\d+)" value="(\w*)" checked', page) == [
        ("0", "yes"),
        ("4", "no"),
    ]
    assert "You confirmed 1 moment, in 1 session." in main(page)
    assert "they said 21 words, 7 of them “I” words" in main(page)
    assert "After 1 of 1, their first turn was longer than half" in main(page)


def test_the_client_is_neither_asked_nor_told(told, visitors):
    dyad = Two(told).dyad()
    row = kept(dyad)
    before = at(visitors["client"], "transcript", REF, 1)

    marked(dyad, row)

    after = at(visitors["client"], "transcript", REF, 1)
    assert re.sub("csrf.*?>", "", after) == re.sub("csrf.*?>", "", before)
    assert "Only you see this" not in after
    assert mark(visitors["client"], **{"mark-0": "no"}).status_code == 404
    assert HereAndNow.objects.count() == 1


def test_a_mark_moves_no_page_of_both_and_no_revision_but_the_therapists(
    told, visitors
):
    two = Two(told)
    kept(two.dyad())
    before = two.revisions()
    at(visitors["client"], "together", REF)

    assert mark(visitors["therapist"], **{"mark-0": "yes"}).status_code == 302

    assert two.revisions() == (before[0], before[1] + 1, before[2])


def test_marks_of_another_pair_are_counted_nowhere_else(told, visitors):
    dyad = told.dyads["bo"]
    marked(dyad, kept(dyad))
    kept(Two(told).dyad())

    assert "You confirmed" not in at(visitors["therapist"], "transcript", REF, 1)


def test_in_supervision_nobody_marks(told, visitors):
    kept(told.dyads["sup"])

    for role in ("therapist", "supervisor"):
        page = at(visitors[role], "transcript", "ref-of-sup", 1)
        assert "the supervisor" in main(page)
        assert "Only you see this" not in page


@pytest.mark.parametrize("deletes", Seat)
def test_a_mark_goes_with_its_transcript(told, deletes):
    two = Two(told)
    marked(two.dyad(), kept(two.dyad()))

    two.do(actions.delete_transcript, deletes, 1, now=NOW)

    assert queries.here_and_now(two.pair(T)) == {}
