"""Setting up, unlocking, backing up, checking, restoring and changing keys, as typed."""

import contextlib
import dataclasses
import os
import re
import shutil
import socket
import stat
import subprocess
import sys

import pytest

from cli.conftest import SRC
from cli.test_serving import ANY, ask
from duologue.store.keys import keyfile
from duologue.store.keys.keyfile import Cost, read_key_file, write_key_file
from sealed_folder import opened

WORDS, OTHER = "several words by chance", "several other words too"
CHEAP = Cost(passes=1, lanes=1, memory_kib=64)
CRISIS = "Ring the practice on its own line (made up)."


@contextlib.contextmanager
def handed(*texts):
    """Give file descriptors from which a program can read each of these texts."""
    ends = []
    try:
        for text in texts:
            read, write = os.pipe()
            ends.append(read)
            with os.fdopen(write, "w", encoding="utf-8") as file:
                file.write(text + "\n")
        yield ends
    finally:
        for end in ends:
            os.close(end)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A practice that was set up, with its recovery key; no test may change it."""
    place = tmp_path_factory.mktemp("practice")
    set_up(place)
    return place


def set_up(place):
    """Set up a practice in a process, and make a try of its passphrase cheap."""
    (place / "crisis.txt").write_text(CRISIS, "utf-8")
    with handed(WORDS) as (new,):
        subprocess.run(
            [
                *(sys.executable, "-m", "duologue", "setup", place / "practice"),
                *("--name", "Elm Street", "--crisis", place / "crisis.txt"),
                *("--recovery-key", place / "key.txt", "--new-passphrase-fd", str(new)),
                *("--use", "research"),
            ],
            check=True,
            pass_fds=[new],
            env={**os.environ, "PYTHONPATH": str(SRC)},
            capture_output=True,
        )
    folder = place / "practice"
    keys = read_key_file(folder)
    master = keys.master(WORDS)
    write_key_file(folder, keys.with_passphrase(master, WORDS, cost=CHEAP))


@pytest.fixture
def place(made, tmp_path):
    """The same, for a test to change."""
    return shutil.copytree(made, tmp_path / "place")


@pytest.fixture
def folder(place):
    return place / "practice"


@pytest.fixture
def typed(process):
    """Run a command, handing over a passphrase, and a new one if there is one."""

    def call(*arguments, words=WORDS, new=None):
        with handed(*(w for w in (words, new) if w is not None)) as ends:
            options = ["--passphrase-fd", str(ends[0])] if words is not None else []
            if new is not None:
                options += ["--new-passphrase-fd", str(ends[-1])]
            return process(*arguments, *options, pass_fds=ends)

    return call


@pytest.fixture
def served(started, socket_enabled):
    """Serve a practice that is opened at once; give what runs, and its port."""

    @contextlib.contextmanager
    def serve(folder):
        with (
            handed(WORDS) as (words,),
            started(
                "serve", folder, *ANY, "--passphrase-fd", words, fds=[words]
            ) as running,
        ):
            yield running, port_of(running)

    return serve


def port_of(running):
    """Return the port of the address that a server printed."""
    return int(re.search(r"localhost:(\d+)/", running.out)[1])


def test_a_practice_is_set_up_with_its_words_and_its_recovery_key(made):
    folder, key = made / "practice", made / "key.txt"

    with opened(folder, WORDS) as database:
        asked = "SELECT name, crisis, use, made_up FROM store_practice"
        found = database.execute(asked).fetchall()
        assert found == [("Elm Street", CRISIS, "research", 0)]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    identity = key.read_text().splitlines()[-1]
    assert read_key_file(folder).master_by_recovery(identity)
    for path in folder.iterdir():
        assert identity.encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_short_passphrase_sets_nothing_up(process, tmp_path):
    (tmp_path / "crisis.txt").write_text(CRISIS)
    with handed("too short") as (new,):
        ended = process(
            *(
                "setup",
                tmp_path / "p",
                "--name",
                "P",
                "--crisis",
                tmp_path / "crisis.txt",
            ),
            *("--recovery-key", tmp_path / "key.txt", "--new-passphrase-fd", str(new)),
            pass_fds=[new],
        )

    assert (ended.code, ended.out) == (2, "")
    assert "at least 15 characters" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["crisis.txt"]


def test_it_is_whole_and_its_passphrase_opens_it(typed, folder):
    ended = typed("verify", folder)

    assert (ended.code, ended.err) == (0, "")
    assert "whole" in ended.out


@pytest.mark.parametrize("wrong", [OTHER, "", "two\nlines of words here"])
def test_another_passphrase_is_refused_in_one_line(typed, folder, wrong):
    for command in (("verify", folder), ("serve", folder, *ANY)):
        ended = typed(*command, words=wrong)

        assert (ended.code, ended.out) == (2, "")
        assert ended.err.count("\n") == 1
        assert not wrong or wrong not in ended.err


def test_a_passphrase_can_come_as_a_credential(process, folder, tmp_path):
    (tmp_path / "duologue-passphrase").write_text(WORDS + "\n")

    ended = process("verify", folder, env={"CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("name", ["PASSPHRASE", "DUOLOGUE_PASSPHRASE"])
def test_a_passphrase_in_the_environment_is_not_taken(process, folder, name):
    ended = process("verify", folder, env={name: WORDS})

    assert ended.code == 2
    assert "nobody can be asked" in ended.err


def test_nothing_is_asked_where_nobody_sits(process, folder):
    ended = process("serve", folder, *ANY)

    assert (ended.code, ended.out) == (2, "")
    assert "--passphrase-fd" in ended.err


def test_a_backup_is_opened_checked_and_restored(typed, process, place):
    folder, key, to = place / "practice", place / "key.txt", place / "backups"
    with opened(folder, WORDS) as database:
        visit = ("a-visit", "", "2099-01-01 00:00:00")
        database.execute("INSERT INTO django_session VALUES (?, ?, ?)", visit)
        database.commit()

    backed = typed("backup", folder, "--to", to)
    (backup,) = to.glob("*.age")
    checked = process("verify", backup, "--recovery-key", key)
    restored = process("restore", backup, place / "again", "--recovery-key", key)
    again = typed("verify", place / "again")

    assert [e.code for e in (backed, checked, restored, again)] == [0, 0, 0, 0]
    assert [e.err for e in (backed, checked, restored, again)] == [""] * 4
    assert str(backup) in backed.out
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with opened(place / "again", WORDS) as database:
        told = database.execute("SELECT what FROM store_event ORDER BY number")
        assert [what for (what,) in told] == ["backed_up", "restored"]
        visits = database.execute("SELECT session_key FROM django_session")
        assert visits.fetchall() == []
    assert "Everybody signs in again" in restored.out


def test_nothing_is_left_beside_a_backup_that_was_looked_at(typed, process, place):
    typed("backup", place / "practice", "--to", place / "backups")
    (backup,) = (place / "backups").glob("*.age")
    before = sorted(path.name for path in (place / "backups").iterdir())

    process("verify", backup, "--recovery-key", place / "key.txt")

    assert sorted(path.name for path in (place / "backups").iterdir()) == before
    assert len(before) == 2


def test_another_recovery_key_opens_no_backup(typed, process, place):
    typed("backup", place / "practice", "--to", place / "backups")
    (backup,) = (place / "backups").glob("*.age")
    (place / "other.txt").write_text(keyfile.new_recovery_key()[0])

    ended = process("verify", backup, "--recovery-key", place / "other.txt")

    assert (ended.code, ended.out) == (2, "")
    assert "does not open with this recovery key" in ended.err


def test_a_restore_keeps_what_was_there(typed, process, place):
    folder, key, to = place / "practice", place / "key.txt", place / "backups"
    typed("backup", folder, "--to", to)
    (backup,) = to.glob("*.age")
    before = (folder / "practice.sqlite3").read_bytes()

    refused = process("restore", backup, folder, "--recovery-key", key)
    done = process("restore", backup, folder, "--recovery-key", key, "--replace")

    assert (refused.code, refused.out) == (2, "")
    assert "--replace" in refused.err
    assert (done.code, done.err) == (0, "")
    (kept,) = folder.glob("replaced-*")
    assert str(kept) in done.out
    assert (kept / "practice.sqlite3").read_bytes() == before
    assert typed("verify", folder).code == 0
    assert typed("verify", kept).code == 0


def test_another_passphrase_can_be_set(typed, folder):
    ended = typed("rekey", folder, new=OTHER)

    assert (ended.code, ended.err) == (0, "")
    assert typed("verify", folder).code == 2
    assert typed("verify", folder, words=OTHER).code == 0


def test_a_lost_passphrase_is_replaced_with_the_recovery_key(typed, place):
    folder, key = place / "practice", place / "key.txt"

    ended = typed("rekey", folder, "--recovery-key", key, words=None, new=OTHER)

    assert (ended.code, ended.err) == (0, "")
    assert typed("verify", folder, words=OTHER).code == 0


def test_every_key_can_be_changed(typed, place):
    folder = place / "practice"
    old_keys = read_key_file(folder)
    old_ring = old_keys.open_rings(old_keys.master(WORDS))[0]
    with opened(folder, WORDS) as database:
        rows = database.execute("SELECT * FROM store_practice").fetchall()

    ended = typed("rekey", folder, "--all", new=OTHER)

    assert (ended.code, ended.err) == (0, "")
    assert typed("verify", folder, words=OTHER).code == 0
    new_keys = read_key_file(folder)
    (new_ring,) = new_keys.open_rings(new_keys.master(OTHER))
    assert new_keys.master(OTHER) != old_keys.master(WORDS)
    assert new_ring.database != old_ring.database
    with opened(folder, OTHER) as database:
        assert database.execute("SELECT * FROM store_practice").fetchall() == rows
    # A copy of the key file from before no longer opens the practice.
    write_key_file(folder, old_keys)
    refused = typed("verify", folder)
    assert (refused.code, refused.out) == (2, "")
    assert "not the database that practice.keys belongs to" in refused.err


def test_another_recovery_key_can_be_made(typed, process, place):
    folder, new = place / "practice", place / "new.txt"

    ended = typed("rekey", folder, "--new-recovery-key", new)
    typed("backup", folder, "--to", place / "backups")
    (backup,) = (place / "backups").glob("*.age")

    assert (ended.code, ended.err) == (0, "")
    assert process("verify", backup, "--recovery-key", new).code == 0
    assert process("verify", backup, "--recovery-key", place / "key.txt").code == 2


def test_a_practice_where_nobody_works_is_served_with_an_address_for_the_first(
    served, folder
):
    with served(folder) as (running, port):
        _, page = ask(port, "/sign-in/", host="localhost")
        ended = running.end()

    (code,) = re.findall(
        rf"http://localhost:{port}/join/#([0-9a-z-]{{34}})\n", running.out
    )
    assert "Nobody works there yet." in running.out
    assert "Sign in with a passkey" in page
    assert ended.err == ""
    assert code not in page
    with opened(folder, WORDS) as database:
        rows = database.execute("SELECT digest FROM store_invitation").fetchall()
    assert len(rows) == 1
    assert code.replace("-", "") not in str(rows)


def test_a_locked_practice_says_so_until_it_is_unlocked(
    started, typed, folder, socket_enabled
):
    with started("serve", folder, *ANY, "--locked") as running:
        port, path = port_of(running), folder / "unlock.socket"
        mode = stat.S_IMODE(path.stat().st_mode)
        locked, page = ask(port, "/", host="localhost")
        wrong = typed("unlock", folder, words=OTHER)
        still, _ = ask(port, "/", host="localhost")
        right = typed("unlock", folder)
        open_, _ = ask(port, "/sign-in/", host="localhost")
        again = typed("unlock", folder)
        ended = running.end()

    assert (locked.status, still.status, open_.status) == (503, 503, 200)
    assert "This practice is locked" in page
    assert "Samaritans: 116 123" in page
    assert "no-store" in locked.headers["Cache-Control"]
    assert (wrong.code, wrong.out) == (2, "")
    assert "does not open it" in wrong.err
    assert (right.code, right.out) == (0, "The practice is open.\n")
    assert again.code == 2
    assert mode == 0o600
    assert ended.err == "duologue: The practice is open.\n"
    assert not path.exists()


def test_whoever_says_nothing_at_the_socket_keeps_nobody_waiting_for_ever(
    started, typed, folder, socket_enabled
):
    with started("serve", folder, *ANY, "--locked"):
        with socket.socket(socket.AF_UNIX) as silent:
            silent.connect(str(folder / "unlock.socket"))
        done = typed("unlock", folder)

    assert done.code == 0


def test_a_clock_that_is_behind_is_said(served, folder):
    with opened(folder, WORDS) as database:
        database.execute(
            "INSERT INTO store_event VALUES (1, '2999-01-01 00:00:00', 'imported', NULL, "
            "NULL, NULL, zeroblob(32), zeroblob(32))"
        )
    with served(folder) as (running, port):
        ask(port, "/sign-in/", host="localhost")
        ended = running.end()

    assert "the clock of this machine is behind" in ended.err
    assert ended.err.count("\n") == 1


def test_an_older_database_is_refused_until_somebody_says_so(typed, folder, place):
    typed("backup", folder, "--to", place / "one")
    older = (folder / "practice.sqlite3").read_bytes()
    typed("backup", folder, "--to", place / "two")
    (folder / "practice.sqlite3").write_bytes(older)

    served = typed("serve", folder, *ANY)
    checked = typed("verify", folder)
    (folder / "events.head").unlink()
    accepted = typed("rekey", folder, new=OTHER)

    assert (served.code, served.out) == (2, "")
    assert "lacks 1 events that it knows of" in served.err
    assert checked.code == 2
    assert (accepted.code, accepted.err) == (0, "")


def test_a_head_that_is_damaged_is_said(typed, folder, place):
    typed("backup", folder, "--to", place / "one")
    (folder / "events.head").write_bytes(b"x" * 144)

    ended = typed("serve", folder, *ANY)

    assert (ended.code, ended.out) == (2, "")
    assert "events.head: is damaged" in ended.err


@pytest.mark.parametrize("more", [("--all",), ()])
def test_a_recovery_key_is_changed_alone(typed, folder, place, more):
    new = OTHER if not more else None

    ended = typed("rekey", folder, *more, "--new-recovery-key", place / "k", new=new)

    assert (ended.code, ended.out) == (2, "")
    assert "in a second step" in ended.err
    assert not (place / "k").exists()


def test_a_key_file_that_was_turned_to_somebody_else_is_refused(typed, folder):
    theirs = keyfile.new_recovery_key()[1]
    turned = dataclasses.replace(read_key_file(folder), recipient=theirs)
    write_key_file(folder, turned)

    ended = typed("verify", folder)

    assert (ended.code, ended.out) == (2, "")
    assert "was changed by somebody who could not open it" in ended.err


def test_a_request_that_is_too_long_or_does_not_say_is_not_let_in(served, folder):
    with served(folder) as (_, port):
        long, _ = ask(
            port, "/leave/", host="localhost", method="POST", body="x" * (5 << 20) + "x"
        )
        unsaid, _ = ask(
            port, "/leave/", host="localhost", method="POST", body=iter([b"x"])
        )

    assert (long.status, unsaid.status) == (413, 413)
