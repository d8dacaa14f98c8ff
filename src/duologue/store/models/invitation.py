"""An invitation: a code for one person, to be used once, for some days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from duologue.records import Seat
from duologue.store.models.choices import is_one_of, is_this_long, one_of, only
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person, Practice

DIGEST_LENGTH = 64


class Invitation(models.Model):
    """A seat that is kept free, or a place to work, and the code that takes it.

    The code itself is kept nowhere, only its digest. ``person`` is a person whom nobody
    is yet: whoever comes with the code becomes that person, or takes the seat as
    somebody whom they are already. It goes when it is used.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="invitations")
    dyad = models.OneToOneField(
        Dyad, models.CASCADE, null=True, related_name="invitation"
    )
    seat = models.CharField(max_length=12, choices=one_of(Seat), blank=True)
    person = models.OneToOneField(Person, models.CASCADE, related_name="invitation")
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    ends_at = models.DateTimeField()

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("invitation_has_a_digest", Q(is_this_long("digest", DIGEST_LENGTH))),
            only(
                "invitation_is_to_a_seat_or_to_work",
                Q(dyad__isnull=True, seat="") | Q(dyad__isnull=False) & ~Q(seat=""),
            ),
            only(
                "invitation_is_to_one_of_two_seats",
                Q(seat="") | is_one_of("seat", Seat),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
