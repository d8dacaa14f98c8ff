"""What is kept between pages, in memory only, and how some of it is forgotten."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import cast

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache


class InMemory(LocMemCache):
    """Django's cache in memory, in which entries can be looked for by their keys."""

    _cache: dict[str, bytes]
    _lock: Lock

    def keys(self) -> list[str]:
        """Return the key of each entry, as it was given."""
        with self._lock:
            return [key.split(":", 2)[2] for key in self._cache]


def forget(is_gone: Callable[[str], bool], *, of: Iterable[str]) -> None:
    """Drop each entry whose key begins with one of these words and for which this holds."""
    memory = cast("InMemory", caches["pages"])
    words = tuple(f"{word}:" for word in of)
    found = [key for key in memory.keys() if key.startswith(words)]  # noqa: SIM118
    memory.delete_many([key for key in found if is_gone(key)])
