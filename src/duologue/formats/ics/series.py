"""One series of a calendar: when each of its times is, and which of them says no time.

An occurrence is named by when it was planned first, and keeps that name when it is moved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from duologue.formats.ics.lines import Part, Property
from duologue.formats.ics.rules import A_DAY, Pay, followed, read_rule
from duologue.formats.ics.values import (
    Moment,
    NoZoneError,
    Zones,
    length,
    moment,
    moments,
)
from duologue.records import CalendarEvent
from duologue.records.calendar import LONGEST

ALL_DAY = "whole days: a session has a time"
TOO_LONG = "without a length, or longer than 8 hours"
NO_ZONE = "in a time zone that is not known"
TOO_OFTEN = "by a rule that repeats more often than daily, or that cannot be followed"
UNREADABLE = "not as a calendar writes them"

LONGEST_AGO = timedelta(days=30 * 366)
"""What began to repeat longer ago is not looked at."""

MOST_OF_ONE = 1_000
"""Entries, and times in two years, of one series: what is more is no session."""

MOST_RULES = 10
"""Rules of one series."""

MARGIN = timedelta(days=15)
"""So far outside the two years a time may have been planned first."""

HIGHEST_SEQUENCE = 2**31 - 1
A_LENGTH = timedelta(hours=1)
"""What was called off may say no length; a record has one."""

_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")


class LeftOutError(Exception):
    """An entry that is no time of a session: its message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time that is looked at, by what a reader knows of it.

    ``own`` is the zone of the calendar, if it names one, and ``here`` that of the
    practice.
    """

    now: datetime
    begin: datetime
    end: datetime
    here: tzinfo
    own: tzinfo | None
    zones: Zones
    pay: Pay

    @property
    def local(self) -> tzinfo:
        """Where times without a zone are local."""
        return self.own or self.here

    @property
    def days(self) -> tuple[date, date]:
        """Between which days times may have been planned first."""
        return (self.begin - MARGIN).date(), (self.end + MARGIN).date()


@dataclass(slots=True)
class Found:
    """What one series says: its times, the names without one, and what was left out."""

    whole: bool = False
    events: list[tuple[CalendarEvent, str]] = field(default_factory=list)
    unsaid: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry of a series, read as far as it can be.

    ``start`` is blank, and ``fault`` the reason, where it says no time. ``lasts`` is
    blank where it says no length.
    """

    part: Part
    start: Moment | None
    lasts: timedelta | None
    planned: Moment | None
    sequence: int
    off: bool
    fault: str = ""

    @property
    def title(self) -> str:
        return " ".join(self.part.text("SUMMARY").split())

    @property
    def is_gone(self) -> bool:
        """Whether it says of a single time that it is off, which needs no more."""
        return self.off and self.planned is not None

    @property
    def rank(self) -> tuple[object, ...]:
        """What holds of two of the same name: the higher, whatever their order is."""
        return (self.sequence, sorted(self.part.lines.items()))

    @property
    def repeats(self) -> bool:
        return any(name in self.part.lines for name in ("RRULE", "RDATE", "EXRULE"))

    @property
    def and_all_after(self) -> bool:
        line = self.part.first("RECURRENCE-ID")
        return line is not None and "RANGE=THISANDFUTURE" in line.params.upper()


def read_series(parts: list[Part], span: Span, *, off: bool) -> Found:
    """Read the entries of one identifier.

    Parameters
    ----------
    parts : list of Part
        In whatever order.
    span : Span
        The time that is looked at.
    off : bool
        Whether the calendar is one of cancellations.
    """
    if len(parts) > MOST_OF_ONE:
        return Found(left=[TOO_OFTEN] * len(parts))
    entries = sorted((_entry(part, span, off) for part in parts), key=lambda e: e.rank)
    found = Found(left=[e.fault for e in entries if e.fault and not e.is_gone])
    master = next((e for e in reversed(entries) if e.planned is None), None)
    changes = [e for e in entries if e.planned is not None]
    taking = _Taking(found, span)
    if master is not None and not master.fault:
        try:
            taking.series(master, changes)
        except LeftOutError as error:
            found.left.append(str(error))
            taking.usual = None
            taking.changes(changes, {})
        else:
            found.whole = not off
    else:
        taking.changes(changes, {})
    return found


