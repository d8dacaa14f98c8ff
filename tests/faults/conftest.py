"""Disks that fail on purpose, for any program that a test starts.

    def test_something(faulty, started, folder):
        disk = faulty(folder)
        with started("serve", folder, "--port", 0, env=disk.env) as running:
            disk.fill()      # no space left, from here on
            ...
            disk.mend()      # and room again

``disk.run(*argv)`` runs a program to its end instead. With ``record=True`` the disk
keeps a log of all changes: ``disk.log()``, from which ``power.py`` makes what is left
after the power went. See :class:`faults.layer.Disk` for the faults that there are.
"""

import errno
import os
import sys

import pytest

from cli.conftest import started  # noqa: F401
from faults import layer


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The file layer, compiled once; without gcc or off Linux the test is skipped."""
    reason = layer.why_not()
    if reason:
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"{reason}, and CI must have it.")
        pytest.skip(reason)
    return layer.compiled(tmp_path_factory.mktemp("layer"))


@pytest.fixture
def faulty(library, tmp_path_factory):
    """Make the disk under a folder, with faults from the beginning if some are given.

    Parameters
    ----------
    folder : pathlib.Path
        It must exist, and what is in it counts as safely on the disk.
    full_after : int, optional
        So many bytes may be written before the disk is full.
    read_only : bool or int
        Whether nothing may be changed; or the errno that says so (default EROFS).
    longest_write : int, optional
        So many bytes at most are moved by one write.
    sync_error : bool or int
        Whether fsync fails; or the errno that says so (default EIO).
    record : bool
        Whether to keep a log.

    Returns
    -------
    faults.layer.Disk
        Give its ``env`` to a program; its methods switch faults while that runs.
    """
    place, disks = tmp_path_factory.mktemp("disks"), []

    def make(
        folder,
        *,
        full_after=None,
        read_only=False,
        longest_write=None,
        sync_error=False,
        record=False,
    ):
        disk = layer.Disk(library, folder, place=place, record=record)
        disks.append(disk)
        if full_after is not None:
            disk.fill(after=full_after)
        if read_only:
            disk.make_read_only(error=errno.EROFS if read_only is True else read_only)
        if longest_write is not None:
            disk.shorten(longest_write)
        if sync_error:
            disk.fail_syncs(error=errno.EIO if sync_error is True else sync_error)
        return disk

    yield make
    for disk in disks:
        disk.close()
