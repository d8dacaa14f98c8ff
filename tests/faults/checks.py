"""Whole examinations: a program is recorded, the power goes, its disk is looked at.

Each function returns a :class:`faults.power.Report`; ``n_cuts`` says how long it goes
on. They need neither pytest nor the environment::

    check_power_loss(place, n_cuts=5000, n_rows=400)
    check_replacing(place, write_whole, n_cuts=5000)
"""

import inspect
import sys
from contextlib import closing
from pathlib import Path

import sqlcipher3

from faults import committing, replacing
from faults.layer import Disk, Log, compiled
from faults.power import (
    JOURNALED,
    Harm,
    History,
    Report,
    Rules,
    check_complete,
    examine,
)

SEED = 20_261_125


def check_power_loss(
    place: Path,
    *,
    n_cuts: int = 30,
    n_rows: int = 40,
    synchronous: str = "FULL",
    failing_sync: int | None = None,
    rules: Rules = JOURNALED,
    library: Path | None = None,
    seed: int = SEED,
) -> Report:
    """Commit rows to an encrypted database, let the power go, and count the rows.

    Parameters
    ----------
    place : pathlib.Path
        An empty folder for everything that is made on the way.
    n_cuts, n_rows : int
        Moments at which the power goes, and rows that are committed before the end.
    synchronous : str
        As SQLite has it. The app uses FULL; with less, acknowledged rows must be
        found lost, or the examination sees nothing.
    failing_sync : int, optional
        Of so many fsyncs one fails, and the program tries again.
    rules : Rules
        What is held of the file system.
    library : pathlib.Path, optional
        The compiled layer, where there is one already.
    """
    log = record(
        place,
        committing.__file__,
        (n_rows, synchronous),
        failing_sync=failing_sync,
        library=library or compiled(place),
    )
    history = History(log, rules)
    return examine(history, find_rows_lost, place, n_cuts=n_cuts, seed=seed)


def check_replacing(
    place: Path,
    replace,
    *,
    n_cuts: int = 30,
    n_times: int = 6,
    old: bool = True,
    rules: Rules = JOURNALED,
    library: Path | None = None,
    seed: int = SEED,
) -> Report:
    """Replace a small file by a function, let the power go, and look for halves.

    Parameters
    ----------
    replace : callable
        Takes a path and the new content, bytes. A function at the top of a file, not
        one made inside another: it is loaded from there in a process of its own.
    old : bool
        Whether the file is there before; else it may be missing until it is promised.
    """
    log = record(
        place,
        replacing.__file__,
        (inspect.getfile(replace), replace.__name__, n_times),
        start={replacing.TARGET: replacing.content_of(0)} if old else {},
        library=library or compiled(place),
    )
    history = History(log, rules)
    check = find_halves if old else find_halves_of_a_first
    return examine(history, check, place, n_cuts=n_cuts, seed=seed)


def record(place, program, arguments, *, library, start=(), failing_sync=None) -> Log:
    """Run a Python program on a folder of its own; return a log that tells it all."""
    folder = place / "recorded"
    folder.mkdir()
    for name in start:
        (folder / name).write_bytes(start[name])
    disk = Disk(library, folder, place=place)
    if failing_sync:
        disk.fail_syncs(every=failing_sync)
    with closing(disk):
        ran = disk.run(
            sys.executable,
            program,
            folder,
            *arguments,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        log = disk.log()
    check_complete(log, folder)
    return log


def find_rows_lost(folder, acknowledged):
    """Yield what is wrong with a database after the power went.

    Sound is: it opens with its key, both checks of integrity pass, and the rows are
    the first ones, whole, all that were acknowledged and at most one more, as many as
    the count says that is kept in the same transaction.
    """
    path = folder / committing.DATABASE
    try:
        # This is a look, and nothing to keep.
        with closing(committing.opened(path, synchronous="OFF")) as database:
            yield from _rows_lost(database, len(acknowledged))
    except sqlcipher3.DatabaseError as error:
        yield Harm.BROKEN, f"the database cannot be read: {error}"


def _rows_lost(database, n_acknowledged):
    # The write-ahead log first: a page that was torn in a checkpoint is whole in there.
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for check, sound in (
        ("cipher_integrity_check", []),
        ("integrity_check", [("ok",)]),
    ):
        said = database.execute(f"PRAGMA {check}").fetchall()
        if said != sound:
            yield Harm.BROKEN, f"{check} says {said[0][0]}"
    tables = database.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
    n_tables = tables.fetchone()[0]
    if n_tables < 2:
        if n_acknowledged:
            yield (
                Harm.LOST,
                f"there are {n_tables} tables, {n_acknowledged} rows promised",
            )
        return
    rows = database.execute("SELECT n, words FROM row ORDER BY n").fetchall()
    if rows != [(n, committing.words_of(n)) for n in range(1, len(rows) + 1)]:
        yield Harm.BROKEN, "the rows are not the first ones, each whole"
    totals = [n for (n,) in database.execute("SELECT n_rows FROM total")]
    if totals != [len(rows)] and (rows or totals):
        yield Harm.BROKEN, f"{len(rows)} rows are counted as {totals}"
    if len(rows) < n_acknowledged:
        yield Harm.LOST, f"{len(rows)} rows are there, {n_acknowledged} were promised"
    if len(rows) > n_acknowledged + 1:
        yield (
            Harm.BROKEN,
            f"{len(rows)} rows are there, {n_acknowledged + 1} were begun",
        )


def find_halves(folder, acknowledged, *, may_lack_first=False):
    """Yield what is wrong with a small file that was being replaced.

    Sound is: it holds the content that was promised last, or the one after it, whole.
    """
    path, n = folder / replacing.TARGET, len(acknowledged)
    if not path.exists():
        if not (may_lack_first and n == 0):
            yield Harm.LOST, "there is no file"
        return
    content = path.read_bytes()
    if content in {replacing.content_of(n), replacing.content_of(n + 1)}:
        return
    if content in map(replacing.content_of, range(n)):
        yield Harm.LOST, "an earlier content is back"
    else:
        yield Harm.BROKEN, f"{len(content)} bytes that are neither the old nor the new"


def find_halves_of_a_first(folder, acknowledged):
    """Yield the same where there was no file at first."""
    yield from find_halves(folder, acknowledged, may_lack_first=True)