def _entry(part: Part, span: Span, off: bool) -> _Entry:
    """Read one entry; what cannot be read of it is its fault."""
    start = lasts = planned = None
    fault = ""
    try:
        line = part.first("RECURRENCE-ID")
        planned = None if line is None else moment(line, span.zones)
        start, lasts = _time_of(part, span)
    except NoZoneError:
        fault = NO_ZONE
    except LeftOutError as error:
        fault = str(error)
    except (ValueError, OverflowError):
        fault = UNREADABLE
    return _Entry(
        part=part,
        start=start,
        lasts=lasts,
        planned=planned,
        sequence=_sequence(part.text("SEQUENCE")),
        off=off or part.text("STATUS").strip().upper() == "CANCELLED",
        fault=fault,
    )


def _time_of(part: Part, span: Span) -> tuple[Moment, timedelta | None]:
    """Return when an entry begins and how long it lasts, if it says so."""
    line = part.first("DTSTART")
    if line is None or any(len(part.lines.get(name, ())) > 1 for name in _ONCE):
        raise LeftOutError(UNREADABLE)
    start = moment(line, span.zones)
    if start.whole_day:
        raise LeftOutError(ALL_DAY)
    lasts = None
    ends, takes = part.first("DTEND"), part.first("DURATION")
    if ends is not None:
        end = moment(ends, span.zones)
        if end.zone is start.zone:
            lasts = end.clock - start.clock  # by the clock, also while it is changed
        else:
            lasts = end.of(span.local) - start.of(span.local)
    elif takes is not None:
        lasts = length(takes.value)
    return start, None if lasts is None or lasts <= timedelta(0) else lasts


