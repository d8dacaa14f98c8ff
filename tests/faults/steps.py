"""A command that is killed after each of its changes to a disk, one run for each.

    for step in killed_at_each(disk, prepare, command):
        ...look at what it left

The command must be started on the disk (``Forks(place, env=disk.env)``): the file layer
kills it right after the change, which is right before the next one. Where one file is
written piece by piece, only some of the pieces are tried.
"""

import os
import signal
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where a command was killed.

    Attributes
    ----------
    n : int
        After so many changes.
    change : faults.layer.Record
        The last one, in the run that was not killed.
    killed : bool
        Whether it was; one run may be a change shorter than another.
    """

    n: int
    change: object
    killed: bool

    def __str__(self):
        return f"after change {self.n}, {self.change.kind} {self.change.path}"


EACH = os.environ.get("DUOLOGUE_EACH_ALONE") == "yes"
"""Whether every step is tried, as ``make validate`` does."""


def killed_at_each(disk, prepare, command, *, every=25, one_in=1):
    """Run a command to its end, and then once for each of its changes; yield each.

    Parameters
    ----------
    disk : faults.layer.Disk
        With a log.
    prepare : callable
        Puts the disk into the state from which the command starts.
    command : callable
        Runs it, and returns how it ended.
    every : int
        Where one file is written piece by piece, one of so many pieces is tried.
    one_in : int
        Of the steps that are chosen so, one in so many is tried, but for `EACH`.
    """
    prepare()
    disk.forget()
    ended = command()
    if ended.code:
        raise RuntimeError(f"ended with {ended.code}: {ended.err}")
    changes = disk.log().records
    for n in chosen(changes, every=every)[:: 1 if EACH else one_in]:
        prepare()
        disk.forget()
        disk.kill(after=n)
        ended = command()
        disk.mend()
        if ended.code not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"ended with {ended.code}: {ended.err}")
        yield Step(n=n, change=changes[n - 1], killed=ended.code != 0)


def chosen(changes, *, every):
    """Return after how many changes to kill: each, but for most of those to pages.

    In a row of changes to what one file holds it is the first, and one of so many. What
    is brought to the disk only, and what is in a mapped file, is no change here: whoever
    is killed takes nothing along.
    """
    found, n_alike, last = [], 0, None
    for n, change in enumerate(changes, start=1):
        none = change.kind in {"map", "sync"} or change.path.endswith("-shm")
        if change.error or none:
            continue
        fills = change.kind == "write"
        n_alike = n_alike + 1 if fills and change.path == last else 0
        last = change.path if fills else None
        if n_alike % every == 0:
            found.append(n)
    return found
