"""The encrypted database, attacked: from the disk, with another key, by what it says."""

import logging
import runpy
import secrets
import sqlite3
import sys
import traceback
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connections,
    models,
    transaction,
)
from django.db.utils import ConnectionHandler
from django.test.utils import isolate_apps
from django.views.debug import ExceptionReporter

from duologue.store.sqlcipher import base, library

KEY, OTHER_KEY = secrets.token_hex(32), secrets.token_hex(32)
SENTENCE = "I never told anybody about the lighthouse."
OURS, PLAIN = "duologue.store.sqlcipher", "django.db.backends.sqlite3"
ALIAS = "sealed"
MEMORY = (":memory:", "file:x?mode=memory&cache=shared", "file::memory:?cache=shared")
PAGE = 4096


def the_key():
    """Return the key, as the app does once it is unlocked."""
    return KEY


def another_key():
    return OTHER_KEY


class LockedError(Exception):
    """There is no key at present."""


def locked():
    raise LockedError("Unlock it first.")


@pytest.fixture
def connect(tmp_path, django_db_blocker):
    """Connect to a database in the folder of the test."""
    made = []

    def connect(name="kept.db", *, engine=OURS, test=None, **options):
        options = {
            "timeout": 0.1,
            **({"key": the_key} if engine == OURS else {}),
        } | options
        settings = {
            "ENGINE": engine,
            "NAME": name if name in MEMORY else tmp_path / name,
            "OPTIONS": options,
            "TEST": {"NAME": test},
        }
        connection = ConnectionHandler({"default": {}, ALIAS: settings})[ALIAS]
        connections[ALIAS] = connection
        made.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield connect
        for connection in made:
            connection.close()
    if made:
        del connections[ALIAS]


@pytest.fixture
def kept(connect, tmp_path):
    """A database of a good many pages, closed."""
    connection = connect()
    do(connection, "CREATE TABLE said (id integer PRIMARY KEY, words text UNIQUE)")
    with transaction.atomic(ALIAS), connection.cursor() as cursor:
        rows = ([f"{SENTENCE} {i}"] for i in range(400))
        cursor.executemany("INSERT INTO said (words) VALUES (%s)", rows)
    connection.close()
    return tmp_path / "kept.db"


def do(connection, statement, *params):
    """Run a statement, and return all that comes of it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall()


def read_all(connection):
    """Read every page of what is kept: of the table, and of its index."""
    do(connection, "SELECT * FROM said")
    do(connection, "SELECT words FROM said ORDER BY words")


# From the disk --------------------------------------------------------------------


def where(files, *sought):
    """Name the files in which something stands, in any way that SQLite writes text."""
    forms = [s.encode(how) for s in sought for how in ("utf-8", "utf-16le", "utf-16be")]
    forms.append(bytes.fromhex(KEY))
    return {name for name, held in files.items() if any(form in held for form in forms)}


def on_disk(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_and_look(connection, folder, mode):
    """Write, change and erase; return what lay in the folder at each of five moments."""
    do(connection, f"PRAGMA journal_mode={mode}")
    do(connection, "CREATE TABLE said (words text)")
    do(connection, "CREATE INDEX by_words ON said (words)")
    do(connection, "INSERT INTO said VALUES (%s)", SENTENCE)
    moments = [on_disk(folder)]
    do(connection, "PRAGMA cache_size=1")
    do(connection, "BEGIN")
    do(connection, "UPDATE said SET words = words || '!'")
    moments.append(on_disk(folder))
    do(connection, "COMMIT")
    do(connection, "PRAGMA wal_checkpoint")
    moments.append(on_disk(folder))
    do(connection, "DELETE FROM said")
    moments.append(on_disk(folder))
    connection.close()
    return [*moments, on_disk(folder)]


MODES = pytest.mark.parametrize(
    ("mode", "beside"),
    [("WAL", {"kept.db-wal", "kept.db-shm"}), ("DELETE", {"kept.db-journal"})],
)


@MODES
def test_nothing_that_was_written_can_be_read_from_the_disk(
    connect, tmp_path, mode, beside
):
    moments = write_and_look(connect(), tmp_path, mode)

    assert set.union(*map(set, moments)) == {"kept.db", *beside}
    assert [where(files, SENTENCE, KEY) for files in moments] == [set()] * 5


@MODES
def test_the_same_look_finds_it_in_a_plain_database(connect, tmp_path, mode, beside):
    moments = write_and_look(connect(engine=PLAIN), tmp_path, mode)

    found = set.union(*(where(files, SENTENCE) for files in moments))
    assert found == {"kept.db", *beside} - {"kept.db-shm"}


def test_plain_sqlite_cannot_open_it(kept):
    connection = sqlite3.connect(kept)
    with pytest.raises(sqlite3.DatabaseError, match="file is not a database"):
        connection.execute("SELECT * FROM said")
    connection.close()

    assert not kept.read_bytes().startswith(b"SQLite format 3")


def unlinked_files():
    """Return what this process holds open without a name, as SQLite's own files are."""
    held = {}
    for fd in Path("/proc/self/fd").iterdir():
        if fd.is_symlink() and str(fd.readlink()).endswith(" (deleted)"):
            held[str(fd.readlink())] = fd.read_bytes()
    return {name: data for name, data in held.items() if "etilqs" in name}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    ("init", "n_files"),
    [("", 0), ("PRAGMA temp_store=FILE", 1)],
    ids=["ours", "the look"],
)
def test_a_large_sort_leaves_nothing_in_the_open(connect, init, n_files):
    """With the one pragma undone, the same look does find the sentence."""
    connection = connect(init_command=f"PRAGMA cache_size=10; {init}")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
            " SELECT hex(randomblob(500)) || %s FROM n ORDER BY 1",
            [SENTENCE],
        )
        cursor.fetchone()
        found = where(unlinked_files(), SENTENCE)

    assert len(found) == n_files


