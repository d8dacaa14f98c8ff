"""The app with a small practice in it, a clock that stands still, and visitors."""

import itertools
import time

import pytest
from django.core.cache import cache, caches
from django.db import transaction
from django.template.base import Template

from app_people import NOW
from duologue.store.actions import rooms
from duologue.web import clock
from signing_in import with_app
from standing import Standing, wanted_by
from stories import history
from visitors import make_visitors


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
def practice(django_db_blocker):
    """The practice that stands before tests, with a history where one is asked for.

    Before each test of a file that says ``TOLD_ONCE`` it has one.
    """
    made = Standing(history, django_db_blocker)
    yield made
    made.rise_to(None)


@pytest.fixture(autouse=True)
def standing(request, practice):
    """What stands before this test."""
    if layer := wanted_by(request):
        request.getfixturevalue("django_db_setup")
    practice.rise_to(layer)


@pytest.fixture
def world(standing, practice, db):
    """Two therapists and their clients, stored."""
    return practice.world()


@pytest.fixture
def visitors(world):
    """A browser for each role, relative to the pair of Ann and the therapist."""
    return make_visitors(world)


@pytest.fixture
def told(world):
    """The practice, in which Ann and the therapist have a history."""
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
