"""Being willing, taking back, later thoughts: what opens and closes (law 3)."""

from datetime import datetime

from django.utils import timezone

from duologue import instruments
from duologue.errors import NotNowError
from duologue.records import Kind, Seat
from duologue.sharing import has_own_switch
from duologue.store.actions.changing import changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Answer, Dyad, LaterThought, Person
from duologue.store.models.event import What
from duologue.store.models.reflection import LONGEST_WORDS, can_be_kept, findable
from duologue.store.models.withdrawal import Withdrawn


def say_willing(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Be willing for one session: what both answered opens once both are."""
    _say(person, ref, number, willing=True, now=now)


def say_not_willing(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Be not, or no longer, willing for one session: all of it closes for both.

    A tap of this person's in a room that waits for the second one is taken back too.
    """
    _say(person, ref, number, willing=False, now=now)


def take_back(
    person: Person, ref: str, number: int, item: str, *, now: datetime
) -> None:
    """Close one answer that has opened, for both.

    Raises
    ------
    NotYoursError
        If this person has no such answer that ever opened.
    """
    _close(person, ref, number, item, taken_back=True, now=now)


def open_again(
    person: Person, ref: str, number: int, item: str, *, now: datetime
) -> None:
    """Open an answer again that this person had taken back, as it was given."""
    _close(person, ref, number, item, taken_back=False, now=now)


def share_unsaid(person: Person, ref: str, *, on: bool, now: datetime) -> None:
    """Switch sharing of what was left unsaid on or off, for this person.

    On holds for answers given from now on, never for earlier ones. Off closes every
    earlier one for good.
    """
    what = What.UNSAID_SHARED if on else What.UNSAID_KEPT
    with changing(person, ref, what, now=now) as change:
        Dyad.objects.filter(pk=change.dyad.pk).update(
            **{f"{change.seat}_shares_unsaid": on}
        )
        if not on:
            close_unsaid(change.dyad, change.seat)
            change.withdrawn(Withdrawn.UNSAID)


def close_unsaid(dyad: Dyad, seat: Seat) -> None:
    """Close for good what one person of a pair has answered with a switch of its own."""
    prompts = instruments.prompts(Kind(dyad.kind))
    own = [item.id for item in prompts.items if has_own_switch(item)]
    Answer.objects.filter(
        reflection__session__dyad=dyad, reflection__seat=seat, item__in=own
    ).update(shares=False)


def add_later_thought(
    person: Person, ref: str, number: int, item: str, words: str, *, now: datetime
) -> None:
    """Put a later thought, dated, beside an answer of one's own that is open.

    Raises
    ------
    NotYoursError
        If this person has no such answer.
    NotNowError
        If it is closed at present, or the words are blank or too many.
    """
    words = words.replace("\r\n", "\n").strip()
    if not 0 < len(words) <= LONGEST_WORDS or not can_be_kept(words):
        raise NotNowError(f"a later thought takes 1 to {LONGEST_WORDS} characters.")
    with changing(
        person, ref, What.THOUGHT_ADDED, now=now, sessions=[number]
    ) as change:
        answer = change.answer(number, item)
        if not change.is_open(number, item):
            raise NotNowError("a later thought stands beside what is open.")
        day = timezone.localdate(now)
        own = answer.later_thoughts.filter(day=day).select_related(
            *LaterThought.UP_TO_PAIR
        )
        if not any(thought.words == words for thought in own):  # sent twice
            LaterThought.objects.create(answer=answer, day=day, words=words)
            change.ours = True


def remove_later_thought(
    person: Person, ref: str, thought: str, *, now: datetime
) -> None:
    """Remove a later thought of one's own; once gone, doing so again changes nothing.

    Somebody else's is as good as gone: it stays, and the answer is the same.
    """
    with changing(person, ref, What.THOUGHT_REMOVED, now=now) as change:
        own = LaterThought.objects.filter(
            answer__reflection__session__dyad=change.dyad,
            answer__reflection__seat=change.seat,
        )
        found = own.filter(ref=findable(thought)).first()
        if found is not None:
            answer = found.answer
            change.ours = change.is_open(answer.reflection.session.number, answer.item)
            found.delete()
            list_withdrawn()


def _say(
    person: Person, ref: str, number: int, *, willing: bool, now: datetime
) -> None:
    what = What.WILLING if willing else What.NOT_WILLING
    with changing(person, ref, what, now=now, sessions=[number]) as change:
        session = change.session(number)
        must_be_kept(change)
        side = change.reflection(session)
        side.willing = willing
        side.finished = True
        side.save(update_fields=["willing", "finished"])
        if not willing:
            change.dyad.rooms.filter(
                session__number=number, opened_at__isnull=True
            ).update(**{f"{change.seat}_tapped": False})
            change.withdrawn(Withdrawn.WILLING, session=number)


def _close(
    person: Person,
    ref: str,
    number: int,
    item: str,
    *,
    taken_back: bool,
    now: datetime,
) -> None:
    what = What.TAKEN_BACK if taken_back else What.OPENED_AGAIN
    with changing(person, ref, what, now=now, sessions=[number]) as change:
        answer = change.answer(number, item)
        answer.taken_back = taken_back
        answer.save(update_fields=["taken_back"])
        if taken_back:
            change.withdrawn(Withdrawn.OPEN, session=number, item=item)
