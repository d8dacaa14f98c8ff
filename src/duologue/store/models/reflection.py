"""What one person answered after one session, and whether it has opened."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.records import Item, ItemType, Seat, Value
from duologue.store.keys.records import Where
from duologue.store.models.choices import one_of, only, only_seats
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)
from duologue.store.models.session import Session

LONGEST_WORDS = 280
"""Characters that a line of one's own and a later thought may have."""

VALUES = ("number", "choice", "chips", "words")
"""The columns of an answer; just one of them is filled."""


def _just_one(*fields: str) -> Q:
    """Return the condition that one of these is filled, and no other."""
    condition = Q()
    for filled in fields:
        condition |= Q(**{f"{field}__isnull": field != filled for field in fields})
    return condition


class Reflection(models.Model):
    """One person's side of one session.

    ``willing`` is this person's own word; nothing tells it to the other. ``finished``
    says that this person is done with it, by answering or by skipping alike.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="reflections")
    seat = models.CharField(max_length=12, choices=one_of(Seat))
    willing = models.BooleanField(default=False)
    finished = models.BooleanField(default=False)
    ask_again = models.BooleanField(default=False)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(
                name="reflection_stands_once_a_seat", fields=["session", "seat"]
            ),
            only_seats("reflection_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"reflection {self.pk}"


class Answer(WithSealedText):
    """One answer. A blank has no row.

    ``shares`` is the author's own switch for this item when they gave the answer, and
    ``taken_back`` their closing of it after it had opened. ``opened_at`` is when it
    first opened, the same moment as for its twin; from then on its value stays.
    """

    UP_TO_PAIR = ("reflection__session__dyad",)

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    number = models.FloatField(null=True)
    choice = models.CharField(max_length=40, null=True)
    chips = models.JSONField(null=True)
    words = SealedTextField(max_length=LONGEST_WORDS, null=True)
    private = models.BooleanField(default=False)
    shares = models.BooleanField(default=True)
    taken_back = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(
                name="answer_stands_once_an_item", fields=["reflection", "item"]
            ),
            only("answer_has_one_value", _just_one(*VALUES)),
            only(
                "answer_number_in_range",
                Q(number__isnull=True) | Q(number__range=(0, 100)),
            ),
            only(
                "answer_words_are_sealed",
                Q(words__isnull=True) | Q(is_sealed_text("words")),
            ),
            only(
                "answer_private_never_opens",
                Q(private=False) | Q(opened_at__isnull=True),
            ),
            only(
                "answer_taken_back_was_open",
                Q(taken_back=False) | Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where its words belong; needs the session and its pair."""
        del field
        dyad = self.reflection.session.dyad
        return dyad.place(words_place(self.reflection_id, self.item))

    @property
    def value(self) -> Value:
        """The answer, as a record holds it; words need the session and its pair."""
        return as_value(self.number, self.choice, self.chips, self.words)


def words_place(reflection_id: int, item: str) -> str:
    """Return where the words of an answer belong."""
    return f"answer:{reflection_id}/{item}:words"


def as_value(
    number: float | None, choice: str | None, chips: list[str] | None, words: str | None
) -> Value:
    """Return the answer that the columns of a row hold, in the order of `VALUES`."""
    if number is not None:
        return number
    if chips is not None:
        return tuple(chips)
    return choice if choice is not None else str(words)


def can_be_kept(value: Value) -> bool:
    """Whether a database can hold it: for some, a text ends at the character NUL."""
    return not isinstance(value, str) or "\0" not in value


def findable(text: str) -> str:
    """Return a text as it can be looked for: blank, which nothing is called, if not kept."""
    return text if can_be_kept(text) else ""


def as_columns(item: Item, value: Value) -> dict[str, object]:
    """Return the columns that hold this answer to this item."""
    columns: dict[str, object] = dict.fromkeys(VALUES)
    match item.type:
        case ItemType.SCALE | ItemType.BIPOLAR:
            columns["number"] = value
        case ItemType.CHOICE:
            columns["choice"] = value
        case ItemType.CHIPS:
            columns["chips"] = list(value) if isinstance(value, tuple) else value
        case ItemType.TEXT:
            columns["words"] = value
    return columns


class LaterThought(WithSealedText):
    """What somebody thought later of an answer of theirs that had opened.

    Pages name it by ``ref``: a number would count everybody's writing.
    """

    UP_TO_PAIR = ("answer__reflection__session__dyad",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="later_thoughts")
    day = models.DateField()
    words = SealedTextField(max_length=LONGEST_WORDS)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            only("later_thought_is_sealed", Q(is_sealed_text("words")))
        ]

    def __str__(self) -> str:
        return f"later thought {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where its words belong; needs the answer, its session and the pair."""
        del field
        dyad = self.answer.reflection.session.dyad
        return dyad.place(f"later thought:{self.ref}:words")
