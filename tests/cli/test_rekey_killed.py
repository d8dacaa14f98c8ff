"""Commands that exchange a practice's files, killed after each change that they make.

The practice must open with its old passphrase or with its new one, hold what it held,
and the command must succeed when it is given again. ``faults.steps`` kills.
"""

import json
import shutil
import time
from contextlib import closing
from itertools import count

import pytest

from duologue.cli.passphrase import recovery_key
from duologue.errors import FileError
from duologue.store.keys.keyfile import DIFFERENT, read_key_file
from duologue.store.safekeeping.placing import PARTS
from faults import filling
from faults.conftest import library  # noqa: F401
from faults.forks import Forks
from faults.layer import Disk
from faults.power import (
    STRICT,
    Harm,
    History,
    check_complete,
    dice,
    examine,
    without_syncs,
)
from faults.steps import EACH, killed_at_each

OLD, NEW, NEXT = (
    f"{word} lanterns over the quiet bay" for word in ("nine", "ten", "eleven")
)
MENDED = f"duologue: {DIFFERENT} This has been mended.\n"


class Lab:
    """A practice on a disk at which a command can be killed.

    Attributes
    ----------
    practice, backups : pathlib.Path
        On that disk.
    key : pathlib.Path
        The recovery key, elsewhere.
    told : dict
        What the practice held before; see `faults.telling.tell`.
    """

    def __init__(self, library, place):  # noqa: F811 - a fixture is no import
        self.place = place
        (place / "disk").mkdir()
        self.practice = place / "disk" / "practice"
        self.backups = place / "disk" / "backups"
        self.key = place / "recovery-key"
        self.crisis = place / "crisis.txt"
        self.crisis.write_text(filling.CRISIS)
        self.disk = Disk(library, place / "disk", place=place)
        self.on_disk = Forks(place, env=self.disk.env)
        self.forks = Forks(place, measured=True)
        self.made = place / "made"

    def close(self):
        self.on_disk.close()
        self.forks.close()
        self.disk.close()

    def make(self):
        """Make the practice from which each command starts."""
        assert self.set_up(self.forks, self.made, self.key).code == 0
        self.forks.call("faults.filling:fill", folder=self.made, passphrase=OLD)
        self.told = self.forks.call(
            "faults.telling:tell", folder=self.made, passphrase=OLD
        )

    def set_up(self, forks, folder, key):
        """Run ``duologue setup``."""
        asked = ("--name", filling.NAME, "--crisis", self.crisis)
        return forks.run(
            *("setup", folder, *asked, "--recovery-key", key),
            new_passphrase=OLD,
            cheap=True,
        )

    def clear(self):
        """Empty the disk."""
        shutil.rmtree(self.practice, ignore_errors=True)
        shutil.rmtree(self.backups, ignore_errors=True)

    def fresh(self, source=None):
        """Put the practice there as it was made, or another, and nothing else."""
        self.clear()
        shutil.copytree(source or self.made, self.practice)

    def backup(self, forks, to):
        """Run ``duologue backup``."""
        return forks.run("backup", self.practice, "--to", to, passphrase=OLD)

    def restore(self, forks, backup):
        """Run ``duologue restore``, in place of what is there."""
        given = ("--recovery-key", self.key, "--replace")
        return forks.run("restore", backup, self.practice, *given)

    def tell(self, folder, *passphrases):
        """Return what a practice holds, opened with one of these, and with which."""
        return self.forks.call(
            "faults.telling:tell_by_any", folder=folder, passphrases=passphrases
        )

    def whole(self, folder, passphrase):
        """Whether ``duologue verify`` says so."""
        ended = self.forks.run("verify", folder, passphrase=passphrase)
        return ended.code == 0 and ": whole." in ended.out

    def nothing_is_left(self):
        """Whether there is nothing in the folder that a killed program has left there."""
        names = [path.name for path in self.practice.iterdir()]
        return not any(name.startswith(".") for name in names)


