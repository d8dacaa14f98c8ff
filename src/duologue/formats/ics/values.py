"""What a line of a calendar says of time: a day, a moment, a length."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from duologue.formats.ics.lines import Property

_MOMENT = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:(\d\d)(?:\.\d*)?)?(Z)?)?", re.ASCII
)
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?",
    re.ASCII,
)
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^;]*))', re.ASCII | re.IGNORECASE)

Zones = Callable[[str], tzinfo]
"""Returns a time zone by its name; raises `NoZoneError` if it is not known."""


class NoZoneError(ValueError):
    """A time zone that nobody knows."""


class Moment(NamedTuple):
    """A moment as a calendar writes it: by the clock of a zone, or a whole day.

    ``zone`` is ``None`` where the calendar names none.
    """

    clock: datetime
    zone: tzinfo | None
    whole_day: bool = False

    @property
    def day(self) -> date:
        """On which day it is, where it is."""
        return self.clock.date()

    def of(self, zone: tzinfo) -> datetime:
        """Return the moment itself; ``zone`` is where it is if none was named."""
        return self.clock.replace(tzinfo=self.zone or zone).astimezone(UTC)


def moments(line: Property, zones: Zones) -> Iterator[Moment]:
    """Yield what a line says, one after the other; of a period its beginning.

    Raises
    ------
    ValueError
        If it says something else.
    """
    named = _ZONE.search(line.params)
    zone = None if named is None else zones(named[1] or named[2] or "")
    for each in line.value.split(","):
        if each.strip():
            yield _moment(each.partition("/")[0].strip(), zone)


def moment(line: Property, zones: Zones) -> Moment:
    """Return the one moment that a line says.

    Raises
    ------
    ValueError
        If it says none, or several.
    """
    (found,) = moments(line, zones)
    return found


def _moment(text: str, zone: tzinfo | None) -> Moment:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("no moment is written so.")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if found[4] is None:
        return Moment(datetime(year, month, day), None, whole_day=True)  # noqa: DTZ001
    hour, minute, second = int(found[4]), int(found[5]), min(int(found[6] or 0), 59)
    clock = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    return Moment(clock, UTC if found[7] else zone)


def length(text: str) -> timedelta:
    """Return how long ``PT50M`` is.

    Raises
    ------
    ValueError
        If it is no length.
    """
    found = _LENGTH.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()[1:]):
        raise ValueError("no length is written so.")
    weeks, days, hours, minutes, seconds = (int(n or 0) for n in found.groups()[1:])
    whole = timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    return -whole if found[1] == "-" else whole
