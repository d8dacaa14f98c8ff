"""Whoever takes the disk gets none of what was written, and what was changed is noticed.

A practice of two people is written, served, killed, backed up, checked, restored and
sealed anew; after each, everything that lies on the disk is searched for each sentence
in every form (``faults.searching``). Each search stands beside one that must find.
"""

import shutil
import sqlite3
import zlib
from base64 import b64encode, urlsafe_b64encode
from contextlib import closing
from urllib.parse import quote_plus

import pytest

from faults import filling
from faults.forks import Forks
from faults.killing import SERVED, Visitor, links_in
from faults.power import dice
from faults.searching import found_in

WORDS, OTHER, OTHERS = (
    f"{number} herons by the quiet bay" for number in ("seven", "eight", "nine")
)
SENTENCES = (*filling.SEALED, *filling.GONE, *filling.TOLD, filling.NAME)
ANY = ("--port", 0)


class Desk:
    """A practice, and whoever looks after it: where all that is written is below one folder.

    Attributes
    ----------
    place : pathlib.Path
        Holds the practice, its backups, the folder for temporary files, and all that any
        process has said.
    """

    def __init__(self, place, elsewhere):
        self.place, self.elsewhere = place, elsewhere
        self.practice, self.backups = place / "practice", place / "backups"
        (place / "temporary").mkdir()
        (place / "said").mkdir()
        self.key = elsewhere / "key.txt"
        (elsewhere / "crisis.txt").write_text(filling.CRISIS)
        self.forks = Forks(
            place / "said",
            env={"TMPDIR": str(place / "temporary")},
            apart=elsewhere,
            measured=True,
        )

    def set_up(self):
        """Run ``duologue setup``."""
        asked = ("--name", filling.NAME, "--crisis", self.elsewhere / "crisis.txt")
        ended = self.forks.run(
            *("setup", self.practice, *asked, "--recovery-key", self.key),
            new_passphrase=WORDS,
            cheap=True,
        )
        assert (ended.code, ended.err) == (0, "")

    def do(self, *argv, passphrase=WORDS, **more):
        """Run a command that must succeed."""
        ended = self.forks.run(*argv, passphrase=passphrase, **more)
        assert (ended.code, ended.err) == (0, ""), argv
        return ended

    def call(self, function, passphrase=WORDS, folder=None, **more):
        """Call a function of ``faults.filling`` on the practice."""
        return self.forks.call(
            f"faults.filling:{function}",
            folder=folder or self.practice,
            passphrase=passphrase,
            **more,
        )

    def restore(self, backup):
        """Run ``duologue restore``, in place of what is there."""
        given = ("--recovery-key", self.key, "--replace")
        ended = self.forks.run("restore", backup, self.practice, *given)
        assert (ended.code, ended.err) == (0, "")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    made = Desk(tmp_path_factory.mktemp("disk"), elsewhere)
    with closing(made.forks):
        made.set_up()
        yield made


@pytest.fixture(scope="module")
def written(desk):
    """The same, with something in it: written while it was served, and by a crash."""
    server = desk.forks.start("serve", desk.practice, *ANY, passphrase=WORDS)
    server.until(SERVED)
    desk.call("fill")
    desk.while_served = found_in(desk.place, SENTENCES)
    desk.names_while_served = {path.name for path in desk.practice.iterdir()}
    server.kill()
    desk.after_a_crash = found_in(desk.place, SENTENCES)
    desk.crashed = shutil.copytree(desk.practice, desk.elsewhere / "crashed")
    server = desk.forks.start("serve", desk.practice, *ANY, passphrase=WORDS)
    server.until(SERVED)
    server.end()
    desk.do("backup", desk.practice, "--to", desk.backups)
    (desk.backup,) = desk.backups.glob("*.age")
    desk.told = desk.forks.call(
        "faults.telling:tell", folder=desk.practice, passphrase=WORDS
    )
    desk.made = shutil.copytree(desk.practice, desk.elsewhere / "made")
    return desk


@pytest.fixture
def copied(written, tmp_path):
    """A practice that a test may spoil."""
    return shutil.copytree(written.made, tmp_path / "practice")


