"""Which card was put to a therapist in a week: one at most, whatever changes meanwhile."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.store.models.choices import only
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person

LONGEST_ITEM = 40
"""Characters of an item's id."""


class PutCard(models.Model):
    """A card that somebody was shown, in the week from this Monday on.

    Of the card itself nothing is kept: only by which answer it is found, its pair, session
    and item. Once an answer on which it rested closes, those are blank as well: that week
    has had its card, and nobody can tell of whom.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="put_cards")
    week = models.DateField()
    dyad = models.ForeignKey(Dyad, models.CASCADE, null=True, related_name="put_cards")
    session = models.PositiveIntegerField(null=True)
    item = models.CharField(max_length=LONGEST_ITEM, blank=True, default="")

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["week"]
        constraints: ClassVar = [
            UniqueConstraint(name="card_is_put_once_a_week", fields=["person", "week"]),
            only(
                "put_card_is_found_or_blank",
                Q(dyad__isnull=False, session__isnull=False) & ~Q(item="")
                | Q(dyad__isnull=True, session__isnull=True, item=""),
            ),
        ]

    def __str__(self) -> str:
        return f"put card {self.pk}"
