"""The tables can be made, taken apart and made again, and nothing is lost on the way."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import NotSupportedError, connection

from app_people import NOW, make_world
from duologue.records import Seat
from duologue.store import actions
from duologue.store.models import (
    Answer,
    Attempts,
    Contact,
    Dyad,
    Event,
    Invitation,
    LaterThought,
    Person,
    PrivatePage,
    Reachable,
    Withdrawal,
)
from duologue.store.triggers import create
from rules import indexes, tables, triggers
from two_seats import C, T, Two

BEFORE_TRIGGERS, BEFORE_KEYS, BEFORE_EVENTS, NOTHING = "0001", "0002", "0003", "zero"
BEFORE_PAGES = "0005"
MADE_ANEW = {
    *(Attempts, Event, Invitation, Withdrawal),
    *(PrivatePage, Contact, Reachable),
}
NEW_COLUMNS = {
    "Practice": ("telling", "supervisor", "wellbeing"),
    "Person": ("practice",),
}
"""What did not exist before, and cannot be kept on the way back."""


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
    two.do(actions.write_page, C, "For myself.")
    actions.keep_contact(two.person(C), {"name": "Ann"}, now=NOW)
    for on in (True, False, True):
        two.do(actions.share_reach, C, on=on)
    return two


def rows():
    """Return every row of every table of the store, what is sealed in it opened."""
    found = {}
    for model in apps.get_app_config("store").get_models():
        if model not in MADE_ANEW:
            found[model.__name__] = [
                {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}
                for row in model.objects.order_by("pk")
            ]
    for name, columns in NEW_COLUMNS.items():
        for row in found[name]:
            for column in columns:
                del row[column]
    for holder in (*found["Dyad"], *found["Person"]):
        holder["key"] = ""  # another one each time that there are keys again
    for person in found["Person"]:
        person["ref"] = ""
    return found


def texts(table):
    """Return the texts that stand in a table of before there were keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT words FROM {table} WHERE words IS NOT NULL")  # noqa: S608
        return {words for (words,) in cursor.fetchall()}


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_is_lost_on_the_way_back_and_forth(told):
    before, made = rows(), triggers()
    seen = [told.session(seat) for seat in Seat]

    migrate(BEFORE_TRIGGERS)

    assert triggers() == {}
    # Plain again, as they were before there were keys.
    assert texts("store_answer") == {"What I said.", "What I heard."}
    assert texts("store_laterthought") == {"More than I knew."}

    migrate()

    assert (rows(), triggers()) == (before, made)
    assert [told.session(seat) for seat in Seat] == seen
    assert all(before.values())


def test_what_was_written_before_there_were_keys_is_sealed(told):
    migrate(BEFORE_KEYS)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_dyad SET rhythm = 'weekly', frame = 'two days'")

    migrate()

    dyad = told.dyad()
    assert (dyad.rhythm, dyad.frame) == ("weekly", "two days")
    assert len({bytes(key) for key in Dyad.objects.values_list("key", flat=True)}) == 4
    for model, field in ((Answer, "words"), (LaterThought, "words"), (Dyad, "frame")):
        for value in model.objects.values_list(field, flat=True):
            assert value is None or bytes(value)[0] == 1
    migrate(BEFORE_KEYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT rhythm, frame FROM store_dyad")
        assert cursor.fetchall() == [("weekly", "two days")]


def test_everybody_who_was_there_is_given_a_key_of_their_own(told):
    migrate(BEFORE_PAGES)
    assert not Event.objects.filter(what="page_written").exists()
    assert not Withdrawal.objects.filter(what="reach").exists()

    migrate()

    people = list(Person.objects.all())
    assert len({person.ref for person in people}) == len(people) == 7
    assert len({person.place("").open_holder_key() for person in people}) == 7
    told.do(actions.write_page, C, "For myself.")
    assert PrivatePage.objects.get().words == "For myself."


@pytest.mark.parametrize(
    "where", [BEFORE_TRIGGERS, BEFORE_KEYS, BEFORE_EVENTS, BEFORE_PAGES]
)
def test_an_empty_store_can_go_there_and_back(whole, where):
    before = triggers()

    migrate(where)
    migrate()

    assert triggers() == before


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
