"""My people: what lies in a pair today stands in the list, on its day and no other."""

from datetime import timedelta

import pytest
from django.urls import reverse

from app_people import NOW
from duologue.records import Mode, Seat
from duologue.store import actions
from duologue.web import clock
from two_seats import undone
from visitors import browser

REF = "ref-of-ann"
CARD = "there is something they would like to get to"
AGAIN = "You asked to be asked again"
NEXT = NOW + timedelta(days=6)
"""When Ann and the therapist meet next, at 19:00 in London."""

MIDNIGHT = NEXT - timedelta(hours=19)
LAST = MIDNIGHT + timedelta(days=1, seconds=-1)


@pytest.fixture
def both_have_a_list(world):
    """Let Ann sit in a second pair: she has a list of people, as the therapist has."""
    ref = actions.invite(
        *(world.other_therapist,),
        called="a",
        me="o",
        kind="therapy",
        seat=Seat.CLIENT,
        now=NOW,
    )
    code = actions.invite_again(world.other_therapist, ref, now=NOW)
    actions.take_seat(world.ann, actions.digest_of(code), now=NOW)
    return {"client": browser(world, "ann"), "therapist": browser(world, "therapist")}


@pytest.fixture
def look(monkeypatch):
    """Look at somebody's list at a time; nothing that is kept back is dropped between."""

    def at(visitor, moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return visitor.get(reverse("people")).content.decode().partition("<main")[2]

    return at


def names(page):
    """Return the pairs in their order."""
    return [part.partition("/")[0] for part in page.split('href="/with/')[1:]]


@pytest.mark.parametrize("seat", Seat)
def test_a_card_is_in_the_list_on_its_day_whatever_was_kept_back(
    world, both_have_a_list, look, seat
):
    sender = {Seat.CLIENT: world.ann, Seat.THERAPIST: world.therapist}[seat]
    other, own = both_have_a_list[seat.other], both_have_a_list[seat]
    before = look(other, MIDNIGHT)
    actions.send_card(sender, REF, now=NOW)

    early = [look(other, at) for at in (NOW, MIDNIGHT - timedelta(seconds=1))]
    on_its_day, mine = look(other, MIDNIGHT), look(own, MIDNIGHT)
    with undone():
        actions.withdraw_card(sender, REF, now=MIDNIGHT)
        assert look(other, MIDNIGHT) == before
    late = [look(other, at) for at in (NEXT, LAST, LAST + timedelta(seconds=1))]

    assert not any(CARD in page for page in (*early, mine))
    assert [CARD in page for page in late] == [True, True, False]
    assert on_its_day.count(CARD) == 1
    assert names(on_its_day) == names(before)


@pytest.mark.parametrize("seat", Seat)
def test_ones_own_question_is_in_ones_own_list_from_the_day_of_the_next_session(
    world, both_have_a_list, look, seat
):
    asker = {Seat.CLIENT: world.ann, Seat.THERAPIST: world.therapist}[seat]
    actions.reflect(asker, REF, 3, {"unsaid": "matters"}, ask_again=True, now=NOW)
    own, other = both_have_a_list[seat], both_have_a_list[seat.other]

    moments = (NOW, MIDNIGHT - timedelta(seconds=1), MIDNIGHT, NEXT)
    seen = [AGAIN in look(own, moment) for moment in moments]

    assert seen == [False, False, True, False]
    question = reverse("reflect", args=[REF, 3])
    assert f'href="{question}#q-unsaid"' in look(own, MIDNIGHT)
    assert 'id="q-unsaid"' in own.get(question).content.decode()
    assert AGAIN not in look(other, MIDNIGHT)


def test_a_second_session_of_the_day_brings_back_the_question_of_the_first(world, look):
    later = NEXT + timedelta(hours=3)
    actions.add_session(world.therapist, REF, later, mode=Mode.ROOM, now=NOW)
    visitor, between = browser(world, "therapist"), NEXT + timedelta(hours=1)
    actions.reflect(world.therapist, REF, 4, {}, ask_again=True, now=between)

    seen = [AGAIN in look(visitor, moment) for moment in (between, later)]

    assert seen == [True, False]
