"""``duologue demo`` and ``duologue serve``, each in a process, as a browser meets it."""

import re
import shutil
import signal
import socket
import stat
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest

from duologue.cli import serve, serving
from duologue.errors import FileError, ParameterError
from duologue.web import folder as practice_folder
from sealed_folder import opened, ring_of

CLIENTS = {f"client-{initial}" for initial in "ABDKMR"}
EVERYBODY = {"therapist-T", "supervisor-S", *CLIENTS}
PRIVATE = (
    *("practice.sqlite3", "practice.keys", "practice.keys.copy"),
    *("events.head", "withdrawn.sealed", "practice.lock"),
    *("made-up-passphrase", "made-up-recovery-key"),
)
ANY = ("--port", "0")


@pytest.fixture(scope="module")
def made(quick_demo):
    """A demo that was made and stopped; no test may change it."""
    return quick_demo


@pytest.fixture(scope="module")
def served(started, made, tmp_path_factory):
    """A demo that is being served, to look at only."""
    folder = tmp_path_factory.mktemp("served") / "demo"
    shutil.copytree(made, folder)
    with started("serve", folder, *ANY) as running:
        yield running


@pytest.fixture
def folder(made, tmp_path):
    """A demo that a test may change."""
    return shutil.copytree(made, tmp_path / "demo")


def links_of(running):
    """Return the printed links by the code of the person."""
    return dict(re.findall(r"^  (\S+) +(http://\S+)$", running.out, re.MULTILINE))


def port_of(running):
    """Return the port of the printed links."""
    return urlsplit(links_of(running)["therapist-T"]).port


def ask(port, path, *, host, method="GET", body=None, **headers):
    """Ask the server, whatever the host is called; return the response and its page."""
    connection = HTTPConnection(serving.LOOPBACK, port, timeout=20)
    connection.request(method, path, body, {"Host": host, **headers})
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    return response, page


class Browser:
    """A browser at one person's host: keeps its cookies."""

    def __init__(self, link):
        self.link = urlsplit(link)
        self.cookies = SimpleCookie()

    def _ask(self, path, **request):
        cookies = "; ".join(f"{m.key}={m.value}" for m in self.cookies.values())
        response, page = ask(
            self.link.port, path, host=self.link.netloc, Cookie=cookies, **request
        )
        for cookie in response.headers.get_all("Set-Cookie", ()):
            self.cookies.load(cookie)
        return response, page

    def get(self, path):
        """Return a page, or the one that it leads to."""
        response, page = self._ask(path)
        return (
            self.get(response.headers["Location"]) if response.status == 302 else page
        )

    def post(self, path, **fields):
        """Send a form; return the status."""
        return self.send(path, **fields)[0].status

    def send(self, path, **fields):
        """Send a form; return the status."""
        fields["csrfmiddlewaretoken"] = self.cookies["csrftoken"].value
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields)
        return self._ask(path, method="POST", body=body, **form)

    def come_in(self):
        """Come in by the link, and return the page that one comes to."""
        self.get(self.link.path)
        assert self.post(self.link.path) == 302
        return self.get("/")


def form_of(browser):
    """Come in as somebody with one pair; return the address of their last session's form."""
    return re.search(r'href="(/with/[^"]+/reflect/)"', browser.come_in())[1]


def write_in(folder):
    """Name the practice anew, so that it is told from one that was just made."""
    with opened(folder) as database:
        database.execute("UPDATE store_practice SET name = 'written'")


def is_written_in(folder):
    """Whether what was written is there."""
    with opened(folder) as database:
        return database.execute("SELECT name FROM store_practice").fetchall() == [
            ("written",)
        ]


def test_everybody_has_a_link_with_a_host_of_their_own(served):
    links = links_of(served)

    assert set(links) == EVERYBODY
    for code, link in links.items():
        assert urlsplit(link).hostname == f"{code.lower()}.localhost"
        assert urlsplit(link).port == port_of(served)
        assert urlsplit(link).path.startswith("/enter/")


def test_it_says_how_to_stop_and_where_what_was_written_stays(served, made):
    assert "served to this machine alone" in served.out
    assert "Ctrl-C stops it; what was written stays in " in served.out


@pytest.mark.parametrize("code", sorted(EVERYBODY))
def test_each_link_lets_its_person_in_and_nobody_else(served, socket_enabled, code):
    page = Browser(links_of(served)[code]).come_in()

    assert f"You are {code}." in page


def test_a_link_with_another_signature_lets_nobody_in(served, socket_enabled):
    links = {code: urlsplit(link).path for code, link in links_of(served).items()}
    signature = links["client-A"].partition(":")[2]
    forged = f"/enter/client-B:{signature}"

    response, page = ask(port_of(served), forged, host="client-b.localhost")

    assert response.status == 404
    assert "client-B" not in page


