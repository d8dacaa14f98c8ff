"""Private pages: a person's own, for good; nobody else's (E2)."""

from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.records import Kind, Seat
from duologue.store.keys.records import Where
from duologue.store.models.choices import is_one_of, one_of, only
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)

LONGEST_PAGE, LONGEST_LINE = 20_000, 280
"""Characters that a page, and a single line of one's own, may have."""


class PageKind(StrEnum):
    """What a private page is. It is kept, found and removed in the same way whatever it is."""

    JOURNAL = "journal"
    NOTES = "notes"
    SUPERVISION_NOTES = "supervision_notes"
    TEACHING = "teaching"
    """What this work is teaching me: one line for each client."""
    AFTERCARE = "aftercare"
    """What would help before my next thing: one line after a session."""


LINES = (PageKind.TEACHING, PageKind.AFTERCARE)
"""Lines that stand once, and are edited in place."""


def own_kind(kind: Kind, seat: Seat) -> PageKind:
    """Return what the pages of this seat are, in a pair of this kind."""
    if kind is Kind.SUPERVISION:
        return PageKind.SUPERVISION_NOTES
    return PageKind.JOURNAL if seat is Seat.CLIENT else PageKind.NOTES


class PrivatePage(WithSealedText):
    """Something that one person of a pair wrote for themselves alone.

    Its words are sealed under the key of its author, not of the pair. ``day`` is when it
    was begun; ``session`` the number of the session that it is about, if it is about one.
    """

    UP_TO_PAIR = ("person",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    person = models.ForeignKey(Person, models.CASCADE, related_name="private_pages")
    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="private_pages")
    session = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=one_of(PageKind))
    day = models.DateField()
    words = SealedTextField(max_length=LONGEST_PAGE)

    class Meta:
        """Rules of the table."""

        indexes: ClassVar = [
            models.Index(name="private_page_by_day", fields=["person", "dyad", "day"])
        ]
        constraints: ClassVar = [
            only("private_page_is_of_a_kind", is_one_of("kind", PageKind)),
            only("private_page_is_sealed", Q(is_sealed_text("words"))),
            only(
                "aftercare_follows_a_session",
                ~Q(kind=PageKind.AFTERCARE) | Q(session__isnull=False),
            ),
            UniqueConstraint(
                name="teaching_stands_once",
                fields=["person", "dyad"],
                condition=Q(kind=PageKind.TEACHING),
            ),
            UniqueConstraint(
                name="aftercare_stands_once_a_session",
                fields=["person", "dyad", "session"],
                condition=Q(kind=PageKind.AFTERCARE),
            ),
        ]

    def __str__(self) -> str:
        return f"private page {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where its words belong; needs the person."""
        del field
        return self.person.place(f"private page:{self.ref}:words")
