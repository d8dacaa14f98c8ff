"""The model of a disk after the power went, against states that were worked out by hand."""

import random
from itertools import product

import pytest

from faults.layer import Entry, Log, LogError, Record
from faults.power import (
    JOURNALED,
    MAPPED_CONTENT,
    NAME,
    SECTOR,
    SIZE,
    STRICT,
    Harm,
    History,
    Rules,
    cuts,
    dice,
    examine,
    lay,
    state,
    survivals,
)

A, B, C = (letter * SECTOR for letter in (b"a", b"b", b"c"))
ZERO = bytes(SECTOR)
FOLDER = Entry(path="", inode=1, content=None)
FILE = Entry(path="file", inode=2, content=A)
ROOM = Entry(path="room", inode=3, content=None)


class NoRubbish(random.Random):
    """Lets sectors that never got to the disk hold zeros."""

    def random(self):
        return 0.9


def history(*records, start=(FOLDER,), rules=STRICT):
    return History(Log(start=start, records=records), rules)


def create(path, inode):
    return Record(kind="create", path=path, inode=inode)


def write(data, at=0, inode=2):
    return Record(kind="write", inode=inode, offset=at, data=data)


def truncate(size, inode=2):
    return Record(kind="truncate", inode=inode, offset=size)


def sync(inode=2, error=0):
    return Record(kind="sync", inode=inode, error=error)


def rename(old, new):
    return Record(kind="rename", path=old, other=new)


def unlink(path):
    return Record(kind="unlink", path=path)


def states(told, cut=None):
    """Return every state there can be, each once, by trying all coins."""
    cut = told.n_records if cut is None else cut
    parts = [
        (change.index, part)
        for change in told.changes
        if change.index < cut
        for part in (*change.sectors, SIZE)
    ]
    parts += [(step.index, NAME) for step in told.steps if step.index < cut]
    found = []
    for coins in product((False, True), repeat=len(parts)):
        survived = dict(zip(parts, coins, strict=True))
        held = state(told, cut, lambda *part, s=survived: s[part], NoRubbish())
        if held not in found:
            found.append(held)
    return found


def contents(told, path="file", cut=None):
    """Return what a path can hold; None where it can be missing."""
    return {held.get(path) for held in states(told, cut)}


def test_a_sector_is_there_or_is_not():
    told = history(write(B + C), start=(FOLDER, FILE))

    assert contents(told) == {A, B, A + ZERO, A + C, B + ZERO, B + C}


def test_what_was_synced_is_there():
    told = history(write(B), sync(), write(C, at=SECTOR), start=(FOLDER, FILE))

    assert contents(told, cut=1) == {A, B}
    assert contents(told, cut=2) == {B}
    assert contents(told, cut=3) == {B, B + ZERO, B + C}


def test_a_sync_of_another_file_keeps_nothing():
    other = Entry(path="other", inode=4, content=b"")
    told = history(write(B), sync(inode=4), start=(FOLDER, FILE, other))

    assert contents(told) == {A, B}


def test_a_later_write_brings_the_earlier_one_to_the_same_sector():
    told = history(write(b"1"), write(b"2", at=1), start=(FOLDER, FILE))

    assert {held[:3] for held in contents(told)} == {b"aaa", b"1aa", b"12a"}


def test_a_write_that_tears_tears_between_sectors():
    told = history(write(b"bb", at=SECTOR - 1), start=(FOLDER, FILE))

    assert contents(told) == {
        A,
        A[:-1] + b"b",
        A + b"\0",
        A + b"b",
        A[:-1] + b"b\0",
        A[:-1] + b"bb",
    }


def test_after_a_gap_there_are_zeros():
    told = history(write(B, at=2 * SECTOR), sync(), start=(FOLDER, FILE))

    assert contents(told) == {A + ZERO + B}


def test_a_size_may_be_forgotten():
    told = history(truncate(1), start=(FOLDER, FILE))

    # The last: cut to its new size on the disk, while its sector was not.
    assert contents(told) == {A, b"a" + ZERO[1:], b"a"}


