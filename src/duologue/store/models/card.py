"""The card that says there is something, and nothing else."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from duologue.records import Seat
from duologue.store.models.choices import one_of, only_seats
from duologue.store.models.dyad import Dyad

ON_ITS_WAY = Q(lies_on=None) | Q(lies_on__lte=F("sent_on"))
"""The condition that a card has not had its day, as far as anybody has noted."""


class Card(models.Model):
    """There is something I'd like to get to.

    It holds no words, and where it came from is not stored. It reaches the other on
    the day of the first session after the day on which it was sent, whenever that
    was. Its sender may withdraw it, which leaves nothing behind.

    ``lies_on`` is the day on which it came to lie there, once that is here and somebody
    sends anew, or something becomes of a session: from then on it has had its day,
    whatever becomes of that session. One that is sent on that day or later is on its way.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="cards")
    seat = models.CharField(max_length=12, choices=one_of(Seat))
    sent_on = models.DateField()
    lies_on = models.DateField(null=True)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(name="card_stands_once_a_seat", fields=["dyad", "seat"]),
            only_seats("card_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether it has not had its day, as far as anybody has noted."""
        return self.lies_on is None or self.lies_on <= self.sent_on
