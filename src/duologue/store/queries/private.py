"""Pages of one's own, for the one who wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from duologue import sharing
from duologue.errors import NotYoursError
from duologue.records import Kind, Seat
from duologue.store.models import Answer, PrivatePage
from duologue.store.models import Session as SessionRow
from duologue.store.models.private import LINES, PageKind
from duologue.store.models.reflection import findable
from duologue.store.queries.pairs import Pair
from duologue.store.queries.sessions import SessionLine, sessions_of
from duologue.store.searching import Piece, Search
from duologue.store.versions import version_of

A_LEAF, FOUND, LATELY = 30, 50, 8
"""So many pages are listed at a time, so many are shown of what was found, and so many
sessions are offered to be written about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of one's own. ``about`` is when the session was that it is about, if any."""

    ref: str
    kind: PageKind
    day: date
    about: datetime | None
    words: str

    @property
    def version(self) -> str:
        """What a form says that it was shown."""
        return version_of(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Some of one's own pages, the newest first; where older and newer ones are."""

    pages: tuple[Page, ...]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """Where something was found: the page, and the words around it."""

    pair: Pair
    ref: str
    kind: PageKind
    day: date
    session: int | None
    around: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPages:
    """What was found, the newest first; ``more`` where only the newest are shown."""

    pages: tuple[FoundPage, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftercare:
    """What would help before one's next thing, and after which session it is asked."""

    number: int
    words: str


def has_private_pages(pair: Pair) -> bool:
    """Whether anything stands in this pair that the asker wrote for themselves alone."""
    return _own([pair]).exists()


def private_pages(pair: Pair, *, leaf: int = 1) -> Leaf:
    """Return the asker's own pages of a pair, the newest day first, some at a time."""
    rows = _own([pair]).exclude(kind__in=LINES).order_by("-day", "-pk")
    leaf = max(1, leaf)
    start = (leaf - 1) * A_LEAF
    found = list(rows[start : start + A_LEAF + 1])
    return Leaf(
        pages=_pages(pair, found[:A_LEAF]),
        newer=leaf - 1 if leaf > 1 else None,
        older=leaf + 1 if len(found) > A_LEAF else None,
    )


def sessions_to_write_about(pair: Pair, *, now: datetime) -> tuple[SessionLine, ...]:
    """Return the last sessions that were held, the newest first."""
    held = [s for s in sessions_of(pair, now=now) if s.begun and s.held]
    return tuple(held[:LATELY])


def private_page(pair: Pair, ref: str) -> Page:
    """Return one of the asker's own pages.

    Raises
    ------
    NotYoursError
        If they have none of this name: absent and somebody else's are told in the same
        words.
    """
    rows = _own([pair]).exclude(kind__in=LINES).filter(ref=findable(ref))
    for page in _pages(pair, list(rows)):
        return page
    raise NotYoursError("there is no such page.")


def teaching(pair: Pair) -> str | None:
    """Return what this work is teaching the asker; ``None`` where nobody is asked."""
    if (pair.kind, pair.seat) != (Kind.THERAPY, Seat.THERAPIST):
        return None
    found = _own([pair]).filter(kind=PageKind.TEACHING).first()
    return "" if found is None else found.words


def aftercare(pair: Pair, number: int) -> Aftercare | None:
    """Return the asker's line after a session.

    It is blank where they said that they left stirred up and have written none, and
    ``None`` where nothing is asked.
    """
    line = _own([pair]).filter(kind=PageKind.AFTERCARE, session=number).first()
    own = Answer.objects.filter(
        reflection__session__dyad=pair.id,
        reflection__session__number=number,
        reflection__seat=pair.seat,
        item=sharing.LEAVING,
    )
    left = own.values_list("number", flat=True).first()
    if line is None and not sharing.is_stirred_up(left):
        return None
    return Aftercare(number=number, words="" if line is None else line.words)


def find_in_private(pairs: Sequence[Pair], words: str) -> FoundPages:
    """Look for words in the asker's own pages, the newest day first.

    Everything is opened and looked through in memory; nothing of it, and nothing of what
    was looked for, is kept.

    Parameters
    ----------
    pairs : sequence of Pair
        The pairs whose pages are looked through, as the one who asks holds them.
    words : str
        All of them must occur, in whatever case and with whatever accents.
    """
    search = Search(words)
    by_id = {pair.id: pair for pair in pairs}
    found: list[FoundPage] = []
    if search.is_blank:
        return FoundPages(pages=(), more=False)
    for row in _own(pairs).order_by("-day", "-pk").iterator():
        around = search.around(row.words)
        if not around:
            continue
        if len(found) == FOUND:
            return FoundPages(pages=tuple(found), more=True)
        found.append(
            FoundPage(
                pair=by_id[row.dyad_id],
                ref=row.ref,
                kind=PageKind(row.kind),
                day=row.day,
                session=row.session,
                around=around,
            )
        )
    return FoundPages(pages=tuple(found), more=False)


def _own(pairs: Sequence[Pair]) -> QuerySet[PrivatePage]:
    """Return the pages that the asker wrote: nobody else's leave the database."""
    condition = Q(pk__in=())
    for seat in Seat:
        held = [pair.id for pair in pairs if pair.seat is seat]
        if held:
            condition |= Q(dyad__in=held, person=F(f"dyad__{seat}"))
    rows = PrivatePage.objects.filter(condition)
    return rows.select_related(*PrivatePage.UP_TO_PAIR)


def _pages(pair: Pair, rows: Sequence[PrivatePage]) -> tuple[Page, ...]:
    about = {row.session for row in rows if row.session is not None}
    sessions = SessionRow.objects.filter(dyad=pair.id, number__in=about)
    starts = dict(sessions.values_list("number", "planned_start"))
    return tuple(
        Page(
            ref=row.ref,
            kind=PageKind(row.kind),
            day=row.day,
            about=starts.get(row.session or 0),
            words=row.words,
        )
        for row in rows
    )
