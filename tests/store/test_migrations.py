"""The tables can be made, taken apart and made again, and nothing is lost on the way."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import NotSupportedError, connection

from app_people import make_world
from duologue.records import Seat
from duologue.store import actions
from two_seats import C, T, Two

BEFORE_TRIGGERS, NOTHING = "0001", "zero"


def migrate(*target):
    """Bring the tables of the store to where they stood once, or to where they are."""
    call_command("migrate", "store", *target, verbosity=0, interactive=False)


@pytest.fixture
def tables(transactional_db):
    """A database that is whole again when the test is over."""
    yield
    migrate()


@pytest.fixture
def told(tables):
    """The pair, of whom each table holds something."""
    two = Two(make_world())
    two.open(line=("What I said.", "What I heard."), need=(("quiet",), ("slower",)))
    two.answer(C, unsaid="a_little", unsaid_why=("timing",))
    two.do(actions.add_later_thought, C, 3, "open", "More than I knew.")
    two.do(actions.take_back, T, 3, "line")
    two.do(actions.send_card, C)
    two.do(actions.show_room, T, 3)
    return two


def made(kind):
    """Return what of a kind the store has in the database: name and how it is made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = %s AND tbl_name LIKE 'store_%%'",
            [kind],
        )
        return dict(cursor.fetchall())


def rows():
    """Return every row of every table of the store."""
    found = {}
    with connection.cursor() as cursor:
        for table in made("table"):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_is_lost_on_the_way_back_and_forth(told):
    before, triggers = rows(), made("trigger")
    seen = [told.session(seat) for seat in Seat]

    migrate(BEFORE_TRIGGERS)

    assert (rows(), made("trigger")) == (before, {})

    migrate()

    assert (rows(), made("trigger")) == (before, triggers)
    assert [told.session(seat) for seat in Seat] == seen
    assert all(before.values())


def test_the_store_can_be_taken_apart_and_made_again(tables):
    kinds = ("table", "trigger", "index")
    before = [made(kind) for kind in kinds]

    migrate(NOTHING)

    assert [made(kind) for kind in kinds] == [{}, {}, {}]

    migrate()

    assert [made(kind) for kind in kinds] == before


class Elsewhere:
    """A database of another make."""

    vendor = "postgresql"


class Editor:
    """What makes tables there."""

    connection = Elsewhere


def test_a_database_that_does_not_know_these_triggers_is_refused():
    rules = import_module("duologue.store.migrations.0002_what_has_opened_stays")

    with pytest.raises(NotSupportedError, match="SQLite only"):
        rules.create(None, Editor)
