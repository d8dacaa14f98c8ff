"""The file layer of ``files.c``: compiled, switched, and its log read.

A :class:`Disk` stands for the disk under one folder. Any program that is started with
its ``env`` has its changes below that folder recorded, and meets the faults that are
switched on, at once and while it runs::

    disk = Disk(compiled(place), folder, place=elsewhere)
    with started("serve", folder, env=disk.env) as running:
        disk.fill()          # from now on every write fails: no space left
        ...
        disk.mend()          # and now there is room again

What it does not do: programs that write without the functions of glibc (direct system
calls, io_uring), through stdio (``fwrite``) or through a mapping are neither recorded
nor refused. :func:`faults.power.check_complete` says so for a log that lacks a change. Reads
never fail here.
"""

import errno
import mmap
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

SOURCE = Path(__file__).with_name("files.c")
LIBRARY = "files.so"

FIELDS = (
    "n_records",
    "n_refused",
    "log_size",
    "n_syncs",
    "bytes_left",
    "writes_left",
    "growing_only",
    "longest_write",
    "write_error",
    "open_error",
    "make_error",
    "move_error",
    "mode_error",
    "sync_error",
    "sync_every",
    "killed_after",
)
"""``struct control`` of ``files.c``, whole numbers of 8 bytes."""

KINDS = (
    "mark",
    "create",
    "write",
    "truncate",
    "sync",
    "rename",
    "unlink",
    "mkdir",
    "rmdir",
    "link",
    "map",
    "unseen",
)
"""``enum kind`` of ``files.c``."""

SOUND = {"bytes_left": -1, "writes_left": -1}
"""What the fields of a disk without faults hold where it is not 0."""

COUNTED = 4
"""So many of the fields are counted by the layer; the others are set."""

CONTROL_SIZE = 4096
HEAD = struct.Struct("=iiQqQII")
"""``struct record`` of ``files.c``."""


class LogError(Exception):
    """A log that does not tell the whole story, and what it lacks."""


def why_not():
    """Return why there can be no file layer here, or nothing where there can."""
    if sys.platform != "linux":
        return "the file layer is loaded by LD_PRELOAD, which is Linux's"
    if platform.libc_ver()[0] != "glibc":
        return "the file layer stands in for the functions of glibc, which is not here"
    if shutil.which("gcc") is None:
        return "the file layer is compiled by gcc, which is not here"
    return ""


def compiled(place):
    """Compile the layer into a folder; return the library.

    Raises
    ------
    subprocess.CalledProcessError
        If gcc does not take it. Where there is a gcc, that is a fault of ours.
    """
    library = place / LIBRARY
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-U_FORTIFY_SOURCE"]
    subprocess.run(
        ["gcc", *flags, "-o", str(library), str(SOURCE), "-ldl", "-pthread"],
        check=True,
    )
    return library


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One change to a file, or to the names in a folder, in the order of events.

    Attributes
    ----------
    kind : str
        One of KINDS.
    error : int
        The errno with which it failed, on purpose or not; 0 where it was done.
    inode : int
        Of the file or folder; 0 where there is none.
    offset : int
        Where a write began; the new size, of a truncation.
    path, other : str
        Below the folder, ``""`` for the folder itself; ``other`` is the new name of a
        rename or a link. For a mark ``path`` is its text.
    data : bytes
        What a write put there.
    """

    kind: str
    error: int = 0
    inode: int = 0
    offset: int = 0
    path: str = ""
    other: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder that was there when the recording began.

    Attributes
    ----------
    path : str
        Below the folder; ``""`` for the folder itself.
    inode : int
        Its number.
    content : bytes or None
        None for a folder.
    """

    path: str
    inode: int
    content: bytes | None


def listing(folder):
    """Return what a folder holds, itself first, each folder before what is in it."""
    found = [Entry(path="", inode=folder.stat().st_ino, content=None)]
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise LogError(f"{path} is neither a file nor a folder.")
        found.append(
            Entry(
                path=str(path.relative_to(folder)),
                inode=path.stat().st_ino,
                content=None if path.is_dir() else path.read_bytes(),
            )
        )
    return tuple(found)


