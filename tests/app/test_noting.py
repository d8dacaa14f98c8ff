"""Whatever shows what the other has opened is noted, by day; nothing else is."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.urls import reverse

from app_people import MIDNIGHT, NOW
from duologue.errors import NotYoursError
from duologue.store import actions, queries
from duologue.store.models import Event
from duologue.web import clock
from hidden import OTHER
from stories import PERSON, will, write
from visitors import SEATED, gets, undone

REF = "ref-of-ann"
MADE_OF_IT = {reverse(name, args=[REF]) for name in ("together", "ours", "they-see")}
"""Pages that say something of what has opened, though not in its own words."""


TOMORROW = NOW + timedelta(days=1)


def noted():
    """Return who was shown something tomorrow, and when."""
    rows = Event.objects.filter(what="shown", at__gt=NOW)
    return list(rows.values_list("who", "at", "dyad"))


def check_noted(told, visitors, seat):
    """Fail where a page shows what the other has opened and does not note it."""
    opened = f"an open line of the {OTHER[seat]}".encode()
    found = {}
    for address in gets():
        with undone():
            body = visitors[seat].get(address).content
            found[address] = (opened in body, bool(noted()))
    shown = {address for address, (shows, _) in found.items() if shows}
    # The list of a therapist's people says a line of each; a client has no such list.
    listed = {reverse("people")} if seat == "therapist" else set()
    is_noted = {address for address, (_, noted_) in found.items() if noted_}
    assert is_noted == shown | MADE_OF_IT | listed
    assert reverse("session", args=[REF, 1]) in shown


def test_whatever_shows_what_the_other_has_opened_is_noted(told, visitors, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    for seat in SEATED:
        check_noted(told, visitors, seat)


def test_the_room_notes_it_once_it_has_opened(world, visitors, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    for seat in SEATED:
        person = world.people[PERSON[seat]]
        actions.reflect(person, REF, 3, {"open": 50.0}, now=TOMORROW)
    actions.show_room(world.people["ann"], REF, 3, now=TOMORROW)
    room = queries.find_room(queries.find_pair(world.people["ann"], REF), now=TOMORROW)
    actions.tap(world.people["ann"], REF, 3, room.code, now=TOMORROW)
    visitors["client"].get(reverse("room", args=[REF]))
    waiting = noted()

    actions.tap(world.people["therapist"], REF, 3, room.code, now=TOMORROW)
    visitors["client"].get(reverse("room-now", args=[REF]))

    assert (waiting, noted()) == (
        [],
        [(world.people["ann"].pk, MIDNIGHT + timedelta(days=1), world.dyads["ann"].pk)],
    )


@pytest.mark.parametrize("name", ["together", "look-together"])
def test_how_the_client_would_like_to_work_is_noted_where_they_share_it(
    world, visitors, name
):
    address = reverse(name, args=[REF])
    actions.keep_preferences(world.ann, REF, {"pace": 20.0}, now=NOW)
    for visitor in visitors.values():
        visitor.get(address)
    kept_back = Event.objects.filter(what="shown").count()
    actions.share_preferences(world.ann, REF, on=True, now=NOW)
    for visitor in visitors.values():
        visitor.get(address)

    assert kept_back == 0
    shown_to = Event.objects.filter(what="shown").values_list("who", flat=True)
    assert list(shown_to) == [world.therapist.pk]


@pytest.mark.parametrize("seat", SEATED)
def test_one_sees_on_which_days_the_other_was_shown_what_one_opened(
    world, visitors, monkeypatch, seat
):
    for who in SEATED:
        write(world, who, 1, open=50.0)
        will(world, who, 1)
    mine = reverse("they-see", args=[REF])
    before = visitors[seat].get(mine).content.decode()
    for days in (1, 1, 2, 9):
        then = NOW + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda then=then: then)
        caches["pages"].clear()
        visitors[OTHER[seat]].get(reverse("session", args=[REF, 1]))

    after = visitors[seat].get(mine).content.decode()
    theirs = visitors[OTHER[seat]].get(mine).content.decode()

    assert days_in(after) == [
        "Wednesday 8 April",
        "Wednesday 1 April",
        "Tuesday 31 March",
    ]
    assert "None so far." in before
    # Nobody is told of their own looks: these are the two at the page itself.
    assert days_in(theirs) == ["Wednesday 8 April", "Monday 30 March"]


def test_one_sees_when_what_one_shares_of_how_one_would_like_to_work_was_shown(
    world, visitors, monkeypatch
):
    actions.keep_preferences(world.ann, REF, {"pace": 20.0}, now=NOW)
    addresses = [reverse(name, args=[REF]) for name in ("look-together", "together")]
    actions.share_preferences(world.ann, REF, on=True, now=NOW)
    for days, address in enumerate(addresses, 1):
        then = NOW + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda then=then: then)
        visitors["client"].get(address)  # one's own is not noted
        assert len(noted()) == days - 1
        visitors["therapist"].get(address)

    page = visitors["client"].get(reverse("they-see", args=[REF])).content.decode()

    assert days_in(page) == ["Wednesday 1 April", "Tuesday 31 March"]
    actions.share_preferences(world.ann, REF, on=False, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=9))
    for address in addresses:
        visitors["therapist"].get(address)
    assert len(noted()) == 2


def days_in(page):
    """Return the days that a page lists."""
    listed = page.partition("On which days they were shown it")[2].partition("</ul>")
    return re.findall("<li>([^<]+)</li>", listed[0])


def test_a_page_without_anything_of_the_others_is_not_noted(world, visitors):
    for address in gets():
        visitors["client"].get(address)

    assert not Event.objects.filter(what="shown").exists()


def test_what_is_open_can_be_read_while_nothing_can_be_noted(
    told, visitors, monkeypatch
):
    def full(*_, **__):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "note_shown", full)

    answered = visitors["client"].get(reverse("session", args=[REF, 1]))

    assert answered.status_code == 200
    assert b"an open line of the therapist" in answered.content


@pytest.mark.parametrize("who", ["bo", "other_therapist", "sup", "out"])
def test_nobody_else_can_be_noted_as_having_been_shown_it(told, who):
    with pytest.raises(NotYoursError):
        actions.note_shown(told.people[who], REF, now=TOMORROW)

    assert noted() == []
