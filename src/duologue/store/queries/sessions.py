"""One session as one of the two may see it: mine first, then ours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from duologue.errors import NotYoursError
from duologue.records import (
    Course,
    EdgeKind,
    Item,
    Seat,
    Session,
    Tag,
    Value,
    edges_moved,
)
from duologue.sharing import Seen, Standing, standing
from duologue.store.models import Answer, LaterThought, Reflection
from duologue.store.models import Session as SessionRow
from duologue.store.models.agreed import Lengths, lengths_in
from duologue.store.queries.pairs import Pair
from duologue.store.queries.seen import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """A later thought. ``ref`` only for its author, who may remove it."""

    seat: Seat
    day: date
    words: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeen:
    """One item of one session, as one of the two may see it.

    ``theirs`` and ``thoughts`` are there only while the item is open to both.
    """

    item: Item
    mine: Value | None
    theirs: Value | None
    standing: Standing
    taken_back: bool
    thoughts: tuple[Thought, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSeen:
    """One session: the frame, one's own answers and choices, and what has opened."""

    session: Session
    items: tuple[ItemSeen, ...]
    willing: bool
    finished: bool
    ask_again: bool

    @property
    def open_items(self) -> tuple[ItemSeen, ...]:
        """The items that are open to both."""
        return tuple(i for i in self.items if i.standing is Standing.OPEN)

    @property
    def own_items(self) -> tuple[ItemSeen, ...]:
        """The items that the asker answered."""
        return tuple(i for i in self.items if i.mine is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session in a list: the frame, which both see.

    ``minutes`` is how long it is planned to last, ``edges`` which of its edges moved,
    and ``tag`` the therapist's word on them.
    """

    session: Session
    planned_start: datetime
    minutes: int | None
    begun: bool
    edges: tuple[EdgeKind, ...]
    tag: Tag | None

    @property
    def number(self) -> int:
        """Its number."""
        return self.session.number

    @property
    def held(self) -> bool:
        """Whether the two met, or are to meet."""
        return self.session.held

    @property
    def planned_end(self) -> datetime | None:
        """When it is planned to end, if a length is known."""
        if self.minutes is None:
            return None
        return self.planned_start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """What of one person's answers is open in one session: items with their answers."""

    session: Session
    answers: tuple[tuple[Item, Value], ...]


def sessions_of(pair: Pair, *, now: datetime) -> tuple[SessionLine, ...]:
    """Return the sessions of the pair, those to come among them, the newest first."""
    rows = SessionRow.objects.filter(dyad=pair.id).order_by("-number")
    lengths = lengths_in(pair.id)
    return tuple(_line(row, lengths, now) for row in rows)


def session_line(pair: Pair, number: int, *, now: datetime) -> SessionLine:
    """Return one session of the list.

    Raises
    ------
    NotYoursError
        If the pair has no such session.
    """
    row = SessionRow.objects.filter(dyad=pair.id, number=number).first()
    if row is None:
        raise NotYoursError("there is no such session.")
    return _line(row, lengths_in(pair.id), now)


def _line(row: SessionRow, lengths: Lengths, now: datetime) -> SessionLine:
    session, length = row.as_record(), lengths.on(row.planned_start)
    return SessionLine(
        session=session,
        planned_start=row.planned_start,
        minutes=row.planned_minutes or length,
        begun=row.planned_start <= now,
        edges=edges_moved(session, length_min=length),
        tag=Tag(row.tag) if row.tag else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThought:
    """A later thought of one's own, beside an answer that is open."""

    item: Item
    day: date
    words: str


def open_thoughts(found: Seen, pair: Pair) -> tuple[OpenThought, ...]:
    """Return the later thoughts of the asker's that the other can see now."""
    prompts = found.ours.prompts
    is_open = {(r.session, a.item) for r in found.ours.reflections for a in r.answers}
    rows = LaterThought.objects.filter(
        answer__reflection__session__dyad=pair.id, answer__reflection__seat=pair.seat
    ).select_related(*LaterThought.UP_TO_PAIR)
    return tuple(
        OpenThought(item=item, day=row.day, words=row.words)
        for row in rows
        if (row.answer.reflection.session.number, row.answer.item) in is_open
        and (item := prompts.item(row.answer.item)) is not None
    )


def opened_on(pairs: Sequence[Pair]) -> list[dict[tuple[int, str], date]]:
    """Return on which day each answer of the client opened, by session and item.

    Both people know it. In one query for several pairs.
    """
    rows = Answer.objects.filter(
        reflection__session__dyad__in=[pair.id for pair in pairs],
        reflection__seat=Seat.CLIENT,
        opened_at__isnull=False,
    )
    found: dict[int, dict[tuple[int, str], date]] = {pair.id: {} for pair in pairs}
    for dyad, session, item, at in rows.values_list(
        "reflection__session__dyad", "reflection__session__number", "item", "opened_at"
    ):
        found[dyad][session, item] = timezone.localdate(at)
    return [found[pair.id] for pair in pairs]


def opened_sessions(found: Seen, pair: Pair) -> tuple[OpenSession, ...]:
    """Return what of the asker's answers is open, session by session, newest first."""
    sessions = {session.number: session for session in found.ours.sessions}
    prompts = found.ours.prompts
    return tuple(
        OpenSession(
            session=sessions[reflection.session],
            answers=tuple(
                (item, answer.value)
                for answer in reflection.answers
                if (item := prompts.item(answer.item)) is not None
                and answer.value is not None
            ),
        )
        for reflection in reversed(found.ours.reflections)
        if reflection.seat is pair.seat
    )


def session_seen(pair: Pair, number: int, *, now: datetime) -> SessionSeen:
    """Return one session that has begun, as one of its two people may see it.

    Raises
    ------
    NotYoursError
        If the pair has no such session yet.
    """
    row = SessionRow.objects.filter(
        dyad=pair.id, number=number, planned_start__lte=now
    ).first()
    if row is None:
        raise NotYoursError("there is no such session.")
    found = seen(pair, number=number)
    side = Reflection.objects.filter(session=row, seat=pair.seat).first()
    return SessionSeen(
        session=row.as_record(),
        items=_items(found, pair, row),
        willing=side is not None and side.willing,
        finished=side is not None and side.finished,
        ask_again=side is not None and side.ask_again,
    )


def _items(found: Seen, pair: Pair, row: SessionRow) -> tuple[ItemSeen, ...]:
    mine = _by_item(found.mine, pair.seat)
    theirs = _by_item(found.ours, pair.seat.other)
    own = {
        answer.item: answer
        for answer in Answer.objects.filter(
            reflection__session=row, reflection__seat=pair.seat
        )
    }
    thoughts = _thoughts(row, pair.seat)
    made = []
    for item in found.ours.prompts.items:
        stored = own.get(item.id)
        is_open = item.id in theirs
        made.append(
            ItemSeen(
                item=item,
                mine=mine.get(item.id),
                theirs=theirs.get(item.id),
                standing=standing(
                    is_open=is_open,
                    was_open=stored is not None and stored.opened_at is not None,
                ),
                taken_back=stored is not None and stored.taken_back,
                thoughts=tuple(thoughts[item.id]) if is_open else (),
            )
        )
    return tuple(made)


def _by_item(course: Course | None, seat: Seat) -> dict[str, Value | None]:
    return {
        answer.item: answer.value
        for reflection in (course.reflections if course else ())
        if reflection.seat is seat
        for answer in reflection.answers
    }


def _thoughts(row: SessionRow, seat: Seat) -> defaultdict[str, list[Thought]]:
    found: defaultdict[str, list[Thought]] = defaultdict(list)
    rows = LaterThought.objects.filter(answer__reflection__session=row)
    for thought in rows.select_related(*LaterThought.UP_TO_PAIR):
        author = Seat(thought.answer.reflection.seat)
        found[thought.answer.item].append(
            Thought(
                seat=author,
                day=thought.day,
                words=thought.words,
                ref=thought.ref if author is seat else "",
            )
        )
    return found
