"""The tables can be made, taken apart and made again, and nothing is lost on the way."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import NotSupportedError, connection

from app_people import make_world
from duologue.records import Seat
from duologue.store import actions
from duologue.store.triggers import create
from rules import indexes, tables, triggers
from two_seats import C, T, Two

BEFORE_TRIGGERS, NOTHING = "0001", "zero"


def migrate(*target):
    """Bring the tables of the store to where they stood once, or to where they are."""
    call_command("migrate", "store", *target, verbosity=0, interactive=False)


@pytest.fixture
def whole(transactional_db):
    """A database that is whole again when the test is over."""
    yield
    migrate()


@pytest.fixture
def told(whole):
    """The pair, of whom each table holds something."""
    two = Two(make_world())
    two.open(line=("What I said.", "What I heard."), need=(("quiet",), ("slower",)))
    two.answer(C, unsaid="a_little", unsaid_why=("timing",))
    two.do(actions.add_later_thought, C, 3, "open", "More than I knew.")
    two.do(actions.take_back, T, 3, "line")
    two.do(actions.send_card, C)
    two.do(actions.show_room, T, 3)
    return two


def rows():
    """Return every row of every table of the store."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_is_lost_on_the_way_back_and_forth(told):
    before, rules = rows(), triggers()
    seen = [told.session(seat) for seat in Seat]

    migrate(BEFORE_TRIGGERS)

    assert (rows(), triggers()) == (before, {})

    migrate()

    assert (rows(), triggers()) == (before, rules)
    assert [told.session(seat) for seat in Seat] == seen
    assert all(before.values())


def test_the_store_can_be_taken_apart_and_made_again(whole):
    before = tables(), triggers(), indexes()

    migrate(NOTHING)

    assert (tables(), triggers(), indexes()) == ({}, {}, {})

    migrate()

    assert (tables(), triggers(), indexes()) == before


class Elsewhere:
    """A database of another make."""

    vendor = "oracle"


class Editor:
    """What makes tables there."""

    connection = Elsewhere


def test_a_database_that_does_not_know_these_triggers_is_refused():
    rules = import_module("duologue.store.migrations.0002_what_has_opened_stays")

    with pytest.raises(NotSupportedError, match="SQLite and PostgreSQL only"):
        create(rules.TRIGGERS).code(None, Editor)