@pytest.fixture(scope="module")
def lab(library, tmp_path_factory):  # noqa: F811
    with closing(Lab(library, tmp_path_factory.mktemp("lab"))) as made:
        made.make()
        yield made


def is_as_before(found, told):
    """Whether a practice holds what it held, and no fault was found in it."""
    return found["passphrase"] and (found["faults"], found["kept"]) == (
        [],
        told["kept"],
    )


@pytest.mark.parametrize("options", [(), ("--all",)], ids=["passphrase", "all"])
def test_a_practice_opens_wherever_its_rekeying_is_killed(lab, options):
    opened_by, n_killed = set(), 0
    steps = killed_at_each(
        lab.disk,
        lab.fresh,
        lambda: lab.on_disk.run(
            "rekey", lab.practice, *options, passphrase=OLD, new_passphrase=NEW
        ),
        every=100,
        one_in=4,
    )
    for n, step in enumerate(steps):
        found = lab.tell(lab.practice, OLD, NEW)
        assert is_as_before(found, lab.told), (str(step), found)
        opened_by.add(found["passphrase"])
        n_killed += step.killed
        if n % 3 == 0:
            again = lab.forks.run(
                *("rekey", lab.practice, *options),
                passphrase=found["passphrase"],
                new_passphrase=NEXT,
            )
            assert (again.code, again.err) in {(0, ""), (0, MENDED)}, str(step)
            assert lab.whole(lab.practice, NEXT), str(step)
            assert lab.nothing_is_left(), str(step)

    assert opened_by == {OLD, NEW}
    assert n_killed > (5 if EACH else 2)


def test_a_careless_rekeying_is_found_out(lab):
    def rekey():
        given = {"folder": lab.practice, "passphrase": OLD, "new": NEW}
        return lab.on_disk.start_call(
            "faults.filling:rekey_carelessly", **given
        ).ended()

    n_lost = 0
    for _ in killed_at_each(lab.disk, lab.fresh, rekey, every=100, one_in=2):
        try:
            lab.tell(lab.practice, OLD, NEW)
        except RuntimeError as error:
            n_lost += "not the database that practice.keys belongs to" in str(error)

    assert n_lost > (2 if EACH else 0)


def test_a_recovery_key_opens_wherever_its_changing_is_killed(lab):
    numbers, opened_by = count(), set()

    def change(forks):
        lab.new_key = lab.place / f"new-key-{next(numbers)}"
        return forks.run(
            *("rekey", lab.practice, "--new-recovery-key", lab.new_key),
            passphrase=OLD,
        )

    for step in killed_at_each(
        lab.disk, lab.fresh, lambda: change(lab.on_disk), every=100, one_in=2
    ):
        found = lab.tell(lab.practice, OLD)
        assert is_as_before(found, lab.told), (str(step), found)
        opening = [key for key in (lab.key, lab.new_key) if opens(lab.practice, key)]
        assert len(opening) == 1, str(step)
        opened_by.add(opening[0] == lab.key)

    assert opened_by == {True, False}


def opens(folder, key):
    """Whether a recovery key, if there is one, opens the key file of a practice."""
    try:
        read_key_file(folder).master_by_recovery(recovery_key(key))
    except FileError:
        return False
    return True


def test_a_practice_opens_whenever_its_rekeying_is_killed(lab):
    rng, passphrase, passphrases = dice(7), OLD, (OLD, NEW)
    lab.fresh()
    started = time.monotonic()
    lab.forks.run("rekey", lab.practice, "--all", passphrase=OLD, new_passphrase=OLD)
    longest = time.monotonic() - started

    for _ in range(8):
        other = passphrases[passphrases.index(passphrase) - 1]
        running = lab.forks.start(
            "rekey", lab.practice, "--all", passphrase=passphrase, new_passphrase=other
        )
        time.sleep(rng.uniform(0.2, 1.1) * longest)
        running.kill()

        found = lab.tell(lab.practice, *passphrases)
        assert is_as_before(found, lab.told)
        passphrase = found["passphrase"]


