"""What databases do each in their own way, and what nobody may notice of it.

Every test runs on SQLite and on PostgreSQL (`make test` runs the store on both), but for
the few that say why not.
"""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

import postgres_cluster
from app_people import NOW, dyad, person
from duologue import instruments
from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.records import Agreement, Answer, Course, Dyad, Kind, Reflection, Seat
from duologue.records import Session as SessionRecord
from duologue.store import actions, queries
from duologue.store.made_up import make_practice
from duologue.store.models import Answer as AnswerRow
from duologue.store.models import Card, Person, Practice, Session
from duologue.store.models.sealed import Sealed
from duologue.store.triggers import Rule, create, creating, drop, dropping
from rules import ON_POSTGRESQL, forget, triggers
from two_seats import C, T

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NUL = "a\0b"

on_postgresql = pytest.mark.skipif(
    not ON_POSTGRESQL, reason="SQLite has no server that could log or be set otherwise"
)


# Order


@pytest.fixture
def as_it_lies(two):
    """Let PostgreSQL read its tables as they lie on the disk, as it may at any time."""
    if ON_POSTGRESQL:
        with connection.cursor() as cursor:
            for way in ("indexscan", "bitmapscan", "indexonlyscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def test_a_room_that_has_opened_is_seen_before_a_newer_one(two):
    two.open()
    two.do(actions.show_room, T, 3)
    code = two.room(T).code
    for seat in Seat:
        two.do(actions.tap, seat, 3, code)

    two.do(actions.show_room, C, 2, now=NOW + MINUTE)

    assert two.room(C, now=NOW + MINUTE).opened
    assert two.room(C, now=NOW + MINUTE).number == 3


CODES = ("B", "a c", "a-b", "ab", "b", "ß", "é", "中")
"""In the order of their characters; those of a language order them otherwise."""


def test_pairs_are_ordered_by_the_characters_of_their_codes(two):
    for code in reversed(CODES):
        made = dyad(two.world.practice, person(f"client {code}"), two.world.out)
        type(made).objects.filter(pk=made.pk).update(code=code)

    found = [pair.code for pair in queries.pairs_of(two.world.out)]

    assert found == list(CODES) == sorted(CODES)


def test_the_seats_of_the_people_of_a_demo_are_in_that_order_too(two):
    # Before the others or after them, as one orders.
    type(two.dyad()).objects.filter(ref="ref-of-sup").update(code="Z")

    (therapist,) = (p for p in queries.demo_people() if p.code == "therapist-code")

    assert therapist.seats == ("supervisee", "therapist", "therapist")


@pytest.mark.parametrize("seat", Seat)
def test_answers_stay_in_the_order_in_which_they_were_given(two, as_it_lies, seat):
    two.open(deep=(1.0, 2.0), safe=(3.0, 4.0), here=(5.0, 6.0))
    before = queries.opened_sessions(two.seen(C), two.pair(C)), two.seen(T)

    for item in ("safe", "open"):
        two.do(actions.take_back, seat, 3, item)
        two.do(actions.open_again, seat, 3, item)

    assert (queries.opened_sessions(two.seen(C), two.pair(C)), two.seen(T)) == before


def test_of_sessions_at_one_time_the_one_with_the_highest_number_is_the_newest(
    two, as_it_lies
):
    start = Session.objects.get(dyad=two.dyad(), number=2).planned_start
    Session.objects.filter(dyad=two.dyad(), number__lte=3).update(planned_start=start)

    assert queries.today(two.pair(C), now=NOW).number == 3
    assert queries.last_session(two.pair(C), now=NOW).number == 3


# What cannot be kept


@pytest.mark.parametrize("item", [NUL, "\0", "x" * 1000])
@pytest.mark.parametrize(
    ("action", "more"),
    [
        (actions.take_back, ()),
        (actions.open_again, ()),
        (actions.add_later_thought, ("A thought.",)),
    ],
)
def test_an_item_that_no_database_could_hold_is_none_that_was_answered(
    two, action, more, item
):
    two.open()

    with pytest.raises(NotYoursError, match="no such answer"):
        two.do(action, C, 3, item, *more)


def test_nobody_is_called_what_no_database_could_hold(two):
    assert queries.demo_person(NUL) is None
    assert queries.demo_person("x" * 1000) is None


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63, 2**64])
def test_a_number_that_is_too_large_for_one_of_them_is_no_sessions(two, number):
    with pytest.raises(NotYoursError, match="no such session"):
        two.session(C, number)
    with pytest.raises(NotYoursError, match="no such session"):
        two.answer(C, number, open=1.0)
    with pytest.raises(NotNowError, match="not open"):
        two.do(actions.tap, C, number, "000000")
    assert queries.seen(two.pair(C), number=number).ours.sessions == ()


