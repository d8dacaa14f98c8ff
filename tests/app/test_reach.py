"""How people can be reached: theirs to show, apart from everything, seen by day."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from app_people import MIDNIGHT, NOW
from duologue.store import actions, queries
from duologue.store.models import Contact, Event, Reachable
from duologue.web import clock
from hidden import OTHER, fill_in, shows_how_to_reach_them
from stories import PERSON
from visitors import SEATED, at, gets, pages, shown, undone

REF = "ref-of-ann"
NAME = "Hidden Name"
DETAILS = (NAME, "a@b.example", "<dd>0</dd>", "<dd>never</dd>")
WHERE = {reverse(name, args=[REF]) for name in ("choices", "they-see")}
"""Pages on which somebody sees what they show."""


def reach(visitor):
    """Return the page that says how to reach the other, whole."""
    return shown(visitor.get(reverse("reach", args=[REF])))


@pytest.mark.parametrize("seat", SEATED)
def test_what_is_shown_is_seen_by_the_other_just_as_it_was_filled_in(
    world, visitors, seat
):
    shows_how_to_reach_them(world, seat)

    page = at(visitors[OTHER[seat]], "reach", REF)
    choices = at(visitors[seat], "choices", REF)

    for detail in DETAILS:
        assert detail in page
        assert detail in choices
    assert "can see this" in choices


@pytest.mark.parametrize("seat", SEATED)
def test_not_filled_in_not_shown_and_no_longer_shown_look_alike(world, visitors, seat):
    viewer, person = visitors[OTHER[seat]], world.people[PERSON[seat]]
    nothing = reach(viewer)
    found = []

    fill_in(world, seat)
    found.append(reach(viewer))
    actions.share_reach(person, REF, on=True, now=NOW)
    seen = reach(viewer)
    actions.share_reach(person, REF, on=False, now=NOW)
    found.append(reach(viewer))
    actions.share_reach(person, REF, on=True, now=NOW)
    actions.delete_contact(person, now=NOW)
    found.append(reach(viewer))
    actions.share_reach(person, REF, on=True, now=NOW)
    found.append(reach(viewer))

    assert found == [nothing] * 4
    assert NAME.encode() in seen.body


@pytest.mark.parametrize("seat", SEATED)
def test_a_name_stands_nowhere_but_where_it_belongs(told, visitors, seat):
    shows_how_to_reach_them(told, seat)
    mine = {*WHERE, reverse("my-reach")}
    for role, visitor in visitors.items():
        found = pages(visitor, gets())
        where = {
            address for address, page in found.items() if NAME.encode() in page.body
        }

        theirs = {reverse("reach", args=[REF])} if role == OTHER[seat] else set()
        assert where == (mine if role == seat else theirs), role
        for address in where:
            assert NAME not in str(found[address].headers)
            title = found[address].body.partition(b"</title>")[0]
            assert NAME.encode() not in title


@pytest.mark.parametrize("seat", SEATED)
def test_one_sees_on_which_days_the_other_was_shown_how_to_reach_one(
    told, visitors, monkeypatch, seat
):
    shows_how_to_reach_them(told, seat)
    mine = visitors[seat]
    assert "had it on a screen" not in at(mine, "they-see", REF)
    for days in (1, 1, 3):
        then = NOW + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda then=then: then)
        caches["pages"].clear()
        reach(visitors[OTHER[seat]])

    listed = at(mine, "they-see", REF).partition("had it on a screen")[2]
    events = Event.objects.filter(what="reach_shown").values_list("who", "at")

    assert "<li>Thursday 2 April</li><li>Tuesday 31 March</li>" in listed
    other = told.people[PERSON[OTHER[seat]]].pk
    day = timedelta(days=1)
    assert set(events) == {(other, MIDNIGHT + day), (other, MIDNIGHT + 3 * day)}


@pytest.mark.parametrize("seat", SEATED)
def test_looking_where_nothing_is_shown_is_not_noted(world, visitors, seat):
    fill_in(world, seat)

    reach(visitors[OTHER[seat]])

    assert not Event.objects.filter(what="reach_shown").exists()


def test_it_is_filled_in_changed_and_deleted_on_a_page_of_ones_own(world, visitors):
    visitor = visitors["client"]
    keep, delete = reverse("keep-reach"), reverse("delete-reach")

    first = visitor.post(keep, {"reach-name": " Ann \n Other ", "reach-phone": "01"})
    second = visitor.post(keep, {"reach-name": "Ann Other", "reach-safely": "by text"})
    page = at(visitor, "my-reach")

    assert first.url == second.url == reverse("my-reach")
    assert queries.own_reach(world.ann) == queries.Reach(
        name="Ann Other", email=None, phone=None, safely="by text"
    )
    assert 'value="Ann Other"' in page
    assert "<strong>Nobody sees it</strong>" in page
    visitor.post(delete)
    assert not Contact.objects.exists()
    assert "Delete all of it" not in at(visitor, "my-reach")


def test_a_card_on_which_everything_is_blank_is_no_card(world, visitors):
    visitor = visitors["client"]
    visitor.post(reverse("keep-reach"), {"reach-name": "Ann"})

    visitor.post(reverse("keep-reach"), {"reach-name": "  "})

    assert not Contact.objects.exists()


def test_the_page_of_ones_own_says_who_can_see_it(world, visitors):
    fill_in(world, "therapist")
    for client in ("ann", "bo"):
        actions.share_reach(world.therapist, world.ref(client), on=True, now=NOW)

    page = at(visitors["therapist"], "my-reach")

    assert "<strong>Seen by</strong> ann-code, bo-code, as you chose." in page


def test_what_is_filled_in_anew_is_shown_to_nobody_until_its_owner_says_so(
    world, visitors
):
    shows_how_to_reach_them(world, "client")
    actions.delete_contact(world.ann, now=NOW)

    fill_in(world, "client")

    assert not Reachable.objects.exists()
    assert NAME.encode() not in reach(visitors["therapist"]).body


def test_deleting_leaves_the_others_switch_and_card_alone(world, visitors):
    for seat in SEATED:
        shows_how_to_reach_them(world, seat)

    actions.delete_contact(world.ann, now=NOW)

    assert list(Reachable.objects.values_list("seat", flat=True)) == ["therapist"]
    assert NAME.encode() in reach(visitors["client"]).body


@pytest.mark.parametrize(
    ("field", "words"),
    [("name", "n" * 81), ("safely", "by\0text"), ("email", "e" * 255)],
)
def test_what_cannot_be_kept_is_said_kindly_and_given_back(
    world, visitors, field, words
):
    answered = visitors["client"].post(
        reverse("keep-reach"), {f"reach-{field}": words, "reach-phone": "01234"}
    )

    page = answered.content.decode()
    assert answered.status_code == 409
    assert "<blockquote>01234</blockquote>" in page
    assert words in page
    assert not Contact.objects.exists()


def test_one_who_shows_it_in_one_pair_shows_it_in_no_other(world, visitors):
    fill_in(world, "therapist")
    actions.share_reach(world.therapist, world.ref("bo"), on=True, now=NOW)

    for role, ref in (("client", REF), ("supervisor", world.ref("sup"))):
        with undone():
            assert NAME not in at(visitors[role], "reach", ref)
    assert NAME in at(visitors["another client"], "reach", world.ref("bo"))