def test_a_browser_without_a_visit_is_sent_to_the_sign_in_page(served, socket_enabled):
    asked = {"port": port_of(served), "host": f"localhost:{port_of(served)}"}

    response, _ = ask(path="/", **asked)
    there = response.headers["Location"]
    shown, page = ask(path=there, **asked)

    assert (response.status, urlsplit(there).path) == (302, "/sign-in/")
    assert shown.status == 200
    assert "Nobody here has to sign in" in page


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/about/", "/help/", "/nowhere/"])
@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "10.0.0.1"])
def test_a_foreign_host_is_answered_with_nothing(served, socket_enabled, host, path):
    response, page = ask(port_of(served), path, host=f"{host}:{port_of(served)}")

    assert response.status == 400
    assert "uologue" not in page


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/sign-in/", "localhost", 200),
        ("/nowhere/", "localhost", 404),
        ("/static/app/app.css", "localhost", 200),
        ("/", "example.org", 400),
    ],
)
def test_no_answer_says_what_serves_it(served, socket_enabled, path, host, status):
    response, _ = ask(port_of(served), path, host=host)

    assert response.status == status
    assert "Server" not in response.headers
    assert not re.search("uvicorn|django|python", str(response.headers), re.IGNORECASE)


@pytest.mark.parametrize("address", ["127.0.0.2", "::1"])
def test_no_other_address_of_this_machine_is_listened_on(
    served, socket_enabled, address
):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock:
        sock.settimeout(2)

        refused = sock.connect_ex((address, port_of(served)))

    assert refused


def test_it_listens_on_the_loopback_address_alone(socket_enabled):
    with serving.listen(0) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"
        with pytest.raises(ParameterError, match="in use"):
            serving.listen(sock.getsockname()[1])


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_quietly(started, folder, socket_enabled, by):
    with started("serve", folder, *ANY) as running:
        ask(port_of(running), "/sign-in/", host="localhost")

        ended = running.end(by)

    # What shells and service managers expect of a program that was told to stop.
    assert ended.code == {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM}[by]
    assert ended.err == ""
    assert ended.out == running.out


def test_ctrl_c_stops_it_while_a_request_hangs(started, folder, socket_enabled):
    with started("serve", folder, *ANY) as running:
        address = (serving.LOOPBACK, port_of(running))
        with socket.create_connection(address, timeout=20) as hanging:
            head = b"POST /leave/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
            hanging.sendall(head + b"\r\nhalf")
            ask(port_of(running), "/sign-in/", host="localhost")

            ended = running.end()

    assert (ended.code, ended.err) == (130, "")


def test_what_was_written_in_the_app_stays(forked, folder, socket_enabled):
    with forked("demo", folder, *ANY) as running:
        browser = Browser(links_of(running)["client-A"])
        form = form_of(browser)
        saved = browser.post(form.replace("reflect/", "save/"), open="70")
        before = browser.get(form)
        running.end()

    with forked("demo", folder, *ANY) as running:
        browser = Browser(links_of(running)["client-A"])
        browser.come_in()
        after = browser.get(form)

    assert saved == 302
    assert 'name="was-open" value="70"' in before
    assert 'name="was-open" value="70"' in after


def test_killing_it_loses_nothing_that_was_written(forked, folder, socket_enabled):
    with forked("serve", folder, *ANY) as running:
        browser = Browser(links_of(running)["client-A"])
        form = form_of(browser)
        browser.post(form.replace("reflect/", "save/"), open="70")
        running.end(signal.SIGKILL)

    with forked("serve", folder, *ANY) as running:
        browser = Browser(links_of(running)["client-A"])
        browser.come_in()

        assert 'name="was-open" value="70"' in browser.get(form)


def test_a_visit_and_the_links_outlast_a_restart(forked, folder, socket_enabled):
    with forked("serve", folder, *ANY) as running:
        browser = Browser(links_of(running)["client-A"])
        browser.come_in()
        running.end()

    with forked("serve", folder, "--port", browser.link.port) as running:
        assert links_of(running)["client-A"] == browser.link.geturl()
        assert "You are client-A." in browser.get("/")
        assert "You are client-A." in Browser(browser.link.geturl()).come_in()


def test_a_second_run_keeps_what_was_written_and_fresh_forgets_it(forked, folder):
    write_in(folder)
    own = folder / "practice.sqlite3.copy"
    own.write_text("mine")

    with forked("demo", folder, *ANY) as running:
        kept, said = is_written_in(folder), running.out
    with forked("demo", folder, "--fresh", *ANY) as running:
        still, said_fresh = is_written_in(folder), running.out

    assert (kept, still) == (True, False)
    assert "Making the practice:" not in said
    assert "Making the practice:" in said_fresh
    assert own.read_text() == "mine"


