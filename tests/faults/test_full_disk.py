"""The real server on a disk that is full, that may only be read, or that loses power.

What is asserted is what holds today. On a full disk the answer to a form is the page for
faults of ours, status 500, which says that what was sent may not have been kept.
"""

import errno
import re
import shutil
import sys
from pathlib import Path

import pytest
from sqlcipher3.dbapi2 import DatabaseError

from cli.test_serving import Browser, form_of, links_of
from faults.power import (
    JOURNALED,
    Harm,
    History,
    check_complete,
    examine,
    without_syncs,
)
from once import quick_demo
from sealed_folder import opened

SRC = Path(__file__).parents[2] / "src"
ANY = ("--port", "0")
SAVED = re.compile('name="was-open" value="([0-9]*)"')


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo that was made and stopped; no test may change it."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    shutil.copytree(quick_demo(tmp_path_factory), folder)
    shutil.rmtree(folder / "practice")  # the files to read are not what is served
    (folder / "practice.html").unlink()
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A practice that a test may change."""
    return shutil.copytree(made, tmp_path / "practice")


def complaints(folder):
    """Return what the database says of itself, where it is not sound."""
    try:
        with opened(folder) as database:
            said = database.execute("PRAGMA integrity_check").fetchall()
            said += database.execute("PRAGMA foreign_key_check").fetchall()
    except DatabaseError as error:  # too broken to be looked through
        return [(str(error),)]
    return [line for line in said if line != ("ok",)]


def rows(folder):
    """Return all answers that are kept."""
    with opened(folder) as database:
        return database.execute("SELECT * FROM store_answer ORDER BY id").fetchall()


class Desk:
    """One client's form, at a server that is running."""

    def __init__(self, running):
        self.browser = Browser(links_of(running)["client-A"])
        self.form = form_of(self.browser)

    def save(self, value):
        """Answer the first prompt; return the status."""
        return self.send(open=value)[0].status

    def send(self, **answers):
        """Answer some prompts; return the response and its page."""
        return self.browser.send(self.form.replace("reflect/", "save/"), **answers)

    def saved(self):
        """Return what the form says is kept."""
        return SAVED.search(self.browser.get(self.form))[1]


def test_the_server_outlives_a_disk_that_is_full_or_read_only(
    started, faulty, folder, socket_enabled
):
    disk = faulty(folder, record=True)
    n_before = len(rows(folder))

    with started("serve", folder, *ANY, env=disk.env) as running:
        desk = Desk(running)
        assert desk.save(41) == 302
        for value, fault, reason in (
            (42, disk.fill, "is full"),
            (43, disk.make_read_only, "cannot be written to"),
        ):
            kept, n_refused = rows(folder), disk.n_refused

            fault()
            response, page = desk.send(open=value, line="My own words.")
            assert response.status == 503
            assert "This could not be kept" in page
            assert f"the disk of this machine {reason}" in page
            assert "<blockquote>My own words.</blockquote>" in page
            assert disk.n_refused > n_refused
            assert desk.saved() == str(value - 1)
            assert rows(folder) == kept

            disk.mend()
            assert desk.save(value) == 302
            assert desk.saved() == str(value)
        ended = running.end()

    assert ended.code == 130
    assert ended.err.splitlines() == [
        f"duologue: something could not be kept or read: the disk of this machine {how}."
        for how in ("is full", "cannot be written to")
    ]
    assert complaints(folder) == []
    assert len(rows(folder)) == n_before + 1
    check_complete(disk.log(), folder)


def test_nothing_is_half_written_when_the_disk_fills_in_the_middle(
    started, faulty, folder, socket_enabled
):
    disk = faulty(folder)
    n_before = len(rows(folder))
    statuses = []

    with started("serve", folder, *ANY, env=disk.env) as running:
        desk = Desk(running)
        assert desk.save(50) == 302
        for value, room in enumerate((1, 100, 4000, 5000, 9000, 10**6)):
            kept = desk.saved()
            disk.fill(after=room, growing_only=value % 2 == 0)
            statuses.append(desk.save(value))
            disk.mend()
            assert desk.saved() == (str(value) if statuses[-1] == 302 else kept)
        assert desk.save(51) == 302
        running.end()

    assert set(statuses) == {302, 503}
    assert complaints(folder) == []
    assert len(rows(folder)) == n_before + 1


@pytest.mark.parametrize(
    ("command", "error", "said"),
    [
        ("serve", errno.EROFS, "Read-only file system"),
        ("demo", errno.EACCES, "Permission denied"),
    ],
)
def test_where_nothing_may_be_written_that_is_said(
    faulty, folder, command, error, said
):
    disk = faulty(folder, read_only=error)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    ended = disk.run(
        sys.executable,
        "-m",
        "duologue",
        command,
        folder,
        *ANY,
        env={"PYTHONPATH": str(SRC)},
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert said in ended.stderr
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_the_server_has_answered_for_outlasts_the_power(
    started, faulty, folder, tmp_path, socket_enabled
):
    disk = faulty(folder, record=True)
    before = len(rows(folder))
    values = [10, 20, 30, 40, 50, 60]

    with started("serve", folder, *ANY, env=disk.env) as running:
        desk = Desk(running)
        for value in values:
            assert desk.save(value) == 302
            disk.promised(value)
        running.end()

    def check(left, promised):
        found = complaints(left)
        if found:
            yield Harm.BROKEN, str(found[0])
            return
        new = [row[2] for row in rows(left)[before:]]
        n = len(promised)
        if new not in ([values[n - 1]] if n else [], values[n : n + 1]):
            yield Harm.LOST, f"{new} is there, {promised} were promised"

    def report_of(log):
        told = History(log, JOURNALED)
        return examine(told, check, tmp_path, n_cuts=8, n_random=1, seed=1)

    check_complete(disk.log(), folder)
    report, control = report_of(disk.log()), report_of(without_syncs(disk.log()))
    assert report.found == [], report
    assert report.n_marks == len(values)
    assert control.count()[Harm.LOST] > 3, control
