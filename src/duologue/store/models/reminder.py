"""That somebody wants a note by mail after a session, and where: under a key of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from duologue.sharing.reminding import HOURS
from duologue.store.keys.records import Where
from duologue.store.models.choices import only
from duologue.store.models.person import Person
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    HolderKeyField,
    HoldsAKey,
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)

LONGEST_ADDRESS = 254
"""Characters of an address (RFC 5321)."""


class Reminder(HoldsAKey, WithSealedText):
    """A person wants a note by mail after a session. No row: they do not.

    ``hour`` is when, in the evening of that day; blank for soon after. ``since`` is when
    the first session begins that is followed by one: it moves past the day of each that
    was, before the note is sent, so that none is ever sent twice. An address is not
    changed: another one is another row, with another key.
    """

    HELD_AS = "reminder"

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    key = HolderKeyField(editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="reminder")
    address = SealedTextField(max_length=LONGEST_ADDRESS)
    hour = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("reminder_address_is_sealed", Q(is_sealed_text("address"))),
            only(
                "reminder_comes_in_the_evening",
                Q(hour__isnull=True) | Q(hour__range=(HOURS[0], HOURS[-1])),
            ),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where its address belongs."""
        return self.place(f"reminder:{self.ref}:{field.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    """A note that may be sent now; until when it may be, and when its day ends."""

    id: int
    since: datetime
    closes: datetime
    day_ends: datetime