def test_what_is_erased_is_gone_and_the_order_of_settings_is_ours(connect):
    connection = connect()

    assert do(connection, "PRAGMA secure_delete") == [(1,)]
    assert do(connection, "PRAGMA temp_store") == [(2,)]
    assert do(connection, "PRAGMA foreign_keys") == [(1,)]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "statement",
    ["VACUUM INTO %s", "ATTACH %s AS copy"],
)
def test_a_second_file_is_encrypted_with_the_same_key(connect, tmp_path, statement):
    connection = connect()
    do(connection, statement, str(tmp_path / "copy.db"))
    if "copy" in statement:
        do(connection, "CREATE TABLE copy.said AS SELECT * FROM main.said")
    connection.close()

    assert not where(on_disk(tmp_path), SENTENCE)
    assert len(do(connect("copy.db"), "SELECT * FROM said")) == 400


# Another key, and a damaged file --------------------------------------------------


def flip(path, place):
    """Change one bit of a file."""
    held = bytearray(path.read_bytes())
    held[place] ^= 1
    path.write_bytes(held)


def test_another_key_opens_nothing_harms_nothing_and_prints_nothing(
    connect, kept, capfd
):
    before = kept.read_bytes()
    with pytest.raises(DatabaseError, match="not open the database 'sealed'") as caught:
        read_all(connect(key=another_key))

    held = [fd.resolve() for fd in Path("/proc/self/fd").glob("*")]
    assert kept not in held  # even while the error is looked at
    assert caught.value.__cause__ is None
    assert kept.read_bytes() == before
    assert capfd.readouterr() == ("", "")
    read_all(connect())


def test_what_was_not_encrypted_is_not_opened(connect, tmp_path):
    plain = connect(engine=PLAIN)
    do(plain, "CREATE TABLE said (words text)")
    plain.close()
    (tmp_path / "noise.db").write_bytes(secrets.token_bytes(2 * PAGE))

    for name in ("kept.db", "noise.db"):
        with pytest.raises(DatabaseError, match="damaged or no such database"):
            connect(name).ensure_connection()


@pytest.mark.parametrize("place", [0, 15, 16, 99, PAGE - 1])
def test_one_bit_of_the_first_page_closes_it(connect, kept, place):
    flip(kept, place)

    with pytest.raises(DatabaseError, match="the file is damaged"):
        connect().ensure_connection()


def test_one_bit_of_any_other_page_is_noticed_and_found(connect, kept):
    whole = kept.read_bytes()
    n_pages = len(whole) // PAGE
    for page in range(2, n_pages + 1):
        kept.write_bytes(whole)
        flip(kept, PAGE * (page - 1) + secrets.randbelow(PAGE))
        connection = connect()

        found = do(connection, "PRAGMA cipher_integrity_check")
        assert found == [(f"HMAC verification failed for page {page}",)]
        with pytest.raises(DatabaseError, match="malformed"):
            read_all(connection)
        connection.close()

    assert n_pages > 10


def test_two_pages_that_change_places_are_noticed(connect, kept):
    whole = kept.read_bytes()
    kept.write_bytes(
        whole[:PAGE]
        + whole[2 * PAGE : 3 * PAGE]
        + whole[PAGE : 2 * PAGE]
        + whole[3 * PAGE :]
    )

    with pytest.raises(DatabaseError, match="malformed"):
        read_all(connect())


