"""The pages of the app as they are asked for, timed and counted.

Django must be set up before this is imported.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from app import BARE, PEOPLE, TOGETHER, Look, Scale
from app_store import Filled, fill
from duologue.web.account.visits import ENROLLED, SEEN, seen_now
from turns import take_turns

N_CALLS = 3
Call = Callable[[], None]


def look(scale: Scale, *, rounds: int) -> Look:
    """Fill the store, count the queries of each page, and time it."""
    filled = fill(scale)
    calls = calls_of(filled)
    cold = {name: _cold(call) for name, call in calls.items()}
    return Look(
        counts=filled.counts,
        fill_s=filled.fill_s,
        size_mb=filled.size_mb,
        queries={
            (name, warm): _count(call)
            for name in calls
            for warm, call in ((False, cold[name]), (True, calls[name]))
        },
        warm_ms=take_turns(calls, rounds=rounds, n_calls=N_CALLS),
        cold_ms=take_turns(cold, rounds=rounds),
    )


def calls_of(filled: Filled) -> dict[str, Call]:
    """Return what asks once for each page, as the therapist who is signed in."""
    settings.ROOT_URLCONF = "app_urls"
    visitor = Client(headers={"host": "localhost"})
    visitor.force_login(filled.therapist)
    visit = visitor.session
    visit[ENROLLED] = True
    visit.save()
    visitor.cookies[SEEN] = seen_now(visit.session_key)
    visitor.get("/")  # brings the cookie that its forms need
    browser = RequestFactory(headers={"host": "localhost"})
    browser.cookies = visitor.cookies
    addresses = {BARE: "/bare/", TOGETHER: f"/with/{filled.ref}/", PEOPLE: "/"}
    handler = WSGIHandler()
    return {
        name: _call(handler, browser.get(address).environ)
        for name, address in addresses.items()
    }


def _call(handler: WSGIHandler, environ: dict[str, object]) -> Call:
    def call() -> None:
        response = handler.get_response(WSGIRequest({**environ}))
        assert response.status_code == 200, response.status_code

    return call


def _cold(call: Call) -> Call:
    def call_cold() -> None:
        caches["pages"].clear()
        call()

    return call_cold


def _count(call: Call) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)
