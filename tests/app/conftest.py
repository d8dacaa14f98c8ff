"""The app with a small practice in it, a clock that stands still, and visitors."""

import itertools
import time

import pytest
from django.core.cache import cache, caches
from django.db import transaction

from app_people import NOW, make_world
from duologue.store.actions import rooms
from duologue.web import clock
from signing_in import with_app
from stories import history
from visitors import make_visitors


@pytest.fixture(autouse=True)
def still(monkeypatch):
    """Stop the clock, and let the first room have a code that is known."""
    caches["pages"].clear()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    codes = itertools.count(424242)
    monkeypatch.setattr(rooms.secrets, "randbelow", lambda _: next(codes))


@pytest.fixture
def world(db):
    """Two therapists and their clients, stored."""
    return make_world()


@pytest.fixture
def visitors(world):
    """A browser for each role, relative to the pair of Ann and the therapist."""
    return make_visitors(world)


@pytest.fixture
def told(world):
    """The practice, in which Ann and the therapist have a history."""
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
