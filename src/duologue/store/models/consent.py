"""The ledger of consent: what each person said yes or no to, and when."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from duologue.records import Seat
from duologue.sharing.consent import (
    BY_BOTH,
    PER_SESSION,
    Purpose,
    Said,
    both,
    may_hold_recordings,
    standing,
)
from duologue.store.models.choices import is_one_of, one_of, only, only_seats
from duologue.store.models.dyad import Dyad


class Consent(models.Model):
    """One yes or one no of one person, for one purpose; rows are added, never changed.

    The newest of a purpose, and of a session where it is asked for each, counts. ``at``
    is blank for a yes that was withdrawn and had come back with a backup: on which day it
    was withdrawn went with what was restored.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="consents")
    seat = models.CharField(max_length=12, choices=one_of(Seat))
    purpose = models.CharField(max_length=12, choices=one_of(Purpose))
    session = models.PositiveIntegerField(null=True)
    given = models.BooleanField()
    at = models.DateTimeField(null=True)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            only_seats("consent_is_of_a_seat"),
            only("consent_is_for_a_purpose", is_one_of("purpose", Purpose)),
            only(
                "consent_is_per_session_where_it_is_asked_so",
                Q(
                    purpose__in=sorted(PER_SESSION),
                    session__isnull=False,
                    session__gte=1,
                )
                | (~Q(purpose__in=sorted(PER_SESSION)) & Q(session__isnull=True)),
            ),
            only("consent_given_has_a_day", Q(given=False) | Q(at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


def as_said(row: Consent) -> Said:
    """Return a row of the ledger as a record; rows are numbered in their order."""
    return Said(
        order=row.pk,
        purpose=Purpose(row.purpose),
        session=row.session,
        given=row.given,
        at=row.at,
    )


def said_by(dyad_id: int, seat: Seat, **only: Purpose) -> list[Said]:
    """Return all that somebody in one seat of a pair has said, of one purpose if named."""
    rows = Consent.objects.filter(dyad=dyad_id, seat=seat, **only)
    return [as_said(row) for row in rows]


def shown_to(dyad_id: int, seat: Seat, mine: Iterable[Said]) -> list[Said]:
    """Return those yeses of the other that somebody in this seat may see.

    Nothing else of the other's is even loaded, neither to be shown nor to be decided by:
    no page and no answer says, or costs, more for what the other keeps back.
    """
    later = Consent.objects.filter(
        Q(session=OuterRef("session")) | Q(session=None),
        dyad=OuterRef("dyad"),
        seat=OuterRef("seat"),
        purpose=OuterRef("purpose"),
        pk__gt=OuterRef("pk"),
    )
    rows = Consent.objects.filter(
        _visible(seat, mine), dyad=dyad_id, seat=seat.other, given=True
    )
    return [as_said(row) for row in rows.exclude(Exists(later))]


def may_hold_recordings_of(dyad_id: int, seat: Seat) -> frozenset[int]:
    """Return the sessions of which both have said yes to all that a recording takes.

    As somebody in this seat may know it: the same for both.
    """
    mine = said_by(dyad_id, seat)
    return may_hold_recordings(both(seat, mine, shown_to(dyad_id, seat, mine)))


def _visible(seat: Seat, mine: Iterable[Said]) -> Q:
    """Return ``sharing.consent.shown`` as a condition on the other's yeses."""
    own = standing(mine)
    condition = Q(purpose__in=[p for p, _ in own if p in BY_BOTH])
    # No session is numbered 0. It lets whoever asks first, in either seat, load what
    # Django loads once for these columns: no later page is quicker for it.
    condition |= Q(purpose="", session=0, pk__gt=0)
    if seat is Seat.THERAPIST:
        return condition | Q(purpose__in=sorted(PER_SESSION))
    for (purpose, number), word in own.items():
        if purpose in PER_SESSION:
            condition |= Q(purpose=purpose, session=number, pk__gt=word.order)
    return condition