def read_records(raw):
    """Return the records of a log.

    Raises
    ------
    LogError
        If one is none.
    """
    records, at = [], 0
    while at < len(raw):
        kind, error, inode, offset, length, *sizes = HEAD.unpack_from(raw, at)
        if kind >= len(KINDS):
            raise LogError(f"record {len(records)} of the log is not one.")
        ends = [at + HEAD.size]
        kept = length if kind == KINDS.index("write") else 0
        for size in (*sizes, kept):
            ends.append(ends[-1] + size)
        name, other, data = (raw[a:b] for a, b in pairwise(ends))
        records.append(
            Record(
                kind=KINDS[kind],
                error=error,
                inode=inode,
                offset=offset,
                path=os.fsdecode(name),
                other=os.fsdecode(other),
                data=data,
            )
        )
        at = ends[-1]
    return tuple(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What was there at first, and everything that was done to it since.

    Attributes
    ----------
    start : tuple of Entry
        The folder itself first.
    records : tuple of Record
        In the order of events.
    promises : tuple of (int, str)
        After so many records a test had been promised this; see :meth:`Disk.promised`.
    """

    start: tuple[Entry, ...]
    records: tuple[Record, ...]
    promises: tuple[tuple[int, str], ...] = ()


class Disk:
    """The disk under one folder, with its faults and its log.

    Parameters
    ----------
    library : pathlib.Path
        What :func:`compiled` returned.
    folder : pathlib.Path
        The folder that is watched. It must exist.
    place : pathlib.Path
        A folder outside it, for the control file and the log.
    record : bool
        Whether to keep a log. It grows by everything that is written.
    """

    def __init__(self, library, folder, *, place, record=True):
        self.folder = folder.resolve()
        self._library = library
        own = Path(tempfile.mkdtemp(prefix="disk-", dir=place)).resolve()
        if own.is_relative_to(self.folder):
            raise ValueError("place must lie outside the folder that is watched.")
        self._log = own / "log" if record else None
        self._control = own / "control"
        self._control.write_bytes(bytes(CONTROL_SIZE))
        with self._control.open("r+b") as file:
            self._fields = mmap.mmap(file.fileno(), CONTROL_SIZE)
        self._start = listing(self.folder) if record else ()
        self._promises = []
        self.mend()

    def close(self):
        """Let go of the control file."""
        self._fields.close()

    @property
    def env(self):
        """The variables of the environment with which a program meets this disk."""
        before = os.environ.get("LD_PRELOAD", "")
        found = {
            "LD_PRELOAD": f"{self._library} {before}".strip(),
            "FAULTS_FOLDER": str(self.folder),
            "FAULTS_CONTROL": str(self._control),
        }
        return found if self._log is None else {**found, "FAULTS_LOG": str(self._log)}

    def run(self, *argv, env=None, **settings):
        """Run a program on this disk to its end; what it said is text."""
        return subprocess.run(
            [str(part) for part in argv],
            env={**os.environ, **(env or {}), **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            **settings,
        )

    def log(self):
        """Return what has been recorded so far."""
        raw = self._log.read_bytes() if self._log.exists() else b""
        whole = raw[: self._get("log_size")]  # half a record where it was killed
        return Log(
            start=self._start,
            records=read_records(whole),
            promises=tuple(self._promises),
        )

    def forget(self):
        """Begin the log anew, with what the folder holds now; nothing may be running."""
        self._start = listing(self.folder)
        self._promises = []
        self._set(log_size=0, n_records=0)

    def promised(self, text):
        """Note that the program has just promised something, as by its answer.

        A program that is run by this disk alone notes it itself (``faults_mark``).
        """
        self._promises.append((self.n_records, str(text)))

    @property
    def n_records(self):
        """How many changes there have been: the cut that stands for now."""
        return self._get("n_records")

    @property
    def n_refused(self):
        """How many calls met a fault that was switched on; a short write is one."""
        return self._get("n_refused")

    def fill(self, *, after=0, writes=None, growing_only=False, names=False):
        """Let the disk become full.

        Parameters
        ----------
        after : int
            So many bytes may still be written. What fits of a write is written: a short
            write comes first, then the refusals.
        writes : int, optional
            So many writes may still be made, whatever their length, and not ``after``.
        growing_only : bool
            Whether writing over what is there needs no room, as on ext4 and xfs; else
            it does, as on file systems that copy on write.
        names : bool
            Whether no file can be made either, as where the inodes have run out. A
            folder can never be made on a full disk.
        """
        self._set(
            bytes_left=after if writes is None else -1,
            writes_left=-1 if writes is None else writes,
            growing_only=int(growing_only),
            make_error=errno.ENOSPC if names else 0,
        )

    def make_read_only(self, *, error=errno.EROFS):
        """Let every change fail, also through files that are open already.

        That is what a disk does that the system has made read-only after an error; for a
        folder without permission give ``errno.EACCES``.
        """
        kinds = ("write", "open", "make", "move", "mode")
        self._set(**{f"{kind}_error": error for kind in kinds})

    def shorten(self, longest):
        """Let no write move more than so many bytes at once."""
        self._set(longest_write=longest)

    def fail_syncs(self, *, error=errno.EIO, every=1):
        """Let fsync and fdatasync fail, or one of so many of them.

        What one that failed was asked to keep may be lost for good.
        """
        self._set(sync_error=error, sync_every=every)

    def kill(self, *, after):
        """Kill (SIGKILL) whoever makes so many more changes, right after the last one.

        That is also right before the next, and before the caller learns that it is done.
        """
        self._set(killed_after=self.n_records + after)

    def mend(self):
        """Switch all faults off."""
        self._set(**{name: SOUND.get(name, 0) for name in FIELDS[COUNTED:]})

    def _get(self, name):
        return struct.unpack_from("@q", self._fields, 8 * FIELDS.index(name))[0]

    def _set(self, **values):
        for name, value in values.items():
            struct.pack_into("@q", self._fields, 8 * FIELDS.index(name), value)
