"""The lines of a calendar, and of them only what says when something is.

Nothing is made of any other line, so a calendar costs little however much it holds. A
line that is none is counted and passed over: one bad description is no reason to refuse
a calendar. What would take too long is refused, with its line where it is known.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from duologue.errors import FileError
from duologue.formats.textfile import as_text

MOST_LINES = 250_000
"""Of those that are read; most lines of a calendar are not."""

MOST_EVENTS = 10_000
MOST_ZONES = 200
MOST_DATES, MOST_DATES_IN_ALL = 2_000, 20_000
"""Single dates that are added or left out: in one line, and in all lines together."""

CALENDAR, ZONE, EVENT = "VCALENDAR", "VTIMEZONE", "VEVENT"
OF = {
    CALENDAR: frozenset({"METHOD", "X-WR-TIMEZONE"}),
    EVENT: frozenset(
        {
            *("UID", "SUMMARY", "STATUS", "SEQUENCE", "RECURRENCE-ID"),
            *("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE"),
        }
    ),
    ZONE: frozenset({"TZID"}),
    **dict.fromkeys(
        ("STANDARD", "DAYLIGHT"),
        frozenset({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}),
    ),
}
"""What is read of each part of a calendar."""

_NAMES = "|".join(sorted({"BEGIN", "END"}.union(*OF.values())))
_READ = re.compile(
    rf'^({_NAMES})(;(?:"[^"\n]*"|[^":\n])*+)?:(.*)$',
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_NO_LINE = re.compile(r"^(?![\w.-]+[;:])[^\n]*\S", re.ASCII | re.MULTILINE)
_FOLD = re.compile(r"\n[ \t]")
_FOLD_IN_A_LETTER = re.compile(rb"(?<=[\x80-\xff])(?:\r\n|\r|\n)[ \t](?=[\x80-\xbf])")


class Property(NamedTuple):
    """A line: what stands after its name, and after the colon."""

    params: str
    value: str


@dataclass(slots=True)
class Part:
    """One part of a calendar: its own lines by their names, and the parts within it."""

    name: str
    lines: dict[str, list[Property]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """Return the first line of this name, ``None`` if there is none."""
        found = self.lines.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """Return what the first line of this name says, without its marks; or nothing."""
        found = self.first(name)
        return "" if found is None else re.sub(r"\\(.)", _unmarked, found.value)

    def named(self, name: str) -> Iterator["Part"]:
        """Yield the parts of this name that stand in it."""
        return (part for part in self.parts if part.name == name)


def read_lines(content: bytes, where: str) -> tuple[list[Part], int]:
    """Return the calendars of a file, and how many lines of it are none.

    Raises
    ------
    FileError
        If it is no calendar, or would take too long: with the line, and never with what
        stands in it.
    """
    text = as_text(_FOLD_IN_A_LETTER.sub(b"", content), where)
    reading = _Reading(where, text)
    for n, found in enumerate(_READ.finditer(reading.unfolded), start=1):
        if n > MOST_LINES:
            raise FileError(where, f"must hold at most {MOST_LINES} lines of times.")
        reading.take(found)
    return reading.whole(), len(_NO_LINE.findall(reading.unfolded))


class _Reading:
    """What has been read so far, and where in the file that is."""

    def __init__(self, where: str, text: str) -> None:
        self.where, self.folded = where, text
        self.unfolded = _FOLD.sub("", text)
        self.at = 0
        self.calendars: list[Part] = []
        self.inside: list[Part] = []
        self.counted: Counter[str] = Counter()
        self.n_dates = 0

    def take(self, found: re.Match[str]) -> None:
        """Take one line."""
        self.at = found.start()
        name, value = found[1].upper(), found[3].strip()
        if name == "BEGIN":
            self._begin(value.upper())
        elif not self.inside:
            raise self._none()
        elif name == "END":
            if self.inside.pop().name != value.upper():
                raise self._refused("must end what was begun last.")
        else:
            self._keep(name, Property(found[2] or "", value))

    def whole(self) -> list[Part]:
        """Return every calendar, or refuse what is none or ends too early."""
        if self.inside:
            raise FileError(self.where, "must be whole, but ends in the middle.")
        if not self.calendars:
            raise self._none()
        return self.calendars

    def _begin(self, name: str) -> None:
        if not self.inside and name != CALENDAR:
            raise self._none()
        part = Part(name)
        if not self.inside:
            self.calendars.append(part)
        elif name in OF:
            self.inside[-1].parts.append(part)
        self.inside.append(part)
        self.counted[name] += 1
        for what, called, most in (
            (EVENT, "events", MOST_EVENTS),
            (ZONE, "time zones", MOST_ZONES),
        ):
            if self.counted[what] > most:
                raise FileError(self.where, f"must hold at most {most} {called}.")

    def _keep(self, name: str, line: Property) -> None:
        part = self.inside[-1]
        if name not in OF.get(part.name, ()):
            return
        if name == "RRULE" and part.name != EVENT:
            if "FREQ=YEARLY" not in line.value.upper().split(";"):
                raise self._refused("the rules of a time zone must be yearly.")
        elif name in {"RDATE", "EXDATE"}:
            n = line.value.count(",") + 1
            if n > MOST_DATES:
                problem = f"must name at most {MOST_DATES} dates in one line."
                raise self._refused(problem)
            self.n_dates += n
            if self.n_dates > MOST_DATES_IN_ALL:
                problem = f"must name at most {MOST_DATES_IN_ALL} single dates."
                raise FileError(self.where, problem)
        part.lines.setdefault(name, []).append(line)

    def _none(self) -> FileError:
        return self._refused(
            "must be a calendar (.ics) that begins with BEGIN:VCALENDAR."
        )

    def _refused(self, problem: str) -> FileError:
        """Return a refusal with the line at which the reading stands."""
        n = self.unfolded.count("\n", 0, self.at)
        for line, each in enumerate(self.folded.split("\n"), start=1):
            n -= line > 1 and each[:1] not in {" ", "\t"}
            if n <= 0:
                break
        return FileError(self.where, problem, line=line)


def _unmarked(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
