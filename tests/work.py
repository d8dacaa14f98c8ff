"""How much work an answer of the app takes, counted; and all that the store holds."""

from cProfile import Profile
from functools import partial
from pathlib import Path

import django.db
import django.template
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

import duologue
from visitors import gets, posts, undone

COUNTED = (
    str(Path(duologue.__file__).parent),
    str(Path(django.db.__file__).parent),
    str(Path(django.template.__file__).parent),
)
"""Where calls are counted: our own code, what reads rows, and what fills templates."""

# PostgreSQL's is asked once for a process, when a query is first listed: not in a count.
getattr(connection.features, "uses_server_side_binding", False)


def work_of(visitor, addresses=None, *, warm=False):
    """Return, for each page, how many queries and calls of functions it takes.

    Counted, not timed: the same page with the same visible content must take the same
    steps, so that no clock can tell what the other keeps back. Nothing that was kept
    earlier is used unless ``warm``.
    """
    found = {}
    for address in addresses or gets():
        if not warm:
            caches["pages"].clear()
        connection.queries_log.clear()  # it holds so many, and no more
        with CaptureQueriesContext(connection) as queries:
            calls = _calls(partial(visitor.get, address))
        found[address] = (calls, len(queries))
    return found


def work_of_sending(visitor, part=slice(None)):
    """Return, for each thing that can be sent, how much work its answer takes.

    ``part`` says of which of them.
    """
    found = {}
    for i, (address, fields) in list(enumerate(posts()))[part]:
        connection.queries_log.clear()
        with undone(), CaptureQueriesContext(connection) as queries:
            calls = _calls(partial(visitor.post, address, fields))
        found[f"POST {i} {address}"] = (calls, len(queries))
    return found


def _calls(do):
    """Count the calls of functions that are ours, or the library's that we look at."""
    profile = Profile(builtins=False, subcalls=False)
    profile.runcall(do)
    return sum(
        called.callcount
        for called in profile.getstats()
        if called.code.co_filename.startswith(COUNTED)
    )


def rows_of():
    """Return every row of every table of the store, and of the visits."""
    tables = (*apps.get_app_config("store").get_models(), *_visits())
    return {
        model.__name__: list(model.objects.order_by("pk").values()) for model in tables
    }


def _visits():
    return apps.get_app_config("sessions").get_models()
