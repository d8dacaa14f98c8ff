"""What says something without words: work done, logs, writes by reading, caches."""

import logging
from datetime import timedelta

import pytest
from django.core.cache import caches

from app_people import MIDNIGHT, NOW
from duologue.web import clock
from duologue.web.account import visits
from hidden import (
    EACH_ALONE,
    HIDDEN,
    OTHER,
    answers_afresh,
    changes_an_answer,
    in_groups,
    is_willing_alone,
    looks_at_everything,
    prepare,
    writes_a_private_page,
)
from visitors import SEATED, everything, few, gets, pages, undone
from work import rows_of, work_of, work_of_sending

TOLD_ONCE = True

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover


@pytest.fixture(autouse=True)
def no_minute_passes(monkeypatch):
    """Let the cookie that is written once a minute be written at no page that is counted.

    On a slow machine that minute is over in the middle of it.
    """
    moment = visits.now()
    monkeypatch.setattr(visits, "now", lambda: moment)


IN_TURN = 8
"""Of what can be sent, one in so many is counted for each change, another each time."""


def steps_of(viewer, n):
    """Return how much work a cold look, and a part of what can be sent, takes."""
    part = slice(None) if EACH_ALONE else slice(n % IN_TURN, None, IN_TURN)
    return {**work_of(viewer, few()), **work_of_sending(viewer, part)}


def check_costs(world, visitors, hider, changes, *, of_pages=None):
    """Fail where one of these changes makes the other's pages take other steps.

    Of some pages alone, if they are given; otherwise of what can be sent, too.
    """
    viewer = visitors[OTHER[hider]]
    if of_pages is None:
        everything(viewer)  # what is loaded once is loaded now
    untouched, found = {}, {}

    def steps(n):
        return steps_of(viewer, n) if of_pages is None else work_of(viewer, of_pages)

    for n, group in enumerate(in_groups(changes)):
        with undone():
            before = untouched.get(n % IN_TURN)
            if prepare(group, world, hider) or before is None:
                steps(n)
                before = steps(n)
                if not any(hasattr(change, "prepare") for change in group):
                    untouched[n % IN_TURN] = before
            for change in group:
                change(world, hider)
            names = ", ".join(change.__name__ for change in group)
            after = steps(n)
            found[names] = [a for a in after if after[a] != before[a]]
    assert {name: where for name, where in found.items() if where} == {}


@pytest.mark.parametrize("hider", SEATED)
def test_what_one_keeps_back_costs_the_other_no_more_and_no_less(told, visitors, hider):
    # Each takes its turn in one of the two seats, and in `make validate` in both.
    turn = 1 if EACH_ALONE else len(SEATED)
    changes = HIDDEN[SEATED.index(hider) % turn :: turn]
    check_costs(told, visitors, hider, changes)


@pytest.mark.parametrize("hider", SEATED)
def test_a_page_costs_the_same_whether_or_not_the_other_has_looked(
    told, visitors, hider
):
    viewer = visitors[OTHER[hider]]
    pages(viewer, gets())
    caches["pages"].clear()
    before = work_of(viewer, warm=True)

    caches["pages"].clear()
    looks_at_everything(told, hider)

    assert work_of(viewer, warm=True) == before


@pytest.mark.parametrize("hider", SEATED)
def test_a_hidden_write_leaves_the_others_page_warm(told, visitors, hider):
    viewer = visitors[OTHER[hider]]
    for _ in range(2):
        pages(viewer, gets(), warm=True)
    before = work_of(viewer, warm=True)

    for change in (
        answers_afresh,
        changes_an_answer,
        is_willing_alone,
        writes_a_private_page,
    ):
        change(told, hider)

        assert work_of(viewer, warm=True) == before, change.__name__


def test_nothing_is_logged_of_what_anybody_writes_or_looks_at(told, visitors, caplog):
    with caplog.at_level(logging.DEBUG, logger="duologue"):
        for change in HIDDEN:
            with undone():
                prepare([change], told, "client")
                change(told, "client")
                assert logged(caplog) == []
        # What anybody sends is in the next test, with all that others look at.
        for role in SEATED:
            pages(visitors[role], gets())
            assert logged(caplog) == []


def logged(caplog):
    """Return what our own program has logged."""
    return [record for record in caplog.records if record.name.startswith("duologue")]


def test_looking_changes_nothing_in_the_store_but_the_chain(
    told, visitors, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG, logger="duologue")
    before = rows_of()

    tomorrow = NOW + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    events = before.pop("Event")
    for visitor in visitors.values():
        everything(visitor)
        assert logged(caplog) == []
        after = rows_of()
        new = [event for event in after.pop("Event") if event not in events]
        assert after == before
        assert {(event["what"], event["at"]) for event in new} <= {
            (what, MIDNIGHT + timedelta(days=1)) for what in ("shown", "outcomes_shown")
        }

    events = new
    assert {event["who"] for event in events} == {
        told.people[who].pk for who in ("ann", "therapist")
    }
    # Once a day, however often they look: both at answers, and one at forms.
    noted = sorted(event["what"] for event in events)
    assert noted == ["outcomes_shown", "shown", "shown"]
