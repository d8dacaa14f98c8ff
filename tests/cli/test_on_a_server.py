"""``duologue demo`` and ``duologue serve`` where the practice lies on a PostgreSQL server.

Refusals need none; the others run where the tests run on PostgreSQL.
"""

import re
import secrets
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest

import postgres_cluster
from duologue.cli.demo import MARKER, MARKER_TEXT
from duologue.cli.passphrase import DEMO_PASSPHRASE
from duologue.store.keys import keyfile
from duologue.store.keys.ring import Ring

ANY = ("--port", "0")
WORDS = "several words by chance"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

on_postgresql = pytest.mark.skipif(
    not postgres_cluster.is_wanted(), reason="needs a server: DUOLOGUE_TEST_DATABASE"
)


@pytest.fixture
def folder(tmp_path):
    """An earlier demo's folder, from which the files are gone."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    (folder / DEMO_PASSPHRASE).write_text(WORDS, encoding="utf-8")
    recipient = keyfile.new_recovery_key()[1]
    cheap = keyfile.Cost(passes=1, lanes=1, memory_kib=64)
    made = keyfile.new_key_file(WORDS, recipient, Ring.new(), cost=cheap)
    keyfile.write_key_file(folder, made)
    return folder


def assert_refused(ended, folder, says):
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert str(folder / "postgresql.toml") in ended.err
    assert says in ended.err
    assert not (folder / "practice.sqlite3").exists()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_server_that_does_not_answer_is_told_in_one_line(forks, folder, command):
    words = f'name = "secret-name"\nuser = "secret-user"\nhost = "{folder}"\n'
    (folder / "postgresql.toml").write_text(words, encoding="utf-8")

    ended = forks.run(
        command, folder, *ANY, env={"PGPASSWORD": "secret-word"}, cheap=True
    )

    assert_refused(ended, folder, "names a database that cannot be reached")
    assert "secret" not in ended.err


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_password_in_the_folder_is_refused_and_not_repeated(forks, folder, command):
    words = 'name = "d"\npassword = "secret-word"\n'
    (folder / "postgresql.toml").write_text(words, encoding="utf-8")

    ended = forks.run(command, folder, *ANY, cheap=True)

    assert_refused(ended, folder, "password must not stand here")
    assert "secret" not in ended.err


def test_what_lies_on_a_server_is_not_forgotten_from_here(forks, folder):
    (folder / "postgresql.toml").write_text('name = "d"\n', encoding="utf-8")

    ended = forks.run("demo", folder, "--fresh", *ANY, cheap=True)

    assert_refused(ended, folder, "is not removed from here")


@pytest.fixture
def database(folder):
    """Make a database for the folder; return how: by the words after its name."""

    def make(words=f"OWNER {postgres_cluster.ROLE}"):
        name = f"practice_{secrets.token_hex(4)}"
        with postgres_cluster.connect() as server:
            server.execute(f"CREATE DATABASE {name} {words}")
        postgres_cluster.name_in(folder, name)

    return make


class Visitor:
    """A browser in which one made-up person has come in."""

    def __init__(self, said, code):
        link = re.search(rf"^  {code} +(http://\S+)$", said, re.MULTILINE)[1]
        self.link = urlsplit(link)
        self.cookies = SimpleCookie()
        self.ask("GET", self.link.path)
        assert self.ask("POST", self.link.path)[0] == 302

    def ask(self, method, path, **fields):
        """Ask for a page, or send a form; return the status and the page."""
        if method == "POST":
            fields["csrfmiddlewaretoken"] = self.cookies["csrftoken"].value
        cookies = "; ".join(f"{m.key}={m.value}" for m in self.cookies.values())
        connection = HTTPConnection("127.0.0.1", self.link.port, timeout=20)
        headers = {"Host": self.link.netloc, "Cookie": cookies, **FORM}
        connection.request(method, path, urlencode(fields), headers)
        answered = connection.getresponse()
        page = answered.read().decode()
        connection.close()
        for cookie in answered.headers.get_all("Set-Cookie", ()):
            self.cookies.load(cookie)
        return answered.status, answered.headers.get("Location") or page


@on_postgresql
def test_what_is_written_lies_on_the_server_and_stays_there(
    started, folder, database, socket_enabled
):
    database()

    with started("demo", folder, *ANY) as running:
        visitor = Visitor(running.out, "client-A")
        _, pair = visitor.ask("GET", "/")
        _, page = visitor.ask("GET", pair)
        form = re.search(r'href="(/with/[^"]+/reflect/)"', page)[1]
        saved, _ = visitor.ask("POST", form.replace("reflect/", "save/"), open="70")
        ended = running.end()
    with started("serve", folder, *ANY) as running:
        _, again = Visitor(running.out, "client-A").ask("GET", form)

    assert (saved, ended.err) == (302, "")
    assert 'name="was-open" value="70"' in again
    assert not (folder / "practice.sqlite3").exists()


@on_postgresql
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "TEMPLATE template0 ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C'",
            "must name a database whose encoding is UTF8",
        ),
        ("", "must name a database in which tables can be made"),
    ],
)
def test_a_database_that_cannot_hold_a_practice_is_refused(
    process, folder, database, words, says
):
    database(words)

    assert_refused(process("serve", folder, *ANY), folder, says)


@on_postgresql
def test_a_user_who_is_not_let_in_is_told_no_more(process, folder):
    words = f'name = "duologue"\nuser = "nobody"\nhost = "{postgres_cluster.folder()}"'
    (folder / "postgresql.toml").write_text(words, encoding="utf-8")

    ended = process("serve", folder, *ANY)

    assert_refused(ended, folder, "names a database that cannot be reached")
    assert "nobody" not in ended.err


@on_postgresql
def test_a_database_that_holds_a_practice_is_not_set_up_again(
    forks, folder, database, tmp_path
):
    database()
    (tmp_path / "crisis.txt").write_text("Ring the practice (made up).")

    def set_up(name):
        place = tmp_path / name
        place.mkdir(exist_ok=True)
        (place / "postgresql.toml").write_bytes(
            (folder / "postgresql.toml").read_bytes()
        )
        asked = ("--name", name, "--crisis", tmp_path / "crisis.txt")
        key = tmp_path / f"key-{secrets.token_hex(4)}"
        return forks.run(
            *("setup", place, *asked, "--recovery-key", key),
            new_passphrase=WORDS,
            cheap=True,
        )

    first, second, again = (set_up(name) for name in ("first", "second", "second"))

    assert (first.code, first.err) == (0, "")
    for ended in (second, again):
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "names a database that holds a practice" in ended.err
    verified = forks.run("verify", tmp_path / "first", passphrase=WORDS)
    assert (verified.code, verified.err) == (0, "")
    assert "not set up to its end" in forks.run("verify", tmp_path / "second").err