def examined(lab, check, n_cuts, *, syncs=True):
    """Let the power go at some moments of what was recorded last; return the report."""
    lab.disk.promised("done")
    log = lab.disk.log()
    check_complete(log, lab.disk.folder)
    history = History(log if syncs else without_syncs(log), STRICT)
    return examine(history, check, lab.place, n_cuts=n_cuts, n_random=1, seed=3)


def test_a_practice_opens_whenever_the_power_goes_while_it_is_rekeyed(lab):
    lab.fresh()
    lab.disk.forget()
    ended = lab.on_disk.run(
        "rekey", lab.practice, "--all", passphrase=OLD, new_passphrase=NEW
    )

    def check(folder, promised):
        words = (NEW,) if promised else (OLD, NEW)
        try:
            found = lab.tell(folder / "practice", *words)
        except RuntimeError as error:
            yield Harm.BROKEN, str(error)
        else:
            if not is_as_before(found, lab.told):
                yield Harm.LOST, str(found)

    report = examined(lab, check, 6 if EACH else 4)
    control = examined(lab, check, 2, syncs=False)

    assert (ended.code, ended.err) == (0, "")
    assert report.found == [], report
    assert report.n_states > (30 if EACH else 20)
    assert len(control.found) > 2, control


@pytest.fixture
def backed_up(lab, tmp_path):
    """A backup, and the practice as it is later: more was written, and some withdrawn."""
    lab.fresh()
    assert lab.backup(lab.forks, tmp_path / "kept").code == 0
    (backup,) = (tmp_path / "kept").glob("*.age")
    lab.forks.call("faults.filling:write_later", folder=lab.practice, passphrase=OLD)
    later = shutil.copytree(lab.practice, tmp_path / "later")
    return backup, later


