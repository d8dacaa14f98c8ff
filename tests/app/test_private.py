"""Pages of one's own over HTTP: written, found again, and given back when refused."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from app_people import NOW
from duologue.store import actions, queries
from duologue.store.models import Event, PrivatePage
from duologue.store.queries.private import A_LEAF, FOUND
from duologue.web import clock
from hidden import OTHER
from stories import PERSON, write
from visitors import SEATED, at, browser, shown

REF = "ref-of-ann"
LABELS = {"client": "My journal", "therapist": "My process notes"}


def to(name, *more, ref=REF):
    return reverse(name, args=[ref, *more])


def own(seat):
    """Return what the one in a seat wrote for themselves, the newest first."""
    rows = PrivatePage.objects.filter(person__code=f"{PERSON[seat]}-code")
    rows = rows.select_related(*PrivatePage.UP_TO_PAIR).order_by("-pk")
    return [(row.kind, row.session, row.words) for row in rows]


@pytest.mark.parametrize(
    ("seat", "kind"), [("client", "journal"), ("therapist", "notes")]
)
def test_each_writes_for_themselves_and_finds_it_again(world, visitors, seat, kind):
    visitor = visitors[seat]
    sent = {"words": " First.\r\nThen. ", "session": "3"}

    answered = visitor.post(to("write-page"), sent)
    page = at(visitor, "private", REF)

    assert answered.url == to("private")
    assert own(seat) == [(kind, 3, "First.\nThen.")]
    assert "First.\nThen." in page
    assert LABELS[seat] in page
    assert "Monday 30 March 2026" in page
    assert "About Sunday 29 March" in page
    assert "First." not in at(visitors[OTHER[seat]], "private", REF)


def test_in_supervision_both_write_supervision_notes(world):
    ref = world.ref("sup")
    for who in ("therapist", "sup"):
        visitor = browser(world, who)
        visitor.post(to("write-page", ref=ref), {"words": "What I noticed."})

        page = at(visitor, "private", ref)

        assert "My supervision notes" in page
        assert "teaching" not in page
    assert set(PrivatePage.objects.values_list("kind", flat=True)) == {
        "supervision_notes"
    }


@pytest.mark.parametrize("seat", SEATED)
def test_a_page_of_the_others_is_as_good_as_none(told, visitors, seat):
    theirs, mine = f"page-of-the-{OTHER[seat]}", f"page-of-the-{seat}"
    visitor = visitors[seat]

    looked = [visitor.get(to("private-page", p)) for p in (theirs, "no-such", mine)]
    changed = [
        visitor.post(to("edit-page", p), {"words": "mine now", "was": ""})
        for p in (theirs, "no-such")
    ]
    removed = [visitor.post(to("remove-page", p)) for p in (theirs, "no-such")]

    assert [r.status_code for r in looked] == [404, 404, 200]
    assert shown(looked[0]) == shown(looked[1])
    assert shown(changed[0]) == shown(changed[1])
    assert shown(removed[0]) == shown(removed[1])
    words = f"a private page of the {OTHER[seat]}"
    assert words in [words for _, _, words in own(OTHER[seat])]


@pytest.mark.parametrize("seat", SEATED)
def test_a_page_is_read_whole_changed_and_deleted(told, visitors, seat):
    visitor, page = visitors[seat], f"page-of-the-{seat}"
    whole = visitor.get(to("private-page", page)).content.decode()
    was = re.search(r'name="was" value="(\w+)"', whole)[1]

    visitor.post(to("edit-page", page), {"words": "Changed.", "was": was})

    assert "Changed." in [words for _, _, words in own(seat)]
    assert PrivatePage.objects.get(ref=page).day == NOW.date()
    for _ in range(2):
        assert visitor.post(to("remove-page", page)).url == to("private")
    assert "Changed." not in [words for _, _, words in own(seat)]
    assert not PrivatePage.objects.filter(ref=page).exists()


def test_a_page_that_was_changed_elsewhere_is_not_overwritten(told, visitors):
    visitor, page = visitors["client"], "page-of-the-client"
    whole = visitor.get(to("private-page", page)).content.decode()
    was = re.search(r'name="was" value="(\w+)"', whole)[1]
    visitor.post(to("edit-page", page), {"words": "From the phone.", "was": was})

    late = visitor.post(to("edit-page", page), {"words": "From here.", "was": was})
    again = visitor.post(
        to("edit-page", page), {"words": "From the phone.", "was": was}
    )

    assert late.status_code == 409
    assert "<blockquote>From here.</blockquote>" in late.content.decode()
    assert again.status_code == 302
    assert "From the phone." in [words for _, _, words in own("client")]


@pytest.mark.parametrize(
    "sent",
    [
        {"words": "w" * 20_001},
        {"words": "nought\0here"},
        {"words": "about none", "session": "99"},
        {"words": "not begun", "session": "4"},
    ],
    ids=["too long", "a character", "no session", "to come"],
)
def test_what_cannot_be_kept_is_given_back(world, visitors, sent):
    answered = visitors["client"].post(to("write-page"), sent)

    assert answered.status_code == 409
    assert f"<blockquote>{sent['words']}</blockquote>" in answered.content.decode()
    assert own("client") == []


@pytest.mark.parametrize("words", ["", "  \n"])
def test_a_blank_page_is_none(world, visitors, words):
    assert (
        visitors["client"].post(to("write-page"), {"words": words}).status_code == 409
    )
    assert own("client") == []


def test_a_change_of_a_page_that_is_gone_is_given_back(told, visitors):
    sent = {"words": "Not lost.", "was": "x"}

    answered = visitors["client"].post(to("edit-page", "gone"), sent)

    assert answered.status_code == 409
    assert "<blockquote>Not lost.</blockquote>" in answered.content.decode()


def test_what_was_written_when_a_visit_had_ended_is_given_back(world, visitors):
    answered = visitors["signed out"].post(to("write-page"), {"words": "<i>mine</i>"})

    assert answered.status_code == 403
    assert "&lt;i&gt;mine&lt;/i&gt;" in answered.content.decode()


def test_the_same_words_sent_twice_stand_once(world, visitors):
    for words in ("Once.", "Once.", "Twice."):
        visitors["client"].post(to("write-page"), {"words": words})

    assert [words for _, _, words in own("client")] == ["Twice.", "Once."]


def test_pages_are_listed_the_newest_first_some_at_a_time(world, visitors):
    for i in range(A_LEAF + 2):
        then = NOW - timedelta(days=A_LEAF + 2 - i)
        actions.write_page(world.ann, REF, f"page-{i:02} ", now=then)
    visitor = visitors["client"]

    first, second, third = (
        re.findall(r"page-\d\d", visitor.get(to("private"), query).content.decode())
        for query in ({}, {"leaf": "2"}, {"leaf": "3"})
    )
    odd = [visitor.get(to("private"), {"leaf": leaf}) for leaf in ("x", "-1", "9" * 30)]

    assert first == [f"page-{i:02}" for i in range(A_LEAF + 1, 1, -1)]
    assert second == ["page-01", "page-00"]
    assert third == []
    assert [answered.status_code for answered in odd] == [200] * 3


def found(visitor, words, ref=REF, **more):
    """Return what a visitor finds, as text."""
    answered = visitor.post(to("find-pages", ref=ref), {"find": words, **more})
    assert answered.status_code == 200
    return answered.content.decode()


def test_words_are_found_in_ones_own_pages_with_what_stands_around(world, visitors):
    actions.write_page(world.ann, REF, "In the Café <b>door</b> was shut.", now=NOW)
    actions.write_page(world.ann, REF, "A window.", now=NOW)

    page = found(visitors["client"], "DOOR cafe")

    assert (
        "In the <mark>Café</mark> &lt;b&gt;<mark>door</mark>&lt;/b&gt; was shut."
        in page
    )
    assert "window" not in page
    assert "Nothing of yours" in found(visitors["client"], "door window")
    assert "Nothing of yours" in found(visitors["client"], "  ")


def test_a_therapist_finds_their_own_in_all_their_pairs_if_they_ask(world, visitors):
    for client in ("ann", "bo"):
        for person in (world.people[client], world.therapist):
            words = f"heron {client} by {person.code}"
            actions.write_page(person, world.ref(client), words, now=NOW)

    here = found(visitors["therapist"], "heron")
    everywhere = found(visitors["therapist"], "heron", everywhere="yes")
    clients = found(visitors["client"], "heron", everywhere="yes")

    said = r"</mark> (\w+ by \w+)"
    assert re.findall(said, here) == ["ann by therapist"]
    assert sorted(re.findall(said, everywhere)) == [
        "ann by therapist",
        "bo by therapist",
    ]
    assert re.findall(said, clients) == ["ann by ann"]
    assert "With everyone" in here
    assert "With everyone" not in clients


def test_what_is_looked_for_is_in_no_address_and_kept_nowhere(told, visitors):
    n_events = Event.objects.count()

    answered = visitors["client"].post(to("find-pages"), {"find": "private"})

    assert "private page" in re.sub("</?mark>", "", answered.content.decode())
    assert b"?find" not in answered.content
    assert visitors["client"].get(to("find-pages")).status_code == 405
    assert Event.objects.count() == n_events


def test_of_much_that_is_found_the_newest_is_shown(world):
    for i in range(FOUND + 1):
        actions.write_page(world.ann, REF, f"heron {i}", now=NOW)
    pair = queries.find_pair(world.ann, REF)

    some = queries.find_in_private([pair], "heron")
    one = queries.find_in_private([pair], "heron 50")

    assert (len(some.pages), some.more) == (FOUND, True)
    assert "".join(p.words for p in some.pages[0].around) == "heron 50"
    assert (len(one.pages), one.more) == (1, False)


def test_what_the_work_teaches_is_one_line_for_each_client(world, visitors):
    visitor = visitors["therapist"]
    for words in ("To wait.", "To wait\r\nlonger."):
        visitor.post(to("write-page"), {"teaching": words})

    assert own("therapist") == [("teaching", None, "To wait longer.")]
    assert 'value="To wait longer."' in at(visitor, "private", REF)
    assert "To wait" not in at(visitor, "private", world.ref("bo"))
    assert "<mark>wait</mark>" in found(visitor, "wait")
    assert "teaching me" not in at(visitors["client"], "private", REF)
    assert visitor.post(to("write-page"), {"teaching": "x" * 281}).status_code == 409
    visitor.post(to("write-page"), {"teaching": " "})
    assert own("therapist") == []


def test_a_page_and_the_line_below_it_are_kept_by_either_button(world, visitors):
    visitor = visitors["therapist"]
    assert at(visitor, "private", REF).count("data-words") == 1
    both = {"words": "A page.", "teaching": "To wait.", "was-teaching": ""}

    visitor.post(to("write-page"), both)
    # On another device the line is changed; here it is left as it was.
    visitor.post(to("write-page"), {"teaching": "To ask.", "was-teaching": "To wait."})
    late = {"words": "Another.", "teaching": "To wait.", "was-teaching": "To wait."}
    visitor.post(to("write-page"), late)

    assert sorted(own("therapist"), key=str) == [
        ("notes", None, "A page."),
        ("notes", None, "Another."),
        ("teaching", None, "To ask."),
    ]


def test_nobody_but_a_therapist_is_asked_what_the_work_teaches(world, visitors):
    sent = {"teaching": "mine"}

    assert visitors["client"].post(to("write-page"), sent).status_code == 404
    supervision = to("write-page", ref=world.ref("sup"))
    assert visitors["supervisor"].post(supervision, sent).status_code == 404
    assert not PrivatePage.objects.exists()


@pytest.mark.parametrize("seat", SEATED)
def test_whoever_leaves_stirred_up_is_asked_what_would_help(world, visitors, seat):
    visitor, save = visitors[seat], to("save", 3)

    answered = visitor.post(save, {"leaving": "67"})
    visitor.post(to("keep-aftercare", 3), {"words": "A walk."})
    again = visitor.post(save, {"was-leaving": "67", "leaving": "80"})

    assert answered.url == to("aftercare", 3)
    assert again.url == to("session", 3)
    assert "You are leaving stirred up" in at(visitor, "aftercare", REF, 3)
    assert "A walk." in at(visitor, "session", REF, 3)
    assert own(seat) == [("aftercare", 3, "A walk.")]
    other = visitors[OTHER[seat]]
    assert "A walk." not in at(other, "session", REF, 3)
    assert other.get(to("aftercare", 3)).status_code == 404
    assert other.post(to("keep-aftercare", 3), {"words": "x"}).status_code == 404
    assert "<mark>walk</mark>" in found(visitor, "walk")


@pytest.mark.parametrize("sent", [{"leaving": "66"}, {"open": "90"}, {"skip": "yes"}])
def test_nobody_else_is_asked(world, visitors, sent):
    answered = visitors["client"].post(to("save", 3), sent)

    assert answered.url == to("session", 3)
    assert visitors["client"].get(to("aftercare", 3)).status_code == 404


def test_a_line_from_before_can_be_changed_when_the_answer_is_another(world, visitors):
    write(world, "client", 3, leaving=90.0)
    actions.keep_aftercare(world.ann, REF, 3, "A walk.", now=NOW)
    write(world, "client", 3, leaving=10.0)

    visitors["client"].post(to("keep-aftercare", 3), {"words": ""})

    assert own("client") == []
    assert visitors["client"].get(to("aftercare", 3)).status_code == 404


@pytest.mark.parametrize("seat", SEATED)
def test_ones_own_question_comes_back_until_next_time_and_to_nobody_else(
    world, visitors, monkeypatch, seat
):
    sent = {"unsaid": "matters", "unsaid_why": "timing", "then": "ask_again"}
    visitors[seat].post(to("save", 3), sent)
    asked = "You asked to be asked again"

    assert asked in at(visitors[seat], "together", REF)
    assert asked not in at(visitors[OTHER[seat]], "together", REF)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7))
    assert asked not in at(visitors[seat], "together", REF)
