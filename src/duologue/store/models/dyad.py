"""A pair: two people in two seats, and what they agreed."""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from duologue import records
from duologue.records import Kind, Seat
from duologue.store.keys.records import Place
from duologue.store.models.choices import is_one_of, one_of, only, says_something
from duologue.store.models.person import Person, Practice
from duologue.store.models.sealed import (
    PairKeyField,
    SealedTextField,
    WithSealedText,
    is_sealed_text,
    key_of,
)

LONGEST_CODE, LONGEST_RHYTHM, LONGEST_FRAME = 40, 80, 20_000
"""Characters of a pair's code, of how often the two agreed to meet, and of their frame."""


def new_ref() -> str:
    """Return a name for addresses that nobody can guess (128 random bits)."""
    return secrets.token_urlsafe(16)


class Dyad(WithSealedText):
    """A pair. Its two seats are written alike.

    The three revisions count changes, each of what one person or both may see: what
    is made of a pair may be kept under them and never gets old. The revision of one
    seat never moves because of what the other keeps back. ``last_number`` is counted
    by the database, session by session, and never goes back. ``openings`` counts how
    often the two have opened together in the room, which both of them know. ``key`` seals the key of
    each record of the pair, and is itself sealed with the practice's key ring.
    """

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    code = models.CharField(max_length=LONGEST_CODE)
    kind = models.CharField(max_length=12, choices=one_of(Kind), default=Kind.THERAPY)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="dyads")
    client = models.ForeignKey(Person, models.PROTECT, related_name="as_client")
    therapist = models.ForeignKey(Person, models.PROTECT, related_name="as_therapist")
    length_min = models.PositiveSmallIntegerField(null=True)
    key = PairKeyField(editable=False)
    rhythm = SealedTextField(max_length=LONGEST_RHYTHM, null=True)
    frame = SealedTextField(max_length=LONGEST_FRAME, null=True)
    last_number = models.PositiveIntegerField(default=0)
    openings = models.PositiveIntegerField(default=0)
    client_shares_unsaid = models.BooleanField(default=False)
    therapist_shares_unsaid = models.BooleanField(default=False)
    client_revision = models.PositiveBigIntegerField(default=0)
    therapist_revision = models.PositiveBigIntegerField(default=0)
    ours_revision = models.PositiveBigIntegerField(default=0)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("dyad_holds_two_people", ~Q(client=F("therapist"))),
            only("dyad_is_of_a_kind", is_one_of("kind", Kind)),
            only("dyad_has_a_code", says_something("code")),
            only(
                "dyad_rhythm_is_sealed",
                Q(rhythm__isnull=True) | Q(is_sealed_text("rhythm")),
            ),
            only(
                "dyad_frame_is_sealed",
                Q(frame__isnull=True) | Q(is_sealed_text("frame")),
            ),
            only(
                "dyad_agreed_a_length",
                Q(length_min__isnull=True) | Q(length_min__range=(5, 480)),
            ),
        ]

    def __str__(self) -> str:
        return f"dyad {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Place:
        """Return where the text in one of its fields belongs."""
        return self.place(f"dyad:{self.ref}:{field.name}")

    def place(self, name: str) -> Place:
        """Return the place of this name (``model:id:field``) in this pair."""
        return Place(pair=self.ref, pair_key=key_of(self), name=name)

    def person_id_of(self, seat: Seat) -> int:
        """Return who sits in this seat."""
        return self.client_id if seat is Seat.CLIENT else self.therapist_id

    def person_of(self, seat: Seat) -> Person:
        """Return the person in this seat."""
        return self.client if seat is Seat.CLIENT else self.therapist

    def seat_of(self, person: Person) -> Seat | None:
        """Return the seat in which this person sits, ``None`` if in neither."""
        for seat in Seat:
            if self.person_id_of(seat) == person.pk:
                return seat
        return None

    def shares_unsaid(self, seat: Seat) -> bool:
        """Whether this seat has switched on sharing of what was left unsaid."""
        found: bool = getattr(self, f"{seat}_shares_unsaid")
        return found

    def as_record(self) -> records.Dyad:
        """Return the pair as a record; needs both people and the practice."""
        return records.Dyad(
            code=self.code,
            client=self.client.code,
            therapist=self.therapist.code,
            kind=Kind(self.kind),
            agreement=records.Agreement(
                length_min=self.length_min,
                rhythm=self.rhythm,
                frame=self.frame,
                crisis=self.practice.crisis,
            ),
        )
