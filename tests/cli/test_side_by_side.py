"""Two programs on one folder: what may go on beside a server, and what must wait."""

import shutil

import pytest

from duologue.errors import FileError
from duologue.store.safekeeping.in_use import exchanging, in_use, reading
from faults.killing import SERVED, act_under_load
from faults.power import dice

ANY = ("--port", 0)
WORDS = "words for another day"
IN_USE = "is in use by another program of ours; stop that one first."


@pytest.fixture(scope="module")
def made(forks, quick_demo, tmp_path_factory):
    """A demo, and a backup of it; no test may change it."""
    place = tmp_path_factory.mktemp("made")
    shutil.copytree(quick_demo, place / "demo")
    ended = forks.run("backup", place / "demo", "--to", place / "backups")
    assert (ended.code, ended.err) == (0, "")
    return place


@pytest.fixture
def place(made, tmp_path):
    """The same, for a test to change."""
    return shutil.copytree(made, tmp_path / "place")


@pytest.fixture
def folder(place):
    return place / "demo"


def key_of(folder):
    return ("--recovery-key", folder / "made-up-recovery-key")


def refused(ended, folder):
    """Whether a command was refused in one line because another one has the folder."""
    return (ended.code, ended.out, ended.err) == (
        2,
        "",
        f"duologue: {folder}: {IN_USE}\n",
    )


def test_what_would_exchange_files_is_refused_while_a_practice_is_served(
    forks, place, folder
):
    (backup,) = place.glob("backups/*.age")
    server = forks.start("serve", folder, *ANY)
    server.until(SERVED)
    before = (folder / "practice.keys").read_bytes()

    for command in (
        ("serve", folder, *ANY),
        ("serve", folder, *ANY, "--locked"),
        ("demo", folder, *ANY),
        ("demo", folder, *ANY, "--fresh"),
        ("rekey", folder, *key_of(folder)),
        ("rekey", folder, "--all", *key_of(folder)),
        ("restore", backup, folder, "--replace", *key_of(folder)),
    ):
        new = {"new_passphrase": WORDS}
        more = new if command[0] == "rekey" else {}
        ended = forks.run(*command, **more, cheap=True)
        assert refused(ended, folder), (command, ended)

    assert (folder / "practice.keys").read_bytes() == before
    assert not list(folder.glob("replaced-*"))
    ended = server.end()
    assert (ended.code, ended.err) == (130, "")
    verified = forks.run("verify", folder)
    assert (verified.code, verified.err) == (0, "")


def test_a_practice_is_backed_up_and_checked_while_people_write(
    forks, place, folder, socket_enabled
):
    ended, to = [], place / "meanwhile"

    def act(passphrase):
        for command in 3 * [("verify", folder)] + [("backup", folder, "--to", to)]:
            ended.append(forks.run(*command, passphrase=passphrase))  # noqa: PERF401

    figures = act_under_load(folder, dice(2), forks=forks, act=act)
    (backup,) = to.glob("*.age")
    checked = forks.run("verify", backup, *key_of(folder))

    assert [(each.code, each.err) for each in ended] == [(0, "")] * 4
    assert (checked.code, checked.err) == (0, "")
    assert (figures.lost, figures.faults) == ((), ())
    assert figures.n_acknowledged > 5


@pytest.mark.parametrize("command", ["verify", "backup"])
def test_nobody_reads_a_practice_while_its_files_are_exchanged(
    forks, folder, tmp_path, command
):
    more = ("--to", tmp_path / "backups") if command == "backup" else ()

    with exchanging(folder):
        ended = forks.run(command, folder, *more)

    assert refused(ended, folder)
    assert not (tmp_path / "backups").exists()
    assert forks.run(command, folder, *more).code == 0


def test_files_are_not_exchanged_while_somebody_reads_them(forks, folder):
    with reading(folder), reading(folder):
        ended = forks.run("rekey", folder, *key_of(folder), new_passphrase=WORDS)

    assert refused(ended, folder)


def test_who_serves_and_who_reads_are_in_nobodys_way(folder):
    with in_use(folder), reading(folder), reading(folder):
        for other in (in_use, exchanging):
            with pytest.raises(FileError, match="in use by another"), other(folder):
                pass
    with exchanging(folder):
        for other in (in_use, reading, exchanging):
            with pytest.raises(FileError, match="in use by another"), other(folder):
                pass


def test_a_folder_that_is_not_there_cannot_be_had(tmp_path):
    for have in (in_use, reading, exchanging):
        with (
            pytest.raises(FileError, match="cannot be used: No such file"),
            have(tmp_path / "nowhere"),
        ):
            pass
