"""Sending what is due: once, or not at all."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from duologue.store import actions, queries
from duologue.store.models.reminder import DueReminder
from duologue.web import clock
from duologue.web.carrier import Carrier
from duologue.web.reminder.note import note_to

LOG = logging.getLogger("duologue.mail")

EVERY_S, LATER_S = 60.0, 300.0
"""Seconds until what is due is looked for again; where something was refused, later."""

FOR_NOW, FOR_GOOD = 400, 500
"""From these answers on a server has not taken it, and will not (RFC 5321)."""


class Went(StrEnum):
    """What became of a note."""

    SENT = "sent"
    WAITS = "to be tried again"
    REFUSED = "refused for good"
    UNKNOWN = "cut off on the way and taken as sent"


def look(carrier: Carrier, *, stopped: Callable[[], bool] = lambda: False) -> float:
    """Send what is due, and return in how many seconds to look again.

    Whatever happens is said in one line, by counts alone, and never ends the looking.

    Parameters
    ----------
    carrier : Carrier
        Who takes the mail.
    stopped : callable
        Whether to stop before the next note.
    """
    try:
        went = send_due(carrier, now=clock.now, stopped=stopped)
    except Exception as fault:  # noqa: BLE001 - the next look must come
        # Not with its trace: what an error says may be of somebody.
        LOG.error("notes by mail: a fault, %s.", type(fault).__name__)  # noqa: TRY400
        return LATER_S
    if set(went) <= {Went.SENT}:
        return EVERY_S
    LOG.error(
        "notes by mail: %s.", ", ".join(f"{went[e]} {e}" for e in Went if went[e])
    )
    return LATER_S


def send_due(
    carrier: Carrier,
    *,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Went]:
    """Send the notes that are due, and count what became of them.

    Each is taken before it is sent, so that it counts as sent whatever happens then; it is
    given back only where the server said that it has not taken it.
    """
    due = queries.reminders_due(now=now())
    went = Counter[Went]()
    for each in due:
        if stopped() or now() >= each.closes:
            break
        with _connection(carrier) as by:
            if by is None:
                went[Went.WAITS] = len(due) - went.total()
                break
            went.update(_send_one(each, carrier, by))
    return went


@contextmanager
def _connection(carrier: Carrier) -> Iterator[BaseEmailBackend | None]:
    """Connect to the carrier's server; give ``None`` where it does not let us in."""
    by = get_connection(carrier=carrier)
    try:
        by.open()
        is_open = True
    except OSError:  # all errors of a connection are
        is_open = False
    try:
        yield by if is_open else None
    finally:
        with suppress(OSError):
            by.close()


def _send_one(due: DueReminder, carrier: Carrier, by: BaseEmailBackend) -> list[Went]:
    """Send one note, unless somebody else has taken it meanwhile."""
    taken = actions.take_reminder(due)
    if taken is None:
        return []
    note = note_to(taken.address, carrier)
    note.connection = by
    went = _went(note)
    if went is Went.WAITS:
        actions.give_reminder_back(taken)
    return [went]


def _went(note: EmailMessage) -> Went:
    """Send a note, and say what the server made of it."""
    try:
        note.send()
    except SMTPRecipientsRefused as refused:
        return _refused(max(code for code, _ in refused.recipients.values()))
    except SMTPResponseException as refused:
        return _refused(refused.smtp_code)
    except OSError:  # it may have been taken, and the word of it lost
        return Went.UNKNOWN
    return Went.SENT


def _refused(code: int) -> Went:
    if code >= FOR_GOOD:
        return Went.REFUSED
    return Went.WAITS if code >= FOR_NOW else Went.UNKNOWN
