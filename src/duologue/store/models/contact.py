"""How a person can be reached: apart from everything else, under a key of its own."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.records import Seat
from duologue.store.keys.records import Where
from duologue.store.models.choices import one_of, only, only_seats
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    HolderKeyField,
    HoldsAKey,
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)

DETAILS = {"name": 80, "email": 254, "phone": 40, "safely": 280}
"""What a card may hold, and how many characters of each."""


def _detail(field: str) -> SealedTextField:
    return SealedTextField(max_length=DETAILS[field], null=True)


class Contact(HoldsAKey, WithSealedText):
    """A person's name and details: what nothing else in the store ever holds.

    ``safely`` says when and how it is safe to reach them. The card has a key of its own, so
    that it is not opened with anything of a pair, and is destroyed by itself.
    """

    HELD_AS = "contact"

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    key = HolderKeyField(editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="contact")
    name = _detail("name")
    email = _detail("email")
    phone = _detail("phone")
    safely = _detail("safely")

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only(
                "contact_says_something",
                reduce(or_, (Q(**{f"{field}__isnull": False}) for field in DETAILS)),
            ),
            *(
                only(
                    f"contact_{field}_is_sealed",
                    Q(**{f"{field}__isnull": True}) | Q(is_sealed_text(field)),
                )
                for field in DETAILS
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where one of its details belongs."""
        return self.place(f"contact:{self.ref}:{field.name}")


class Reachable(models.Model):
    """One person of a pair lets the other see how to reach them. No row: they do not."""

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="reachable")
    seat = models.CharField(max_length=12, choices=one_of(Seat))

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(
                name="reachable_stands_once_a_seat", fields=["dyad", "seat"]
            ),
            only_seats("reachable_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"reachable {self.pk}"
