"""What a calendar would do to the sessions of a pair: decided, and not done yet.

Nothing here asks the database or the clock. The order of the events says nothing, and
what has been done once is found to be there: to read a calendar twice is to read it once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from duologue.records import CalendarEvent, CalendarSeries

AHEAD = timedelta(days=366)
"""So far ahead a session may be planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A session that is there. ``name`` is blank where no calendar has named it."""

    number: int
    start: datetime
    held: bool
    name: str = ""
    said_start: datetime | None = None
    said_sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event by its name, as it is stored."""

    name: str
    event: CalendarEvent

    @property
    def rank(self) -> tuple[int, bool, datetime, datetime]:
        """What holds of two events of the same name: the higher."""
        event = self.event
        return (event.sequence, event.cancelled, event.start, event.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of the sessions of a pair.

    Attributes
    ----------
    new : tuple of Said
        Become sessions, in the order of time.
    moved : mapping of int to Said
        Sessions to come that are at another time, by their number.
    cancelled : tuple of int
        Sessions to come that are off, by their number.
    linked : mapping of int to Said
        Sessions that are there already, and are known again from now on.
    n_same, n_left : int
        Events that are there already, and those that come before the sessions that
        there are, or have moved into the past.
    usual_min : int or None
        How long most of the events last.
    """

    new: tuple[Said, ...] = ()
    moved: Mapping[int, Said] = field(default_factory=dict)
    cancelled: tuple[int, ...] = ()
    linked: Mapping[int, Said] = field(default_factory=dict)
    n_same: int = 0
    n_left: int = 0
    usual_min: int | None = None

    @property
    def changes(self) -> bool:
        """Whether either of the two would see a change."""
        return bool(self.new or self.moved or self.cancelled)


class Naming:
    """How events are named: see `duologue.store.keys.calendar`."""

    def __init__(
        self, series: Callable[[str], str], event: Callable[[str, str], str]
    ) -> None:
        self.series = series
        self.event = event


def plan(
    known: Iterable[Known],
    chosen: Sequence[CalendarSeries],
    naming: Naming,
    *,
    now: datetime,
) -> Plan:
    """Say what the chosen series of a calendar do to the sessions of a pair.

    A session that has begun stays as it is, and none is ever removed. One that is to
    come follows its event, if that has changed since it was last read: what somebody
    has changed here by hand is not changed back.
    """
    sessions = sorted(known, key=lambda one: (one.start, one.number))
    said = _said(chosen, naming)
    found = _Found(said, sessions, now)
    found.follow(
        whole={naming.series(one.uid) for one in chosen if one.whole},
        off={
            naming.series(one.uid)
            for one in chosen
            for event in one.events
            if event.cancelled and not event.recurrence
        },
    )
    found.place()
    return found.as_plan()


def _said(chosen: Sequence[CalendarSeries], naming: Naming) -> dict[str, Said]:
    """Return each event once, by its name: the one that was changed last."""
    found: dict[str, Said] = {}
    for series in chosen:
        for event in series.events:
            one = Said(name=naming.event(series.uid, event.recurrence), event=event)
            before = found.get(one.name)
            if before is None or one.rank > before.rank:
                found[one.name] = one
    return found


class _Found:
    """What has been decided so far."""

    def __init__(
        self, said: dict[str, Said], sessions: list[Known], now: datetime
    ) -> None:
        self.said, self.sessions, self.now = said, sessions, now
        self.begun = max((s.start for s in sessions if s.start <= now), default=None)
        self.moved: dict[int, Said] = {}
        self.linked: dict[int, Said] = {}
        self.cancelled: set[int] = set()
        self.new: list[Said] = []
        self.n_same = self.n_left = 0

    def follow(self, *, whole: set[str], off: set[str]) -> None:
        """Let the sessions that a calendar has named before follow their events."""
        for session in self.sessions:
            if not session.name:
                continue
            one = self.said.get(session.name)
            if one is not None:
                self._follow(session, one)
            elif session.start > self.now and session.held:
                series = session.name[: len(session.name) // 2]
                if series in whole | off:
                    self.cancelled.add(session.number)

    def _follow(self, session: Known, one: Said) -> None:
        event = one.event
        if (
            session.start <= self.now
            or not session.held
            or event.sequence < session.said_sequence
        ):
            self.n_same += 1
        elif event.cancelled:
            self.cancelled.add(session.number)
        elif event.start == session.said_start:
            self.n_same += 1
        elif not self.now < event.start <= self.now + AHEAD:
            self.n_left += 1
        else:
            self.moved[session.number] = one

    def place(self) -> None:
        """Find a place for the events of which no session is known."""
        names = {session.name for session in self.sessions}
        at = {self._final_start(session): session for session in self.sessions}
        taken = set(at)
        fresh = (one for name, one in self.said.items() if name not in names)
        for one in sorted(
            fresh, key=lambda o: (o.event.cancelled, *o.rank[2:], o.name)
        ):
            there = at.get(one.event.start)
            if one.event.cancelled:
                self._cancel(there, one)
            elif one.event.start in taken:
                self.n_same += 1
                self._link(there, one)
            elif self.begun is not None and one.event.start <= self.begun:
                self.n_left += 1
            elif one.event.start <= self.now + AHEAD:
                self.new.append(one)
                taken.add(one.event.start)

    def _final_start(self, session: Known) -> datetime:
        moved = self.moved.get(session.number)
        return session.start if moved is None else moved.event.start

    def _link(self, session: Known | None, one: Said) -> bool:
        """Know a session again by this event, unless it is known by another."""
        if session is None or session.name or session.number in self.linked:
            return False
        self.linked[session.number] = one
        return True

    def _cancel(self, session: Known | None, one: Said) -> None:
        """Cancel a session to come that is the one which the calendar cancels."""
        if self._link(session, one) and session is not None:
            if session.start > self.now and session.held:
                self.cancelled.add(session.number)
            else:
                self.n_same += 1

    def as_plan(self) -> Plan:
        """Return what was decided."""
        lengths = Counter(
            one.event.minutes for one in self.said.values() if not one.event.cancelled
        )
        usual = min(
            lengths, key=lambda minutes: (-lengths[minutes], minutes), default=None
        )
        return Plan(
            new=tuple(sorted(self.new, key=lambda one: one.event.start)),
            moved=dict(sorted(self.moved.items())),
            cancelled=tuple(sorted(self.cancelled)),
            linked=self.linked,
            n_same=self.n_same,
            n_left=self.n_left,
            usual_min=usual,
        )