def files_in(folder):
    """Return what the files of a practice hold, by their names."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name in PARTS}


def restored_from(lab):
    """Return what is kept once the backup is restored: what it held, but for the line
    that was withdrawn after it.
    """
    withdrawn = filling.KEPT_BACK["client"]
    return [each for each in lab.told["kept"] if each[1] != withdrawn]


def test_nothing_is_lost_wherever_a_restore_is_killed(lab, backed_up):
    backup, later = backed_up
    told, before = lab.tell(later, OLD), files_in(later)
    restored = restored_from(lab)

    def is_kept():
        """Whether the earlier practice is in its place, or whole beside it."""
        if files_in(lab.practice) == before:
            return True
        aside = [path.parent for path in lab.practice.glob("replaced-*/*.sqlite3")]
        return any(is_as_before(lab.tell(path, OLD), told) for path in aside)

    steps = killed_at_each(
        lab.disk,
        lambda: lab.fresh(later),
        lambda: lab.restore(lab.on_disk, backup),
        every=100,
        one_in=6,
    )
    untouched = 0
    for step in steps:
        assert is_kept(), str(step)
        untouched += files_in(lab.practice) == before
        if files_in(lab.practice) == before and untouched % 3:
            continue  # what is given again is the same then, but for some that is left
        again = lab.restore(lab.forks, backup)
        assert (again.code, again.err) == (0, ""), str(step)
        found = lab.tell(lab.practice, OLD)
        assert (found["faults"], found["kept"]) == ([], restored), str(step)
        assert is_kept(), str(step)
        assert lab.nothing_is_left(), str(step)

    assert len(restored) < len(lab.told["kept"])
    assert untouched > (5 if EACH else 2)


def test_nothing_is_lost_whenever_the_power_goes_in_a_restore(lab, backed_up):
    backup, later = backed_up
    told, before = lab.tell(later, OLD), files_in(later)
    lab.fresh(later)
    lab.disk.forget()
    ended = lab.restore(lab.on_disk, backup)

    def is_whole(folder, told):
        try:
            return is_as_before(lab.tell(folder, OLD), told)
        except RuntimeError:
            return False

    def check(folder, promised):
        practice = folder / "practice"
        aside = [path.parent for path in practice.glob("replaced-*/*.sqlite3")]
        if files_in(practice) != before and not any(is_whole(p, told) for p in aside):
            yield Harm.LOST, "the earlier practice is nowhere"
        if promised and not is_whole(practice, {"kept": restored_from(lab)}):
            yield Harm.LOST, "what was restored is not there"

    report = examined(lab, check, 12 if EACH else 8)
    control = examined(lab, check, 2, syncs=False)

    assert (ended.code, ended.err) == (0, "")
    assert report.found == [], report
    assert report.n_states > (60 if EACH else 40)
    assert len(control.found) > 2, control


def test_a_backup_that_is_killed_is_none(lab):
    n_made = 0

    steps = killed_at_each(
        lab.disk,
        lab.fresh,
        lambda: lab.backup(lab.on_disk, lab.backups),
        every=100,
        one_in=6,
    )
    for n, step in enumerate(steps):
        for made in lab.backups.glob("*.age"):
            ended = lab.forks.run("verify", made, "--recovery-key", lab.key)
            assert (ended.code, ended.err) == (0, ""), str(step)
            n_made += 1
        if n % 3 == 0:
            found = lab.tell(lab.practice, OLD)
            assert is_as_before(found, lab.told), (str(step), found)
        if n % 3 == 0 and not list(lab.backups.glob("*.age")):
            again = lab.backup(lab.forks, lab.backups)
            assert (again.code, again.err) == (0, ""), str(step)
            assert not list(lab.backups.glob(".*")), str(step)

    assert 0 < n_made < n


def test_a_setup_that_is_killed_can_be_given_again(lab):
    numbers, n_again = count(), 0

    def set_up(forks):
        return lab.set_up(forks, lab.practice, lab.place / f"key-{next(numbers)}")

    steps = killed_at_each(
        lab.disk, lab.clear, lambda: set_up(lab.on_disk), every=100, one_in=12
    )
    for n, step in enumerate(steps):
        if not step.killed:
            continue
        ended = lab.forks.run("verify", lab.practice, passphrase=OLD)
        assert (ended.code, ended.err.count("\n")) in {(0, 0), (2, 1)}, str(step)
        if ended.code:
            if n % 2:
                continue
            again = set_up(lab.forks)
            assert (again.code, again.err) == (0, ""), str(step)
            assert lab.whole(lab.practice, OLD), str(step)
            n_again += 1
        assert lab.forks.call(
            "faults.telling:crisis", folder=lab.practice, passphrase=OLD
        ) == [filling.CRISIS], str(step)

    assert n_again > (2 if EACH else 0)


def test_a_database_from_before_there_were_keys_is_never_lost(lab, tmp_path):
    lab.clear()
    lab.forks.call(
        "faults.filling:export_plain",
        folder=lab.made,
        passphrase=OLD,
        to=tmp_path / "practice.sqlite3",
    )
    people = sorted([filling.CLIENT, filling.THERAPIST])

    def seal(forks):
        return forks.start_call(
            "faults.filling:seal", folder=lab.practice, passphrase=OLD
        )

    steps = killed_at_each(
        lab.disk,
        lambda: lab.fresh(tmp_path),
        lambda: seal(lab.on_disk).ended(),
        every=100,
        one_in=2,
    )
    n_killed = 0
    for step in steps:
        n_killed += step.killed
        ended = seal(lab.forks).ended()
        assert (ended.code, ended.err) == (0, ""), str(step)
        assert sorted(json.loads(ended.out)) == people, str(step)
        head = (lab.practice / "practice.sqlite3").read_bytes()[:15]
        assert head != b"SQLite format 3", str(step)

    assert n_killed > (5 if EACH else 2)
