"""What somebody wrote is kept, or given back to them: it is never lost on the way."""

import re
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

import duologue.web
from duologue import instruments
from duologue.records import ItemType, Kind
from duologue.store import actions
from duologue.web.account.visits import SEEN, seen_now
from duologue.web.given_back import SECRETS, WORDS
from stories import write
from two_seats import C, Two
from visitors import BACKEND

REF = "ref-of-ann"
SENT = {
    "line": 'mine: "two"\nlines',
    "open": "77",
    "was-open": "",
    "need": ["slower", "quiet"],
    "done": "yes",
}
"""A form half filled in: words, a slider and chips."""

HELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TEMPLATES = Path(duologue.web.__file__).parent / "templates"
FIELD = re.compile(r"<(input|textarea)\b([^>]*)>")
TYPED = {"", "text", "search", "email", "tel", "url"}
"""The kinds of an input into which somebody writes."""

NO_WORDS = {
    "find": "what is looked for is kept nowhere, and found again by asking again",
    **dict.fromkeys(
        ("client", "therapist", "rate"),
        "how a file is laid out, which must be chosen again with it",
    ),
}
"""Fields that are written in and are not given back, each with its reason."""


def to(name, *more):
    return reverse(name, args=[REF, *more])


def held(page):
    """Return what a page holds to be sent again, its token left out."""
    form = page.partition("data-unsent>")[2].partition("</form>")[0]
    named = HELD.findall(form.replace("&quot;", "''"))
    return [pair for pair in named if pair[0] != "csrfmiddlewaretoken"]


def come_in(world, visitor):
    """Let Ann come in, as in another window of this browser: the token is a new one."""
    visitor.force_login(world.ann, backend=BACKEND)
    visitor.cookies[SEEN] = seen_now(visitor.session.session_key)


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def test_a_form_of_a_visit_that_ended_is_sent_again_from_where_it_is(world):
    visitor, from_here = (
        Client(enforce_csrf_checks=True),
        {"Sec-Fetch-Site": "same-origin"},
    )
    come_in(world, visitor)
    form = visitor.get(to("reflect", 3)).content.decode()
    visitor.cookies[SEEN] = ""  # idle for half an hour

    def send(page):
        fields = {**SENT, "csrfmiddlewaretoken": token(page)}
        return visitor.post(to("save", 3), fields, headers=from_here)

    ended = send(form)
    page = ended.content.decode()
    assert ended.status_code == 403
    assert held(page) == [
        ("line", "mine: ''two''\nlines"),
        *(("open", "77"), ("was-open", ""), ("need", "slower"), ("need", "quiet")),
        ("done", "yes"),
    ]
    visitor.cookies["csrftoken"] = "n" * 32  # coming in makes a new one
    come_in(world, visitor)
    once_more = send(page)
    assert once_more.status_code == 403
    assert "You are in again" in once_more.content.decode()

    kept = send(once_more.content.decode())

    assert kept.url == to("session", 3)
    assert Two(world).item(C, "line").mine == 'mine: "two"\nlines'
    assert Two(world).item(C, "need").mine == ("slower", "quiet")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Origin": "http://elsewhere"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_what_another_site_filled_in_cannot_be_sent_from_here(world, said):
    visitor = Client(enforce_csrf_checks=True)
    come_in(world, visitor)

    answered = visitor.post(to("save", 3), {"line": "not hers"}, headers=said)

    assert answered.status_code == 403
    assert "Send it again" not in answered.content.decode()


def test_what_opens_a_door_is_never_shown_again(db):
    sent = {"login": "ann-code", "password": "twelve letters", "name": "also"}
    asked = Client(enforce_csrf_checks=True)

    answered = asked.post("/sign-in/", sent, headers={"Sec-Fetch-Site": "same-origin"})

    page = answered.content.decode()
    assert answered.status_code == 403
    assert not any(value in page for value in sent.values())


def left_calmly_elsewhere(two):
    write(two.world, "client", 3, leaving=90.0)
    write(two.world, "client", 3, leaving=10.0)
    return to("keep-aftercare", 3)


def deleted_all_elsewhere(two):
    two.open(3)
    two.do(actions.forget_all_of, C)
    return to("later", 3)


@pytest.mark.parametrize("meanwhile", [left_calmly_elsewhere, deleted_all_elsewhere])
def test_words_for_what_is_gone_are_given_back(world, visitors, meanwhile):
    address = meanwhile(Two(world))
    sent = {"item": "open", "words": "ring my sister <b>first</b>"}

    answered = visitors["client"].post(address, sent)
    looked = visitors["client"].get("/with/ref-of-ann/no-such/")

    assert answered.status_code == 404
    assert "ring my sister &lt;b&gt;first&lt;/b&gt;" in answered.content.decode()
    assert "You had written" not in looked.content.decode()


def full(*_, **__):
    raise OperationalError("database or disk is full")


def broken(*_, **__):
    return 1 / 0


@pytest.mark.parametrize(("fails", "status"), [(full, 503), (broken, 500)])
def test_a_form_that_met_a_fault_of_ours_is_sent_again(
    world, visitors, monkeypatch, fails, status
):
    visitor = visitors["client"]
    visitor.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(actions, "reflect", fails)
        met = visitor.post(to("save", 3), SENT)
    page = met.content.decode()

    assert met.status_code == status
    assert met["Cache-Control"] == "no-store"
    assert ("open", "77") in held(page)
    assert token(page)
    assert "mine: &quot;two&quot;<br>lines" in page
    assert "ZeroDivision" not in page


def test_what_a_practice_is_called_is_given_back(world, visitors):
    sent = {"name": "Our new name", "crisis": "c" * 4001, "telling": "Said."}

    page = visitors["therapist"].post("/practice/", sent).content.decode()

    assert "<blockquote>Our new name</blockquote>" in page
    assert ("telling", "Said.") in held(page)


def written_in():
    """Return each form of the app's own pages, and the fields that one writes in there."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.parent.name in ("account", "mfa") or "mfa" in path.parts:
            continue  # for coming in: nothing of that is given back
        for form in re.findall(r"<form.*?</form>", path.read_text("utf-8"), re.DOTALL):
            fields = set()
            for element, said in FIELD.findall(form):
                about = dict(re.findall(r'(\w+)="([^"]*)"', said))
                if element == "textarea" or about.get("type", "") in TYPED:
                    fields.add(about["name"])
            yield path.name, form, fields - SECRETS


def test_every_word_that_can_be_written_is_given_back():
    asked = {
        item.id
        for kind in Kind
        for item in instruments.prompts(kind).items
        if item.type is ItemType.TEXT
    }
    found = set().union(asked, *(fields for _, _, fields in written_in()))

    assert found - set(NO_WORDS) == set(WORDS)


def test_no_link_and_no_other_button_takes_words_away_unasked():
    for name, form, fields in written_in():
        holds = bool(fields & set(WORDS)) or "reflect/_question.html" in form
        holds = holds or "data-unsent" in form or 'class="reflect"' in form
        assert ("data-words" in form.partition(">")[0]) == holds, name
