"""Exchanging a whole practice: the earlier one is kept, whole, before any of it goes.

A program that is killed anywhere on the way leaves the earlier practice in its place, or
whole in a folder of its own, or both; and never a part of one beside a part of another
that would pass for a practice: its database goes first, and comes last.
"""

import shutil
import tempfile
from datetime import datetime
from itertools import count
from pathlib import Path

from duologue.store.folder import (
    BESIDE,
    DATABASE,
    OUTSIDE,
    RESTORING,
    UNFINISHED,
    sync_file,
    sync_folder,
)

PARTS = (DATABASE, *BESIDE, *OUTSIDE)
"""The files of a practice."""


def keep_aside(folder: Path, *, now: datetime) -> Path | None:
    """Copy the practice that is in a folder into a folder of its own.

    Parameters
    ----------
    folder : pathlib.Path
        Nobody else may use it.
    now : datetime
        When, in UTC: it becomes the new folder's name.

    Returns
    -------
    pathlib.Path or None
        The new folder, in which all of it is, on the disk; None if there is nothing.
    """
    there = [folder / name for name in PARTS if (folder / name).exists()]
    if not there:
        return None
    near = Path(tempfile.mkdtemp(prefix=RESTORING, dir=folder))
    try:
        for path in there:
            shutil.copyfile(path, near / path.name)
            (near / path.name).chmod(0o600)
            sync_file(near / path.name)
        sync_folder(near)
        kept = _free(folder / f"replaced-{now:%Y-%m-%dT%H%M%SZ}")
        near.rename(kept)
    except BaseException:
        shutil.rmtree(near, ignore_errors=True)
        raise
    sync_folder(folder)
    return kept


def put_in_place(new: Path, folder: Path) -> None:
    """Move a practice from the folder in which it was made to where it belongs.

    Parameters
    ----------
    new : pathlib.Path
        Holds the files of a practice, and nothing else; on the same file system.
    folder : pathlib.Path
        What it holds of another practice goes.
    """
    for path in new.iterdir():
        sync_file(path)
    for names in ((DATABASE,), BESIDE):
        for name in names:
            (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
    for path in sorted(new.iterdir(), key=lambda path: path.name == DATABASE):
        if path.name == DATABASE:
            # There is about to be a practice: from now on no setup may start anew here.
            (folder / UNFINISHED).unlink(missing_ok=True)
            sync_folder(folder)
        path.replace(folder / path.name)
    sync_folder(folder)


def _free(path: Path) -> Path:
    """Return this path, or one with a number if there is such a thing already."""
    tried = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return path if not path.exists() else next(p for p in tried if not p.exists())
