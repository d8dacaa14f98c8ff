"""A first look at the lines of a calendar, before anything is made of them.

What the libraries would take for hours or for memory without end is refused here, and so
is what is no calendar, each with its line.
"""

import re
from collections.abc import Iterator

from duologue.errors import FileError

MOST_EVENTS = 10_000
MOST_ZONES = 200
MOST_DATES = 2_000
"""Single dates in one line that adds or leaves out some."""

_LINE = re.compile(r"[A-Za-z0-9-]+[;:]")
_ZONE, _EVENT = "VTIMEZONE", "VEVENT"


def check_lines(text: str, where: str) -> None:
    """Refuse what is no calendar, or one that would take too long.

    Raises
    ------
    FileError
        With the line, and never with what stands in it.
    """
    inside: list[str] = []
    counted = dict.fromkeys((_ZONE, _EVENT), 0)
    for number, line in unfolded(text):
        if not _LINE.match(line):
            raise FileError(where, "must be NAME:value on every line.", line=number)
        name, _, value = line.partition(":")
        name, value = name.partition(";")[0].upper(), value.strip().upper()
        if not inside and (name, value) != ("BEGIN", "VCALENDAR"):
            problem = "must be a calendar (.ics) that begins with BEGIN:VCALENDAR."
            raise FileError(where, problem, line=number)
        if name == "BEGIN":
            inside.append(value)
            counted[value] = counted.get(value, 0) + 1
        elif name == "END":
            if inside[-1] != value:
                problem = "must end what was begun last."
                raise FileError(where, problem, line=number)
            inside.pop()
        else:
            _check(name, value, inside, where, number)
    if inside:
        raise FileError(where, "must be whole, but ends in the middle.")
    if counted[_EVENT] > MOST_EVENTS or counted[_ZONE] > MOST_ZONES:
        raise FileError(where, f"must hold at most {MOST_EVENTS} events.")


def unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, those that go on in the next put together."""
    begun, parts = 0, [""]
    for number, line in enumerate(text.split("\n"), start=1):
        if line[:1] in {" ", "\t"} and begun:
            parts.append(line[1:])
            continue
        if parts != [""]:
            yield begun, "".join(parts)
        begun, parts = number, [line]
    if parts != [""]:
        yield begun, "".join(parts)


def _check(name: str, value: str, inside: list[str], where: str, number: int) -> None:
    if name == "RRULE" and _ZONE in inside and "FREQ=YEARLY" not in value.split(";"):
        problem = "the rules of a time zone must be yearly."
        raise FileError(where, problem, line=number)
    if name in {"RDATE", "EXDATE"} and value.count(",") >= MOST_DATES:
        problem = f"must name at most {MOST_DATES} dates in one line."
        raise FileError(where, problem, line=number)