def test_what_was_cut_off_does_not_come_back():
    told = history(truncate(0), sync(), truncate(2 * SECTOR), start=(FOLDER, FILE))

    assert contents(told) == {b"", ZERO + ZERO}


def test_after_a_sync_that_failed_no_later_one_helps():
    told = history(write(B), sync(error=5), sync(), start=(FOLDER, FILE))
    again = history(write(B), sync(error=5), write(C), sync(), start=(FOLDER, FILE))

    assert contents(told) == {A, B}
    assert contents(again) == {C}


def test_what_failed_has_changed_nothing():
    told = history(
        Record(kind="write", inode=2, data=b"", error=28),
        Record(kind="create", path="new", error=30),
        Record(kind="rename", path="file", other="new", error=30),
        start=(FOLDER, FILE),
    )

    assert states(told) == [{"file": A}]


def test_a_rename_moves_a_name_wholly_or_not_at_all():
    told = history(rename("file", "new"), start=(FOLDER, FILE))

    assert states(told) == [{"file": A}, {"new": A}]


def test_a_rename_onto_a_name_shows_the_old_or_the_new():
    new = Entry(path="new", inode=4, content=B)
    told = history(rename("new", "file"), start=(FOLDER, FILE, new))

    assert states(told) == [{"file": A, "new": B}, {"file": B}]


def test_a_name_is_kept_by_an_fsync_of_its_folder():
    told = history(create("new", 9), sync(inode=1), unlink("new"))

    assert states(told, cut=1) == [{}, {"new": b""}]
    assert states(told, cut=2) == [{"new": b""}]
    assert states(told, cut=3) == [{"new": b""}, {}]


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("keeps_name", [True, False])
def test_an_fsync_of_a_file_may_keep_its_name(keeps_name, in_order):
    rules = Rules(fsync_keeps_name=keeps_name, names_in_order=in_order)
    told = history(create("new", 9), write(B, inode=9), sync(inode=9), rules=rules)

    assert contents(told, "new") == ({B} if keeps_name else {B, None})


@pytest.mark.parametrize(("rules", "later_alone"), [(JOURNALED, False), (STRICT, True)])
def test_names_come_in_order_or_in_any(rules, later_alone):
    told = history(create("one", 8), create("two", 9), rules=rules)

    found = states(told)

    in_order = [{}, {"one": b""}, {"one": b"", "two": b""}]
    assert [held for held in found if held != {"two": b""}] == in_order
    assert ({"two": b""} in found) is later_alone


def test_in_order_a_name_that_is_kept_keeps_the_earlier_ones():
    steps = (create("one", 8), create("room/two", 9), sync(inode=3))

    ordered = history(*steps, start=(FOLDER, ROOM), rules=JOURNALED)
    strict = history(*steps, start=(FOLDER, ROOM))

    assert states(ordered) == [{"one": b"", "room": None, "room/two": b""}]
    assert len(states(strict)) == 2


def test_a_file_moves_with_its_folder_and_is_gone_without_it():
    made = Record(kind="mkdir", path="made", inode=7)
    told = history(made, create("made/new", 8), sync(inode=7), rename("made", "moved"))

    assert states(told) == [
        {},
        {"moved": None, "moved/new": b""},
        {"made": None, "made/new": b""},
    ]


def test_an_inode_that_is_used_again_is_another_file():
    told = history(
        unlink("file"), create("next", 2), write(B), sync(), start=(FOLDER, FILE)
    )

    assert contents(told, "file") == {A, None}
    assert contents(told, "next") == {B, None}


def test_a_file_without_a_name_is_nowhere():
    told = history(unlink("file"), sync(inode=1), write(B), start=(FOLDER, FILE))

    assert states(told) == [{}]


def test_a_second_name_shows_the_same_file():
    link = Record(kind="link", path="file", other="again", inode=2)
    told = history(link, write(B), start=(FOLDER, FILE))

    assert {"file": B, "again": B} in states(told)
    assert {"file": A, "again": B} not in states(told)


