"""What a calendar would do to the sessions of a pair: decided, and not done yet.

Nothing here asks the database or the clock. The order of the events says nothing, and
what has been done once is found to be there: to read a calendar twice is to read it once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from duologue.records import CalendarEvent, CalendarSeries

AHEAD = timedelta(days=366)
"""So far ahead a session may be planned."""

BY_TURN, NEAREST = timedelta(days=4, hours=12), timedelta(days=3, hours=12)
"""So far from where it was a session of a series is looked for: one by one, or anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A session that is there. ``name`` is blank where no calendar has named it.

    ``said_off`` is there where the calendar said last that it is off.
    """

    number: int
    start: datetime
    held: bool
    name: str = ""
    said_start: datetime | None = None
    said_sequence: int = 0
    said_off: bool = False

    @property
    def series(self) -> str:
        """The name of the series to which it belongs; blank as its own is."""
        return _series_in(self.name)

    def apart(self, one: "Said") -> timedelta:
        """Return how far an event is from where the calendar had this session last."""
        return abs(one.event.start - (self.said_start or self.start))


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

    @property
    def series(self) -> str:
        """The name of the series to which it belongs."""
        return _series_in(self.name)


def _series_in(name: str) -> str:
    """Return the name of a series, with which that of each of its events begins."""
    return name[: len(name) // 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of the sessions of a pair.

    Attributes
    ----------
    new : tuple of Said
        Become sessions, in the order of time.
    moved, restored : mapping of int to Said
        Sessions to come that are at another time, and those that were off and are on
        again, by their numbers; a session may be both.
    cancelled : tuple of int
        Sessions to come that are off, by their number.
    linked : mapping of int to Said
        Sessions that are there already, and are known by this from now on.
    n_same, n_left, n_taken : int
        Events that are there already; those that come before the sessions that there
        are, or have moved into the past; and those at whose time another session is.
    usual_min : int or None
        How long most of the events last.
    """

    new: tuple[Said, ...] = ()
    moved: Mapping[int, Said] = field(default_factory=dict)
    restored: Mapping[int, Said] = field(default_factory=dict)
    cancelled: tuple[int, ...] = ()
    linked: Mapping[int, Said] = field(default_factory=dict)
    n_same: int = 0
    n_left: int = 0
    n_taken: int = 0
    usual_min: int | None = None

    @property
    def changes(self) -> bool:
        """Whether either of the two would see a change."""
        return bool(self.new or self.moved or self.restored or self.cancelled)


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
    has changed here by hand is not changed back. Where a whole series is at other times,
    each of its sessions goes to what took its place. No two are ever at one time.
    """
    sessions = sorted(known, key=lambda one: (one.start, one.number))
    found = _Found(_said(chosen, naming), sessions, now)
    found.follow(_Series(chosen, naming))
    found.leave_what_is_taken()
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


class _Series:
    """What a calendar says of series as such, by their names.

    ``whole`` are those of which it names every event, ``off`` those that it cancels as
    one, and ``unsaid`` are events of which it says no time.
    """

    def __init__(self, chosen: Sequence[CalendarSeries], naming: Naming) -> None:
        self.whole = {naming.series(one.uid) for one in chosen if one.whole}
        self.off = {
            naming.series(one.uid)
            for one in chosen
            for event in one.events
            if event.cancelled and not event.recurrence
        }
        self.unsaid = {
            naming.event(one.uid, recurrence)
            for one in chosen
            for recurrence in one.unsaid
        }


class _Found:
    """What has been decided so far, of sessions to come by their numbers.

    ``follows`` is by what each is known from now on, ``moved`` where it goes, ``on`` what
    was off and is on again.
    """

    def __init__(
        self, said: dict[str, Said], sessions: list[Known], now: datetime
    ) -> None:
        self.said, self.sessions, self.now = said, sessions, now
        self.begun = max((s.start for s in sessions if s.start <= now), default=None)
        names = {session.name for session in sessions}
        self.fresh = {n: one for n, one in said.items() if n not in names}
        self.follows: dict[int, Said] = {}
        self.moved: dict[int, datetime] = {}
        self.on: set[int] = set()
        self.cancelled: set[int] = set()
        self.new: dict[datetime, Said] = {}
        self.n_same = self.n_left = self.n_taken = 0

    def follow(self, series: _Series) -> None:
        """Let the sessions that a calendar has named before follow their events."""
        lost: defaultdict[str, list[Known]] = defaultdict(list)
        for session in self.sessions:
            one = self.said.get(session.name)
            if one is not None:
                self._follow(session, one)
            elif (
                session.series in series.whole | series.off
                and session.name not in series.unsaid
                and session.start > self.now
                and not session.said_off
            ):
                lost[session.series].append(session)
        for name, sessions in lost.items():
            places = {} if name in series.off else self._places(name, sessions)
            for session in sessions:
                if session.number in places:
                    one = places[session.number]
                    self.follows[session.number] = self.fresh.pop(one.name)
                    self._go(session, one)
                elif session.held:
                    self.cancelled.add(session.number)

    def _follow(self, session: Known, one: Said) -> None:
        event = one.event
        if session.start <= self.now or event.sequence < session.said_sequence:
            self.n_same += 1
        elif event.cancelled:
            if session.held and not session.said_off:
                self.cancelled.add(session.number)
            else:
                self.n_same += 1
        else:
            if session.said_off:
                self.follows[session.number] = one
            self._go(session, one)

    def _go(self, session: Known, one: Said) -> None:
        """Let a session be where its event is, and be on, if that has changed."""
        changed = one.event.start != session.said_start
        if changed and not self._is_to_come(one):
            self.n_left += 1
        elif changed or (session.said_off and not session.held):
            self.follows[session.number] = one
            if changed:
                self.moved[session.number] = one.event.start
            if not session.held:
                self.on.add(session.number)
        else:
            self.n_same += 1

    def _is_to_come(self, one: Said) -> bool:
        return self.now < one.event.start <= self.now + AHEAD

    def _places(self, series: str, sessions: list[Known]) -> dict[int, Said]:
        """Return what took the place of sessions whose series is at other times.

        Each in its turn, if that is not far; otherwise what is nearest.
        """
        there = (o for o in self.fresh.values() if o.series == series)
        fresh = sorted(
            (one for one in there if not one.event.cancelled),
            key=lambda one: (*one.rank[2:], one.name),
        )
        to_come = [one for one in fresh if self._is_to_come(one)]
        in_turn = list(zip(sessions, to_come, strict=False))
        if all(session.apart(one) < BY_TURN for session, one in in_turn):
            return {session.number: one for session, one in in_turn}
        near = sorted(
            (session.apart(one), session.number, i)
            for session in sessions
            for i, one in enumerate(fresh)
            if session.apart(one) < NEAREST
        )
        found: dict[int, Said] = {}
        taken: set[int] = set()
        for _, number, i in near:
            if number not in found and i not in taken:
                found[number] = fresh[i]
                taken.add(i)
        return found

    def leave_what_is_taken(self) -> None:
        """Let stay where it is what would be at the time of another session."""
        while True:
            at = Counter(self._start_of(s) for s in self.sessions if self._is_on(s))
            clash = [
                session
                for session in self.sessions
                if session.number in self.moved.keys() | self.on
                and at[self._start_of(session)] > 1
            ]
            if not clash:
                return
            number = clash[-1].number
            self.follows.pop(number, None)
            self.moved.pop(number, None)
            self.on.discard(number)
            self.n_taken += 1

    def place(self) -> None:
        """Find a place for the events of which no session is known."""
        at: defaultdict[datetime, list[Known]] = defaultdict(list)
        for session in self.sessions:
            at[self._start_of(session)].append(session)
        for one in sorted(
            self.fresh.values(),
            key=lambda o: (o.event.cancelled, *o.rank[2:], o.name),
        ):
            there = sorted(at[one.event.start], key=self._is_on)
            if one.event.cancelled:
                self._cancel(there[-1] if there else None, one)
            elif (there and self._is_on(there[-1])) or one.event.start in self.new:
                self.n_same += 1
                self._link(there[-1] if there else None, one)
            elif self.begun is not None and one.event.start <= self.begun:
                self.n_left += 1
            elif there:
                self._be_anew(there[-1], one)
            elif one.event.start <= self.now + AHEAD:
                self.new[one.event.start] = one

    def _start_of(self, session: Known) -> datetime:
        return self.moved.get(session.number, session.start)

    def _is_on(self, session: Known) -> bool:
        on = session.held or session.number in self.on
        return on and session.number not in self.cancelled

    def _link(self, session: Known | None, one: Said) -> bool:
        """Know a session again by this event, unless it is known by another."""
        if session is None or session.name or session.number in self.follows:
            return False
        self.follows[session.number] = one
        return True

    def _cancel(self, session: Known | None, one: Said) -> None:
        """Cancel a session to come that is the one which the calendar cancels."""
        if self._link(session, one) and session is not None:
            if session.start > self.now and session.held:
                self.cancelled.add(session.number)
            else:
                self.n_same += 1

    def _be_anew(self, session: Known, one: Said) -> None:
        """Let a session that is off, or would be, be on by an event made anew at its time.

        What was called off here stays off while the calendar has it as it was.
        """
        own = self.said.get(session.name)
        if session.number in self.cancelled:
            self.cancelled.remove(session.number)
            self.follows[session.number] = one
            self.n_same += 1
        elif not session.name or (own is not None and not own.event.cancelled):
            self.n_same += 1
            self._link(session, one)
        else:
            self.on.add(session.number)
            self.follows[session.number] = one

    def as_plan(self) -> Plan:
        """Return what was decided."""
        lengths = Counter(
            one.event.minutes for one in self.said.values() if not one.event.cancelled
        )
        usual = min(
            lengths, key=lambda minutes: (-lengths[minutes], minutes), default=None
        )
        return Plan(
            new=tuple(one for _, one in sorted(self.new.items())),
            moved={n: self.follows[n] for n in sorted(self.moved)},
            restored={n: self.follows[n] for n in sorted(self.on)},
            cancelled=tuple(sorted(self.cancelled)),
            linked=self.follows,
            n_same=self.n_same,
            n_left=self.n_left,
            n_taken=self.n_taken,
            usual_min=usual,
        )