# What is not found -------------------------------------------------------------------


def test_no_sentence_is_on_the_disk_while_it_is_served_nor_after_a_crash(written):
    assert "practice.sqlite3-wal" in written.names_while_served
    assert written.while_served == []
    assert written.after_a_crash == []
    assert found_in(written.crashed, SENTENCES) == []


def test_no_sentence_is_on_the_disk_after_any_command(written, tmp_path):
    desk = written
    assert found_in(desk.place, SENTENCES) == []

    desk.do("verify", desk.practice)
    assert found_in(desk.place, SENTENCES) == []
    checked = desk.forks.run("verify", desk.backup, "--recovery-key", desk.key)
    assert (checked.code, checked.err) == (0, "")
    assert found_in(desk.place, SENTENCES) == []
    desk.restore(desk.backup)
    assert found_in(desk.place, SENTENCES) == []
    desk.do("rekey", desk.practice, "--all", new_passphrase=OTHER)
    # Every key of a pair, a person and a card opens with the new ring, and every text.
    desk.do("verify", desk.practice, passphrase=OTHER)
    desk.do("rekey", desk.practice, passphrase=OTHER, new_passphrase=WORDS)
    assert found_in(desk.place, SENTENCES) == []
    refused = desk.forks.run("verify", desk.practice, passphrase=OTHER)
    assert refused.code == 2
    assert found_in(desk.place, (*SENTENCES, WORDS, OTHER)) == []


def test_what_somebody_deleted_does_not_come_back_with_an_older_backup(tmp_path):
    elsewhere, place = tmp_path / "elsewhere", tmp_path / "disk"
    elsewhere.mkdir()
    place.mkdir()
    desk = Desk(place, elsewhere)
    with closing(desk.forks):
        desk.set_up()
        desk.call("fill")
        desk.do("backup", desk.practice, "--to", desk.backups)
        (backup,) = desk.backups.glob("*.age")
        told = [_told(desk)]
        desk.call("forget_all")
        told.append(_told(desk))

        desk.restore(backup)
        told.append(_told(desk))
    by_seat = (filling.OPENED, filling.KEPT_BACK, filling.FOR_ONESELF)
    own = {words[seat] for words in by_seat for seat in words} | {filling.TEACHING}
    clients = {words["client"] for words in by_seat} | {filling.LATER}
    before, deleted, restored = (
        {words for words in own | clients if words in said} for said in told
    )
    assert before == own | clients
    assert deleted == restored == before - clients


def _told(desk):
    """Return all that is kept, as text, once a check has found nothing wrong."""
    told = desk.forks.call(
        "faults.telling:tell", folder=desk.practice, passphrase=WORDS
    )
    assert told["faults"] == []
    return str(told["kept"])


def test_no_key_is_on_the_disk(written):
    desk = written
    keys = [bytes.fromhex(key) for key in desk.call("keys_of")]
    keys += [bytes.fromhex(key) for key in desk.call("keys_of", folder=desk.made)]
    private = desk.key.read_text().splitlines()[-1]

    assert len(set(keys)) >= 8
    assert found_in(desk.place, [*keys, private, WORDS]) == []


