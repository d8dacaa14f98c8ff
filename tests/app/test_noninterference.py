"""Law 5 over HTTP: what one keeps back changes nothing that anybody else gets.

Whole responses are compared: status, headers, cookies, body and its size, of every page
and of everything that can be sent.
"""

import itertools

import pytest
from django.core.cache import caches

from hidden import (
    EACH_ALONE,
    HIDDEN,
    OTHER,
    VISIBLE,
    in_groups,
    invites_somebody_else,
    looks_at_everything,
    prepare,
    writes_in_another_pair,
)
from visitors import (
    OUTSIDE,
    PEOPLE,
    SEATED,
    difference,
    everything,
    gets,
    likely_first,
    looking,
    looking_at,
    pages,
    undone,
)

TOLD_ONCE = True

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover


def noticed(world, visitors, hider, changes, look=looking):
    """Return where the other first notices each of these changes, if they notice it.

    Each is made in the same practice, and undone again.
    """
    viewer = visitors[OTHER[hider]]
    untouched, found = None, {}
    for change in changes:
        with undone():
            if prepare([change], world, hider):
                before = dict(look(viewer))
            else:
                before = untouched = untouched or dict(look(viewer))
            change(world, hider)
            found[change.__name__] = difference(before, look(viewer))
    return {name: where for name, where in found.items() if where}


IN_TURN = 1 if EACH_ALONE else 4
"""Of what can be sent, one in so many is sent for each group, another each time."""


def check_hidden(world, visitors, hider, changes):
    """Fail where the other notices one of these changes."""
    viewer, untouched = visitors[OTHER[hider]], {}
    for n, group in enumerate(in_groups(changes)):
        if len(group) > 1:
            part = slice(n % IN_TURN, None, IN_TURN)
            with undone():
                if prepare(group, world, hider):
                    before = everything(viewer, part=part)
                else:
                    before = untouched.get(part.start) or everything(viewer, part=part)
                    untouched[part.start] = before
                for change in group:
                    change(world, hider)
                if difference(before, looking(viewer, part=part)) is None:
                    continue
        assert noticed(world, visitors, hider, group) == {}, group
        assert len(group) == 1, f"noticed of these together: {group}"


@pytest.mark.parametrize("hider", SEATED)
def test_what_one_keeps_back_changes_nothing_for_the_other(told, visitors, hider):
    check_hidden(told, visitors, hider, HIDDEN)


@pytest.mark.parametrize("hider", SEATED)
def test_what_opens_to_both_does_change_the_others_pages(told, visitors, hider):
    found = noticed(
        *(told, visitors, hider, VISIBLE),
        look=lambda viewer: looking_at(viewer, likely_first(gets())),
    )

    assert sorted(found) == sorted(change.__name__ for change in VISIBLE)


def test_nothing_of_a_pair_reaches_anybody_else(told, visitors):
    outside = [role for role in PEOPLE if role not in SEATED]
    before = {role: pages(visitors[role], OUTSIDE) for role in outside}

    for group, hider in itertools.product(in_groups((*HIDDEN, *VISIBLE)), SEATED):
        with undone():
            for change in group:
                prepare([change], told, hider)
                change(told, hider)
            for role in outside:
                assert before[role] == pages(visitors[role], OUTSIDE), (role, group)


@pytest.mark.parametrize("act", [writes_in_another_pair, invites_somebody_else])
def test_another_pair_of_the_same_therapist_changes_nothing(told, visitors, act):
    before = everything(visitors["client"])

    act(told, "therapist")

    assert difference(before, looking(visitors["client"])) is None


@pytest.mark.parametrize("hider", SEATED)
def test_a_page_kept_for_one_is_never_served_to_the_other(told, visitors, hider):
    viewer = visitors[OTHER[hider]]
    fresh = everything(viewer)

    caches["pages"].clear()
    looks_at_everything(told, hider)

    assert difference(fresh, looking(viewer, warm=True)) is None
