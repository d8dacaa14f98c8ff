"""The one guarded way in which a JSON file is read."""

import json
from os import PathLike
from typing import NoReturn

from duologue.errors import FileError
from duologue.formats.textfile import read_text


def read_json(path: str | PathLike[str], *, max_bytes: int = 2_000_000) -> object:
    """Read a JSON file whole, or say why it cannot be.

    Parameters
    ----------
    path : str or path-like
        The file. Errors give its name as it stands here, and never its content.
    max_bytes : int
        A larger file is refused from its size, unread.

    Raises
    ------
    FileError
        If it is no file of text (see `read_text`), no JSON (with the line), is nested
        too deeply, or holds a key twice or a number that is none.
    """
    where = str(path)
    text = read_text(path, max_bytes=max_bytes)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileError(where, "must be JSON, and is not.", line=error.lineno) from None
    except ValueError:
        problem = "must be JSON in which a key stands once, and numbers are numbers."
        raise FileError(where, problem) from None
    except RecursionError:
        raise FileError(where, "is nested too deeply.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError("a number that is none")