# As Django's own ------------------------------------------------------------------


@isolate_apps("duologue.store")
def test_every_type_comes_back_as_it_was_given(connect):
    class Kept(models.Model):
        amount = models.DecimalField(max_digits=12, decimal_places=3)
        day = models.DateField()
        at = models.DateTimeField()
        clock = models.TimeField()
        yes = models.BooleanField()
        no = models.BooleanField(null=True)
        data = models.JSONField()
        raw = models.BinaryField()
        large = models.BigIntegerField()
        small = models.BigIntegerField()
        ref = models.UUIDField()
        lasted = models.DurationField()
        words = models.TextField()

        class Meta:
            app_label = "store"

    given = {
        "amount": Decimal("-12345.678"),
        "day": date(2026, 2, 28),
        "at": datetime(2026, 2, 28, 23, 59, 59, 999_999, timezone(timedelta(hours=5))),
        "clock": time(23, 59, 59, 1),
        "yes": True,
        "no": None,
        "data": {"a": [1, None, "é%s\x00"], "b": 1.5},
        "raw": bytes(range(256)),
        "large": 2**63 - 1,
        "small": -(2**63),
        "ref": UUID(int=7),
        "lasted": timedelta(days=-1, microseconds=1),
        "words": "100 %s: “ja”, \U0001f600",
    }
    connection = connect()
    with connection.schema_editor() as editor:
        editor.create_model(Kept)

    Kept.objects.using(ALIAS).create(**given)
    connection.close()
    found = Kept.objects.using(ALIAS).filter(**given).values(*given).get()

    assert found == given
    assert [type(value) for value in found.values()] == [
        type(value) for value in given.values()
    ]
    assert found["at"].tzinfo is UTC


def test_columns_are_read_by_the_type_they_were_made_with(connect):
    at = datetime(2026, 2, 28, 23, 59, 59, 1, timezone(timedelta(hours=5)))
    given = (True, date(2026, 2, 28), time(1, 2, 3, 4), at, at, Decimal("1.50"))
    connection = connect()
    do(
        connection,
        "CREATE TABLE t (a bool, b date, c time, d datetime, e timestamp, f text)",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s)",
            [*given[:2], given[2].isoformat(), *given[3:]],
        )
    (found,) = do(connection, "SELECT * FROM t")

    assert found == (*given[:5], "1.50")
    assert found[0] is True


@pytest.mark.parametrize(
    "params", [(["a", "b"],), ({"one": "a", "two": "b"},)], ids=["%s", "%(name)s"]
)
def test_both_of_the_ways_to_give_parameters_work(connect, params):
    words = "%s || %s" if isinstance(params[0], list) else "%(one)s || %(two)s"
    connection = connect()
    do(connection, "CREATE TABLE said (words text)")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO said VALUES ({words} || '%%')", *params)  # noqa: S608
        cursor.executemany(
            f"INSERT INTO said VALUES ({words})",  # noqa: S608
            (one for one in params * 2),
        )
        cursor.executemany("INSERT INTO said VALUES (%s)", [])

    assert do(connection, "SELECT * FROM said") == [("ab%",), ("ab",), ("ab",)]


def test_a_default_is_written_as_this_library_adapts_it(connect, monkeypatch):
    class Word:
        """Something that the standard library cannot adapt."""

    adapters = library.sqlcipher.adapters
    kind = (Word, library.sqlcipher.PrepareProtocol)
    monkeypatch.setitem(adapters, kind, lambda word: "it's")

    with connect().schema_editor() as editor:
        assert editor.quote_value(Word()) == "'it''s'"


@isolate_apps("duologue.store")
def test_a_new_column_fills_older_rows_with_its_default(connect):
    class Said(models.Model):
        class Meta:
            app_label = "store"

    field = models.DateTimeField(default=datetime(2026, 1, 2, tzinfo=UTC))
    field.set_attributes_from_name("at")
    connection = connect()
    with connection.schema_editor() as editor:
        editor.create_model(Said)
        Said.objects.using(ALIAS).create()
        editor.add_field(Said, field)

        assert editor.quote_value(Decimal("1.50")) == "'1.50'"
        assert editor.quote_value(b"\x01") == "X'01'"
        assert editor.quote_value("it's") == "'it''s'"
        with pytest.raises(ValueError, match="Cannot quote"):
            editor.quote_value(object())
    assert do(connection, "SELECT at FROM store_said") == [(datetime(2026, 1, 2),)]  # noqa: DTZ001


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("INSERT INTO said VALUES (1, 'a second one')", IntegrityError),
        ("INSERT INTO said VALUES (1000, NULL), (1000, NULL)", IntegrityError),
        ("SELECT * FROM nothing", OperationalError),
        ("SELECT FROM", OperationalError),
    ],
)
def test_what_the_library_raises_is_raised_as_djangos(connect, statement, error):
    with pytest.raises(error) as caught:
        do(connect(), statement)

    assert type(caught.value) is error
    assert isinstance(caught.value.__cause__, library.sqlcipher.Error)


