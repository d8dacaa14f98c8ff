"""A checked view of one TOML table: every refusal names the file and the key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from duologue.errors import InstrumentError

E = TypeVar("E", bound=StrEnum)

LARGEST = 1_000_000.0
"""No answer, score or threshold of a questionnaire is further from 0."""


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One table of a definition.

    ``where`` is the file's name, ``path`` the place of the table in it ("items[2].").
    """

    where: str
    path: str
    data: Mapping[str, object]

    def refusal(self, key: str, problem: str) -> InstrumentError:
        """Make the error that names the file, the key and what is allowed."""
        return InstrumentError(f"{self.where}: {self.path}{key} {problem}")

    def only(self, *keys: str) -> None:
        """Refuse any key but these, so that a slip of the pen is no silent default."""
        for key in self.data:
            if key not in keys:
                raise self.refusal(key, f"is not one of {', '.join(keys)}.")

    def has(self, key: str) -> bool:
        """Whether the key stands in the table."""
        return key in self.data

    def text(self, key: str, default: str | None = None) -> str:
        """Return words; a missing or blank key is refused without a default."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.refusal(key, "must hold words.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words, empty where the key is missing."""
        found = self.data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(x, str) for x in found):
            raise self.refusal(key, "must be a list of words.")
        return tuple(found)

    def unique(self, key: str) -> tuple[str, ...]:
        """Return a list of words in which none stands twice."""
        found = self.texts(key)
        if len(set(found)) != len(found):
            raise self.refusal(key, "must name each one once.")
        return found

    def number(self, key: str) -> float:
        """Return a number."""
        return self._number(key, self.data.get(key))

    def whole(self, key: str, default: int) -> int:
        """Return a whole number of 0 or more."""
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.refusal(key, "must be a whole number of 0 or more.")
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.refusal(key, "must be true or false.")
        return value

    def member(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Return one of the words of an enumeration."""
        value = self.data.get(key, default)
        for allowed in kind:
            if value == allowed.value:
                return allowed
        raise self.refusal(key, f"must be one of {', '.join(kind)}.")

    def range(
        self, key: str, default: tuple[float, float] | None = None
    ) -> tuple[float, float]:
        """Return a low and a high number, in that order."""
        if default is not None and not self.has(key):
            return default
        return self._pair(key, self.data.get(key))

    def ranges(self, key: str) -> tuple[tuple[float, float], ...]:
        """Return a list of ranges, empty where the key is missing."""
        found = self.data.get(key, [])
        if not isinstance(found, list):
            raise self.refusal(key, "must be a list of ranges.")
        return tuple(self._pair(key, pair) for pair in found)

    def table(self, key: str) -> "TomlTable":
        """Return the table below this one under the key."""
        value = self.data.get(key)
        if not isinstance(value, dict):
            raise self.refusal(key, "must be a table.")
        return TomlTable(self.where, f"{self.path}{key}.", value)

    def tables(self, key: str) -> tuple["TomlTable", ...]:
        """Return the list of tables under the key, empty where it is missing."""
        found = self.data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(x, dict) for x in found):
            raise self.refusal(key, "must be a list of tables.")
        return tuple(
            TomlTable(self.where, f"{self.path}{key}[{n}].", value)
            for n, value in enumerate(found, start=1)
        )

    def _number(self, key: str, value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.refusal(key, "must be a number.")
        if not -LARGEST <= value <= LARGEST:  # an infinite one too, and nan
            raise self.refusal(key, f"must be a number within {LARGEST:g}.")
        return float(value)

    def _pair(self, key: str, value: object) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2:
            raise self.refusal(key, "must be a low and a high number.")
        low, high = (self._number(key, end) for end in value)
        if not low <= high:
            raise self.refusal(key, "must not have its low number above its high.")
        return low, high


MOST_DOTS = 200
"""Full stops in a line: each may part a key."""


def parse(text: str, *, where: str) -> TomlTable:
    """Read the words of a TOML file.

    Raises
    ------
    InstrumentError
        If they are not TOML; the message names the file and the line.
    """
    # A key of many parts takes the memory of their square.
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise InstrumentError(
            f"{where}: a line holds more than {MOST_DOTS} full stops."
        )
    try:
        return TomlTable(where, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InstrumentError(f"{where}: not TOML, {error}.") from error
    except (ValueError, RecursionError):  # a number too long, tables too deep
        raise InstrumentError(f"{where}: holds what cannot be read.") from None
