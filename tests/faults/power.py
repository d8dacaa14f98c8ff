"""What a disk may hold after the power went: a slow, obviously right model.

A program ran on a recorded disk (``layer.py``). The power goes after the first ``cut``
records of its log. What then lies on the disk is not one state but many, and this module
makes them: :class:`History` turns the log into what each change would bring to the disk,
a *survival* says which of the un-synced changes got there, and :func:`lay` writes the
folder. :func:`examine` does so for many cuts and survivals, and asks a checker.

The model of a file. The program sees its own changes at once (the page cache). Each
write touches sectors of 512 bytes; any of them, alone, may reach the disk at once, later
or never, and brings what the sector held then, earlier writes to the same sector
included. The size is one more such part. fsync and fdatasync bring every part of that
file to the disk. After one that failed, what it was asked to keep may be lost for good,
even if a later one succeeds: that is what Linux does. A sector within the size that never
got there holds zeros or, as on file systems that do not order data before sizes, rubbish.

The model of names. Making, renaming, linking and removing are each one step: a rename
moves a name wholly or not at all, which POSIX does not promise for a crash, and all
journaling file systems do. Steps reach the disk with an fsync of the folder that they
changed. Two things are not agreed on among file systems, so :class:`Rules` has both:

- ``fsync_keeps_name``: an fsync of a file also keeps the making of its name, so on ext4,
  xfs and btrfs; POSIX does not say so.
- ``names_in_order``: the steps that survive are the first ones, as a journal gives, and
  never a later without an earlier; else any may.

What this does NOT model:

- a drive, or a virtual one, that says "flushed" and has not, and its firmware's faults;
- sectors that tear inside, or of which a neighbour is spoiled by a failing write;
- bit rot, bad blocks, and faults of the file system itself;
- more promises than those above: that ext4 flushes data before a rename replaces
  (``auto_da_alloc``), that several sectors are written as one, that writes keep their
  order, O_SYNC and sync(). A program is not to rest on them, and states are made here
  that such a disk would not show;
- the order of changes to the names of one folder and the content of another file;
- permissions, times and links of the symbolic kind;
- what lies in a mapped file. SQLite's ``-shm`` is laid down as rubbish or not at all.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from errno import EIO
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.layer import Log, LogError, listing

SECTOR = 512
ROOT = 0
"""The number of the folder itself."""

SIZE, NAME = -1, -2
"""The parts of a change that are no sector."""

MAPPED = "-shm"
"""How a file's name must end that may be mapped for writing."""

MAPPED_CONTENT = b"whatever was written through the mapping"
"""Stands for the content of a mapped file, which nobody recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is held of the file system.

    Attributes
    ----------
    fsync_keeps_name : bool
        Whether an fsync of a file keeps the making of its name too.
    names_in_order : bool
        Whether the steps on names that survive are the first ones.
    """

    fsync_keeps_name: bool
    names_in_order: bool


JOURNALED = Rules(fsync_keeps_name=True, names_in_order=True)
"""ext4, xfs and btrfs, as they are mostly used."""

STRICT = Rules(fsync_keeps_name=False, names_in_order=False)
"""Nothing but what POSIX says, and that a rename is one step."""


@dataclass(slots=True, kw_only=True)
class Change:
    """What one record brings to a file: some sectors, and a size.

    Attributes
    ----------
    index : int
        Of the record.
    file : int
        The file's number, which no other file ever has.
    sectors : dict of int to (bytes or None)
        What each touched sector held after the change; None where it was cut off.
    size : int
        Of the file, after the change.
    kept_from : float
        The record that brings it to the disk for certain; ``inf`` where none does.
    """

    index: int
    file: int
    sectors: dict[int, bytes | None]
    size: int
    kept_from: float = inf


