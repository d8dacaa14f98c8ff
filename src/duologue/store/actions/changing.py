"""One change to a pair at a time, and what opens or closes by it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from duologue import instruments, records
from duologue.errors import NotYoursError
from duologue.records import Kind, Prompts, Seat
from duologue.sharing import items_open
from duologue.store import chain
from duologue.store.actions.putting import forget_put
from duologue.store.models import (
    Answer,
    Dyad,
    Person,
    Reflection,
    Session,
    Withdrawal,
)
from duologue.store.models.event import What
from duologue.store.models.reflection import findable
from duologue.store.models.withdrawal import Withdrawn
from duologue.store.withdrawn import here, keep_outside

OpenItems = frozenset[tuple[int, str]]
"""What is open: pairs of session number and item."""


@dataclass(kw_only=True)
class Change:
    """A pair while one person changes something of it; nobody else can meanwhile.

    Attributes
    ----------
    dyad : Dyad
        The pair, read anew under the lock.
    seat : Seat
        Where the person who changes it sits.
    now : datetime
        When.
    about : int or None
        Number of the session that is changed, for the chain of events.
    ours : bool
        Whether what both see has changed; what opens or closes is noticed by itself.
    open_before : frozenset of (int, str)
        What was open when the change began.
    """

    dyad: Dyad
    seat: Seat
    now: datetime
    about: int | None = None
    ours: bool = False
    open_before: OpenItems = frozenset()

    @property
    def prompts(self) -> Prompts:
        """What the two are asked."""
        return instruments.prompts(Kind(self.dyad.kind))

    def session(self, number: int) -> Session:
        """Return a session of the pair that has begun, or refuse."""
        found = self.dyad.sessions.filter(
            number=number, planned_start__lte=self.now
        ).first()
        if found is None:
            raise NotYoursError("there is no such session.")
        self.about = number
        return found

    def reflection(self, session: Session) -> Reflection:
        """Return this person's side of a session, made if there is none yet."""
        found = Reflection.objects.get_or_create(session=session, seat=self.seat)[0]
        found.session = session  # read under the lock, with its pair
        return found

    def answer(self, number: int, item: str) -> Answer:
        """Return this person's own answer that has opened before, or refuse."""
        found = (
            Answer.objects.filter(
                reflection__session__dyad=self.dyad,
                reflection__session__number=number,
                reflection__seat=self.seat,
                item=findable(item),
                opened_at__isnull=False,
            )
            .select_related(*Answer.UP_TO_PAIR)
            .first()
        )
        if found is None:
            raise NotYoursError("there is no such answer that has opened.")
        self.about = number
        return found

    def withdrawn(
        self, what: Withdrawn, *, session: int | None = None, item: str = ""
    ) -> None:
        """Note what this person withdraws: after a restore it is withdrawn again."""
        Withdrawal.objects.create(
            what=what, dyad=self.dyad.ref, session=session, seat=self.seat, item=item
        )
        list_withdrawn()

    def is_open(self, number: int, item: str) -> bool:
        """Whether both people could see both answers when the change began."""
        return (number, item) in self.open_before


@contextmanager
def changing(
    person: Person,
    ref: str,
    what: What,
    *,
    now: datetime,
    sessions: Iterable[int] | None = None,
) -> Iterator[Change]:
    """Change something of a pair: all of it is kept, or nothing.

    Parameters
    ----------
    person : Person
        Who changes it; must sit in one of the two seats.
    ref : str
        The pair's name in addresses. The pair is locked until the change is done.
    what : What
        What is done, for the chain of events.
    now : datetime
        The moment at which what opens by it opens, for both alike.
    sessions : iterable of int, optional
        Numbers of the sessions whose answers may open or close; every one by default.

    Raises
    ------
    NotYoursError
        If there is no such pair, or the person sits in neither of its seats.
    """
    numbers = None if sessions is None else tuple(sessions)
    with transaction.atomic():
        dyad = Dyad.objects.select_for_update().filter(ref=findable(ref)).first()
        seat = None if dyad is None else dyad.seat_of(person)
        if dyad is None or seat is None:
            raise NotYoursError("there is no such pair.")
        change = Change(dyad=dyad, seat=seat, now=now)
        change.open_before = _settled(change, numbers)
        yield change
        after = _settled(change, numbers)
        closed = change.open_before - after
        if closed:
            forget_put(dyad, closed)
        moved = {f"{seat}_revision": F(f"{seat}_revision") + 1}
        if change.ours or change.open_before != after:
            moved["ours_revision"] = F("ours_revision") + 1
        Dyad.objects.filter(pk=dyad.pk).update(**moved)
        chain.append(what, at=now, who=person.pk, dyad=dyad.pk, session=change.about)


def list_withdrawn() -> None:
    """Put what is withdrawn by this change on the list outside the database.

    Once it has been kept: the list may be behind after a crash, and catches up when the
    practice is opened.
    """
    transaction.on_commit(lambda: keep_outside(here()), robust=True)


def _settled(change: Change, numbers: tuple[int, ...] | None) -> OpenItems:
    """Say what is open, and mark what has opened for the first time, on both sides.

    One query, which returns only answers that both people share: neither how often the
    database is asked nor what it returns depends on what one of them keeps back.
    """
    found: dict[int, dict[Seat, list[Answer]]] = {}
    for row in _shared_by_both(change, numbers):
        side = row.reflection
        sides = found.setdefault(side.session.number, {})
        sides.setdefault(Seat(side.seat), []).append(row)
    is_open: set[tuple[int, str]] = set()
    first: list[int] = []
    for number, pair in found.items():
        items = items_open(change.prompts, _as_records(number, pair))
        is_open |= {(number, item) for item in items}
        rows = (row for side in pair.values() for row in side)
        first += [r.pk for r in rows if r.item in items and r.opened_at is None]
    if first:
        Answer.objects.filter(pk__in=first).update(opened_at=change.now)
    return frozenset(is_open)


def _shared_by_both(
    change: Change, numbers: tuple[int, ...] | None
) -> QuerySet[Answer]:
    """Return the answers whose author shares them, and whose twin's author does too."""
    declines = {each for item in change.prompts.items for each in item.declines}
    shared = Answer.objects.filter(
        reflection__willing=True, shares=True, taken_back=False
    ).exclude(choice__in=declines)
    twin = shared.filter(
        reflection__session=OuterRef("reflection__session"), item=OuterRef("item")
    ).exclude(reflection__seat=OuterRef("reflection__seat"))
    rows = shared.filter(Exists(twin), reflection__session__dyad=change.dyad)
    if numbers is not None:
        rows = rows.filter(_of_one(numbers))
    return rows.select_related(*Answer.UP_TO_PAIR)


def _of_one(numbers: tuple[int, ...]) -> Q:
    """Return the condition on answers: of one of these sessions.

    Number by number: one that is too large for the database is then no session's.
    """
    conditions = (Q(reflection__session__number=number) for number in numbers)
    return reduce(or_, conditions, Q(pk__in=()))


def _as_records(
    number: int, pair: Mapping[Seat, Iterable[Answer]]
) -> dict[Seat, records.Reflection]:
    """Return what both share of one session as records."""
    return {
        seat: records.Reflection(
            session=number,
            seat=seat,
            answers=tuple(records.Answer(r.item, r.value, shared=True) for r in rows),
        )
        for seat, rows in pair.items()
    }


def is_shared(*, willing: bool, shares: bool, taken_back: bool) -> bool:
    """Whether its author lets the other see an answer: three words, all of them theirs."""
    return willing and shares and not taken_back
