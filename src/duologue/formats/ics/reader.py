"""From a calendar to the times that it names, a year back and a year ahead.

Titles are returned to choose by: they may hold a name, and are in no record, no error and
no log. What is left out is counted, each with its reason.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from importlib.util import find_spec

from duologue.errors import FileError
from duologue.formats.ics.lines import EVENT, Part, read_lines
from duologue.formats.ics.series import (
    ALL_DAY,
    MARGIN,
    NO_ZONE,
    TOO_LONG,
    TOO_OFTEN,
    UNREADABLE,
    Span,
    read_series,
)
from duologue.formats.ics.values import NoZoneError
from duologue.formats.ics.zones import Zones
from duologue.records import CalendarEvent, CalendarSeries

__all__ = ["ALL_DAY", "NO_LINE", "NO_ZONE", "TOO_LONG", "TOO_OFTEN", "UNREADABLE"]

LARGEST = 4_000_000
"""Bytes of a calendar that is read."""

HORIZON = timedelta(days=366)
MOST_DAYS = 150_000
"""Days that are looked at for all rules together: well under a second."""

MOST_TIMES = 20_000
NO_LINE = "lines that no calendar has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a calendar calls by one title, to choose by: the same title, the same person.

    Attributes
    ----------
    title : str
        As it stands there; blank if there is none. For the one who chooses alone.
    series : tuple of CalendarSeries
        What is chosen with it.
    """

    title: str = field(repr=False)
    series: tuple[CalendarSeries, ...]

    @property
    def events(self) -> tuple[CalendarEvent, ...]:
        """Every event of it that was not cancelled, in the order of time."""
        found = (e for one in self.series for e in one.events if not e.cancelled)
        return tuple(sorted(found, key=lambda event: event.start))

    def upcoming(self, now: datetime) -> datetime | None:
        """Return when the next one begins, ``None`` if none is to come."""
        return next((e.start for e in self.events if e.start > now), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many entries of a calendar were left out, and why."""

    reason: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a calendar holds: groups by their title, and what was left out."""

    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]


def read_calendar(
    content: bytes, *, where: str, zone: tzinfo, now: datetime
) -> Calendar:
    """Read a calendar that is held in memory.

    Parameters
    ----------
    content : bytes
        The whole file, UTF-8.
    where : str
        What errors call it.
    zone : datetime.tzinfo
        Where times without a zone of their own are local.
    now : datetime
        Times from a year before to a year after are returned.

    Returns
    -------
    Calendar
        The same, in whatever order the file has its events.

    Raises
    ------
    FileError
        If it is no calendar, too large, or would take too long. The message says the
        line where it is known, and never what stands in it.
    """
    if find_spec("icalendar") is None:
        problem = "needs a package that is not installed (duologue[web])."
        raise FileError(where, problem)
    if len(content) > LARGEST:
        most = f"{LARGEST / 1e6:g} MB"
        raise FileError(where, f"must hold at most {most}; it was not read.")
    calendars, n_odd = read_lines(content, where)
    reading = _Reading(zone, now)
    try:
        for calendar in calendars:
            reading.take(calendar)
    except _SpentError as error:
        raise FileError(where, str(error)) from None
    reading.left[NO_LINE] += n_odd
    return reading.as_calendar()


class _SpentError(Exception):
    """A calendar would take too long: its message says by what."""


class _Reading:
    """What has been found so far."""

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        self.zone, self.now = zone, now
        self.begin, self.end = now - HORIZON, now + HORIZON
        self.days_left, self.times_left = MOST_DAYS, MOST_TIMES
        self.left: Counter[str] = Counter()
        self.events: defaultdict[str, list[CalendarEvent]] = defaultdict(list)
        self.unsaid: defaultdict[str, set[str]] = defaultdict(set)
        self.titles: defaultdict[str, set[str]] = defaultdict(set)
        self.whole: set[str] = set()

    def take(self, calendar: Part) -> None:
        """Take the events of one calendar; a file may hold several."""
        span = self._span(calendar)
        by_uid: defaultdict[str, list[Part]] = defaultdict(list)
        for event in calendar.named(EVENT):
            uid = event.text("UID")
            if uid:
                by_uid[uid].append(event)
            else:
                self.left[UNREADABLE] += 1
        off = calendar.text("METHOD").upper() == "CANCEL"
        for uid, events in by_uid.items():
            self._take_series(uid, events, span, off=off)

    def _span(self, calendar: Part) -> Span:
        first, last = (self.begin - MARGIN).date(), (self.end + MARGIN).date()
        zones = Zones(first, last, self._pay)
        zones.learn(calendar)
        try:
            own = zones(calendar.text("X-WR-TIMEZONE"))
        except NoZoneError:
            own = None
        return Span(
            now=self.now,
            begin=self.begin,
            end=self.end,
            here=self.zone,
            own=own,
            zones=zones,
            pay=self._pay,
        )

    def _take_series(
        self, uid: str, events: list[Part], span: Span, *, off: bool
    ) -> None:
        found = read_series(events, span, off=off)
        self.left.update(found.left)
        self.times_left -= len(found.events)
        if self.times_left < 0:
            raise _SpentError(f"must hold at most {MOST_TIMES} times in two years.")
        if found.whole:
            self.whole.add(uid)
        self.unsaid[uid] |= found.unsaid
        for event, title in found.events:
            self.events[uid].append(event)
            self.titles[uid].add(title)

    def _pay(self, n: int) -> None:
        self.days_left -= n
        if self.days_left < 0:
            raise _SpentError("must hold fewer rules that repeat for years.")

    def as_calendar(self) -> Calendar:
        """Return what was found, in an order that the file does not decide."""
        titled: defaultdict[str, list[str]] = defaultdict(list)
        for uid in sorted(self.events):
            title = min(self.titles[uid])
            titled[title.casefold() or f"\0{uid}"].append(uid)
        groups = [
            Group(
                title=min(min(self.titles[uid]) for uid in uids),
                series=tuple(self._series(uid) for uid in uids),
            )
            for _, uids in sorted(titled.items())
        ]
        left = sorted(self.left.items())
        return Calendar(
            groups=tuple(groups),
            left_out=tuple(LeftOut(reason=reason, n=n) for reason, n in left if n),
        )

    def _series(self, uid: str) -> CalendarSeries:
        events = sorted(
            set(self.events[uid]),
            key=lambda e: (e.start, e.recurrence, e.sequence, e.cancelled, e.end),
        )
        return CalendarSeries(
            uid=uid,
            events=tuple(events),
            whole=uid in self.whole,
            unsaid=tuple(sorted(self.unsaid[uid])),
        )