def test_files_only_leaves_what_was_written(cli, folder, undrawn):
    write_in(folder)

    ended = cli("demo", folder, "--files-only")

    assert ended.code == 0
    assert "http://" not in ended.out
    assert is_written_in(folder)


@pytest.mark.parametrize("mode", [None, 0o644])
def test_only_their_owner_may_read_what_is_private(forked, folder, mode):
    for name in PRIVATE[:5] if mode else ():
        (folder / name).chmod(mode)
    if mode is None:
        for name in PRIVATE:
            (folder / name).unlink()

    with forked("demo", folder, *ANY):
        found = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}

    assert found.keys() >= {*PRIVATE, "practice.sqlite3-wal"}
    for name, bits in found.items():
        if name.startswith(PRIVATE):
            assert bits == 0o600, name


def test_two_demos_have_two_keys(made, served):
    keys = {link.rpartition(":")[2] for link in links_of(served).values()}

    assert len(keys) == len(EVERYBODY)
    assert ring_of(made).signing.hex() not in served.out


def test_a_folder_that_cannot_be_made_is_refused(process, tmp_path):
    (tmp_path / "file").write_text("mine")

    ended = process("demo", tmp_path / "file" / "demo", *ANY)

    assert (ended.code, ended.out) == (2, "")
    assert "cannot be made" in ended.err
    assert ended.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_in_the_databases_place_is_refused_and_kept(forks, folder):
    (folder / "practice.sqlite3").unlink()
    (folder / "practice.sqlite3").mkdir()

    plain, fresh = (
        forks.run("demo", folder, *more, *ANY, cheap=True)
        for more in ((), ("--fresh",))
    )

    for ended in (plain, fresh):
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.count("\n") == 1
        assert str(folder) in ended.err
    assert (folder / "practice.sqlite3").is_dir()


def test_a_demo_that_was_killed_while_it_was_made_starts_well(forked, tmp_path):
    folder = tmp_path / "demo"
    with forked("demo", folder, *ANY, until="Making the practice:") as running:
        killed = running.end(signal.SIGKILL)

    with forked("demo", folder, *ANY) as running:
        links = links_of(running)
        ended = running.end()

    assert killed.code == -signal.SIGKILL
    assert set(links) == EVERYBODY
    assert (ended.code, ended.err) == (130, "")


@pytest.mark.parametrize("content", [b"", b"no database, but some words\n" * 99])
def test_a_practice_that_was_never_made_is_not_served(process, folder, content):
    (folder / "practice.sqlite3").write_bytes(content)

    ended = process("serve", folder, *ANY)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert str(folder) in ended.err
    assert "some words" not in ended.err
    assert ("holds no practice" in ended.err) is (content == b"")
    assert ("is damaged, or is not the database" in ended.err) is (content != b"")


@pytest.mark.parametrize("more", [(), ("--locked",)])
def test_mail_that_cannot_be_carried_is_said_before_anything_is_opened(
    cli, folder, more
):
    (folder / "mail.toml").write_text('host = "h"\npassword = "never-repeated"\n')
    (
        folder / "made-up.txt"
    ).unlink()  # a demonstration sends nothing, and reads no such file

    ended = cli("serve", folder, *more, *ANY)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "mail.toml: password must not stand here" in ended.err
    assert "never-repeated" not in ended.err


def test_a_demo_reads_no_file_about_mail(folder):
    (folder / "mail.toml").write_text("this is not even TOML")

    assert serve._minder(folder) is None


def test_settings_of_another_project_are_not_taken(started, folder):
    foreign = {"DJANGO_SETTINGS_MODULE": "another.settings", "DUOLOGUE_FOLDER": "/"}

    with started("serve", folder, *ANY, env=foreign) as running:
        assert set(links_of(running)) == EVERYBODY


def test_a_program_is_the_app_of_one_folder_only(tmp_path):
    with pytest.raises(FileError, match="another practice is open"):
        practice_folder.set_up(tmp_path / "second", demo=True)

    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_without_the_packages_of_the_app_that_is_said(
    cli, folder, undrawn, monkeypatch, command
):
    monkeypatch.setattr(serving, "find_spec", lambda _: None)
    before = sorted(path.stat().st_mtime_ns for path in folder.iterdir())

    ended = cli(command, folder)

    assert (ended.code, ended.out) == (2, "")
    assert "duologue[web]" in ended.err
    assert before == sorted(path.stat().st_mtime_ns for path in folder.iterdir())
    assert cli("demo", folder, "--files-only").code == 0