def course(*, number=1, words="A line.", code="pair", **agreed):
    """Return a course of one session and one line."""
    return Course(
        dyad=Dyad(
            code=code, client="her", therapist="him", agreement=Agreement(**agreed)
        ),
        prompts=instruments.prompts(Kind.THERAPY),
        sessions=(SessionRecord(number=number, planned_start=NOW),),
        reflections=(
            Reflection(session=number, seat=C, answers=(Answer("line", words, True),)),
        ),
    )


def keep(made):
    return actions.import_course(
        made,
        now=NOW,
        practice=Practice.objects.create(name="A place", crisis="Ring."),
        client=person("her"),
        therapist=person("him"),
    )


@pytest.mark.parametrize(
    ("course", "message"),
    [
        (course(code="x" * 41), "^the code of course takes 40 characters"),
        (course(code=NUL), "^the code of course must not hold the character NUL"),
        (course(rhythm="x" * 81), "^the rhythm of course takes 80 characters"),
        (course(frame=NUL), "^the frame of course must not hold"),
        (course(words="x" * 281), "^each answer of course must be one that is asked"),
        (course(words=NUL), "^each answer of course must be one that is asked for"),
        (course(number=10**6 + 1), "numbered from 1 on, to 1000000"),
    ],
)
def test_a_course_that_one_of_them_could_not_hold_is_refused_by_all(
    db, course, message
):
    with pytest.raises(ParameterError, match=message) as refused:
        keep(course)

    assert "xx" not in str(refused.value)
    assert not queries.pairs_of(Person.objects.get(code="her"))


def test_an_answer_without_an_upper_limit_of_its_own_has_that_of_the_store(db):
    made = course(words="x" * 281)
    limitless = tuple(
        replace(item, max_characters=None) if item.id == "line" else item
        for item in made.prompts.items
    )

    with pytest.raises(ParameterError, match="one that is asked for"):
        keep(replace(made, prompts=replace(made.prompts, items=limitless)))


def test_the_most_that_a_course_may_hold_is_kept_whole(db):
    most = {"code": "中" * 40, "rhythm": "é" * 80, "words": "𝄞" * 280}

    kept = keep(course(number=10**6, frame="x" * 10_000, **most))

    kept.refresh_from_db()
    assert (kept.code, kept.terms().rhythm) == (most["code"], most["rhythm"])
    assert AnswerRow.objects.get().words == most["words"]


def test_made_up_people_are_not_put_among_those_of_a_practice(two):
    Practice.objects.update(made_up=False)

    with pytest.raises(ParameterError, match="are not put among those of a practice"):
        make_practice(seed=1, now=NOW)

    assert Practice.objects.count() == 1


# Several at once


def after(gate, act):
    """Do something in a thread of its own once a gate opens; return it and its outcome."""
    outcome = SimpleNamespace(fault=None)

    def run():
        gate.wait()
        try:
            act()
        except DatabaseError as fault:
            outcome.fault = fault
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def new(dyad, number):
    """Store a session without holding the pair, as no action does."""
    Session.objects.bulk_create(
        [Session(dyad=dyad, number=number, planned_start=NOW + 30 * DAY)]
    )


def test_a_number_is_not_given_again_while_another_is_being_given(transactional_db):
    made = dyad(
        Practice.objects.create(name="A place", crisis="Ring."),
        person("her"),
        person("him"),
    )
    gate = threading.Event()
    thread, outcome = after(gate, lambda: new(made, 6))

    with transaction.atomic():
        new(made, 7)
        gate.set()
        thread.join(timeout=0.3)  # it waits: the other's number is not yet certain
        assert thread.is_alive()
    thread.join()

    assert isinstance(outcome.fault, IntegrityError)
    assert "session_number_is_never_given_again" in str(outcome.fault)
    assert list(made.sessions.values_list("number", flat=True)) == [1, 2, 3, 4, 7]


@pytest.mark.parametrize("numbers", [(5, 6, 7), (7, 5, 6)])
def test_several_sessions_of_one_statement_are_counted_in_their_order(two, numbers):
    def store():
        with transaction.atomic():
            Session.objects.bulk_create(
                Session(dyad=two.dyad(), number=n, planned_start=NOW) for n in numbers
            )

    if numbers == tuple(sorted(numbers)):
        store()
        assert two.dyad().last_number == 7
    else:
        with pytest.raises(IntegrityError):
            store()
        assert two.dyad().last_number == 4


