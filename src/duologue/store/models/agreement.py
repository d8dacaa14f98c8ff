"""What the two of a pair agree on: proposed by one, accepted by both, and never edited."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.records import Seat, Supervision, Terms
from duologue.store.keys.records import Where
from duologue.store.models.choices import is_one_of, one_of, only
from duologue.store.models.dyad import Dyad, new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)

LONGEST_RHYTHM, LONGEST_TEXT = 80, 20_000
"""Characters of how often the two meet, and of each of the longer texts."""

LENGTHS_MIN, DAYS, YEARS = (5, 480), (0, 3650), (0, 30)
"""The least and the most of what is agreed in numbers."""

TEXTS = ("rhythm", "frame", "confidentiality")


def _between(field: str, span: tuple[int, int]) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": span})


def _in_force() -> Q:
    """Return the condition that both have accepted, which is when a version is numbered."""
    return Q(
        version__isnull=False,
        client_accepted_on__isnull=False,
        therapist_accepted_on__isnull=False,
    )


def _waits() -> Q:
    """Return the condition that at least one has not accepted."""
    return Q(version__isnull=True) & (
        Q(client_accepted_on__isnull=True) | Q(therapist_accepted_on__isnull=True)
    )


class Agreement(WithSealedText):
    """One version of what the two agreed, or a proposal for the next.

    ``version`` is given when both have accepted; from then on nothing of the row changes,
    and until then only who has accepted it, and whether it was set aside. ``proposed_by``
    is blank for what was agreed before there were proposals. Pages name it by ``ref``.
    """

    UP_TO_PAIR = ("dyad",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="agreements")
    version = models.PositiveIntegerField(null=True)
    length_min = models.PositiveSmallIntegerField(null=True)
    rhythm = SealedTextField(max_length=LONGEST_RHYTHM, null=True)
    frame = SealedTextField(max_length=LONGEST_TEXT, null=True)
    confidentiality = SealedTextField(max_length=LONGEST_TEXT, null=True)
    supervision = models.CharField(
        max_length=12, choices=one_of(Supervision), default=Supervision.NOTHING
    )
    keep_free_text_days = models.PositiveSmallIntegerField(null=True)
    keep_numbers_years = models.PositiveSmallIntegerField(null=True)
    proposed_by = models.CharField(max_length=12, choices=one_of(Seat), blank=True)
    proposed_on = models.DateField()
    client_accepted_on = models.DateField(null=True)
    therapist_accepted_on = models.DateField(null=True)
    set_aside_on = models.DateField(null=True)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="agreement_version_stands_once", fields=["dyad", "version"]
            ),
            UniqueConstraint(
                name="agreement_is_proposed_one_at_a_time",
                fields=["dyad"],
                condition=Q(version__isnull=True, set_aside_on__isnull=True),
            ),
            only("agreement_is_numbered_once_both_accept", _in_force() | _waits()),
            only(
                "agreement_version_is_from_one",
                Q(version__isnull=True) | Q(version__gte=1),
            ),
            only(
                "agreement_set_aside_is_not_in_force",
                Q(set_aside_on__isnull=True) | Q(version__isnull=True),
            ),
            only(
                "agreement_is_proposed_by_a_seat",
                Q(proposed_by="", version__isnull=False)
                | Q(proposed_by=Seat.CLIENT, client_accepted_on__isnull=False)
                | Q(proposed_by=Seat.THERAPIST, therapist_accepted_on__isnull=False),
            ),
            only("agreement_has_a_length", _between("length_min", LENGTHS_MIN)),
            only(
                "agreement_keeps_words_so_long", _between("keep_free_text_days", DAYS)
            ),
            only(
                "agreement_keeps_numbers_so_long", _between("keep_numbers_years", YEARS)
            ),
            only(
                "agreement_tells_supervision_so_much",
                is_one_of("supervision", Supervision),
            ),
            *(
                only(
                    f"agreement_{text}_is_sealed",
                    Q(**{f"{text}__isnull": True}) | Q(is_sealed_text(text)),
                )
                for text in TEXTS
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where a text of it belongs; needs the pair."""
        return self.dyad.place(f"agreement:{self.ref}:{field.name}")

    def accepted_on(self, seat: Seat) -> date | None:
        """Return the day on which this seat accepted it, if it did."""
        found: date | None = getattr(self, f"{seat}_accepted_on")
        return found

    def as_terms(self) -> Terms:
        """Return what it says as a record; needs the pair."""
        return Terms(
            length_min=self.length_min,
            rhythm=self.rhythm,
            frame=self.frame,
            confidentiality=self.confidentiality,
            supervision=Supervision(self.supervision),
            keep_free_text_days=self.keep_free_text_days,
            keep_numbers_years=self.keep_numbers_years,
        )