@dataclass(slots=True, kw_only=True)
class Step:
    """What one record does to names, wholly or not at all.

    Attributes
    ----------
    index : int
        Of the record.
    names : dict of (int, str) to (int or None)
        A folder's number and a name in it, to the number of what it names from then on.
    makes : int or None
        The number of the file that got its first name so.
    kept_from : float
        As in :class:`Change`.
    """

    index: int
    names: dict[tuple[int, str], int | None]
    makes: int | None = None
    kept_from: float = inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the program had promised once a record was there."""

    index: int
    text: str


class History:
    """A log, read from its beginning to its end, once.

    Parameters
    ----------
    log : Log
        What was recorded.
    rules : Rules
        What is held of the file system.

    Raises
    ------
    LogError
        If the log tells of a change that this model does not know, or of a file that
        nothing made.
    """

    def __init__(self, log: Log, rules: Rules):
        self.rules = rules
        self.n_records = len(log.records)
        syncs = [bool(record.error) for record in log.records if record.kind == "sync"]
        self.n_syncs, self.n_failed_syncs = syncs.count(False), syncs.count(True)
        self.changes: list[Change] = []
        self.steps: list[Step] = []
        self.marks = [Mark(index=n - 1, text=text) for n, text in log.promises]
        self.first_names: dict[tuple[int, str], int] = {}
        self.first_content: dict[int, bytes] = {}
        self.folders = {ROOT}
        self.mapped: set[int] = set()
        self._seen: dict[int, bytearray] = {}  # what the program sees
        self._names: dict[tuple[int, str], int] = {}
        self._number: dict[int, int] = {}  # of the file that has an inode now
        self._pending: list[Change] = []
        self._pending_steps: list[Step] = []
        self._n_files = 1
        self._begin(log)
        for index, record in enumerate(log.records):
            try:
                getattr(self, f"_{record.kind}")(index, record)
            except KeyError as missing:
                raise LogError(
                    f"record {index} ({record.kind} {record.path}): nothing that was "
                    f"seen made {missing}."
                ) from None

    def content(self):
        """Return what the program sees at the end, a mapped file's content apart."""
        return _walk(
            self._names,
            self.folders,
            lambda n: MAPPED_CONTENT if n in self.mapped else bytes(self._seen[n]),
        )

    def unsynced(self, cut):
        """Return the records before the cut that are not certain to be on the disk."""
        both = (*self.changes, *self.steps)
        return sorted({c.index for c in both if c.index < cut <= c.kept_from})

    def acknowledged(self, cut):
        """Return what the program had promised before the cut."""
        return tuple(mark.text for mark in self.marks if mark.index < cut)

    def _begin(self, log):
        for entry in log.start:
            number = ROOT if entry.path == "" else self._new(entry.inode)
            self._number[entry.inode] = number
            if entry.path:
                self._names[self._slot(entry.path)] = number
            if entry.content is None:
                self.folders.add(number)
            else:
                self._seen[number] = bytearray(entry.content)
                self.first_content[number] = entry.content
        self.first_names = dict(self._names)

    def _new(self, inode):
        number, self._n_files = self._n_files, self._n_files + 1
        self._number[inode] = number
        return number

    def _slot(self, path):
        """Return the folder and the name in it by which a path is known now."""
        *above, last = path.split("/")
        at = ROOT
        for name in above:
            at = self._names[at, name]
        return at, last

    def _step(self, index, names, makes=None):
        step = Step(index=index, names=names, makes=makes)
        self.steps.append(step)
        self._pending_steps.append(step)
        _rename(self._names, names)

    def _change(self, index, number, sectors):
        seen = self._seen[number]
        held = {
            n: bytes(seen[n * SECTOR : (n + 1) * SECTOR]).ljust(SECTOR, b"\0")
            if n * SECTOR < len(seen)
            else None
            for n in sectors
        }
        change = Change(index=index, file=number, sectors=held, size=len(seen))
        self.changes.append(change)
        self._pending.append(change)

    # One method a kind of record; those that failed have changed nothing.

    def _mark(self, index, record):
        self.marks.append(Mark(index=index, text=record.path))

    def _create(self, index, record):
        if record.error:
            return
        number = self._new(record.inode)
        self._seen[number] = bytearray()
        self._step(index, {self._slot(record.path): number}, makes=number)

    def _mkdir(self, index, record):
        if record.error:
            return
        number = self._new(record.inode)
        self.folders.add(number)
        self._step(index, {self._slot(record.path): number}, makes=number)

    def _rename(self, index, record):
        if record.error:
            return
        old, new = self._slot(record.path), self._slot(record.other)
        if self._names[old] != self._names.get(new):  # else POSIX has it do nothing
            self._step(index, {old: None, new: self._names[old]})

    def _link(self, index, record):
        if not record.error:
            number = self._names[self._slot(record.path)]
            self._step(index, {self._slot(record.other): number})

    def _unlink(self, index, record):
        if not record.error:
            self._step(index, {self._slot(record.path): None})

    _rmdir = _unlink

    def _write(self, index, record):
        if record.error or not record.data:
            return
        number = self._number[record.inode]
        seen = self._seen[number]
        first = min(record.offset, len(seen))  # a gap before the write becomes zeros
        end = record.offset + len(record.data)
        seen.extend(bytes(max(0, end - len(seen))))
        seen[record.offset : end] = record.data
        self._change(index, number, range(first // SECTOR, -(-end // SECTOR)))

    def _truncate(self, index, record):
        if record.error:
            return
        number = self._number[record.inode]
        seen = self._seen[number]
        low, high = sorted((record.offset, len(seen)))
        del seen[record.offset :]
        seen.extend(bytes(record.offset - len(seen)))
        self._change(index, number, range(low // SECTOR, -(-high // SECTOR)))

    def _sync(self, index, record):
        number = self._number[record.inode]
        if number in self.folders:
            self._sync_names(
                index, record, lambda s: number in {at for at, _ in s.names}
            )
            return
        synced = [change for change in self._pending if change.file == number]
        # One that failed leaves the rest as it is: no later one will bring it.
        self._pending = [change for change in self._pending if change.file != number]
        if not record.error:
            for change in synced:
                change.kept_from = index
        if self.rules.fsync_keeps_name:
            self._sync_names(index, record, lambda step: step.makes == number)

    def _sync_names(self, index, record, is_synced):
        if record.error:
            return
        synced = [n for n, step in enumerate(self._pending_steps) if is_synced(step)]
        if synced and self.rules.names_in_order:
            synced = range(synced[-1] + 1)
        for n in synced:
            self._pending_steps[n].kept_from = index
        self._pending_steps = [s for s in self._pending_steps if s.kept_from == inf]

    def _map(self, index, record):
        if not record.path.endswith(MAPPED):
            raise LogError(f"record {index}: {record.path} was mapped for writing.")
        self.mapped.add(self._number[record.inode])

    def _unseen(self, index, record):
        if not record.error:
            raise LogError(f"record {index}: {record.path} was changed out of sight.")


def check_complete(log: Log, folder: Path) -> None:
    """Refuse a log that does not lead to what the folder holds now, byte for byte.

    This is the proof that the layer saw everything that the program did. Files that
    were mapped are left out, and so is what a killed program did not get to record.

    Raises
    ------
    LogError
        With the first path that differs.
    """
    history = History(log, STRICT)
    expected = history.content()
    found = {e.path: e.content for e in listing(folder) if e.path}
    for path in sorted(expected.keys() | found.keys()):
        if path not in expected or path not in found:
            where = "the log" if path in expected else "the folder"
            raise LogError(f"{path} is in {where} only.")
        if expected[path] not in {found[path], MAPPED_CONTENT}:
            raise LogError(f"{path} holds something that the log does not tell of.")


def without_syncs(log: Log) -> Log:
    """Return the log as it would be if no fsync had ever done anything.

    A negative control: what is examined so must be found lost.
    """
    records = (
        replace(r, error=r.error or EIO) if r.kind == "sync" else r for r in log.records
    )
    return replace(log, records=tuple(records))


# States ---------------------------------------------------------------------------

Survival = Callable[[int, int], bool]
"""Given a record and a part of it (a sector, SIZE or NAME): did it reach the disk?"""

State = dict[str, bytes | None]
"""Each path below the folder, with its bytes; None for a folder."""


def dice(seed) -> random.Random:
    """Return a source of chance that gives the same for the same seed."""
    return random.Random(seed)  # noqa: S311 (nothing is kept secret by it)


def state(history: History, cut: int, survives: Survival, rng: random.Random) -> State:
    """Return what the disk holds if the power goes after the first ``cut`` records."""
    names = _names_on_disk(history, cut, survives)
    rubbish = rng if rng.random() < 0.5 else None
    if rng.random() < 0.5:
        gone = history.mapped
        names = {slot: number for slot, number in names.items() if number not in gone}
    files = {
        number: _DiskFile(history.first_content.get(number, b""))
        for number in names.values()
        if number not in history.folders
    }
    for change in history.changes:
        if change.index < cut and change.file in files:
            files[change.file].take(change, cut, survives)

    def content(number):
        if number in history.mapped:
            return rng.randbytes(32768)
        return files[number].content(rubbish)

    return _walk(names, history.folders, content)


def _names_on_disk(history, cut, survives):
    names = dict(history.first_names)
    broken_off = False
    for step in (step for step in history.steps if step.index < cut):
        kept = step.kept_from < cut
        if kept or (not broken_off and survives(step.index, NAME)):
            _rename(names, step.names)
        else:
            broken_off = history.rules.names_in_order
    return names


def _rename(names, changed):
    """Let names name something else from now on, or nothing."""
    for slot, number in changed.items():
        names.pop(slot, None)
        if number is not None:
            names[slot] = number


class _DiskFile:
    """The sectors and the size of one file as they lie on the disk."""

    def __init__(self, content):
        self.size = len(content)
        self.sectors = {
            n: content[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0")
            for n in range(-(-len(content) // SECTOR))
        }

    def take(self, change, cut, survives):
        kept = change.kept_from < cut
        for n, held in change.sectors.items():
            if kept or survives(change.index, n):
                self.sectors.pop(n, None)
                if held is not None:
                    self.sectors[n] = held
        if kept or survives(change.index, SIZE):
            self.size = change.size

    def content(self, rubbish):
        sectors = []
        for n in range(-(-self.size // SECTOR)):
            held = self.sectors.get(n)
            if held is None:
                held = rubbish.randbytes(SECTOR) if rubbish else bytes(SECTOR)
            sectors.append(held)
        return b"".join(sectors)[: self.size]


def _walk(names, folders, content):
    """Return what can be reached from the folder itself."""
    found: State = {}
    within: dict[int, list[tuple[str, int]]] = {}
    for (at, name), number in names.items():
        within.setdefault(at, []).append((name, number))
    waiting = [(ROOT, "")]
    while waiting:
        at, above = waiting.pop()
        for name, number in sorted(within.get(at, ())):
            found[above + name] = None if number in folders else content(number)
            if number in folders:
                waiting.append((number, f"{above}{name}/"))
    return found


def lay(held: State, folder: Path) -> None:
    """Write a state into an empty folder."""
    for path, content in sorted(held.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


# Survivals ------------------------------------------------------------------------


def survivals(history: History, cut: int, rng: random.Random, *, n_random: int):
    """Yield named survivals for a cut: the extreme ones, then random ones.

    ``nothing`` and ``everything`` of the un-synced survived; the ``last`` change only;
    all ``but the last``, of which some sectors did; the first ones up to somewhere, in
    order (``forwards``); the last ones from somewhere on (``backwards``); then each
    change by chance, and each sector of each by chance.
    """
    open_ = history.unsynced(cut)
    yield "nothing", lambda index, part: False
    yield "everything", lambda index, part: True
    if not open_:
        return  # there is one state, and it was made
    last = open_[-1]
    middle = rng.choice(open_)
    yield "last", lambda index, part: index == last
    torn = dice(rng.random())
    yield "but the last", lambda index, part: index < last or torn.random() < 0.5
    yield "forwards", lambda index, part: index < middle
    yield "backwards", lambda index, part: index >= middle
    for n in range(n_random):
        yield f"random {n}", _by_chance(dice(rng.random()), whole=n % 2 == 0)


def _by_chance(rng, *, whole):
    """Let each change survive by one coin, or each part of it by its own."""
    share = rng.choice((0.1, 0.5, 0.9))
    coins: dict[tuple[int, int], bool] = {}

    def survives(index, part):
        key = (index, 0 if whole else part)
        if key not in coins:
            coins[key] = rng.random() < share
        return coins[key]

    return survives


# The examination ------------------------------------------------------------------


class Harm(Enum):
    """What may be wrong with what was found after the power went."""

    LOST = "lost"
    """Something that was acknowledged is not there."""

    BROKEN = "broken"
    """Something is there that nobody ever wrote, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One state that the checker did not accept, and how to make it again."""

    cut: int
    survival: str
    harm: Harm
    words: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What an examination looked at, and what it found."""

    n_records: int
    n_syncs: int
    n_failed_syncs: int
    n_marks: int
    n_cuts: int = 0
    n_states: int = 0
    found: list[Found] = field(default_factory=list)

    def count(self):
        """Return how many findings there are of each kind of harm."""
        return Counter(one.harm for one in self.found)

    def __str__(self):
        """Say it in two lines, with the first finding."""
        harms = ", ".join(f"{n} {harm.value}" for harm, n in self.count().items())
        first = f"\nfirst: {self.found[0]}" if self.found else ""
        return (
            f"{self.n_records} records, {self.n_syncs} syncs among them and "
            f"{self.n_failed_syncs} that failed, {self.n_marks} acknowledged; "
            f"{self.n_cuts} cuts, {self.n_states} states: "
            f"{harms or 'nothing lost, nothing broken'}{first}"
        )


def cuts(history: History, n_cuts: int, rng: random.Random):
    """Return so many different cuts: half of them right after an acknowledgement.

    There a loss would be seen soonest. The end is always among them.
    """
    after = [mark.index + 1 for mark in history.marks]
    chosen = {history.n_records, *rng.sample(after, min(len(after), n_cuts // 2))}
    rest = [cut for cut in range(1, history.n_records) if cut not in chosen]
    chosen.update(rng.sample(rest, min(len(rest), max(0, n_cuts - len(chosen)))))
    return sorted(chosen)


def examine(
    history: History, check, place: Path, *, n_cuts: int, n_random: int = 3, seed: int
) -> Report:
    """Let the power go at many moments, and have each disk looked at.

    Parameters
    ----------
    history : History
        What was recorded.
    check : callable
        Given a folder and the texts of what was acknowledged, it yields pairs of a
        :class:`Harm` and words. It may change the folder.
    place : pathlib.Path
        Where the folders are made, one after the other.
    n_cuts, n_random : int
        Moments, and random states beside the extreme ones at each.
    seed : int
        The same seed makes the same states.
    """
    report = Report(
        n_records=history.n_records,
        n_syncs=history.n_syncs,
        n_failed_syncs=history.n_failed_syncs,
        n_marks=len(history.marks),
    )
    with TemporaryDirectory(dir=place) as made:
        folder = Path(made)
        for cut in cuts(history, n_cuts, dice(seed)):
            report.n_cuts += 1
            rng = dice(f"{seed}:{cut}")
            for name, survives in survivals(history, cut, rng, n_random=n_random):
                report.n_states += 1
                lay(state(history, cut, survives, rng), folder)
                report.found.extend(
                    Found(cut=cut, survival=name, harm=harm, words=words)
                    for harm, words in check(folder, history.acknowledged(cut))
                )
                _empty(folder)
    return report


def _empty(folder):
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
