"""What a form, or an address, of one's own pages asks for."""

from django.http import QueryDict

LARGEST = 10_000
"""No leaf lies behind this one."""


def leaf_asked_for(asked: QueryDict) -> int:
    """Return which leaf of one's own pages is asked for: the first, if none is."""
    return min(_number(asked.get("leaf", "")) or 1, LARGEST)


def session_asked_for(posted: QueryDict) -> int | None:
    """Return the session that a page is about, ``None`` if about none."""
    return _number(posted.get("session", ""))


def line_touched(posted: QueryDict) -> str | None:
    """Return the line that was written or changed, ``None`` where it was left as it was."""
    line = posted.get("teaching")
    return None if line == posted.get("was-teaching", "") else line


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) < len(str(2**31))
    return int(text) if plain else None
