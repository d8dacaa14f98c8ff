"""A small practice in the store."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from duologue.store.triggers import creating, dropping
from standing import Standing, wanted_by
from two_seats import Two


@pytest.fixture(scope="module")
def practice(request, django_db_blocker):
    """The practice that stands before tests, and upon it what its file lets it ``tell``."""
    made = Standing(lambda world: request.module.tell(Two(world)), django_db_blocker)
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
def two(world):
    """One pair of it: Ann and the therapist."""
    return Two(world)


@pytest.fixture
def told(two):
    """The pair, after what its file lets it ``tell``."""
    return two


ONLY_ADDED_TO = ("event_is_not_removed", "withdrawal_is_not_removed")


@pytest.fixture
def transactional_db(transactional_db):
    """A database that is emptied at the end, of what the app itself can never remove."""
    yield
    rules = import_module("duologue.store.migrations.0004_events_and_withdrawals")
    with connection.cursor() as cursor:
        for name in ONLY_ADDED_TO:
            for statement in dropping(connection.vendor, name):
                cursor.execute(statement)
        cursor.execute("UPDATE store_dyad SET agreement_id = NULL")
        for model in reversed(list(apps.get_app_config("store").get_models())):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        cursor.execute("DELETE FROM store_withdrawal")  # what the others left there
        for name in ONLY_ADDED_TO:
            for statement in creating(connection.vendor, name, rules.TRIGGERS[name]):
                cursor.execute(statement)
