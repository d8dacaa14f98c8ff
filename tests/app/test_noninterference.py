"""Law 5 over HTTP: what one keeps back changes nothing that anybody else gets.

Whole responses are compared: status, headers, cookies, body and its size, of every page
and of everything that can be sent.
"""

import itertools

import pytest
from django.core.cache import cache

from hidden import (
    HIDDEN,
    OTHER,
    VISIBLE,
    in_groups,
    looks_at_everything,
    prepare,
    writes_in_another_pair,
)
from visitors import (
    OUTSIDE,
    PEOPLE,
    SEATED,
    differences,
    everything,
    gets,
    pages,
    undone,
)

# What these pages run is measured where they are tested one by one: a second measuring
# would only take as long again.
pytestmark = pytest.mark.no_cover


def noticed(world, visitors, hider, changes, look=everything):
    """Return where the other notices each of these changes, of those that they notice.

    Each is made in the same practice, and undone again.
    """
    viewer = visitors[OTHER[hider]]
    untouched, found = look(viewer), {}
    for change in changes:
        with undone():
            before = untouched
            if hasattr(change, "prepare"):
                prepare(change, world, hider)
                before = look(viewer)
            change(world, hider)
            found[change.__name__] = differences(before, look(viewer))
    return {name: where for name, where in found.items() if where}


def check_hidden(world, visitors, hider, changes):
    """Fail where the other notices one of these changes."""
    viewer, untouched = visitors[OTHER[hider]], None
    for group in in_groups(changes):
        if len(group) > 1:
            untouched = untouched or everything(viewer)
            with undone():
                for change in group:
                    change(world, hider)
                if everything(viewer) == untouched:
                    continue
        assert noticed(world, visitors, hider, group) == {}, group
        assert len(group) == 1, f"noticed of these together: {group}"


@pytest.mark.parametrize("hider", SEATED)
def test_what_one_keeps_back_changes_nothing_for_the_other(told, visitors, hider):
    check_hidden(told, visitors, hider, HIDDEN)


@pytest.mark.parametrize("hider", SEATED)
def test_what_opens_to_both_does_change_the_others_pages(told, visitors, hider):
    found = noticed(
        *(told, visitors, hider, VISIBLE), look=lambda viewer: pages(viewer, gets())
    )

    assert sorted(found) == sorted(change.__name__ for change in VISIBLE)


def test_nothing_of_a_pair_reaches_anybody_else(told, visitors):
    outside = [role for role in PEOPLE if role not in SEATED]
    before = {role: pages(visitors[role], OUTSIDE) for role in outside}

    for change, hider in itertools.product((*HIDDEN, *VISIBLE), SEATED):
        with undone():
            prepare(change, told, hider)
            change(told, hider)
            for role in outside:
                assert before[role] == pages(visitors[role], OUTSIDE), (role, change)


def test_another_pair_of_the_same_therapist_changes_nothing(told, visitors):
    before = everything(visitors["client"])

    writes_in_another_pair(told, "therapist")

    assert differences(before, everything(visitors["client"])) == []


@pytest.mark.parametrize("hider", SEATED)
def test_a_page_kept_for_one_is_never_served_to_the_other(told, visitors, hider):
    viewer = visitors[OTHER[hider]]
    fresh = everything(viewer)

    cache.clear()
    looks_at_everything(told, hider)

    assert differences(fresh, everything(viewer, warm=True)) == []
