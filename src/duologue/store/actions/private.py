"""Pages of one's own: written, changed and removed by their author alone."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from duologue import sharing
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind, Seat
from duologue.store.actions.changing import Change, changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Answer, Person, PrivatePage
from duologue.store.models.event import What
from duologue.store.models.private import (
    LONGEST_LINE,
    LONGEST_PAGE,
    PageKind,
    own_kind,
)
from duologue.store.models.reflection import can_be_kept, findable
from duologue.store.versions import version_of


def write_page(
    person: Person,
    ref: str,
    words: str,
    *,
    now: datetime,
    session: int | None = None,
) -> None:
    """Put a page among one's own. The same words sent twice on one day stand once.

    Parameters
    ----------
    person, ref : Person, str
        Whose page it is, and in which pair.
    words : str
        What it says.
    now : datetime
        When; the day is kept.
    session : int, optional
        Number of the session that it is about.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If the words are blank or too many, or there is no such session yet: what was
        written is given back.
    """
    words = _fitting(words, LONGEST_PAGE)
    with changing(person, ref, What.PAGE_WRITTEN, now=now, sessions=[]) as change:
        about = None if session is None else _about(change, session)
        kind = own_kind(Kind(change.dyad.kind), change.seat)
        day = timezone.localdate(now)
        own = _own(change, person).filter(kind=kind, day=day, session=about)
        if not any(page.words == words for page in own):
            _new(change, kind=kind, day=day, session=about, words=words)


def edit_page(
    person: Person, ref: str, page: str, words: str, *, was: str, now: datetime
) -> None:
    """Change what a page of one's own says; its day stays.

    Parameters
    ----------
    person, ref, page : Person, str, str
        Whose page, in which pair, and its name in addresses.
    words : str
        What it says from now on.
    was : str
        The version that this person was shown: a page that was changed since, on
        another device, is not overwritten.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    NotNowError
        If it was changed since, the words are blank or too many, or this person has no
        such page, be it deleted or somebody else's: what was written is given back.
    """
    words = _fitting(words, LONGEST_PAGE)
    with changing(person, ref, What.PAGE_WRITTEN, now=now, sessions=[]) as change:
        found = _own(change, person).filter(ref=findable(page)).first()
        if found is None:
            raise NotNowError(
                "this page is not there. What you wrote can be a new one."
            )
        change.about = found.session
        if version_of(found.words) != was and found.words != words:
            raise NotNowError("this page was changed meanwhile, and stays as it is.")
        _change(change, found, words)


def remove_page(person: Person, ref: str, page: str, *, now: datetime) -> None:
    """Remove a page of one's own, and its key with it, for good.

    Once it is gone, doing so again changes nothing; nor does the name of a page that is
    somebody else's.
    """
    with changing(person, ref, What.PAGE_REMOVED, now=now, sessions=[]) as change:
        found = _own(change, person).filter(ref=findable(page)).first()
        if found is not None:
            change.about = found.session
            found.delete()
            list_withdrawn()


def keep_teaching(person: Person, ref: str, words: str, *, now: datetime) -> None:
    """Keep what this work is teaching a therapist: one line for each client.

    It takes the place of the line before; blank removes it, and its key.

    Raises
    ------
    NotYoursError
        If the person is not the therapist of a pair of therapy.
    NotNowError
        If it is longer than a line.
    """
    with changing(person, ref, What.PAGE_WRITTEN, now=now, sessions=[]) as change:
        if (Kind(change.dyad.kind), change.seat) != (Kind.THERAPY, Seat.THERAPIST):
            raise NotYoursError("there is no such line.")
        _keep_line(change, person, PageKind.TEACHING, words)


def keep_aftercare(
    person: Person, ref: str, number: int, words: str, *, now: datetime
) -> None:
    """Keep what would help before one's next thing; blank removes it, and its key.

    Raises
    ------
    NotYoursError
        If this person has not said that they left this session stirred up, and has no
        such line from before.
    NotNowError
        If it is longer than a line.
    """
    with changing(person, ref, What.PAGE_WRITTEN, now=now, sessions=[]) as change:
        about = change.session(number).number
        lines = _own(change, person).filter(kind=PageKind.AFTERCARE, session=about)
        if not (_left_stirred_up(change, about) or lines.exists()):
            raise NotYoursError("there is no such line.")
        _keep_line(change, person, PageKind.AFTERCARE, words, session=about)


def _about(change: Change, number: int) -> int:
    """Return the number of a session that has begun, or refuse."""
    begun = change.dyad.sessions.filter(number=number, planned_start__lte=change.now)
    if not begun.exists():
        raise NotNowError("there is no such session to write about.")
    change.about = number
    return number


def _left_stirred_up(change: Change, number: int) -> bool:
    own = Answer.objects.filter(
        reflection__session__dyad=change.dyad,
        reflection__session__number=number,
        reflection__seat=change.seat,
        item=sharing.LEAVING,
    )
    return sharing.is_stirred_up(own.values_list("number", flat=True).first())


def _keep_line(
    change: Change,
    person: Person,
    kind: PageKind,
    words: str,
    *,
    session: int | None = None,
) -> None:
    found = _own(change, person).filter(kind=kind, session=session).first()
    if not words.strip():
        if found is not None:
            found.delete()
            list_withdrawn()
        return
    words = _fitting(" ".join(words.split()), LONGEST_LINE)
    if found is not None:
        _change(change, found, words)
        return
    day = timezone.localdate(change.now)
    _new(change, kind=kind, day=day, session=session, words=words)


def _own(change: Change, person: Person) -> QuerySet[PrivatePage]:
    """Return this person's own pages of the pair that is changed, and nobody else's."""
    rows = PrivatePage.objects.filter(dyad=change.dyad, person=person)
    return rows.select_related(*PrivatePage.UP_TO_PAIR)


def _new(change: Change, **columns: object) -> None:
    must_be_kept(change)
    author = change.dyad.person_of(change.seat)  # with the key that stands in the store
    PrivatePage.objects.create(dyad=change.dyad, person=author, **columns)


def _change(change: Change, page: PrivatePage, words: str) -> None:
    if page.words != words:
        must_be_kept(change)
        page.words = words
        page.save(update_fields=["words"])


def _fitting(words: str, longest: int) -> str:
    """Return the words as they are kept, or refuse."""
    words = words.replace("\r\n", "\n").strip()
    if not 0 < len(words) <= longest or not can_be_kept(words):
        raise NotNowError(f"this takes 1 to {longest:,} characters.")
    return words