def test_no_sentence_that_came_by_a_form_is_on_the_disk(tmp_path, socket_enabled):
    said = {seat: f"{words}, in a form" for seat, words in filling.OPENED.items()}
    (tmp_path / "disk" / "temporary").mkdir(parents=True)
    (tmp_path / "disk" / "said").mkdir()
    folder = tmp_path / "disk" / "demo"
    env = {"TMPDIR": str(tmp_path / "disk" / "temporary")}
    with closing(Forks(tmp_path / "disk" / "said", env=env, apart=tmp_path)) as forks:
        server = forks.start("demo", folder, *ANY, cheap=True)
        links = links_in(server.until(SERVED))
        words = (folder / "made-up-passphrase").read_text().strip()
        told = forks.call("faults.telling:tell", folder=folder, passphrase=words)
        (ref,) = {ref for code, ref, *_ in told["people"] if code == "client-D"}
        number = told["sessions"][ref][-1]
        for seat, code in (("client", "client-D"), ("therapist", "therapist-T")):
            visitor = Visitor(links[code])
            visitor.come_in()
            save = f"/with/{ref}/{number}/save/"
            willing = f"/with/{ref}/{number}/willing/"
            assert visitor.post(save, line=said[seat]) == 302
            assert visitor.post(willing, say="willing") == 302
            refused = visitor.post(save, line=said[seat] * 9)  # too long: given back
            assert refused == 409
            visitor.leave()
        visitor.come_in()
        later = f"/with/{ref}/{number}/later/"
        assert visitor.post(later, item="line", words=filling.LATER) == 302
        assert visitor.ask("GET", f"/with/{ref}/{number}/") == 200
        visitor.leave()
        sentences = (*said.values(), filling.LATER)
        served = found_in(tmp_path / "disk", sentences)
        server.kill()
        crashed = found_in(tmp_path / "disk", sentences)
        kept = str(
            forks.call("faults.telling:tell", folder=folder, passphrase=words)["kept"]
        )

    assert all(sentence in kept for sentence in sentences)
    assert (served, crashed) == ([], [])


def test_another_sqlite_opens_neither_the_practice_nor_a_backup(written):
    for path in (written.made / "practice.sqlite3", written.backup):
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as plain,
            pytest.raises(sqlite3.DatabaseError, match="not a database"),
        ):
            plain.execute("SELECT * FROM sqlite_master")


def test_whoever_has_the_key_of_the_file_alone_finds_no_free_text(written):
    exported = written.elsewhere / "exported"
    exported.mkdir()
    written.call("export_plain", folder=written.made, to=exported / "plain.sqlite3")

    assert found_in(exported, (*filling.SEALED, *filling.GONE)) == []
    told = {n for _, n, _ in found_in(exported, filling.TOLD)}
    assert told == set(range(len(filling.TOLD)))


# The controls ------------------------------------------------------------------------

SENTENCE, KEY = filling.LATER, bytes(range(7, 39))


@pytest.mark.parametrize("checkpoint", [True, False])
def test_the_search_finds_what_a_plain_database_holds(tmp_path, checkpoint):
    path = tmp_path / "plain.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("CREATE TABLE words (said TEXT)")
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for sentence in filling.SEALED:
            plain.execute("INSERT INTO words VALUES (?)", (sentence,))
        if checkpoint:
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = found_in(tmp_path, filling.SEALED)

    assert {n for _, n, _ in found} == set(range(len(filling.SEALED)))
    assert {name for name, *_ in found} == {
        "plain.sqlite3" if checkpoint else "plain.sqlite3-wal"
    }


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz"])
@pytest.mark.parametrize(
    "form",
    [
        bytes,
        b64encode,
        urlsafe_b64encode,
        lambda raw: raw.hex().encode(),
        lambda raw: raw.hex().upper().encode(),
        zlib.compress,
        lambda raw: zlib.compress(raw, wbits=31),
        lambda raw: b"..." + zlib.compress(b64encode(raw), 1),
        lambda raw: raw.decode("latin-1").encode("utf-16-le"),
        lambda raw: raw.decode("latin-1").encode("utf-16-be"),
        lambda raw: quote_plus(raw).encode(),
    ],
)
def test_the_search_finds_each_form(tmp_path, form, before):
    (tmp_path / "deep").mkdir()
    content = form(before + SENTENCE.encode() + before)
    (tmp_path / "deep" / "file").write_bytes(dice(1).randbytes(99) + content)

    assert found_in(tmp_path, ["nothing of this", SENTENCE])
    assert found_in(tmp_path, ["nothing of this"]) == []


@pytest.mark.parametrize("form", [bytes, b64encode, lambda raw: raw.hex().encode()])
def test_the_search_finds_a_key(tmp_path, form):
    (tmp_path / "file").write_bytes(b"x" + form(b"\0" + KEY + b"\0"))

    assert found_in(tmp_path, [KEY])
    assert found_in(tmp_path, [KEY[::-1]]) == []


def test_the_search_finds_a_name(tmp_path):
    (tmp_path / filling.CLIENT).mkdir()

    assert found_in(tmp_path, [filling.CLIENT])


