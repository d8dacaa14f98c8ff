"""Times as transcripts write them, in seconds."""

import math
import re

_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST = 40  # characters; no honest time is longer


def clock_seconds(text: str) -> float | None:
    """Read ``[H:]MM:SS[.fff]``, comma or full stop; ``None`` where it is malformed."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return float(f"{whole}.{fraction or 0}")  # the nearest float to what was written


def seconds(text: str) -> float | None:
    """Read a clock time or a number of seconds; ``None`` where it is neither."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return clock_seconds(text)
    value = float(text)
    return value if math.isfinite(value) else None


def step(text: str) -> float:
    """Return the finest step that a well-formed time is written to, in seconds.

    Trailing noughts do not count: in "13.0" nothing shows that tenths were measured.
    No step is finer than a millisecond.
    """
    if "e" in text.lower():
        return 0.001
    _, _, fraction = text.replace(",", ".").partition(".")
    digits = len(fraction.rstrip("0"))
    return (1.0, 0.1, 0.01, 0.001)[min(digits, 3)]