@pytest.mark.usefixtures("kept")
def test_a_database_that_another_writes_to_is_locked_as_ever(connect):
    one, two = connect(), connect()
    do(one, "BEGIN EXCLUSIVE")

    with pytest.raises(OperationalError, match="database is locked"):
        do(two, "SELECT * FROM said")


# What it says of the key ----------------------------------------------------------


def unhex():
    return f"{KEY[:-1]}g"


def too_short():
    return KEY[:-2]


def no_text():
    return bytes.fromhex(KEY)


def injected():
    return f"{KEY}'\"; ATTACH 'x' AS x KEY ''"


def trailing():
    return f"{KEY}\n"


def use(connection, statement="SELECT 1"):
    do(connection, statement)


def damaged(connect, kept):
    flip(kept, 3 * PAGE)
    read_all(connect())


FAILURES = {
    "another key": lambda connect, _: use(connect(key=another_key)),
    "a key in the settings": lambda connect, _: use(connect(key=KEY)),
    "no key": lambda connect, _: use(connect(key=None)),
    "letters in the key": lambda connect, _: use(connect(key=unhex)),
    "a short key": lambda connect, _: use(connect(key=too_short)),
    "a key of bytes": lambda connect, _: use(connect(key=no_text)),
    "more than a key": lambda connect, _: use(connect(key=injected)),
    "a line more than a key": lambda connect, _: use(connect(key=trailing)),
    "locked": lambda connect, _: use(connect(key=locked)),
    "no folder": lambda connect, _: use(connect("nowhere/kept.db")),
    "a folder": lambda connect, _: use(connect("")),
    "memory": lambda connect, _: use(connect(":memory:")),
    "a setting that is none": lambda connect, _: use(connect(nonsense=1)),
    "a first command that is none": lambda connect, _: use(connect(init_command="NO")),
    "a mode that is none": lambda connect, _: use(connect(transaction_mode="NO")),
    "damaged": damaged,
    "no such table": lambda connect, _: use(connect(), "SELECT * FROM nothing"),
    "a rule broken": lambda connect, _: use(
        connect(), "INSERT INTO said VALUES (1, 1)"
    ),
}


def told(error):
    """Return all that an error tells, also to whoever looks at a page of errors."""
    lines = [repr(error), str(error), *traceback.format_exception(error)]
    seen = error
    while seen is not None:
        lines.append(
            ExceptionReporter(
                None, type(seen), seen, seen.__traceback__
            ).get_traceback_html()
        )
        for frame, _ in traceback.walk_tb(seen.__traceback__):
            if frame.f_globals["__name__"] != __name__:
                lines.extend(map(repr, frame.f_locals.values()))
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


@pytest.fixture
def all_told(settings, caplog, monkeypatch):
    """Log every statement, and let pages of errors show what they can."""
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    monkeypatch.setattr(logging.getLogger("django.db.backends"), "disabled", False)


@pytest.mark.usefixtures("all_told")
@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_tells_the_key(connect, kept, caplog, capfd, name):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is not the matter
        FAILURES[name](connect, kept)

    connection = connections[ALIAS]
    said = [told(caught.value), caplog.text, *capfd.readouterr()]
    said += [repr(connection), str(connection), repr(connection.queries)]
    if name != "a key in the settings":
        said.append(repr(connection.settings_dict))
    for key in (KEY, OTHER_KEY):
        assert not any(key[:-2] in words or key[:-2].upper() in words for words in said)


def test_the_key_is_sent_before_anything_else(connect):
    sent = []

    class Telling(library.sqlcipher.Connection):
        def execute(self, statement, *params):
            sent.append(statement)
            return super().execute(statement, *params)

    connect(factory=Telling, init_command="PRAGMA user_version").ensure_connection()

    assert sent[0] == f"PRAGMA key = \"x'{KEY}'\""
    assert sent[-1] == "PRAGMA user_version"
    assert not any(KEY in statement for statement in sent[1:])


@pytest.mark.usefixtures("kept", "all_told")
def test_no_statement_that_is_logged_holds_the_key(connect, caplog):
    connection = connect()
    do(connection, "SELECT count(*) FROM said")

    assert "SELECT count(*) FROM said" in caplog.text
    assert "SELECT count(*) FROM said" in str(connection.queries)
    assert "PRAGMA key" not in caplog.text + str(connection.queries)


