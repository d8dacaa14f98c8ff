"""How the client would like to work: theirs, and shared by their choice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from duologue.sharing.preferences import PREFERENCES
from duologue.store.models.choices import only
from duologue.store.models.dyad import Dyad


class Preferences(models.Model):
    """Where the client of a pair would like its work to lie; each may be left blank.

    ``shared`` is the client's own switch: only then does the therapist see them.
    """

    dyad = models.OneToOneField(Dyad, models.CASCADE, related_name="preferences")
    pace = models.FloatField(null=True)
    challenge = models.FloatField(null=True)
    structure = models.FloatField(null=True)
    silence = models.FloatField(null=True)
    shared = models.BooleanField(default=False)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only(
                f"preferences_{item.id}_in_range",
                Q(**{f"{item.id}__isnull": True})
                | Q(**{f"{item.id}__range": (item.low, item.high)}),
            )
            for item in PREFERENCES
        ]

    def __str__(self) -> str:
        return f"preferences {self.pk}"
