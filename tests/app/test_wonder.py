"""Something to wonder about, over HTTP: this week's card, and the page that both can open."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import caches
from django.db import OperationalError

from app_people import NOW, person
from build import FLAT, C, T, course
from duologue.errors import NotYoursError
from duologue.store import actions, queries
from duologue.store.actions.replaying import withdraw_again
from duologue.store.models import Answer, Dyad, PutCard, Withdrawal
from duologue.store.models.withdrawal import Withdrawn
from duologue.web import clock
from rules import forget
from visitors import at, browser

LOW = (*FLAT, 15)
"""Twelve answers a week apart, the last of them in the week before tests stand still."""

NO_CARD = "No card does not mean nothing is happening."


def main(page):
    """Return what stands on a page, without what stands on every page."""
    found = re.search(r"<main.*</main>", page, re.DOTALL).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


@pytest.fixture
def add(world):
    """Give the therapist one more pair, with these answers of its client."""

    def made(code, values=LOW, *, shared=True, also=None):
        lines = {("safe", C): values, ("safe", T): (50,) * len(values)}
        for item, others in (also or {}).items():
            lines |= {(item, C): others, (item, T): others}
        whole = course(lines, shared=shared)
        named = replace(whole.dyad, code=f"pair-{code}", client=code, therapist="T.")
        return actions.import_course(
            replace(whole, dyad=named),
            practice=world.practice,
            client=person(f"{code}-code"),
            therapist=world.therapist,
            now=NOW,
        )

    return made


def revision(dyad):
    """Return how often what both see of a pair has changed."""
    return Dyad.objects.get(pk=dyad.pk).ours_revision


def opened(told, dyad, seat):
    """Return the page of a pair's cards as somebody gets it."""
    told.people["new"] = dyad.client
    visitor = browser(told, "therapist" if seat is T else "new")
    return main(at(visitor, "wonder", dyad.ref))


def test_the_therapist_is_put_one_thing_with_its_chance_and_a_question(
    world, visitors, add
):
    add("zoe")
    page = main(at(visitors["therapist"], "people"))

    assert "Something to wonder about With zoe : In session 12" in page
    assert "1 in 500 ordinary sessions" in page
    assert "Another reading:" in page
    assert "What do you make of it?" in page
    assert NO_CARD in page


def test_over_a_caseload_there_is_one_a_week_the_furthest_first(world, visitors, add):
    add("zoe")
    add("uma", (*LOW[:-1], 1))
    page = main(at(visitors["therapist"], "people"))

    assert page.count("Something to wonder about With") == 1
    assert "With uma :" in page


def test_what_opens_later_is_put_in_the_week_after_it_opened(world, visitors, add):
    dyad = add("zoe")
    opened = Answer.objects.filter(reflection__session__dyad=dyad, item="safe")
    forget("answer_opens_once")
    opened.update(opened_at=NOW)
    assert "With zoe" not in main(at(visitors["therapist"], "people"))

    caches["pages"].clear()
    opened.update(opened_at=NOW - timedelta(days=1))

    assert "With zoe" in main(at(visitors["therapist"], "people"))


@pytest.mark.parametrize("shared", [False, {("safe", T)}])
def test_what_a_client_keeps_back_is_put_to_nobody(world, visitors, add, shared):
    add("zoe", shared=shared)

    page = main(at(visitors["therapist"], "people"))
    assert "Something to wonder about" not in page
    assert NO_CARD in page


def test_both_can_open_it_and_read_the_same(world, add):
    dyad = add("zoe")
    client, therapist = (opened(world, dyad, seat) for seat in (C, T))

    assert "In session 12 the client's answer" in client
    start = "In session 12"
    assert client[client.index(start) :] == therapist[therapist.index(start) :]
    assert "What has helped others" in client


def test_where_there_is_nothing_it_says_what_that_does_not_mean(world, visitors):
    for role in ("client", "therapist"):
        page = main(at(visitors[role], "wonder", "ref-of-ann"))
        assert "There is nothing here." in page
        assert NO_CARD in page


def test_that_the_therapist_was_shown_it_is_noted(world, visitors, add):
    dyad = add("zoe")
    at(visitors["therapist"], "people")

    pair = queries.find_pair(dyad.client, dyad.ref)
    assert queries.days_shown_to_other(pair) == (NOW.date(),)


def test_what_is_taken_back_makes_no_card_any_more(world, visitors, add):
    dyad = add("zoe")
    assert "With zoe" in main(at(visitors["therapist"], "people"))

    actions.take_back(dyad.client, dyad.ref, 12, "safe", now=NOW)

    assert "With zoe" not in main(at(visitors["therapist"], "people"))


def test_what_was_put_stays_for_its_week_whatever_comes_meanwhile(world, visitors, add):
    add("zoe")
    assert "With zoe :" in main(at(visitors["therapist"], "people"))

    add("uma", (*LOW[:-1], 1))  # further from its usual, and late

    page = main(at(visitors["therapist"], "people"))
    assert "With zoe :" in page
    assert "With uma :" not in page