class _Taking:
    """Takes what the entries of one series say."""

    def __init__(self, found: Found, span: Span) -> None:
        self.found, self.span = found, span
        self.zone = span.local
        self.usual: timedelta | None = None
        self.alone = False

    def series(self, master: _Entry, changes: list[_Entry]) -> None:
        """Take every time of a series, with what was changed of it.

        Raises
        ------
        LeftOutError
            If it cannot be followed, or says no length that a session can have.
        """
        assert master.start is not None  # noqa: S101 - what has no start has a fault
        if master.start.zone is UTC:
            # A calendar that has a zone means its clock, though it writes UTC.
            self.zone = self.span.own or UTC
        else:
            self.zone = master.start.zone or self.span.local
        self.usual = master.lasts or (A_LENGTH if master.off else None)
        if self.usual is None or self.usual > LONGEST:
            raise LeftOutError(TOO_LONG)
        self.alone = not changes and not master.repeats
        times, gone = self._times(master)
        futures = self.changes(
            [e for e in changes if not gone(self._named(e, times))], times
        )
        for at, clock in times.items():
            self._take_planned(at, clock, master, futures)

    def changes(
        self, changes: list[_Entry], times: dict[datetime, datetime]
    ) -> list[tuple[datetime, _Entry]]:
        """Take what was changed of single times, which are then no longer among ``times``.

        Returns what was changed of one time and of all after it, the last one first.
        """
        by_name = {self._named(entry, times): entry for entry in changes}
        for at, entry in by_name.items():
            times.pop(at, None)
            if entry.fault and not entry.off:
                self.found.unsaid.add(_name(at))
                continue
            start = at if entry.start is None else entry.start.of(self.zone)
            if not self.span.begin <= start <= self.span.end:
                self.found.unsaid.add(_name(at))
                continue
            self._add(at, start, entry)
        after = (e for e in changes if e.and_all_after and not e.fault)
        return sorted(
            ((self._named(e, {}), e) for e in after),
            key=lambda each: each[0],
            reverse=True,
        )

    def _take_planned(
        self,
        at: datetime,
        clock: datetime,
        master: _Entry,
        futures: list[tuple[datetime, _Entry]],
    ) -> None:
        """Take a time that was not changed by itself."""
        entry, start = master, at
        for begins, future in futures:
            if begins <= at and future.start is not None:
                moved = self._clock(future.start.of(self.zone)) - self._clock(begins)
                entry, start = future, self._at(clock + moved)
                break
        if self.span.begin <= start <= self.span.end:
            self._add(at, start, entry)

    def _add(self, at: datetime, start: datetime, entry: _Entry) -> None:
        lasts = entry.lasts or self.usual or (A_LENGTH if entry.off else None)
        if entry.off:
            lasts = min(lasts or A_LENGTH, A_LENGTH)
        if lasts is None or lasts > LONGEST:
            self.found.left.append(TOO_LONG)
            self.found.unsaid.add(_name(at))
            return
        event = CalendarEvent(
            recurrence="" if self.alone else _name(at),
            start=start,
            end=start + lasts,
            cancelled=entry.off,
            sequence=entry.sequence,
        )
        self.found.events.append((event, entry.title))

    def _times(
        self, master: _Entry
    ) -> tuple[dict[datetime, datetime], Callable[[datetime], bool]]:
        """Return when a series is, by the clock too, and what says whether one was left out."""
        assert master.start is not None  # noqa: S101 - what has no start has a fault
        lines = master.part.lines
        start = self._clock(master.start.of(self.zone))
        ago = master.repeats and self._at(start) <= self.span.now - LONGEST_AGO
        if ago or "EXRULE" in lines or len(lines.get("RRULE", ())) > MOST_RULES:
            raise LeftOutError(TOO_OFTEN)
        clocks = {start}
        try:
            for line in lines.get("RRULE", ()):
                clocks.update(self._followed(line.value, start))
            clocks.update(
                datetime.combine(each.day, start.time())
                if each.whole_day
                else self._clock(each.of(self.zone))
                for line in lines.get("RDATE", ())
                for each in moments(line, self.span.zones)
            )
            left_out = [
                each
                for line in lines.get("EXDATE", ())
                for each in moments(line, self.span.zones)
            ]
        except (ValueError, OverflowError):
            raise LeftOutError(UNREADABLE) from None
        days = {each.day for each in left_out if each.whole_day}
        instants = {each.of(self.zone) for each in left_out if not each.whole_day}

        def gone(at: datetime) -> bool:
            return at in instants or self._clock(at).date() in days

        first, last = self.span.days
        near = ((self._at(c), c) for c in sorted(clocks) if first <= c.date() <= last)
        times = {at: clock for at, clock in near if not gone(at)}
        if len(times) > MOST_OF_ONE:
            raise LeftOutError(TOO_OFTEN)
        return times, gone

    def _followed(self, text: str, start: datetime) -> Iterator[datetime]:
        """Yield when a series is by one of its rules."""
        first, last = self.span.days
        try:
            rule = read_rule(text, start)
        except ValueError:
            raise LeftOutError(TOO_OFTEN) from None
        until = (
            moment(Property("", rule.until), self.span.zones) if rule.until else None
        )
        if until is not None:
            last = min(last, until.day + A_DAY)
        n = 0
        for clock in followed(rule, first, last, self.span.pay):
            if until is not None and self._is_after(clock, until):
                return
            n += 1
            yield clock
        if n == 0 and first <= start.date() <= last and not rule.takes(start.date()):
            raise LeftOutError(TOO_OFTEN)  # it never comes true

    def _is_after(self, clock: datetime, until: Moment) -> bool:
        """Whether a time comes after the last one, which is told in days, here or in UTC."""
        if until.whole_day:
            return clock.date() > until.day
        if until.zone is None:
            return clock > until.clock
        return self._at(clock) > until.of(self.zone)

    def _named(self, entry: _Entry, times: dict[datetime, datetime]) -> datetime:
        """Return which time an entry changes: by when that was planned first."""
        assert entry.planned is not None  # noqa: S101 - only changes are asked for
        if entry.planned.whole_day:
            day = entry.planned.day
            found = (at for at, clock in times.items() if clock.date() == day)
            return next(found, self._at(entry.planned.clock))
        return entry.planned.of(self.zone)

    def _at(self, clock: datetime) -> datetime:
        return clock.replace(tzinfo=self.zone).astimezone(UTC)

    def _clock(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)


def _name(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _sequence(text: str) -> int:
    try:
        return min(max(0, int(text or 0)), HIGHEST_SEQUENCE)
    except ValueError:
        return 0
