"""The app with a small practice in it, a clock that stands still, and visitors."""

import itertools
import time
from copy import deepcopy

import pytest
from django.core.cache import cache, caches
from django.db import transaction
from django.template.base import Template

from app_people import NOW, World, make_world
from duologue.store.actions import rooms
from duologue.web import clock
from signing_in import with_app
from stories import history
from visitors import make_visitors, undone


@pytest.fixture(scope="session", autouse=True)
def filled_as_it_is_served(django_test_environment):
    """Fill templates as the app does; Django's tests keep a copy of what each is given.

    Nobody here looks at those, and they take a seventh of the time of a page.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Template, "_render", lambda self, given: self.nodelist.render(given)
        )
        yield


@pytest.fixture(autouse=True)
def still(monkeypatch):
    """Stop the clock, and let the first room have a code that is known."""
    caches["pages"].clear()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    codes = itertools.count(424242)
    monkeypatch.setattr(rooms.secrets, "randbelow", lambda _: next(codes))


@pytest.fixture(scope="module")
def told_once(request, django_db_setup, django_db_blocker):
    """The practice with a history, for a file whose tests all begin with it.

    Such a file says ``TOLD_ONCE``; each of its tests undoes what it does.
    """
    if not getattr(request.module, "TOLD_ONCE", False):
        yield None
        return
    with django_db_blocker.unblock(), undone():
        world = make_world()
        history(world)
        yield world


@pytest.fixture
def world(told_once, db):
    """Two therapists and their clients, stored."""
    if told_once is None:
        return make_world()
    return World(**deepcopy(vars(told_once)))


@pytest.fixture
def visitors(world):
    """A browser for each role, relative to the pair of Ann and the therapist."""
    return make_visitors(world)


@pytest.fixture
def told(world, told_once):
    """The practice, in which Ann and the therapist have a history."""
    if told_once is None:
        history(world)
    return world


@pytest.fixture
def fresh(db, monkeypatch):
    """Forget earlier tries, and let the clock of codes stand still."""
    cache.clear()
    moment = time.time()
    clock = {"now": moment}
    monkeypatch.setattr(time, "time", lambda: clock["now"])
    return clock


@pytest.fixture
def ann(world):
    """Ann, with a password and an app's codes."""
    return with_app(world.ann)


@pytest.fixture
def at_once(monkeypatch):
    """Let what waits for a commit happen at once, as it does where one commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_: act())
