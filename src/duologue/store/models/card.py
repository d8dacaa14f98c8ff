"""The card that says there is something, and nothing else."""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from duologue.records import Seat
from duologue.store.models.choices import one_of, only_seats
from duologue.store.models.dyad import Dyad


class Card(models.Model):
    """There is something I'd like to get to.

    It holds no words, and where it came from is not stored. It reaches the other on
    the day of the first session after the day on which it was sent, whenever that
    was. Its sender may withdraw it, which leaves nothing behind.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="cards")
    seat = models.CharField(max_length=12, choices=one_of(Seat))
    sent_on = models.DateField()

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(name="card_stands_once_a_seat", fields=["dyad", "seat"]),
            only_seats("card_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"