def test_what_is_refused_leaves_the_rest_of_a_transaction_as_it_was(two):
    two.open()

    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRow.objects.update(number=50.0, choice=None, chips=None, words=None)
    two.do(actions.send_card, C)

    assert two.item(T).theirs == 70.0
    assert Card.objects.exists()


# Rules over time

KEPT = {
    "card_is_never_removed": Rule(
        sqlite="""
        BEFORE DELETE ON store_card WHEN OLD.seat = 'client' AND 'a' LIKE '%a'
        BEGIN SELECT RAISE(ABORT, 'card_is_never_removed'); END
        """,
        at="BEFORE DELETE ON store_card",
        refuses="OLD.seat = 'client' AND 'a' LIKE '%a'",
    )
}


class Editor:
    """What a migration has for changing tables: the test's own connection."""

    connection = connection

    @staticmethod
    def execute(statement, params):
        """Execute a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement, params)


def test_a_rule_may_refuse_a_deletion_and_lets_any_other_pass(two):
    for seat in Seat:
        two.do(actions.send_card, seat)
    forget()  # nothing: what is still to be checked is, so that the table can be changed
    create(KEPT).code(None, Editor)

    with (
        pytest.raises(IntegrityError, match=r"^card_is_never_removed"),
        transaction.atomic(),
    ):
        Card.objects.filter(seat=C).delete()
    Card.objects.filter(seat=T).delete()

    assert [card.seat for card in Card.objects.all()] == [C]

    forget()
    drop(KEPT).code(None, Editor)

    assert "card_is_never_removed" not in triggers()
    Card.objects.all().delete()
    assert not Card.objects.exists()


@pytest.mark.parametrize("step", [create, drop])
def test_a_step_of_a_migration_undoes_itself(two, step):
    before = triggers()
    forget()
    if step is drop:
        create(KEPT).code(None, Editor)

    step(KEPT).code(None, Editor)
    step(KEPT).reverse_code(None, Editor)

    assert set(triggers()) - set(before) == (set(KEPT) if step is drop else set())


def test_a_rule_is_made_and_dropped_in_the_words_of_each_database():
    (name, rule), *_ = KEPT.items()
    does = replace(rule, refuses="", does="NULL;")

    (sqlite,) = creating("sqlite", name, rule)
    function, trigger = creating("postgresql", name, rule)
    doing, _ = creating("postgresql", name, does)

    assert sqlite == f"CREATE TRIGGER {name} {rule.sqlite}"
    assert f"IF {rule.refuses} THEN" in function
    assert f"CREATE TRIGGER {name} BEFORE DELETE ON store_card FOR EACH ROW" in trigger
    assert "RAISE" not in doing
    assert dropping("sqlite", name) == (f"DROP TRIGGER {name}",)
    assert dropping("postgresql", name) == (f"DROP FUNCTION {name}() CASCADE",)


# The server


GUIDE = Path(__file__).parents[2] / "docs/guide/a-practice-on-postgresql.md"


def test_the_guide_says_how_to_keep_words_out_of_the_servers_log():
    guide = GUIDE.read_text(encoding="utf-8")

    for name, value in postgres_cluster.QUIET.items():
        assert f"ALTER ROLE duologue SET {name} = '{value}';" in guide


@on_postgresql
def test_words_are_not_in_the_servers_log_whether_they_are_kept_or_refused(two):
    two.open(line=("my-own-words", "my-own-words"))

    line = AnswerRow.objects.filter(item="line")
    other = Sealed(b"my-other-words")
    for change in ({"words": other}, {"number": 61.0625}):
        with pytest.raises(IntegrityError), transaction.atomic():
            line.update(**change)
    two.answer(C, deep=1.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRow.objects.filter(item="deep").update(words=other)

    log = (postgres_cluster.folder() / "log").read_text(encoding="utf-8")
    assert 'UPDATE "store_answer" SET "words" = $1' in log
    assert 'violates check constraint "answer_has_one_value"' in log
    assert [
        word for word in ("my-own-words", "my-other", "61.0625") if word in log
    ] == []


@on_postgresql
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transaction_isolation", "read committed"),
        ("synchronous_commit", "on"),
        ("lock_timeout", "20s"),
        ("TimeZone", "UTC"),
    ],
)
def test_a_connection_does_not_rely_on_what_the_server_is_set_to(db, name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")

        assert cursor.fetchone() == (value,)
