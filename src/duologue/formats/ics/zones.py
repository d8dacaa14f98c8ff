"""Time zones by the names that calendars give them.

A name that is known is what it is everywhere, by the world's own list or by what Windows
calls it. Any other is what the calendar itself says of it, from a little before the times
that are looked at to a little after.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from duologue.formats.ics.lines import MOST_ZONES, ZONE, Part, Property
from duologue.formats.ics.rules import Pay, followed, read_rule
from duologue.formats.ics.values import NoZoneError, moment, moments

LONGEST_NAME = 100


class OwnZone(tzinfo):
    """A zone as a calendar describes it: from when on, by the clock, how far from UTC."""

    def __init__(self, changes: list[tuple[datetime, timedelta]]) -> None:
        changes.sort()
        self._from = [at for at, _ in changes]
        self._to = [offset for _, offset in changes]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """Return how far the clock is ahead of UTC."""
        if dt is None:
            return self._to[0]
        at = bisect_right(self._from, dt.replace(tzinfo=None))
        return self._to[max(0, at - 1)]

    def dst(self, _: datetime | None, /) -> timedelta | None:
        """Return nothing: no calendar asks."""
        return None

    def tzname(self, _: datetime | None, /) -> str:
        """Return what is said of every such zone."""
        return "as the calendar says"

    def fromutc(self, dt: datetime) -> datetime:
        """Return what the clock says at a moment."""
        here = [dt + offset for offset in dict.fromkeys(self._to)]
        return next((d for d in here if d - self.utcoffset(d) == dt), here[0])


class Zones:
    """The zones of one file: called with a name, returns the zone.

    Parameters
    ----------
    first, last : datetime.date
        Between which days times are looked at.
    pay : callable
        See `duologue.formats.ics.rules`.
    """

    def __init__(self, first: date, last: date, pay: Pay) -> None:
        self.first, self.last, self.pay = first, last, pay
        self._own: dict[str, Part] = {}
        self._found: dict[str, tzinfo | None] = {}

    def learn(self, calendar: Part) -> None:
        """Remember what a calendar says of zones, until one of them is asked for."""
        for part in calendar.named(ZONE):
            self._own.setdefault(part.text("TZID"), part)

    def __call__(self, name: str) -> tzinfo:
        """Return the zone of this name.

        Raises
        ------
        NoZoneError
            If nobody knows it.
        """
        if name not in self._found:
            known = len(self._found) < MOST_ZONES and len(name) <= LONGEST_NAME
            self._found[name] = self._look_up(name) if known else None
        found = self._found[name]
        if found is None:
            raise NoZoneError("no time zone is called so.")
        return found

    def _look_up(self, name: str) -> tzinfo | None:
        for each in _known_as(name):
            try:
                return ZoneInfo(each)
            except (ValueError, OSError, LookupError):
                continue  # no name, no file, or none of a zone
        own = self._own.get(name)
        return None if own is None else self._described(own)

    def _described(self, zone: Part) -> tzinfo | None:
        """Return a zone as the calendar describes it; ``None`` if nobody can follow it."""
        try:
            changes = [each for part in zone.parts for each in self._changes(part)]
        except (ValueError, OverflowError, LookupError):
            return None
        return OwnZone(changes) if changes else None

    def _changes(self, part: Part) -> Iterator[tuple[datetime, timedelta]]:
        """Yield from when on a standard or a summer time holds."""
        offset = _offset(part.text("TZOFFSETTO"))
        start = moment(part.lines["DTSTART"][0], self).clock
        found = [start]
        for line in part.lines.get("RDATE", ()):
            found += (each.clock for each in moments(line, self))
        for line in part.lines.get("RRULE", ()):
            rule = read_rule(line.value, start)
            # A year before, so that what held at the beginning is known.
            first, last = self.first - timedelta(days=732), self.last
            if rule.until:
                ends = moment(Property("", rule.until), self).day
                last = min(last, ends + timedelta(days=1))  # it is told in UTC
            found += followed(rule, first, last, self.pay)
        yield from ((at, offset) for at in found)


def _known_as(name: str) -> Iterator[str]:
    """Yield the names by which the world may know a zone."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    plain = name.strip("/")
    yield WINDOWS_TO_OLSON.get(plain, plain)
    if name.startswith("/"):  # of a program, which puts its own name before it
        parts = plain.split("/")
        yield from ("/".join(parts[i:]) for i in range(1, len(parts)))


def _offset(text: str) -> timedelta:
    """Return how far from UTC ``+0100`` is."""
    sign, digits = text[:1], text[1:]
    if sign not in {"+", "-"} or len(digits) not in {4, 6} or not digits.isdecimal():
        raise ValueError("no offset is written so.")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0)
    found = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if found >= timedelta(days=1):
        raise ValueError("no zone is so far from UTC.")
    return -found if sign == "-" else found
