"""A note by mail after a session: asked for, ended, and taken to be sent once."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from duologue.errors import NotNowError
from duologue.sharing.reminding import HOURS
from duologue.store import chain
from duologue.store.actions.changing import list_withdrawn
from duologue.store.keys import ring
from duologue.store.models import Person, Reminder
from duologue.store.models.event import What
from duologue.store.models.reminder import LONGEST_ADDRESS, DueReminder


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReminder:
    """A note that is to be sent now, by whoever has taken it and by nobody else."""

    due: DueReminder
    address: str = field(repr=False)


@transaction.atomic
def keep_reminder(
    person: Person, address: str, *, hour: int | None, now: datetime
) -> None:
    """Let a person have a note by mail after each session that begins from now on.

    Another address takes the place of an earlier one, which is listed as withdrawn: no
    backup brings it back.

    Parameters
    ----------
    person : Person
        Who wants it.
    address : str
        Where to.
    hour : int or None
        One of `HOURS`, or ``None`` for soon after.
    now : datetime
        When.

    Raises
    ------
    NotNowError
        If this is no address, or no such hour.
    """
    address = address.strip()
    if not _is_address(address) or hour not in (None, *HOURS):
        raise NotNowError("this takes an address for mail, and one of the times.")
    row = Reminder.objects.select_for_update().filter(person=person).first()
    since = now if row is None else row.since
    if row is not None and row.address == address:
        row.hour = hour
        row.save(update_fields=["hour"])
    else:
        _delete(person)
        Reminder.objects.create(person=person, address=address, hour=hour, since=since)
    chain.append(What.REMINDER_KEPT, at=now, who=person.pk)


@transaction.atomic
def end_reminder(person: Person, *, now: datetime) -> None:
    """Send a person no more notes: the address goes, and its key with it.

    Once it is gone, doing so again changes nothing.
    """
    _delete(person)
    chain.append(What.REMINDER_ENDED, at=now, who=person.pk)


@transaction.atomic
def take_reminder(due: DueReminder) -> TakenReminder | None:
    """Take a note that is due, before it is sent; ``None`` if somebody else has.

    From now on it counts as sent: whoever dies on the way loses it, and nobody gets it
    twice.
    """
    rows = Reminder.objects.filter(pk=due.id, since=due.since)
    if not rows.update(since=due.day_ends):
        return None
    return TakenReminder(due=due, address=Reminder.objects.get(pk=due.id).address)


def give_reminder_back(taken: TakenReminder) -> None:
    """Let a note that was certainly not sent be tried again."""
    due = taken.due
    Reminder.objects.filter(pk=due.id, since=due.day_ends).update(since=due.since)


def _delete(person: Person) -> None:
    for row in Reminder.objects.select_for_update().filter(person=person):
        row.delete()
        transaction.on_commit(partial(ring.current().forget_holder, row.holder))
        list_withdrawn()


def _is_address(words: str) -> bool:
    try:
        validate_email(words)
    except ValidationError:
        return False
    return len(words) <= LONGEST_ADDRESS
