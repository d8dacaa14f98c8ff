"""Which database holds a practice, and what its folder may say of it."""

from contextlib import nullcontext

import pytest
from django.db import NotSupportedError, OperationalError, ProgrammingError

from duologue.errors import FileError
from duologue.web import databases

SENTINEL = "not-to-be-repeated"


def of(folder, words):
    """Return the settings of a folder that names a database in these words."""
    (folder / "postgresql.toml").write_bytes(words.encode())
    return databases.of(folder)["default"]


def test_a_practice_lies_in_a_file_of_its_folder(tmp_path):
    found = databases.of(tmp_path)["default"]

    assert found["ENGINE"] == "duologue.store.sqlcipher"
    assert found["NAME"] == tmp_path / "practice.sqlite3"
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert not databases.is_on_server(tmp_path)


def test_a_name_is_all_that_a_server_needs(tmp_path):
    found = of(tmp_path, 'name = "duologue"')

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert found["NAME"] == "duologue"
    assert (found["USER"], found["HOST"], found["PORT"]) == ("", "", "")
    assert "PASSWORD" not in found
    assert databases.is_on_server(tmp_path)


def test_user_host_and_port_are_taken_as_they_stand(tmp_path):
    words = 'name = "d"\nuser = "u"\nhost = "/run/postgresql"\nport = 5433'

    found = of(tmp_path, words)

    assert (found["USER"], found["HOST"], found["PORT"]) == (
        "u",
        "/run/postgresql",
        "5433",
    )


def test_a_change_is_on_the_disk_and_sees_the_one_before_it_whatever_the_server_is_set_to(
    tmp_path,
):
    options = of(tmp_path, 'name = "d"')["OPTIONS"]

    assert r"default_transaction_isolation=read\ committed" in options["options"]
    assert "synchronous_commit=on" in options["options"]
    assert "lock_timeout=20s" in options["options"]
    assert options["server_side_binding"] is True


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_server_on_this_machine_may_be_without_a_certificate(tmp_path, host):
    found = of(tmp_path, f'name = "d"\nhost = "{host}"')

    assert "sslmode" not in found["OPTIONS"]


@pytest.mark.parametrize(
    "host", ["db.example.org", "10.0.0.7", "localhost.example.org", "LOCALHOST"]
)
def test_a_server_elsewhere_is_reached_over_a_checked_connection_only(tmp_path, host):
    found = of(tmp_path, f'name = "d"\nhost = "{host}"')

    assert found["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "name must name the database"),
        ('user = "u"', "name must name the database"),
        ("name = 1", "name must be 1 to 63 characters"),
        ('name = ""', "name must be 1 to 63 characters"),
        (f'name = "{"x" * 64}"', "name must be 1 to 63 characters"),
        (r'name = "a\u0000b"', "name must be 1 to 63 characters"),
        (r'name = "a\nb"', "name must be 1 to 63 characters"),
        ('name = "d"\nuser = ["u"]', "user must be 1 to 63 characters"),
        ('name = "d"\nhost = true', "host must be 1 to 255 characters"),
        ('name = "d"\nhost = "/run,elsewhere"', "characters without a comma"),
        ('name = "d"\nport = "5432"', "port must be a whole number, 1 to 65535"),
        ('name = "d"\nport = true', "port must be a whole number"),
        ('name = "d"\nport = 5432.0', "port must be a whole number"),
        ('name = "d"\nport = 0', "port must be a whole number"),
        ('name = "d"\nport = 65536', "port must be a whole number"),
        (f'name = "d"\npassword = "{SENTINEL}"', "password must not stand here"),
        (f'name = "d"\nsslmode = "{SENTINEL}"', "sslmode is not one of name, user"),
        (f'name = "d"\n[server]\nhost = "{SENTINEL}"', "server is not one of name"),
        (f'name = "{SENTINEL}"\nname = "d"', "must be TOML"),
        (f'name = "d"\nhost = {SENTINEL}', "line 2: must be TOML"),
    ],
)
def test_what_a_folder_may_not_say_is_refused_by_its_key(tmp_path, words, says):
    with pytest.raises(FileError) as refused:
        of(tmp_path, words)

    assert says in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "postgresql.toml"))
    assert SENTINEL not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "postgresql.toml").write_bytes(b"\xff\xfename")

    with pytest.raises(FileError, match="must be TOML"):
        databases.of(tmp_path)


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / "postgresql.toml").mkdir()

    with pytest.raises(FileError, match="cannot be read"):
        databases.of(tmp_path)


def test_a_link_that_leads_nowhere_is_not_taken_for_a_practice_in_a_file(tmp_path):
    (tmp_path / "postgresql.toml").symlink_to(tmp_path / "moved-away")

    with pytest.raises(FileError, match="cannot be read"):
        databases.of(tmp_path)


def test_without_the_package_that_it_needs_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "find_spec", lambda _: None)

    assert databases.of(tmp_path)["default"]["ENGINE"] == "duologue.store.sqlcipher"
    with pytest.raises(FileError, match=r"duologue\[clinic\]"):
        of(tmp_path, 'name = "d"')


class Server:
    """A connection to a server whose databases have an encoding, or that fails."""

    def __init__(self, found):
        self.found = found

    def cursor(self):
        if isinstance(self.found, Exception):
            raise self.found
        return nullcontext(self)

    def execute(self, statement):
        assert statement == "SHOW server_encoding"

    def fetchone(self):
        return (self.found,)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (OperationalError(SENTINEL), "names a database that cannot be reached"),
        (ProgrammingError(SENTINEL), "names a database that cannot be reached"),
        (NotSupportedError(SENTINEL), r"must name a PostgreSQL 14 or later"),
        ("SQL_ASCII", "must name a database whose encoding is UTF8"),
        ("LATIN1", "must name a database whose encoding is UTF8"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_without_what_the_server_says(
    tmp_path, monkeypatch, found, says
):
    of(tmp_path, 'name = "d"')
    monkeypatch.setattr("django.db.connection", Server(found))

    with pytest.raises(FileError, match=says) as refused:
        databases.check(tmp_path)

    assert SENTINEL not in str(refused.value)


def test_a_database_that_holds_every_character_will_do(tmp_path, monkeypatch):
    monkeypatch.setattr("django.db.connection", Server("UTF8"))

    databases.check(tmp_path)  # a file, which is not looked at
    of(tmp_path, 'name = "d"')
    databases.check(tmp_path)


def test_a_database_without_tables_is_told_by_the_file_that_says_which_it_is(tmp_path):
    assert "practice.sqlite3: is damaged, or is no" in str(databases.unusable(tmp_path))

    of(tmp_path, 'name = "d"')

    assert "postgresql.toml: must name" in str(databases.unusable(tmp_path))
