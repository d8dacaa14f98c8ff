"""An activity and the files beside it, put together as one."""

from collections.abc import Mapping
from pathlib import Path

from duologue.errors import FileError
from duologue.formats.definitions import MOST_ITEMS
from duologue.formats.jsonfile import read_json


def read_activity(path: Path) -> Mapping[str, object]:
    """Read an activity, its items and answers put in place of their files' names.

    Only files in the activity's own folder, or below it, are read; nothing is fetched.

    Parameters
    ----------
    path : pathlib.Path
        The file of the activity.

    Returns
    -------
    mapping
        The activity as one file would hold it; still to be judged by
        `instrument_from_activity`.

    Raises
    ------
    FileError
        If a file cannot be read, is no JSON object, lies elsewhere, or there are more
        items than a form has.
    """
    activity = _object(path)
    ui = activity.get("ui")
    order = ui.get("order") if isinstance(ui, Mapping) else None
    if not isinstance(ui, Mapping) or not isinstance(order, list):
        return activity
    if len(order) > MOST_ITEMS:
        raise FileError(str(path), f"must ask at most {MOST_ITEMS} questions.")
    read = _Beside(path)
    return {**activity, "ui": {**ui, "order": [read.item(entry) for entry in order]}}


class _Beside:
    """Reads the files that lie beside an activity, each once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.parent.resolve()
        self.read: dict[Path, Mapping[str, object]] = {}

    def item(self, entry: object) -> object:
        """Return an item, read where it is named, with its answers in it."""
        item, base = entry, self.folder
        if isinstance(entry, str):
            file = self._file(entry, self.folder)
            item, base = {**self._read(file), "id": entry}, file.parent
        if not isinstance(item, Mapping):
            return item
        answers = item.get("responseOptions")
        if isinstance(answers, str):
            return {**item, "responseOptions": self._read(self._file(answers, base))}
        return item

    def _read(self, file: Path) -> Mapping[str, object]:
        if file not in self.read:
            self.read[file] = _object(file)
        return self.read[file]

    def _file(self, name: str, base: Path) -> Path:
        file = (base / name).resolve() if "\0" not in name else self.folder.parent
        if "://" in name or not file.is_relative_to(self.folder):
            raise FileError(
                str(self.path), "may name files of its own folder only, no other place."
            )
        return file


def _object(path: Path) -> Mapping[str, object]:
    found = read_json(path)
    if not isinstance(found, Mapping):
        raise FileError(str(path), "must hold a JSON object.")
    return found