# What is refused ------------------------------------------------------------------


@pytest.mark.parametrize("key", [unhex, too_short, no_text, injected, trailing])
def test_only_digits_are_a_key_and_nothing_is_made_of_another(connect, tmp_path, key):
    with pytest.raises(ImproperlyConfigured, match="must be 64 hexadecimal digits"):
        connect(key=key).ensure_connection()

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("key", [KEY, None, 7], ids=["text", "nothing", "a number"])
def test_the_key_is_a_function(connect, tmp_path, key):
    with pytest.raises(ImproperlyConfigured, match="must be a function"):
        connect(key=key).ensure_connection()

    assert not list(tmp_path.iterdir())


def test_while_there_is_no_key_nothing_is_made(connect, tmp_path):
    with pytest.raises(LockedError, match="Unlock it first"):
        connect(key=locked).ensure_connection()

    assert not list(tmp_path.iterdir())


def test_no_settings_at_all_are_refused(connect):
    connection = connect()
    connection.settings_dict["NAME"] = ""

    with pytest.raises(ImproperlyConfigured, match="supply the NAME"):
        connection.ensure_connection()


@pytest.mark.parametrize(
    "options",
    [
        *({"database": name} for name in (*MEMORY, "", Path(":memory:"))),
        {"database": "file:x?vfs=memdb"},
        {"database": "file:x?mode=%6demory"},
        {"flags": library.sqlcipher.SQLITE_OPEN_MEMORY | 6},
    ],
    ids=str,
)
def test_nothing_is_kept_in_memory(connect, tmp_path, options):
    with pytest.raises(ImproperlyConfigured, match="database 'sealed' must be a file"):
        connect(**options).ensure_connection()

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", MEMORY)
def test_a_name_of_memory_is_refused_before_the_key_is_asked_for(connect, name):
    with pytest.raises(ImproperlyConfigured, match="database 'sealed' must be a file"):
        connect(name, key=locked).ensure_connection()


def test_a_library_that_does_not_encrypt_is_refused(connect, kept, monkeypatch):
    monkeypatch.setattr(base, "sqlcipher", sqlite3.dbapi2)

    with pytest.raises(ImproperlyConfigured, match="does not encrypt"):
        connect("new.db").ensure_connection()


def test_without_the_library_the_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)

    with pytest.raises(ImproperlyConfigured, match=r"pip install 'duologue\[web\]'"):
        runpy.run_path(library.__file__)


def test_there_is_no_shell(connect):
    connect()

    with pytest.raises(CommandError, match="the key is told to no other program"):
        call_command("dbshell", database=ALIAS)


# Test databases -------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "", *MEMORY])
def test_a_test_database_must_be_a_file(connect, name):
    with pytest.raises(
        ImproperlyConfigured, match=r"\['TEST'\]\['NAME'\] must be a file"
    ):
        connect(test=name).creation.test_db_signature()


def test_a_test_database_is_made_anew(connect, tmp_path):
    name = str(tmp_path / "test.db")
    Path(name).write_text("left over", encoding="ascii")
    creation = connect(test=name).creation

    assert creation._create_test_db(verbosity=0, autoclobber=True) == name
    assert not Path(name).exists()


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_copy_for_a_worker_is_whole_and_encrypted(connect, tmp_path, mode, capsys):
    connection = connect(init_command=f"PRAGMA journal_mode={mode}")
    do(connection, "CREATE TABLE said (words text)")
    do(connection, "INSERT INTO said VALUES (%s)", SENTENCE)
    stale = tmp_path / "kept_1.db-wal"
    stale.write_bytes(b"of a run that was killed")

    connection.creation.clone_test_db("1", verbosity=0)
    assert not stale.exists()
    do(connection, "DELETE FROM said")
    connection.creation.setup_worker_connection(1)

    assert connection.settings_dict["NAME"] == str(tmp_path / "kept_1.db")
    assert do(connection, "SELECT * FROM said") == [(SENTENCE,)]
    assert not where(on_disk(tmp_path), SENTENCE)


def test_a_copy_that_is_to_be_kept_is_kept(connect, tmp_path):
    connection = connect()
    do(connection, "CREATE TABLE said (words text)")
    connection.creation.clone_test_db("1", verbosity=0)
    do(connection, "DROP TABLE said")
    beside = tmp_path / "kept_1.db-journal"
    beside.touch()

    connection.creation.clone_test_db("1", verbosity=0, keepdb=True)

    assert beside.exists()
    beside.unlink()
    assert do(connect("kept_1.db"), "SELECT * FROM said") == []