# What was changed --------------------------------------------------------------------


def flipped(path, at):
    """Flip one bit."""
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def files_in(folder):
    """Return what the files of a folder hold, by their names."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def said_of(ended):
    """Return all that was said, once it is sure that nothing of anybody's is in it."""
    said = ended.out + ended.err
    for words in (*SENTENCES, WORDS):
        assert words not in said
    return said


def given(desk, command, passphrase):
    """Run a command with a passphrase, and with a new one if it takes that."""
    more = {"new_passphrase": OTHERS} if command[0] == "rekey" else {}
    return desk.forks.run(*command, passphrase=passphrase, **more)


def is_refused(ended):
    """Whether a command ended with one line and 2."""
    return (ended.code, ended.err.count("\n")) == (2, 1) and bool(said_of(ended))


def test_a_wrong_passphrase_is_refused_and_changes_nothing(written, copied):
    before = files_in(copied)

    for command in (
        ("verify", copied),
        ("serve", copied, *ANY),
        ("backup", copied, "--to", copied / "backups"),
        ("rekey", copied),
    ):
        ended = given(written, command, OTHER)
        assert is_refused(ended), command
        assert "does not open it" in ended.err

    assert files_in(copied) == before


def test_words_that_were_moved_to_another_row_do_not_open(written, copied):
    row = written.call("move_words", folder=copied)

    ended = written.forks.run("verify", copied, passphrase=WORDS)

    assert is_refused(ended)
    assert (
        f"fault: practice.sqlite3: words of answer {row} does not open.\n" in ended.out
    )
    with pytest.raises(RuntimeError, match="SealError: what is sealed here does not"):
        written.forks.call("faults.telling:tell", folder=copied, passphrase=WORDS)
    # A backup of it is made all the same, and says so.
    backed = written.forks.run(
        "backup", copied, "--to", copied / "backups", passphrase=WORDS
    )
    assert is_refused(backed)
    assert len(list((copied / "backups").glob("*.age"))) == 1


@pytest.mark.parametrize("page", [0, 1, 2, 7, 19, 33, -1])
def test_a_bit_that_flips_in_the_database_is_noticed(written, copied, page):
    path = copied / "practice.sqlite3"
    n_pages = path.stat().st_size // 4096
    flipped(path, page % n_pages * 4096 + dice(page).randrange(4096))

    for command in (
        ("verify", copied),
        ("backup", copied, "--to", copied / "backups"),
    ):
        ended = given(written, command, WORDS)
        assert is_refused(ended), (command, ended)
        assert "damaged" in said_of(ended)
    assert not list(copied.glob("backups/*.age"))

    # What is sealed anew is read row by row: a page that only helps to find them may go.
    before = files_in(copied)
    ended = given(written, ("rekey", copied, "--all"), WORDS)
    if ended.code == 0:
        found = written.forks.call(
            "faults.telling:tell", folder=copied, passphrase=OTHERS
        )
        assert (found["faults"], found["kept"]) == ([], written.told["kept"])
    else:
        assert is_refused(ended), ended
        assert "damaged" in said_of(ended)
        for name in ("practice.sqlite3", "practice.keys", "practice.keys.copy"):
            assert (copied / name).read_bytes() == before[name]


def test_a_bit_that_flips_in_what_was_not_yet_in_the_database_is_noticed(
    written, tmp_path
):
    whole, spoiled = (
        shutil.copytree(written.crashed, tmp_path / name) for name in ("a", "b")
    )
    flipped(spoiled / "practice.sqlite3-wal", 60_000)

    assert written.forks.run("verify", whole, passphrase=WORDS).code == 0
    ended = written.forks.run("verify", spoiled, passphrase=WORDS)

    assert is_refused(ended)
    assert "events are missing; it is older than events.head" in ended.out


