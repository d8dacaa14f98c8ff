"""A pair: two people in two seats, and what they agreed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from duologue import records
from duologue.records import Kind, Seat
from duologue.store.models import refs
from duologue.store.models.choices import is_one_of, one_of, only, says_something
from duologue.store.models.person import Person, Practice
from duologue.store.models.sealed import HolderKeyField, HoldsAKey

new_ref = refs.new_ref
"""As the first migration calls it."""

LONGEST_CODE = 40
"""Characters of a pair's code, and of what each of its people is called."""


class Dyad(HoldsAKey, models.Model):
    """A pair. Its two seats are written alike.

    ``client_code`` and ``therapist_code`` are what its two people are called in it: two
    pairs of one person need not know that they are of one.
    ``agreement`` is the version that both have accepted last, blank before the first.

    The three revisions count changes, each of what one person or both may see: what
    is made of a pair may be kept under them and never gets old. The revision of one
    seat never moves because of what the other keeps back. ``last_number`` is counted
    by the database, session by session, and never goes back. ``openings`` counts how
    often the two have opened together in the room, which both of them know. ``key`` seals the key of
    each record of the pair, and is itself sealed with the practice's key ring.
    """

    HELD_AS = "pair"

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    code = models.CharField(max_length=LONGEST_CODE)
    kind = models.CharField(max_length=12, choices=one_of(Kind), default=Kind.THERAPY)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="dyads")
    client = models.ForeignKey(Person, models.PROTECT, related_name="as_client")
    therapist = models.ForeignKey(Person, models.PROTECT, related_name="as_therapist")
    client_code = models.CharField(max_length=LONGEST_CODE)
    therapist_code = models.CharField(max_length=LONGEST_CODE)
    key = HolderKeyField(editable=False)
    agreement = models.ForeignKey(
        "store.Agreement", models.SET_NULL, null=True, related_name="+"
    )
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
            only("dyad_calls_them_apart", ~Q(client_code=F("therapist_code"))),
            only("dyad_client_has_a_code", says_something("client_code")),
            only("dyad_therapist_has_a_code", says_something("therapist_code")),
            only("dyad_is_of_a_kind", is_one_of("kind", Kind)),
            only("dyad_has_a_code", says_something("code")),
        ]

    def __str__(self) -> str:
        return f"dyad {self.pk}"

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

    def terms(self) -> records.Terms:
        """Return what both have accepted last, blank before there is anything."""
        if self.agreement is None:
            return records.Terms()
        self.agreement.dyad = self  # opens its texts, and asks the database nothing
        return self.agreement.as_terms()

    def as_record(self) -> records.Dyad:
        """Return the pair as a record; needs its practice and agreement."""
        terms = self.terms()
        return records.Dyad(
            code=self.code,
            client=self.client_code,
            therapist=self.therapist_code,
            kind=Kind(self.kind),
            agreement=records.Agreement(
                length_min=terms.length_min,
                rhythm=terms.rhythm,
                frame=terms.frame,
                crisis=self.practice.crisis,
            ),
        )
