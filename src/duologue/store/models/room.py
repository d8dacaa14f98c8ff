"""Opening together in the room: a code, and two taps."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from duologue.records import Seat
from duologue.store.models.choices import is_this_long, one_of, only, only_seats
from duologue.store.models.dyad import Dyad
from duologue.store.models.session import Session


class Room(models.Model):
    """The two of them in one room, for a few minutes, looking at one session.

    A single tap is nobody's consent: only both taps open anything. A room may be put
    away by each for themselves: then they no longer see it, and the other is not told.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="rooms")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    code = models.CharField(max_length=6)
    shown_by = models.CharField(max_length=12, choices=one_of(Seat))
    closes_at = models.DateTimeField()
    client_away = models.BooleanField(default=False)
    therapist_away = models.BooleanField(default=False)
    client_tapped = models.BooleanField(default=False)
    therapist_tapped = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(
                name="room_code_stands_once_a_seat", fields=["dyad", "shown_by", "code"]
            ),
            only_seats("room_is_shown_by_a_seat", "shown_by"),
            only("room_code_is_six_long", is_this_long("code", 6)),
            only(
                "room_opens_by_two_taps",
                Q(opened_at__isnull=True)
                | Q(client_tapped=True, therapist_tapped=True),
            ),
            only(
                "room_opens_before_it_closes",
                Q(opened_at__isnull=True) | Q(opened_at__lte=F("closes_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"room {self.pk}"

    def tapped(self, seat: Seat) -> bool:
        """Whether this seat has tapped."""
        found: bool = getattr(self, f"{seat}_tapped")
        return found
