"""Writing several files: built beside their place, then put there in one go.

Until everything is made nothing of an earlier run is touched, so that a refusal, a
fault of ours or Ctrl-C on the way changes nothing.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duologue.errors import FileError


@contextmanager
def built_for(folder: Path) -> Iterator[Path]:
    """Give an empty folder; what is made in it moves to its place at the end.

    Parameters
    ----------
    folder : pathlib.Path
        Where to. It is made if need be; what stands there under the same names is
        replaced, and everything else in it stays.

    Yields
    ------
    pathlib.Path
        A folder on the same disk, gone afterwards.

    Raises
    ------
    FileError
        If the folder cannot be made or written to. What was there is there again.
    """
    try:
        with tempfile.TemporaryDirectory(
            prefix=".duologue-", dir=_nearest(folder)
        ) as near:
            new, earlier = Path(near) / "new", Path(near) / "earlier"
            new.mkdir()
            earlier.mkdir()
            yield new
            folder.mkdir(parents=True, exist_ok=True)
            _exchange(new, folder, earlier)
    except OSError as error:
        raise FileError(str(folder), f"cannot be made: {error.strerror}.") from None


def _nearest(folder: Path) -> Path:
    """Return the folder itself, or the first above it that there is."""
    found = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not found.is_dir():
        raise FileError(str(folder), f"cannot be made: {found} is not a folder.")
    return found


def _exchange(new: Path, folder: Path, earlier: Path) -> None:
    """Move what is new into the folder and what was there out; or leave all as it was."""
    moved: list[str] = []
    try:
        for name in sorted(path.name for path in new.iterdir()):
            moved.append(name)
            _move(folder / name, earlier / name)
            (new / name).rename(folder / name)
    except BaseException:  # Ctrl-C too
        for name in reversed(moved):
            if not os.path.lexists(new / name):
                (folder / name).rename(new / name)
            _move(earlier / name, folder / name)
        raise


def _move(here: Path, there: Path) -> None:
    if os.path.lexists(here):
        here.rename(there)