def test_rubbish_may_stand_where_a_sector_never_got_to():
    told = history(write(B, at=SECTOR), start=(FOLDER, FILE))
    size_only = {
        state(told, 1, lambda index, part: part == SIZE, dice(seed))["file"]
        for seed in range(20)
    }

    assert all(held.startswith(A) and len(held) == 2 * SECTOR for held in size_only)
    assert A + ZERO in size_only
    assert len(size_only) > 2


def test_a_mapped_file_is_rubbish_or_missing():
    mapped = Record(kind="map", path="a-shm", inode=9)
    told = history(create("a-shm", 9), mapped, sync(inode=1))

    held = [
        state(told, 3, lambda *_: True, dice(seed)).get("a-shm") for seed in range(20)
    ]

    assert told.content() == {"a-shm": MAPPED_CONTENT}
    assert None in held
    assert len(set(held)) > 2


@pytest.mark.parametrize(
    "record",
    [
        Record(kind="map", path="file", inode=2),
        Record(kind="unseen", path="file", inode=2),
        Record(kind="write", path="never made", inode=77, data=b"b"),
    ],
)
def test_a_log_that_tells_of_more_than_it_shows_is_refused(record):
    with pytest.raises(LogError, match="record 0"):
        history(record, start=(FOLDER, FILE))


def test_the_extreme_survivals_are_what_they_are_called():
    told = history(*(write(bytes([n])) for n in range(5)), start=(FOLDER, FILE))
    named = dict(survivals(told, 5, dice(1), n_random=2))

    there = {
        name: [n for n in range(5) if survives(n, SIZE)]
        for name, survives in named.items()
    }

    assert there["nothing"] == []
    assert there["everything"] == [0, 1, 2, 3, 4]
    assert there["last"] == [4]
    assert there["but the last"][:4] == [0, 1, 2, 3]
    assert there["forwards"] + there["backwards"] == [0, 1, 2, 3, 4]
    assert len(named) == 8


def test_where_all_is_synced_there_is_one_state():
    told = history(write(B), sync(), start=(FOLDER, FILE))

    assert told.unsynced(1) == [0]
    assert told.unsynced(2) == []
    assert [name for name, _ in survivals(told, 2, dice(1), n_random=9)] == [
        "nothing",
        "everything",
    ]


def test_half_of_the_cuts_come_right_after_a_promise():
    marks = [Record(kind="mark", path=str(n)) for n in range(20)]
    told = history(
        *[r for mark in marks for r in (write(B), sync(), mark)], start=(FOLDER, FILE)
    )

    chosen = cuts(told, 10, dice(3))

    assert len(chosen) == 10
    assert chosen[-1] == 60
    assert sum(cut % 3 == 0 for cut in chosen) >= 5
    assert told.acknowledged(5) == ("0",)
    assert told.acknowledged(6) == ("0", "1")


def test_the_same_seed_makes_the_same_folders(tmp_path):
    told = history(
        *(write(bytes([n]) * 2000, at=900 * n) for n in range(9)), start=(FOLDER, FILE)
    )

    def seen(seed):
        found = []

        def check(folder, acknowledged):
            found.append((folder / "file").read_bytes())
            if len(found) == 5:
                yield Harm.BROKEN, "the fifth"

        report = examine(told, check, tmp_path, n_cuts=4, seed=seed)
        return found, report

    assert seen(1) == seen(1)
    assert seen(1)[0] != seen(2)[0]
    assert seen(1)[1].count() == {Harm.BROKEN: 1}
    assert "4 cuts, " in str(seen(1)[1])
    assert "1 broken\nfirst: " in str(seen(1)[1])
    assert list(tmp_path.iterdir()) == []


def test_a_state_is_laid_down_as_files(tmp_path):
    lay({"room": None, "room/file": b"in it", "file": b""}, tmp_path)

    assert (tmp_path / "room" / "file").read_bytes() == b"in it"
    assert (tmp_path / "file").read_bytes() == b""
