"""From a calendar to the times that it names, a year back and a year ahead.

Titles are returned to choose by: they may hold a name, and are in no record, no error and
no log. What is left out is counted, each with its reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from importlib.util import find_spec
from typing import Any

from duologue.errors import FileError, RecordError
from duologue.formats.ics import rules
from duologue.formats.ics.lines import check_lines
from duologue.formats.textfile import as_text
from duologue.records import CalendarEvent, CalendarSeries

LARGEST = 4_000_000
"""Bytes of a calendar that is read."""

HORIZON = timedelta(days=366)
MOST_DAYS = 2_000_000
"""Days that all rules together may be followed over: some seconds."""

A_CYCLE = rules.CYCLE * 365
MOST_TIMES = 20_000
HIGHEST_SEQUENCE = 2**31 - 1

ALL_DAY = "whole days: a session has a time"
TOO_LONG = "without a length, or longer than 8 hours"
NO_ZONE = "in a time zone that is not known"
TOO_OFTEN = "by a rule that repeats more often than daily, or that cannot be followed"
UNREADABLE = "not as a calendar writes them"


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
    if find_spec("icalendar") is None or find_spec("recurring_ical_events") is None:
        problem = "needs a package that is not installed (duologue[web])."
        raise FileError(where, problem)
    if len(content) > LARGEST:
        most = f"{LARGEST / 1e6:g} MB"
        raise FileError(where, f"must hold at most {most}; it was not read.")
    text = as_text(content, where)
    check_lines(text, where)
    reading = _Reading(where, zone, now)
    for calendar in _parsed(text, where):
        reading.take(calendar)
    return reading.as_calendar()


def _parsed(text: str, where: str) -> Iterable[Any]:
    import icalendar

    try:
        found = icalendar.Calendar.from_ical(text.replace("\n", "\r\n"), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        # What the library says holds what it met.
        raise FileError(where, "must be a calendar (.ics) without a fault.") from None
    return [one for one in found if one.name == "VCALENDAR"]


class _Reading:
    """What has been found so far."""

    def __init__(self, where: str, zone: tzinfo, now: datetime) -> None:
        self.where, self.zone, self.now = where, zone, now
        self.begin, self.end = now - HORIZON, now + HORIZON
        self.days_left, self.times_left = MOST_DAYS, MOST_TIMES
        self.left: Counter[str] = Counter()
        self.events: defaultdict[str, list[CalendarEvent]] = defaultdict(list)
        self.titles: defaultdict[str, set[str]] = defaultdict(set)
        self.whole: set[str] = set()

    def take(self, calendar: Any) -> None:
        """Take the events of one calendar; a file may hold several."""
        by_uid: defaultdict[str, list[Any]] = defaultdict(list)
        for event in calendar.walk("VEVENT"):
            uid = str(event.get("UID", ""))
            if event.errors or not uid or isinstance(event.get("DTSTART"), list):
                self.left[UNREADABLE] += 1
            else:
                by_uid[uid].append(event)
        off = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        zone_name = calendar.get("X-WR-TIMEZONE")
        for uid, events in by_uid.items():
            self._take_series(uid, events, off=off, zone_name=zone_name)

    def _take_series(
        self, uid: str, events: list[Any], *, off: bool, zone_name: str | None
    ) -> None:
        events = [event for event in events if self._is_usable(event)]
        events.sort(
            key=lambda e: (_sequence(e), e.to_ical())
        )  # whatever their order is
        masters = [event for event in events if "RECURRENCE-ID" not in event]
        alone = len(masters) == len(events) and not any(
            "RRULE" in e or "RDATE" in e for e in masters
        )
        try:
            for event in masters:
                rules.cut(event, until=self.end)
            found = list(_times(events, zone_name, self.begin, self.end))
        except Exception:  # noqa: BLE001 - whatever a hostile file makes of a library
            self.left[UNREADABLE] += len(events)
            return
        self.times_left -= len(found)
        if self.times_left < 0:
            problem = f"must hold at most {MOST_TIMES} times in two years."
            raise FileError(self.where, problem)
        if masters and not off:
            self.whole.add(uid)
        for one in found:
            event = self._as_event(one, off=off, alone=alone)
            if event is not None:
                self.events[uid].append(event)
                self.titles[uid].add(" ".join(str(one.get("SUMMARY", "")).split()))

    def _is_usable(self, event: Any) -> bool:
        """Whether an event is one at all; else it is counted with its reason."""
        start = event.get("DTSTART")
        reason = None
        if start is None:
            reason = UNREADABLE
        elif not isinstance(start.dt, datetime):
            reason = ALL_DAY if isinstance(start.dt, date) else UNREADABLE
        elif start.dt.tzinfo is None and "TZID" in start.params:
            reason = NO_ZONE
        if reason is None:
            reason = self._followed(event)
        if reason is not None:
            self.left[reason] += 1
        return reason is None

    def _followed(self, event: Any) -> str | None:
        """Return why the rules of an event cannot be followed, ``None`` if they can."""
        try:
            n = rules.n_days(event, now=self.now, until=self.end)
        except (ValueError, TypeError, OverflowError, IndexError):
            return UNREADABLE
        self.days_left -= A_CYCLE if n is None else n
        if self.days_left < 0:
            raise FileError(self.where, "must hold fewer rules that repeat for years.")
        return TOO_OFTEN if n is None else None

    def _as_event(self, one: Any, *, off: bool, alone: bool) -> CalendarEvent | None:
        """Return an event; ``None`` where it is none, which is counted."""
        start, end = self._aware(one["DTSTART"].dt), self._aware(_end(one))
        if not self.begin <= start <= self.end:
            return None
        planned = one.get("RECURRENCE-ID")
        first = start if planned is None else self._aware(planned.dt)
        status = str(one.get("STATUS", "")).upper()
        with suppress(RecordError):
            return CalendarEvent(
                recurrence="" if alone else f"{first:%Y%m%dT%H%M%SZ}",
                start=start,
                end=end,
                cancelled=off or status == "CANCELLED",
                sequence=_sequence(one),
            )
        self.left[TOO_LONG] += 1
        return None

    def _aware(self, moment: date) -> datetime:
        """Return a time in UTC; without a zone of its own it is local."""
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=self.zone)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return moment.astimezone(UTC)

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
            left_out=tuple(LeftOut(reason=reason, n=n) for reason, n in left),
        )

    def _series(self, uid: str) -> CalendarSeries:
        events = sorted(
            set(self.events[uid]),
            key=lambda e: (e.start, e.recurrence, e.sequence, e.cancelled, e.end),
        )
        return CalendarSeries(uid=uid, events=tuple(events), whole=uid in self.whole)


def _times(
    events: list[Any], zone_name: str | None, begin: datetime, end: datetime
) -> Iterator[Any]:
    """Yield each time of the events of one series."""
    import icalendar
    import recurring_ical_events

    alone = icalendar.Calendar()
    if zone_name is not None:
        alone["X-WR-TIMEZONE"] = zone_name
    for event in events:
        alone.add_component(event)
    yield from recurring_ical_events.of(alone).between(begin, end)


def _end(event: Any) -> date:
    found = event.get("DTEND")
    end: date = event["DTSTART"].dt if found is None else found.dt
    return end


def _sequence(event: Any) -> int:
    try:
        return min(max(0, int(event.get("SEQUENCE", 0))), HIGHEST_SEQUENCE)
    except (TypeError, ValueError):
        return 0
