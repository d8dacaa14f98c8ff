"""Published forms that the client fills in, and how often they are asked for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.store.models.choices import only, says_something
from duologue.store.models.dyad import Dyad
from duologue.store.models.session import Session

LONGEST_INSTRUMENT = 40
"""Characters of an instrument's id."""


class FilledForm(models.Model):
    """One form that the client of a pair filled in, on one day.

    ``answers`` are numbers by the id of the item, as the instrument gives them; a blank
    has no entry. ``session`` is the newest one that had begun. ``edition`` is the digest of
    the pack whose words were answered, blank of what ships.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="filled_forms")
    session = models.ForeignKey(Session, models.CASCADE, related_name="filled_forms")
    instrument = models.CharField(max_length=LONGEST_INSTRUMENT)
    edition = models.CharField(max_length=64, blank=True, default="")
    day = models.DateField()
    answers = models.JSONField()

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["day", "pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="form_is_filled_once_a_day", fields=["dyad", "instrument", "day"]
            ),
            only("form_is_of_an_instrument", says_something("instrument")),
        ]

    def __str__(self) -> str:
        return f"filled form {self.pk}"


class FormRhythm(models.Model):
    """How often the client of a pair wants to be asked for a form, where not as usual.

    ``every_days`` is blank where they do not want to be asked.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="form_rhythms")
    instrument = models.CharField(max_length=LONGEST_INSTRUMENT)
    every_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(name="form_has_one_rhythm", fields=["dyad", "instrument"]),
            only("form_rhythm_is_of_an_instrument", says_something("instrument")),
            only(
                "form_comes_so_often",
                Q(every_days__isnull=True) | Q(every_days__range=(1, 366)),
            ),
        ]

    def __str__(self) -> str:
        return f"form rhythm {self.pk}"