@pytest.mark.parametrize("name", ["practice.keys", "practice.keys.copy"])
@pytest.mark.parametrize("at", [5, 200, 700, -30])
def test_a_bit_that_flips_in_one_key_file_is_noticed_and_mended(
    written, copied, name, at
):
    flipped(copied / name, at)

    noticed = written.forks.run("verify", copied, passphrase=WORDS)
    server = written.forks.start("serve", copied, *ANY, passphrase=WORDS)
    server.until(SERVED)
    ended = server.end()

    assert is_refused(noticed)
    assert f"fault: {name}: is damaged" in noticed.out
    assert ended.err == (
        f"duologue: {name}: is damaged: its checksum does not fit. This has been "
        "mended.\n"
    )
    written.do("verify", copied)


def test_a_bit_that_flips_in_both_key_files_is_noticed(written, copied):
    before = (copied / "practice.sqlite3").read_bytes()
    flipped(copied / "practice.keys", 300)
    flipped(copied / "practice.keys.copy", 900)

    for command in (("verify", copied), ("serve", copied, *ANY), ("rekey", copied)):
        ended = given(written, command, WORDS)
        assert is_refused(ended)
        assert "is damaged: its checksum does not fit" in ended.err

    assert (copied / "practice.sqlite3").read_bytes() == before
    # A backup holds another one.
    ended = written.forks.run(
        *("restore", written.backup, copied, "--replace"),
        *("--recovery-key", written.key),
    )
    assert ended.code == 0
    written.do("verify", copied)


def test_a_bit_that_flips_in_the_head_of_the_chain_is_noticed(written, copied):
    path = copied / "events.head"
    flipped(path, 50)
    one = written.forks.run("verify", copied, passphrase=WORDS)
    flipped(path, 120)
    both = written.forks.run("verify", copied, passphrase=WORDS)

    # It is written in turn in two places, so that one that is torn harms nothing.
    assert (one.code, one.err) == (0, "")
    assert "note: events.head: one half of it is damaged" in said_of(one)
    assert is_refused(both)
    assert "fault: events.head: is not there or damaged" in both.out


@pytest.mark.parametrize("at", [3, 40, 200, 500, -2])
def test_a_bit_that_flips_in_the_list_of_what_was_withdrawn_is_noticed_and_mended(
    written, copied, at
):
    path = copied / "withdrawn.sealed"
    before = {line[:32] for line in path.read_bytes().splitlines()}
    flipped(path, at)

    noticed = written.forks.run("verify", copied, passphrase=WORDS)
    backed = written.forks.run(
        "backup", copied, "--to", copied / "backups", passphrase=WORDS
    )
    server = written.forks.start("serve", copied, *ANY, passphrase=WORDS)
    server.until(SERVED)
    ended = server.end()

    assert is_refused(noticed)
    assert "fault: withdrawn.sealed: " in noticed.out
    assert is_refused(backed)
    assert ended.err == (
        "duologue: withdrawn.sealed: 1 of its lines could not be read. This has been "
        "mended.\n"
    )
    after = {line[:32] for line in path.read_bytes().splitlines()}
    assert before <= after  # serving a practice in which nobody is yet ends a code
    written.do("verify", copied)
    # What was backed up meanwhile can be restored: its list was made anew.
    (backup,) = (copied / "backups").glob("*.age")
    checked = written.forks.run("verify", backup, "--recovery-key", written.key)
    assert (checked.code, checked.err) == (0, "")


@pytest.mark.parametrize("at", [0, 30, 150, 260, 340, 5000, 70_000, -20, -1])
def test_a_bit_that_flips_in_a_backup_is_noticed(written, tmp_path, at):
    spoiled = shutil.copy(written.backup, tmp_path / "spoiled.age")
    flipped(spoiled, at)
    given = ("--recovery-key", written.key)

    checked = written.forks.run("verify", spoiled, *given)
    restored = written.forks.run("restore", spoiled, tmp_path / "again", *given)

    assert is_refused(checked)
    assert is_refused(restored)
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["practice.lock"]


@pytest.mark.parametrize("size", [0, 1, 200, 340, 70_000, -1])
def test_a_backup_that_is_cut_off_is_noticed(written, tmp_path, size):
    spoiled = tmp_path / "spoiled.age"
    spoiled.write_bytes(written.backup.read_bytes()[:size])

    checked = written.forks.run("verify", spoiled, "--recovery-key", written.key)

    assert is_refused(checked)