def test_what_closes_makes_room_for_nothing_else_that_week(
    world, visitors, add, monkeypatch
):
    uma = add("uma", (*LOW[:-1], 1))
    add("zoe")
    assert "With uma :" in main(at(visitors["therapist"], "people"))

    actions.take_back(uma.client, uma.ref, 12, "safe", now=NOW)

    page = main(at(visitors["therapist"], "people"))
    assert "Something to wonder about With" not in page
    # Of the card nothing is kept: only that there was one.
    row = PutCard.objects.get()
    assert (row.dyad, row.session, row.item) == (None, None, "")
    page = main(at(visitors["therapist"], "wondered"))
    assert "It is not in what is open between the two of you now." in page
    assert "uma" not in page
    # The other one has waited, and is put in the next.
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=1))
    assert "With zoe :" in main(at(visitors["therapist"], "people"))


def test_what_was_put_is_not_put_again_when_another_opens_anew(
    world, visitors, add, monkeypatch
):
    uma = add("uma", (*LOW[:-1], 1))
    add("zoe")
    actions.take_back(uma.client, uma.ref, 12, "safe", now=NOW)
    assert "With zoe :" in main(at(visitors["therapist"], "people"))
    actions.open_again(uma.client, uma.ref, 12, "safe", now=NOW)

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=1))

    assert "With uma :" in main(at(visitors["therapist"], "people"))
    listed = main(at(visitors["therapist"], "wondered"))
    assert (listed.count("With uma"), listed.count("With zoe")) == (1, 1)


def test_what_rests_on_an_earlier_answer_that_closes_is_not_kept_either(
    world, visitors, add
):
    dyad = add("zoe")
    at(visitors["therapist"], "people")

    actions.take_back(dyad.client, dyad.ref, 4, "safe", now=NOW)

    assert PutCard.objects.get().item == ""


def test_another_answer_that_closes_takes_no_card_with_it(world, visitors, add):
    dyad = add("zoe", also={"open": (50,) * len(LOW)})
    at(visitors["therapist"], "people")

    actions.take_back(dyad.client, dyad.ref, 4, "open", now=NOW)

    assert PutCard.objects.get().item == "safe"
    assert "With zoe :" in main(at(visitors["therapist"], "people"))


def test_what_nobody_looked_at_waits(world, visitors, add, monkeypatch):
    add("zoe")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=2))
    assert "With zoe :" in main(at(visitors["therapist"], "people"))

    PutCard.objects.all().delete()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=3))
    assert "With zoe :" not in main(at(visitors["therapist"], "people"))


def test_what_does_not_rest_on_what_closes_is_kept(world, visitors, add):
    dyad = add("zoe", (*LOW, 50))
    at(visitors["therapist"], "people")
    PutCard.objects.all().delete()
    week = NOW.date() - timedelta(days=NOW.weekday() + 7)
    actions.note_put(
        world.therapist, dyad.ref, 12, "safe", week=week, seen_at=revision(dyad)
    )

    actions.take_back(dyad.client, dyad.ref, 13, "safe", now=NOW)

    assert PutCard.objects.get().session == 12


def test_all_that_was_put_is_listed_for_whom_it_was_put_to_and_nobody_else(
    world, visitors, add, monkeypatch
):
    add("zoe")
    at(visitors["therapist"], "people")
    later = NOW + timedelta(weeks=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = main(at(visitors["therapist"], "people"))
    assert "Something to wonder about With" not in page
    assert "what was put before" in page

    listed = main(at(visitors["therapist"], "wondered"))

    monday = NOW.date() - timedelta(days=NOW.weekday())
    assert f"The week from {monday:%-d %B %Y} With zoe : In session 12" in listed
    assert "1 in 500 ordinary sessions" in listed
    assert NO_CARD in listed
    for role in ("client", "supervisor", "another therapist", "stranger"):
        assert "There is nothing here." in main(at(visitors[role], "wondered"))


def test_what_has_changed_since_it_was_found_is_not_noted(world, add):
    dyad = add("zoe")
    before = revision(dyad)
    actions.take_back(dyad.client, dyad.ref, 12, "safe", now=NOW)

    actions.note_put(
        world.therapist, dyad.ref, 12, "safe", week=NOW.date(), seen_at=before
    )

    assert not PutCard.objects.exists()


def test_only_the_therapist_of_a_pair_can_be_put_a_card_of_it(world, add):
    dyad = add("zoe")

    for person_ in (dyad.client, world.other_therapist):
        with pytest.raises(NotYoursError):
            actions.note_put(
                person_, dyad.ref, 12, "safe", week=NOW.date(), seen_at=revision(dyad)
            )

    assert not PutCard.objects.exists()


def test_after_a_restore_no_card_that_was_put_is_told(world, visitors, add):
    dyad = add("zoe")
    at(visitors["therapist"], "people")
    gone = Withdrawal(
        what=Withdrawn.OPEN, dyad=dyad.ref, session=12, seat=C, item="safe"
    )

    withdraw_again([gone])

    assert PutCard.objects.get().item == ""


def test_where_the_disk_takes_nothing_more_the_card_is_shown_all_the_same(
    world, visitors, add, monkeypatch
):
    def full(*_, **__):
        raise OperationalError("full")

    add("zoe")
    monkeypatch.setattr(actions, "note_put", full)

    assert "With zoe :" in main(at(visitors["therapist"], "people"))
    assert not PutCard.objects.exists()


def test_who_holds_no_seat_of_a_therapist_is_put_nothing(world, visitors, add):
    add("zoe")

    for role in ("supervisor", "another therapist"):
        page = main(at(visitors[role], "people"))
        assert "Something to wonder about" not in page
    assert Dyad.objects.filter(client_code="zoe").exists()
