"""What was withdrawn, by its ids: so that no backup brings it back."""

import secrets
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from duologue.records import Seat
from duologue.store.models.choices import is_one_of, one_of, only


class Withdrawn(StrEnum):
    """What somebody has withdrawn."""

    RECORD = "record"
    """A record of free text is gone, and its key with it; ``ref`` is the record's id.

    So is a way to sign in, a recovery code or the code of an invitation; ``ref`` is then
    the name that is made of it (see `duologue.store.ways`).
    """
    ANSWER = "answer"
    """An answer was taken out of a form that had not opened."""
    WILLING = "willing"
    """Somebody is not, or no longer, willing for a session."""
    OPEN = "open"
    """An answer that had opened was taken back."""
    UNSAID = "unsaid"
    """Sharing of what was left unsaid was switched off."""
    CARD = "card"
    """A card was withdrawn."""
    REACH = "reach"
    """The other is no longer let see how to reach somebody."""
    CONSENT = "consent"
    """A yes was withdrawn; ``item`` is its purpose."""
    KEEPING = "keeping"
    """All that somebody had written in a pair was deleted."""
    RATING = "rating"
    """A goal, ``item``, is no longer rated after a session."""
    FORM = "form"
    """A filled-in form was deleted; ``item`` is its instrument and its day."""
    PREFERENCES = "preferences"
    """Preferences are no longer shared, or one of them, ``item``, was left blank."""


def new_name() -> str:
    """Return a random name of 128 bits, as a record's id is written."""
    return secrets.token_hex(16)


class Withdrawal(models.Model):
    """One act of withdrawing. Rows are added and never changed or removed.

    It holds ids and no content; the list of them is kept, sealed, outside the database
    too, and after a restore all that the backup does not know yet is done again.
    """

    ref = models.CharField(max_length=32, primary_key=True, default=new_name)
    what = models.CharField(max_length=12, choices=one_of(Withdrawn))
    dyad = models.CharField(max_length=22, blank=True)
    session = models.PositiveIntegerField(null=True)
    seat = models.CharField(max_length=12, blank=True)
    item = models.CharField(max_length=40, blank=True)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("withdrawal_is_of_something", is_one_of("what", Withdrawn)),
            only(
                "withdrawal_is_of_a_record_or_a_seat",
                Q(what=Withdrawn.RECORD) | is_one_of("seat", Seat),
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawal {self.pk}"
