"""Looking back over HTTP: what is kept, what is passed over, what is said kindly."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from app_people import NOW
from duologue import instruments
from duologue.records import Kind, Seat
from duologue.store import actions
from duologue.store.models import Answer, Card, Reflection
from duologue.web import clock
from stories import will, write
from visitors import SEATED, at

REF = "ref-of-ann"
SAVE = reverse("save", args=[REF, 3])
WHO = {"client": "ann", "therapist": "therapist"}


def kept(seat, number=3):
    """Return what one seat answered, by item."""
    rows = Answer.objects.filter(
        reflection__session__dyad__ref=REF,
        reflection__session__number=number,
        reflection__seat=seat,
    )
    return {row.item: row.value for row in rows}


@pytest.mark.parametrize("seat", SEATED)
def test_what_was_touched_is_kept_and_the_rest_stays_blank(world, visitors, seat):
    posted = {"open": "62", "unsaid": "no", "need": ["slower", "quiet"], "line": " a "}

    answered = visitors[seat].post(SAVE, posted)

    assert answered.url == reverse("session", args=[REF, 3])
    assert kept(seat) == {
        "open": 62.0,
        "unsaid": "no",
        "need": ("slower", "quiet"),
        "line": "a",
    }


def test_a_form_posted_twice_is_a_form_posted_once(world, visitors):
    for _ in range(2):
        visitors["client"].post(SAVE, {"open": "62", "line": "once"})

    assert kept("client") == {"open": 62.0, "line": "once"}
    assert Reflection.objects.count() == 1


@pytest.mark.parametrize("seat", SEATED)
def test_a_field_that_names_another_seat_is_passed_over(world, visitors, seat):
    other = Seat(seat).other.value

    visitors[seat].post(SAVE, {"open": "62", "seat": other, "reflection": "1"})

    assert kept(other) == {}
    assert kept(seat) == {"open": 62.0}


def test_a_forged_item_is_passed_over_and_the_rest_is_kept(world, visitors):
    answered = visitors["client"].post(SAVE, {"honesty": "3", "open": "62"})

    assert answered.status_code == 302
    assert kept("client") == {"open": 62.0}


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("open", "101"),
        ("open", "-1"),
        ("open", "nan"),
        ("open", "inf"),
        ("open", "sixty"),
        ("unsaid", "perhaps"),
        ("need", ["slower", "slower"]),
        ("need", ["raise_something"]),  # the therapist's, not the client's
        ("line", "x" * 281),
    ],
)
def test_an_answer_that_cannot_be_read_is_said_kindly_and_the_rest_is_kept(
    world, visitors, item, value
):
    other = "safe" if item != "safe" else "open"

    answered = visitors["client"].post(SAVE, {item: value, other: "40"})

    assert answered.status_code == 409
    page = answered.content.decode()
    text = instruments.prompts(Kind.THERAPY).item(item).text[Seat.CLIENT]
    assert "Everything else is kept" in page
    assert text in page
    assert kept("client") == {other: 40.0}


def test_words_that_were_too_many_are_given_back(world, visitors):
    words = "w" * 281

    answered = visitors["client"].post(SAVE, {"line": words})

    assert f"<q>{words}</q>" in answered.content.decode()


def test_a_form_left_open_elsewhere_takes_nothing_back(world, visitors):
    write(world, "client", 3, open=62.0, line="from the phone", need=("slower",))

    # Served before any of that was written: it was shown blanks, and sends blanks.
    visitors["client"].post(
        SAVE, {"was-open": "", "was-line": "", "line": "", "safe": "40"}
    )

    assert kept("client") == {
        "open": 62.0,
        "line": "from the phone",
        "need": ("slower",),
        "safe": 40.0,
    }


def test_a_form_with_an_older_answer_does_not_overwrite_a_newer_one(world, visitors):
    write(world, "client", 3, open=62.0)

    visitors["client"].post(SAVE, {"was-open": "50", "open": "50"})

    assert kept("client") == {"open": 62.0}


def test_what_is_left_blank_again_is_taken_out(world, visitors):
    write(world, "client", 3, open=62.0, line="gone soon", need=("slower",))

    visitors["client"].post(
        SAVE,
        {
            "was-open": "62",
            "was-line": "gone soon",
            "was-need": "slower",
            "open": "",
            "line": "",
            "need": "",
        },
    )

    assert kept("client") == {}


def test_a_field_that_is_not_sent_was_not_touched(world, visitors):
    write(world, "client", 3, open=63.0, line="stays", need=("slower",), unsaid="no")

    visitors["client"].post(
        SAVE,
        {
            "was-open": "63",
            "was-line": "stays",
            "was-need": "slower",
            "was-unsaid": "no",
            "safe": "40",
        },
    )

    assert kept("client") == {
        "open": 63.0,
        "line": "stays",
        "need": ("slower",),
        "unsaid": "no",
        "safe": 40.0,
    }


def test_without_a_script_a_scale_holds_the_exact_answer_and_a_blank(world, visitors):
    write(world, "client", 3, open=63.0)

    page = at(visitors["client"], "reflect", REF, 3)

    steps = re.findall(r'type="radio" name="open" value="(\w*)"( checked)?', page)
    assert ("63", " checked") in steps
    assert ("", "") in steps
    assert [value for value, chosen in steps if chosen] == ["63"]


def test_a_form_shown_as_private_shares_nothing_that_was_switched_on_meanwhile(
    world, visitors
):
    for seat in SEATED:
        person = world.people[WHO[seat]]
        actions.share_unsaid(person, REF, on=True, now=NOW)
        visitors[seat].post(SAVE, {"unsaid": "matters", "unsaid-may-open": "no"})
        will(world, seat, 3)

    assert "<dt>They</dt>" not in at(visitors["client"], "session", REF, 3)

    for seat in SEATED:
        visitors[seat].post(SAVE, {"unsaid": "a_little", "unsaid-may-open": "yes"})

    assert "<dt>They</dt>" in at(visitors["client"], "session", REF, 3)


def test_whoever_is_willing_is_told_that_what_they_add_opens_at_once(world, visitors):
    assert (
        "you are willing for this session"
        not in at(visitors["client"], "reflect", REF, 3).lower()
    )

    will(world, "client", 3)

    assert (
        "you are willing for this session"
        in at(visitors["client"], "reflect", REF, 3).lower()
    )


def test_what_was_written_when_a_visit_had_ended_is_given_back(world, visitors):
    answered = visitors["signed out"].post(SAVE, {"line": "what I <b>meant</b>"})

    assert answered.status_code == 403
    assert "what I &lt;b&gt;meant&lt;/b&gt;" in answered.content.decode()
    assert not Answer.objects.exists()


def test_a_later_thought_that_comes_too_late_is_given_back(told, visitors):
    will(told, "therapist", 1, yes=False)

    answered = visitors["client"].post(
        reverse("later", args=[REF, 1]), {"item": "line", "words": "one more thing"}
    )

    assert answered.status_code == 409
    assert "one more thing" in answered.content.decode()


def test_a_later_thought_may_have_lines(told, visitors):
    words = "a\r\n" + "b" * 278

    answered = visitors["client"].post(
        reverse("later", args=[REF, 1]), {"item": "line", "words": words}
    )

    assert answered.status_code == 302


def test_they_see_lists_ones_own_later_thoughts_that_are_open(told, visitors):
    page = at(visitors["client"], "they-see", REF)

    assert "a later thought of the client" in page
    assert "a later thought of the therapist" not in page

    will(told, "therapist", 1, yes=False)

    assert "a later thought" not in at(visitors["client"], "they-see", REF)


def test_saying_that_nothing_was_held_back_ends_the_asking_again(world, visitors):
    visitors["client"].post(SAVE, {"unsaid": "matters", "then": "ask_again"})
    visitors["client"].post(SAVE, {"was-unsaid": "matters", "unsaid": "no"})

    assert not Reflection.objects.get(seat="client").ask_again


def test_the_private_reasons_can_be_changed_when_the_answer_has_opened(told, visitors):
    page = at(visitors["client"], "reflect", REF, 1)
    locked = page.index('id="q-unsaid" disabled')
    reasons = page.index('id="q-unsaid_why"')
    assert locked < page.index("</fieldset>", locked) < reasons

    visitors["client"].post(
        reverse("save", args=[REF, 1]),
        {
            "was-unsaid": "a_little",
            "was-unsaid_why": "too_raw",
            "unsaid_why": ["", "protect"],
            "then": "ask_again",
        },
    )

    assert kept("client", 1)["unsaid_why"] == ("protect",)


def test_skipping_writes_nothing_and_leaves_what_was_kept(world, visitors):
    write(world, "client", 3, open=62.0)

    answered = visitors["client"].post(SAVE, {"skip": "yes", "open": "10"})

    assert answered.url == reverse("session", args=[REF, 3])
    assert kept("client") == {"open": 62.0}


def test_skipping_and_answering_lead_to_the_same_page_for_the_same_weight(
    world, visitors
):
    skipped = visitors["client"].post(SAVE, {"skip": "yes"})
    done = visitors["therapist"].post(SAVE, {"open": "10"})

    assert skipped.url == done.url
    for seat in SEATED:
        assert "I am willing" in at(visitors[seat], "session", REF, 3)


def test_what_opened_meanwhile_stays_and_the_words_are_given_back(told, visitors):
    answered = visitors["client"].post(
        reverse("save", args=[REF, 1]),
        {
            "was-line": "an open line of the client",
            "line": "what I would rather have written",
            "was-open": "41",
            "open": "90",
            "deep": "70",
        },
    )

    page = answered.content.decode()
    assert answered.status_code == 409
    assert "<q>what I would rather have written</q>" in page
    assert kept("client", 1)["line"] == "an open line of the client"
    assert kept("client", 1)["open"] == 41.0
    assert kept("client", 1)["deep"] == 70.0


def test_the_reasons_are_kept_only_where_something_was_held_back(world, visitors):
    visitors["client"].post(SAVE, {"unsaid": "no", "unsaid_why": "too_raw"})
    visitors["therapist"].post(SAVE, {"unsaid": "matters", "unsaid_why": "timing"})

    assert "unsaid_why" not in kept("client")
    assert kept("therapist")["unsaid_why"] == ("timing",)


@pytest.mark.parametrize("seat", SEATED)
@pytest.mark.parametrize("then", ["keep", "ask_again", "signal"])
def test_each_private_choice_does_what_it_says_and_no_more(world, visitors, seat, then):
    visitors[seat].post(SAVE, {"unsaid": "matters", "then": then})

    side = Reflection.objects.get(seat=seat)
    assert side.ask_again == (then == "ask_again")
    assert Card.objects.filter(seat=seat).exists() == (then == "signal")
    asked = "You asked to be asked again" in at(visitors[seat], "together", REF)
    assert asked == (then == "ask_again")


def test_the_private_choices_need_something_held_back(world, visitors):
    visitors["client"].post(SAVE, {"unsaid": "no", "then": "signal"})

    assert not Card.objects.exists()


@pytest.mark.parametrize("seat", SEATED)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_both_are_asked_the_same_questions_by_the_sessions_number_alone(
    world, visitors, seat, number
):
    prompts = instruments.prompts(Kind.THERAPY)
    expected = [i.id for i in prompts.items if prompts.asked(i.id, number)]

    page = at(visitors[seat], "reflect", REF, number)

    asked = page.split('<details class="plain besides">')[0]
    found = re.findall(r'id="q-(\w+)"', asked)
    rotating = prompts.rotating_item(number)
    core = [i for i in expected if i != rotating]
    assert [i for i in found if i != "unsaid_why"] == [*core, rotating, "line"]


def test_a_slider_stands_nowhere_until_it_is_touched(world, visitors):
    page = at(visitors["client"], "reflect", REF, 3)

    sliders = re.findall(r"<input type=\"range\"[^>]*>", page)
    assert sliders
    assert all("name=" not in slider for slider in sliders)
    assert " checked" not in page


def test_a_session_that_has_not_begun_cannot_be_looked_back_on(world, visitors):
    answered = visitors["client"].post(reverse("save", args=[REF, 4]), {"open": "62"})

    assert answered.status_code == 404
    assert not Answer.objects.exists()


@pytest.mark.parametrize("seat", SEATED)
def test_willing_and_taking_back_over_http(world, visitors, seat):
    for each in SEATED:
        write(world, each, 3, open=50.0)
        visitors[each].post(reverse("willing", args=[REF, 3]), {"say": "willing"})
    other = visitors[Seat(seat).other.value]

    assert "<dt>They</dt>" in at(other, "session", REF, 3)

    visitors[seat].post(reverse("take-back", args=[REF, 3]), {"item": "open"})

    assert "<dt>They</dt>" not in at(other, "session", REF, 3)

    visitors[seat].post(
        reverse("take-back", args=[REF, 3]), {"item": "open", "do": "open_again"}
    )

    assert "<dt>They</dt>" in at(other, "session", REF, 3)


def test_a_later_thought_is_added_and_removed_by_its_author_alone(told, visitors):
    address = reverse("later", args=[REF, 1])
    visitors["client"].post(address, {"item": "line", "words": "one more thing"})
    page = at(visitors["client"], "session", REF, 1)
    assert "one more thing" in at(visitors["therapist"], "session", REF, 1)
    ids = re.findall(r'name="remove" value="([^"]+)"', page)

    visitors["therapist"].post(address, {"remove": ids[-1]})
    assert "one more thing" in at(visitors["client"], "session", REF, 1)
    visitors["client"].post(address, {"remove": ids[-1]})

    assert "one more thing" not in at(visitors["therapist"], "session", REF, 1)


def test_the_page_of_the_two_is_the_same_for_both_to_the_byte(told, visitors):
    pages = [visitors[seat].get(reverse("ours", args=[REF])) for seat in SEATED]

    assert pages[0].content == pages[1].content


def test_polling_answers_with_nothing_until_something_has_changed(told, visitors):
    page = at(visitors["client"], "together", REF)
    digest = re.search(r'"shown": "(\w+)"', page).group(1)
    address = reverse("ours", args=[REF])

    assert visitors["client"].get(address, {"shown": digest}).status_code == 204

    actions.take_back(told.ann, REF, 1, "open", now=NOW)

    changed = visitors["client"].get(address, {"shown": digest})
    assert changed.status_code == 200
    assert "This page has changed for you both" in changed.content.decode()


@pytest.mark.parametrize("seat", SEATED)
def test_they_see_is_what_the_other_is_served(told, visitors, seat):
    other = visitors[Seat(seat).other.value]
    served = other.get(reverse("ours", args=[REF])).content.decode()

    shown = at(visitors[seat], "they-see", REF)

    reading = re.search(r'<div class="reading">.*</div>', served, re.DOTALL).group()
    assert reading in shown


def test_the_sessions_page_of_one_session_polls_in_the_same_way(told, visitors):
    page = at(visitors["client"], "session", REF, 1)
    digest = re.search(r'"shown": "(\w+)"', page).group(1)
    address = reverse("session-ours", args=[REF, 1])

    assert visitors["client"].get(address, {"shown": digest}).status_code == 204

    will(told, "therapist", 1, yes=False)

    assert visitors["client"].get(address, {"shown": digest}).status_code == 200


def test_a_therapist_adds_a_session_and_a_wrong_time_is_said_kindly(world, visitors):
    address = reverse("add-session", args=[REF])

    wrong = visitors["therapist"].post(address, {"starts": "soon", "mode": "room"})
    early = visitors["therapist"].post(
        address, {"starts": "2026-01-01T10:00", "mode": "room"}
    )
    added = visitors["therapist"].post(
        address, {"starts": "2026-06-01T10:00", "mode": "online"}
    )

    assert (wrong.status_code, early.status_code, added.status_code) == (409, 409, 302)
    assert world.dyads["ann"].sessions.count() == 5


def test_both_tap_in_the_room_and_see_one_question(told, visitors):
    visitors["therapist"].post(reverse("show-code", args=[REF]))
    page = at(visitors["therapist"], "room", REF)
    assert "424 242" in page
    assert "<svg" in page
    assert "424" not in at(visitors["client"], "room", REF)

    for seat in SEATED:
        visitors[seat].post(
            reverse("tap", args=[REF]), {"code": "424 242", "number": "3"}
        )

    for seat in SEATED:
        assert 'class="one-question"' in at(visitors[seat], "room", REF)
    now = visitors["client"].get(reverse("room-now", args=[REF]))
    assert "one-question" in now.content.decode()

    visitors["client"].post(reverse("close-room", args=[REF]))

    assert "one-question" not in at(visitors["client"], "room", REF)
    assert "one-question" in at(visitors["therapist"], "room", REF)


def test_a_session_that_is_running_is_not_the_one_that_the_room_opens(
    world, visitors, monkeypatch
):
    running = world.dyads["ann"].sessions.get(number=4).planned_start
    for minutes, day in ((5, "Sunday 29 March"), (180, "Sunday 5 April")):
        monkeypatch.setattr(
            clock, "now", lambda m=minutes: running + timedelta(minutes=m)
        )
        assert f"Look back at {day}" in at(visitors["client"], "room", REF)


def test_a_code_opens_only_the_session_that_the_page_names(told, visitors):
    visitors["therapist"].post(reverse("show-code", args=[REF]))

    refused = visitors["client"].post(
        reverse("tap", args=[REF]), {"code": "424242", "number": "2"}
    )
    nonsense = visitors["client"].post(reverse("tap", args=[REF]), {"code": "soon"})

    assert (refused.status_code, nonsense.status_code) == (409, 409)


def test_a_session_to_come_can_be_removed_and_its_number_is_not_given_again(
    world, visitors
):
    assert "Sunday 5 April" in at(visitors["client"], "sessions", REF)

    for number in (4, 3):
        visitors["therapist"].post(reverse("remove-session", args=[REF, number]))
    visitors["therapist"].post(
        reverse("add-session", args=[REF]),
        {"starts": "2026-04-06T10:00", "mode": "room"},
    )

    numbers = world.dyads["ann"].sessions.values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 5]


def test_a_session_cannot_be_planned_in_a_mistyped_year(world, visitors):
    refused = visitors["therapist"].post(
        reverse("add-session", args=[REF]),
        {"starts": "9999-12-31T10:00", "mode": "room"},
    )

    assert refused.status_code == 409


def test_there_is_no_room_before_the_first_session(world, visitors):
    world.dyads["ann"].sessions.all().delete()

    refused = visitors["therapist"].post(reverse("show-code", args=[REF]))

    assert refused.status_code == 409
    assert "There is no session yet" in at(visitors["client"], "room", REF)
    assert "There is no session yet" in at(visitors["client"], "together", REF)


def test_leaving_ends_the_visit_and_clears_what_the_browser_kept(world, visitors):
    answered = visitors["client"].post(reverse("leave"))

    assert '"cache"' in answered.headers["Clear-Site-Data"]
    assert visitors["client"].get("/").url.startswith("/sign-in/")


def test_help_shows_the_practices_own_words_first(world, visitors):
    page = at(visitors["client"], "help")

    assert page.index("Ring the practice") < page.index("Samaritans")
