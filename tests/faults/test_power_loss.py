"""What is left after the power went: of acknowledged rows, and of a replaced file.

Each examination stands beside one that must find a loss. Were the layer blind, the
model too kind or the checker too easily pleased, that one would find nothing, and fail.
"""

import os
from contextlib import closing

import pytest

from faults import committing
from faults.checks import check_power_loss, check_replacing, find_rows_lost
from faults.power import JOURNALED, STRICT, Harm

RULES = pytest.mark.parametrize(
    "rules", [JOURNALED, STRICT], ids=["journaled", "strict"]
)


@RULES
def test_no_acknowledged_row_is_lost(library, tmp_path, rules):
    report = check_power_loss(tmp_path, rules=rules, library=library)

    assert report.found == [], report
    assert report.n_cuts == 30
    assert report.n_states > 200
    assert report.n_syncs > 60


def test_no_acknowledged_row_is_lost_where_syncs_fail_now_and_then(library, tmp_path):
    report = check_power_loss(tmp_path, n_cuts=20, failing_sync=5, library=library)

    assert report.found == [], report
    assert report.n_failed_syncs > 10


def test_without_a_sync_at_each_commit_rows_are_found_lost(library, tmp_path):
    report = check_power_loss(
        tmp_path, n_cuts=12, synchronous="NORMAL", library=library
    )

    # SQLite promises so much of it: the last commits may be lost, and no more.
    assert report.count()[Harm.LOST] > 10, report
    assert report.count()[Harm.BROKEN] == 0, report


def test_without_any_sync_the_database_is_found_broken(library, tmp_path):
    report = check_power_loss(tmp_path, n_cuts=12, synchronous="OFF", library=library)

    assert report.count()[Harm.LOST] > 10, report
    assert report.count()[Harm.BROKEN] > 3, report


@pytest.fixture
def kept(tmp_path):
    """A database with ten rows, closed."""
    committing_folder = tmp_path / "kept"
    committing_folder.mkdir()
    path = committing_folder / committing.DATABASE
    with closing(committing.opened(path, synchronous="OFF")) as database:
        database.execute(
            "CREATE TABLE row (n INTEGER PRIMARY KEY, words TEXT NOT NULL)"
        )
        database.execute("CREATE TABLE total (n_rows INTEGER NOT NULL)")
        database.execute("INSERT INTO total VALUES (10)")
        for n in range(1, 11):
            database.execute(
                "INSERT INTO row VALUES (?, ?)", (n, committing.words_of(n))
            )
    return committing_folder


def harms(folder, n_acknowledged):
    return {harm for harm, _ in find_rows_lost(folder, range(n_acknowledged))}


def change(folder, statement):
    path = folder / committing.DATABASE
    with closing(committing.opened(path, synchronous="OFF")) as database:
        database.execute(statement)


def test_the_checker_accepts_what_is_sound(kept):
    assert harms(kept, 10) == set()
    assert harms(kept, 9) == set()  # committed, and not yet acknowledged


@pytest.mark.parametrize("page", range(1, 9))
def test_the_checker_sees_a_page_that_was_spoiled(kept, page):
    path = kept / committing.DATABASE
    raw = bytearray(path.read_bytes())
    raw[page * 4096 - 2000] ^= 1
    path.write_bytes(raw)

    assert harms(kept, 10) == {Harm.BROKEN}


@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("DELETE FROM row WHERE n = 10", {Harm.LOST, Harm.BROKEN}),
        ("DELETE FROM row WHERE n = 3", {Harm.LOST, Harm.BROKEN}),
        ("UPDATE row SET words = words || '!' WHERE n = 3", {Harm.BROKEN}),
        ("UPDATE total SET n_rows = 11", {Harm.BROKEN}),
        ("DROP TABLE row", {Harm.LOST}),
    ],
)
def test_the_checker_sees_a_row_that_is_missing_or_changed(kept, statement, harm):
    change(kept, statement)

    assert harms(kept, 10) == harm


def test_the_checker_sees_rows_that_were_never_begun(kept):
    assert harms(kept, 5) == {Harm.BROKEN}


def test_the_checker_sees_a_database_that_is_gone(tmp_path):
    assert harms(tmp_path, 0) == set()
    assert harms(tmp_path, 1) == {Harm.LOST}


# A small file, replaced --------------------------------------------------------------


def replace_whole(path, content):
    """Write beside it, flush, rename, flush the folder."""
    beside = path.with_name(f".{path.name}-new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _flush_folder(path.parent)


def replace_without_a_flush(path, content):
    beside = path.with_name(f".{path.name}-new")
    beside.write_bytes(content)
    beside.replace(path)
    _flush_folder(path.parent)


def replace_without_a_flush_of_the_folder(path, content):
    beside = path.with_name(f".{path.name}-new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def write_over(path, content):
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder):
    at = os.open(folder, os.O_RDONLY)
    os.fsync(at)
    os.close(at)


@RULES
@pytest.mark.parametrize("old", [True, False])
def test_a_file_that_is_replaced_is_always_whole(library, tmp_path, rules, old):
    report = check_replacing(
        tmp_path, replace_whole, old=old, rules=rules, library=library
    )

    assert report.found == [], report
    assert report.n_states > 100


@pytest.mark.parametrize(
    ("replace", "harms_found"),
    [
        (replace_without_a_flush, {Harm.BROKEN}),
        (replace_without_a_flush_of_the_folder, {Harm.LOST}),
        (write_over, {Harm.BROKEN}),
    ],
)
def test_a_file_that_is_replaced_carelessly_is_found_out(
    library, tmp_path, replace, harms_found
):
    report = check_replacing(tmp_path, replace, library=library)

    assert set(report.count()) == harms_found, report
    assert len(report.found) > 5
