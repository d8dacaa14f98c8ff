"""Answering after a session, in private; skipping weighs the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from duologue.records import Item, Seat, Value
from duologue.sharing import has_own_switch, is_blank, may_open
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Person, Reflection
from duologue.store.models.event import What
from duologue.store.models.reflection import as_columns, can_be_kept
from duologue.store.models.withdrawal import Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a form: ids of items, in the order in which they came.

    ``stayed`` had opened before and may not be changed; ``refused`` is no answer to
    any question that was asked. Everything else is kept.
    """

    stayed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def reflect(
    person: Person,
    ref: str,
    number: int,
    answers: Mapping[str, Value | None],
    *,
    now: datetime,
    ask_again: bool | None = None,
    may_share: bool = True,
) -> Kept:
    """Keep what one person answered; what is not mentioned stays as it was.

    Parameters
    ----------
    person, ref, number : Person, str, int
        Who answers, in which pair, after which session.
    answers : mapping of str to Value or None
        By the id of the item; ``None``, and a text without any words, takes an answer
        out again. An answer that stands already is left as it is, switch and all.
    now : datetime
        When.
    ask_again : bool, optional
        Whether this person wants their own question back before next time.
    may_share : bool
        Whether the form told this person that their own switch for what was left
        unsaid is on: an answer is not shared against the words above it.

    Returns
    -------
    Kept
        What stayed as it was and what was no answer; the rest is kept.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session yet.
    NotNowError
        If this person has asked that nothing of theirs be kept.
    """
    with changing(person, ref, What.REFLECTED, now=now, sessions=[number]) as change:
        session = change.session(number)
        must_be_kept(change)
        side = change.reflection(session)
        side.finished = True
        if ask_again is not None:
            side.ask_again = ask_again
        side.save()
        opened = set(
            side.answers.filter(opened_at__isnull=False).values_list("item", flat=True)
        )
        stayed, refused = [], []
        for item_id, value in answers.items():
            item = change.prompts.item(item_id)
            if item is None or not _takes(item, change.seat, value):
                refused.append(item_id)
            elif item_id in opened:
                stayed.append(item_id)
            else:
                _keep(change, side, item, value, may_share=may_share)
    return Kept(stayed=tuple(stayed), refused=tuple(refused))


def skip(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Be done with a session without answering; what was answered before stays."""
    reflect(person, ref, number, {}, now=now)


def _takes(item: Item, seat: Seat, value: Value | None) -> bool:
    return value is None or (item.takes(seat, value) and can_be_kept(value))


def _keep(
    change: Change,
    side: Reflection,
    item: Item,
    value: Value | None,
    *,
    may_share: bool,
) -> None:
    before = side.answers.filter(item=item.id).first()
    if value is None or is_blank(value):
        if before is not None:
            before.delete()
            change.withdrawn(Withdrawn.ANSWER, session=change.about, item=item.id)
        return
    if before is not None and before.value == value:
        return  # said again is not given anew: what was not shared is not shared now
    side.answers.update_or_create(
        item=item.id,
        defaults={
            **as_columns(item, value),
            "private": not may_open(item),
            "shares": not has_own_switch(item)
            or (may_share and change.dyad.shares_unsaid(change.seat)),
        },
    )
