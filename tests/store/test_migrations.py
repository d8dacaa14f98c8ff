"""The tables can be made, taken apart and made again, and nothing is lost on the way."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, NotSupportedError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from app_people import AGREED, NOW, make_world
from duologue.records import Seat, Terms
from duologue.sharing import Purpose
from duologue.store import actions, migrations, queries
from duologue.store.models import (
    Agreement,
    Answer,
    Attempts,
    Consent,
    Contact,
    Dyad,
    Event,
    FilledForm,
    FormPack,
    FormRhythm,
    Goal,
    GoalRating,
    GoalReview,
    GoalWording,
    HereAndNow,
    Invitation,
    LaterThought,
    Person,
    Preferences,
    PrivatePage,
    PutCard,
    Reachable,
    Recording,
    Reminder,
    Transcript,
    Withdrawal,
)
from duologue.store.triggers import create
from rules import triggers
from schema import schema
from two_seats import C, T, Two

BEFORE_TRIGGERS, BEFORE_KEYS, BEFORE_EVENTS = "0001_initial", "0002", "0003"
BEFORE_PAGES, BEFORE_AGREEMENTS, NOTHING = "0005", "0006", "zero"
BEFORE_GOALS = "0011"
WHOLE = "0001_squashed_0016_transcripts"
STEPS = [
    name
    for _, name in import_module(f"{migrations.__name__}.{WHOLE}").Migration.replaces
]
MADE_ANEW = {
    *(Attempts, Event, Invitation, Withdrawal),
    *(PrivatePage, Contact, Reachable),
    *(Agreement, Consent, Preferences, Reminder),
    *(Goal, GoalWording, GoalRating, GoalReview, FilledForm, FormRhythm),
    FormPack,
    PutCard,
    Recording,
    Transcript,
    HereAndNow,
}
NEW_COLUMNS = {
    "Practice": ("telling", "supervisor", "wellbeing", "use"),
    "Person": ("practice",),
}
"""What did not exist before, and cannot be kept on the way back."""


def migrate(*target):
    """Bring the tables of the store to where they stood once, or all to where they are.

    Other tables stand on them, and go with them.
    """
    where = ("store", *target) if target else ()
    if where:
        # Noted beside the steps that it replaces, it would be gone back over as well.
        MigrationRecorder(connection).record_unapplied("store", WHOLE)
    call_command("migrate", *where, verbosity=0, interactive=False)


def step_up_to(where):
    """Make the tables of an empty store step by step, as far as this one."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    executor.migrate([("store", where)])
    # As it was noted before there was another way.
    MigrationRecorder(connection).record_unapplied("store", WHOLE)


def noted():
    """Return the steps of the store that its database says it has gone."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(name for app, name in applied if app == "store")


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
    for dyad in found["Dyad"]:
        del dyad["agreement"]
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

    terms = told.dyad().terms()
    assert (terms.rhythm, terms.frame) == ("weekly", "two days")
    assert len({bytes(key) for key in Dyad.objects.values_list("key", flat=True)}) == 4
    for model, field in (
        (Answer, "words"),
        (LaterThought, "words"),
        (Agreement, "frame"),
    ):
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


def test_what_was_agreed_becomes_the_first_version_and_comes_back(told):
    told.do(actions.propose, C, replace(AGREED, length_min=45, frame="The red door."))
    proposal = Agreement.objects.get(version=None)
    told.do(actions.accept_proposal, T, proposal.ref)
    told.do(actions.propose, T, replace(AGREED, length_min=30))
    told.do(actions.say_yes, C, Purpose.RECORDING, sessions=[4])
    told.do(actions.say_no, C, Purpose.RECORDING)
    told.do(actions.keep_preferences, C, {"pace": 20.0})
    before, made = rows(), triggers()

    migrate(BEFORE_AGREEMENTS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT length_min FROM store_dyad ORDER BY id")
        assert cursor.fetchall() == [(45,), (50,), (50,), (50,)]

    migrate()

    assert (rows(), triggers()) == (before, made)
    first = Agreement.objects.get(dyad__ref=told.ref)
    today = timezone.localdate()
    assert (first.version, first.proposed_by) == (1, "")
    assert [first.accepted_on(seat) for seat in Seat] == [today, today]
    assert told.dyad().terms() == Terms(
        length_min=45, rhythm=AGREED.rhythm, frame="The red door."
    )
    assert Agreement.objects.count() == 4
    assert not Consent.objects.exists()
    assert not Preferences.objects.exists()
    # It goes on from there.
    told.do(actions.propose, T, AGREED)
    assert queries.agreed(told.pair(C)).proposal.terms == AGREED


def test_goals_and_forms_are_refused_a_way_back_that_would_break_the_chain(told):
    told.goal()

    with pytest.raises(IntegrityError, match="event_is_something_known"):
        migrate(BEFORE_GOALS)


def test_before_anybody_came_for_something_the_way_back_is_open(told):
    Withdrawal.objects.create(what="form", dyad=told.ref, seat="client", item="phq9")

    migrate(BEFORE_GOALS)
    assert not Withdrawal.objects.filter(what="form").exists()

    migrate()
    told.goal()
    assert [goal.holds.words for goal in told.goals(T).in_force]


def test_a_pair_that_had_agreed_nothing_has_no_version(told):
    Dyad.objects.update(agreement=None)
    Agreement.objects.all().delete()

    migrate(BEFORE_AGREEMENTS)
    migrate()

    assert not Agreement.objects.exists()
    assert told.dyad().terms() == Terms()


def test_an_empty_store_can_go_back_and_forth_from_stop_to_stop(whole):
    before = triggers()
    stops = (
        BEFORE_TRIGGERS,
        BEFORE_KEYS,
        BEFORE_EVENTS,
        BEFORE_PAGES,
        BEFORE_AGREEMENTS,
        BEFORE_GOALS,
    )

    for where in (*reversed(stops), *stops[1:]):
        migrate(where)
        assert noted()[-1].startswith(where)
    migrate()

    assert triggers() == before


def test_the_store_can_be_taken_apart_and_made_again(whole):
    before = schema()

    migrate(NOTHING)

    assert not any(schema().values())

    migrate()

    assert schema() == before


def test_a_new_store_is_made_in_one_step(whole):
    migrate(NOTHING)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())

    migrate()

    assert [step.name for step, _ in plan if step.app_label == "store"] == [WHOLE]
    assert noted() == sorted([WHOLE, *STEPS])


@pytest.mark.parametrize("where", [STEPS[6], STEPS[-1]])
def test_a_store_that_went_step_by_step_is_just_like_a_new_one(whole, where):
    new = schema()  # as it is when made anew: see the test of taking it apart
    migrate(NOTHING)
    step_up_to(where)
    assert noted() == STEPS[: STEPS.index(where) + 1]

    migrate()

    assert schema() == new
    assert noted() == sorted([WHOLE, *STEPS])


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
